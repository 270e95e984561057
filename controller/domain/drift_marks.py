"""Which events are counted as drift, and at what. One line each."""

from collections.abc import Callable, Mapping
from typing import Any

from controller.domain import events as ev
from controller.domain.drift import Figure, Mark, Subject
from controller.domain.ids import CarrierId, ClockQuality, CompartmentId, DriverId, ParcelId, Purpose
from controller.domain.staff import key_of
from controller.domain.stamp import Stamp
from controller.domain.state import State

Marks = tuple[Mark, ...]
_Marking = Callable[[Any, State, Stamp], Marks]
"""From an event, the state before it and its moment."""


def marks_of(event: ev.Event, before: State, at: Stamp) -> Marks:
    """What `event` adds to the figures; `before` is the state that it found."""
    marking = _MARKINGS.get(type(event))
    return () if marking is None else marking(event, before, at)


def door(id: CompartmentId) -> Subject:
    """One door as the subject of a figure."""
    return Subject(f"door:{id}")


def driver(carrier: CarrierId, id: DriverId) -> Subject:
    """One carrier's driver as the subject of a figure: another carrier may have one of the same name."""
    return Subject(f"driver:{key_of(carrier, id)}")


def _depositor(before: State, id: ParcelId) -> tuple[Subject, ...]:
    parcel = before.parcels.get(id)
    return () if parcel is None or parcel.driver is None else (driver(parcel.carrier, parcel.driver),)


def _channel(event: ev.NotificationDelivered | ev.NotificationFailed) -> tuple[Subject, ...]:
    return () if event.channel is None else (Subject(f"channel:{event.channel}"),)


def _at_door(figure: Figure) -> _Marking:
    return lambda event, before, at: (Mark(figure, (door(event.compartment),)),)


def _at_locker(figure: Figure) -> _Marking:
    return lambda event, before, at: (Mark(figure),)


def _closed(event: ev.DoorClosed, before: State, at: Stamp) -> Marks:
    if event.open_ms is None:
        return ()
    where = (door(event.compartment),)
    return (Mark(Figure.OPENINGS, where), Mark(Figure.OPEN_S, where, event.open_ms // 1000))


def _opened(event: ev.DoorOpened, before: State, at: Stamp) -> Marks:
    return (Mark(Figure.LATE_OPENINGS, (door(event.compartment),)),) if event.cause == "late" else ()


def _unlocked(event: ev.UnlockAuthorised, before: State, at: Stamp) -> Marks:
    return (Mark(Figure.REOPENS, (door(event.compartment),)),) if event.purpose is Purpose.REOPEN else ()


def _released(event: ev.CustodyReleased, before: State, at: Stamp) -> Marks:
    return (Mark(Figure.FAILED_DEPOSITS, (door(event.compartment), *_depositor(before, event.parcel))),)


def _stray(event: ev.CustodyStray, before: State, at: Stamp) -> Marks:
    visit = before.visit
    finder = () if visit is None else (driver(visit.carrier, visit.driver),)
    return (Mark(Figure.STRAYS, (door(event.compartment), *finder)),)


def _stored(event: ev.CustodyStored, before: State, at: Stamp) -> Marks:
    return (Mark(Figure.DEPOSITS, (door(event.compartment), driver(event.carrier, event.driver))),)


def _told(event: ev.NotificationDelivered, before: State, at: Stamp) -> Marks:
    return (Mark(Figure.DELIVERED, _channel(event)),)


def _not_told(event: ev.NotificationFailed, before: State, at: Stamp) -> Marks:
    return (Mark(Figure.SILENT if event.how == "silent" else Figure.BOUNCED, _channel(event)),)


def _started(event: ev.BootStarted, before: State, at: Stamp) -> Marks:
    return (Mark(Figure.CLOCK_UNKNOWN),) if at.clock is ClockQuality.UNKNOWN else ()


_MARKINGS: Mapping[type[ev.Event], _Marking] = {
    ev.BootStarted: _started,
    ev.CodeRefused: _at_locker(Figure.MISTYPED_CODES),
    ev.CustodyCollected: _at_door(Figure.PICKUPS),
    ev.CustodyDisputed: _at_door(Figure.CLAIMS),
    ev.CustodyReleased: _released,
    ev.CustodyStored: _stored,
    ev.CustodyStray: _stray,
    ev.DoorClosed: _closed,
    ev.DoorDidNotOpen: _at_door(Figure.JAMS),
    ev.DoorLeftOpen: _at_door(Figure.LEFT_OPEN),
    ev.DoorOpened: _opened,
    ev.DoorSensorUnknown: _at_door(Figure.SENSOR_LOSSES),
    ev.NotificationDelivered: _told,
    ev.NotificationFailed: _not_told,
    ev.UncleanStop: _at_locker(Figure.UNCLEAN_BOOTS),
    ev.UnlockAuthorised: _unlocked,
}
