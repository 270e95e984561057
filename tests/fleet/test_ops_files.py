"""What is shipped for Prometheus, Grafana and Telegraf names metrics, topics and figures that there are."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from controller.contract.channels import channels
from controller.contract.message_schemas import message_schemas
from controller.contract.topics import DEFAULT_ROOT
from controller.remote.fleet.alarms import CERTIFICATE_DAYS, LONGEST_WAIT_S, Alarm
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.metrics import prometheus

OPS = Path(__file__).parents[2] / "config" / "ops"
NAMES = set(re.findall(r"^# TYPE (\S+) ", prometheus(FleetView(DEFAULT_ROOT, lambda: 0.0), True), re.MULTILINE))
WANTED = {"Offline", "Forced", "Jam", "Drift", "Certificate", "Disk", "Board", "Backlog", "Configuration"}


def expressions() -> list[str]:
    return re.findall(r"^ +expr: (.*)$", (OPS / "prometheus" / "locker-alerts.yml").read_text(), re.MULTILINE)


def dashboard() -> Any:
    return json.loads((OPS / "grafana" / "locker-fleet.json").read_text())


def named(expression: str) -> set[str]:
    return set(re.findall(r"\blocker_[a-z_]+", expression))


def test_alerts_name_metrics_and_alarms_that_there_are() -> None:
    assert len(expressions()) >= len(WANTED)
    assert set.union(*map(named, expressions())) <= NAMES
    kinds = re.findall(r'kind=~?"([a-z_|]+)"', " ".join(expressions()))
    assert {kind for each in kinds for kind in each.split("|")} <= set(Alarm)


def test_what_somebody_must_hear_of_has_its_alert() -> None:
    text = (OPS / "prometheus" / "locker-alerts.yml").read_text()
    assert {f"Locker{name}" for name in WANTED} <= set(re.findall(r"- alert: (\w+)", text))
    assert text.count("- alert:") == text.count("summary:") == text.count("action:") == text.count("severity:")


def test_alerts_and_watchers_draw_the_line_at_the_same_place() -> None:
    assert f"locker_certificate_seconds < {CERTIFICATE_DAYS} * 86400" in expressions()
    assert f"locker_outbox_oldest_seconds > {LONGEST_WAIT_S}" in expressions()


def test_every_panel_asks_for_metrics_that_there_are() -> None:
    panels = dashboard()["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    assert len({panel["id"] for panel in panels}) == len(panels) == len({panel["title"] for panel in panels})
    assert set.union(*map(named, asked)) <= NAMES
    assert all(named(expression) for expression in asked)


def test_no_panel_lies_on_another_or_beside_the_page() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        columns, rows = range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        cells = {(x, y) for x in columns for y in rows}
        assert not cells & taken
        assert columns.stop <= 24
        taken |= cells


def test_telegraf_reads_topics_that_lockers_speak_on() -> None:
    (reading,) = tomllib.loads((OPS / "telegraf" / "locker.conf").read_text())["inputs"]["mqtt_consumer"]
    spoken = {channel.topic: channel.schema for channel in channels(DEFAULT_ROOT)}
    told: set[str] = set()
    for topic, parsing in zip(reading["topics"], reading["topic_parsing"], strict=True):
        assert parsing["topic"] == topic
        assert parsing["tags"].split("/").index("locker") == topic.split("/").index("+")
        properties: Any = message_schemas()[spoken[topic]]["properties"]
        told |= properties.keys()
    assert set(reading["json_string_fields"]) <= told
