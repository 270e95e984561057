"""What one locker says, message by message, as it comes over a broker."""

from itertools import count

from support.keyring import device_keys

from controller.contract.jose import Typ, sign
from controller.contract.status import LockerStatus
from controller.contract.topics import DEFAULT_ROOT, Topics
from controller.contract.wire_json import JSON, dumps
from controller.domain.events import Event
from controller.domain.ids import MonoMs, WallMs
from controller.domain.stamp import Stamp
from controller.journal.chain import Head, Sealer

NOON = WallMs(1_790_000_000_000)
Said = tuple[str, bytes]


class Talker:
    """One locker. Each method gives topic and payload of one message."""

    def __init__(self, locker: str = "L0042", software: str = "1.4.2", stream: str = "7" * 32) -> None:
        self.topics = Topics(DEFAULT_ROOT, locker)
        self.locker, self.software, self.stream = locker, software, stream
        self._sealer = Sealer(stream, locker, Head(), lambda payload: sign(payload, device_keys().sign, Typ.PROOF))
        self._seconds = count()

    def online(self, boot: int = 1, conn: int = 1) -> Said:
        return self.topics.status, self._status(True, boot, conn)

    def offline(self, boot: int = 1, conn: int = 1) -> Said:
        return self.topics.status, self._status(False, boot, conn)

    def record(self, event: Event) -> Said:
        second = next(self._seconds)
        stamp = Stamp(WallMs(NOON + 1000 * second), MonoMs(1000 * second), 1)
        return self.topics.events, self._sealer.seal(event, stamp, bytes(16)).bytes

    def counts(self, size: str = "M", **counted: int) -> Said:
        row = dict.fromkeys(("free", "reserved", "occupied", "quarantined", "out_of_service"), 0) | counted
        return self.topics.state, dumps({"seq": 1, "sizes": {size: row}})

    def face(self, compartment: str, door: str = "closed", status: str = "vacant") -> Said:
        members = {"door": door, "status": status, "since": "2026-11-23T03:00:00.000Z", "seq": 1}
        return self.topics.compartment(compartment), dumps(members)

    def configured(self, version: int, **more: JSON) -> Said:
        return self.topics.config_reported, dumps({"version": version, "sha256": "0" * 64} | more)

    def health(self, **figures: JSON) -> Said:
        usual: dict[str, JSON] = {"clock": "ntp", "disk_low": False, "board_faults": {}, "outbox_depth": 0}
        return self.topics.health, dumps(usual | {"outbox_oldest_s": 0} | figures)

    def _status(self, online: bool, boot: int, conn: int) -> bytes:
        head = self._sealer.head
        return LockerStatus(
            online, boot, conn, self.stream, head.sequence, head.hash.hex(), self.software, "n" if online else None
        ).encode()
