"""Filters, summary and metrics over a small fleet."""

import pytest
from support.fleet_talk import Talker

from controller.contract.topics import DEFAULT_ROOT
from controller.domain import events as ev
from controller.domain.ids import CompartmentId, MonoMs
from controller.remote.fleet.filters import wanted
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.metrics import METRICS, prometheus
from controller.remote.fleet.summary import summary

A01 = CompartmentId("A01")


@pytest.fixture
def fleet() -> FleetView:
    """Three lockers: one well, one forced and full, one that went offline with a backlog."""
    well, forced, gone = Talker("L1"), Talker("L2", "1.5.0"), Talker("X3", "1.5.1")
    fleet = FleetView(DEFAULT_ROOT, lambda: 1_790_000_000.5)
    said = [
        *(talker.online() for talker in (well, forced, gone)),
        well.counts(free=3, occupied=1),
        well.health(memory_kib=61_000, temperatures_c={"cpu": 48}, drift={"locker": {"jams": 2}}, certificate_days=300),
        well.configured(3, pending=4),
        forced.configured(2, refused={"version": 4, "sha256": None, "reason": "bad_settings"}),
        forced.counts(occupied=4),
        forced.record(ev.DoorForced(compartment=A01)),
        forced.record(ev.DoorForced(compartment=CompartmentId("A02"))),
        gone.record(ev.DoorClosed(compartment=A01, open_ms=MonoMs(4))),
        gone.health(outbox_depth=120, outbox_oldest_s=7200),
        gone.offline(),
    ]
    for topic, payload in said:
        fleet.take(topic, payload)
    return fleet


@pytest.mark.parametrize(
    ("words", "lockers"),
    [
        ("", ["L1", "L2", "X3"]),
        ("online", ["L1", "L2"]),
        ("offline", ["X3"]),
        ("alarm", ["L2", "X3"]),
        ("!alarm", ["L1"]),
        ("alarm=forced", ["L2"]),
        ("alarm=backlog offline", ["X3"]),
        ("software=1.5.*", ["L2", "X3"]),
        ("backlog>100", ["X3"]),
        ("free<1 online", ["L2"]),
        ("full", ["L2"]),
        ("misconfigured", ["L2"]),
        ("config<3", ["L2", "X3"]),
        ("config>2", ["L1"]),
        ("L*", ["L1", "L2"]),
        ("L1 offline", []),
        ("!L1 !X*", ["L2"]),
    ],
)
def test_filters(fleet: FleetView, words: str, lockers: list[str]) -> None:
    met = wanted(words)
    assert [view.locker for view in fleet.lockers() if met(view)] == lockers


@pytest.mark.parametrize("words", ["alarm=smoke", "weight>3", "software=", "backlog>many", "a b/c", "!"])
def test_a_filter_that_is_none_is_explained(words: str) -> None:
    with pytest.raises(ValueError, match="is not understood: online, offline, alarm"):
        wanted(words)


def test_a_summary_has_totals_and_each_locker(fleet: FleetView) -> None:
    told = summary(fleet.lockers())

    each = told.pop("each")
    assert told == {
        "lockers": 3,
        "online": 2,
        "offline": 1,
        "compartments": {"free": 3, "reserved": 0, "occupied": 5, "quarantined": 0, "out_of_service": 0},
        "alarms": {"forced": 2, "backlog": 1, "offline": 1},
        "backlog": 120,
        "software": {"1.4.2": 1, "1.5.0": 1, "1.5.1": 1},
    }
    assert isinstance(each, list)
    assert [(one["locker"], one["seq"]) for one in each if isinstance(one, dict)] == [("L1", 0), ("L2", 2), ("X3", 1)]


def test_metrics_tell_what_the_lockers_told(fleet: FleetView) -> None:
    lines = prometheus(fleet, broker_up=True).splitlines()

    assert {
        'locker_online{locker="X3"} 0',
        'locker_info{locker="L1",software="1.4.2"} 1',
        'locker_alarms{locker="L2",kind="forced"} 2',
        'locker_config_version{locker="L1"} 3',
        'locker_config_refused{locker="L1"} 0',
        'locker_config_refused{locker="L2"} 1',
        'locker_compartments{locker="L1",status="free"} 3',
        'locker_outbox_oldest_seconds{locker="X3"} 7200',
        'locker_memory_bytes{locker="L1"} 62464000',
        'locker_temperature_celsius{locker="L1",sensor="cpu"} 48',
        'locker_drift{locker="L1",what="jams"} 2',
        'locker_certificate_seconds{locker="L1"} 25920000',
        'locker_health_timestamp_seconds{locker="X3"} 1790000000.5',
        'locker_fleet_records_total{event="door.forced"} 2',
        "locker_fleet_broker_up 1",
    } <= set(lines)
    assert not any(line.startswith('locker_memory_bytes{locker="X3"') for line in lines)


def test_what_a_locker_says_cannot_break_out_of_its_label() -> None:
    fleet = FleetView(DEFAULT_ROOT, lambda: 0.0)
    fleet.take(*Talker(software='1"} 7\nlocker_online{locker="L9').online())

    assert 'locker_info{locker="L0042",software="1\\"} 7\\nlocker_online{locker=\\"L9"} 1' in prometheus(fleet, True)


def test_every_name_says_what_it_is_and_in_which_unit() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    for metric in METRICS:
        assert metric.name.startswith("locker_")
        assert metric.name.endswith("_total") is (metric.kind == "counter")
