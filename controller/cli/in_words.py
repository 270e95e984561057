"""Sentences on a terminal: rules in words, and paragraphs that hang under a time."""

from pathlib import Path
from textwrap import fill

import typer

from controller.cli.failure import Exit, Failed

COLUMNS = 80
_TIME = 21


def rules_in_words(config: Path | None) -> dict[str, str]:
    """Each rule's sentence by its id: those of the configuration, where one is named, or of the product."""
    from controller.device.rule_book import shipped
    from controller.device.settings import load
    from controller.device.settings_errors import SettingsError

    if config is None:
        return shipped().sentences("en")
    try:
        return load(config).rule_book().sentences("en")
    except SettingsError as error:
        raise Failed(Exit.WRONG_USE, *error.lines) from error


def print_under(time: str, text: str) -> None:
    """`text` beside `time`; what has no spaces, such as a digest, is left whole."""
    first = f"{time:<{_TIME}}"
    wrapped = fill(
        text,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=" " * _TIME,
        break_long_words=False,
        break_on_hyphens=False,
    )
    typer.echo(wrapped)
