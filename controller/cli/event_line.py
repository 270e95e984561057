"""One event as a line for people: when, which, where, what, and the details that fit."""

from typing import Any

from rich.text import Text

from controller.cli.output import console, local_time

_STYLES = {"security": "bold red", "health": "yellow", "custody": "bold green", "unlock": "cyan"}
_ALARMING = (
    "door.forced",
    "door.left_open",
    "door.did_not_open",
    "door.sensor_unknown",
    "door.wiring_fault",
    "compartment.quarantined",
    "custody.disputed",
)
_SHOWN_CHARS = 40


def show_event(event: dict[str, Any]) -> None:
    """Print it, cut nowhere but inside of very long values."""
    console().print(line_of(event), soft_wrap=True)


def line_of(event: dict[str, Any]) -> Text:
    """Such as `03:00:00    412  A01   door.opened  cause=unlock`."""
    name, data = event["type"], {**event["data"]}
    where = data.pop("compartment", "")
    style = "bold yellow" if name in _ALARMING else _STYLES.get(name.partition(".")[0], "")
    details = "  ".join(f"{key}={_short(value)}" for key, value in data.items())
    line = Text(f"{local_time(event['time'], '%H:%M:%S')} {event['sequence']:>6}  {where:<4}  ")
    return line.append(name, style=style).append(f"  {details}" if details else "", style="dim")


def _short(value: object) -> str:
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{key}={_short(inner)}" for key, inner in value.items()) + "}"
    elif isinstance(value, list):
        text = f"{len(value)} of them" if value and isinstance(value[0], dict) else ",".join(map(str, value))
    else:
        text = str(value).replace("\n", " ")
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
