"""What goes on at a simulated cabinet: one parcel after the other is brought and fetched, record by record."""

from collections.abc import Iterator
from dataclasses import dataclass

from controller.domain import events as ev
from controller.domain.ids import (
    HOUR_MS,
    CarrierId,
    CompartmentId,
    Door,
    DriverId,
    MonoMs,
    ParcelId,
    PickupId,
    Purpose,
    Role,
    SessionId,
    WallMs,
)
from controller.domain.naming import parcel_id
from controller.domain.state import Status

DOORS = 8
CARRIER = CarrierId("acme")
_BADGE_AND_DOOR = ev.Evidence(("badge", "door_cycle"))
_CODE_AND_DOOR = ev.Evidence(("code", "door_cycle"))


@dataclass(frozen=True, slots=True)
class Moment:
    """One event, and how its compartment looks afterwards."""

    event: ev.Event
    compartment: CompartmentId
    door: Door = Door.CLOSED
    status: Status = Status.RESERVED


def visits(seed: int) -> Iterator[Moment]:
    """Without end; `seed` decides which compartment is the first."""
    number = seed
    while True:
        number += 1
        compartment = CompartmentId(f"A{number % DOORS + 1:02d}")
        parcel = parcel_id(CARRIER, f"P{number}")
        yield from _deposit(parcel, compartment)
        yield from _pickup(parcel, compartment)


def _deposit(parcel: ParcelId, id: CompartmentId) -> Iterator[Moment]:
    driver, session = DriverId("d7"), SessionId(f"in-{parcel}")
    yield Moment(ev.CustodyDepositing(parcel=parcel, compartment=id, driver=driver, session=session), id)
    yield Moment(ev.UnlockAuthorised(compartment=id, purpose=Purpose.DEPOSIT, role=Role.DRIVER, parcel=parcel), id)
    yield Moment(ev.DoorOpened(compartment=id, cause="unlock"), id, Door.OPEN)
    yield Moment(ev.DoorClosed(compartment=id, open_ms=MonoMs(9000)), id)
    stored = ev.CustodyStored(
        parcel=parcel,
        compartment=id,
        carrier=CARRIER,
        driver=driver,
        confirmed_by="driver",
        evidence=_BADGE_AND_DOOR,
        hold_until=WallMs(1_900_000_000_000),
        opened_mono=MonoMs(1000),
        closed_mono=MonoMs(10_000),
    )
    yield Moment(stored, id, status=Status.OCCUPIED)


def _pickup(parcel: ParcelId, id: CompartmentId) -> Iterator[Moment]:
    pickup, session = PickupId(parcel), SessionId(f"out-{parcel}")
    collecting = ev.CustodyCollecting(parcel=parcel, compartment=id, pickup=pickup, session=session, means="code")
    yield Moment(collecting, id, status=Status.COLLECTING)
    unlock = ev.UnlockAuthorised(compartment=id, purpose=Purpose.PICKUP, role=Role.RECIPIENT, parcel=parcel)
    yield Moment(unlock, id, status=Status.COLLECTING)
    yield Moment(ev.DoorOpened(compartment=id, cause="unlock"), id, Door.OPEN, Status.COLLECTING)
    yield Moment(ev.DoorClosed(compartment=id, open_ms=MonoMs(6000)), id, status=Status.COLLECTING)
    collected = ev.CustodyCollected(
        parcel=parcel,
        compartment=id,
        pickup=pickup,
        carrier=CARRIER,
        actor=Role.RECIPIENT,
        evidence=_CODE_AND_DOOR,
        opened_mono=MonoMs(1000),
        closed_mono=MonoMs(7000),
        rests_until=MonoMs(HOUR_MS),
    )
    yield Moment(collected, id, status=Status.VACANT)
