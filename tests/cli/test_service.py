"""Commands to a locker that runs in a process of its own."""

import json
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.command_line import PROGRAM, Daemon, Locker, start_daemon, stop_daemon
from support.locker_folder import GOOD, make_folder


def names(text: str) -> list[str]:
    """The first word of each line."""
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def test_the_status_is_for_people(locker: Locker, daemon: Daemon) -> None:
    ended = locker("status", "--config", daemon.config)

    assert (ended.code, ended.err) == (0, "")
    assert names(ended.out)[:9] == [
        "locker", "running", "clock", "journal", "disk", "broker", "boards", "doors", "compartment"
    ]  # fmt: skip
    assert re.search(r"^boards   main \(simulated\) works$", ended.out, re.MULTILINE)
    assert re.search(r"^broker   mqtt://127.0.0.1:1 not connected: ", ended.out, re.MULTILINE)
    assert re.search(r"^A01 +M +vacant", ended.out, re.MULTILINE)
    assert max(map(len, ended.out.splitlines()[9:])) <= 80


def test_the_status_as_json(locker: Locker, daemon: Daemon) -> None:
    facts = json.loads(locker("status", "--json", "--data", daemon.data).out)

    assert (facts["locker"], facts["boards"][0]["fault"]) == ("L0042", None)
    assert [each["id"] for each in facts["compartments"]] == ["A01", "A02"]


def test_what_goes_wrong_too_often_is_said_in_words_and_as_json(locker: Locker, tmp_path: Path) -> None:
    daemon = start_daemon(make_folder(tmp_path, f"{GOOD}\n[drift]\nunclean_boots = 1\n"))
    daemon.process.kill()
    daemon.process.wait()
    again = start_daemon(daemon.config)

    said = locker("drift", "--data", again.data)
    facts = json.loads(locker("drift", "--json", "--data", again.data).out)

    assert said.out.splitlines()[0] == "1 figure to look into, counted over 7 days"
    assert re.search(r"^locker +unclean boots +1 +1 +look into this$", said.out, re.MULTILINE)
    assert {"about": "locker", "figure": "unclean_boots", "count": 1, "limit": 1, "over": True} in facts["figures"]
    assert stop_daemon(again) == 0


def test_no_parcel_is_said_in_words(locker: Locker, daemon: Daemon) -> None:
    assert locker("parcels", "--data", daemon.data).out == "no parcel is inside or expected\n"
    assert json.loads(locker("parcels", "--data", daemon.data, "--json").out) == {"parcels": []}


