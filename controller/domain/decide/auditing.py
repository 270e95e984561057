"""The guided audit: door after door is opened, looked into and closed; then records and cabinet are reconciled."""

from controller.domain import events as ev
from controller.domain.audit import MISPLACED, MISSING, NEEDS_AUDIT, Audit, Balance, Found, balance
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.removing import remove
from controller.domain.decide.technician import authorise, technician_of, why_not_for_technician
from controller.domain.ids import CompartmentId, DriverId, Jti, ParcelId, Purpose, Role
from controller.domain.inputs import AuditDoorAsked, AuditEndAsked, AuditSeen, AuditStartAsked
from controller.domain.labels import Label, LabelKind
from controller.domain.refusals import Refusal
from controller.domain.state import Custody, State

_LOOKED_INTO = (
    NEEDS_AUDIT,
    MISPLACED,
    MISSING,
    "stray",
    "opened_unasked",
    "opened_late",
    "deposit_unfinished",
    "removal_unfinished",
)
"""Quarantines that end when somebody has looked and found what is on record."""


def start_here(draft: Draft, asked: AuditStartAsked) -> Decision:
    """A technician at the cabinet begins one, or goes on with the one that is under way."""
    if technician_of(draft.state, asked.session) is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if draft.state.audit is None:
        _start(draft, f"{draft.at.boot}-{draft.state.sequence}", Role.TECHNICIAN, None)
    return draft.answer()


def start_from_afar(draft: Draft, role: Role, jti: Jti | None) -> Refusal | None:
    """The next technician at the cabinet is to take stock."""
    if draft.state.audit is not None:
        return Refusal.BUSY
    _start(draft, f"{draft.at.boot}-{draft.state.sequence}", role, jti)
    return None


def open_for_audit(draft: Draft, asked: AuditDoorAsked) -> Decision:
    """One door of it. Outside of the limit: what counts is that every one of them is looked into and recorded."""
    if technician_of(draft.state, asked.session) is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    compartment = draft.state.compartments.get(asked.compartment)
    if draft.state.audit is None or compartment is None:
        return draft.refuse(Refusal.NO_AUDIT)
    refusal = why_not_for_technician(draft.state, compartment)
    if refusal is not None:
        return draft.refuse(refusal)
    return authorise(draft, compartment, Purpose.AUDIT, asked.session, "")


def see(draft: Draft, seen: AuditSeen) -> Decision:
    """What the technician saw behind this door."""
    visit, audit = technician_of(draft.state, seen.session), draft.state.audit
    if visit is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if audit is None or seen.compartment not in draft.state.compartments:
        return draft.refuse(Refusal.NO_AUDIT)
    if seen.found is Found.LABEL and (seen.label is None or seen.label.kind is LabelKind.UNREADABLE):
        return draft.refuse(Refusal.LABEL_UNREADABLE)
    parcel = _bearing(draft.state, seen.label) if seen.found is Found.LABEL else None
    unknown = seen.label is not None and seen.found is Found.LABEL and parcel is None
    draft.record(
        ev.AuditLooked(
            audit=audit.id,
            compartment=seen.compartment,
            technician=visit.technician,
            found=seen.found,
            label=seen.label.text if seen.label is not None and unknown else None,
            parcel=parcel,
        )
    )
    return draft.answer()


def finish(draft: Draft, asked: AuditEndAsked) -> Decision:
    """Reconcile what was seen with what is on record, whether or not everything was."""
    visit, audit = technician_of(draft.state, asked.session), draft.state.audit
    if visit is None:
        return draft.refuse(Refusal.NOT_SIGNED_IN)
    if audit is None:
        return draft.refuse(Refusal.NO_AUDIT)
    _reconcile(draft, audit, visit.technician)
    return draft.answer()


def _start(draft: Draft, id: str, role: Role, jti: Jti | None) -> None:
    doors = tuple(draft.state.compartments)
    draft.record(ev.AuditStarted(audit=id, role=role, compartments=doors, jti=jti))


def _bearing(state: State, label: Label | None) -> ParcelId | None:
    """The live parcel with this label that lies in a compartment by the record, or is on its way."""
    if label is None:
        return None
    named = [parcel for parcel in state.parcels.values() if parcel.label == label.text]
    inside = next((parcel for parcel in named if parcel.compartment is not None), None)
    return inside.id if inside is not None else next((parcel.id for parcel in named), None)


def _reconcile(draft: Draft, audit: Audit, technician: DriverId) -> None:
    settled = (Custody.STORED, Custody.COLLECTING, Custody.REMOVING)
    on_record = {p.compartment: p.id for p in draft.state.parcels.values() if p.compartment and p.custody in settled}
    found = balance(audit.looks, on_record)
    skipped = tuple(look.compartment for look in audit.looks if look.found is Found.SKIPPED)
    unseen = (*skipped, *audit.left)
    _settle_missing(draft, found, complete=not unseen)
    _quarantine_strays(draft, found)
    _restore_agreed(draft, found)
    draft.record(
        ev.AuditFinished(
            audit=audit.id,
            technician=technician,
            complete=not unseen,
            agreed=found.agreed,
            missing=found.missing,
            misplaced=found.misplaced,
            strays=found.strays,
            unseen=unseen,
        )
    )


def _settle_missing(draft: Draft, found: Balance, *, complete: bool) -> None:
    """Only an audit that looked everywhere can say that a parcel is gone; otherwise it may lie behind another door."""
    for id in found.missing:
        parcel = draft.state.parcels[id]
        compartment = draft.state.compartments[parcel.compartment] if parcel.compartment is not None else None
        if compartment is not None and complete:
            remove(draft, compartment, parcel, MISSING)
        elif compartment is not None:
            _quarantine(draft, compartment.id, MISSING)


def _quarantine_strays(draft: Draft, found: Balance) -> None:
    for id in found.misplaced:
        home = draft.state.parcels[id].compartment
        if home is not None:
            _quarantine(draft, home, MISPLACED)
    for compartment in found.strays:
        holds = draft.state.compartments[compartment].parcel is not None
        _quarantine(draft, compartment, MISPLACED if holds else "stray")


def _restore_agreed(draft: Draft, found: Balance) -> None:
    for id in found.agreed:
        if draft.state.compartments[id].quarantine in _LOOKED_INTO:
            draft.record(ev.CompartmentRestored(compartment=id))


def _quarantine(draft: Draft, id: CompartmentId, reason: str) -> None:
    if draft.state.compartments[id].quarantine != reason:
        draft.record(ev.CompartmentQuarantined(compartment=id, reason=reason))
