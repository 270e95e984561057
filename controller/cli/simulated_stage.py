"""A simulated cabinet behind a pty: its doors, the boards that they are wired to, and the line that leads there."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from firmware_bridge.assistant import Assistant
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.drivers import find_driver
from firmware_bridge.loom import Loom, LoomedCabinet, loom, shuffled
from firmware_bridge.responders import Manner
from firmware_bridge.serial_drivers import RelayDriver, SerialDriver
from firmware_bridge.simulated_line import SimulatedLine, Trouble
from firmware_bridge.supply import LockKind
from firmware_bridge.timers import ThreadTimers

RESET_MS = 800
"""How long boards are deaf after their supply broke down."""

Tell = Callable[[int, str], None]
"""Hears of every door that moved: its number, and `opened` or `closed`."""


@dataclass(frozen=True, slots=True)
class Wires:
    """How the doors are wired to the boards. `locks` and `switches` are seeds that shuffle; None leaves them in order.

    `inverted`, `cut` and `doubled` are as in `firmware_bridge.loom.loom`.
    """

    locks: int | None = None
    switches: int | None = None
    inverted: tuple[int, ...] = ()
    cut: tuple[int, ...] = ()
    doubled: tuple[tuple[int, int], ...] = ()

    def loom(self, doors: Sequence[int]) -> Loom:
        """The wires between these doors and one board."""
        locks = doors if self.locks is None else shuffled(doors, self.locks)
        switches = doors if self.switches is None else shuffled(doors, self.switches)
        return loom(locks, switches, inverted=self.inverted, cut=self.cut, doubled=self.doubled)


@dataclass(frozen=True, slots=True)
class Script:
    """What is put up: `doors` on each of the boards at `addresses`, all of one `driver`.

    With `close_after_ms` somebody closes every door so long after it opened. With `reset_every` n, each n-th pulse
    makes the boards reset.
    """

    driver: str
    baud: int
    doors: int
    addresses: tuple[int, ...]
    manner: Manner
    wires: Wires = field(default_factory=Wires)
    trouble: Trouble = field(default_factory=Trouble)
    turnaround_ms: float = 4
    link: Path | None = None
    close_after_ms: int | None = None
    reset_every: int | None = None

    def by_address(self) -> Mapping[int, range]:
        """Which doors are beside which board."""
        return {at: range(n * self.doors + 1, (n + 1) * self.doors + 1) for n, at in enumerate(self.addresses)}


class Stage:
    """A cabinet that stands: people push `cabinet`, boards hang on `line`. Every method is safe from any thread."""

    def __init__(self, script: Script, cabinet: Cabinet, line: SimulatedLine, timers: ThreadTimers) -> None:
        self.script = script
        self.cabinet = cabinet
        self.line = line
        self._timers = timers
        self._trouble = script.trouble
        self._lock = threading.Lock()
        self._pulses = 0
        line.trouble(script.trouble)

    def board_tables(self) -> str:
        """The tables that a configuration needs to reach the boards."""
        tables = [self._board_table(n, at) for n, at in enumerate(self.script.addresses, start=1)]
        return "\n".join(['[[supplies]]\nname = "psu"\n', *tables])

    def _board_table(self, number: int, address: int) -> str:
        script = self.script
        table = {
            "name": "main" if len(script.addresses) == 1 else f"board{number}",
            "driver": script.driver,
            "port": self.line.port,
            "baud": script.baud,
            "address": address,
            "supply": "psu",
            **({} if script.manner.feedback is None else {"feedback": script.manner.feedback.value}),
            "lock": lock_of(script.driver).value,
            "pulse_ms": script.manner.pulse_ms,
            **({"continuous_duty": True} if isinstance(find_driver(script.driver), RelayDriver) else {}),
            **script.manner.options,
        }
        return "".join(["[[boards]]\n", *(f"{key} = {json.dumps(value)}\n" for key, value in table.items())])

    def amend(self, **changes: Any) -> None:
        """Change what is wrong with the line; the words are those of `Trouble`."""
        with self._lock:
            self._trouble = replace(self._trouble, **changes)
            self.line.trouble(self._trouble)

    def watch_supply(self, door: int | None) -> None:
        """Let the boards reset whenever as many locks were energised as the script says."""
        pulses, every = len(self.cabinet.pulses), self.script.reset_every
        if every is not None and pulses > self._pulses and pulses % every == 0:
            self.amend(deaf=True)
            self._timers.call_later(RESET_MS, partial(self.amend, deaf=False))
        self._pulses = pulses


def lock_of(driver: str) -> LockKind:
    """The kind of lock on simulated boards of this driver: the first that stands their pulse."""
    found = find_driver(driver)
    return found.locks[0] if isinstance(found, SerialDriver) else LockKind.ELECTROMAGNET


@contextmanager
def stage(script: Script, tell: Tell) -> Iterator[Stage]:
    """Put it up. Raises ValueError for what cannot be, OSError where the port cannot be linked."""
    timers = ThreadTimers("cabinet")
    try:
        cabinet = Cabinet([door for doors in script.by_address().values() for door in doors], timers)
        line = SimulatedLine(
            RESPONDERS[script.driver](_boards(script, cabinet, timers), script.manner),
            baud=script.baud,
            turnaround_ms=script.turnaround_ms,
            link=script.link,
            heeds_speed=True,
        )
        try:
            put_up = Stage(script, cabinet, line, timers)
            cabinet.on_change(put_up.watch_supply)
            cabinet.on_change(partial(_tell_moves, cabinet, tell, set()))
            if script.close_after_ms is not None:
                Assistant(cabinet, timers, script.close_after_ms)
            yield put_up
        finally:
            line.close()
    finally:
        timers.close()


def _boards(script: Script, cabinet: Cabinet, timers: ThreadTimers) -> dict[int, Cabinet]:
    return {at: LoomedCabinet(cabinet, script.wires.loom(doors), timers) for at, doors in script.by_address().items()}


def _tell_moves(cabinet: Cabinet, tell: Tell, stood_open: set[int], door: int | None) -> None:
    if door is None:
        return
    stands_open = cabinet.doors()[door].open
    if stands_open is not (door in stood_open):
        (stood_open.add if stands_open else stood_open.discard)(door)
        tell(door, "opened" if stands_open else "closed")
