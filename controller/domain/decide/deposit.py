"""The driver at the screen: sign in, scan, acknowledge the plan, door, done."""

from controller.domain import events as ev
from controller.domain.allocation import Wanted, allocate
from controller.domain.answers import DoorUnlocked, SignedIn, Stored
from controller.domain.certain import certain
from controller.domain.cycles import any_door_moving, awaits_answer_since, why_not_unlocked
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.planning import is_as_shown, no_plan, no_room, offer, plan_now
from controller.domain.decide.preferring import preferences_of
from controller.domain.decide.storing import store
from controller.domain.ids import Purpose, Role, SessionId
from controller.domain.inputs import BadgeRejected, BadgeShown, LabelScanned, PlanAcknowledged, ScanRejected
from controller.domain.labels import Label, LabelKind
from controller.domain.refusals import Refusal
from controller.domain.state import Compartment, Custody, DriverVisit, Parcel, State


def sign_in(draft: Draft, badge: BadgeShown) -> Decision:
    """A badge with a good signature was shown."""
    visit = draft.state.visit
    if visit is not None and visit.session != badge.session:
        return draft.refuse(Refusal.BUSY)
    skew = draft.policy.clock_skew_ms
    if not badge.not_before - skew <= draft.at.wall <= badge.expires_at:
        return draft.count(BadgeRejected("expired"), draft.refuse(Refusal.BADGE_INVALID).answer)
    if visit is not None and (visit.driver, visit.carrier) == (badge.driver, badge.carrier):
        return draft.answer(SignedIn())
    if visit is not None:
        draft.record(ev.DriverSignedOut(session=visit.session, driver=visit.driver, reason="asked"))
    draft.record(ev.DriverSignedIn(session=badge.session, driver=badge.driver, carrier=badge.carrier, jti=badge.jti))
    return draft.answer(SignedIn())


def sign_out(draft: Draft, session: SessionId, reason: str) -> Decision:
    """The driver left; a deposit whose door is shut is settled by its own deadline."""
    visit = _visit(draft.state, session)
    if visit is not None:
        draft.record(ev.DriverSignedOut(session=session, driver=visit.driver, reason=reason))
    return draft.answer()


def scan(draft: Draft, scanned: LabelScanned) -> Decision:
    """A label was scanned or typed: the plan for it, before any door moves."""
    visit = _visit(draft.state, scanned.session)
    if visit is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if _in_deposit(draft.state, visit) is not None:
        return draft.refuse(Refusal.DEPOSIT_UNFINISHED)
    if scanned.label.kind is LabelKind.UNREADABLE:
        counted = ScanRejected(scanned.label.kind.value, scanned.label.length)
        return draft.count(counted, draft.refuse(Refusal.LABEL_UNREADABLE).answer)
    if draft.state.disk_low:
        return no_plan(draft, visit, Refusal.STORAGE_FULL)
    parcel = _parcel_of(draft.state, visit, scanned.label)
    if isinstance(parcel, Refusal):
        return no_plan(draft, visit, parcel)
    return offer(draft, visit, parcel, scanned.label.elements)


def acknowledge(draft: Draft, said: PlanAcknowledged) -> Decision:
    """Plan, reasons and preferences were read: reserve a compartment and open it.

    Where any of them has changed meanwhile, it is shown again instead.
    """
    state = draft.state
    visit = _visit(state, said.session)
    if visit is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if _in_deposit(state, visit) is not None:
        return draft.refuse(Refusal.DEPOSIT_UNFINISHED)
    if visit.parcel is None:
        return draft.refuse(Refusal.NOTHING_TO_CONFIRM)
    if any_door_moving(state):
        return draft.refuse(Refusal.DOOR_OPEN)
    parcel = state.parcels[visit.parcel]
    if state.disk_low:
        return no_plan(draft, visit, Refusal.STORAGE_FULL, parcel)
    made, kept = plan_now(draft, parcel, visit.label), preferences_of(draft.state, parcel.id)
    if not is_as_shown(made, kept, visit):
        return offer(draft, visit, parcel, visit.label)
    # The driver holds the parcel in hand and knows better than the carrier's figures.
    size, mm = (said.size, ()) if said.size is not None else (visit.size, parcel.mm)
    wanted = Wanted(size, mm, made.needs)
    compartment = allocate(state, wanted, draft.at.mono, draft.policy)
    if compartment is None:
        return no_room(draft, visit, parcel, made, wanted)
    draft.record(
        ev.PreferenceShown(
            parcel=parcel.id,
            session=visit.session,
            driver=visit.driver,
            handle=visit.preference,
            stale=kept is not None and kept.stale,
        ),
        ev.CustodyDepositing(parcel=parcel.id, compartment=compartment.id, driver=visit.driver, session=visit.session),
    )
    return _open_for_driver(draft, visit, compartment, Purpose.DEPOSIT, parcel)


