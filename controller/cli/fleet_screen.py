"""What `locker fleet watch` shows and how it moves when a key is pressed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.console import Group, RenderableType
from rich.text import Text

from controller.cli.output import some, table
from controller.remote.fleet.locker_view import LockerView

_FRAME_LINES = 4
"""Above and below the rows: totals, column names, a gap, the keys."""
_PAGE = 10
_KEYS = {
    b"\x1b[A": "up",
    b"k": "up",
    b"\x1b[B": "down",
    b"j": "down",
    b"\x1b[5~": "page up",
    b"\x1b[6~": "page down",
    b"\r": "open",
    b"\n": "open",
    b"\x1b": "back",
    b"\x7f": "back",
    b"q": "quit",
}
_STEPS = {"up": -1, "down": 1, "page up": -_PAGE, "page down": _PAGE}


@dataclass(frozen=True, slots=True)
class Screen:
    """Where somebody is: in the table, or with one locker."""

    selected: str | None = None
    opened: str | None = None
    over: bool = False


def press(screen: Screen, pressed: bytes, listed: Sequence[str]) -> Screen:
    """After a key, as the terminal sends it. `listed`: the lockers in the table, from top to bottom."""
    key = _KEYS.get(pressed, "")
    if key == "quit" or (key == "back" and screen.opened is None):
        return replace(screen, over=True)
    if key == "back":
        return replace(screen, opened=None)
    if key == "open" and screen.opened is None:
        return replace(screen, opened=screen.selected or next(iter(listed), None))
    if key in _STEPS and screen.opened is None and listed:
        at = listed.index(screen.selected) if screen.selected in listed else 0 if screen.selected is None else -1
        step = _STEPS[key] if screen.selected is not None else 0
        return replace(screen, selected=listed[max(0, min(len(listed) - 1, at + step))])
    return screen


def in_order(views: Sequence[LockerView]) -> list[LockerView]:
    """Those in trouble first, then by name."""
    return sorted(views, key=lambda view: (not view.troubles, view.locker))


def draw(screen: Screen, views: Sequence[LockerView], lines: int, note: str = "") -> RenderableType:
    """The screen in a terminal of so many lines; `views` in the order in which they are listed."""
    opened = next((view for view in views if view.locker == screen.opened), None)
    return _locker(opened, lines) if opened is not None else _fleet(screen, views, lines, note)


def _fleet(screen: Screen, views: Sequence[LockerView], lines: int, note: str) -> RenderableType:
    room = max(1, lines - _FRAME_LINES)
    at = next((n for n, view in enumerate(views) if view.locker == screen.selected), 0)
    first = max(0, min(at - room // 2, len(views) - room))
    rows = table("locker", "", ">occupied", ">free", "alarms", ">backlog", ">record", "software", "config")
    for view in views[first : first + room]:
        rows.add_row(*_row(view), style="reverse" if view.locker == screen.selected else "")
    hidden = len(views) - min(room, len(views))
    keys = "↑ ↓ choose · Enter open · q quit" + (f" · {hidden} more" if hidden else "")
    return Group(_totals(views, note), rows, Text(keys, style="dim"))


def _totals(views: Sequence[LockerView], note: str) -> Text:
    online = sum(view.online for view in views)
    troubled = sum(bool(view.troubles) for view in views)
    totals = Text(f"{some(len(views), 'locker')}, {online} online, {troubled} with alarms, ", style="bold")
    totals.append(f"backlog {sum(view.backlog for view in views)}")
    return totals.append(f"  {note}", style="bold red") if note else totals


def _row(view: LockerView) -> tuple[Text, ...]:
    state = Text("online") if view.online else Text("offline", style="bold red")
    alarms = Text(", ".join(alarm.value for alarm in view.alarms), style="bold yellow")
    occupied = f"{view.count('occupied')}/{view.compartments}"
    record = max(view.gaps.newest, view.status.sequence if view.status is not None else 0)
    figures = (occupied, str(view.count("free")), str(view.backlog), str(record))
    return (
        Text(view.locker),
        state,
        Text(figures[0]),
        Text(figures[1]),
        alarms,
        *map(Text, figures[2:]),
        Text(printable(view.software)),
        _config(view),
    )


def _config(view: LockerView) -> Text:
    """The version in force; one that was refused beside it."""
    report = view.config
    text = Text("" if report is None else str(report.version))
    if report is not None and report.pending is not None:
        text.append(f" → {report.pending}")
    if report is not None and report.refused is not None:
        text.append(f" not {report.refused}", style="bold red")
    return text


def _locker(view: LockerView, lines: int) -> RenderableType:
    status = view.status
    boot = f"boot {status.boot}, stream {status.stream[:8]}…" if status is not None else "never heard of itself"
    head = Text(f"{view.locker}  ", style="bold").append("online" if view.online else "offline")
    head.append(f"  software {printable(view.software)}, {boot}, backlog {view.backlog}")
    above: list[Text] = [head]
    above += [_trouble(alarm.value, where, since) for (alarm, where), since in view.troubles.items()]
    if view.config is not None:
        above += [Text(printable(problem), style="red") for problem in view.config.problems]
    above += [Text(f"{printable(id)}  {face.door}, {face.status}") for id, face in sorted(view.faces.items())]
    if view.gaps.missing:
        above.append(Text(f"{some(view.gaps.missing, 'record')} missed while watching", style="yellow"))
    above = above[: max(1, lines - _FRAME_LINES - 1)]
    room = max(1, lines - len(above) - 2)
    timeline = [Text(line, no_wrap=True, overflow="ellipsis") for line in view.recent[-room:]]
    return Group(*above, Text(), *timeline, Text("Esc back · q quit", style="dim"))


def _trouble(kind: str, where: str, since: str) -> Text:
    return Text(f"{kind} {printable(where)} {f'since {since}' if since else ''}".strip(), style="bold yellow")


def printable(text: str) -> str:
    """What a locker says does not steer our terminal."""
    return text if text.isprintable() else ascii(text)
