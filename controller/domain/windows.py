"""The time between which a parcel may be handed in, where its carrier named one."""

from controller.domain.ids import ClockQuality
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp
from controller.domain.state import Parcel


def outside_window(parcel: Parcel, at: Stamp) -> Refusal | None:
    """Why a parcel is not taken in at this moment; None within its time.

    A clock that is unknown can only lag behind: what is too late by it is too late, but nothing is too early.
    """
    if parcel.not_after is not None and at.wall > parcel.not_after:
        return Refusal.TOO_LATE
    if parcel.not_before is not None and at.wall < parcel.not_before and at.clock is not ClockQuality.UNKNOWN:
        return Refusal.TOO_EARLY
    return None
