"""The compartment that was opened will not do: it is given back or taken out of use, and the next one opens."""

from controller.domain import events as ev
from controller.domain.allocation import Wanted
from controller.domain.cycles import any_door_moving
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.driving import closed_deposit, reserve
from controller.domain.decide.planning import no_plan
from controller.domain.ids import Door, Size
from controller.domain.inputs import OtherDoorAsked
from controller.domain.misfits import Misfit
from controller.domain.refusals import Refusal
from controller.domain.state import Compartment, DriverVisit


def other_door(draft: Draft, asked: OtherDoorAsked) -> Decision:
    """The driver has the parcel in hand again and says why; the door is known to be shut."""
    found = closed_deposit(draft, asked.session)
    if isinstance(found, Refusal):
        return draft.refuse(found)
    if any_door_moving(draft.state):
        return draft.refuse(Refusal.DOOR_OPEN)
    visit, compartment, parcel = found
    _give_back(draft, visit, compartment, asked.why)
    size = compartment.spec.size
    if asked.why is Misfit.TOO_SMALL:
        larger = _next_larger(draft, size)
        if larger is None:
            return no_plan(draft, visit, Refusal.TOO_BIG, parcel)
        size = larger
    return reserve(draft, visit, draft.state.parcels[parcel.id], Wanted(size))


def _give_back(draft: Draft, visit: DriverVisit, compartment: Compartment, why: Misfit) -> None:
    if why is Misfit.STRAY:
        draft.record(ev.CustodyStray(compartment=compartment.id, driver=visit.driver, session=visit.session))
    if compartment.parcel is not None:
        draft.record(ev.CustodyReleased(parcel=compartment.parcel, compartment=compartment.id, reason=why.value))
    if why is not Misfit.TOO_SMALL:
        draft.record(ev.CompartmentQuarantined(compartment=compartment.id, reason=why.value))
    elif compartment.door is not Door.CLOSED or compartment.sensed:
        # Nobody but the driver says that it is empty, and something speaks against it.
        draft.record(ev.CompartmentQuarantined(compartment=compartment.id, reason="deposit_unfinished"))


def _next_larger(draft: Draft, size: Size) -> Size | None:
    sizes = {compartment.spec.size for compartment in draft.state.compartments.values()}
    return min((each for each in sizes if each.rank > size.rank), key=lambda each: each.rank, default=None)
