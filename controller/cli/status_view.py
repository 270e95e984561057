"""How `locker status` and `locker parcels` look to people."""

from typing import Any

from rich.text import Text

from controller.cli.output import console, duration, local_time, print_facts, some, table

STYLES = {
    "occupied": "cyan",
    "reserved": "cyan",
    "collecting": "cyan",
    "quarantined": "bold yellow",
    "out_of_service": "yellow",
    "unknown": "bold yellow",
    "left open": "bold red",
}
_SHOWN_PARCEL_CHARS = 16
_STANDINGS = {"requested": "asked", "delivered": "told", "failed": "asked", "exhausted": "untold"}
"""Whether a recipient knows, in words."""
_COUNTED = {
    "requests": "asked",
    "replies": "answered",
    "timeouts": "timed out",
    "bad_checksums": "bad checksums",
    "echoes": "echoes",
    "stray_bytes": "stray bytes",
    "reopenings": "reopened",
}
"""What is counted on a line, in words."""


def show_status(facts: dict[str, Any]) -> None:
    """The machine in a few lines, then a line for each compartment."""
    journal = facts["journal"]
    quarantined = [
        f"{each['id']} ({_words(each['quarantine'])})" for each in facts["compartments"] if each["quarantine"]
    ]
    faults = [_fault(board) for board in facts["boards"] if board["fault"]]
    lines = [_line(board) for board in facts["boards"] if board["line"]]
    stopped = [_stopped(supply) for supply in facts["supplies"] if supply["wiring_fault"]]
    print_facts(
        {
            "locker": f"{facts['locker']}, {facts['name']}",
            "running": f"{duration(facts['running_s'])}, start {facts['boot']}, software {facts['software']}",
            "clock": f"{local_time(facts['time'])} ({facts['clock']})",
            "journal": f"{some(journal['sequence'], 'record')}, {_waiting(journal['waiting'])}",
            "disk": "full: deposits are refused" if journal["disk_low"] else "has room",
            "broker": _broker(facts["broker"]),
            "boards": ", ".join(_board(board) for board in facts["boards"]),
            "doors": ", ".join(f"{n} {_words(name)}" for name, n in facts["counts"].items() if n),
        }
        | ({"LOCKED OUT": _locked_out(facts["lockout_s"])} if facts["lockout_s"] is not None else {})
        | ({"contacts": _contacts(facts["contacts"])} if facts["contacts"] else {})
        | ({"lines": "; ".join(lines)} if lines else {})
        | ({"what to do": "; ".join(faults)} if faults else {})
        | ({"parts": ", ".join(map(_part, facts["parts"]))} if facts["parts"] else {})
        | ({"stopped": "; ".join(stopped)} if stopped else {})
        | ({"site": ", ".join(map(_site, facts["site"]))} if facts["site"] else {})
        | ({"channels": ", ".join(map(_channel, facts["channels"]))} if facts["channels"] else {})
        | ({"see to": _untold(facts["untold"])} if facts["untold"] else {})
        | ({"look into": ", ".join(quarantined)} if quarantined else {})
    )
    rows = table("compartment", "size", "status", "door", "since", "read", "parcel")
    for each in facts["compartments"]:
        rows.add_row(
            each["id"],
            each["size"],
            _styled(each["status"]),
            _styled("left open" if each["left_open"] else each["door"]),
            duration(each["door_for_s"]),
            _age(each["read_ms"]),
            Text(_inside(each)),
        )
    out = console()
    out.print()
    out.print(rows)


def _locked_out(left_s: int) -> str:
    return f"nothing is unlocked but by the technician at the cabinet, for {duration(left_s)} yet"


def _contacts(contacts: dict[str, str]) -> str:
    return ", ".join(f"{name} ({_words(kind)}) is not at rest" for name, kind in contacts.items())


