"""The end of a driver's visit, whatever ends it: what is open is settled or a person's to look at; all is summed up."""

from dataclasses import replace

from controller.domain import events as ev
from controller.domain.answers import Lately, SignedOut
from controller.domain.decide.draft import Decision, Draft
from controller.domain.decide.driving import visit_of
from controller.domain.decide.settling import leave_unsettled
from controller.domain.drift import Figure, day_of, total
from controller.domain.drift_marks import driver
from controller.domain.ids import ParcelId, SessionId
from controller.domain.removal import Tally
from controller.domain.state import Custody, DriverVisit
from controller.domain.take_away_list import to_take_away


def sign_out(draft: Draft, session: SessionId, reason: str) -> Decision:
    """The driver left; a deposit whose door is shut is settled by its own deadline."""
    visit = visit_of(draft.state, session)
    if visit is None:
        return draft.answer()
    summary = end_visit(draft, visit, reason)
    said = _signed_out(summary, draft.state.sequence - 1) if summary is not None else SignedOut()
    return draft.answer(replace(said, lately=_lately(draft, visit)))


def end_visit(draft: Draft, visit: DriverVisit, reason: str) -> ev.DriverSummary | None:
    """The driver's visit is over; its summary, where there was anything to sum up."""
    leave_unsettled(draft)
    tally = draft.state.tally
    summary = _summary(draft, tally) if tally is not None else None
    if summary is not None:
        draft.record(summary)
    draft.record(ev.DriverSignedOut(session=visit.session, driver=visit.driver, reason=reason))
    return summary


def _signed_out(summary: ev.DriverSummary, sequence: int) -> SignedOut:
    return SignedOut(
        deposited=len(summary.deposited),
        taken_away=len(summary.taken_away),
        missing=len(summary.missing),
        refused=summary.refused,
        left=len(summary.left),
        record=sequence,
    )


def _lately(draft: Draft, visit: DriverVisit) -> Lately:
    about, today = driver(visit.carrier, visit.driver), day_of(draft.at.wall)
    asked = (Figure.DEPOSITS, Figure.FAILED_DEPOSITS, Figure.STRAYS)
    return Lately(*(total(draft.state.drift, (figure, about), today) for figure in asked))


def _summary(draft: Draft, tally: Tally) -> ev.DriverSummary | None:
    left, unconfirmed = (
        tuple(parcel.id for parcel in to_take_away(draft.state, tally.carrier)),
        _unconfirmed(draft, tally),
    )
    if not tally.anything and not unconfirmed:
        return None
    return ev.DriverSummary(
        session=tally.session,
        driver=tally.driver,
        carrier=tally.carrier,
        deposited=_texts(tally.deposited),
        taken_away=_texts(tally.taken_away),
        missing=_texts(tally.missing),
        refused=tally.refused,
        left=left,
        unconfirmed=unconfirmed,
    )


def _unconfirmed(draft: Draft, tally: Tally) -> tuple[ParcelId, ...]:
    parcels = draft.state.parcels.values()
    return tuple(p.id for p in parcels if p.custody is Custody.DEPOSITING and p.session == tally.session)


def _texts(sequences: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(str(sequence) for sequence in sequences)