def done(draft: Draft, session: SessionId) -> Decision:
    """The driver says the parcel is inside."""
    found = _closed_deposit(draft, session)
    if isinstance(found, Refusal):
        return draft.refuse(found)
    _, compartment, parcel = found
    certain(draft.fresh, "a fresh code for a deposit that is done")
    store(draft, compartment, "driver")
    return draft.answer(Stored(parcel.id, compartment.id))


def open_again(draft: Draft, session: SessionId, purpose: Purpose) -> Decision:
    """The driver wants the door once more, to rearrange (`deposit`) or to take the parcel back (`take_back`)."""
    found = _closed_deposit(draft, session)
    if isinstance(found, Refusal):
        return draft.refuse(found)
    visit, compartment, parcel = found
    if any_door_moving(draft.state):
        return draft.refuse(Refusal.DOOR_OPEN)
    refusal = why_not_unlocked(draft.state, compartment)
    if refusal is not None:
        return draft.refuse(refusal)
    return _open_for_driver(draft, visit, compartment, purpose, parcel)


def deposit_of(state: State, session: SessionId) -> Compartment | None:
    """The compartment this driver's visit is putting a parcel into."""
    visit = _visit(state, session)
    return None if visit is None else _in_deposit(state, visit)


def _visit(state: State, session: SessionId) -> DriverVisit | None:
    return state.visit if state.visit is not None and state.visit.session == session else None


def _in_deposit(state: State, visit: DriverVisit) -> Compartment | None:
    parcel = state.parcels.get(visit.parcel) if visit.parcel is not None else None
    if parcel is None or parcel.custody is not Custody.DEPOSITING or parcel.compartment is None:
        return None
    return state.compartments[parcel.compartment]


def _closed_deposit(draft: Draft, session: SessionId) -> tuple[DriverVisit, Compartment, Parcel] | Refusal:
    visit = _visit(draft.state, session)
    if visit is None:
        return Refusal.NOT_SIGNED_IN
    compartment = _in_deposit(draft.state, visit)
    if compartment is None or compartment.parcel is None:
        return Refusal.NOTHING_TO_CONFIRM
    if awaits_answer_since(compartment, draft.policy) is None:
        return Refusal.DOOR_OPEN
    return visit, compartment, draft.state.parcels[compartment.parcel]


def _parcel_of(state: State, visit: DriverVisit, label: Label) -> Parcel | Refusal:
    """The expected parcel with this label; another carrier's parcels are as unknown as any."""
    named = [p for p in state.parcels.values() if p.label == label.text and p.carrier == visit.carrier]
    expected = next((p for p in named if p.custody is Custody.EXPECTED), None)
    if expected is not None:
        return expected
    return Refusal.ALREADY_STORED if named else Refusal.PARCEL_UNKNOWN


def _open_for_driver(
    draft: Draft, visit: DriverVisit, compartment: Compartment, purpose: Purpose, parcel: Parcel
) -> Decision:
    draft.record(
        ev.UnlockAuthorised(
            compartment=compartment.id,
            purpose=purpose,
            role=Role.DRIVER,
            parcel=parcel.id,
            session=visit.session,
        )
    )
    return draft.answer(DoorUnlocked((compartment.id,)))
