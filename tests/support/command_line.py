"""The `locker` command as a person or a program runs it, and a locker that runs beside it."""

import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PROGRAM = [sys.executable, "-m", "controller.cli.main"]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Locker(Protocol):
    """Runs one command."""

    def __call__(self, *words: object) -> Ended: ...


@dataclass(frozen=True)
class Daemon:
    """A `locker run` in a process of its own."""

    process: subprocess.Popen[bytes]
    config: Path
    log: Path

    @property
    def data(self) -> Path:
        return self.config.parent / "data"


def start_daemon(config: Path) -> Daemon:
    """Start it and wait until its service socket takes calls."""
    log = config.parent / "log"
    with log.open("wb") as file:
        process = subprocess.Popen([*PROGRAM, "run", "--config", config], stdout=file, stderr=subprocess.STDOUT)
    daemon = Daemon(process, config, log)
    deadline = time.monotonic() + 30
    while not _answers(daemon.data / "locker.sock"):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
    return daemon


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as call:
        return call.connect_ex(str(path)) == 0


def stop_daemon(daemon: Daemon) -> int:
    """End it as systemd would; its exit code."""
    daemon.process.send_signal(signal.SIGTERM)
    return daemon.process.wait(10)
