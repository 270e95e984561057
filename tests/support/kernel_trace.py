"""Every level that this machine's kernel was told to put on a GPIO line, from its own trace: none is missed."""

import os
import re
import select
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TRACING = Path("/sys/kernel/tracing")
_DRIVE = re.compile(r" (\d+\.\d+): gpio_value: (\d+) set ([01])$")
_LOST = re.compile(r"LOST \d+ EVENTS")
_LOOK_MS = 100


class Drive(NamedTuple):
    """An output was given a level. `at_s` is the kernel's monotonic clock, to the microsecond."""

    line: int
    high: bool
    at_s: float


class LineWatch:
    """Watches every output of this machine, whoever drives it, until it is closed."""

    def __init__(self) -> None:
        self._drives: list[Drive] = []
        self._changed = threading.Condition()
        self._told: list[Callable[[Drive], None]] = []
        self._lost: list[str] = []
        self._closing = threading.Event()
        (TRACING / "trace_clock").write_text("mono")
        (TRACING / "events/gpio/gpio_value/filter").write_text("get == 0")
        (TRACING / "events/gpio/gpio_value/enable").write_text("1")
        self._pipe = os.open(TRACING / "trace_pipe", os.O_RDONLY | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._read, name="line watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look away. Raises AssertionError if the kernel had more to say than could be listened to."""
        self._closing.set()
        self._thread.join()
        (TRACING / "events/gpio/gpio_value/enable").write_text("0")
        os.close(self._pipe)
        assert self._lost == []

    def tell(self, call: Callable[[Drive], None]) -> None:
        """Call `call`, on the watch's thread, at every level from now on."""
        with self._changed:
            self._told.append(call)

    def drives(self, *lines: int) -> list[Drive]:
        """Every level that these lines were given so far, in order."""
        with self._changed:
            return [drive for drive in self._drives if drive.line in lines]

    def wait_for(self, met: Callable[[], bool], what: str, limit_s: float = 60.0) -> None:
        """Wait until levels that came make `met` true. Raises AssertionError, naming `what`."""
        with self._changed:
            assert self._changed.wait_for(met, limit_s), f"waited {limit_s:g} s in vain for {what}"

    def _read(self) -> None:
        ready = select.poll()
        ready.register(self._pipe, select.POLLIN)
        rest = ""
        while ready.poll(_LOOK_MS) or not self._closing.is_set():
            *lines, rest = (rest + self._said()).split("\n")
            self._take(lines)

    def _said(self) -> str:
        try:
            return os.read(self._pipe, 65536).decode()
        except BlockingIOError:
            return ""

    def _take(self, lines: list[str]) -> None:
        found = [Drive(int(seen[2]), seen[3] == "1", float(seen[1])) for seen in map(_DRIVE.search, lines) if seen]
        with self._changed:
            self._lost += [line for line in lines if _LOST.search(line)]
            self._drives += found
            self._changed.notify_all()
            told = list(self._told)
        for drive in found:
            for call in told:
                call(drive)
