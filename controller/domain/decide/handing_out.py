"""Which door is opened for a recipient: one at a time, until everything of their pickup is theirs."""

from controller.domain import events as ev
from controller.domain.answers import DoorUnlocked, EvidenceWanted
from controller.domain.audit import NOT_HANDED_OUT
from controller.domain.certain import certain
from controller.domain.cycles import is_moving, is_open, why_not_unlocked
from controller.domain.decide import visiting
from controller.domain.decide.draft import Decision, Draft
from controller.domain.demands import wanted
from controller.domain.ids import CompartmentId, ParcelId, PickupId, Purpose, Role, SessionId
from controller.domain.inputs import NextDoorAsked
from controller.domain.recipient_visit import RecipientVisit
from controller.domain.refusals import Refusal
from controller.domain.rules import is_met
from controller.domain.state import Compartment, Custody, Parcel, Pickup, State

Accepted = ev.CodeAccepted | ev.PassAccepted | ev.AppAccepted


def why_nothing(draft: Draft, pickup: Pickup) -> str | None:
    """Why nothing of this pickup is handed out; None where something is."""
    parcels = [draft.state.parcels[id] for id in pickup.parcels]
    if any(_is_handed_out(draft, parcel) for parcel in parcels):
        return None
    return "not_available" if all(_is_called_back(parcel) for parcel in parcels) else "expired"


def hand_out(draft: Draft, pickup: Pickup, session: SessionId, means: str, accepted: Accepted) -> Decision:
    """Let the recipient in and open the first door; nothing goes on record where none can be opened."""
    found = _door(draft, _waiting(draft, pickup.parcels), ())
    if isinstance(found, Refusal):
        return draft.refuse(found)
    if draft.state.recipient is not None and draft.state.recipient.session != session:
        visiting.end(draft, "another")
    draft.record(accepted)
    return _open(draft, found, pickup.id, session, means)


def next_door(draft: Draft, asked: NextDoorAsked) -> Decision:
    """The next door of this visit, or the one asked for once more; never two at a time."""
    visit = draft.state.recipient
    if visit is None or visit.session != asked.session:
        return draft.refuse(Refusal.NOTHING_WAITING)
    waiting = [c for c in _waiting(draft, visit.parcels) if asked.compartment in (None, c.id)]
    if is_at_another_door(draft.state, asked.session, waiting[0].id if asked.compartment and waiting else None):
        return draft.refuse(Refusal.DOOR_OPEN)
    found = _door(draft, waiting, visit.tried)
    return draft.refuse(found) if isinstance(found, Refusal) else _open(draft, found, visit.pickup, visit.session)


def is_at_another_door(state: State, session: SessionId, than: CompartmentId | None) -> bool:
    """Whether a door is on its way or stands open for this visit already."""
    others = (c for c in state.compartments.values() if c.id != than and is_moving(c))
    return any(c.cycle is not None and c.cycle.session == session for c in others)


def openings_used_up(draft: Draft, compartment: Compartment) -> bool:
    """Opened so often for people at the screen that somebody has to come."""
    since = draft.at.mono - draft.policy.unlock_window_ms
    return sum(when > since for when in compartment.unlocks) >= draft.policy.unlocks_per_door


def authorise(
    draft: Draft, compartment: Compartment, purpose: Purpose, parcel: ParcelId | None, session: SessionId
) -> None:
    """The recipient's unlock."""
    draft.record(
        ev.UnlockAuthorised(
            compartment=compartment.id, purpose=purpose, role=Role.RECIPIENT, parcel=parcel, session=session
        )
    )


def _is_handed_out(draft: Draft, parcel: Parcel) -> bool:
    over = parcel.hold_until is not None and parcel.hold_until <= draft.at.wall
    return not _is_called_back(parcel) and (not over or draft.policy.collect_after_expiry)


def _is_called_back(parcel: Parcel) -> bool:
    return parcel.cancelled or parcel.custody is Custody.REMOVING


