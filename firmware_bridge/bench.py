"""What the boards of one locker share: its supplies, its serial lines, its pins, and the time of simulated ones."""

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.cabinet import Cabinet, Mechanics
from firmware_bridge.misfit import Misfit
from firmware_bridge.serial_bus import SerialBus
from firmware_bridge.serial_port import OpenPort, check_port, open_port
from firmware_bridge.supply import Supply
from firmware_bridge.timers import Timers

if TYPE_CHECKING:
    from firmware_bridge.gpio_chips import OpenChip


class Pins:
    """The gpiozero pin factories that boards ask for, each made once and only when asked for."""

    def __init__(self, open_chip: "OpenChip | None" = None, default_chip: str | None = None) -> None:
        """`open_chip` stands in for `gpiod.Chip`, `default_chip` for the search after the header's chip."""
        self._open_chip = open_chip
        self._default_chip = default_chip
        self._made: dict[str, Any] = {}

    def factory(self, kind: str) -> Any:
        """Our own on libgpiod for "gpiod", else the one that gpiozero knows by this name ("lgpio", "mock").

        Raises Misfit if gpiozero knows none, or its library is not installed.
        """
        if kind not in self._made:
            self._made[kind] = self._line_factory() if kind == "gpiod" else _gpiozero_factory(kind)
        return self._made[kind]

    def on_pi_header(self, chip: str | None) -> bool:
        """Whether the lines of `chip`, or with None those without a chip, are those of a Raspberry Pi's header. Where
        no machine is known, as on a desk, lines without a chip are taken to be.
        """
        from firmware_bridge.gpio_chips import carries_header, is_other_machine, real_chip

        named = chip or self._default_chip
        if named is None:
            return not is_other_machine()
        return carries_header(self._open_chip or real_chip, named)

    def _line_factory(self) -> Any:
        from firmware_bridge.gpio_chips import real_chip  # only lockers with such pins load the libraries
        from firmware_bridge.gpio_lines import LineFactory

        return LineFactory(self._open_chip or real_chip, self._default_chip)


def _gpiozero_factory(kind: str) -> Any:
    from firmware_bridge.gpio_wires import PIN_ERRORS

    for offered in entry_points(group="gpiozero_pin_factories", name=kind):
        try:
            return offered.load()()
        except (ImportError, *PIN_ERRORS) as unusable:
            what = f"gpiozero's pin factory {str(kind)!r} cannot be used here: {unusable}"
            raise Misfit("pins", f'{what}; install its library, or take pins = "gpiod"') from unusable
    raise Misfit("pins", f"gpiozero has no pin factory {str(kind)!r}")


class Bench:
    """Where boards are built. One for all boards of a locker."""

    def __init__(
        self,
        supplies: Mapping[str, Supply],
        timers: Timers,
        *,
        pins: Pins | None = None,
        cabinets: Mapping[str, Cabinet] | None = None,
        open_port: OpenPort = open_port,
    ) -> None:
        """`timers` is the time of simulated boards; `cabinets` are theirs by board name, one is made where none is
        given. Both must be safe to call from the thread that calls the board.
        """
        self.timers = timers
        self.pins = pins or Pins()
        self._supplies = supplies
        self._cabinets = dict(cabinets or {})
        self._open_port = open_port
        self._lines: dict[str, SerialBus] = {}
        self._languages: dict[str, str] = {}
        self._addresses: set[tuple[str, int]] = set()
        self._gpio_lines: set[tuple[str | None, int | str]] = set()

    def supply(self, spec: BoardSpec) -> Supply:
        """The supply of a board. Raises ValueError if there is none of that name."""
        if spec.supply not in self._supplies:
            raise Misfit("supply", f"there is no supply {spec.supply!r}; known: {', '.join(sorted(self._supplies))}")
        return self._supplies[spec.supply]

    def line(self, spec: BoardSpec, usual_baud: int, language: str | None = None) -> SerialBus:
        """The line of a board, shared with the others on its port that speak the same `language`; None stands for one
        that only boards of its driver speak.

        Raises Misfit without a port, for a port of no known form, and for two languages, two speeds or one address
        twice on one port.
        """
        if spec.port is None:
            raise Misfit("port", f"driver {spec.driver!r} needs a port")
        try:
            check_port(spec.port)
        except ValueError as unknown:
            raise Misfit("port", str(unknown)) from unknown
        mine = language or spec.driver
        other = self._languages.setdefault(spec.port, mine)
        if other != mine:
            both = f"boards that speak {other!r} and {mine!r}"
            raise Misfit("port", f"port {spec.port} has {both}, which do not understand each other: one line for each")
        baud = usual_baud if spec.baud is None else spec.baud
        line = self._lines.setdefault(spec.port, SerialBus(spec.port, baud, open_port=self._open_port))
        if line.baud != baud:
            raise Misfit("baud", f"port {spec.port} would have to run at {line.baud} and {baud} baud at once")
        if (spec.port, spec.address) in self._addresses:
            raise Misfit("address", f"port {spec.port} has another board with address {spec.address}")
        self._addresses.add((spec.port, spec.address))
        return line

    def reserve_gpio(self, spec: BoardSpec) -> None:
        """Note the GPIO lines of a board as used. Raises Misfit if one is used already, or a lock has none."""
        for channel, lines in spec.channels.items():
            if lines.lock and lines.lock_line is None:
                raise Misfit("lock_line", "on this board a lock needs a line", channel)
            for key, line in (("lock_line", lines.lock_line), ("door_line", lines.door_line)):
                if line is None:
                    continue
                if (lines.chip, line) in self._gpio_lines:
                    raise Misfit(key, f"line {line} has another use already", channel)
                self._gpio_lines.add((lines.chip, line))

    def cabinet(self, spec: BoardSpec, mechanics: Mechanics) -> Cabinet:
        """The simulated cabinet of a board."""
        if spec.name not in self._cabinets:
            self._cabinets[spec.name] = Cabinet(spec.channels, self.timers, mechanics)
        return self._cabinets[spec.name]
