"""Which driver builds which board: the built-in ones, and those that other distributions offer as `locker.boards`.

A third-party driver is an object with the shape of `Driver`, named in the entry-point group `locker.boards`. Building
touches no hardware, so a configuration can be checked anywhere; `LockBoard.open` is what does.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from firmware_bridge.bench import Bench, Pins
from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.builtin_drivers import BUILT_IN
from firmware_bridge.codecs import Codec, Relays
from firmware_bridge.faults import BoardFault
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.misfit import BoardRefused, Misfit
from firmware_bridge.options import nearest
from firmware_bridge.serial_drivers import RelayDriver, SerialDriver

GROUP = "locker.boards"


class Driver(Protocol):
    """How boards of one kind are built."""

    @property
    def options(self) -> type:
        """The dataclass of the options that only this driver knows."""

    def create(self, spec: BoardSpec, bench: Bench) -> LockBoard:
        """Build the board that `spec` describes, closed. Raises ValueError, with a sentence, for what cannot be."""

    def safe_off(self, spec: BoardSpec, pins: Pins) -> list[BoardFault]:
        """Switch every lock off that this program may have left on; nothing where the board ends its pulses itself.
        Returns the locks where that failed, and why.
        """


def known_drivers() -> list[str]:
    """The names of every driver there is, sorted."""
    return sorted({*BUILT_IN, *(offered.name for offered in _offered())})


def find_driver(name: str) -> Driver:
    """The driver of that name. Raises ValueError, naming the nearest right one, if there is none."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    for offered in _offered():
        if offered.name == name:
            driver: Driver = offered.load()
            return driver
    known = known_drivers()
    raise ValueError(f"there is no driver {name!r}, but there are {', '.join(known)}{nearest(name, known)}")


def codec_of(spec: BoardSpec) -> Codec | None:
    """The language of a board on a serial line, if its driver is one of ours; None for any other board.

    Raises ValueError for an unknown driver, and for options that it does not have.
    """
    driver = find_driver(spec.driver)
    return driver.codec_of(spec) if isinstance(driver, SerialDriver) else None


def relays_of(spec: BoardSpec) -> Relays | None:
    """The language of a board that only switches relays, if its driver is one of ours; None for any other board.

    Raises ValueError for an unknown driver, and for options that it does not have.
    """
    driver = find_driver(spec.driver)
    return driver.relays_of(spec) if isinstance(driver, RelayDriver) else None


def build_boards(specs: Iterable[BoardSpec], bench: Bench) -> Mapping[str, LockBoard]:
    """Every board by its name, closed; those on one port share its line.

    Raises BoardRefused for the first board that cannot be.
    """
    boards: dict[str, LockBoard] = {}
    for spec in specs:
        if spec.name in boards:
            raise BoardRefused(spec.name, Misfit("name", "there are two boards of this name"))
        try:
            boards[spec.name] = find_driver(spec.driver).create(spec, bench)
        except ValueError as error:
            raise BoardRefused(spec.name, error) from error
    return boards


def safe_off(specs: Iterable[BoardSpec], pins: Pins | None = None) -> list[BoardFault]:
    """Switch every lock off that a program which was killed may have left on. For when none is running.

    Returns the locks where that failed, and why. Raises ValueError for an unknown driver.
    """
    shared = pins or Pins()
    return [fault for spec in specs for fault in find_driver(spec.driver).safe_off(spec, shared)]


def _offered() -> Iterable[EntryPoint]:
    return entry_points(group=GROUP)
