"""The backend that takes the journals in: checks every record, keeps it, and acknowledges what it holds.

A gap is never acknowledged over: the last acknowledgement, said again, asks the locker to go back. A record that
contradicts what is held ends that stream here until a person has looked at it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import assert_never

from controller.contract.ack import Ack, make_ack
from controller.contract.link import Link, Message
from controller.contract.status import LockerStatus
from controller.contract.topics import Topics, locker_of
from controller.domain.ids import Role
from controller.journal.chain import Head, Verify
from controller.journal.store import Runner
from controller.remote.carrier_store import CarrierStore, Entry
from controller.remote.device_pins import DevicePins
from controller.remote.follower import Next, Repeated, TooFar, Unacceptable, judge, read
from controller.remote.key_set import KeySet
from controller.remote.notice import Kind, Notice
from controller.remote.tidings import line, tidings

MOST_AT_ONCE = 100
LONGEST_WAIT_S = 0.05
"""An acknowledgement comes after so many records, or so long after the first of them."""
ASK_AGAIN_S = 1.0
Tell = Callable[[Notice], None]


@dataclass(slots=True)
class Stream:
    """One stream of one locker, as far as we have it."""

    locker: str
    name: str
    last: Head
    broken: bool = False
    owes_ack: bool = False
    asks: bool = False
    """Something is missing: the next acknowledgement is to be said so that it asks for it."""
    asked_at: float = float("-inf")
    repeated: int = 0
    """Records that came again, since the start."""

    def ask(self, now: float) -> bool:
        """Have the locker told once more what we have; False when it was just now."""
        if now - self.asked_at < ASK_AGAIN_S:
            return False
        self.asked_at, self.owes_ack = now, True
        return True


@dataclass(slots=True)
class Batch:
    """What is to be stored together, and said once it is."""

    entries: list[Entry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


class Custodian:
    """Serves every locker that `topics` covers. `run` it beside the link."""

    def __init__(
        self,
        link: Link,
        topics: Topics,
        *,
        keys: KeySet,
        store: CarrierStore,
        runner: Runner,
        device_keys: Mapping[str, bytes],
        tell: Tell,
    ) -> None:
        """`runner` is where the store is written.

        Without the custodian's key nothing is acknowledged: that is for one backend of each locker. Raises ValueError
        for `device_keys` that are none.
        """
        self._link = link
        self._root = topics.root
        self._keys = keys
        self._signing = keys.signing(Role.CUSTODIAN) if keys.acknowledges else None
        self._store = store
        self._runner = runner
        self._tell = tell
        self._pins = DevicePins(store, device_keys, tell)
        self._streams: dict[tuple[str, str], Stream] = {}
        self._online: dict[str, tuple[int, int, bool]] = {}
        self._queue: deque[Message] = deque()
        self._wake = asyncio.Event()
        link.subscribe(topics.keys, self._keys_came)
        link.subscribe(topics.status, self._status_came)
        link.subscribe(topics.events, self._record_came)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Every stream met since the start."""
        return tuple(self._streams.values())

    def keys_of(self, locker: str) -> Verify | None:
        """What checks this locker's signatures, None while its keys are not known."""
        return self._pins.verify_for(locker)

    async def run(self) -> None:
        """Serve until cancelled. Raises CommitFailed when the store can no longer be written."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if len(self._queue) < MOST_AT_ONCE and (self._queue or self._pins.unsaved):
                await asyncio.sleep(LONGEST_WAIT_S)
            while self._queue or self._pins.unsaved:
                await self._serve([self._queue.popleft() for _ in range(min(len(self._queue), MOST_AT_ONCE))])
            self._acknowledge()

    async def _serve(self, messages: Sequence[Message]) -> None:
        batch, now = Batch(), asyncio.get_running_loop().time()
        for message in messages:
            self._take_in(message, batch, now)
        pins = self._pins.unsaved
        if batch.entries or pins:
            await self._runner.do(partial(self._store.save, batch.entries, pins))
            self._pins.saved(pins)
        for message in messages:
            message.take()
        self._acknowledge()
        for notice in batch.notices:
            self._tell(notice)

    # --- what comes -----------------------------------------------------------------------------------

    def _record_came(self, message: Message) -> None:
        self._queue.append(message)
        self._wake.set()

    def _keys_came(self, message: Message) -> None:
        message.take()
        locker = locker_of(self._root, message.topic)
        if locker is not None and message.payload:
            if self._pins.announced(locker, message.payload):
                self._look_again(locker)
            self._wake.set()

    def _look_again(self, locker: str) -> None:
        """What was not to be believed by the keys known so far may be good by these."""
        for stream in self._streams.values():
            if stream.locker == locker and stream.broken:
                stream.broken = False
                stream.owes_ack = stream.asks = True

    def _status_came(self, message: Message) -> None:
        message.take()
        locker = locker_of(self._root, message.topic)
        if locker is None or not message.payload:
            return
        try:
            status = LockerStatus.decode(message.payload)
        except ValueError:
            self._tell(Notice(Kind.STRANGE, locker, "says a status that is none"))
            return
        self._note_status(locker, status)
        if status.online:
            stream = self._stream(locker, status.stream)
            stream.owes_ack = True
            stream.asks |= status.sequence > stream.last.sequence
            self._wake.set()

    def _note_status(self, locker: str, status: LockerStatus) -> None:
        """Tell comings and goings; of two statuses the one with the higher boot and connection is the later."""
        boot, conn, online = self._online.get(locker, (0, 0, False))
        if (status.boot, status.conn) < (boot, conn):
            return
        self._online[locker] = (status.boot, status.conn, status.online)
        if status.online is not online or status.boot != boot:
            word = "online" if status.online else "offline"
            text = f"is {word}, boot {status.boot}, software {status.software}, record {status.sequence}"
            self._tell(Notice(Kind.STATUS, locker, text))

    # --- what is made of it ---------------------------------------------------------------------------

    def _stream(self, locker: str, name: str) -> Stream:
        key = (locker, name)
        if key not in self._streams:
            self._streams[key] = Stream(locker, name, self._store.position(locker, name))
        return self._streams[key]

    def _take_in(self, message: Message, batch: Batch, now: float) -> None:
        locker = locker_of(self._root, message.topic)
        record = read(message.payload)
        if locker is None or record is None or record.place.locker != locker:
            batch.notices.append(Notice(Kind.STRANGE, locker or "?", "a message on events is no record of this locker"))
            return
        stream = self._stream(locker, record.place.stream)
        if stream.broken:
            return
        held = None
        if record.place.sequence <= stream.last.sequence:
            held = self._store.record(locker, stream.name, record.place.sequence)
        verdict = judge(message.payload, record, stream.last, held, self._pins.verify_for(locker))
        match verdict:
            case Next():
                self._keep(stream, message.payload, verdict, batch)
            case Repeated():
                stream.repeated += 1
                stream.ask(now)
            case TooFar(sequence=sequence):
                if stream.ask(now):
                    stream.asks = True
                    text = f"record {sequence} came after {stream.last.sequence}; the locker is asked to go back"
                    batch.notices.append(Notice(Kind.GAP, locker, text))
            case Unacceptable(why=why):
                stream.broken = True
                batch.notices.append(Notice(Kind.BROKEN, locker, f"{why}. Nothing more of this stream is taken"))
            case _:
                assert_never(verdict)

    def _keep(self, stream: Stream, raw: bytes, following: Next, batch: Batch) -> None:
        record = following.record
        news = tidings(record, self._keys.unseal, self._keys.carrier)
        told = (news.parcel, news.code, news.spent, news.joined)
        entry = Entry(stream.locker, stream.name, following.head, raw, *told)
        batch.entries.append(entry)
        found = (news.code, news.pin, news.contact, news.delegated)
        batch.notices.append(Notice(Kind.RECORD, stream.locker, line(record), record, following.proven, *found))
        stream.last = following.head
        stream.owes_ack = True

    def _acknowledge(self) -> None:
        for stream in self._streams.values():
            if not stream.owes_ack or stream.broken:
                continue
            self._publish_ack(stream)
            if stream.asks:
                self._publish_ack(stream)  # only what is said twice asks for a rewind, and the first may be news
            stream.owes_ack = stream.asks = False

    def _publish_ack(self, stream: Stream) -> None:
        if self._signing is None:
            return
        ack = make_ack(Ack(stream.name, stream.last.sequence, stream.last.hash), self._signing)
        self._link.publish(Topics(self._root, stream.locker).ack, ack.encode())
