"""Whether a driver has to read the checklist: new here, after it was changed, and after complaints."""

from controller.domain.decide.draft import Draft
from controller.domain.drift import Figure, day_of
from controller.domain.drift_marks import driver
from controller.domain.staff import key_of
from controller.domain.state import DriverVisit

_COMPLAINTS = (Figure.FAILED_DEPOSITS, Figure.STRAYS)


def is_due(draft: Draft, visit: DriverVisit) -> bool:
    """Whether this driver has to read it before anything else; once a day at most while there are complaints."""
    policy, state = draft.policy, draft.state
    if not policy.checklist:
        return False
    read = state.staff.checklists.get(key_of(visit.carrier, visit.driver))
    if read is None or read.version != policy.checklist or (read.times < policy.checklist_visits and not visit.checked):
        return True
    about = driver(visit.carrier, visit.driver)
    complained = any((figure, about) in state.drift.raised for figure in _COMPLAINTS)
    return complained and day_of(read.at) < day_of(draft.at.wall)
