"""Telling a door that moved from a contact that bounced. Pure: readings and their times in, settled doors out.

A reading other than the settled one becomes the settled one when it was read in two polls running or has lasted
50 ms; one that disagrees in between starts over. `unknown` is a reading like any other, so a single lost answer
does not make a door unknown, and a single reading does not make it known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from firmware_bridge.lock_board import Door, DoorReading

HOLD_MS = 50
"""How long a contact must rest. Reed and micro switches bounce for 1 to 20 ms."""

POLLS = 2
"""How many polls running must agree."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What is believed of one door, and the other reading that is gathering weight, if any."""

    door: Door = Door.UNKNOWN
    confirmed_ms: int = 0
    candidate: Door | None = None
    since_ms: int = 0
    polls: int = 0

    def due_ms(self) -> int | None:
        """When the candidate will have lasted long enough, if nothing disagrees until then."""
        return None if self.candidate is None else self.since_ms + HOLD_MS


def polled(contact: Contact, raw: Door, at_ms: int) -> tuple[Contact, Door | None]:
    """Take in one poll's reading. Returns the contact and, when it settled anew, the door."""
    weighed = _weigh(contact, raw, at_ms)
    return _settle(weighed, at_ms) if weighed.polls >= POLLS else elapsed(weighed, at_ms)


def edged(contact: Contact, raw: Door, at_ms: int) -> tuple[Contact, Door | None]:
    """Take in one edge: the contact reads `raw` from now on. However many edges, only resting for 50 ms settles it."""
    rested, change = elapsed(contact, at_ms)
    weighed = _weigh(rested, raw, at_ms)
    return replace(weighed, polls=0), change


def elapsed(contact: Contact, at_ms: int) -> tuple[Contact, Door | None]:
    """Let time pass without a reading to the contrary."""
    due_ms = contact.due_ms()
    return (contact, None) if due_ms is None or at_ms < due_ms else _settle(contact, at_ms)


def _weigh(contact: Contact, raw: Door, at_ms: int) -> Contact:
    if raw is contact.door:
        return Contact(contact.door, at_ms)
    if raw is contact.candidate:
        return replace(contact, polls=contact.polls + 1)
    return replace(contact, candidate=raw, since_ms=at_ms, polls=1)


def _settle(contact: Contact, at_ms: int) -> tuple[Contact, Door | None]:
    return (contact, None) if contact.candidate is None else (Contact(contact.candidate, at_ms), contact.candidate)


class ParcelPanel:
    """The parcel sensors of one board that is polled: one is believed when two polls running agree."""

    def __init__(self, channels: frozenset[int]) -> None:
        self._channels = channels
        self._latest: Mapping[int, bool] = {}
        self._settled: Mapping[int, bool] = {}

    def polled(self, readings: Mapping[int, bool]) -> dict[int, bool]:
        """Take in one poll; returns the sensors that settled anew. Boards without any tell of none."""
        before, self._latest = self._latest, {it: readings[it] for it in sorted(readings) if it in self._channels}
        changes = {
            channel: present
            for channel, present in self._latest.items()
            if before.get(channel) is present and self._settled.get(channel) is not present
        }
        self._settled = {**self._settled, **changes}
        return changes

    def lost(self) -> dict[int, None]:
        """The wire is gone, or the board silent: nothing is known any more. Returns the sensors that were."""
        known, self._latest, self._settled = self._settled, {}, {}
        return dict.fromkeys(known)

    def settled(self) -> Mapping[int, bool]:
        """Every sensor that is known. For any thread."""
        return self._settled


class Panel:
    """The contacts of one board that is polled. `polled` and `lost` return the doors that settled anew."""

    def __init__(self, channels: frozenset[int]) -> None:
        self._contacts = dict.fromkeys(sorted(channels), Contact())

    def polled(self, readings: Mapping[int, Door], at_ms: int) -> dict[int, Door]:
        """Take in one poll; a channel that it does not tell of reads `unknown`."""
        changes = {}
        for channel, contact in self._contacts.items():
            self._contacts[channel], change = polled(contact, readings.get(channel, Door.UNKNOWN), at_ms)
            if change is not None:
                changes[channel] = change
        return changes

    def lost(self, at_ms: int) -> dict[int, Door]:
        """The wire is gone: every door is unknown at once."""
        changes = {channel: Door.UNKNOWN for channel, it in self._contacts.items() if it.door is not Door.UNKNOWN}
        self._contacts = dict.fromkeys(self._contacts, Contact(confirmed_ms=at_ms))
        return changes

    @property
    def restless(self) -> bool:
        """Whether a door reads otherwise than it was last settled."""
        return any(contact.candidate is not None for contact in self._contacts.values())

    def readings(self, at_ms: int) -> dict[int, DoorReading]:
        """Every door as settled, with the age of the latest reading that agreed."""
        return {channel: DoorReading(it.door, at_ms - it.confirmed_ms) for channel, it in self._contacts.items()}
