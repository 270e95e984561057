"""Parcels that come before their carrier's word: taken in with the label alone, and reconciled when the word comes."""

from controller.domain import events as ev
from controller.domain.carrier_terms import NO_TERMS
from controller.domain.commands import IdentifyParcel
from controller.domain.decide.draft import Draft
from controller.domain.decide.planning import plan_now
from controller.domain.decide.withdrawing import keep_out_late
from controller.domain.ids import CarrierId, ParcelId, WallMs
from controller.domain.labels import Label
from controller.domain.naming import parcel_id
from controller.domain.refusals import Refusal
from controller.domain.state import Custody, DriverVisit, Parcel, State


def take_in(draft: Draft, visit: DriverVisit, label: Label) -> Parcel | Refusal:
    """The parcel as far as its label tells, if its carrier may bring what it has not announced."""
    terms = next((each for each in draft.policy.carriers if each.carrier == visit.carrier), NO_TERMS)
    if not terms.walk_up:
        return Refusal.PARCEL_UNKNOWN
    id = parcel_id(visit.carrier, f"walk-up-{draft.state.sequence + 1}")
    draft.record(
        ev.ParcelUnannounced(
            parcel=id, label=label.text, carrier=visit.carrier, driver=visit.driver, session=visit.session
        )
    )
    return draft.state.parcels[id]


def stored_unannounced(draft: Draft, found: Parcel) -> None:
    """It is in the locker now; its announcement may have come while the door was open."""
    same = (p for p in draft.state.parcels.values() if p.custody is Custody.EXPECTED and _are_one(p, found))
    announced = next(same, None)
    if announced is not None:
        _claim(draft, announced, found)


def announced_now(draft: Draft, announced: Parcel) -> None:
    """The carrier's word has come: for a parcel that is here already, or for one that another parcel has taken."""
    stored = [p for p in draft.state.parcels.values() if p.walked_up and p.compartment and p.label == announced.label]
    for parcel in stored:
        if _may_be_claimed(parcel) and _are_one(announced, parcel):
            _claim(draft, announced, parcel)
            return
        if not parcel.unannounced and parcel.carrier == announced.carrier and parcel.compartment is not None:
            lost = ev.ParcelClaimLost(parcel=announced.id, compartment=parcel.compartment, holder=parcel.id)
            draft.record(lost)
            return


def identify(draft: Draft, command: IdentifyParcel, carrier: CarrierId | None) -> Refusal | None:
    """Somebody who knows says which announced parcel it is, whatever its label says."""
    found, announced = (draft.state.parcels.get(id) for id in (command.found, command.parcel))
    if found is None or announced is None:
        return Refusal.PARCEL_UNKNOWN
    if carrier is not None and (found.carrier, announced.carrier) != (carrier, carrier):
        return Refusal.PARCEL_UNKNOWN
    if found.carrier != announced.carrier:
        return Refusal.OTHER_CARRIER
    if not _may_be_claimed(found) or announced.custody is not Custody.EXPECTED:
        return Refusal.NOT_STORED
    _claim(draft, announced, found)
    return None


def code_due(state: State) -> ParcelId | None:
    """A claimed parcel whose recipient has not been told a code."""
    untold = (p for p in state.parcels.values() if p.walked_up and not p.unannounced and p.pickup is None)
    return next((p.id for p in untold if p.custody is Custody.STORED and not p.cancelled), None)


def _are_one(announced: Parcel, found: Parcel) -> bool:
    return (announced.label, announced.carrier) == (found.label, found.carrier) and not announced.unannounced


def _may_be_claimed(found: Parcel) -> bool:
    return found.unannounced and found.custody is Custody.STORED and not found.cancelled


def _claim(draft: Draft, announced: Parcel, found: Parcel) -> None:
    """The plan is made now, as late as it is; one that keeps the parcel out of the locker calls it back."""
    if found.compartment is None:
        return
    made = plan_now(draft, announced, ())
    hold_s = made.hold_s if made.refuse is None else draft.policy.default_hold_s
    draft.record(
        ev.ParcelClaimed(
            parcel=announced.id,
            found=found.id,
            compartment=found.compartment,
            hold_until=WallMs(draft.at.wall + hold_s * 1000),
            evidence=made.evidence,
            rules=made.rules,
            ladder=made.ladder if made.refuse is None else found.ladder,
        )
    )
    keep_out_late(draft, draft.state.parcels[announced.id])
