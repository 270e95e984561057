"""Which record goes out next: the rules of the page "Acknowledging", without a clock, a disk or a broker of their own.

Three positions in the journal, none ahead of the next: what the carrier last said it has, what was sent, what is
committed. The cursor is the furthest the carrier ever said; only it allows pruning, and it never goes back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

REWIND_S = 1.0
"""Rewinds are at least this far apart."""
GRACE_S = 0.2
"""A repeated acknowledgement asks for a rewind only when no better one follows it at once."""
SILENCE_S = 10.0
LONGEST_PROBE_S = 60.0
_FIRST_PAUSE_S = 1.0


class Confirm(StrEnum):
    """Whose word moves the cursor."""

    BACKEND = "backend"
    """The carrier's signed acknowledgement."""
    BROKER = "broker"
    """The broker's own; a broker that is killed may lose what it confirmed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be out at once."""

    unconfirmed: int = 100
    """At the broker."""
    unacked: int = 1000
    """At the carrier."""


@dataclass(frozen=True, slots=True)
class Span:
    """Records to send now."""

    first: int
    count: int


class Outbox:
    """The positions and their timers. `now` is any clock in seconds that only goes forward."""

    def __init__(
        self,
        *,
        cursor: int,
        tail: int,
        confirm: Confirm = Confirm.BACKEND,
        limits: Limits | None = None,
        moved: Callable[[int], None],
    ) -> None:
        """`moved` is called with the cursor whenever it moves."""
        self.cursor = cursor
        self.tail = tail
        self.furthest = cursor
        """The last record that was ever sent, as far as is known."""
        self._confirm = confirm
        self._limits = limits or Limits()
        self._moved = moved
        self._up = False
        self._down_since = 0.0
        self._base = cursor
        self._next = cursor + 1
        self._unconfirmed = 0
        self._confirmed: set[int] = set()
        self._quiet_since: float | None = None
        self._probe_at: float | None = None
        self._probe_pause_s = SILENCE_S
        self._rewind_at: float | None = None
        self._rewound_at = float("-inf")
        self._paused_until = 0.0
        self._pause_s = _FIRST_PAUSE_S

    @property
    def depth(self) -> int:
        """Records committed and not known to be with the carrier."""
        return self.tail - self.cursor

    @property
    def silent(self) -> bool:
        """Whether the carrier is being probed, for it has not answered."""
        return self._probe_at is not None

    @property
    def hears(self) -> bool:
        """Whether the carrier can be reached, as far as is known."""
        return self._up and not self.silent

    # --- what happens -------------------------------------------------------------------------------

    def committed(self, tail: int) -> None:
        """The journal now ends in record `tail`."""
        self.tail = tail

    def went_up(self, now: float) -> None:
        """The link is up: what the last connection carried may be lost, so begin behind what the carrier has.

        With a carrier that was silent already, one record asks whether it is there; its answer brings the rest.
        """
        self._up = True
        self._unconfirmed = 0
        self._paused_until = now
        if self._quiet_since is not None:
            self._quiet_since += now - self._down_since
        if self.silent:
            self._probe_at = now
        else:
            self._rewind(now)

    def went_down(self, now: float) -> None:
        """The link is down: nothing that was under way will be confirmed, and the carrier's silence means nothing."""
        self._up = False
        self._down_since = now

    def sent(self, sequence: int, now: float) -> None:
        """One record was handed to the link."""
        self._unconfirmed += 1
        self._next = max(self._next, sequence + 1)
        self.furthest = max(self.furthest, sequence)
        if self._probe_at is not None and now >= self._probe_at:
            self._probe_at = now + self._probe_pause_s
            self._probe_pause_s = min(2 * self._probe_pause_s, LONGEST_PROBE_S)
        if self._quiet_since is None:
            self._quiet_since = now

    def confirmed(self, sequence: int) -> None:
        """The broker has taken a record."""
        self._unconfirmed -= 1
        self._pause_s = _FIRST_PAUSE_S
        if self._confirm is Confirm.BROKER and sequence > self.cursor:
            self._confirmed.add(sequence)
            while self.cursor + 1 in self._confirmed:
                self._confirmed.discard(self.cursor + 1)
                self._advance(self.cursor + 1)
            self._base = self.cursor

    def refused(self, now: float) -> None:
        """The broker would not take a record: begin again from it, after a pause that grows."""
        self._unconfirmed -= 1
        self._paused_until = now + self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_PROBE_S)
        self._next = self._base + 1
        self._quiet_since, self._probe_at = None, None  # it is not the carrier that is in the way

    def acked(self, sequence: int, now: float) -> None:
        """The carrier has everything up to and with `sequence`, which is one of our records or 0."""
        progress, was_silent = sequence > self._base, self.silent
        if sequence > self.cursor:
            self._advance(sequence)
        self._base = sequence
        self._next = max(self._next, sequence + 1)
        self._probe_at, self._probe_pause_s = None, SILENCE_S
        out = self._next > sequence + 1
        self._quiet_since = now if out else None
        if progress:
            self._rewind_at = None
        if out and (was_silent or not progress) and self._rewind_at is None:
            self._rewind_at = max(now if was_silent else now + GRACE_S, self._rewound_at + REWIND_S)

    def pruned_before(self, first: int) -> None:
        """There is nothing before record `first` any more, whatever the carrier may lack."""
        self._base = first - 1
        self._next = max(self._next, first)

    # --- what follows -------------------------------------------------------------------------------

    def due(self, now: float) -> Span | None:
        """What to send now; ask again after sending it."""
        if not self._up or now < self._paused_until:
            return None
        if self._rewind_at is not None and now >= self._rewind_at:
            self._rewind(now)
        free = self._limits.unconfirmed - self._unconfirmed
        if free > 0 and self._is_probe_due(now):
            return Span(self._base + 1, 1)
        room = min(free, self._base + self._limits.unacked + 1 - self._next, self.tail + 1 - self._next)
        return Span(self._next, room) if room > 0 else None

    def wake_at(self, now: float) -> float | None:
        """When `due` may have something that it has not now, if nothing happens until then; None for never."""
        if not self._up:
            return None
        times = [self._rewind_at, self._probe_at, self._paused_until]
        if self._probe_at is None and self._quiet_since is not None and self._confirm is Confirm.BACKEND:
            times.append(self._quiet_since + SILENCE_S)
        return min((time for time in times if time is not None and time > now), default=None)

    def _is_probe_due(self, now: float) -> bool:
        if self._confirm is Confirm.BROKER or self._quiet_since is None:
            return False
        if self._probe_at is None and now >= self._quiet_since + SILENCE_S:
            self._probe_at = now
        return self._probe_at is not None and now >= self._probe_at

    def _rewind(self, now: float) -> None:
        self._next = self._base + 1
        self._rewound_at, self._rewind_at = now, None

    def _advance(self, sequence: int) -> None:
        self.cursor = sequence
        self.furthest = max(self.furthest, sequence)
        self._moved(sequence)
