"""`locker run`, but the process kills itself with SIGKILL at one step of the heart: `STEP OCCASION CONFIG`.

Run as a script. The product knows nothing of this: here its methods are wrapped from outside.
"""

import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from controller.cli.daemon import run_daemon
from controller.device import app
from controller.device.engine import Engine
from controller.device.wiring import Wiring
from controller.domain.commands import ExpectParcel
from controller.domain.ids import CompartmentId, Door
from controller.domain.inputs import (
    CodeTyped,
    CommandArrived,
    DepositDone,
    DoorsRead,
    PlanAcknowledged,
    SettingsOffered,
)
from controller.journal.database import Disk
from controller.journal.opening import open_journal
from controller.journal.store import Store
from controller.journal.tables import Batch, Tables
from firmware_bridge.lock_board import UnlockReport


class Step(StrEnum):
    """Where in the heart the process ends, in the order in which it comes there."""

    INBOX = "inbox"
    """It waits to be decided."""
    DECIDED = "decided"
    SEALED = "sealed"
    INSERTED = "inserted"
    """In the transaction, before its COMMIT."""
    DURABLE = "durable"
    """Committed, and no lock was told yet."""
    HANDED_OVER = "handed_over"
    """The unlock is in its board's queue. Where nothing is unlocked, this never comes."""
    SENT = "sent"
    """Its frame has left on the line, and that is not known to the engine yet. As above."""
    UNANSWERED = "unanswered"
    """Committed and, as far as that goes, acted; nobody has an answer."""
    ANSWERED = "answered"
    """The asker has the answer, and nothing of it has left the process."""


UNLOCKING_ONLY = (Step.HANDED_OVER, Step.SENT)


class Occasion(StrEnum):
    """What the heart is busy with when it ends."""

    ANNOUNCED = "announced"
    ACKNOWLEDGED = "acknowledged"
    CONFIRMED = "confirmed"
    CODE_TYPED = "code_typed"
    SHUT = "shut"
    CONFIGURED = "configured"

    @property
    def is_of_a_parcel(self) -> bool:
        """Whether it comes in every parcel's life."""
        return self is not Occasion.CONFIGURED

    @property
    def unlocks(self) -> bool:
        """Whether a lock is pulsed."""
        return self in (Occasion.ACKNOWLEDGED, Occasion.CODE_TYPED)

    def is_met(self, item: object) -> bool:
        """Whether this input is it."""
        match item:
            case CommandArrived(command=ExpectParcel()):
                return self is Occasion.ANNOUNCED
            case PlanAcknowledged():
                return self is Occasion.ACKNOWLEDGED
            case DepositDone():
                return self is Occasion.CONFIRMED
            case CodeTyped():
                return self is Occasion.CODE_TYPED
            case DoorsRead(doors=((_, Door.CLOSED),)):
                return self is Occasion.SHUT
            case SettingsOffered():
                return self is Occasion.CONFIGURED
            case _:
                return False


class Doom:
    """Kills the process when it comes to `step` with `occasion`."""

    def __init__(self, step: Step, occasion: Occasion) -> None:
        self.step = step
        self.occasion = occasion
        self._near = False
        """Since the occasion was put in. Set on the loop, read in every thread."""
        self._writing = threading.local()

    def arm(self) -> None:
        """Wrap everything."""
        _wrap(Engine, "_go_round", self._go_round)
        _wrap(Engine, "_take", self._take)
        _wrap(Store, "commit", self._commit)
        _wrap(Tables, "commit", self._write)
        _wrap(Wiring, "pulse", self._pulse)
        _wrap(Wiring, "_reported", self._reported)
        connection = type("Watched", (_Watched,), {"doom": self})
        app_journal = partial(open_journal, disk=Disk(connection=connection))
        vars(app)["open_journal"] = app_journal

    def come_to(self, step: Step) -> None:
        """End here, if this is the place and the time."""
        if self._near and step is self.step:
            os.kill(os.getpid(), signal.SIGKILL)

    async def _go_round(self, go_round: Callable[..., Awaitable[None]], engine: Engine, batch: list[Any]) -> None:
        self._near = self._near or any(self.occasion.is_met(question.item) for question in batch)
        self.come_to(Step.INBOX)
        await go_round(engine, batch)
        self.come_to(Step.ANSWERED)

    def _take(self, take: Callable[..., None], engine: Engine, this: Any, question: Any) -> None:
        take(engine, this, question)
        if self.occasion.is_met(question.item):
            self.come_to(Step.DECIDED)

    async def _commit(self, commit: Callable[..., Awaitable[None]], store: Store, batch: Batch) -> None:
        self.come_to(Step.SEALED)
        await commit(store, batch)
        self.come_to(Step.UNANSWERED)

    def _write(self, write: Callable[..., None], tables: Tables, batch: Batch) -> None:
        self._writing.batch = batch
        try:
            write(tables, batch)
        finally:
            del self._writing.batch

    def commits(self) -> bool:
        """Whether this thread is storing a batch of the heart's, rather than a cursor or a snapshot."""
        return hasattr(self._writing, "batch")

    def _pulse(self, pulse: Callable[..., None], wiring: Wiring, compartment: CompartmentId) -> None:
        pulse(wiring, compartment)
        self.come_to(Step.HANDED_OVER)

    def _reported(
        self, reported: Callable[..., None], wiring: Wiring, compartment: CompartmentId, report: UnlockReport
    ) -> None:
        self.come_to(Step.SENT)
        reported(wiring, compartment, report)


class _Watched(sqlite3.Connection):
    """A connection that may not live to see its COMMIT, or what follows it."""

    doom: Doom

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """See sqlite3.Connection."""
        ours = sql == "COMMIT" and self.doom.commits()
        if ours:
            self.doom.come_to(Step.INSERTED)
        cursor = super().execute(sql, *values)
        if ours:
            self.doom.come_to(Step.DURABLE)
        return cursor


def _wrap(owner: type, name: str, around: Callable[..., Any]) -> None:
    """Let `around` stand in for a method; it gets the method as its first argument."""
    method = getattr(owner, name)

    def wrapped(*arguments: Any) -> Any:
        return around(method, *arguments)

    setattr(owner, name, wrapped)


if __name__ == "__main__":
    step, occasion, config = sys.argv[1:]
    Doom(Step(step), Occasion(occasion)).arm()
    sys.exit(run_daemon(Path(config)))