@contextmanager
def watching(daemon: Daemon, *words: str) -> Iterator[subprocess.Popen[str]]:
    watch = subprocess.Popen(
        [*PROGRAM, "watch", "--data", daemon.data, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with watch:
        yield watch
        if watch.poll() is None:
            watch.kill()


def read_until(watch: subprocess.Popen[str], word: str) -> list[str]:
    """Its lines up to the first with `word`."""
    assert watch.stdout is not None
    lines: list[str] = []
    while not lines or word not in lines[-1]:
        lines.append(watch.stdout.readline())
        assert lines[-1], watch.communicate()
    return lines


def wait_until_it_listens(locker: Locker, daemon: Daemon, watch: subprocess.Popen[str]) -> None:
    """Block and unblock until the watcher has seen one of it."""
    assert watch.stdout is not None
    deadline = time.monotonic() + 20
    while not select.select([watch.stdout], [], [], 0)[0]:
        assert time.monotonic() < deadline
        locker("block", "A02", "--data", daemon.data)
        locker("unblock", "A02", "--data", daemon.data)


def test_a_door_is_opened_and_watched_until_ctrl_c(locker: Locker, tmp_path: Path) -> None:
    daemon = start_daemon(make_folder(tmp_path))
    with watching(daemon) as watch:
        wait_until_it_listens(locker, daemon, watch)

        ended = locker("open", "A01", "--reason", "stock-taking", "--data", daemon.data)

        assert (ended.code, ended.out) == (0, "A01: opened\n")
        lines = read_until(watch, "door.opened")
        unlock = next(line for line in lines if "unlock.authorised" in line)
        assert re.fullmatch(r"\d\d:\d\d:\d\d +\d+  A01   unlock.authorised  purpose=service  role=operator\n", unlock)
        watch.send_signal(signal.SIGINT)
        assert watch.wait(10) == 0
    assert stop_daemon(daemon) == 0
    assert "stock-taking" not in daemon.log.read_text()


def test_a_watcher_is_told_when_the_locker_stops(locker: Locker, tmp_path: Path) -> None:
    daemon = start_daemon(make_folder(tmp_path))
    with watching(daemon, "--json") as watch:
        wait_until_it_listens(locker, daemon, watch)
        [line, *_] = read_until(watch, "compartment.restored")

        assert stop_daemon(daemon) == 0

        assert json.loads(line).keys() == {"sequence", "time", "type", "data"}
        assert watch.wait(10) == 3
        assert watch.stderr is not None
        assert watch.stderr.read() == f"{daemon.data}: the locker has stopped\n"
    assert not (daemon.data / "locker.sock").exists()


def test_a_compartment_that_the_locker_has_not_is_refused(locker: Locker, daemon: Daemon) -> None:
    ended = locker("open", "Z99", "--reason", "x", "--data", daemon.data)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "Z99: there is no such compartment; `locker status` lists them\n"


@pytest.mark.parametrize("words", [("A01",), ("A01", "--reason", " "), ("A 01", "--reason", "x"), ()])
def test_a_wrong_order_is_wrong_use(locker: Locker, daemon: Daemon, words: tuple[str, ...]) -> None:
    assert locker("open", *words, "--data", daemon.data).code == 2


def test_out_of_service_and_back(locker: Locker, daemon: Daemon) -> None:
    assert locker("block", "A02", "--data", daemon.data).out == "A02: out of service\n"
    assert re.search(r"^A02 .* out of service ", locker("status", "--data", daemon.data).out, re.MULTILINE)
    done = locker("unblock", "A02", "--data", daemon.data, "--json")
    assert json.loads(done.out) == {"done": "unblock", "compartment": "A02"}


def test_no_locker_there_is_unreachable(locker: Locker, tmp_path: Path) -> None:
    ended = locker("status", "--data", tmp_path)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        f"no locker runs on {tmp_path}. Start it with `locker run`, or name another with --config or --data.\n"
    )


def test_a_locker_that_died_is_unreachable(locker: Locker, tmp_path: Path) -> None:
    daemon = start_daemon(make_folder(tmp_path))
    daemon.process.kill()
    daemon.process.wait(10)

    assert (daemon.data / "locker.sock").exists()
    assert locker("status", "--data", daemon.data).code == 3

    again = start_daemon(daemon.config)
    assert locker("status", "--data", daemon.data).code == 0
    assert stop_daemon(again) == 0


def test_a_second_locker_on_the_same_data_is_refused_and_the_first_goes_on(locker: Locker, daemon: Daemon) -> None:
    second = subprocess.run(
        [*PROGRAM, "run", "--config", daemon.config], capture_output=True, text=True, timeout=30, check=False
    )

    assert second.returncode == 2
    assert second.stderr.splitlines()[-1].startswith(f"The data directory {daemon.data} is in use by process ")
    assert "Traceback" not in second.stderr
    assert locker("status", "--data", daemon.data).code == 0


def test_a_wrong_configuration_starts_nothing(tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD.replace("channel = 2", "channel = 1"))

    refused = subprocess.run(
        [*PROGRAM, "run", "--config", config], capture_output=True, text=True, timeout=30, check=False
    )

    assert refused.returncode == 2
    assert refused.stderr.startswith(f"{config}: compartments[1].channel: A02 and A01 both use channel 1")
    assert not (tmp_path / "data").exists()
