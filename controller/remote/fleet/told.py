"""What lockers say on the topics that a watcher reads, read once: values, or nothing where it is not in form."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.contract.config_report import ConfigReport
from controller.contract.record import NotARecord, Record, parse
from controller.contract.status import LockerStatus
from controller.contract.topics import Topics, locker_of
from controller.contract.wire_json import JSON, JsonObject, loads_object


@dataclass(frozen=True, slots=True)
class Happened:
    """One record of the journal."""

    record: Record


@dataclass(frozen=True, slots=True)
class Counted:
    """How many compartments of each size stand how."""

    sizes: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Faced:
    """One compartment; with `door` None it is no longer there."""

    compartment: str
    door: str | None
    status: str
    since: str


@dataclass(frozen=True, slots=True)
class Health:
    """The machine itself."""

    figures: JsonObject
    at_s: float
    """When it came, in seconds since 1970, by the watcher's clock."""


Told = LockerStatus | Happened | Counted | Faced | Health | ConfigReport


def subscriptions(root: str, locker: str) -> tuple[str, ...]:
    """What a watcher subscribes to. Raises ValueError as `Topics`."""
    topics = Topics(root, locker)
    return (topics.status, topics.state, topics.compartment("+"), topics.health, topics.config_reported, topics.events)


def read_told(root: str, topic: str, payload: bytes, now_s: float) -> tuple[str, Told] | None:
    """The locker and what it says; None for a message in no form that the contract has."""
    locker = locker_of(root, topic)
    if locker is None:
        return None
    kind, _, compartment = topic[len(root) + len(locker) + 2 :].partition("/")
    try:
        told = _read(kind, compartment, payload, now_s)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    if isinstance(told, Happened) and told.record.place.locker != locker:
        return None
    return None if told is None else (locker, told)


def _read(kind: str, compartment: str, payload: bytes, now_s: float) -> Told | None:
    match kind, compartment:
        case "status", "" if payload:
            return LockerStatus.decode(payload)
        case "events", "":
            return Happened(_record(payload))
        case "state", "" if payload:
            return Counted(_sizes(loads_object(payload)["sizes"]))
        case "state", _ if compartment:
            return _face(compartment, payload)
        case "config", "reported" if payload:
            return ConfigReport.decode(payload)
        case "health", "":
            return Health(loads_object(payload), now_s)
        case _:
            return None


def _record(payload: bytes) -> Record:
    try:
        return parse(payload)
    except NotARecord as error:
        raise ValueError(str(error)) from None


def _sizes(sizes: JSON) -> dict[str, dict[str, int]]:
    if not isinstance(sizes, dict):
        raise TypeError("sizes must be an object")
    return {size: {name: _whole(count) for name, count in _members(row).items()} for size, row in sizes.items()}


def _members(value: JSON) -> JsonObject:
    if not isinstance(value, dict):
        raise TypeError("expected an object")
    return value


def _whole(value: JSON) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a count must be a whole number")
    return value


def _face(compartment: str, payload: bytes) -> Faced:
    if not payload:
        return Faced(compartment, None, "", "")
    members = loads_object(payload)
    return Faced(compartment, str(members["door"]), str(members["status"]), str(members["since"]))
