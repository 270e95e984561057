"""Locks on one board and their doors on another, as one board: what a locker makes of the two."""

import threading

from firmware_bridge.faults import BoardFault
from firmware_bridge.lock_board import AnswerSurvey, BoardState, LockBoard, Observation, Observe, ReportUnlock


class PartedBoard:
    """A `LockBoard` made of two. A fault of the locks' board counts for more than one of the doors'."""

    def __init__(self, locks: LockBoard, doors: LockBoard) -> None:
        self._locks = locks
        self._doors = doors
        self._changed = threading.Lock()
        self._faults: dict[str, BoardFault | None] = {}

    @property
    def name(self) -> str:
        return self._locks.name

    def open(self, observe: Observe) -> None:
        def observed(told: Observation) -> None:
            with self._changed:
                self._faults[told.board] = told.fault
                fault = self._faults.get(self._locks.name) or self._faults.get(self._doors.name)
                doors = {} if told.board == self._locks.name else told.doors
                observe(Observation(self.name, doors, fault, told.parcels))

        self._locks.open(observed)
        self._doors.open(observed)

    def unlock(self, channel: int, report: ReportUnlock) -> None:
        self._locks.unlock(channel, report)

    def survey(self, answer: AnswerSurvey) -> None:
        self._doors.survey(answer)

    def state(self) -> BoardState:
        return BoardState(self._doors.state().doors, self._locks.state().fault, self._locks.state().line)

    def attend(self, duration_ms: int) -> None:
        self._locks.attend(duration_ms)
        self._doors.attend(duration_ms)

    def close(self) -> None:
        self._locks.close()
        self._doors.close()
