"""What commands print: JSON for programs, and plain tables that also read well on a terminal of 80 columns at night."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_json(value: object) -> None:
    """One JSON value, indented."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_json_line(value: object) -> None:
    """One JSON value on a line of its own, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def console() -> "Console":
    """Where people read: colours only on a terminal that wants them."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, soft_wrap=False)


def table(*columns: str) -> "Table":
    """A table without lines; a column whose name begins with `>` holds numbers."""
    from rich.table import Table

    plain = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        plain.add_column(name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold")
    return plain


def print_facts(facts: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(map(len, facts))
    for name, value in facts.items():
        sys.stdout.write(f"{name:<{width}}  {value}\n")


def local_time(time: str, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """An RFC 3339 time in this machine's own time zone."""
    return datetime.fromisoformat(time).astimezone().strftime(form)


def duration(seconds: int) -> str:
    """A time span as people say it, in its two largest units."""
    parts: list[str] = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count or (unit == "s" and not parts):
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


def size_of(octets: int) -> str:
    """An amount of bytes with three digits or so."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if octets >= factor:
            return f"{octets / factor:.1f} {unit}"
    return f"{octets} bytes"


def some(count: int, one: str, many: str | None = None) -> str:
    """A count with its word: `1 record`, `2 records`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