def show_parcels(facts: dict[str, Any]) -> None:
    """A line for each parcel."""
    if not facts["parcels"]:
        console().print("no parcel is inside or expected")
        return
    rows = table("parcel", "carrier", "custody", "in", "waits until", "recipient", "")
    for each in facts["parcels"]:
        notes = [name for name in ("expired", "cancelled", "redirected") if each[name]]
        rows.add_row(
            Text(_cut(each["parcel"])),
            Text(each["carrier"]),
            each["custody"],
            each["compartment"] or "",
            local_time(each["hold_until"], "%Y-%m-%d %H:%M") if each["hold_until"] else "",
            _notice(each["notice"]),
            Text(", ".join(notes), style="yellow"),
        )
    console().print(rows)


def _site(declared: dict[str, Any]) -> str:
    until = local_time(declared["until"], "%Y-%m-%d %H:%M")
    begins = "" if declared["holds"] else f"from {local_time(declared['from'], '%Y-%m-%d %H:%M')} "
    return f"{declared['condition']} {begins}until {until}"


def _channel(channel: dict[str, Any]) -> str:
    words = {"delivered": "alive", "requested": "asked", "failed": "DEAD"}[channel["standing"]]
    return f"{channel['carrier']}/{channel['channel']} {words} ({local_time(channel['since'], '%Y-%m-%d %H:%M')})"


def _untold(parcels: list[str]) -> str:
    return f"nobody can tell the recipients of {', '.join(map(_cut, parcels))}: ask their carrier for another contact"


def _notice(notice: dict[str, Any] | None) -> Text:
    if notice is None:
        return Text("")
    style = "bold yellow" if notice["standing"] == "exhausted" else ""
    return Text(f"{_words(notice['kind'])}: {_STANDINGS[notice['standing']]}", style=style)


def _waiting(count: int) -> str:
    return f"{count} not yet acknowledged by the carrier" if count else "all acknowledged by the carrier"


def _broker(broker: dict[str, Any]) -> str:
    return f"{broker['url']} " + ("connected" if broker["connected"] else f"not connected: {broker['reason']}")


def _board(board: dict[str, Any]) -> str:
    fault = board["fault"]
    return f"{board['name']} ({board['driver']}) " + (_words(fault) if fault else "works")


def _fault(board: dict[str, Any]) -> str:
    return f"{board['name']}: {board['detail']}: {board['advice']}"


def _line(board: dict[str, Any]) -> str:
    counts = [f"{board['line'][name]} {words}" for name, words in _COUNTED.items() if board["line"][name]]
    return f"{board['name']} " + (", ".join(counts) or "not asked yet")


def _age(read_ms: int | None) -> str:
    """How long ago a door was read, in its largest unit; nothing for one that is not known."""
    if read_ms is None:
        return ""
    return f"{read_ms / 1000:.1f} s" if read_ms < 10_000 else " ".join(duration(read_ms // 1000).split()[:2])


def _inside(compartment: dict[str, Any]) -> str:
    """The parcel on record, or what a sensor sees though there is none."""
    seen = compartment["parcel_sensor"] and compartment["parcel"] is None
    return "not empty" if seen else _cut(compartment["parcel"])


def _part(part: dict[str, Any]) -> str:
    return _words(part["name"]) + (f" {_words(part['fault'])}: {part['advice']}" if part["fault"] else " works")


def _stopped(supply: dict[str, Any]) -> str:
    orders = " and ".join(f"`locker unblock {door}`" for door in supply["wiring_fault"])
    what = "a lock moved another door than its own; nothing is unlocked"
    return f"{supply['name']}: {what}. Repair the wiring, look inside, then {orders}"


def _styled(word: str) -> Text:
    return Text(_words(word), style=STYLES.get(word, ""))


def _words(code: str) -> str:
    return code.replace("_", " ")


def _cut(text: str | None) -> str:
    if text is None:
        return ""
    return text if len(text) <= _SHOWN_PARCEL_CHARS else text[: _SHOWN_PARCEL_CHARS - 1] + "…"
