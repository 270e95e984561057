"""`locker demo` as a process: what it says, what it keeps, and how it ends."""

import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import PROGRAM, Locker
from support.demo import Demo, Told, running_demo

PARCEL = {"size": "M", "regulated": False}


def has_parcels(told: Told) -> bool:
    return bool(told.scene.get("parcels"))


def read_until(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    assert any(word in line for line in process.stdout), f"it ended without a word of {word}"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with running_demo(tmp_path, "--no-browser") as demo:
        yield demo


def test_it_says_where_everything_is_and_nothing_more(demo: Demo) -> None:
    demo.ask("parcels", PARCEL)
    demo.told(has_parcels)

    assert f"\n  Everything on one page    {demo.url}/demo/\n" in demo.said
    assert f"\n  The touchscreen alone     {demo.url}/\n" in demo.said
    assert len(demo.said.splitlines()) <= 12
    assert demo.said.splitlines()[-1].startswith("Ctrl-C ends it. ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_a_page_open_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with running_demo(tmp_path, "--no-browser") as demo, socket.create_connection(("127.0.0.1", demo.port)) as page:
        page.sendall(f"GET /demo/live HTTP/1.1\r\nHost: 127.0.0.1:{demo.port}\r\n\r\n".encode())
        assert page.recv(12) == b"HTTP/1.1 200"
        said = demo.said
        code, _ = demo.stop(number)

        assert code == 0
        assert demo.said == said
        assert not demo.config.parent.exists()


def test_what_it_promises_to_another_terminal_works(demo: Demo, locker: Locker) -> None:
    watch = [*PROGRAM, "carrier", "watch", "--url", demo.said.split("carrier watch --url ")[1].split()[0]]
    with subprocess.Popen(watch, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as watching:
        try:
            read_until(watching, "watching")
            demo.ask("parcels", PARCEL)
            read_until(watching, "parcel.expected")
        finally:
            watching.terminate()

    assert locker("status", "--config", demo.config).code == 0


def test_the_next_demo_goes_on_where_the_last_one_ended(tmp_path: Path, locker: Locker) -> None:
    house = tmp_path / "house"
    with running_demo(tmp_path, "--no-browser", "--data", house) as demo:
        demo.ask("parcels", PARCEL)
        before = demo.told(has_parcels)
        assert f"Its journal stays in {house} " in demo.said
        demo.stop()
    with running_demo(tmp_path, "--no-browser", "--data", house) as demo:
        after = demo.told(lambda told: has_parcels(told) and told.names.count("boot.started") == 2)
        demo.ask("parcels", PARCEL)
        grown = demo.told(lambda told: len(told.scene.get("parcels", ())) == 2)

    assert after.lines[: len(before.lines)] == before.lines
    assert [line["sequence"] for line in after.lines] == [*range(1, len(after.lines) + 1)]
    assert after.names.count("stream.started") == 1
    assert after.scene["parcels"] == before.scene["parcels"]
    assert [parcel["number"] for parcel in grown.scene["parcels"]] == [1, 2]
    assert stat.S_IMODE(house.stat().st_mode) == 0o700
    assert locker("journal", "verify", "--data", house / "locker").code == 0


def test_a_port_that_is_taken_is_said_before_anything_is_begun(locker: Locker, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = locker("demo", "--no-browser", "--port", port, "--data", tmp_path / "house")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"port {port} is taken by another program: name another one, such as --port 8090\n"
    assert not (tmp_path / "house").exists()


def test_a_data_directory_that_is_in_use_is_left_to_the_demo_that_uses_it(locker: Locker, tmp_path: Path) -> None:
    house = tmp_path / "house"
    with running_demo(tmp_path, "--no-browser", "--data", house):
        kept = (house / "locker.toml").read_text()
        ended = locker("demo", "--no-browser", "--port", 0, "--data", house)

        assert ended.code == 2
        assert ended.err == f"{house} is in use by another demo: end that one, or name another directory\n"
        assert (house / "locker.toml").read_text() == kept


def test_a_data_directory_that_cannot_be_one_is_named(locker: Locker, tmp_path: Path) -> None:
    (tmp_path / "house").touch()
    ended = locker("demo", "--no-browser", "--port", 0, "--data", tmp_path / "house")

    assert ended.code == 2
    assert ended.err == f"{tmp_path}/house is a file: name a directory, or one that is not there yet\n"


def test_the_browser_opens_on_the_page_of_everything(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o700)
    environment = {**os.environ, "BROWSER": str(browser), "DISPLAY": ":0"}

    with running_demo(tmp_path, environment=environment) as demo:
        assert opened.read_text() == f"{demo.url}/demo/\n"
