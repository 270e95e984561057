"""The state as bytes and back, written by hand row by row.

HMACs of codes, notes of recipients, numbers and PINs of drivers are not in the rows: they are read back from the
private part of the record that told them, whose SHA-256 stands in their place, so that erasing that part erases them.
"""

from dataclasses import dataclass
from typing import Any

from controller.contract.wire_json import dumps, loads_object
from controller.domain.conditions import Condition, Declared
from controller.domain.events import CompartmentSpec
from controller.domain.gs1 import Element
from controller.domain.ids import ClockQuality, Door, Purpose, Role, Size
from controller.domain.money import Money
from controller.domain.staff import DRIVING, Scope
from controller.domain.stamp import Stamp
from controller.domain.state import (
    Compartment,
    Custody,
    Cycle,
    DriverVisit,
    KeptPreferences,
    KnownCommand,
    Parcel,
    Pickup,
    State,
)
from controller.journal.snapshot_claims import dispute_of, dispute_row
from controller.journal.snapshot_climbs import climb_rows, climbs_of
from controller.journal.snapshot_delegates import delegate_rows, delegates_needed, delegates_of
from controller.journal.snapshot_desired import desired_found, desired_needed, desired_of, desired_row
from controller.journal.snapshot_drift import drift_of, drift_row
from controller.journal.snapshot_driver import driver_of, driver_rows
from controller.journal.snapshot_evidence import digests_of, digests_row, evidence_needed, evidence_of, evidence_rows
from controller.journal.snapshot_notices import notice_rows, notices_of
from controller.journal.snapshot_preferences import preferences_of, preferences_row
from controller.journal.snapshot_private import PrivatePart, digest_of, read_back
from controller.journal.snapshot_recipient import recipient_of, recipient_row
from controller.journal.snapshot_service import service_of, service_rows
from controller.journal.snapshot_staff import private_sequences_of, staff_of, staff_row
from controller.journal.snapshot_trust import trust_of, trust_row

FORM = 2
"""Changes whenever a row does; a form once shipped stays readable."""
READABLE = (1, FORM)
"""Form 1 knew neither parcel sensors nor supplies that may stand still."""
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Restored:
    """A state that was read back."""

    state: State
    lost: tuple[int, ...]
    """Records whose private parts are gone or damaged, and with them the codes and notes they held."""


def take(state: State, private: PrivatePart) -> bytes:
    """The bytes of `state`. Two states with one history give the same bytes."""
    rows = {
        "form": FORM,
        "sequence": state.sequence,
        "last": state.last and _stamp_row(state.last),
        "boot": state.boot,
        "stopped_cleanly": state.stopped_cleanly,
        "config_sha256": state.config_sha256,
        "config_version": state.config_version,
        "desired": state.desired and desired_row(state.desired, private),
        "compartments": [_compartment_row(compartment) for compartment in state.compartments.values()],
        "parcels": [_parcel_row(parcel, private) for parcel in state.parcels.values()],
        "pickups": [_pickup_row(pickup, private) for pickup in state.pickups.values()],
        "preferences": [_kept_row(kept, private) for kept in state.preferences.values()],
        "declared": [[name, each.starts, each.until, each.begun] for name, each in state.declared.items()],
        "disputes": [dispute_row(dispute) for dispute in state.disputes.values()],
        "to_erase": state.to_erase,
        "recipient": state.recipient and recipient_row(state.recipient),
        "staff": staff_row(state.staff, private),
        "visit": state.visit and _visit_row(state.visit),
        "tries_due": state.tries_due,
        "commands": [[jti, known.expires_at, known.kid, known.outcome] for jti, known in state.commands.items()],
        "counters": state.counters,
        "passes": state.passes,
        "remote_unlocks": state.remote_unlocks,
        "drift": drift_row(state.drift),
        "board_faults": state.board_faults,
        **climb_rows(state),
        **delegate_rows(state, private),
        **driver_rows(state),
        **evidence_rows(state, private),
        **notice_rows(state),
        **service_rows(state),
        "trust": trust_row(state.trust),
        "stopped": state.stopped,
        "disk_low": state.disk_low,
    }
    return dumps(rows)


def restore(raw: bytes, private: PrivatePart) -> Restored:
    """The state that `take` wrote. Raises ValueError for anything else."""
    rows: _Row = loads_object(raw)
    if rows.pop("form", None) not in READABLE:
        raise ValueError(f"the snapshot is in none of the forms {', '.join(map(str, READABLE))}")
    try:
        return _restored(rows, private)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"the snapshot's rows cannot be read ({error})") from error


def private_sequences(raw: bytes) -> frozenset[int]:
    """The records whose private parts the snapshot needs. Raises ValueError."""
    try:
        return _needed(loads_object(raw))
    except (TypeError, KeyError) as error:
        raise ValueError(f"the snapshot's rows cannot be read ({error})") from error


