"""The terminal before a locker that does not behave."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from controller.cli import service_client
from controller.cli.failure import Exit, Failed
from controller.cli.service_client import ask, follow


@contextmanager
def answering(folder: Path, talk: Callable[[socket.socket], None]) -> Iterator[None]:
    """Something that takes one call on the socket of `folder`."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "locker.sock"))
        listening.listen()

        def take() -> None:
            call, _ = listening.accept()
            with call:
                talk(call)

        thread = threading.Thread(target=take)
        thread.start()
        yield
        thread.join(10)


def saying(*lines: bytes) -> Callable[[socket.socket], None]:
    def talk(call: socket.socket) -> None:
        call.recv(1000)
        for line in lines:
            call.sendall(line + b"\n")

    return talk


def failure(folder: Path, talk: Callable[[socket.socket], None]) -> Failed:
    with answering(folder, talk), pytest.raises(Failed) as error:
        ask(folder, {"do": "open", "compartment": "A01", "reason": "x"})
    return error.value


def test_the_answer_comes_without_its_ok(tmp_path: Path) -> None:
    with answering(tmp_path, saying(b'{"ok":true,"parcels":[]}')):
        assert ask(tmp_path, {"do": "parcels"}) == {"parcels": []}


@pytest.mark.parametrize(
    ("reason", "code", "words"),
    [
        ("busy", Exit.NOT_GOOD, "A01: somebody is at the locker"),
        ("unlock_limit", Exit.NOT_GOOD, "A01: too many occupied compartments"),
        ("out_of_service", Exit.NOT_GOOD, "a sentence"),
        ("not_understood", Exit.WRONG_USE, "a sentence"),
        ("unavailable", Exit.UNREACHABLE, "a sentence"),
        ("crowded", Exit.UNREACHABLE, "a sentence"),
    ],
)
def test_each_no_has_its_exit_code(tmp_path: Path, reason: str, code: Exit, words: str) -> None:
    failed = failure(tmp_path, saying(b'{"ok":false,"reason":"%b","detail":"a sentence"}' % reason.encode()))

    assert failed.code is code
    assert str(failed).startswith(words)


@pytest.mark.parametrize("talk", [lambda call: None, saying()], ids=["at once", "after the question"])
def test_a_locker_that_hangs_up_leaves_it_open_what_was_done(
    tmp_path: Path, talk: Callable[[socket.socket], None]
) -> None:
    failed = failure(tmp_path, talk)

    assert failed.code is Exit.UNREACHABLE
    assert "stopped before it answered; what was asked is open" in str(failed)


def test_a_locker_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_client, "ANSWER_S", 0.1)

    def say_nothing(call: socket.socket) -> None:
        while call.recv(1000):
            pass

    failed = failure(tmp_path, say_nothing)

    assert failed.code is Exit.UNREACHABLE
    assert "has not answered" in str(failed)


def test_a_socket_that_is_not_ours_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(call: socket.socket, address: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", denied)  # root may open every socket

    with pytest.raises(Failed, match=r"is not open to you\. Use sudo, or join the group"):
        ask(tmp_path, {"do": "status"})


def test_a_path_too_long_for_a_socket_is_told(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="path too long") as error:
        ask(tmp_path / ("d" * 120), {"do": "status"})
    assert error.value.code is Exit.UNREACHABLE


def test_messages_are_followed_until_the_locker_ends(tmp_path: Path) -> None:
    lines = (b'{"ok":true,"sequence":3}', b'{"event":{"sequence":4}}', b'{"end":"stopping"}')
    with answering(tmp_path, saying(*lines)):
        assert list(follow(tmp_path)) == [{"sequence": 3}, {"event": {"sequence": 4}}, {"end": "stopping"}]
