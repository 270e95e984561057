"""What a record tells a carrier: its parcel, its code, and a line for people."""

from collections.abc import Callable
from dataclasses import dataclass

from controller.contract.record import Record
from controller.contract.wire_json import JSON, JsonObject, loads_object
from controller.domain.ids import CarrierId
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
_DELEGATED = "code.delegated"
_PIN = "code.pin_requested"
_JOINED = "code.joined"
_NOT_FOR_PEOPLE = frozenset({"code_jwe", "pin_jwe", "contact_jwe", "private"})


@dataclass(frozen=True, slots=True)
class Contact:
    """What a recipient typed at the screen, for their carrier alone."""

    parcel: str
    channel: str
    contact: str


@dataclass(frozen=True, slots=True)
class Tidings:
    """One record, understood as far as a carrier must."""

    parcel: Parcel | None
    code: Code | None
    spent: str | None
    delegated: Code | None = None
    """A code for a delegate alone; the recipient's is another."""
    pin: Code | None = None
    """A PIN to be sent to the recipient, by another way than the code."""
    contact: Contact | None = None
    """Where a recipient can be reached from now on, in place of what bounced."""
    joined: str | None = None
    """The pickup whose code opens this parcel too."""


_NOTHING = Tidings(None, None, None)


def tidings(record: Record, unseal: Callable[[str], bytes | None], carrier: CarrierId) -> Tidings:
    """What follows from `record` for `carrier`: of another's parcel, nothing.

    Fields that are missing or strange make for less, never for an error.
    """
    data = record.data
    if data.get("carrier", carrier) != carrier:
        return _NOTHING
    parcel, compartment, pickup = (_text(data.get(name)) for name in ("parcel", "compartment", "pickup"))
    custody = CUSTODY.get(record.name)
    return Tidings(
        parcel=None if custody is None or parcel is None else Parcel(parcel, custody, compartment),
        code=_secret(record, "code", unseal) if record.name in _ISSUING else None,
        delegated=_secret(record, "code", unseal) if record.name == _DELEGATED else None,
        pin=_secret(record, "pin", unseal) if record.name == _PIN else None,
        contact=_contact(record, unseal),
        spent=pickup if _is_spent(record) else None,
        joined=pickup if record.name == _JOINED else None,
    )


def _is_spent(record: Record) -> bool:
    """A code is worth nothing once it was revoked, or with the last parcel of its pickup."""
    last = record.name == "custody.collected" and record.data.get("waiting", 0) == 0
    return last or (record.name == "code.revoked" and "delegate" not in record.data)


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


def _secret(record: Record, name: str, unseal: Callable[[str], bytes | None]) -> Code | None:
    """What was sealed to the carrier under `<name>_jwe`."""
    jwe, pickup, expires_at = (_text(record.data.get(key)) for key in (f"{name}_jwe", "pickup", "expires_at"))
    if jwe is None or pickup is None or expires_at is None:
        return None
    opened = _opened(jwe, unseal)
    secret, parcel = _text(opened.get(name)), _text(opened.get("parcel"))
    return None if secret is None or parcel is None else Code(pickup, parcel, secret, expires_at)


def _contact(record: Record, unseal: Callable[[str], bytes | None]) -> Contact | None:
    jwe = _text(record.data.get("contact_jwe"))
    opened = _opened(jwe, unseal) if jwe is not None else {}
    parcel, channel, contact = (_text(opened.get(name)) for name in ("parcel", "channel", "contact"))
    return None if parcel is None or channel is None or contact is None else Contact(parcel, channel, contact)


def _opened(jwe: str, unseal: Callable[[str], bytes | None]) -> JsonObject:
    """What was sealed to us; nothing where it was not, or is no object."""
    plaintext = unseal(jwe)
    try:
        return loads_object(plaintext) if plaintext is not None else {}
    except ValueError:
        return {}


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _shown(value: JSON) -> str:
    if isinstance(value, list):
        return ",".join(_shown(item) for item in value) or "-"
    if isinstance(value, dict):
        return "{" + " ".join(f"{name}={_shown(item)}" for name, item in value.items()) + "}"
    text = str(value)
    return text if text.isprintable() else ascii(text)  # what a locker says does not steer our terminal
