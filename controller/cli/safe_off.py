"""`locker safe-off`: every output off, for whoever comes after a locker that died in the middle of a pulse."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson, ConfigFile
from controller.cli.output import print_json, some

if TYPE_CHECKING:
    from controller.device.settings import CabinetSettings
    from firmware_bridge.faults import BoardFault

app = typer.Typer()


@app.command(name="safe-off")
def safe_off(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Switch every lock, light and buzzer off, after a locker that was killed. Run it only when none is running."""
    from controller.device import boards
    from controller.device.settings import load_cabinet
    from controller.device.settings_errors import SettingsError
    from firmware_bridge.drivers import safe_off as switch_off

    try:
        cabinet = load_cabinet(config)
        faults = switch_off(boards.specs(cabinet)) + _signals_off(config, cabinet)
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error
    except ValueError as unusable:
        raise Failed(Exit.WRONG_USE, f"{config}: {unusable}") from unusable
    if as_json:
        print_json(
            {
                "good": not faults,
                "boards": [board.name for board in cabinet.boards],
                "faults": [{"board": each.board, "fault": each.kind.value, "detail": each.detail} for each in faults],
            }
        )
        raise typer.Exit(Exit.NOT_GOOD if faults else Exit.GOOD)
    if faults:
        raise Failed(Exit.NOT_GOOD, *(fault.sentence() for fault in faults))
    typer.echo(f"every lock of {some(len(cabinet.boards), 'board')} is off")


def _signals_off(config: Path, cabinet: "CabinetSettings") -> list["BoardFault"]:
    """After the locks, and never a lock: what is named as both is left as the lock's."""
    from controller.device.settings import load_signals
    from controller.device.signal_lines import lines_of, lock_and_door_pins
    from firmware_bridge.bench import Pins

    table = load_signals(config)
    if table is None:
        return []
    from firmware_bridge.signals import signals_off

    return signals_off(lines_of(table), Pins().factory(table.pins), lock_and_door_pins(cabinet))
