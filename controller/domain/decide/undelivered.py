"""Parcels that were to come by a certain time, and never did: over, and their carrier is asked to try again."""

from collections.abc import Iterator

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.ids import WallMs
from controller.domain.ladder import Action
from controller.domain.policy import Policy
from controller.domain.state import Custody, Parcel, State

UNDELIVERED = "undelivered"


def undelivered_due(state: State, policy: Policy) -> Iterator[WallMs]:
    """When each of those that are named a last moment for is waited for no more."""
    for parcel in state.parcels.values():
        end = _end(parcel, state, policy)
        if end is not None:
            yield end


def pass_undelivered(draft: Draft) -> None:
    """Forget those whose time is over. One that comes all the same is told apart at the scan, as unknown."""
    for parcel in list(draft.state.parcels.values()):
        end = _end(parcel, draft.state, draft.policy)
        if end is not None and end <= draft.at.wall:
            draft.record(
                ev.LadderStep(parcel=parcel.id, action=Action.SECOND_ATTEMPT.value),
                ev.ParcelCancelled(parcel=parcel.id, stored=False, reason=UNDELIVERED),
            )


def _end(parcel: Parcel, state: State, policy: Policy) -> WallMs | None:
    """None also for what a driver holds before the scanner at this moment."""
    if parcel.custody is not Custody.EXPECTED or parcel.not_after is None:
        return None
    if state.visit is not None and state.visit.parcel == parcel.id:
        return None
    return WallMs(parcel.not_after + policy.undelivered_s * 1000)
