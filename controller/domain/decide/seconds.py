"""A second identifier goes with a shorter code: both at once, and no more than a few wrong ones for one code."""

from hmac import compare_digest

from controller.domain import events as ev
from controller.domain.decide.draft import Draft
from controller.domain.ids import HOUR_MS, NEVER, CodeHmac
from controller.domain.state import Pickup

REISSUE_MS = 24 * HOUR_MS
"""A new code brings new tries, so there is no more than one in so long."""


def why_second(draft: Draft, pickup: Pickup, typed: CodeHmac | None) -> str | None:
    """Why a right code is not taken: `frozen`, or `second` for one that was not typed or is wrong; else None."""
    if not pickup.takes_second:
        return None
    if is_frozen(draft, pickup):
        return "frozen"
    known = (draft.state.parcels[id].second for id in pickup.parcels)
    if typed is not None and any(each is not None and compare_digest(each, typed) for each in known):
        return None
    return "second"


def is_frozen(draft: Draft, pickup: Pickup) -> bool:
    """Whether its code is not taken any more."""
    return pickup.takes_second and pickup.wrong_seconds >= draft.policy.wrong_seconds


def freeze(draft: Draft, before: Pickup) -> None:
    """Tell the carrier once that was the last of the tries."""
    if not is_frozen(draft, before) and is_frozen(draft, draft.state.pickups[before.id]):
        draft.record(ev.CodeFrozen(pickup=before.id, parcel=before.parcels[0]))


def reissued_lately(draft: Draft, pickup: Pickup) -> bool:
    """Whether the next new code has to wait."""
    return pickup.takes_second and pickup.reissued != NEVER and draft.at.mono < pickup.reissued + REISSUE_MS
