"""`locker doctor`, beside a running locker and without one."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command_line import Locker, start_daemon, stop_daemon
from support.locker_folder import GOOD, make_folder

from controller.cli.simulated_stage import Script, Stage, stage
from firmware_bridge.responders import Manner

SAFE = GOOD.replace("[450, 380, 600]", '"M"')
SCRIPT = Script("kerong-cu48", 19_200, 2, (1,), Manner(120))


@pytest.fixture(autouse=True)
def right_clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine whose clock is kept right."""
    monkeypatch.setattr("controller.device.clock._TIMESYNC", tmp_path)


@pytest.fixture
def cabinet() -> Iterator[Stage]:
    with stage(SCRIPT, lambda door, what: None) as put_up:
        yield put_up


@pytest.fixture
def broker() -> Iterator[str]:
    """Something that takes calls."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"mqtt://127.0.0.1:{listening.getsockname()[1]}"


def on(cabinet: Stage, text: str = SAFE) -> str:
    """The configuration with a CU48 on this cabinet."""
    board = f'driver = "kerong-cu48"\nport = "{cabinet.line.port}"\naddress = 1\npulse_ms = 120'
    return text.replace('driver = "simulated"', board)


def examined(locker: Locker, config: Path) -> tuple[int, dict[str, Any]]:
    ended = locker("doctor", "--json", "--config", config)
    facts = json.loads(ended.out)
    assert facts["good"] is (ended.code == 0)
    return ended.code, {part["part"]: part for part in facts["parts"]}


def test_all_is_well_where_it_is(locker: Locker, cabinet: Stage, broker: str, tmp_path: Path) -> None:
    config = make_folder(tmp_path / "site", on(cabinet).replace("mqtt://127.0.0.1:1", broker))

    ended = locker("doctor", "--config", config)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("\nEverything is well.\n")
    assert max(map(len, ended.out.splitlines())) <= 80
    code, parts = examined(locker, config)
    assert code == 0
    assert parts["board main"]["what"] == "it answers at 19200 baud and tells of 48 doors"
    assert parts["doors"]["what"] == "2 doors are read, all closed"
    assert parts["camera"]["state"] == "not_configured"
    assert cabinet.cabinet.pulses == []


def test_what_is_wrong_is_told_with_what_to_do(locker: Locker, cabinet: Stage, tmp_path: Path) -> None:
    cabinet.cabinet.lose_replies(True)

    code, parts = examined(locker, make_folder(tmp_path / "site", on(cabinet, GOOD)))

    assert code == 1
    assert (parts["board main"]["state"], parts["broker"]["state"]) == ("faulty", "missing")
    assert parts["board main"]["what"].startswith("no reply: address 1, pty:")
    assert parts["board main"]["advice"] == "check power, A/B wires, `baud` and `address`"
    assert parts["inner release A02"]["advice"] == "fit one and set inner_release = true"


def test_only_status_questions_are_asked(locker: Locker, cabinet: Stage, tmp_path: Path) -> None:
    examined(locker, make_folder(tmp_path / "site", on(cabinet)))
    assert {heard.frame[3] for heard in cabinet.line.frames} == {0x50}


def test_a_port_that_is_not_there_is_missing(locker: Locker, cabinet: Stage, tmp_path: Path) -> None:
    cabinet.line.unplug()
    code, parts = examined(locker, make_folder(tmp_path / "site", on(cabinet)))
    assert (code, parts["board main"]["state"]) == (1, "missing")
    assert "No such file or directory" in parts["board main"]["what"]


def test_a_running_locker_is_asked_instead_of_its_ports(locker: Locker, cabinet: Stage, tmp_path: Path) -> None:
    cabinet.cabinet.force(2)
    daemon = start_daemon(make_folder(tmp_path / "site", on(cabinet)))
    try:
        _, parts = examined(locker, daemon.config)
        assert parts["locker"]["what"].startswith("it runs, start 1")
        assert parts["board main"]["state"] == "found"
        assert parts["board main"]["what"].endswith("0 gone wrong")
        assert parts["doors"]["what"] == "2 doors are read; open: A02"
        assert parts["broker"]["state"] == "missing"
    finally:
        stop_daemon(daemon)


def test_a_socket_that_a_killed_locker_left_is_nobodys(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path / "site", SAFE)
    (tmp_path / "site" / "data").mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "site" / "data" / "locker.sock"))
    _, parts = examined(locker, config)
    assert parts["locker"]["state"] == "not_configured"
    assert parts["journal"]["what"].startswith("there is none yet")


def test_a_locker_that_hangs_is_unreachable(locker: Locker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.cli.service_client.ANSWER_S", 0.1)
    config = make_folder(tmp_path / "site", SAFE)
    (tmp_path / "site" / "data").mkdir()
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(tmp_path / "site" / "data" / "locker.sock"))
        hanging.listen()
        ended = locker("doctor", "--config", config)
    assert (ended.code, ended.out) == (3, "")
    assert "the locker has not answered" in ended.err


def test_a_configuration_that_cannot_be_used_is_wrong_use(locker: Locker, tmp_path: Path) -> None:
    ended = locker("doctor", "--config", make_folder(tmp_path / "site", SAFE.replace("kerong", "x") + "[nonsense]\n"))
    assert (ended.code, ended.out) == (2, "")
    assert "nonsense" in ended.err
