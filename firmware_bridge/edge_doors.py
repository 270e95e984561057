"""The doors of a board whose contacts tell of their edges: debounced, surveyed, on one thread's timers."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from firmware_bridge.debounce import HOLD_MS, Contact, edged, elapsed
from firmware_bridge.lock_board import AnswerSurvey, Door, DoorReading
from firmware_bridge.timers import Timers

SURVEY_ROUNDS: Final = 4
"""How often a survey waits for a contact to rest; then it is told as it was last settled."""


class EdgeDoors:
    """All but `readings` is for the timers' thread. `read` gives a contact as it stands; `changed` is told what
    settled.
    """

    def __init__(
        self,
        channels: Iterable[int],
        timers: Timers,
        read: Callable[[int], Door],
        changed: Callable[[dict[int, Door]], None],
    ) -> None:
        self._contacts = dict.fromkeys(sorted(channels), Contact())
        self._timers = timers
        self._read = read
        self._changed = changed

    def look(self, channels: Iterable[int] | None = None, age_ms: int = 0) -> None:
        """Read contacts (None: all) as they stand, and tell what settled now or when they have rested. They have stood
        so for `age_ms` already.
        """
        looked = tuple(self._contacts if channels is None else channels)
        since_ms = self._timers.now_ms() - age_ms
        changes = {}
        for channel in looked:
            self._contacts[channel], change = edged(self._contacts[channel], self._read(channel), since_ms)
            if change is not None:
                changes[channel] = change
        restless = tuple(channel for channel in looked if self._contacts[channel].candidate is not None)
        if restless:
            self._timers.call_later(max(HOLD_MS - age_ms, 0), partial(self._settle, restless))
        if changes:
            self._changed(changes)

    def readings(self) -> dict[int, DoorReading]:
        """Every door as settled, with the age of the latest reading that agreed. For any thread."""
        now_ms = self._timers.now_ms()
        return {
            channel: DoorReading(contact.door, now_ms - contact.confirmed_ms)
            for channel, contact in self._contacts.items()
        }

    def survey(self, answer: AnswerSurvey) -> None:
        """Read every contact afresh, and again after 50 ms: a single reading may fall into a bounce. Those that do not
        rest then are waited for, up to SURVEY_ROUNDS times.
        """
        self.look()
        self._timers.call_later(HOLD_MS, partial(self._survey_again, answer, SURVEY_ROUNDS))

    def _survey_again(self, answer: AnswerSurvey, rounds: int) -> None:
        self.look()
        if rounds and any(contact.candidate is not None for contact in self._contacts.values()):
            self._timers.call_later(HOLD_MS, partial(self._survey_again, answer, rounds - 1))
        else:
            answer({channel: DoorReading(contact.door) for channel, contact in self._contacts.items()})

    def _settle(self, channels: tuple[int, ...]) -> None:
        now_ms = self._timers.now_ms()
        changes = {}
        for channel in channels:
            self._contacts[channel], change = elapsed(self._contacts[channel], now_ms)
            if change is not None:
                changes[channel] = change
        if changes:
            self._changed(changes)
