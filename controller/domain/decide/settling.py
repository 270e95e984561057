"""What a driver was to take away: taken, missing, left without a word, or never reached."""

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.decide.removing import settle
from controller.domain.ids import Door
from controller.domain.removal import Removal
from controller.domain.state import Compartment
from controller.domain.take_away_list import MISSING


def settle_taken(draft: Draft, removal: Removal) -> None:
    """The driver has scanned it: the carrier has its parcel back. A door that is not known to be shut by then is a
    shortfall, and what is behind it nobody can vouch for.
    """
    compartment, parcel = draft.state.compartments[removal.compartment], draft.state.parcels[removal.parcel]
    shut = compartment.door is Door.CLOSED
    obtained = ("scan", "door_cycle") if shut and removal.opened else ("scan",)
    missing = () if "door_cycle" in obtained else ("door_cycle",)
    evidence = ev.Evidence((*_proof(draft), *obtained), missing)
    settle(draft, _removed(draft, removal, removal.reason, evidence))
    draft.record(
        ev.CustodyReturned(
            parcel=parcel.id,
            compartment=removal.compartment,
            carrier=parcel.carrier,
            driver=removal.driver,
            reason=removal.reason,
            evidence=evidence,
        )
    )
    if compartment.door is Door.OPEN:
        draft.record(ev.CompartmentQuarantined(compartment=compartment.id, reason="left_open"))


def settle_missing(draft: Draft, removal: Removal) -> None:
    """It was not behind its door: an operator has to find out where it is."""
    evidence = ev.Evidence(_proof(draft), ("scan",))
    parcel = draft.state.parcels[removal.parcel]
    draft.record(ev.LadderStep(parcel=parcel.id, action="operator", compartment=removal.compartment))
    settle(draft, _removed(draft, removal, MISSING, evidence))
    draft.record(ev.CompartmentQuarantined(compartment=removal.compartment, reason=MISSING))


def leave_unsettled(draft: Draft) -> None:
    """The driver is gone, or the door cannot be waited for: what was scanned is settled, the rest needs a person."""
    removal = draft.state.removal
    if removal is None:
        return
    if removal.scanned:
        settle_taken(draft, removal)
        return
    draft.record(
        ev.LadderStep(parcel=removal.parcel, action="operator", compartment=removal.compartment),
        ev.CompartmentQuarantined(compartment=removal.compartment, reason="removal_unfinished"),
    )


def put_back(draft: Draft, compartment: Compartment, reason: str) -> None:
    """The door stayed shut: the parcel is where it was."""
    removal = draft.state.removal
    if removal is not None and removal.compartment == compartment.id and not removal.opened:
        draft.record(ev.CustodyKept(parcel=removal.parcel, compartment=compartment.id, reason=reason))


def _proof(draft: Draft) -> tuple[str, ...]:
    return draft.state.visit.proof if draft.state.visit is not None else ()


def _removed(draft: Draft, removal: Removal, reason: str, evidence: ev.Evidence) -> ev.CustodyRemoved:
    compartment, parcel = draft.state.compartments[removal.compartment], draft.state.parcels[removal.parcel]
    cycle = compartment.cycle
    return ev.CustodyRemoved(
        parcel=parcel.id,
        compartment=compartment.id,
        carrier=parcel.carrier,
        reason=reason,
        driver=removal.driver,
        evidence=evidence,
        opened_mono=cycle.opened if cycle is not None else None,
        closed_mono=cycle.closed if cycle is not None else None,
    )
