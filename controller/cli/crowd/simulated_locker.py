"""One simulated locker: the real presence, publisher and outbox on a real, signed chain, kept in memory."""

import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from controller.cli.crowd.thin_link import ThinLink
from controller.cli.crowd.visits import DOORS, visits
from controller.contract.device_keys import new_key, public_jwk
from controller.contract.jose import Typ, sign
from controller.contract.keys import Keyring
from controller.contract.topics import Topics
from controller.contract.wire_json import JSON, JsonObject, dumps
from controller.device.drift_report import drift_figures
from controller.device.mirror import COUNTED_AS, Face
from controller.device.outbox import Confirm, Outbox
from controller.device.presence import Identity, Nonces, Presence
from controller.device.publisher import Publisher, Row
from controller.device.seams import Committed
from controller.domain.ids import ClockQuality, CompartmentId, Door, MonoMs, WallMs
from controller.domain.inputs import Input
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import State, Status
from controller.journal.chain import Head, Sealer

SOFTWARE = "simulated"


class Backlog:
    """The records from the cursor on; what was acknowledged is let go."""

    def __init__(self) -> None:
        self._rows: deque[Row] = deque()

    def add(self, row: Row) -> None:
        """Append the next record."""
        self._rows.append(row)

    def let_go(self, cursor: int) -> None:
        """Keep the record at the cursor, whose hash an acknowledgement is held against, and all after it."""
        while self._rows and self._rows[0][0] < cursor:
            self._rows.popleft()

    def read(self, from_sequence: int, limit: int) -> Sequence[Row]:
        """See `publisher.Records`."""
        if not self._rows:
            return ()
        start = max(0, from_sequence - self._rows[0][0])
        return [self._rows[n] for n in range(start, min(start + limit, len(self._rows)))]


class SimulatedLocker:
    """Run `presence` and `publisher` beside `link`."""

    def __init__(
        self, number: int, link: ThinLink, topics: Topics, keyring: Keyring | None, moved: Callable[[], None]
    ) -> None:
        """Without a `keyring` the broker's confirmation counts as the acknowledgement. `moved`: the cursor has."""
        key = new_key("Ed25519")
        self.locker = topics.locker
        self.link = link
        self.forks = 0
        self.stream = secrets.token_hex(16)
        self._topics = topics
        self._backlog = Backlog()
        self._moved = moved
        self._visits = visits(number)
        self._faces = {f"A{n:02d}": (Door.CLOSED, Status.VACANT) for n in range(1, DOORS + 1)}
        self._sealer = Sealer(self.stream, topics.locker, Head(), lambda payload: sign(payload, key, Typ.PROOF))
        keys = dumps({"keys": [public_jwk(key, "sig")]})
        nonces = Nonces(partial(secrets.token_urlsafe, 16))
        self.presence = Presence(link, topics, Identity(1, self.stream, SOFTWARE, keys), nonces, self._head)
        self.outbox = Outbox(
            cursor=0,
            tail=0,
            confirm=Confirm.BROKER if keyring is None else Confirm.BACKEND,
            moved=self._acknowledged,
        )
        self.publisher = Publisher(
            link,
            topics,
            records=self._backlog,
            outbox=self.outbox,
            stream=self.stream,
            keyring=keyring or Keyring(()),
            confirm=Confirm.BROKER if keyring is None else Confirm.BACKEND,
            tell=self._told,
            went_round=_nothing,
        )
        link.follow(self._went_up, _nothing)

    def live(self, started_s: float) -> None:
        """One more thing happens; `started_s` is when the simulation began, on the monotonic clock."""
        moment = next(self._visits)
        powered = MonoMs(int((time.monotonic() - started_s) * 1000))
        stamp = Stamp(WallMs(time.time_ns() // 1_000_000), powered, 1, ClockQuality.NTP)
        record = self._sealer.seal(moment.event, stamp, bytes(16))
        self._backlog.add((record.sequence, record.hash, record.bytes))
        self.publisher.committed((Committed(record.sequence, stamp, moment.event),))
        face = (moment.door, moment.status)
        if self._faces[moment.compartment] != face:
            self._faces[moment.compartment] = face
            self._say_face(moment.compartment, stamp.wall)
            self._say_counts()

    def report_health(self) -> None:
        """What a locker says of itself once a minute."""
        figures: JsonObject = {
            "clock": ClockQuality.NTP.value,
            "boot": 1,
            "memory_kib": 60_000,
            "disk_free_kib": 20_000_000,
            "disk_total_kib": 30_000_000,
            "disk_low": False,
            "outbox_depth": self.outbox.depth,
            "outbox_oldest_s": 0,
            "acks_refused": self.publisher.acks_refused,
            "certificate_days": None,
            "board_faults": {},
            "boards": {"main": {"fault": None, "doors_known": DOORS, "oldest_reading_ms": 200, "line": None}},
            "drift": drift_figures(State(), WallMs(time.time_ns() // 1_000_000), Policy()),
            "stopped_supplies": [],
            "temperatures_c": {"cpu": 45},
            "undervoltage": False,
            "throttled": [],
            "throttled_since_boot": [],
            "real_time_clock": None,
        }
        self.link.publish(self._topics.health, dumps(figures))

    @property
    def head(self) -> Head:
        """The last record."""
        return self._sealer.head

    def _acknowledged(self, cursor: int) -> None:
        self._backlog.let_go(cursor)
        self._moved()

    def _head(self) -> tuple[int, bytes]:
        return self._sealer.head.sequence, self._sealer.head.hash

    def _told(self, item: Input) -> None:
        self.forks += 1  # nothing else is told by a publisher

    def _went_up(self) -> None:
        now = WallMs(time.time_ns() // 1_000_000)
        for id in self._faces:
            self._say_face(CompartmentId(id), now)
        self._say_counts()

    def _say_face(self, id: CompartmentId, since: WallMs) -> None:
        door, status = self._faces[id]
        face = Face(door, status, since, self._sealer.head.sequence)
        self.link.publish(self._topics.compartment(id), face.encode(), retain=True)

    def _say_counts(self) -> None:
        row: dict[str, JSON] = dict.fromkeys(COUNTED_AS.values(), 0)
        for _, status in self._faces.values():
            row[COUNTED_AS[status]] = int(str(row[COUNTED_AS[status]])) + 1
        self.link.publish(
            self._topics.state, dumps({"seq": self._sealer.head.sequence, "sizes": {"M": row}}), retain=True
        )


def _nothing() -> None:
    """All of it is said again when the link is back."""
