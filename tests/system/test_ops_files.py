"""Prometheus's own promtool on the files that are shipped for it, and on what the exporter says."""

import subprocess
from pathlib import Path

from support.fleet_talk import Talker

from controller.contract.topics import DEFAULT_ROOT
from controller.domain import events as ev
from controller.domain.ids import CompartmentId
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.metrics import prometheus

PROMETHEUS = Path(__file__).parents[2] / "config" / "ops" / "prometheus"


def promtool(*words: str, said: str = "") -> None:
    ran = subprocess.run(["promtool", *words], cwd=PROMETHEUS, input=said, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_configuration_and_the_alerts_are_in_form() -> None:
    promtool("check", "config", "prometheus.yml")
    promtool("check", "rules", "locker-alerts.yml")


def test_alerts_fire_when_they_should_and_not_before() -> None:
    promtool("test", "rules", "locker-alerts.test.yml")


def test_what_the_exporter_says_is_in_form() -> None:
    talker, fleet = Talker(software='1.4 "new"'), FleetView(DEFAULT_ROOT, lambda: 1_790_000_000.0)
    temperatures = talker.health(
        temperatures_c={"cpu": 48}, drift={"locker": {"jams": 1}}, certificate_days=9, memory_kib=1
    )
    forced = talker.record(ev.DoorForced(compartment=CompartmentId("A01")))
    for said in (talker.online(), talker.counts(free=2), temperatures, forced):
        fleet.take(*said)

    promtool("check", "metrics", said=prometheus(fleet, True))
