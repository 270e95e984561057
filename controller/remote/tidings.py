"""What a record tells a carrier: its parcel, its code, and a line for people."""

from collections.abc import Callable
from dataclasses import dataclass

from controller.contract.record import Record
from controller.contract.wire_json import JSON, loads_object
from controller.remote.carrier_store import Code, Parcel

CUSTODY = {
    "parcel.expected": "expected",
    "custody.depositing": "depositing",
    "custody.released": "expected",
    "custody.stored": "stored",
    "code.joined": "stored",
    "parcel.claimed": "stored",
    "custody.collecting": "collecting",
    "custody.collected": "collected",
    "custody.removing": "removing",
    "custody.kept": "stored",
    "custody.removed": "removed",
    "custody.returned": "returned",
    "parcel.cancelled": "cancelled",
}
_ISSUING = ("code.issued", "code.reissued")
_JOINED = "code.joined"
_NOT_FOR_PEOPLE = frozenset({"code_jwe", "private"})


@dataclass(frozen=True, slots=True)
class Tidings:
    """One record, understood as far as a carrier must."""

    parcel: Parcel | None
    code: Code | None
    spent: str | None
    joined: str | None = None
    """The pickup whose code opens this parcel too."""


def tidings(record: Record, unseal: Callable[[str], bytes | None]) -> Tidings:
    """What follows from `record`. Fields that are missing or strange make for less, never for an error."""
    data = record.data
    parcel, compartment, pickup = (_text(data.get(name)) for name in ("parcel", "compartment", "pickup"))
    custody = CUSTODY.get(record.name)
    return Tidings(
        parcel=None if custody is None or parcel is None else Parcel(parcel, custody, compartment),
        code=_code(data.get("code_jwe"), pickup, _text(data.get("expires_at")), unseal)
        if record.name in _ISSUING
        else None,
        spent=pickup if _is_spent(record) else None,
        joined=pickup if record.name == _JOINED else None,
    )


def _is_spent(record: Record) -> bool:
    """A code is worth nothing once it was revoked, or with the last parcel of its pickup."""
    last = record.name == "custody.collected" and record.data.get("waiting", 0) == 0
    return last or record.name == "code.revoked"


def line(record: Record) -> str:
    """The record in one line for people; a code is never in it."""
    where = record.data.get("compartment")
    words = [
        f"{name}={_shown(value)}"
        for name, value in record.data.items()
        if name not in _NOT_FOR_PEOPLE and name != "compartment"
    ]
    place = f" {_shown(where)}" if isinstance(where, str) else ""
    return f"#{record.place.sequence} {record.name}{place} {' '.join(words)}".rstrip()


def _code(jwe: JSON, pickup: str | None, expires_at: str | None, unseal: Callable[[str], bytes | None]) -> Code | None:
    if not isinstance(jwe, str) or pickup is None or expires_at is None:
        return None
    plaintext = unseal(jwe)
    if plaintext is None:
        return None
    try:
        opened = loads_object(plaintext)
    except ValueError:
        return None
    code, parcel = _text(opened.get("code")), _text(opened.get("parcel"))
    return None if code is None or parcel is None else Code(pickup, parcel, code, expires_at)


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _shown(value: JSON) -> str:
    if isinstance(value, list):
        return ",".join(_shown(item) for item in value) or "-"
    if isinstance(value, dict):
        return "{" + " ".join(f"{name}={_shown(item)}" for name, item in value.items()) + "}"
    text = str(value)
    return text if text.isprintable() else ascii(text)  # what a locker says does not steer our terminal
