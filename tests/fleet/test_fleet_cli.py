"""`locker fleet …` as a person types it, on a real mosquitto."""

import asyncio
import io
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from support.broker import Mosquitto, free_port
from support.command_line import PROGRAM
from support.fleet_talk import Said, Talker
from support.locker_on_air import keys_in, locker
from support.on_a_loop import on_a_loop
from support.terminal import Terminal

from controller.cli.main import main
from controller.domain import events as ev
from controller.domain.ids import CompartmentId

pytestmark = pytest.mark.timeout(120)
A01 = CompartmentId("A01")
Typed = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Typed:
    """`locker fleet` with these words: its exit code, what it printed, and what it complained of."""

    async def run(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = await asyncio.to_thread(main, ["fleet", *words])
        return (code, *capfd.readouterr())

    return run


@pytest.fixture
def url(mosquitto: Mosquitto) -> str:
    return f"mqtt://127.0.0.1:{mosquitto.port}"


def say(mosquitto: Mosquitto, *said: Said, retain: bool = True) -> None:
    """Say it to the broker, and wait until it has it."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()
    for topic, payload in said:
        client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


class TestSummary:
    @on_a_loop
    async def test_counts_what_the_broker_keeps(self, mosquitto: Mosquitto, url: str, said: Typed) -> None:
        north, south = Talker("L1"), Talker("L2", "1.5.0")
        say(mosquitto, north.online(), north.counts(free=3, occupied=5), south.offline(), south.face("A01", "unknown"))

        code, out, err = await said("summary", "--url", url, "--json")
        told = json.loads(out)
        assert (code, err) == (0, "")
        assert (told["lockers"], told["online"], told["compartments"]["occupied"]) == (2, 1, 5)
        assert told["alarms"] == {"offline": 1, "sensor": 1}
        code, out, _ = await said("summary", "--url", url, "--filter", "software=1.5.*")
        assert code == 0
        assert out.splitlines()[0].split() == ["lockers", "1"]
        assert "1 1.5.0" in out

    @on_a_loop
    async def test_wrong_words_and_no_broker_are_told_apart(self, said: Typed) -> None:
        nowhere = ["--url", f"mqtt://127.0.0.1:{free_port()}", "--timeout", "0.5"]
        code, _, err = await said("summary", *nowhere)
        assert (code, "does not answer" in err) == (3, True)
        code, _, err = await said("summary", *nowhere, "--filter", "alarm=smoke")
        assert (code, "the kinds of alarm are offline" in err) == (2, True)
        assert (await said("watch", *nowhere))[0] == 2


class TestOrders:
    @on_a_loop
    async def test_go_to_all_that_are_meant_and_each_answer_is_told(
        self, mosquitto: Mosquitto, url: str, tmp_path: Path, said: Typed
    ) -> None:
        keyring = keys_in(tmp_path / "acme")
        reach = ["--url", url, "--dir", str(tmp_path / "acme"), "--yes"]
        async with locker(mosquitto, keyring, "L1") as (one, _, _), locker(mosquitto, keyring, "L2") as (two, _, _):
            code, out, _ = await said("block", "A01", "--filter", "L*", *reach)
            assert (code, out) == (0, "L1: executed\nL2: executed\n")
            assert one.engine.state.compartments[A01].blocked
            assert two.engine.state.compartments[A01].blocked

            code, out, _ = await said("unblock", "A01", "--locker", "L2", "--json", *reach)
            assert (code, json.loads(out)["L2"]["status"]) == (0, "executed")
            assert one.engine.state.compartments[A01].blocked
            code, out, _ = await said("block", "Z99", "--locker", "L1", *reach)
            assert (code, out) == (1, "L1: refused: compartment_unknown\n")
            code, out, _ = await said("block", "A01", "--locker", "L9", "--timeout", "3", *reach)
            assert (code, "never been heard of" in out) == (3, True)

    @on_a_loop
    async def test_nothing_is_sent_unless_somebody_agrees_to_the_number(
        self, mosquitto: Mosquitto, url: str, tmp_path: Path, said: Typed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keyring = keys_in(tmp_path / "acme")
        reach = ["--url", url, "--dir", str(tmp_path / "acme")]
        async with locker(mosquitto, keyring, "L1") as (one, _, _), locker(mosquitto, keyring, "L2") as (two, _, _):
            for answer, words in (("3", ["--filter", "L*"]), ("n", ["--locker", "L1"]), ("", ["--filter", "L*"])):
                monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
                code, out, err = await said("block", "A01", *words, *reach)
                assert (code in (1, 2), out.strip()) == (True, "")
                assert "compartment.block A01 goes to L1" in err
            assert not one.engine.state.compartments[A01].blocked
            monkeypatch.setattr("sys.stdin", io.StringIO("2\n"))
            assert (await said("block", "A01", "--filter", "L*", *reach))[0] == 0
            assert two.engine.state.compartments[A01].blocked

    @on_a_loop
    async def test_every_door_needs_a_second_operator_and_stock_a_technician(
        self, mosquitto: Mosquitto, url: str, tmp_path: Path, said: Typed
    ) -> None:
        keyring = keys_in(tmp_path / "acme")
        reach = ["--locker", "L1", "--yes", "--json", "--url", url, "--dir", str(tmp_path / "acme")]
        async with locker(mosquitto, keyring, "L1") as (one, _, _):
            code, out, _ = await said("open-all", *reach)
            assert (code, json.loads(out)["L1"]["outcome"]) == (0, "second_signature_awaited")
            code, out, _ = await said("open-all", *reach)
            assert (code, json.loads(out)["L1"]["reason"]) == (1, "second_signature")
            code, out, _ = await said("audit", *reach)
            assert (code, json.loads(out)["L1"]["status"]) == (0, "executed")
            assert one.engine.state.audit is not None
            assert one.engine.state.series is None

    @on_a_loop
    async def test_whoever_is_meant_must_be_said(self, tmp_path: Path, said: Typed) -> None:
        keys_in(tmp_path / "acme")
        code, _, err = await said("open", "A01", "--dir", str(tmp_path / "acme"))
        assert (code, "name the lockers with --locker" in err) == (2, True)


def test_the_exporter_tells_prometheus_and_this_machine_alone(mosquitto: Mosquitto, url: str) -> None:
    talker = Talker("L1")
    say(mosquitto, talker.online())
    command = [*PROGRAM, "fleet", "exporter", "--url", url, "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as exporter:
        try:
            assert exporter.stderr is not None
            address = exporter.stderr.readline().split()[2].rstrip(";")
            _until(address, 'locker_online{locker="L1"} 1')
            say(mosquitto, talker.record(ev.DoorForced(compartment=A01)), retain=False)
            text = _until(address, 'locker_alarms{locker="L1",kind="forced"} 1')
            assert "locker_fleet_broker_up 1" in text
        finally:
            exporter.send_signal(signal.SIGTERM)
        assert exporter.wait(10) == 0


@on_a_loop
async def test_the_exporter_is_not_served_to_others(said: Typed) -> None:
    code, _, err = await said("exporter", "--listen", "0.0.0.0:0")
    assert (code, "on loopback only" in err) == (2, True)


def _until(address: str, line: str) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            text: str = answer.read().decode()
        if line in text.splitlines():
            return text
        time.sleep(0.05)
    raise AssertionError(f"{line} is not among the metrics")


def test_watching_in_a_terminal(mosquitto: Mosquitto, url: str) -> None:
    north, south = Talker("L1"), Talker("L2")
    say(mosquitto, north.online(), north.counts(free=3, occupied=5), south.online(), south.face("A01"))
    with Terminal([*PROGRAM, "fleet", "watch", "--url", url], {**os.environ, "TERM": "xterm"}) as terminal:
        terminal.reads("2 lockers, 2 online, 0 with alarms")
        terminal.reads("5/8")
        say(mosquitto, south.record(ev.DoorForced(compartment=A01)), retain=False)
        terminal.reads("forced")
        terminal.press("\x1b[B\r")
        terminal.reads("forced A01 since 2026-09-21T14:13:20.000Z")
        terminal.reads("A01  closed, vacant")
        terminal.reads("#1 door.forced A01")
        terminal.press("\x1b")
        terminal.reads("2 lockers")
        terminal.press("q")
        assert terminal.ended() == 0
