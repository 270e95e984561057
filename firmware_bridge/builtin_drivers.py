"""The drivers that come with the product."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from firmware_bridge.bench import Bench, Pins
from firmware_bridge.board_spec import BoardSpec, Pull
from firmware_bridge.cabinet import Mechanics, Spring
from firmware_bridge.codecs import Codec, Feedback, Relays
from firmware_bridge.codecs.dingchang import Dingchang
from firmware_bridge.codecs.eletechsup import Eletechsup, EletechsupOptions
from firmware_bridge.codecs.kerong import KerongCu48
from firmware_bridge.codecs.kerong_cu16 import KerongCu16
from firmware_bridge.codecs.kerong_cu48b import KerongCu48b
from firmware_bridge.codecs.lcus import Lcus
from firmware_bridge.codecs.lockboard_8a import LockBoard8a, LockBoard8aOptions
from firmware_bridge.codecs.waveshare import WaveshareModbus, WaveshareOptions
from firmware_bridge.codecs.winnsen import Winnsen
from firmware_bridge.codecs.wkly import Wkly, WklyOptions
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.options import fill
from firmware_bridge.relay_board import RelayBoard
from firmware_bridge.relays_off import all_off
from firmware_bridge.serial_board import SerialBoard
from firmware_bridge.serial_poll import Wiring
from firmware_bridge.simulated_board import SimulatedBoard
from firmware_bridge.supply import LockKind
from firmware_bridge.timed_pulse import PulseTiming

MODBUS = "Modbus RTU"


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


@dataclass(frozen=True, slots=True)
class LcusOptions(RelayOptions):
    """`channels`: how many relays the board has."""

    channels: int = 8


class PinFactory(StrEnum):
    """Who drives the pins: our factory on libgpiod, or one of gpiozero's own."""

    GPIOD = "gpiod"
    LGPIO = "lgpio"
    MOCK = "mock"


@dataclass(frozen=True, slots=True)
class GpioOptions:
    """Without `one_shot_ms` or `continuous_duty` the board is refused: see `PulseTiming`."""

    one_shot_ms: int | None = None
    continuous_duty: bool = False
    pull: Pull = Pull.UP
    pins: PinFactory = PinFactory.GPIOD


@dataclass(frozen=True, slots=True)
class GpioDriver:
    """Locks and door switches on GPIO lines. Its libraries are loaded only where it is used."""

    options: type = field(default=GpioOptions)

    def create(self, spec: BoardSpec, bench: Bench) -> LockBoard:
        """Build the board. Raises ValueError for what cannot be, and for a lock that nothing would save."""
        from firmware_bridge.gpio_board import GpioBoard
        from firmware_bridge.gpio_boot import refuse_high_at_boot

        options = fill(GpioOptions, spec.options, f"driver {spec.driver}")
        timing = PulseTiming(spec.pulse, spec.lock, options.one_shot_ms, options.continuous_duty)
        bench.reserve_gpio(spec)
        for channel, lines in spec.channels.items():
            if bench.pins.on_pi_header(lines.chip):
                refuse_high_at_boot(channel, lines)
        pins = bench.pins.factory(options.pins)
        supply = bench.supply(spec)
        feedback = spec.feedback or Feedback.CLOSED_IS_1
        return GpioBoard(spec.name, spec.channels, supply, pins, timing, feedback=feedback, pull=options.pull)

    def safe_off(self, spec: BoardSpec, pins: Pins) -> list[BoardFault]:
        """Switch every lock's line off."""
        from firmware_bridge.gpio_wires import safe_off

        options = fill(GpioOptions, spec.options, f"driver {spec.driver}")
        return safe_off(spec.name, spec.channels.values(), pins.factory(options.pins))


@dataclass(frozen=True, slots=True)
class SimulatedOptions:
    """`spring`: whether doors jump open by themselves or must be pulled. `parcel_sensors`: whether each compartment has
    a sensor that sees what is inside.
    """

    spring: Spring = Spring.OPENS
    parcel_sensors: bool = False


@dataclass(frozen=True, slots=True)
class SimulatedDriver:
    """A cabinet made of nothing."""

    options: type = field(default=SimulatedOptions)

    def create(self, spec: BoardSpec, bench: Bench) -> LockBoard:
        """Build the board on the bench's cabinet of its name. Raises ValueError for what cannot be."""
        options = fill(SimulatedOptions, spec.options, f"driver {spec.driver}")
        cabinet = bench.cabinet(spec, Mechanics(spring=options.spring))
        supply = bench.supply(spec)
        return SimulatedBoard(
            spec.name,
            cabinet,
            supply,
            bench.timers,
            pulse_ms=spec.pulse,
            kind=spec.lock,
            parcel_sensors=options.parcel_sensors,
        )

    def safe_off(self, spec: BoardSpec, pins: Pins) -> list[BoardFault]:
        """Nothing to do."""
        return []


BUILT_IN: Mapping[str, SerialDriver | RelayDriver | GpioDriver | SimulatedDriver] = {
    "dingchang": SerialDriver(lambda options, lock: Dingchang()),
    "eletechsup": SerialDriver(
        lambda options, lock: Eletechsup(options), EletechsupOptions, language=MODBUS, locks=(LockKind.MOTOR,)
    ),
    "gpio": GpioDriver(),
    "kerong-cu16": SerialDriver(lambda options, lock: KerongCu16()),
    "kerong-cu48": SerialDriver(lambda options, lock: KerongCu48()),
    "kerong-cu48b": SerialDriver(lambda options, lock: KerongCu48b()),
    "lcus": RelayDriver(lambda options: Lcus(options.channels), LcusOptions),
    "lockboard-8a": SerialDriver(
        lambda options, lock: LockBoard8a(options.status_order, motor=lock is LockKind.MOTOR), LockBoard8aOptions
    ),
    "simulated": SimulatedDriver(),
    "waveshare-modbus": SerialDriver(
        lambda options, lock: WaveshareModbus(options), WaveshareOptions, WaveshareModbus.setup_requests, MODBUS
    ),
    "winnsen": SerialDriver(lambda options, lock: Winnsen()),
    "wkly": SerialDriver(lambda options, lock: Wkly(options.header), WklyOptions),
}
