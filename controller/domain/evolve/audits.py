"""What stock-taking and technicians at the cabinet change."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.audit import Audit, Look
from controller.domain.ids import CompartmentId
from controller.domain.service import TechnicianVisit
from controller.domain.stamp import Stamp
from controller.domain.state import State


def evolve_audits(state: State, event: ev.Event, stamp: Stamp) -> State:
    """The state after an event of an audit, or of a technician's visit."""
    match event:
        case ev.TechnicianSignedIn():
            return replace(state, technician=TechnicianVisit(event.session, event.technician))
        case ev.TechnicianSignedOut():
            return replace(state, technician=None)
        case ev.AuditStarted():
            return replace(state, audit=Audit(event.audit, event.role, event.compartments))
        case ev.AuditLooked() if state.audit is not None:
            look = Look(event.compartment, event.found, event.label, event.parcel)
            return replace(state, audit=_looked(state.audit, look))
        case ev.AuditFinished():
            return replace(state, audit=None)
        case _:
            return state


def look_forgotten(state: State, id: CompartmentId) -> State:
    """The state once this door was opened again: what was seen behind it counts no more."""
    audit = state.audit
    if audit is None or all(look.compartment != id for look in audit.looks):
        return state
    looks = tuple(look for look in audit.looks if look.compartment != id)
    return replace(state, audit=replace(audit, looks=looks, left=(*audit.left, id)))


def _looked(audit: Audit, look: Look) -> Audit:
    others = tuple(each for each in audit.looks if each.compartment != look.compartment)
    left = tuple(id for id in audit.left if id != look.compartment)
    return replace(audit, left=left, looks=(*others, look))
