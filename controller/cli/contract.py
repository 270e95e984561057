"""`locker contract`: the machine-readable contract between a locker and its carriers."""

from typing import Annotated

import typer

from controller.cli.failure import Exit, Failed
from controller.cli.options import AlwaysJson
from controller.cli.output import print_json
from controller.contract.topics import DEFAULT_ROOT

app = typer.Typer(name="contract", help="The machine-readable contract.", no_args_is_help=True)


@app.callback()
def contract() -> None:
    """The machine-readable contract."""


@app.command()
def schemas(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One alone, such as record or parcel.expect.")
    ] = None,
    as_json: AlwaysJson = False,
) -> None:
    """Print the JSON Schema of every record type and command, by name."""
    from controller.contract.schemas import all_schemas

    schemas = all_schemas()
    if name is None:
        print_json(schemas)
    elif name in schemas:
        print_json(schemas[name])
    else:
        raise Failed(Exit.WRONG_USE, f"there is no schema {name}. `locker contract schemas | jq keys` lists them.")


@app.command()
def asyncapi(
    root: Annotated[str, typer.Option(envvar="LOCKER_ROOT", help="The first levels of every topic.")] = DEFAULT_ROOT,
    as_json: AlwaysJson = False,
) -> None:
    """Print every topic and its messages as an AsyncAPI 3.0 document."""
    from controller.contract import asyncapi

    try:
        print_json(asyncapi.asyncapi(root))
    except ValueError as error:
        raise Failed(Exit.WRONG_USE, str(error)) from error


@app.command()
def states(as_json: AlwaysJson = False) -> None:
    """Print which record leads from which state to which, of parcels, notices, compartments and doors."""
    from controller.domain.strands import STRANDS

    print_json(
        {
            strand.name: [{"from": was, "record": record, "to": now} for was, record, now in strand.changes]
            for strand in STRANDS
        }
    )
