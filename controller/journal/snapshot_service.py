"""Rows of series of doors, of the service lock-out, of the technician and of stock-taking."""

from collections.abc import Mapping
from typing import Any

from controller.domain.audit import Audit, Found, Look
from controller.domain.ids import Purpose, Role
from controller.domain.service import FirstSignature, Lockout, Series, TechnicianVisit
from controller.domain.state import State

_Row = dict[str, Any]


def service_rows(state: State) -> _Row:
    """Members of the snapshot, by their names in `State`."""
    first, lockout, technician = state.first_signature, state.lockout, state.technician
    return {
        "rescues": state.rescues,
        "contacts": state.contacts,
        "first_signature": first and [first.kid, first.until],
        "series": state.series and _series_row(state.series),
        "lockout": lockout and [lockout.since, lockout.until],
        "technician": technician and [technician.session, technician.technician],
        "audit": state.audit and _audit_row(state.audit),
    }


def service_of(rows: Mapping[str, Any]) -> _Row:
    """The same read back; a snapshot from before they were known has none of them."""
    first, series, lockout = (rows.get(name) for name in ("first_signature", "series", "lockout"))
    technician, audit = rows.get("technician"), rows.get("audit")
    return {
        "rescues": tuple(rows.get("rescues", ())),
        "first_signature": first and FirstSignature(*first),
        "series": series and _series_of(series),
        "lockout": lockout and Lockout(*lockout),
        "technician": technician and TechnicianVisit(*technician),
        "audit": audit and _audit_of(audit),
    }


def _series_row(s: Series) -> _Row:
    return {"purpose": s.purpose, "role": s.role, "left": s.left, "current": s.current, "jti": s.jti}


def _series_of(row: _Row) -> Series:
    read = {"purpose": Purpose(row["purpose"]), "role": Role(row["role"]), "left": tuple(row["left"])}
    return Series(**row | read)


def _audit_row(a: Audit) -> _Row:
    looks = [[look.compartment, look.found, look.label, look.parcel] for look in a.looks]
    return {"id": a.id, "role": a.role, "left": a.left, "looks": looks}


def _audit_of(row: _Row) -> Audit:
    looks = tuple(Look(compartment, Found(found), label, parcel) for compartment, found, label, parcel in row["looks"])
    return Audit(row["id"], Role(row["role"]), tuple(row["left"]), looks)
