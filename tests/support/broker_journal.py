"""A journal in memory, really sealed and signed, for what publishes and takes in records."""

from collections.abc import Sequence

from support.keyring import device_keys, keyring

from controller.contract.jose import Typ, sign
from controller.device.seams import Committed
from controller.domain.events import CodeIssued, CustodyStored, DoorClosed, Event, Evidence
from controller.domain.ids import CarrierId, CompartmentId, DriverId, MonoMs, PickupId, WallMs
from controller.domain.naming import parcel_id
from controller.domain.stamp import Stamp
from controller.journal.chain import Head, SealedRecord, Sealer

STREAM = "5" * 32
LOCKER = "L0042"


def door_closed(compartment: str = "A01") -> Event:
    """The commonest event."""
    return DoorClosed(compartment=CompartmentId(compartment), open_ms=MonoMs(4000))


def stored(parcel: str = "P1") -> Event:
    """One that bears a proof."""
    return CustodyStored(
        parcel=parcel_id(CarrierId("acme"), parcel),
        compartment=CompartmentId("A01"),
        carrier=CarrierId("acme"),
        driver=DriverId("d7"),
        confirmed_by="driver",
        evidence=Evidence(("badge", "door_cycle")),
        hold_until=WallMs(1_800_000_000_000),
        opened_mono=MonoMs(1000),
        closed_mono=MonoMs(5000),
    )


def code_issued(code: str, parcel: str = "P1", carrier: str = "acme", sealed: str | None = None) -> Event:
    """One that bears a sealed code: `code`, or what was sealed already."""
    plaintext = b'{"code":"%b","parcel":"%b"}' % (code.encode(), parcel.encode())
    return CodeIssued(
        parcel=parcel_id(CarrierId(carrier), parcel),
        pickup=PickupId(parcel),
        compartment=CompartmentId("A01"),
        expires_at=WallMs(1_800_000_000_000),
        code_jwe=sealed or keyring("beta").seal_for(CarrierId(carrier), plaintext),
    )


class MemoryJournal:
    """Committed records, to read as the publisher does."""

    def __init__(self, stream: str = STREAM, locker: str = LOCKER) -> None:
        self.stream = stream
        self.records: list[SealedRecord] = []
        self.pruned = 0
        """So many of the first records are gone."""
        self.reads = 0
        """Of more than one record; how many acknowledgements are looked up is a matter of time."""
        self._sealer = Sealer(stream, locker, Head(), self._sign)

    @staticmethod
    def _sign(payload: bytes) -> str:
        return sign(payload, device_keys().sign, Typ.PROOF)

    def commit(self, *events: Event) -> tuple[Committed, ...]:
        """Seal and keep the events."""
        stamp = Stamp(WallMs(1_790_000_000_000 + 1000 * len(self.records)), MonoMs(1000 * len(self.records)), 41)
        sealed = [self._sealer.seal(event, stamp, bytes(16)) for event in events]
        self.records += sealed
        return tuple(Committed(record.sequence, record.stamp, record.event) for record in sealed)

    def fill(self, count: int) -> tuple[Committed, ...]:
        """Commit `count` events of the commonest kind."""
        return self.commit(*(door_closed() for _ in range(count)))

    def read(self, from_sequence: int, limit: int) -> Sequence[tuple[int, bytes, bytes]]:
        """As `Store.read`."""
        self.reads += limit > 1
        first = max(from_sequence, self.pruned + 1)
        return [(r.sequence, r.hash, r.bytes) for r in self.records[first - 1 : first - 1 + limit]]

    @property
    def head(self) -> tuple[int, bytes]:
        """Sequence and hash of the last record."""
        return (self.records[-1].sequence, self.records[-1].hash) if self.records else (0, bytes(32))
