"""`locker parcels`: those that are inside or expected, and the life of one."""

from typing import Annotated, Any

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.in_words import print_under, rules_in_words
from controller.cli.journal import explained
from controller.cli.options import AsJson, ConfigOrNone, DataOrNone, data_directory
from controller.cli.output import local_time, print_facts, print_json

parcels = typer.Typer(name="parcels", help="The parcels that are inside or expected, and the life of one.")
app = typer.Typer()
app.add_typer(parcels)

_MINUTES = "%Y-%m-%d %H:%M"


@parcels.callback(invoke_without_command=True)
def listed(
    context: typer.Context, config: ConfigOrNone = None, data: DataOrNone = None, as_json: AsJson = False
) -> None:
    """List the parcels that are inside or expected, or show the life of one."""
    if context.invoked_subcommand is not None:
        return
    from controller.cli.service_client import ask
    from controller.cli.status_view import show_parcels

    facts = ask(data_directory(data, config), {"do": "parcels"})
    if as_json:
        print_json(facts)
    else:
        show_parcels(facts)


@parcels.command()
def show(
    parcel: Annotated[
        str,
        typer.Argument(metavar="PARCEL", help="Its id, as announced; CARRIER/ID where two carriers have it."),
    ],
    config: ConfigOrNone = None,
    data: DataOrNone = None,
    as_json: AsJson = False,
) -> None:
    """Tell one parcel's life from the journal, whether its locker runs or not."""
    from controller.journal.naming import find_parcel
    from controller.journal.story import read_story

    if not parcel.isprintable():
        raise Failed(Exit.WRONG_USE, f"{parcel!a} is no parcel's id")
    directory = data_directory(data, config)
    with explained():
        meant = find_parcel(directory, parcel)
        story = read_story(directory, meant, rules_in_words(config), lambda time: local_time(time, _MINUTES))
    if not story["lines"]:
        raise Failed(Exit.NOT_GOOD, f"{directory}: no record that is kept is about this parcel")
    if as_json:
        print_json(story)
    else:
        _print(story)


def _print(story: dict[str, Any]) -> None:
    print_facts({name: story[name] for name in ("parcel", "carrier", "notification", "custody", "confirmation")})
    typer.echo()
    for line in story["lines"]:
        print_under(local_time(line["time"]), line["says"])
        for reason in line["because"]:
            print_under("", f"- {reason}")
    if story["next"] is not None:
        typer.echo()
        print_under("next", f"its hold ends at {local_time(story['next']['hold_until'], _MINUTES)}")
