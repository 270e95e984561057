"""The page of private parts names every one there is, and figures that the configuration has."""

import re
from dataclasses import fields
from pathlib import Path

from controller.device.retention_table import RetentionTable
from controller.device.settings_tables import PolicyTable
from controller.device.settings_values import Table
from controller.domain.events import EVENTS

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()
TABLES: dict[str, type[Table]] = {"policy": PolicyTable, "retention": RetentionTable}


def rows() -> list[list[str]]:
    """The cells of the table."""
    return [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| `")]


def test_every_private_part_has_its_row() -> None:
    private = {
        (name, field.name) for name, event in EVENTS.items() for field in fields(event) if field.metadata.get("private")
    }
    told = {
        (record, part)
        for records, parts, *_ in rows()
        for record in re.findall(r"`([a-z_.]+)`", records)
        for part in re.findall(r"`([a-z_]+)`", parts)
    }
    assert told == private


def test_every_figure_is_one_of_the_configuration() -> None:
    figures = [
        figure for line in PAGE.splitlines() for figure in re.findall(r"`((?:policy|retention)\.[a-z_]+)`", line)
    ]
    assert len(figures) >= 5
    for figure in figures:
        table, _, key = figure.partition(".")
        assert key in TABLES[table].model_fields