def _restored(rows: _Row, private: PrivatePart) -> Restored:
    pickups = [_pickup_of(row, private) for row in rows["pickups"]]
    parcels = [_parcel_of(row, private) for row in rows["parcels"]]
    preferences = [_kept_of(row, private) for row in rows.get("preferences", ())]
    staff = staff_of(rows.get("staff"), private)
    read = {
        "last": rows["last"] and _stamp_of(rows["last"]),
        "config_version": rows.get("config_version"),
        "desired": rows.get("desired") and desired_of(rows["desired"], private),
        "compartments": {compartment.id: compartment for compartment in map(_compartment_of, rows["compartments"])},
        "parcels": {parcel.id: parcel for parcel in parcels},
        "pickups": {pickup.id: pickup for pickup in pickups},
        "codes": {pickup.code: pickup.id for pickup in pickups if pickup.code is not None},
        "preferences": {kept.handle: kept for kept in preferences},
        "declared": {Condition(name): Declared(*each) for name, *each in rows.get("declared", ())},
        "disputes": {dispute.parcel: dispute for dispute in map(dispute_of, rows.get("disputes", ()))},
        "to_erase": tuple(rows.get("to_erase", ())),
        "recipient": rows.get("recipient") and recipient_of(rows["recipient"]),
        "staff": staff,
        "visit": rows["visit"] and _visit_of(rows["visit"]),
        "commands": {jti: KnownCommand(*known) for jti, *known in rows["commands"]},
        "remote_unlocks": tuple(rows["remote_unlocks"]),
        **climbs_of(rows),
        **delegates_of(rows, private),
        "drift": drift_of(rows),
        **driver_of(rows),
        **evidence_of(rows, private),
        **notices_of(rows),
        **service_of(rows),
        **trust_of(rows),
        "stopped": {supply: tuple(doors) for supply, doors in rows.get("stopped", {}).items()},
    }
    found = {pickup.issued_sequence for pickup in pickups if pickup.code is not None}
    found |= {parcel.told_sequence for parcel in parcels if parcel.second is not None}
    found |= {each.sequence for each in read["delegations"]}
    found |= {pin.sequence for pin in read["pins"].values() if pin.hmac is not None}
    found |= {kept.changed_sequence for kept in preferences if kept.note is not None}
    found |= {*desired_found(read["desired"])}
    found |= {member.told_sequence for member in staff.members.values() if member.tells_in_private}
    lost = _needed(rows) - found
    return Restored(State(**rows | read), tuple(sorted(lost)))


def _needed(rows: _Row) -> frozenset[int]:
    codes = {row["issued_sequence"] for row in rows["pickups"] if row["code"]}
    notes = {row["changed_sequence"] for row in rows.get("preferences", ()) if row["note"]}
    seconds = {row["told_sequence"] for row in rows["parcels"] if row.get("second")}
    elsewhere = {*private_sequences_of(rows.get("staff")), *evidence_needed(rows), *delegates_needed(rows)}
    return frozenset(codes | notes | seconds | {*elsewhere, *desired_needed(rows)})


def _stamp_row(stamp: Stamp) -> _Row:
    return {"wall": stamp.wall, "mono": stamp.mono, "boot": stamp.boot, "clock": stamp.clock}


def _stamp_of(row: _Row) -> Stamp:
    return Stamp(**row | {"clock": ClockQuality(row["clock"])})


def _compartment_row(c: Compartment) -> _Row:
    return {
        "spec": _spec_row(c.spec),
        "door": c.door,
        "door_since": c.door_since,
        "door_before": c.door_before,
        "parcel": c.parcel,
        "cycle": c.cycle and _cycle_row(c.cycle),
        "sensed": c.sensed,
        "quarantine": c.quarantine,
        "blocked": c.blocked,
        "left_open": c.left_open,
        "rests_until": c.rests_until,
        "left_behind": c.left_behind,
        "rests_for": c.rests_for,
        "unlocks": c.unlocks,
    }


def _spec_row(s: CompartmentSpec) -> _Row:
    return {
        "id": s.id,
        "size": s.size,
        "mm": s.mm,
        "handle_mm": s.handle_mm,
        "supply": s.supply,
        "traits": s.traits,
    }


def _spec_of(row: _Row) -> CompartmentSpec:
    lists = {"mm": tuple(row["mm"]), "traits": tuple(row.get("traits", ()))}
    return CompartmentSpec(**row | lists | {"size": Size(row["size"])})


def _compartment_of(row: _Row) -> Compartment:
    read = {
        "spec": _spec_of(row["spec"]),
        "door": Door(row["door"]),
        "door_before": Door(row["door_before"]),
        "cycle": row["cycle"] and _cycle_of(row["cycle"]),
        "unlocks": tuple(row["unlocks"]),
    }
    return Compartment(**row | read)


def _cycle_row(c: Cycle) -> _Row:
    return {
        "purpose": c.purpose,
        "role": c.role,
        "authorised": c.authorised,
        "boot": c.boot,
        "parcel": c.parcel,
        "session": c.session,
        "jti": c.jti,
        "sent": c.sent,
        "opened": c.opened,
        "closed": c.closed,
        "first_opened": c.first_opened,
        "first_closed": c.first_closed,
        "given_up": c.given_up,
    }


