"""The locker's two clocks. Neither ever runs backwards, whatever the machine's clocks do.

Wall time holds still while the machine's clock is behind the last time on record. Powered time goes on from the last
record by the machine's monotonic clock, so that time without power, reboots and clock steps add nothing to it.
"""

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from controller.domain.ids import ClockQuality, MonoMs, WallMs
from controller.domain.stamp import Stamp

_TIMESYNC = Path("/run/systemd/timesync/synchronized")
_LIBC = ctypes.CDLL(None, use_errno=True)
_TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""


class Clock(Protocol):
    """Where stamps come from."""

    def stamp(self) -> Stamp:
        """Now."""


class LockerClock:
    """The clock of one boot."""

    def __init__(
        self,
        last: Stamp | None,
        *,
        wall_ms: Callable[[], int],
        mono_ms: Callable[[], int],
        synchronised: Callable[[], bool],
        kept: bool = True,
    ) -> None:
        """`kept`: the machine's clock went on while there was no power. If not, it is unknown until it is set."""
        self.boot = 1 if last is None else last.boot + 1
        self._mono_base = (0 if last is None else last.mono) - mono_ms()
        self._wall_floor = 0 if last is None else last.wall
        self._wall_ms = wall_ms
        self._mono_ms = mono_ms
        self._synchronised = synchronised
        self._kept = kept

    def stamp(self) -> Stamp:
        """Now, on both clocks, and how good the wall clock is."""
        wall = self._wall_ms()
        behind = wall < self._wall_floor
        self._wall_floor = max(wall, self._wall_floor)
        return Stamp(
            WallMs(self._wall_floor), MonoMs(self._mono_base + self._mono_ms()), self.boot, self._quality(behind)
        )

    def _quality(self, behind: bool) -> ClockQuality:
        if behind:
            return ClockQuality.UNKNOWN
        if self._synchronised():
            self._kept = True
            return ClockQuality.NTP
        return ClockQuality.HOLDOVER if self._kept else ClockQuality.UNKNOWN


def machine_wall_ms() -> int:
    """CLOCK_REALTIME in milliseconds."""
    return time.time_ns() // 1_000_000


def machine_mono_ms() -> int:
    """CLOCK_BOOTTIME in milliseconds: unlike CLOCK_MONOTONIC it counts time asleep, when doors can be opened too."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class MachineSync:
    """Whether the kernel's clock is disciplined, asked at most every ten seconds."""

    def __init__(self, mono_ms: Callable[[], int] = machine_mono_ms) -> None:
        self._mono_ms = mono_ms
        self._asked_at = -10_000
        self._answer = False

    def __call__(self) -> bool:
        """True when systemd-timesyncd or the kernel says that the clock is synchronised."""
        now = self._mono_ms()
        if now - self._asked_at >= 10_000:
            self._asked_at = now
            self._answer = _TIMESYNC.exists() or _kernel_synchronised()
        return self._answer


def _kernel_synchronised() -> bool:
    timex = ctypes.create_string_buffer(256)  # struct timex is 208 bytes on 64-bit Linux; modes 0 only reads
    state = _LIBC.adjtimex(timex)
    if state < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return bool(state != _TIME_ERROR)
