"""The carrier's part in telling recipients: a backend without any recipients of its own says what became of each."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection

from controller.domain.commands import ReportNotification
from controller.domain.events import NotificationRequested
from controller.domain.ids import NoticeId
from controller.domain.notices import ReportedAs
from controller.domain.preferences import Channel
from controller.remote.notice import Notice
from controller.remote.sender import NoAnswer, NotTaken

Report = Callable[[str, ReportNotification], Awaitable[object]]
"""Sends a report to a locker. Raises NoAnswer, NotTaken."""


class Notifier:
    """Reports all that it is asked for as delivered, but by channels that bounce. `run` it beside the link."""

    def __init__(self, report: Report, bouncing: Collection[Channel]) -> None:
        self._report = report
        self._bouncing = frozenset(bouncing)
        self._queue: deque[tuple[str, ReportNotification]] = deque()
        self._wake = asyncio.Event()

    def take(self, notice: Notice) -> None:
        """One more thing that a locker says."""
        record = notice.record
        if record is None or record.name != NotificationRequested.NAME:
            return
        asked, channel = record.data.get("notice"), record.data.get("channel")
        if isinstance(asked, str):
            outcome = ReportedAs.BOUNCED if channel in self._bouncing else ReportedAs.DELIVERED
            self._queue.append((notice.locker, ReportNotification(notice=NoticeId(asked), outcome=outcome)))
            self._wake.set()

    async def run(self) -> None:
        """Report until cancelled. A report that a locker does not answer is not said again: its silence is known."""
        while True:
            while self._queue:
                try:
                    await self._report(*self._queue.popleft())
                except (NoAnswer, NotTaken):
                    continue
            await self._wake.wait()
            self._wake.clear()
