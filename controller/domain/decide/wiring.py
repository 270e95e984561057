"""A lock that moves another door than its own: found out, and the supply it hangs on stopped until somebody has looked.

Nobody at the screen is blamed: what opened was not forced, and what they were about is broken off without a dispute.
"""

from controller.domain import events as ev
from controller.domain.cycles import is_depositing
from controller.domain.decide.draft import Draft
from controller.domain.decide.settling import put_back
from controller.domain.decide.storing import abandon
from controller.domain.events import WIRING_FAULT
from controller.domain.ids import Door
from controller.domain.outcomes import NOTHING_MOVED
from controller.domain.state import Compartment, Cycle


def meant_instead(draft: Draft, opened: Compartment) -> Compartment | None:
    """The compartment whose lock was pulsed just now and whose door is seen to be shut, if there is one; the latest."""
    told = [c for c in draft.state.compartments.values() if c.id != opened.id and _stays_shut(draft, c)]
    return max(told, key=lambda c: c.cycle.authorised if c.cycle is not None else 0, default=None)


def stop_supply(draft: Draft, meant: Compartment, opened: Compartment) -> None:
    """Both doors are to be looked at; until then nothing is unlocked on what they hang on."""
    draft.end_unlock(ev.DoorWiringFault(compartment=meant.id, opened=opened.id, supply=meant.spec.supply))
    draft.record(ev.DoorOpened(compartment=opened.id, cause=WIRING_FAULT))
    put_back(draft, meant, WIRING_FAULT)
    for each in (meant, opened):
        if is_depositing(draft.state, draft.state.compartments[each.id]):
            abandon(draft, each, WIRING_FAULT)
        draft.record(ev.CompartmentQuarantined(compartment=each.id, reason=WIRING_FAULT))


def _stays_shut(draft: Draft, compartment: Compartment) -> bool:
    cycle = compartment.cycle
    return compartment.door is Door.CLOSED and cycle is not None and _was_pulsed(draft, cycle)


def _was_pulsed(draft: Draft, cycle: Cycle) -> bool:
    """Or may just be: a door can be quicker than the word of its lock's board."""
    recent = draft.at.mono <= cycle.authorised + draft.policy.wiring_fault_ms
    return recent and cycle.boot == draft.at.boot and cycle.opened is None and cycle.sent not in NOTHING_MOVED
