"""The front door of every test here, and what makes its output the same on every machine."""

import time
from collections.abc import Iterator

import pytest
from support.command_line import Daemon, Ended, Locker, start_daemon, stop_daemon
from support.locker_folder import make_folder

from controller.cli.main import main


@pytest.fixture
def locker(capfd: pytest.CaptureFixture[str]) -> Locker:
    """Runs one command in this process: the same front door, without the start of a Python."""

    def run(*words: object) -> Ended:
        capfd.readouterr()
        code = main([str(word) for word in words])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Ended(code, out, err)

    return run


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    running = start_daemon(make_folder(tmp_path_factory.mktemp("locker")))
    yield running
    if running.process.poll() is None:
        stop_daemon(running)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, no colours, UTC: what is printed is the same on every machine."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.delenv("FORCE_COLOR", raising=False)
