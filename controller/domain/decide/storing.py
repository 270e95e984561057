"""The end of a deposit: custody passes to the locker and the carrier is told the code; or it does not."""

from controller.domain import events as ev
from controller.domain.certain import certain
from controller.domain.cycles import deposit_times
from controller.domain.decide.draft import Draft
from controller.domain.decide.evidence import of_deposit
from controller.domain.decide.unannounced import stored_unannounced
from controller.domain.ids import CompartmentId, ParcelId, PickupId, WallMs
from controller.domain.inputs import FreshCode
from controller.domain.state import Compartment, Parcel, Pickup


def store(draft: Draft, compartment: Compartment, confirmed_by: str) -> bool:
    """Record the parcel of this compartment as stored and issue its code.

    False, and nothing recorded, when no fresh code for this parcel was handed in.
    """
    parcel = draft.state.parcels[_parcel_in(compartment)]
    if draft.fresh is None or draft.fresh.parcel != parcel.id:
        return False
    hold_s = parcel.planned_hold_s if parcel.planned_hold_s is not None else draft.policy.default_hold_s
    hold_until = WallMs(draft.at.wall + hold_s * 1000)
    draft.record(_stored(compartment, parcel, confirmed_by, hold_until))
    if parcel.unannounced:
        stored_unannounced(draft, draft.state.parcels[parcel.id])
    else:
        let_collect(draft, parcel, compartment.id, hold_until)
    return True


def let_collect(draft: Draft, parcel: Parcel, compartment: CompartmentId, hold_until: WallMs) -> None:
    """Its recipient is told a code; one that they have already opens this parcel's door too."""
    pickup = _waiting_for(draft, parcel)
    if pickup is None:
        issue_code(draft, parcel, compartment, hold_until)
        return
    expires_at = max(pickup.expires_at, hold_until)
    draft.record(ev.CodeJoined(parcel=parcel.id, pickup=pickup.id, compartment=compartment, expires_at=expires_at))


def _waiting_for(draft: Draft, parcel: Parcel) -> Pickup | None:
    """The pickup of this parcel's recipient whose code is good: it opens this one too."""
    if parcel.recipient is None:
        return None
    theirs = (p for p in draft.state.pickups.values() if p.code is not None and p.carrier == parcel.carrier)
    return next((p for p in theirs if _is_alike(draft.state.parcels[p.parcels[0]], parcel)), None)


def _is_alike(first: Parcel, parcel: Parcel) -> bool:
    """Of the same recipient, and opened by the same that is typed."""
    return first.recipient == parcel.recipient and first.second == parcel.second


def issue_code(draft: Draft, parcel: Parcel, compartment: CompartmentId, expires_at: WallMs) -> None:
    """Issue the first of the fresh codes that no live code equals."""
    code = unused_code(draft)
    issued = ev.CodeIssued if parcel.pickup is None else ev.CodeReissued
    draft.record(
        issued(
            parcel=parcel.id,
            pickup=parcel.pickup if parcel.pickup is not None else _new_pickup(draft, parcel),
            compartment=compartment,
            expires_at=expires_at,
            code_jwe=code.jwe,
            second=parcel.second is not None,
            code_hmac=code.hmac,
        )
    )


def unused_code(draft: Draft) -> FreshCode:
    """The first of the fresh codes that no live code equals."""
    fresh, live = certain(draft.fresh, "a fresh code"), {each.code for each in draft.state.delegations}
    unused = (code for code in fresh.codes if code.hmac not in draft.state.codes and code.hmac not in live)
    return certain(next(unused, None), "a fresh code that no live code equals")


def _new_pickup(draft: Draft, parcel: Parcel) -> PickupId:
    """Named after its first parcel; one that comes again may find the name taken by those it once came with."""
    taken = PickupId(parcel.id) in draft.state.pickups
    return PickupId(f"{parcel.id}.{draft.state.sequence}" if taken else parcel.id)


def abandon(draft: Draft, compartment: Compartment, reason: str = "unfinished") -> None:
    """A deposit of which nobody knows whether the parcel is inside: never given out until someone looked."""
    parcel = _parcel_in(compartment)
    draft.record(
        ev.CustodyReleased(parcel=parcel, compartment=compartment.id, reason=reason),
        ev.CompartmentQuarantined(compartment=compartment.id, reason="deposit_unfinished"),
    )


def _parcel_in(compartment: Compartment) -> ParcelId:
    return certain(compartment.parcel, "the parcel of a deposit")


def _stored(compartment: Compartment, parcel: Parcel, confirmed_by: str, hold_until: WallMs) -> ev.CustodyStored:
    opened, closed = deposit_times(certain(compartment.cycle, "the cycle of a deposit"))
    return ev.CustodyStored(
        parcel=parcel.id,
        compartment=compartment.id,
        carrier=parcel.carrier,
        driver=certain(parcel.driver, "the driver of a deposit"),
        confirmed_by=confirmed_by,
        evidence=of_deposit(parcel, compartment),
        hold_until=hold_until,
        opened_mono=opened,
        closed_mono=closed,
        rules=parcel.rules,
    )
