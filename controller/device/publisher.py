"""The journal on its way to the carrier: a cursor, a window, and the carrier's own acknowledgements."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from controller.contract.ack import Ack, BadAck, open_ack
from controller.contract.keys import Keyring
from controller.contract.link import Link, Message
from controller.contract.topics import Topics
from controller.device.outbox import Confirm, Outbox, Span
from controller.device.seams import Committed
from controller.domain.inputs import AckForged, Input

log = logging.getLogger(__name__)

Row = tuple[int, bytes, bytes]
_READ_AHEAD = 200
"""Records held in memory, whatever the backlog."""
_ACKS_WAITING = 64
"""Acknowledgements are cumulative: of more than this, the oldest say nothing that the newest do not."""
_NOTHING = bytes(32)


class Records(Protocol):
    """The committed journal, to read."""

    def read(self, from_sequence: int, limit: int) -> Sequence[Row]:
        """Up to `limit` records `(sequence, hash, bytes)` in order, from `from_sequence` or the first kept after it."""


class Publisher:
    """Publishes every committed record until the carrier has it. `run` it beside the link."""

    def __init__(
        self,
        link: Link,
        topics: Topics,
        *,
        records: Records,
        outbox: Outbox,
        stream: str,
        keyring: Keyring,
        confirm: Confirm,
        tell: Callable[[Input], None],
        went_round: Callable[[], None],
    ) -> None:
        """`went_round` is called whenever the outbox may stand otherwise than before."""
        self.outbox = outbox
        self.acks_refused = 0
        """Acknowledgements since the start that could not be believed."""
        self._link = link
        self._topic = topics.events
        self._records = records
        self._stream = stream
        self._keyring = keyring
        self._tell = tell
        self._went_round = went_round
        self._fork_told = False
        self._acks: deque[bytes] = deque(maxlen=_ACKS_WAITING)
        self._ahead: deque[Row] = deque()
        self._wake = asyncio.Event()
        link.follow(self._went_up, self._went_down)
        if confirm is Confirm.BACKEND:
            link.subscribe(topics.ack, self._ack_came)

    def committed(self, happened: Sequence[Committed]) -> None:
        """Follow the engine with this."""
        self.outbox.committed(happened[-1].sequence)
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            while self._acks:
                self._acknowledge(self._acks.popleft(), loop.time())
            self._send(loop)
            self._went_round()
            wake_at = self.outbox.wake_at(loop.time())
            timer = None if wake_at is None else loop.call_at(wake_at, self._wake.set)
            try:
                await self._wake.wait()
            finally:
                if timer is not None:
                    timer.cancel()
            self._wake.clear()

    # --- going out ----------------------------------------------------------------------------------

    def _send(self, loop: asyncio.AbstractEventLoop) -> None:
        while (span := self.outbox.due(loop.time())) is not None:
            for sequence, record in self._take(span):
                confirmed = partial(self._confirmed, loop, sequence)
                if not self._link.publish(self._topic, record, confirmed=confirmed):
                    return
                self.outbox.sent(sequence, loop.time())

    def _take(self, span: Span) -> list[tuple[int, bytes]]:
        if not self._ahead or self._ahead[0][0] != span.first:
            self._ahead = deque(self._records.read(span.first, _READ_AHEAD))
            if not self._ahead:
                raise LookupError(f"record {span.first} was committed and is not in the journal")
        first = self._ahead[0][0]
        if first != span.first:
            log.warning("records %d to %d were pruned and cannot be published again", span.first, first - 1)
            self.outbox.pruned_before(first)
            return []
        rows = [self._ahead.popleft() for _ in range(min(span.count, len(self._ahead)))]
        return [(sequence, record) for sequence, _, record in rows]

    def _confirmed(self, loop: asyncio.AbstractEventLoop, sequence: int, refusal: str | None) -> None:
        if refusal is None:
            self.outbox.confirmed(sequence)
        else:
            log.error("the broker refused record %d on %s: %s", sequence, self._topic, refusal)
            self.outbox.refused(loop.time())
        self._wake.set()

    def _went_up(self) -> None:
        self.outbox.went_up(asyncio.get_running_loop().time())
        self._wake.set()

    def _went_down(self) -> None:
        self.outbox.went_down(asyncio.get_running_loop().time())
        self._wake.set()

    # --- coming back --------------------------------------------------------------------------------

    def _ack_came(self, message: Message) -> None:
        message.take()
        self._acks.append(message.payload)
        self._wake.set()

    def _acknowledge(self, token: bytes, now: float) -> None:
        try:
            ack = open_ack(token, self._keyring)
        except BadAck as error:
            self.acks_refused += 1
            if self.acks_refused == 1:
                log.warning("an acknowledgement cannot be believed (%s); further ones are only counted", error)
            return
        if ack.stream != self._stream:
            return
        if self._is_ours(ack):
            self.outbox.acked(ack.sequence, now)
        elif not self._fork_told:
            self._fork_told = True
            log.error("the carrier acknowledged record %d with a head that is not ours: fork or forgery", ack.sequence)
            self._tell(AckForged(ack.sequence, ack.head.hex()))

    def _is_ours(self, ack: Ack) -> bool:
        if ack.sequence == 0:
            return ack.head == _NOTHING
        if ack.sequence > self.outbox.tail:
            return False
        rows = self._records.read(ack.sequence, 1)
        sequence, head, _ = rows[0] if rows else (0, b"", b"")
        pruned = sequence != ack.sequence
        return head == ack.head or pruned
