"""A dialogue with a program that asks: read line by line from a real pty, and answered there."""

import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

LIMIT_S = 60.0


class Dialogue:
    """A program whose input and output are a terminal of 80 columns. Closing it hangs up."""

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        self._master, slave = os.openpty()
        environment = os.environ | {"TERM": "dumb", "COLUMNS": "80"}
        self.process = subprocess.Popen(
            words, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment, start_new_session=True
        )
        os.close(slave)
        self.shown = ""
        self._read_to = 0

    def until(self, *patterns: str) -> re.Match[str]:
        """Read on until one of the patterns is shown; the earliest match, all before which counts as read."""
        ends = time.monotonic() + LIMIT_S
        while True:
            found = [match for it in patterns if (match := re.compile(it).search(self.shown, self._read_to))]
            if found:
                first = min(found, key=lambda match: match.start())
                self._read_to = first.end()
                return first
            left_s = ends - time.monotonic()
            assert left_s > 0, f"none of {patterns} in {self.shown[self._read_to :]!r}"
            assert self._more(left_s), f"ended before {patterns}: {self.shown[-2000:]}"

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        os.write(self._master, line.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def ended(self) -> int:
        """Read to the end; the exit code."""
        while self._more(LIMIT_S):
            pass
        return self.process.wait(LIMIT_S)

    def close(self) -> None:
        """Hang up."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(LIMIT_S)
        os.close(self._master)

    def _more(self, limit_s: float) -> bool:
        if not select.select([self._master], [], [], limit_s)[0]:
            return True
        try:
            heard = os.read(self._master, 4096)
        except OSError:  # Linux says EIO once the program has closed its end
            return False
        self.shown += heard.decode().replace("\r\n", "\n")
        return bool(heard)
