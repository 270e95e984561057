"""A serial port that is a script: what it answers to each frame, and where it breaks."""

import threading
import time
from collections.abc import Callable

from firmware_bridge.faults import FaultKind
from firmware_bridge.serial_port import PortError

LOST = PortError(FaultKind.PORT_LOST, "script: gone")


class ScriptedPort:
    """Stands in for `SerialPort`. `answer` gives what is heard, `slow_ms` after a frame was written."""

    def __init__(self, answer: Callable[[bytes], bytes] = lambda frame: b"", slow_ms: int = 0) -> None:
        self._answer = answer
        self._slow_ms = slow_ms
        self._timers: list[threading.Timer] = []
        self._changed = threading.Condition()
        self._heard = b""
        self._breaking: set[str] = set()
        self.written: list[bytes] = []
        self.written_ns: list[int] = []
        self.said_ns = 0
        self.babbling = False
        self.closed = False

    def say(self, unasked: bytes) -> None:
        """Let something be heard that nobody asked for."""
        with self._changed:
            self._heard += unasked
            self.said_ns = time.monotonic_ns()
            self._changed.notify_all()

    def wait_for(self, *written: bytes) -> None:
        """Wait until exactly these frames were written."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.written == list(written), 5), f"written: {self.written}"

    def break_after(self, last: bytes) -> None:
        """Let `last` be heard and then find the port gone, whoever reads."""
        with self._changed:
            self._heard += last
            self._breaking.add("read")
            self._changed.notify_all()

    def break_at(self, *uses: str) -> None:
        """From now on `read`, `write` or `flush` find the port gone."""
        with self._changed:
            self._breaking |= set(uses)
            self._changed.notify_all()

    def read(self, wait_ms: float) -> bytes:
        if self.babbling:
            return b"\xa5"
        with self._changed:
            self._changed.wait_for(lambda: bool(self._heard or "read" in self._breaking), wait_ms / 1000)
            heard, self._heard = self._heard, b""
            if not heard and "read" in self._breaking:
                raise LOST
            return heard

    def write(self, frame: bytes) -> None:
        if "write" in self._breaking:
            raise LOST
        with self._changed:
            self.written.append(frame)
            self.written_ns.append(time.monotonic_ns())
            answer = self._answer(frame)
        if self._slow_ms:
            self._timers.append(threading.Timer(self._slow_ms / 1000, self.say, (answer,)))
            self._timers[-1].start()
        else:
            self.say(answer)

    def flush(self) -> None:
        if "flush" in self._breaking:
            raise LOST

    def close(self) -> None:
        for timer in self._timers:
            timer.join()
        self.closed = True
