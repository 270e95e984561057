"""What the cabinet's contacts tell. Each is told of once when it leaves its rest, and once when it is back."""

from typing import assert_never

from controller.domain import events as ev
from controller.domain.contacts import Contact, ContactKind
from controller.domain.decide.draft import Draft
from controller.domain.inputs import ContactRead


def read_contact(draft: Draft, read: ContactRead) -> None:
    """One reading; the same again is nothing new."""
    contact = read.contact
    if read.at_rest is (contact.name not in draft.state.contacts):
        return
    draft.record(_at_rest(contact) if read.at_rest else _left(draft, contact))


def _left(draft: Draft, contact: Contact) -> ev.Event:
    match contact.kind:
        case ContactKind.SERVICE_DOOR | ContactKind.TILT:
            attended = draft.state.technician is not None or draft.state.lockout is not None
            reason = "attended" if attended else "unattended"
            return ev.SecurityTamper(contact=contact.name, kind=contact.kind.value, reason=reason)
        case ContactKind.MAINS:
            return ev.MainsLost(contact=contact.name)
        case ContactKind.FIRE:
            return ev.SecurityFire(contact=contact.name)
        case _:
            assert_never(contact.kind)


def _at_rest(contact: Contact) -> ev.Event:
    match contact.kind:
        case ContactKind.SERVICE_DOOR | ContactKind.TILT:
            return ev.SecurityTamperEnded(contact=contact.name, kind=contact.kind.value)
        case ContactKind.MAINS:
            return ev.MainsRecovered(contact=contact.name)
        case ContactKind.FIRE:
            return ev.SecurityFireEnded(contact=contact.name)
        case _:
            assert_never(contact.kind)