def _waiting(draft: Draft, parcels: tuple[ParcelId, ...]) -> list[Compartment]:
    live = (draft.state.parcels[id] for id in parcels if id in draft.state.parcels)
    return [
        draft.state.compartments[certain(parcel.compartment, "the compartment of a stored parcel")]
        for parcel in live
        if parcel.pickup is not None and _is_handed_out(draft, parcel)
    ]


def _door(draft: Draft, waiting: list[Compartment], tried: tuple[ParcelId, ...]) -> Compartment | Refusal:
    """One under way already; else the first that can be opened, those that gave trouble last."""
    under_way = next((c for c in waiting if _is_under_way(c, draft.at.boot)), None)
    if under_way is not None:
        return under_way
    refusals = []
    for compartment in sorted(
        waiting, key=lambda c: (tried.index(c.parcel) + 1 if c.parcel in tried else 0, c.left_open)
    ):
        refusal = _why_shut(draft, compartment)
        if refusal is None:
            return compartment
        refusals.append(refusal)
    return refusals[0] if refusals else Refusal.NOTHING_WAITING


def _why_shut(draft: Draft, compartment: Compartment) -> Refusal | None:
    if compartment.blocked or compartment.quarantine in NOT_HANDED_OUT:
        return Refusal.OUT_OF_SERVICE
    if is_moving(compartment) and certain(compartment.cycle, "a moving door's cycle").purpose is not Purpose.PICKUP:
        return Refusal.BUSY
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is None and openings_used_up(draft, compartment):
        return Refusal.TOO_MANY_OPENINGS
    return refusal


def _open(
    draft: Draft, compartment: Compartment, pickup: PickupId, session: SessionId, means: str | None = None
) -> Decision:
    parcel = certain(compartment.parcel, "the parcel behind a recipient's door")
    visit = certain(draft.state.recipient, "the visit of a recipient who was let in")
    shown = _shown(draft, draft.state.parcels[parcel], visit)
    under_way = _is_under_way(compartment, draft.at.boot)
    lacking = () if under_way else wanted(draft.state.parcels[parcel].evidence, _names(visit, shown))
    if lacking:
        return _ask_for(draft, lacking)
    draft.record(
        ev.CustodyCollecting(
            parcel=parcel,
            compartment=compartment.id,
            pickup=pickup,
            session=session,
            means=means or visit.means,
            shown=shown,
        )
    )
    if not under_way:
        authorise(draft, compartment, Purpose.PICKUP, parcel, session)
    return draft.answer(DoorUnlocked((compartment.id,)))


def _shown(draft: Draft, parcel: Parcel, visit: RecipientVisit) -> tuple[ev.EvidenceDigest, ...]:
    """What was given in this visit, or in one before it that came to nothing a moment ago."""
    lately = draft.at.mono - parcel.shown_at <= draft.policy.unlock_window_ms
    before = parcel.shown if lately and parcel.custody is Custody.COLLECTING else ()
    given = {each.name for each in visit.shown}
    return (*visit.shown, *(each for each in before if each.name not in given))


def _names(visit: RecipientVisit, shown: tuple[ev.EvidenceDigest, ...]) -> tuple[str, ...]:
    return (visit.means, *(each.name for each in shown))


def _ask_for(draft: Draft, lacking: tuple[str, ...]) -> Decision:
    """The door stays shut. What nobody can give here takes a person to sort out."""
    if any(not is_met(each, draft.policy.obtains) for each in lacking):
        return draft.refuse(Refusal.EVIDENCE_MISSING)
    return draft.answer(EvidenceWanted(lacking))


def _is_under_way(compartment: Compartment, boot: int) -> bool:
    """Open, or about to: an unlock from before a restart may never have reached its board."""
    cycle = compartment.cycle
    if cycle is None or cycle.purpose is not Purpose.PICKUP:
        return False
    return is_moving(compartment) and (is_open(cycle) or cycle.boot == boot)
