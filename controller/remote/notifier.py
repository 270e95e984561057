"""The carrier's part in telling recipients: each notice is carried, and what became of it is reported."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from controller.domain.commands import ReportNotification
from controller.domain.events import NotificationRequested
from controller.domain.ids import NoticeId, ParcelId
from controller.remote.courier import Courier
from controller.remote.notice import Notice
from controller.remote.sender import NoAnswer, NotTaken

Report = Callable[[str, ReportNotification], Awaitable[object]]
"""Sends a report to a locker. Raises NoAnswer, NotTaken."""
CodeOf = Callable[[str, ParcelId], str | None]
"""The live code of a locker's parcel."""
MOST_WAITING: Final = 10_000
"""Of more notices the oldest are not carried; the locker takes that for silence, and tries the next channel."""


class Notifier:
    """Has what lockers ask for carried by `courier`. `run` it beside the link."""

    def __init__(self, report: Report, courier: Courier, code_of: CodeOf) -> None:
        self._report = report
        self._courier = courier
        self._code_of = code_of
        self._queue: deque[Notice] = deque(maxlen=MOST_WAITING)
        self._wake = asyncio.Event()

    def take(self, notice: Notice) -> None:
        """One more thing that a locker says."""
        asked = notice.record is not None and notice.record.name == NotificationRequested.NAME
        if asked or notice.pin is not None or notice.contact is not None:
            self._queue.append(notice)
            self._wake.set()

    async def run(self) -> None:
        """Carry and report until cancelled. A report that a locker does not answer is not said again: its silence is
        known.
        """
        while True:
            while self._queue:
                try:
                    await self._serve(self._queue.popleft())
                except (NoAnswer, NotTaken):
                    continue
            await self._wake.wait()
            self._wake.clear()

    async def _serve(self, notice: Notice) -> None:
        if notice.contact is not None:
            await asyncio.to_thread(self._courier.learn, notice)
        if notice.pin is not None:
            await asyncio.to_thread(self._courier.carry_pin, notice)
        asked = notice.record.data.get("notice") if notice.record is not None else None
        if isinstance(asked, str) and notice.record is not None and notice.record.name == NotificationRequested.NAME:
            parcel = notice.record.data.get("parcel")
            code = self._code_of(notice.locker, ParcelId(parcel)) if isinstance(parcel, str) else None
            outcome = await asyncio.to_thread(self._courier.carry, notice, code)
            await self._report(notice.locker, ReportNotification(notice=NoticeId(asked), outcome=outcome))
