"""The `locker` command itself: what holds for all of its commands."""

from typing import Annotated

import typer


def root() -> typer.Typer:
    """The command without any of its commands yet."""
    app = typer.Typer(
        name="locker",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_locker)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"locker {version('parcel-locker')}")
        raise typer.Exit


def _locker(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Run one parcel locker, look at it, and check what it has on record."""
