"""Why a compartment that was opened for a parcel did not take it, as the driver says."""

from enum import StrEnum


class Misfit(StrEnum):
    """What the driver found behind the door. The values stand in records."""

    TOO_SMALL = "too_small"
    """It is empty; the parcel does not go in."""
    STRAY = "stray"
    """Something lies in it already."""
    UNFIT = "dirty_or_damaged"
