"""The drivers that come with the product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from firmware_bridge.bench import Bench, Pins
from firmware_bridge.board_spec import BoardSpec, Pull
from firmware_bridge.cabinet import Mechanics, Spring
from firmware_bridge.codecs import Feedback
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
from firmware_bridge.faults import BoardFault
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.options import fill
from firmware_bridge.serial_drivers import RelayDriver, RelayOptions, SerialDriver
from firmware_bridge.simulated_board import SimulatedBoard
from firmware_bridge.supply import LockKind
from firmware_bridge.timed_pulse import PulseTiming

MODBUS = "Modbus RTU"


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
