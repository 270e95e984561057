"""Drivers for boards on a serial line, each made of little more than what its boards speak.

Those of other distributions are made of the same: `docs/third-party-driver.md` shows one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from firmware_bridge.bench import Bench, Pins
from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.codecs import Codec, Relays
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.options import fill
from firmware_bridge.relay_board import RelayBoard
from firmware_bridge.relays_off import all_off
from firmware_bridge.serial_board import SerialBoard
from firmware_bridge.serial_poll import Wiring
from firmware_bridge.supply import LockKind
from firmware_bridge.timed_pulse import PulseTiming


@dataclass(frozen=True, slots=True)
class NoOptions:
    """This driver knows no options of its own."""


def _nothing_to_ask(codec: object, address: int) -> Sequence[bytes]:
    return ()


@dataclass(frozen=True, slots=True)
class SerialDriver:
    """Boards on a serial line that time the pulse themselves. `codec` makes theirs, from the driver's own options and
    the kind of the locks; it raises ValueError for options and locks that do not go together. `setup` is what is asked
    of a board before it is trusted. `locks` are the kinds of lock that stand its pulse. Boards of several drivers
    share a line only if they speak one `language`.
    """

    codec: Callable[[Any, LockKind], Codec]
    options: type = field(default=NoOptions)
    setup: Callable[[Any, int], Sequence[bytes]] = field(default=_nothing_to_ask)
    language: str | None = None
    locks: Sequence[LockKind] = field(default=tuple(LockKind))

    def codec_of(self, spec: BoardSpec) -> Codec:
        """The language that the board speaks. Raises ValueError for what cannot be."""
        return self.codec(fill(self.options, spec.options, f"driver {spec.driver}"), spec.lock)

    def create(self, spec: BoardSpec, bench: Bench) -> LockBoard:
        """Build the board, on the line of its port. Raises ValueError for what cannot be."""
        if spec.locks and spec.lock not in self.locks:
            raise ValueError(f"a lock of kind {spec.lock} does not stand this board's pulse, but {self.locks[0]} does")
        codec = self.codec_of(spec)
        feedback = spec.feedback or codec.feedback
        setup = self.setup(codec, spec.address)
        return SerialBoard(
            spec.name,
            codec,
            Wiring(spec.address, frozenset(spec.channels), feedback, spec.switches, spec.locks, setup),
            bench.line(spec, codec.baud, self.language),
            bench.supply(spec),
            pulse_ms=spec.pulse,
            kind=spec.lock,
        )

    def safe_off(self, spec: BoardSpec, pins: Pins) -> list[BoardFault]:
        """Nothing to do: the board ends its pulses itself."""
        return []


@dataclass(frozen=True, slots=True)
class RelayOptions:
    """Without `one_shot_ms` or `continuous_duty` the board is refused: see `PulseTiming`."""

    one_shot_ms: int | None = None
    continuous_duty: bool = False


@dataclass(frozen=True, slots=True)
class RelayDriver:
    """Boards that only switch relays: software times the pulse. `relays` makes their language, of options that include
    those of `RelayOptions`. They have no address: one is alone on its port, whatever `address` says.
    """

    relays: Callable[[Any], Relays]
    options: type[RelayOptions]

    def relays_of(self, spec: BoardSpec) -> Relays:
        """The language that the board understands. Raises ValueError for what cannot be."""
        return self.relays(self._options(spec))

    def create(self, spec: BoardSpec, bench: Bench) -> LockBoard:
        """Build the board, on the line of its port. Raises ValueError for what cannot be, and for a lock that nothing
        would save.
        """
        options, relays = self._options(spec), self.relays_of(spec)
        line = bench.line(replace(spec, address=0), relays.baud)
        timing = PulseTiming(spec.pulse, spec.lock, options.one_shot_ms, options.continuous_duty)
        return RelayBoard(spec.name, relays, spec.locks, line, bench.supply(spec), timing)

    def safe_off(self, spec: BoardSpec, pins: Pins) -> list[BoardFault]:
        """Switch every relay of the board off."""
        if spec.port is None:
            return [BoardFault(spec.name, FaultKind.PORT_MISSING, "no port is set")]
        return all_off(spec.name, self.relays_of(spec), spec.port, spec.baud)

    def _options(self, spec: BoardSpec) -> RelayOptions:
        return fill(self.options, spec.options, f"driver {spec.driver}")
