"""The far end of a serial line, behind a pty: simulated boards that speak a vendor's bytes at a vendor's pace.

A pty ignores the baud rate, so the delays are made here: a frame takes its time to arrive, the boards theirs to turn
around, and every byte of an answer its own. What real lines do to people can be switched on: noise, echo, late answers,
lost bytes, boards that reset, an adapter that is pulled out and put back.
"""

import os
import select
import tempfile
import termios
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from firmware_bridge.responders import Responder

BITS_PER_BYTE: Final = 10
NS_PER_MS: Final = 1_000_000
OUTPUT_SPEED: Final = 5
"""Where `termios.tcgetattr` has it."""
FINE_NS: Final = 2 * NS_PER_MS
"""Below this, sleeping is more exact than polling, which counts whole milliseconds."""


class HeardFrame(NamedTuple):
    """A whole frame that reached the boards, and when, by `time.monotonic_ns`."""

    frame: bytes
    at_ns: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the line.

    `noise` comes before every answer. `late_ms` delays the next `late` answers. The next `lost_bytes` bytes that the
    boards send do not arrive. A board that resets is `deaf`: it hears nothing.
    """

    echo: bool = False
    deaf: bool = False
    noise: bytes = b""
    late: int = 0
    late_ms: int = 0
    lost_bytes: int = 0


class SimulatedLine:
    """A serial line with boards on it, found at `port` from the moment this exists. One thread; `close` ends it."""

    def __init__(
        self,
        responder: Responder,
        *,
        baud: int = 19_200,
        turnaround_ms: float = 4,
        link: Path | None = None,
        heeds_speed: bool = False,
    ) -> None:
        """`link` is where the port is to be found, by default in a directory of its own. Boards on a line that
        `heeds_speed` understand nothing from a port that was opened at another speed than `baud`. Raises OSError where
        `link` cannot be made, ValueError for a speed that no terminal has.
        """
        self._responder = responder
        self._speed = _speed(baud) if heeds_speed else None
        self._byte_ns = BITS_PER_BYTE * 1_000_000_000 // baud
        self._turnaround_ns = int(turnaround_ms * NS_PER_MS)
        self._directory = None if link is not None else tempfile.TemporaryDirectory(prefix="line-")
        self._link = link or Path("" if self._directory is None else self._directory.name, "port")
        self._changed = threading.Condition()
        self._trouble = Trouble()
        self._heard: list[HeardFrame] = []
        self._to_send: deque[tuple[int, int]] = deque()
        self._free_ns = 0
        self._plugged = True
        self._closing = False
        self._ends: tuple[int, int] | None = None
        self._insert()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK)
        self._thread = threading.Thread(target=self._run, name="simulated line", daemon=True)
        self._thread.start()

    @property
    def port(self) -> str:
        """The port's name for a board's configuration; it stays the same however often the adapter is pulled out."""
        return f"pty:{self._link}"

    @property
    def frames(self) -> list[HeardFrame]:
        """Every frame that reached the boards so far."""
        with self._changed:
            return list(self._heard)

    def wait_for(self, wanted: Callable[[HeardFrame], bool], limit_s: float = 5) -> HeardFrame:
        """The first frame that is `wanted`, heard already or within `limit_s`. Raises TimeoutError if none is."""

        def found() -> HeardFrame | None:
            return next(filter(wanted, self._heard), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None, limit_s)
            frame = found()
        if frame is None:
            raise TimeoutError(f"no such frame on {self.port} within {limit_s} s")
        return frame

    def trouble(self, trouble: Trouble) -> None:
        """From now on this, and only this, is wrong with the line."""
        with self._changed:
            self._trouble = trouble

    def say(self, unasked: bytes) -> None:
        """Put bytes on the line that nobody asked for, from now on, one byte after the other."""
        with self._changed:
            self._schedule(unasked, time.monotonic_ns())
        os.eventfd_write(self._bell, 1)

    def unplug(self) -> None:
        """Pull the adapter out: its device is gone when this returns."""
        self._plug(False)

    def plug(self) -> None:
        """Put it back: `port` is there again when this returns."""
        self._plug(True)

    def close(self) -> None:
        """End the thread and remove the port."""
        with self._changed:
            self._closing = True
        os.eventfd_write(self._bell, 1)
        self._thread.join()
        os.close(self._bell)
        if self._directory is not None:
            self._directory.cleanup()

    def _plug(self, plugged: bool) -> None:
        with self._changed:
            self._plugged = plugged
            os.eventfd_write(self._bell, 1)
            self._changed.wait_for(lambda: (self._ends is not None) is plugged)

    def _insert(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        try:
            self._link.symlink_to(os.ttyname(slave))
        except OSError:
            os.close(master)
            os.close(slave)
            raise
        self._ends = master, slave

    def _pull_out(self) -> None:
        if self._ends is not None:
            self._link.unlink()
            for end in self._ends:
                os.close(end)
        self._ends = None
        self._to_send.clear()

    def _run(self) -> None:
        while not self._closing:
            with self._changed:
                if (self._ends is not None) is not self._plugged:
                    (self._insert if self._plugged else self._pull_out)()
                    self._changed.notify_all()
                master = None if self._ends is None else self._ends[0]
            self._wait(master)
        self._pull_out()

    def _wait(self, master: int | None) -> None:
        """Until something is heard, something is to be sent, or the bell rings; then see to it."""
        poll = select.poll()
        poll.register(self._bell, select.POLLIN)
        if master is not None:
            poll.register(master, select.POLLIN)
        left_ns = self._to_send[0][0] - time.monotonic_ns() if self._to_send else None
        if left_ns is not None:
            if left_ns < FINE_NS:
                time.sleep(max(left_ns, 0) / 1_000_000_000)
            left_ns = max(left_ns - FINE_NS, 0)
        ready = {descriptor for descriptor, _ in poll.poll(None if left_ns is None else left_ns // NS_PER_MS)}
        if self._bell in ready:
            os.eventfd_read(self._bell)
        if master is not None:
            if master in ready:
                self._hear(os.read(master, 4096))
            self._send(master)

    def _hear(self, heard: bytes) -> None:
        now_ns = time.monotonic_ns()
        arrived_ns = now_ns + len(heard) * self._byte_ns
        with self._changed:
            trouble = self._trouble
            if trouble.echo:
                self._schedule(heard, now_ns)
        if trouble.deaf or self._at_another_speed():
            return
        for response in self._responder.hear(heard):
            with self._changed:
                self._heard.append(HeardFrame(response.frame, now_ns))
                self._changed.notify_all()
                if response.answer:
                    self._answer(response.answer, arrived_ns + self._turnaround_ns)

    def _at_another_speed(self) -> bool:
        if self._speed is None or self._ends is None:
            return False
        return bool(termios.tcgetattr(self._ends[1])[OUTPUT_SPEED] != self._speed)

    def _answer(self, answer: bytes, from_ns: int) -> None:
        trouble = self._trouble
        if trouble.late:
            from_ns += trouble.late_ms * NS_PER_MS
            self._trouble = replace(trouble, late=trouble.late - 1)
        self._schedule(trouble.noise + answer, from_ns)

    def _schedule(self, data: bytes, from_ns: int) -> None:
        """Line bytes up behind what is being sent already, each of them taking its time."""
        at_ns = max(from_ns, self._free_ns)
        for byte in data:
            at_ns += self._byte_ns
            self._to_send.append((at_ns, byte))
        self._free_ns = at_ns

    def _send(self, master: int) -> None:
        with self._changed:
            due = bytearray()
            while self._to_send and self._to_send[0][0] <= time.monotonic_ns():
                due.append(self._to_send.popleft()[1])
            lost = min(self._trouble.lost_bytes, len(due))
            self._trouble = replace(self._trouble, lost_bytes=self._trouble.lost_bytes - lost)
        if due[lost:]:
            with suppress(BlockingIOError):  # nobody reads, and the line's buffer is full: so it is on a real line
                os.write(master, due[lost:])


def _speed(baud: int) -> int:
    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise ValueError(f"no terminal has a speed of {baud} baud")
    return int(speed)
