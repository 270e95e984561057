"""Home Assistant's own MQTT integration finds the locker, follows a door and, where it may, has one opened."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.broker import Mosquitto
from support.command_line import Daemon, start_daemon, stop_daemon
from support.home_assistant import HomeAssistant
from support.locker_folder import GOOD, make_folder

SWITCHED_ON = "\n[home_assistant]\ndiscovery = true\nunlock = true\n"
_DEADLINE_S = 90.0
"""Longer than the minute between two health messages."""


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HomeAssistant, Daemon]]:
    """A broker, a locker with two simulated doors, and Home Assistant."""
    folder: Path = tmp_path_factory.mktemp("home")
    (folder / "broker").mkdir()
    broker = Mosquitto(folder / "broker")
    broker.start()
    config = GOOD.replace('url = "mqtt://127.0.0.1:1"', f'url = "mqtt://127.0.0.1:{broker.port}"') + SWITCHED_ON
    daemon = start_daemon(make_folder(folder / "locker", config))
    assistant = HomeAssistant(folder / "assistant", broker.port)
    try:
        assistant.start()
        yield assistant, daemon
    finally:
        assistant.close()
        stop_daemon(daemon)
        broker.stop()


def eventually(holds: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + _DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_locker_is_a_device_with_its_doors_and_its_health(premises: tuple[HomeAssistant, Daemon]) -> None:
    assistant, _ = premises
    eventually(lambda: assistant.state("binary_sensor.central_station_a01_door") == "off")
    states = assistant.states()

    assert {name for name in states if "central_station" in name} == {
        *(f"binary_sensor.central_station_{door}_{what}" for door in ("a01", "a02") for what in ("door", "occupied")),
        *(f"binary_sensor.central_station_{door}_problem" for door in ("a01", "a02")),
        *(f"button.central_station_{door}_unlock" for door in ("a01", "a02")),
        *(f"sensor.central_station_{what}" for what in ("free_compartments", "clock", "disk_free", "answer_to_unlock")),
        "sensor.central_station_records_not_acknowledged",
        "binary_sensor.central_station_board_fault",
        "binary_sensor.central_station_power_too_low",
    }
    eventually(lambda: assistant.state("sensor.central_station_free_compartments") == "2")
    assert assistant.state("binary_sensor.central_station_a02_occupied") == "off"
    eventually(lambda: assistant.state("binary_sensor.central_station_board_fault") == "off")


def test_a_door_is_opened_from_there_and_seen_to_open_and_close(premises: tuple[HomeAssistant, Daemon]) -> None:
    assistant, _ = premises
    eventually(lambda: assistant.state("binary_sensor.central_station_a01_door") == "off")
    assistant.press("button.central_station_a01_unlock")
    eventually(lambda: assistant.state("sensor.central_station_answer_to_unlock") == "A01: unlocked")
    eventually(lambda: assistant.state("binary_sensor.central_station_a01_door") == "on")


def test_a_locker_that_goes_is_unavailable(premises: tuple[HomeAssistant, Daemon]) -> None:
    assistant, daemon = premises
    daemon.process.kill()
    eventually(lambda: assistant.state("binary_sensor.central_station_a02_door") == "unavailable")
