"""The plan for the parcel in a driver's hands: made, put on record and shown, or lawfully refused."""

from controller.domain import events as ev
from controller.domain.allocation import Wanted, allocate, wanted_for, why_none
from controller.domain.answers import PlanShown, Refused, Wishes
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.preferring import preferences_now, preferences_of
from controller.domain.gs1 import Element
from controller.domain.ids import Size, WallMs
from controller.domain.labelled import as_labelled
from controller.domain.plan import Plan, plan, site_of
from controller.domain.refusals import Refusal
from controller.domain.rules import KEPT_OUT
from controller.domain.state import DriverVisit, KeptPreferences, Parcel
from controller.domain.windows import outside_window

_NOT_HERE = (
    Refusal.LOCKER_FULL,
    Refusal.CARRIER_FULL,
    Refusal.KEPT_FOR_RECIPIENTS,
    Refusal.SUITABLE_FULL,
    Refusal.NONE_SUITABLE,
    Refusal.TOO_BIG,
    Refusal.EVIDENCE_MISSING,
    Refusal.STORAGE_FULL,
    Refusal.WIRING_FAULT,
)
"""Reasons that another locker need not have."""
Label = tuple[Element, ...]
"""What a parcel's own label says."""


def plan_now(draft: Draft, parcel: Parcel, label: Label) -> Plan:
    """The plan as everything stands at this moment."""
    kept = preferences_now(draft, parcel.id)
    preferences = kept.preferences if kept is not None else None
    return plan(
        as_labelled(parcel, label, draft.policy.offsets),
        preferences,
        site_of(draft.state, draft.policy, draft.at.wall),
        draft.policy,
    )


def offer(draft: Draft, visit: DriverVisit, parcel: Parcel, label: Label, size: Size | None = None) -> Decision:
    """Show the plan with its reasons and what the recipient wants; no door moves before they were read.

    `size` is what the driver asks for instead of the planned one, of which none may be free.
    """
    outside = outside_window(as_labelled(parcel, label, draft.policy.offsets), draft.at)
    if outside is not None:
        return no_plan(draft, visit, outside, parcel)
    made = plan_now(draft, parcel, label)
    if made.refuse is not None:
        return _refuse(draft, visit, parcel, made, made.refuse, label)
    by = (made.size, parcel.mm) if size is None else (size, ())
    wanted = wanted_for(parcel, *by, made.needs)
    if allocate(draft.state, wanted, draft.at.mono, draft.policy) is None:
        return no_room(draft, visit, parcel, made, wanted)
    return _show(draft, visit, parcel, made, label, size)


def is_as_shown(made: Plan, kept: KeptPreferences | None, visit: DriverVisit) -> bool:
    """Whether the driver has read this very plan and these very preferences."""
    handle = kept.handle if kept is not None else None
    return (made.refuse, made.rules, made.evidence, made.hold_s, made.size, handle) == (
        None,
        visit.rules,
        visit.evidence,
        visit.hold_s,
        visit.size,
        visit.preference,
    )


def no_room(draft: Draft, visit: DriverVisit, parcel: Parcel, made: Plan, wanted: Wanted) -> Decision:
    """No compartment for it; where the plan asks for a kind of its own, the rule that does is named."""
    needing = tuple(each.rule for each in made.because if each.choice == "compartment")
    reason = why_none(draft.state, wanted, draft.at.mono, draft.policy)
    refused = ev.PlanRefused(
        session=visit.session, reason=reason.value, parcel=parcel.id, rules=needing, ladder=KEPT_OUT
    )
    draft.record(refused)
    return _elsewhere(draft, reason, needing)


def no_plan(draft: Draft, visit: DriverVisit, reason: Refusal, parcel: Parcel | None = None) -> Decision:
    """The parcel is not taken in, for a reason that is not its plan's."""
    named = parcel.id if parcel is not None else None
    ladder = KEPT_OUT if parcel is not None else None
    draft.record(ev.PlanRefused(session=visit.session, reason=reason.value, parcel=named, ladder=ladder))
    return _elsewhere(draft, reason, ())


def _elsewhere(draft: Draft, reason: Refusal, rules: tuple[str, ...]) -> Decision:
    """The no, with other lockers to go to where it is this one that cannot take the parcel."""
    near = sorted(draft.policy.neighbours, key=lambda each: each.metres) if reason in _NOT_HERE else ()
    return draft.answer(Refused(reason, rules=rules, neighbours=tuple(near)))


def _show(draft: Draft, visit: DriverVisit, parcel: Parcel, made: Plan, label: Label, size: Size | None) -> Decision:
    kept = preferences_of(draft.state, parcel.id)
    draft.record(
        ev.PlanMade(
            parcel=parcel.id,
            session=visit.session,
            pattern=made.pattern.value,
            evidence=made.evidence,
            hold_s=made.hold_s,
            size=made.size,
            rules=made.rules,
            ladder=made.ladder,
            because=made.because,
            label=label,
            preference=kept.handle if kept is not None else None,
        )
    )
    return draft.answer(
        PlanShown(
            parcel=parcel.id,
            pattern=made.pattern.value,
            evidence=made.evidence,
            hold_s=made.hold_s,
            size=size if size is not None else made.size,
            rules=made.rules,
            ladder=made.ladder,
            wishes=None if kept is None else Wishes(kept.preferences, kept.note, kept.stale),
        )
    )


def _refuse(draft: Draft, visit: DriverVisit, parcel: Parcel, made: Plan, reason: Refusal, label: Label) -> Decision:
    """The plan keeps the parcel out of the locker: on record with what its carrier has to know to go on."""
    draft.record(
        ev.PlanRefused(
            session=visit.session,
            reason=reason.value,
            parcel=parcel.id,
            rules=made.rules,
            pattern=made.pattern.value,
            ladder=made.ladder or None,
            missing=made.missing,
            label=label,
            bring_after=_return_of(draft, parcel) if reason is Refusal.RECIPIENT_AWAY else None,
        )
    )
    return _elsewhere(draft, reason, made.rules)


def _return_of(draft: Draft, parcel: Parcel) -> WallMs | None:
    kept = preferences_of(draft.state, parcel.id)
    return kept.preferences.away_until if kept is not None else None
