"""What the carrier's end has to tell people and programs."""

from dataclasses import dataclass
from enum import StrEnum

from controller.contract.record import Record
from controller.remote.carrier_store import Code
from controller.remote.tidings import Contact


class Kind(StrEnum):
    """What a notice is about."""

    RECORD = "record"
    """A record was taken in; it is acknowledged."""
    STATUS = "status"
    """A locker came or went."""
    GAP = "gap"
    """Records are missing; the locker was asked for them."""
    BROKEN = "broken"
    """A record contradicts what is held: nothing more of that stream is taken until a person has looked."""
    STRANGE = "strange"
    """A message that is no record."""
    KEYS = "keys"
    """A locker's public keys were pinned, or others came than were pinned."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell."""

    kind: Kind
    locker: str
    text: str
    record: Record | None = None
    proven: bool | None = False
    """Whether the record's proof was checked and good; None where it has one and no key is known."""
    code: Code | None = None
    """A pickup code that came with it: show it to nobody but the recipient."""
    pin: Code | None = None
    """A PIN that came with it: the same, and by another way than the code."""
    contact: Contact | None = None
    """Where a recipient can be reached from now on: for whoever tells them, and for nobody else to see."""
    delegated: Code | None = None
    """A code that came with it for a delegate: show it to nobody but them."""
