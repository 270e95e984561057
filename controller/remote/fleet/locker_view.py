"""One locker as seen from afar: the fold of everything it said. Pure, but for what it was told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from controller.contract.config_report import ConfigReport
from controller.contract.fields import wall_text
from controller.contract.record import Record
from controller.contract.status import LockerStatus
from controller.contract.wire_json import JSON, JsonObject
from controller.remote.fleet import parcel_alarms
from controller.remote.fleet.alarms import (
    CERTIFICATE_DAYS,
    ENDED_BY,
    ENDED_EVERYWHERE_BY,
    LONGEST_WAIT_S,
    RAISED_BY,
    RAISED_FOR,
    Alarm,
)
from controller.remote.fleet.gaps import Gaps
from controller.remote.fleet.told import Counted, Faced, Happened, Health, Told
from controller.remote.tidings import line

_WHERE = ("compartment", "board", "contact", "about")
MOST_RECENT = 30
"""Of so many records a line is kept."""
Trouble = tuple[Alarm, str]
"""What is wrong, and where: a compartment, a board, or nothing in particular."""


@dataclass(frozen=True, slots=True)
class LockerView:
    """What is known of one locker."""

    locker: str
    status: LockerStatus | None = None
    sizes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    faces: Mapping[str, Faced] = field(default_factory=dict)
    config: ConfigReport | None = None
    """None: it has not reported on its configuration."""
    health: Mapping[str, JSON] = field(default_factory=dict)
    health_at_s: float | None = None
    """When the last health message came; None: there was none yet."""
    troubles: Mapping[Trouble, str] = field(default_factory=dict)
    """Each with the time since when, RFC 3339; empty where nobody said."""
    gaps: Gaps = field(default_factory=Gaps)
    recent: tuple[str, ...] = ()
    """The last records in a line each, oldest first."""

    @property
    def online(self) -> bool:
        """Whether it is there, by its own or its will's word."""
        return self.status is not None and self.status.online

    @property
    def software(self) -> str:
        """Its version, empty while it has not said."""
        return self.status.software if self.status is not None else ""

    @property
    def config_version(self) -> int:
        """Of what is told from afar and in force; 0 for nothing."""
        return self.config.version if self.config is not None else 0

    @property
    def backlog(self) -> int:
        """Records that the custodian had not acknowledged when the last health message was made."""
        return _whole(self.health.get("outbox_depth")) or 0

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """The kinds of trouble it is in, in the order of `Alarm`."""
        there = {alarm for alarm, _ in self.troubles}
        return tuple(alarm for alarm in Alarm if alarm in there)

    def count(self, *names: str) -> int:
        """How many compartments, of all sizes, are counted under these names."""
        return sum(row.get(name, 0) for row in self.sizes.values() for name in names)

    @property
    def compartments(self) -> int:
        """How many it has."""
        return sum(sum(row.values()) for row in self.sizes.values())


def fold(view: LockerView, told: Told) -> LockerView:
    """What is known after the locker said one thing more."""
    match told:
        case LockerStatus():
            return _status(view, told)
        case Happened(record=record):
            return _happened(view, record)
        case Counted(sizes=sizes):
            return replace(view, sizes=sizes)
        case Faced():
            return _faced(view, told)
        case ConfigReport():
            return replace(view, config=told)
        case Health(figures=figures, at_s=at_s):
            troubles = _set(view.troubles, _health_troubles(figures))
            return replace(view, health=figures, health_at_s=at_s, troubles=troubles)
        case _:
            assert_never(told)


def _status(view: LockerView, status: LockerStatus) -> LockerView:
    """Of two statuses the one with the higher boot and connection is the later, unless the stream is another one."""
    known = view.status
    if known is not None and known.stream == status.stream and (status.boot, status.conn) < (known.boot, known.conn):
        return view
    troubles = _set(view.troubles, {Alarm.OFFLINE: () if status.online else ("",)})
    return replace(view, status=status, troubles=troubles)


