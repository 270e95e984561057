"""`locker check`: whether the configuration can be used, without starting or touching anything."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from controller.cli.defaults import DEFAULT_CONFIG
from controller.cli.failure import Exit, Failed
from controller.cli.options import AsJson, ConfigFile
from controller.cli.output import print_facts, print_json, some
from controller.domain.ids import Size

if TYPE_CHECKING:
    from controller.contract.keys import Keyring
    from controller.device.settings import Settings
    from controller.device.settings_errors import SettingsError

app = typer.Typer()


@app.command()
def check(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Check the configuration, the keyring and the boards it names. Nothing is started, no hardware is touched."""
    from controller.device.settings import load
    from controller.device.settings_errors import SettingsError
    from controller.device.settings_parts import check_link, check_parts

    try:
        settings = load(config)
        keyring = check_parts(config, settings)
        check_link(config, settings)
    except SettingsError as error:
        _bad(error, as_json)
    else:
        _good(config, settings, keyring, as_json)


def _bad(error: "SettingsError", as_json: bool) -> None:
    if not as_json:
        raise Failed(Exit.WRONG_USE, *error.lines) from error
    problems = [
        {"file": str(each.file), "key": each.key, "reason": each.reason, "nearest": each.nearest}
        for each in error.problems
    ]
    print_json({"good": False, "problems": problems})
    raise typer.Exit(Exit.WRONG_USE)


def _good(config: Path, settings: "Settings", keyring: "Keyring", as_json: bool) -> None:
    sizes = [compartment.letter for compartment in settings.compartments]
    by_size = {size.value: sizes.count(size) for size in Size if size in sizes}
    unmet = settings.unmet_rules()
    facts = {
        "good": True,
        "file": str(config),
        "locker": settings.locker.id,
        "data_dir": str(settings.locker.data_dir),
        "broker": settings.mqtt.url,
        "carriers": list(keyring.carriers),
        "boards": {board.name: board.driver for board in settings.boards},
        "parts": list(settings.parts),
        "compartments": len(settings.compartments),
        "compartments_by_size": by_size,
        "code_digits": settings.domain_policy().code_digits,
        "kiosk": settings.kiosk.listen,
        "rules": [rule.id for rule in settings.rule_book().rules],
        "unmet_rules": [{"rule": flaw.rule, "reason": flaw.reason} for flaw in unmet],
    }
    if as_json:
        print_json(facts)
        return
    boards = ", ".join(f"{board.name} ({board.driver})" for board in settings.boards)
    print_facts(
        {
            "file": f"{config} is good",
            "locker": f"{settings.locker.id}, {settings.locker.name}",
            "data": settings.locker.data_dir,
            "broker": settings.mqtt.url,
            "carriers": ", ".join(keyring.carriers) or "none yet: nobody can announce a parcel",
            "boards": boards,
            "doors": f"{some(len(sizes), 'compartment')}: " + ", ".join(f"{n} {size}" for size, n in by_size.items()),
            "codes": f"{facts['code_digits']} digits",
            "kiosk": f"http://{settings.kiosk.listen}",
            "plans": some(len(settings.rule_book().rules), "rule"),
        }
        | ({"parts": ", ".join(settings.parts).replace("_", " ")} if settings.parts else {})
    )
    for flaw in unmet:
        typer.echo(f"           rule {flaw.rule!r} {flaw.reason}: refused at the scan")
