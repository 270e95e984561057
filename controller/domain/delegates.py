"""Delegates: people whom a parcel's carrier lets collect that parcel, with a code or a pass of their own."""

from dataclasses import dataclass
from hmac import compare_digest

from controller.domain.ids import CodeHmac, ParcelId, Word


@dataclass(frozen=True, slots=True)
class Delegation:
    """One delegate of one parcel; gone with it, or alone by its carrier's word."""

    parcel: ParcelId
    delegate: Word
    """What the carrier calls them: no name."""
    code: CodeHmac
    sequence: int
    """The record whose private part holds the code's HMAC."""


Delegations = tuple[Delegation, ...]


def delegation_by(delegations: Delegations, code: CodeHmac) -> Delegation | None:
    """Whose code this is; every one is looked at, whichever it is."""
    found = [each for each in delegations if compare_digest(each.code, code)]
    return found[0] if found else None


def delegation_of(delegations: Delegations, parcel: ParcelId, delegate: Word) -> Delegation | None:
    """This delegate of this parcel."""
    return next((each for each in delegations if (each.parcel, each.delegate) == (parcel, delegate)), None)
