"""A program in a terminal of its own, as a person sees it: keys go in, and what it draws comes out."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

LIMIT_S = 30.0
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07")


class Terminal:
    """100 columns, 24 lines."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment), start_new_session=True
        )
        os.close(theirs)
        self._drawn = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def press(self, keys: str) -> None:
        """Type these, one after the other, each once the program has drawn again."""
        for key in re.findall(r"\x1b\[[A-Z]|.", keys, re.DOTALL):
            os.write(self._ours, key.encode())
            self._drawn = ""
            self._take()

    def reads(self, text: str) -> None:
        """Wait until this was drawn since the last key. Raises AssertionError."""
        deadline = time.monotonic() + LIMIT_S
        while text not in self._drawn:
            assert time.monotonic() < deadline, f"{text!r} was not drawn, but:\n{self._drawn[-3000:]}"
            self._take()

    def ended(self) -> int:
        """The exit code, once it has one."""
        deadline = time.monotonic() + LIMIT_S
        while self._process.poll() is None:
            assert time.monotonic() < deadline, "it did not end"
            self._take()
        return self._process.returncode

    def _take(self) -> None:
        if not select.select([self._ours], [], [], 0.1)[0]:
            return
        try:
            drawn = os.read(self._ours, 65536).decode(errors="replace")
        except OSError:
            return
        self._drawn += _ESCAPES.sub("", drawn)
