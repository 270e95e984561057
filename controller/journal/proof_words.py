"""What one signed record proves, in sentences that need no other record: for whoever has to judge by it."""

from collections.abc import Callable, Mapping

from controller.contract.fields import wall_text
from controller.contract.record import Record
from controller.contract.wire_json import JSON, JsonObject

_WHAT = {
    "custody.stored": "Parcel {parcel} of carrier {carrier} was put into compartment {compartment} by driver {driver}.",
    "custody.collected": "Parcel {parcel} of carrier {carrier} was taken out of compartment {compartment}{actor}.",
    "custody.removed": "Parcel {parcel} of carrier {carrier} is no longer in compartment {compartment}: {reason}{by}.",
    "custody.returned": "Driver {driver} has parcel {parcel} of carrier {carrier} back from {compartment}: {reason}.",
    "custody.disputed": "The recipient of parcel {parcel} of carrier {carrier} says of {compartment}: {claim}.",
    "audit.finished": "Technician {technician} took stock of the compartments, {complete}.",
}
_RECEIPT = "Locker {locker} handed parcel {parcel} over from compartment {compartment} at {time}: its record {seq}."
_CLAIMS = {"empty": "it was empty", "not_mine": "what was inside is not theirs"}
_CLOCKS = {
    "ntp": "The clock was set by the network.",
    "holdover": "The clock had been set, and was running on by itself.",
    "unknown": "Nobody knows whether the clock was right: believe the powered times alone.",
}
_GIVEN = {
    "badge": "the driver's signed badge",
    "scan": "the label, scanned",
    "code": "the pickup code, typed",
    "pass": "a pass that the carrier signed",
    "app": "the carrier's app, which read the screen",
    "pin": "a PIN",
    "signature": "a signature on the screen",
    "id_checked": "a document that was looked at",
    "photo": "a photo",
    "parcel_sensor": "a sensor that felt the parcel",
    "door_cycle": "the door seen to open and to close",
}
_STOCK = {
    "agreed": "As on record: {}.",
    "missing": "On record and not there: {}.",
    "misplaced": "In another compartment than on record: {}.",
    "strays": "Something that is not on record lies in {}.",
    "unseen": "Not looked into: {}.",
}
_ROLES = {"recipient": "by its recipient", "driver": "by a driver", "operator": "after an operator had it opened"}


def proof_sentences(record: Record, says: Mapping[str, str], when: Callable[[str], str]) -> list[str]:
    """What the record says that it proves; nothing of it is checked here. One that bears no proof gives nothing.

    `says` has the rules' sentences by their ids, `when` puts an RFC 3339 time into words.
    """
    if record.name not in _WHAT:
        return []
    time = wall_text(record.stamp.wall)
    return [
        _WHAT[record.name].format_map(_named(record.data)),
        f"That was on record at {when(time)}. {_CLOCKS[record.stamp.clock.value]}",
        *_door(record, when),
        *_evidence(record.data.get("evidence")),
        *_stock(record),
        *_kept(record.data.get("records")),
        *_rules(record.data.get("rules"), says),
        f"Record {record.place.sequence} of stream {record.place.stream}, of locker {record.place.locker}.",
    ]


def receipt_sentences(receipt: JsonObject, when: Callable[[str], str]) -> list[str]:
    """What a recipient's receipt says that its locker signed, and which records say more."""
    handoffs = receipt["handoffs"]
    told = [_named(each) for each in handoffs if isinstance(each, dict)] if isinstance(handoffs, list) else []
    named = [each | {"locker": _plain(receipt["locker"]), "time": when(each["time"])} for each in told]
    return [line.format_map(each) for each in named for line in (_RECEIPT, "SHA-256 of that record: {hash}")]


class _Named(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "not on record"


def _named(data: JsonObject) -> _Named:
    named = _Named({name: _plain(value) for name, value in data.items() if isinstance(value, str)})
    named["claim"] = _CLAIMS.get(str(data.get("claim")), _plain(data.get("claim")))
    named["by"] = f", says driver {named['driver']}" if "driver" in named else ""
    actor, session = _ROLES.get(str(data.get("actor")), "by somebody"), data.get("session")
    named["actor"] = f" {actor}" + (f", known here as visit {_plain(session)} alone" if session else "")
    named["complete"] = "every one of them" if data.get("complete") is True else "not all of them"
    return named


def _door(record: Record, when: Callable[[str], str]) -> list[str]:
    opened, closed = (_mono(record.data.get(name)) for name in ("opened_mono", "closed_mono"))
    if closed is None:
        return []
    if opened is None:
        return [f"The door was seen to close at {_powered(closed)} of boot {record.stamp.boot}, not to open."]
    first, then = (when(wall_text(max(0, record.stamp.wall - record.stamp.mono + mono))) for mono in (opened, closed))
    boot, span = record.stamp.boot, _powered(closed - opened)
    powered = f"By powered time: from {_powered(opened)} to {_powered(closed)} of boot {boot}, open for {span}."
    return [f"The door opened at {first} and closed at {then}.", powered]


def _evidence(evidence: JSON) -> list[str]:
    if not isinstance(evidence, dict):
        return []
    demanded, short = _words(evidence.get("demanded")), _words(evidence.get("shortfall"))
    digests = evidence.get("digests")
    said = [f"Obtained: {'; '.join(_words(evidence.get('obtained'))) or 'nothing'}."]
    if isinstance(digests, list):
        said += [f"Digest of {_given(each['name'])}: {each['sha256']}" for each in digests if isinstance(each, dict)]
    if demanded:
        said.append(f"The plan demanded: {'; '.join(demanded)}.")
    said.append(f"FELL SHORT of: {'; '.join(short)}." if short else "Nothing that was demanded is missing.")
    return said


def _stock(record: Record) -> list[str]:
    if record.name != "audit.finished":
        return []
    found = {name: _listed(record.data.get(name)) for name in _STOCK}
    return [_STOCK[name].format(", ".join(items)) for name, items in found.items() if items]


def _kept(records: JSON) -> list[str]:
    kept = ", ".join(map(str, records)) if isinstance(records, list) else ""
    return [f"These records tell of the handoff, and what belongs to them is kept: {kept}."] if kept else []


def _rules(rules: JSON, says: Mapping[str, str]) -> list[str]:
    return [f"By rule {id}: {says.get(id, 'of the site itself.')}" for id in _listed(rules)]


def _words(names: JSON) -> list[str]:
    return [_given(name) for name in _listed(names)]


def _given(name: JSON) -> str:
    return " or ".join(_GIVEN.get(each, each.replace("_", " ")) for each in _plain(name).split("|"))


def _listed(value: JSON) -> list[str]:
    return [_plain(each) for each in value] if isinstance(value, list) else []


def _mono(value: JSON) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def _powered(ms: int) -> str:
    return f"{ms / 1000:.3f} s"


def _plain(value: JSON) -> str:
    return "".join(each if each.isprintable() else "?" for each in str(value))
