"""From channel to channel: pulse one lock, learn who opened, wait until all is shut again, go on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, assert_never

from controller.device.commissioning.draft import Draft, Terminal
from controller.device.commissioning.hands import Hands
from controller.device.commissioning.learning import SENSORS, Moved, Trial
from firmware_bridge.lock_board import Sent

SETTLE_S: Final = 0.4
"""How long after the first bit others may still change: a board is asked every 200 ms and then once more."""
SEEN_S: Final = 1.0
"""How long a sensor may take to tell of a door that somebody has seen opening."""


@dataclass(frozen=True, slots=True)
class Opened:
    """These doors opened; none, if it is empty."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """Pulse it once more, please."""


@dataclass(frozen=True, slots=True)
class Back:
    """The answer before this one was wrong: try that channel anew."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The rest is not to be tried."""


Answer = Opened | Back | Finish


@dataclass(frozen=True, slots=True)
class Attempt:
    """A lock that is tried. `moved` gives the bits that have changed since it was pulsed first."""

    lock: Terminal
    done: int
    """Channels tried before this one."""
    of: int
    found: frozenset[str]
    """Compartments that some channel opens."""
    moved: Callable[[], tuple[Moved, ...]]


class Eyes(Protocol):
    """Who sees what opens: a person, or the sensors alone."""

    @property
    def name(self) -> str:
        """What stands in the report."""

    def begin(self, channels: int) -> None:
        """So many are about to be tried. Returns when they may be."""

    def which(self, attempt: Attempt) -> Answer | Again:
        """Which doors opened."""

    def shut(self, opened: Sequence[str], is_shut: Callable[[], bool]) -> None:
        """Return when these doors are shut again. `is_shut`: whether the bits that moved are back."""


class NotPulsed(Exception):
    """An unlock never left for its board; the sentence says why. What was learned so far is kept."""


class NoSensors(Exception):
    """Nobody looks, and nothing sees; nothing was pulsed."""


class StandsOpen(Exception):
    """A door that opened was not closed in time; what was learned so far is kept."""


def walk(
    draft: Draft,
    hands: Hands,
    eyes: Eyes,
    known: Iterable[Trial],
    keep: Callable[[Sequence[Trial]], None],
    now: Callable[[], str],
) -> list[Trial]:
    """Try every channel that has no trial yet; `keep` is given all trials after each. `now`: RFC 3339, UTC."""
    trials = list(known)
    eyes.begin(len(list(_untried(draft, trials))))
    while (lock := next(_untried(draft, trials), None)) is not None:
        answer, trial = _try(draft, hands, eyes, trials, lock, now)
        match answer:
            case Opened():
                trials.append(trial)
            case Back():
                trials = trials[:-1]
            case Finish():
                break
            case never:
                assert_never(never)
        keep(trials)
        if trial.opened or trial.moved:
            eyes.shut(trial.opened, partial(_are_back, trial.moved, hands))
    return trials


def _untried(draft: Draft, trials: Sequence[Trial]) -> Iterator[Terminal]:
    tried = {trial.lock for trial in trials}
    return (lock for lock in draft.locks if lock not in tried)


def _try(
    draft: Draft, hands: Hands, eyes: Eyes, trials: Sequence[Trial], lock: Terminal, now: Callable[[], str]
) -> tuple[Answer, Trial]:
    found = frozenset(id for trial in trials for id in trial.opened)
    before = hands.look()

    def moved() -> tuple[Moved, ...]:
        return tuple(Moved(it, before[it]) for it in sorted(hands.stirred()) if it in before)

    attempt = Attempt(lock, len(trials), len(draft.locks), found, moved)
    sent, pulses = _pulse(hands, lock), 1
    while isinstance(answer := eyes.which(attempt), Again):
        sent, pulses = _pulse(hands, lock), pulses + 1
    opened = answer.ids if isinstance(answer, Opened) else ()
    expected = len(opened) if isinstance(answer, Opened) else 1
    hands.wait(lambda: len(moved()) >= expected, SEEN_S)
    return answer, Trial(lock, opened, moved(), sent.value, pulses, eyes.name, now())


def _pulse(hands: Hands, lock: Terminal) -> Sent:
    report = hands.pulse(lock)
    if report.sent is Sent.NOT_SENT:
        raise NotPulsed(f"{lock} could not be pulsed" + (f": {report.fault.sentence()}" if report.fault else ""))
    return report.sent


def _are_back(moved: Sequence[Moved], hands: Hands) -> bool:
    seen = hands.seen()
    return all(seen.get(it.sensor) is it.was_1 for it in moved)


class SensorEyes:
    """Nobody looks: what opens is told by the sensors, each being where the draft has it."""

    name = SENSORS

    def __init__(self, draft: Draft, hands: Hands, *, open_s: float = 3.0, close_s: float = 120.0) -> None:
        """`open_s`: how long a door may take to spring open; `close_s`: until somebody has closed it."""
        self._draft = draft
        self._hands = hands
        self._open_s = open_s
        self._close_s = close_s

    def begin(self, channels: int) -> None:
        """Make sure that there is something to see by. Raises `NoSensors`."""
        if not self._hands.look():
            raise NoSensors("no board tells of any door, so somebody must look: leave --unattended out")

    def which(self, attempt: Attempt) -> Answer:
        """The compartments beside the bits that changed."""
        if self._hands.wait(lambda: bool(attempt.moved()), self._open_s):
            self._hands.wait(lambda: False, SETTLE_S)
        beside = (self._draft.beside(it.sensor) for it in attempt.moved())
        return Opened(tuple(id for id in beside if id is not None))

    def shut(self, opened: Sequence[str], is_shut: Callable[[], bool]) -> None:
        """Wait for whoever closes doors. Raises `StandsOpen` if nobody does."""
        if not self._hands.wait(is_shut, self._close_s):
            doors = ", ".join(opened) or "a door"
            raise StandsOpen(f"{doors} stands open: close it, and start again to go on from here")
