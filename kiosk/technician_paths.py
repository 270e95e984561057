"""The technician's paths of the HTTP interface."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from controller.domain.audit import Found
from controller.domain.ids import CompartmentId, MonoMs
from kiosk import technician
from kiosk.bodies import Body, Nothing, TypedLabel
from kiosk.desk import Desk
from kiosk.errands import Said
from kiosk.session import Step, Visit
from kiosk.technician_errands import TechnicianErrands


class Pin(Body):
    """The PIN that goes with the badge."""

    pin: Annotated[str, Field(max_length=64)]


class OpenBecause(Body):
    """Why a door is unlocked."""

    reason: Literal["repair", "cleaning", "check", "parcel"]


class QuarantineBecause(Body):
    """Why a compartment is given to nobody."""

    reason: Literal["damaged", "dirty", "stray", "other"]


class Chosen(Body):
    """One of the doors."""

    compartment: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,32}$")]


class Seen(Body):
    """What lay in the compartment, where no label tells."""

    found: Literal["empty", "unknown", "skipped"]


Errand = Callable[[TechnicianErrands, Visit, Any], Awaitable[Said]]
Gesture = Callable[[Visit, Any, MonoMs, Desk], Step | None]

ERRANDS: dict[str, tuple[type[Body], Errand]] = {
    "/api/technician/pin": (Pin, lambda errands, visit, body: errands.type_pin(visit, body.pin)),
    "/api/technician/open": (OpenBecause, lambda errands, visit, body: errands.unlock(visit, body.reason)),
    "/api/technician/quarantine": (
        QuarantineBecause,
        lambda errands, visit, body: errands.quarantine(visit, body.reason),
    ),
    "/api/technician/restore": (Nothing, lambda errands, visit, _: errands.restore(visit)),
    "/api/technician/open-all": (Nothing, lambda errands, visit, _: errands.open_all(visit)),
    "/api/technician/lock-out": (Nothing, lambda errands, visit, _: errands.lock_out(visit)),
    "/api/technician/end-lock-out": (Nothing, lambda errands, visit, _: errands.end_lockout(visit)),
    "/api/technician/audit": (Nothing, lambda errands, visit, _: errands.begin_audit(visit)),
    "/api/technician/audit-door": (Nothing, lambda errands, visit, _: errands.open_for_audit(visit)),
    "/api/technician/seen": (Seen, lambda errands, visit, body: errands.see(visit, Found(body.found))),
    "/api/technician/label": (TypedLabel, lambda errands, visit, body: errands.type_label(visit, body.label)),
    "/api/technician/end-audit": (Nothing, lambda errands, visit, _: errands.end_audit(visit)),
    "/api/technician/sign-out": (Nothing, lambda errands, visit, _: errands.sign_out(visit)),
}
GESTURES: dict[str, tuple[type[Body], Gesture]] = {
    "/api/technician/doors": (Nothing, lambda visit, _, now, __: technician.to_doors(visit, now)),
    "/api/technician/door": (Chosen, lambda visit, body, now, desk: _to_door(visit, body.compartment, now, desk)),
    "/api/technician/facts": (
        Nothing,
        lambda visit, _, now, desk: technician.to_diagnosis(visit, desk.doorway.diagnosis(), now),
    ),
    "/api/technician/type-label": (Nothing, lambda visit, _, now, __: technician.to_label(visit, now)),
}


def _to_door(visit: Visit, id: str, now: MonoMs, desk: Desk) -> Visit | None:
    known = CompartmentId(id) in desk.doorway.state().compartments
    return technician.to_door(visit, CompartmentId(id), now) if known else None
