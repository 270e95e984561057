"""Prometheus and its promtool on the files that are shipped for them, and on what the exporter says."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from support.broker import free_port, running_mosquitto
from support.daemon import LOCKER_COMMAND, wait_until
from support.fleet_talk import Talker

from controller.contract.topics import DEFAULT_ROOT
from controller.domain import events as ev
from controller.domain.ids import CompartmentId
from controller.remote.fleet.fleet_view import FleetView
from controller.remote.fleet.metrics import prometheus

OPS = Path(__file__).parents[2] / "config" / "ops"
PROMETHEUS = OPS / "prometheus"


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


def test_prometheus_loads_them_hears_the_exporter_and_answers_every_question_of_the_dashboard(tmp_path: Path) -> None:
    exporter, prometheus_port = free_port(), free_port()
    config = (PROMETHEUS / "prometheus.yml").read_text().replace("127.0.0.1:9745", f"127.0.0.1:{exporter}")
    (tmp_path / "prometheus.yml").write_text(config.replace("30s", "1s"))
    (tmp_path / "locker-alerts.yml").write_bytes((PROMETHEUS / "locker-alerts.yml").read_bytes())
    words = [f"--config.file={tmp_path / 'prometheus.yml'}", f"--storage.tsdb.path={tmp_path / 'data'}"]
    words.append(f"--web.listen-address=127.0.0.1:{prometheus_port}")
    (tmp_path / "broker").mkdir()
    with running_mosquitto(tmp_path / "broker") as broker:
        url, listen = f"mqtt://127.0.0.1:{broker.port}", f"127.0.0.1:{exporter}"
        exporting = [*LOCKER_COMMAND, "fleet", "exporter", "--url", url, "--listen", listen]
        with running(exporting, tmp_path / "exporter"), running(["prometheus", *words], tmp_path / "prometheus"):
            wait_until(lambda: up(prometheus_port), "Prometheus to have heard the exporter")
            [group] = asked(prometheus_port, "rules")["groups"]
            assert {rule["health"] for rule in group["rules"]} <= {"ok", "unknown"}
            panels = json.loads((OPS / "grafana" / "locker-fleet.json").read_text())["panels"]
            for question in [target["expr"] for panel in panels for target in panel["targets"]]:
                asked(prometheus_port, f"query?query={quote(question.replace('$locker', '.*'))}")


def up(port: int) -> bool:
    try:
        heard = asked(port, "query?query=locker_fleet_broker_up")["result"]
    except URLError:
        return False
    return [each["value"][1] for each in heard] == ["1"]


def asked(port: int, what: str) -> Any:
    with urlopen(f"http://127.0.0.1:{port}/api/v1/{what}") as answer:
        told = json.load(answer)
    assert told["status"] == "success"
    return told["data"]


@contextmanager
def running(words: list[str], log: Path) -> Iterator[None]:
    with log.with_suffix(".log").open("wb") as said:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
