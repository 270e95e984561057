"""From the configuration's tables to the lines of lights and buzzer, and to those that they are kept from."""

from controller.device import boards
from controller.device.part_tables import SignalsTable
from controller.device.settings import CabinetSettings
from firmware_bridge.signal_spec import BUZZER, CABINET, SignalLine


def door_light(compartment: str) -> str:
    """The name of the light beside a door."""
    return f"door light {compartment}"


def lines_of(table: SignalsTable) -> dict[str, SignalLine]:
    """Every output that there is, by name."""
    lines = {BUZZER: table.buzzer, CABINET: table.cabinet_light}
    lines |= {door_light(id): line for id, line in table.door_lights.items()}
    return {
        name: SignalLine(_pin(table.chip, line), table.active_high) for name, line in lines.items() if line is not None
    }


def lock_and_door_pins(settings: CabinetSettings) -> list[int | str]:
    """The pins of every lock and door, as a pin factory takes them."""
    return [
        _pin(lines.chip, line)
        for spec in boards.specs(settings)
        for lines in spec.channels.values()
        for line in (lines.lock_line, lines.door_line)
        if line is not None
    ]


def _pin(chip: str | None, line: int | str) -> int | str:
    return line if chip is None else f"{chip}:{line}"
