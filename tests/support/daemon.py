"""A real locker daemon as a process: started, waited for, stopped, killed, started again."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from support import daemon_journal
from support.daemon_premises import Premises

DEADLINE_S = float(os.environ.get("TEST_DEADLINE_S", "60"))
"""For what takes a second on a machine with nothing else to do; an emulated one asks for more."""
_LOOK_AGAIN_S = 0.02
LOCKER_COMMAND = (str(Path(sys.executable).with_name("locker")),)
T = TypeVar("T")
P = TypeVar("P", bound=Premises)


def wait_until(met: Callable[[], T | None], what: str, deadline_s: float = DEADLINE_S) -> T:
    """The first true thing that `met` gives, asked again and again: for what happens in another process.

    Raises AssertionError, naming `what`, when it has not come by the deadline.
    """
    give_up = time.monotonic() + deadline_s
    while not (found := met()):
        assert time.monotonic() < give_up, f"waited {deadline_s:g} s in vain for {what}"
        time.sleep(_LOOK_AGAIN_S)
    return found


def locker(*arguments: str | Path, deadline_s: float = DEADLINE_S) -> subprocess.CompletedProcess[str]:
    """Run one `locker` command to its end."""
    words = [*LOCKER_COMMAND, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=deadline_s, stdin=subprocess.DEVNULL)


def serves(site: Premises) -> bool:
    """Whether a daemon there says that it is well, now."""
    connection = http.client.HTTPConnection("127.0.0.1", site.kiosk_port, timeout=DEADLINE_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Daemon(Generic[P]):
    """One site's daemon. At most one process of it at a time."""

    def __init__(self, site: P) -> None:
        self.site = site
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._log = site.folder / "daemon.log"

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the process that runs, or ran last."""
        return self._started().pid

    def start(self, command: Sequence[str | Path] | None = None) -> None:
        """Start the process: `locker run`, or a `command` in its place. Nothing is waited for."""
        assert not self.alive, "the daemon runs already"
        words = [*LOCKER_COMMAND, "run", "--config", self.site.config] if command is None else command
        self.starts += 1
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def wait_ready(self) -> None:
        """Wait until it serves, which it does once it has looked at every door."""
        wait_until(lambda: self.healthy() or self._raise_if_dead(), "the daemon to serve")

    def run(self) -> None:
        """Start it and wait until it serves."""
        self.start()
        self.wait_ready()

    def wait_for_record(self, name: str, **data: object) -> None:
        """Wait until this boot has put an event of this name (`area.what`), with these data, on record."""

        def recorded() -> bool:
            every = daemon_journal.records(self.site.data_dir)
            found = [r for r in every if r["boot"] == every[-1]["boot"] and r["type"] == f"locker.{name}.v1"]
            return any(data.items() <= record["data"].items() for record in found)

        wait_until(recorded, f"{name} {data} on record")

    def healthy(self) -> bool:
        """Whether `/healthz` says so, now."""
        return serves(self.site)

    def terminate(self) -> float:
        """SIGTERM, and wait for the end; seconds it took. Raises AssertionError unless it ended well."""
        process, began = self._started(), time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(DEADLINE_S)
        took_s = time.monotonic() - began
        assert code == 0, f"the daemon ended with {code}:\n{self.said()}"
        return took_s

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone. Raises AssertionError where it had ended by itself."""
        self._raise_if_dead()
        os.kill(self.pid, signal.SIGKILL)
        self.wait_gone()

    def wait_gone(self, deadline_s: float = DEADLINE_S) -> int:
        """Wait for the end that it comes to by itself; its exit code, negative for a signal."""
        return self._started().wait(deadline_s)

    def said(self) -> str:
        """The log of all starts."""
        return self._log.read_text() if self._log.exists() else ""

    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the daemon was never started"
        return self._process

    def _raise_if_dead(self) -> bool:
        assert self.alive, f"the daemon ended with {self._started().returncode}:\n{self.said()}"
        return False


@contextmanager
def a_daemon(site: P) -> Iterator[Daemon[P]]:
    """The site's daemon, not started; killed at the end if it still runs."""
    daemon = Daemon(site)
    try:
        yield daemon
    finally:
        if daemon.alive:
            daemon.kill()
