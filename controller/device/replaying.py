"""Records that were published once and are wanted again, byte for byte, beside what is published for the first time.

The outbox knows nothing of them: neither cursor nor window moves. They come few at a time, so that what happens now
does not wait behind what happened long ago, and readers know them by `source` and `id`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from controller.contract.link import Link
from controller.contract.topics import Topics
from controller.device.publisher import Records, Row
from controller.journal.errors import JournalDamaged

AT_ONCE = 20
"""Records at the broker and not yet confirmed, of the hundred that a locker may have there."""
PAUSE_S = 0.1
"""After each of these: 200 records a second at most."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it."""

    records: int
    stopped: str | None = None
    """`refused` by the broker, `damaged` or `pruned`; None where all of it was said."""


class _End(StrEnum):
    """What became of a few records handed to the link together."""

    TAKEN = "taken"
    REFUSED = "refused"
    LOST = "lost"


class Replay:
    """One at a time."""

    def __init__(self, link: Link, topics: Topics, records: Records) -> None:
        self._link = link
        self._topic = topics.events
        self._records = records
        self._up = asyncio.Event()
        self._confirming: asyncio.Future[_End] | None = None
        link.follow(self._up.set, self._went_down)

    @property
    def first(self) -> int:
        """The first record that is kept."""
        try:
            kept = self._records.read(1, 1)
        except JournalDamaged:
            return 1
        return kept[0][0] if kept else 1

    async def say_again(self, first: int, last: int) -> Replayed:
        """Publish these records; takes as long as the link is down, too."""
        at = first
        while at <= last:
            await self._up.wait()
            try:
                rows = self._records.read(at, min(AT_ONCE, last + 1 - at))
            except JournalDamaged:
                return Replayed(at - first, "damaged")
            if not rows or rows[0][0] != at:
                return Replayed(at - first, "pruned")
            end = await self._publish(rows)
            if end is _End.REFUSED:
                return Replayed(at - first, "refused")
            if end is _End.TAKEN:
                at = rows[-1][0] + 1
            await asyncio.sleep(PAUSE_S)
        return Replayed(at - first)

    async def _publish(self, rows: Sequence[Row]) -> _End:
        done: asyncio.Future[_End] = asyncio.get_running_loop().create_future()
        self._confirming, waiting = done, {row[0] for row in rows}
        for sequence, _, record in rows:
            if not self._link.publish(self._topic, record, confirmed=partial(_took, done, waiting, sequence)):
                return _End.LOST
        return await done

    def _went_down(self) -> None:
        self._up.clear()
        if self._confirming is not None and not self._confirming.done():
            self._confirming.set_result(_End.LOST)


def _took(done: "asyncio.Future[_End]", waiting: set[int], sequence: int, refusal: str | None) -> None:
    waiting.discard(sequence)
    if not done.done() and (refusal is not None or not waiting):
        done.set_result(_End.TAKEN if refusal is None else _End.REFUSED)
