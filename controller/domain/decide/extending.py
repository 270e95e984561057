"""Parcels that wait longer: at their carrier's word, at their recipient's while it is offered, or all of a site."""

from controller.domain import events as ev
from controller.domain.climbing import extension_ms, hold_ms
from controller.domain.commands import ExtendAll, ExtendParcel
from controller.domain.decide.draft import Draft
from controller.domain.decide.notifying import request
from controller.domain.decide.planning import plan_now
from controller.domain.decide.preferring import preferences_of
from controller.domain.decide.withdrawing import own
from controller.domain.ids import CarrierId, WallMs
from controller.domain.notices import NoticeKind
from controller.domain.preferences import away_s
from controller.domain.refusals import Refusal
from controller.domain.state import Custody, Parcel

_ANSWERED, _SITE, AWAY = "answered", "site", "recipient_away"


def extend(draft: Draft, command: ExtendParcel, carrier: CarrierId | None) -> Refusal | None:
    """Hold one parcel for so long from now on."""
    parcel = own(draft.state, command.parcel, carrier)
    if parcel is None:
        return Refusal.PARCEL_UNKNOWN
    if parcel.hold_until is None:
        return Refusal.NOT_STORED
    if not draft.policy.shortest_hold_s <= command.hold_s <= draft.policy.longest_hold_s:
        return Refusal.BAD_HOLD
    until = WallMs(draft.at.wall + command.hold_s * 1000)
    draft.record(ev.ParcelExtended(parcel=parcel.id, hold_until=until))
    return None


def extend_as_offered(draft: Draft, parcel: Parcel, hold_s: int | None) -> Refusal | None:
    """The recipient wants it kept longer: by `hold_s`, or by as much as was offered."""
    climb = draft.state.climbs.get(parcel.id)
    if climb is None or not climb.offered or parcel.hold_until is None or parcel.cancelled:
        return Refusal.NOT_OFFERED
    offered_ms = extension_ms(parcel, draft.policy)
    longer_ms = offered_ms if hold_s is None else 1000 * hold_s
    if not 1000 * draft.policy.shortest_hold_s <= longer_ms <= offered_ms:
        return Refusal.BAD_HOLD
    _move(draft, parcel, WallMs(parcel.hold_until + longer_ms), _ANSWERED)
    return None


def extend_all(draft: Draft, command: ExtendAll, carrier: CarrierId | None) -> Refusal | None:
    """Hold everything that waits here for so much longer: a carrier's own, or, for an operator, all of it."""
    if not draft.policy.shortest_hold_s <= command.hold_s <= draft.policy.longest_hold_s:
        return Refusal.BAD_HOLD
    for parcel in list(draft.state.parcels.values()):
        if carrier in (None, parcel.carrier) and _waits(parcel) and parcel.hold_until is not None:
            wanted = max(parcel.hold_until, draft.at.wall) + 1000 * command.hold_s
            _move(draft, parcel, _within_longest(draft, parcel, wanted), _SITE)
    return None


def stretch(draft: Draft, condition: str) -> None:
    """A condition began at the site: whatever waits here waits as long as it would if it came now."""
    for parcel in list(draft.state.parcels.values()):
        if not _waits(parcel) or parcel.hold_until is None:
            continue
        made = plan_now(draft, parcel, ())
        longer_ms = 1000 * made.hold_s - hold_ms(parcel, draft.policy)
        if made.refuse is None and longer_ms > 0:
            _move(draft, parcel, _within_longest(draft, parcel, parcel.hold_until + longer_ms), condition)


def wait_for_return(draft: Draft, parcel: Parcel) -> None:
    """Its recipient is away, as is known only now: its time does not run out meanwhile where a rule says so."""
    kept = preferences_of(draft.state, parcel.id)
    away = away_s(kept.preferences if kept is not None else None, draft.at.wall)
    if not away or not _waits(parcel):
        return
    made = plan_now(draft, parcel, ())
    if made.refuse is None and made.hold_s > away:
        _move(draft, parcel, _within_longest(draft, parcel, draft.at.wall + 1000 * made.hold_s), AWAY)


def _waits(parcel: Parcel) -> bool:
    return parcel.custody in (Custody.STORED, Custody.COLLECTING) and not parcel.cancelled


def _within_longest(draft: Draft, parcel: Parcel, wanted: int) -> WallMs:
    stored_at = parcel.stored_at if parcel.stored_at is not None else draft.at.wall
    return WallMs(min(wanted, stored_at + 1000 * draft.policy.longest_hold_s))


def _move(draft: Draft, parcel: Parcel, until: WallMs, reason: str) -> None:
    if parcel.hold_until is None or until <= parcel.hold_until:
        return
    draft.record(ev.ParcelExtended(parcel=parcel.id, hold_until=until, reason=reason))
    request(draft, draft.state.parcels[parcel.id], NoticeKind.LONGER, reason=reason)