def _happened(view: LockerView, record: Record) -> LockerView:
    gaps, is_new = view.gaps.take(record.place.stream, record.place.sequence)
    if not is_new:
        return replace(view, gaps=gaps)
    since = wall_text(record.stamp.wall)
    recent = (*view.recent, f"{since} {line(record)}")[-MOST_RECENT:]
    where = next((record.data[name] for name in _WHERE if name in record.data), "")
    for_reason = RAISED_FOR.get((record.name, str(record.data.get("reason"))))
    troubles = _after(view.troubles, record.name, str(where), since)
    if for_reason is not None:
        troubles = {**troubles, (for_reason, str(where)): since}
    troubles = parcel_alarms.after(troubles, record, since)
    if _falls_short(record):
        troubles = {**troubles, (Alarm.SHORTFALL, str(where)): since}
    return replace(view, gaps=gaps, recent=recent, troubles=troubles)


def _falls_short(record: Record) -> bool:
    """Whether a handoff took place without something that its plan demands."""
    evidence = record.data.get("evidence")
    return isinstance(evidence, dict) and bool(evidence.get("shortfall"))


def _after(troubles: Mapping[Trouble, str], name: str, where: str, since: str) -> Mapping[Trouble, str]:
    ended = {(alarm, where) for alarm in ENDED_BY.get(name, ())} & troubles.keys()
    ended |= {trouble for trouble in troubles if trouble[0] in ENDED_EVERYWHERE_BY.get(name, ())}
    raised = RAISED_BY.get(name)
    if not ended and raised is None:
        return troubles
    left = {trouble: at for trouble, at in troubles.items() if trouble not in ended}
    return left if raised is None else left | {(raised, where): since}


def _faced(view: LockerView, faced: Faced) -> LockerView:
    faces = {id: face for id, face in view.faces.items() if id != faced.compartment}
    if faced.door is not None:
        faces[faced.compartment] = faced
    found = {
        (Alarm.QUARANTINE, faced.compartment): faced.status == "quarantined",
        (Alarm.SENSOR, faced.compartment): faced.door == "unknown",
    }
    left = {trouble: since for trouble, since in view.troubles.items() if found.get(trouble, True)}
    new = {trouble: faced.since for trouble, there in found.items() if there and trouble not in left}
    return replace(view, faces=faces, troubles=left | new)


def _health_troubles(figures: JsonObject) -> dict[Alarm, Iterable[str]]:
    """Where each trouble is that a health message can tell of; what it does not speak of is left as it was."""
    faults, found = figures.get("board_faults"), dict[Alarm, Iterable[str]]()
    if isinstance(faults, dict):
        found[Alarm.BOARD] = tuple(faults)
    for name, alarm in (("disk_low", Alarm.DISK), ("undervoltage", Alarm.POWER)):
        if isinstance(figures.get(name), bool):
            found[alarm] = ("",) if figures[name] else ()
    drift = figures.get("drift")
    if isinstance(drift, dict) and isinstance(over := drift.get("over"), list):
        found[Alarm.DRIFT] = tuple(str(each.get("about", "")) for each in over if isinstance(each, dict))
    if isinstance(figures.get("clock"), str):
        found[Alarm.CLOCK] = ("",) if figures["clock"] == "unknown" else ()
    waited, days = _whole(figures.get("outbox_oldest_s")), _whole(figures.get("certificate_days"))
    if waited is not None:
        found[Alarm.BACKLOG] = ("",) if waited > LONGEST_WAIT_S else ()
    if days is not None:
        found[Alarm.CERTIFICATE] = ("",) if days < CERTIFICATE_DAYS else ()
    return found


def _set(troubles: Mapping[Trouble, str], found: Mapping[Alarm, Iterable[str]]) -> Mapping[Trouble, str]:
    """These kinds of trouble are where they were found, and nowhere else; `since` stays where it was known."""
    now = {(alarm, where) for alarm, places in found.items() for where in places}
    if now == {trouble for trouble in troubles if trouble[0] in found}:
        return troubles
    left = {trouble: since for trouble, since in troubles.items() if trouble[0] not in found}
    return left | {trouble: troubles.get(trouble, "") for trouble in sorted(now)}


def _whole(value: JSON) -> int | None:
    return value if type(value) is int else None
