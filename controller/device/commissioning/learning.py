"""What the trials of a cabinet's channels teach: which lock and which sensor belong to which compartment. Pure.

A trial is one pulse on one channel, the doors that opened (a person or the sensors say which), and the door bits that
changed. A sensor belongs to a compartment if it moved in every trial that opened that compartment alone, and in no
trial that opened another alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from controller.device.commissioning.draft import Terminal
from firmware_bridge.codecs import Feedback

SENSORS: Final = "sensors"
"""Who says what opened where nobody looks."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A door bit that changed, and whether it was 1 while the door was closed."""

    sensor: Terminal
    was_1: bool

    @property
    def feedback(self) -> Feedback:
        """What such a bit says."""
        return Feedback.CLOSED_IS_1 if self.was_1 else Feedback.CLOSED_IS_0


@dataclass(frozen=True, slots=True)
class Trial:
    """One channel tried: `opened` are the compartments whose doors did. `sent` is what the board said of the unlock."""

    lock: Terminal
    opened: tuple[str, ...]
    moved: tuple[Moved, ...]
    sent: str
    pulses: int
    by: str
    """Who said what opened: a person's name, or `sensors`."""
    at: str
    """RFC 3339, UTC."""


class Verdict(StrEnum):
    """What a channel does."""

    OPENS = "opens"
    DOUBLED = "doubled"
    DEAD = "dead"
    UNTRIED = "untried"


class Standing(StrEnum):
    """How far a compartment is known."""

    KNOWN = "known"
    UNWATCHED = "unwatched"
    """Its lock is known, and no board of the cabinet has a sensor."""
    NO_SENSOR = "no_sensor"
    SHARED_LOCK = "shared_lock"
    """The channels that open it open others, too."""
    NO_LOCK = "no_lock"


@dataclass(frozen=True, slots=True)
class Channel:
    """What was learned of one channel."""

    lock: Terminal
    verdict: Verdict
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compartment:
    """What was learned of one compartment. `others` are further channels that open it alone."""

    id: str
    standing: Standing
    lock: Terminal | None = None
    others: tuple[Terminal, ...] = ()
    sensor: Terminal | None = None
    feedback: Feedback | None = None
    spare_sensors: tuple[Terminal, ...] = ()
    """Further bits that move with this door alone."""

    @property
    def usable(self) -> bool:
        """Whether the configuration can have it."""
        return self.standing in (Standing.KNOWN, Standing.UNWATCHED)


@dataclass(frozen=True, slots=True)
class Learned:
    """All that the trials teach."""

    channels: tuple[Channel, ...]
    compartments: tuple[Compartment, ...]
    feedback: Mapping[str, Feedback]
    """What most bits of each board say."""
    disputed: Mapping[Terminal, tuple[str, ...]]
    """Sensors that moved with several compartments, each opened alone."""
    strays: Mapping[Terminal, tuple[Terminal, ...]]
    """Sensors that moved, and no door was seen to open, by the channel that was pulsed."""

    @property
    def good(self) -> bool:
        """Whether every compartment is known and none of its channels opens another door."""
        doubled = any(channel.verdict is Verdict.DOUBLED for channel in self.channels)
        return all(compartment.usable for compartment in self.compartments) and not doubled


def learn(ids: Sequence[str], locks: Sequence[Terminal], trials: Iterable[Trial], *, watched: bool = True) -> Learned:
    """Draw the conclusions; the last trial of a channel holds. `watched`: whether any board has sensors."""
    by_lock = {trial.lock: trial for trial in trials}
    tried = [by_lock[lock] for lock in locks if lock in by_lock]
    owners = _owners(tried)
    opens = {trial.lock: _opened(trial, owners, ids) for trial in tried}
    compartments = tuple(_compartment(id, tried, opens, owners, watched) for id in ids)
    return Learned(
        channels=tuple(_channel(lock, opens) for lock in locks),
        compartments=compartments,
        feedback=_most(compartments),
        disputed={sensor: whose for sensor, whose in _whose(tried).items() if len(whose) > 1},
        strays={it.lock: tuple(each.sensor for each in it.moved) for it in tried if it.moved and not opens[it.lock]},
    )


def _whose(tried: Sequence[Trial]) -> dict[Terminal, tuple[str, ...]]:
    """The compartments that each sensor moved with, of trials that opened one alone."""
    whose: dict[Terminal, tuple[str, ...]] = {}
    for trial in tried:
        if len(trial.opened) == 1:
            for moved in trial.moved:
                whose[moved.sensor] = tuple(dict.fromkeys((*whose.get(moved.sensor, ()), *trial.opened)))
    return whose


def _owners(tried: Sequence[Trial]) -> dict[Terminal, str]:
    """The sensors that are beyond doubt, and whose they are."""
    owners = {}
    for sensor, whose in _whose(tried).items():
        alone = [trial for trial in tried if trial.opened == whose]
        if len(whose) == 1 and all(any(it.sensor == sensor for it in trial.moved) for trial in alone):
            owners[sensor] = whose[0]
    return owners


def _opened(trial: Trial, owners: Mapping[Terminal, str], ids: Sequence[str]) -> tuple[str, ...]:
    """The doors that somebody saw open, and those whose sensors did."""
    seen = {*trial.opened, *(owners[it.sensor] for it in trial.moved if it.sensor in owners)}
    return tuple(id for id in ids if id in seen)


def _channel(lock: Terminal, opens: Mapping[Terminal, tuple[str, ...]]) -> Channel:
    if lock not in opens:
        return Channel(lock, Verdict.UNTRIED)
    opened = opens[lock]
    verdict = Verdict.DEAD if not opened else Verdict.OPENS if len(opened) == 1 else Verdict.DOUBLED
    return Channel(lock, verdict, opened)


def _compartment(
    id: str,
    tried: Sequence[Trial],
    opens: Mapping[Terminal, tuple[str, ...]],
    owners: Mapping[Terminal, str],
    watched: bool,
) -> Compartment:
    alone = tuple(lock for lock, opened in opens.items() if opened == (id,))
    if not alone:
        shared = any(id in opened for opened in opens.values())
        return Compartment(id, Standing.SHARED_LOCK if shared else Standing.NO_LOCK)
    moved = {it.sensor: it.feedback for trial in tried for it in trial.moved if owners.get(it.sensor) == id}
    if not moved:
        return Compartment(id, Standing.NO_SENSOR if watched else Standing.UNWATCHED, alone[0], alone[1:])
    sensor = alone[0] if alone[0] in moved else next(iter(moved))
    spare = tuple(it for it in moved if it != sensor)
    return Compartment(id, Standing.KNOWN, alone[0], alone[1:], sensor, moved[sensor], spare)


def _most(compartments: Sequence[Compartment]) -> dict[str, Feedback]:
    """What most bits of each board say; where they are even, what the first one says."""
    said = [(it.sensor.board, it.feedback) for it in compartments if it.sensor is not None and it.feedback is not None]
    counts = Counter(said)
    boards = dict.fromkeys(board for board, _ in said)
    return {
        board: max((it for name, it in counts if name == board), key=lambda it: counts[board, it]) for board in boards
    }
