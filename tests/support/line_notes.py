"""What boards say, noted as it comes from whatever thread, and waited for without sleeping."""

import threading
from collections.abc import Callable, Mapping
from itertools import groupby

from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import Door, DoorReading, Observation, UnlockReport

LIMIT_S = 10


class Notes:
    """Everything that one board said. Its methods are the callbacks; `wait` waits for any of it to hold."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.observations: list[Observation] = []
        self.reports: list[UnlockReport] = []
        self.surveys: list[Mapping[int, DoorReading]] = []
        self.threads: set[str] = set()

    def observe(self, observation: Observation) -> None:
        self._note(lambda: self.observations.append(observation))

    def report(self, report: UnlockReport) -> None:
        self._note(lambda: self.reports.append(report))

    def answer(self, survey: Mapping[int, DoorReading]) -> None:
        self._note(lambda: self.surveys.append(survey))

    def nudge(self) -> None:
        """Something changed elsewhere that somebody may wait for."""
        self._note(lambda: None)

    def door(self, channel: int) -> Door:
        """What was last observed of a door."""
        told = [it.doors[channel] for it in self.observations if channel in it.doors]
        return told[-1] if told else Door.UNKNOWN

    def changes(self, channel: int) -> list[Door]:
        """Everything that was observed of a door, in order."""
        return [it.doors[channel] for it in self.observations if channel in it.doors]

    def parcels(self, channel: int) -> list[bool | None]:
        """Everything that was observed of a parcel sensor, in order."""
        return [it.parcels[channel] for it in self.observations if channel in it.parcels]

    def moves(self, channel: int) -> list[Door]:
        """The same without the times at which nobody knew."""
        return [door for door, _ in groupby(it for it in self.changes(channel) if it is not Door.UNKNOWN)]

    @property
    def fault(self) -> BoardFault | None:
        """The fault that was last observed, if it has not ended."""
        return self.observations[-1].fault if self.observations else None

    @property
    def fault_kind(self) -> FaultKind | None:
        """Its kind."""
        return self.fault.kind if self.fault is not None else None

    def wait(self, true: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
        """Wait until `true` is, looking whenever the board said something. Fails after `limit_s`."""
        with self._changed:
            assert self._changed.wait_for(true, limit_s), f"did not come true; heard {self.observations[-5:]}"

    def _note(self, take: Callable[[], None]) -> None:
        with self._changed:
            self.threads.add(threading.current_thread().name)
            take()
            self._changed.notify_all()