def _cycle_of(row: _Row) -> Cycle:
    return Cycle(**row | {"purpose": Purpose(row["purpose"]), "role": Role(row["role"])})


def _parcel_row(p: Parcel, private: PrivatePart) -> _Row:
    return {
        "id": p.id,
        "label": p.label,
        "carrier": p.carrier,
        "expected_at": p.expected_at,
        "recipient": p.recipient,
        "size": p.size,
        "mm": p.mm,
        "weight_g": p.weight_g,
        "classes": p.classes,
        "value": p.value and [p.value.amount, p.value.currency],
        "signature": p.signature,
        "authority_to_leave": p.authority_to_leave,
        "hold_s": p.hold_s,
        "not_before": p.not_before,
        "not_after": p.not_after,
        "custody": p.custody,
        "compartment": p.compartment,
        "driver": p.driver,
        "session": p.session,
        "records": p.records,
        "evidence": p.evidence,
        "rules": p.rules,
        "planned_hold_s": p.planned_hold_s,
        "ladder": p.ladder,
        "pickup": p.pickup,
        "means": p.means,
        "proof": p.proof,
        "shown": digests_row(p.shown),
        "shown_at": p.shown_at,
        "stored_at": p.stored_at,
        "hold_until": p.hold_until,
        "expired": p.expired,
        "cancelled": p.cancelled,
        "redirected": p.redirected,
        "unannounced": p.unannounced,
        "walked_up": p.walked_up,
        "second": digest_of(private, p.told_sequence, held=p.second is not None),
        "told_sequence": p.told_sequence,
    }


def _parcel_of(row: _Row, private: PrivatePart) -> Parcel:
    lists = {name: tuple(row.get(name, ())) for name in ("mm", "classes", "records", "evidence", "rules")}
    lists["proof"] = tuple(row.get("proof", ("badge",)))
    value = row.get("value")
    read: _Row = {"size": row["size"] and Size(row["size"]), "custody": Custody(row["custody"])}
    read["shown"] = digests_of(row.get("shown", ()))
    read["second"] = read_back(private, row.get("told_sequence", 0), row.get("second"), "second_hmac")
    return Parcel(**row | lists | read | {"value": value and Money(*value)})


def _pickup_row(p: Pickup, private: PrivatePart) -> _Row:
    return {
        "id": p.id,
        "carrier": p.carrier,
        "parcels": p.parcels,
        "expires_at": p.expires_at,
        "issued_sequence": p.issued_sequence,
        "left": p.left,
        "passes": p.passes,
        "takes_second": p.takes_second,
        "wrong_seconds": p.wrong_seconds,
        "reissued": p.reissued,
        "code": digest_of(private, p.issued_sequence, held=p.code is not None),
    }


def _pickup_of(row: _Row, private: PrivatePart) -> Pickup:
    code = read_back(private, row["issued_sequence"], row["code"], "code_hmac")
    lists = {name: tuple(row.get(name, ())) for name in ("parcels", "left", "passes")}
    return Pickup(**row | lists | {"code": code})


def _kept_row(k: KeptPreferences, private: PrivatePart) -> _Row:
    return {
        "handle": k.handle,
        "carrier": k.carrier,
        "parcel": k.parcel,
        "recipient": k.recipient,
        "note": digest_of(private, k.changed_sequence, held=k.note is not None),
        "changed_sequence": k.changed_sequence,
        "stale": k.stale,
        "preferences": preferences_row(k.preferences),
    }


def _kept_of(row: _Row, private: PrivatePart) -> KeptPreferences:
    preferences = preferences_of(row["preferences"])
    note = read_back(private, row["changed_sequence"], row["note"], "note")
    return KeptPreferences(**row | {"preferences": preferences, "note": note})


def _visit_row(v: DriverVisit) -> _Row:
    return {
        "session": v.session,
        "driver": v.driver,
        "carrier": v.carrier,
        "jti": v.jti,
        "scope": v.scope,
        "parcel": v.parcel,
        "acknowledged": v.acknowledged,
        "size": v.size,
        "evidence": v.evidence,
        "rules": v.rules,
        "hold_s": v.hold_s,
        "ladder": v.ladder,
        "preference": v.preference,
        "proof": v.proof,
        "label": [[element.ai, element.value] for element in v.label],
        "checked": v.checked,
    }


def _visit_of(row: _Row) -> DriverVisit:
    lists = {name: tuple(row[name]) for name in ("evidence", "rules")}
    label = tuple(Element(*element) for element in row.get("label", ()))
    lists["proof"] = tuple(row.get("proof", ("badge",)))
    lists["scope"] = tuple(Scope(each) for each in row.get("scope", DRIVING))
    read = {"size": row["size"] and Size(row["size"]), "label": label}
    return DriverVisit(**row | lists | read)
