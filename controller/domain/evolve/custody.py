"""Who has the parcel: the only place where a parcel's whereabouts change."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.changes import change_compartment, change_parcel, with_item, without
from controller.domain.evolve.climbing import begun, climb_over
from controller.domain.evolve.codes import code_forgotten, second_forgotten
from controller.domain.evolve.delegating import delegates_forgotten
from controller.domain.evolve.handoffs import evolve_claims, noted
from controller.domain.evolve.notifications import notices_forgotten
from controller.domain.evolve.preferences import parcel_forgotten
from controller.domain.evolve.recipients import collected
from controller.domain.evolve.removal import evolve_removal, removal_over
from controller.domain.evolve.tally import deposit_counted, removal_counted
from controller.domain.evolve.unannounced import without_unannounced
from controller.domain.ids import ParcelId
from controller.domain.misfits import Misfit
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, Custody, Parcel, State


def evolve_custody(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after custody of a parcel moved."""
    match event:
        case ev.CustodyDepositing():
            return _depositing(state, event)
        case ev.CustodyReleased():
            return _released(state, event)
        case ev.CustodyStored():
            return deposit_counted(_stored(state, event, stamp), event)
        case ev.CustodyCollecting():
            return change_parcel(
                state,
                event.parcel,
                lambda p: replace(
                    p,
                    custody=Custody.COLLECTING,
                    session=event.session,
                    means=event.means,
                    shown=event.shown,
                    shown_at=stamp.mono,
                ),
            )
        case ev.CustodyCollected():
            session = state.parcels[event.parcel].session
            state = change_compartment(
                state,
                event.compartment,
                lambda c: replace(_emptied(c), rests_until=event.rests_until, rests_for=session),
            )
            return _settled(collected(state, event), event.parcel)
        case ev.CustodyDisputed() | ev.DisputeSettled() | ev.LeftBehind():
            return evolve_claims(state, event, stamp)
        case ev.CustodyRemoved():
            state = removal_counted(removal_over(state, event.parcel), event)
            return _settled(change_compartment(state, event.compartment, _emptied), event.parcel)
        case _:
            return evolve_removal(state, event)


def _depositing(state: State, event: ev.CustodyDepositing) -> State:
    visit = state.visit
    evidence, rules, hold_s = (visit.evidence, visit.rules, visit.hold_s) if visit is not None else ((), (), None)
    ladder = visit.ladder if visit is not None else ""

    def taken_up(parcel: Parcel) -> Parcel:
        return replace(
            parcel,
            custody=Custody.DEPOSITING,
            compartment=event.compartment,
            driver=event.driver,
            session=event.session,
            proof=event.proof,
            evidence=evidence,
            rules=rules,
            planned_hold_s=hold_s,
            ladder=ladder,
        )

    state = change_parcel(state, event.parcel, taken_up)
    # Cycles and openings are those of one parcel: what came before is not held against the next one.
    return change_compartment(
        state, event.compartment, lambda c: replace(c, parcel=event.parcel, cycle=None, unlocks=())
    )


def _released(state: State, event: ev.CustodyReleased) -> State:
    def back_in_hand(parcel: Parcel) -> Parcel:
        return replace(parcel, custody=Custody.EXPECTED, compartment=None, driver=None, session=None)

    def given_back(compartment: Compartment) -> Compartment:
        # Such a door may open late or spring open again; its cycle is kept to know that opening by.
        cycle = compartment.cycle if event.reason in ("did_not_open", ev.WIRING_FAULT, *Misfit) else None
        return replace(compartment, parcel=None, cycle=cycle)

    state = change_compartment(change_parcel(state, event.parcel, back_in_hand), event.compartment, given_back)
    if event.reason in ("did_not_open", *Misfit):
        return state
    return without_unannounced(_out_of_hand(state, event.parcel))


def _stored(state: State, event: ev.CustodyStored, stamp: Stamp) -> State:
    def kept(parcel: Parcel) -> Parcel:
        return replace(parcel, custody=Custody.STORED, session=None, stored_at=stamp.wall, hold_until=event.hold_until)

    state = begun(noted(change_parcel(state, event.parcel, kept), event.parcel), event, stamp)
    state = change_compartment(state, event.compartment, lambda c: replace(c, cycle=None))
    return _out_of_hand(state, event.parcel)


def _out_of_hand(state: State, parcel: ParcelId) -> State:
    if state.visit is None or state.visit.parcel != parcel:
        return state
    return replace(state, visit=replace(state.visit, parcel=None, acknowledged=False))


def _emptied(compartment: Compartment) -> Compartment:
    return replace(compartment, parcel=None, cycle=None)


def _settled(state: State, parcel: ParcelId) -> State:
    pickup_id = state.parcels[parcel].pickup
    state = delegates_forgotten(second_forgotten(state, state.parcels[parcel]), parcel)
    state = parcel_forgotten(replace(state, parcels=without(state.parcels, parcel)), parcel)
    state = climb_over(notices_forgotten(state, parcel), parcel)
    pickup = state.pickups.get(pickup_id) if pickup_id is not None else None
    if pickup is None:
        return state
    remaining = tuple(id for id in pickup.parcels if id != parcel)
    if remaining:
        return replace(
            state,
            pickups=with_item(
                state.pickups, pickup.id, replace(pickup, parcels=remaining, left=(*pickup.left, parcel))
            ),
        )
    state = code_forgotten(state, pickup.id)
    return replace(state, pickups=without(state.pickups, pickup.id))
