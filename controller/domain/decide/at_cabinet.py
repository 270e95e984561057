"""Which rule of the technician's each of their inputs is a matter for."""

from typing import assert_never

from controller.domain import inputs as put
from controller.domain.decide import auditing, technician
from controller.domain.decide.draft import Decision, Draft
from controller.domain.staff import why_not_let_in


def at_cabinet(draft: Draft, item: put.AtCabinet) -> Decision:
    """What follows from what a technician at the cabinet does; a revocation holds at once."""
    visit = draft.state.technician
    why = None if visit is None else why_not_let_in(draft.state.staff, None, visit.technician, None, draft.at.wall)
    if visit is not None and why is not None:
        technician.sign_out(draft, visit.session, why)
    match item:
        case put.TechnicianProven():
            return technician.sign_in(draft, item)
        case put.TechnicianUnlockAsked():
            return technician.unlock(draft, item)
        case put.OpenAllAsked():
            return technician.open_all(draft, item.session)
        case put.QuarantineAsked():
            return technician.quarantine(draft, item)
        case put.RestoreAsked():
            return technician.restore(draft, item)
        case put.AuditStartAsked():
            return auditing.start_here(draft, item)
        case put.AuditDoorAsked():
            return auditing.open_for_audit(draft, item)
        case put.AuditSeen():
            return auditing.see(draft, item)
        case put.AuditEndAsked():
            return auditing.finish(draft, item)
        case _:
            assert_never(item)
