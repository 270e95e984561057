"""Somebody else than its recipient opened a compartment with a parcel in it: the recipient is told."""

from controller.domain.decide.draft import Draft
from controller.domain.decide.notifying import request
from controller.domain.ids import Purpose
from controller.domain.notices import NoticeKind, Standing
from controller.domain.state import Compartment, Custody, State

_BY_OTHERS = (Purpose.SERVICE, Purpose.AUDIT, Purpose.ALL, Purpose.EMERGENCY)
_WAITING = (Custody.STORED, Custody.COLLECTING)


def tell_of_opening(draft: Draft, compartment: Compartment) -> None:
    """Once for each opening, with whatever the recipient was being told at that moment."""
    cycle = compartment.cycle
    if cycle is None or cycle.purpose not in _BY_OTHERS or compartment.parcel is None:
        return
    parcel = draft.state.parcels[compartment.parcel]
    if parcel.custody in _WAITING and not parcel.cancelled:
        also = _being_told(draft.state, compartment)
        request(draft, parcel, NoticeKind.OPENED, also=also, reason=cycle.purpose.value)


def _being_told(state: State, compartment: Compartment) -> tuple[NoticeKind, ...]:
    notice = state.notices.get(compartment.parcel) if compartment.parcel is not None else None
    if notice is None or notice.standing is not Standing.REQUESTED:
        return ()
    return tuple(dict.fromkeys(kind for kind in (notice.kind, *notice.also) if kind is not NoticeKind.OPENED))
