"""What the page is told on the technician's screens: every door as it stands at this moment."""

from typing import assert_never

from controller.domain.allocation import status
from controller.domain.cycles import is_moving
from controller.domain.ids import CompartmentId, MonoMs
from controller.domain.naming import name_of
from controller.domain.state import Compartment, State
from kiosk.technician_screens import (
    AuditDoor,
    Audited,
    AuditLabel,
    CabinetDoors,
    Diagnosis,
    OneDoor,
    TechnicianScreen,
    TypePin,
)

Facts = dict[str, object]


def about_technician(screen: TechnicianScreen, state: State, now: MonoMs) -> Facts:
    """The facts of one screen."""
    refused: Facts = {"refused": screen.refused}
    match screen:
        case TypePin():
            return refused
        case CabinetDoors():
            doors = [about_door(each, state) for each in state.compartments.values()]
            return refused | {"doors": doors, "audit": _audit(state), "locked_out": _locked_out(state, now)}
        case OneDoor(compartment=id):
            return refused | {"door": _door(id, state), "locked_out": _locked_out(state, now)}
        case Diagnosis(facts=facts):
            return refused | {"facts": dict(facts)}
        case AuditDoor(compartment=id):
            return refused | {"door": None if id is None else _door(id, state), "audit": _audit(state)}
        case AuditLabel(compartment=id):
            return refused | {"compartment": id}
        case Audited(result=result):
            return refused | {
                "complete": result.complete,
                "agreed": len(result.agreed),
                "missing": list(map(name_of, result.missing)),
                "strays": list(result.strays),
                "misplaced": list(map(name_of, result.misplaced)),
                "unseen": list(result.unseen),
            }
        case _:
            assert_never(screen)


def about_door(compartment: Compartment, state: State) -> Facts:
    """One door, as short as it can be said. Whose parcel is inside is nobody's business here."""
    return {
        "id": compartment.id,
        "size": compartment.spec.size.value,
        "door": compartment.door.value,
        "status": status(compartment, state).value,
        "why": compartment.quarantine,
        "moving": is_moving(compartment),
        "left_open": compartment.left_open,
        "occupied": compartment.parcel is not None,
    }


def _door(id: CompartmentId, state: State) -> Facts:
    return about_door(state.compartments[id], state)


def _audit(state: State) -> Facts | None:
    audit = state.audit
    return None if audit is None else {"left": len(audit.left), "of": len(audit.left) + len(audit.looks)}


def _locked_out(state: State, now: MonoMs) -> int | None:
    """How many minutes a lock-out holds yet."""
    return None if state.lockout is None else max(0, -(-(state.lockout.until - now) // 60_000))
