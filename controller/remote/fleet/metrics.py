"""The fleet in the text format of Prometheus, version 0.0.4.

A figure that a locker does not tell has no line. Trouble has a line while it lasts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from controller.contract.wire_json import JSON
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.locker_view import LockerView
from controller.remote.fleet.summary import COUNTED

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_KIB = 1024
_DAY_S = 86_400
Labels = tuple[tuple[str, str], ...]
Sample = tuple[Labels, int | float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One name with its meaning and where its samples come from."""

    name: str
    kind: str
    help: str
    of: Callable[[LockerView], Iterable[Sample]]
    """The samples of one locker, without the label `locker`."""


def _one(value: float) -> tuple[Sample, ...]:
    return (((), value),)


def _figure(name: str, factor: int = 1) -> Callable[[LockerView], Iterable[Sample]]:
    def of(view: LockerView) -> Iterable[Sample]:
        value = view.health.get(name)
        return _one(value * factor) if type(value) is int else ()

    return of


def _figures(name: str, label: str) -> Callable[[LockerView], Iterable[Sample]]:
    def of(view: LockerView) -> Iterable[Sample]:
        values: JSON = view.health.get(name)
        if not isinstance(values, dict):
            return ()
        return tuple((((label, key),), value) for key, value in values.items() if type(value) is int)

    return of


def _drift(view: LockerView) -> Iterable[Sample]:
    drift = view.health.get("drift")
    figures: JSON = drift.get("locker") if isinstance(drift, dict) else None
    if not isinstance(figures, dict):
        return ()
    return tuple(((("what", what),), value) for what, value in figures.items() if type(value) is int)


def _alarms(view: LockerView) -> Iterable[Sample]:
    places = Counter(alarm.value for alarm, _ in view.troubles)
    return tuple(((("kind", kind),), count) for kind, count in places.items())


def _compartments(view: LockerView) -> Iterable[Sample]:
    return tuple(((("status", name),), view.count(name)) for name in COUNTED) if view.sizes else ()


def _config(view: LockerView) -> Iterable[Sample]:
    return () if view.config is None else _one(view.config.version)


def _config_refused(view: LockerView) -> Iterable[Sample]:
    return () if view.config is None else _one(int(view.config.refused is not None))


def _health_at(view: LockerView) -> Iterable[Sample]:
    return () if view.health_at_s is None else _one(view.health_at_s)


METRICS = (
    Metric("locker_online", "gauge", "1 while the locker is there.", lambda view: _one(int(view.online))),
    Metric("locker_info", "gauge", "Its software.", lambda view: (((("software", view.software),), 1),)),
    Metric("locker_config_version", "gauge", "Of what is told from afar and in force.", _config),
    Metric("locker_config_refused", "gauge", "1 while the one that came last is not in force.", _config_refused),
    Metric("locker_alarms", "gauge", "Places that a kind of trouble is in.", _alarms),
    Metric("locker_compartments", "gauge", "Compartments by how they stand.", _compartments),
    Metric("locker_outbox_records", "gauge", "Records not acknowledged.", _figure("outbox_depth")),
    Metric("locker_outbox_oldest_seconds", "gauge", "Wait of the oldest of them.", _figure("outbox_oldest_s")),
    Metric("locker_disk_free_bytes", "gauge", "Room on the disk.", _figure("disk_free_kib", _KIB)),
    Metric("locker_disk_size_bytes", "gauge", "Size of the disk.", _figure("disk_total_kib", _KIB)),
    Metric("locker_memory_bytes", "gauge", "Resident memory of the process.", _figure("memory_kib", _KIB)),
    Metric("locker_certificate_seconds", "gauge", "Its certificate is good.", _figure("certificate_days", _DAY_S)),
    Metric("locker_temperature_celsius", "gauge", "Temperatures.", _figures("temperatures_c", "sensor")),
    Metric("locker_drift", "gauge", "What went a little wrong within the last days.", _drift),
    Metric("locker_acks_refused_total", "counter", "Acknowledgements not believed.", _figure("acks_refused")),
    Metric("locker_health_timestamp_seconds", "gauge", "When its last health message came.", _health_at),
    Metric("locker_records_missing", "gauge", "Records that were jumped over.", lambda view: _one(view.gaps.missing)),
    Metric("locker_records_repeated_total", "counter", "Records again.", lambda view: _one(view.gaps.repeated)),
)


def prometheus(fleet: FleetView, broker_up: bool) -> str:
    """All figures of all lockers, and of the watcher itself."""
    return "".join(f"{line}\n" for line in _lines(fleet, broker_up))


def _lines(fleet: FleetView, broker_up: bool) -> Iterator[str]:
    views = fleet.lockers()
    for metric in METRICS:
        samples = [((("locker", view.locker), *labels), value) for view in views for labels, value in metric.of(view)]
        yield from _family(metric.name, metric.kind, metric.help, samples)
    events = [((("event", name),), count) for name, count in sorted(fleet.records.items())]
    yield from _family("locker_fleet_records_total", "counter", "Records heard by event.", events)
    strange = _one(fleet.strange)
    yield from _family("locker_fleet_strange_messages_total", "counter", "Messages in no known form.", strange)
    yield from _family("locker_fleet_broker_up", "gauge", "1 while the broker can be heard.", _one(int(broker_up)))


def _family(name: str, kind: str, help: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {help}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield f"{name}{_labels(dict(labels))} {value}"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
