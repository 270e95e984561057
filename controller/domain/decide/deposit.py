"""The driver at the screen: sign in, scan, acknowledge the plan, door, done."""

from controller.domain import events as ev
from controller.domain.allocation import Wanted, allocate, why_none
from controller.domain.answers import DoorUnlocked, PlanShown, SignedIn, Stored
from controller.domain.certain import certain
from controller.domain.cycles import any_door_moving, awaits_answer_since, stands_still
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.storing import store
from controller.domain.gs1 import Element
from controller.domain.ids import Purpose, Role, SessionId
from controller.domain.inputs import BadgeRejected, BadgeShown, LabelScanned, PlanAcknowledged, ScanRejected
from controller.domain.labelled import as_labelled
from controller.domain.labels import Label, LabelKind
from controller.domain.plan import Plan, plan, site_of
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
        return _no_plan(draft, visit, Refusal.STORAGE_FULL)
    parcel = _parcel_of(draft.state, visit, scanned.label)
    if isinstance(parcel, Refusal):
        return _no_plan(draft, visit, parcel)
    made = _plan_for(draft, parcel, scanned.label.elements)
    if made.refuse is not None:
        return _refuse(draft, visit, parcel, made, made.refuse, scanned.label)
    wanted = Wanted(made.size, parcel.mm, made.needs)
    if allocate(draft.state, wanted, draft.at.mono, draft.policy) is None:
        return _no_room(draft, visit, parcel, made, wanted)
    return _show_plan(draft, visit, parcel, made, scanned.label)


def acknowledge(draft: Draft, said: PlanAcknowledged) -> Decision:
    """Plan and reasons were read: reserve a compartment and open it."""
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
        return _no_plan(draft, visit, Refusal.STORAGE_FULL, parcel)
    made = _plan_for(draft, parcel, visit.label)
    # The driver holds the parcel in hand and knows better than the carrier's figures.
    size, mm = (said.size, ()) if said.size is not None else (visit.size, parcel.mm)
    wanted = Wanted(size, mm, made.needs)
    compartment = allocate(state, wanted, draft.at.mono, draft.policy)
    if compartment is None:
        return _no_room(draft, visit, parcel, made, wanted)
    draft.record(
        ev.PreferenceShown(parcel=parcel.id, session=visit.session, driver=visit.driver),
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
    if stands_still(draft.state, compartment):
        return draft.refuse(Refusal.WIRING_FAULT)
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


def _plan_for(draft: Draft, parcel: Parcel, label: tuple[Element, ...]) -> Plan:
    return plan(as_labelled(parcel, label), None, site_of(draft.state, draft.policy), draft.policy)


def _show_plan(draft: Draft, visit: DriverVisit, parcel: Parcel, made: Plan, label: Label) -> Decision:
    draft.record(
        ev.PlanMade(
            parcel=parcel.id,
            session=visit.session,
            pattern=made.pattern.value,
            evidence=made.evidence,
            hold_s=made.hold_s,
            size=made.size,
            rules=made.rules,
            ladder=made.ladder,
            because=made.because,
            label=label.elements,
        )
    )
    return draft.answer(
        PlanShown(parcel.id, made.pattern.value, made.evidence, made.hold_s, made.size, made.rules, made.ladder)
    )


def _refuse(draft: Draft, visit: DriverVisit, parcel: Parcel, made: Plan, reason: Refusal, label: Label) -> Decision:
    """The plan keeps the parcel out of the locker: on record with what its carrier has to know to go on."""
    draft.record(
        ev.PlanRefused(
            session=visit.session,
            reason=reason.value,
            parcel=parcel.id,
            rules=made.rules,
            pattern=made.pattern.value,
            ladder=made.ladder,
            missing=made.missing,
            label=label.elements,
        )
    )
    return draft.refuse(reason, rules=made.rules)


def _no_room(draft: Draft, visit: DriverVisit, parcel: Parcel, made: Plan, wanted: Wanted) -> Decision:
    """No compartment for it; where the plan asks for a kind of its own, the rule that does is named."""
    needing = tuple(each.rule for each in made.because if each.choice == "compartment")
    return _no_plan(draft, visit, why_none(draft.state, wanted, draft.at.mono, draft.policy), parcel, needing)


def _no_plan(
    draft: Draft, visit: DriverVisit, reason: Refusal, parcel: Parcel | None = None, rules: tuple[str, ...] = ()
) -> Decision:
    named = parcel.id if parcel is not None else None
    draft.record(ev.PlanRefused(session=visit.session, reason=reason.value, parcel=named, rules=rules))
    return draft.refuse(reason, rules=rules)


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
