"""The end of a driver's visit, whatever ends it: what is open is settled or a person's to look at; all is summed up."""

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.decide.settling import leave_unsettled
from controller.domain.ids import ParcelId
from controller.domain.removal import Tally
from controller.domain.state import Custody, DriverVisit
from controller.domain.take_away_list import to_take_away


def end_visit(draft: Draft, visit: DriverVisit, reason: str) -> ev.DriverSummary | None:
    """The driver's visit is over; its summary, where there was anything to sum up."""
    leave_unsettled(draft)
    tally = draft.state.tally
    summary = _summary(draft, tally) if tally is not None else None
    if summary is not None:
        draft.record(summary)
    draft.record(ev.DriverSignedOut(session=visit.session, driver=visit.driver, reason=reason))
    return summary


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
