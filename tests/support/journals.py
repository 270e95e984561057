"""Journals in a directory of the test's own: a stand-in for the device's key, and a locker that only records."""

import hmac
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from controller.contract.jose import Flaw, NotTrusted, Typ
from controller.domain import events as ev
from controller.domain.evolve import evolve
from controller.domain.ids import (
    CarrierId,
    ClockQuality,
    CodeHmac,
    CompartmentId,
    Door,
    DriverId,
    MonoMs,
    ParcelId,
    PickupId,
    Purpose,
    Role,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.naming import parcel_id
from controller.domain.stamp import Stamp
from controller.domain.state import State
from controller.journal.chain import Head, SealedRecord, Signatures
from controller.journal.database import Disk, connect_reader
from controller.journal.files import database_path
from controller.journal.journal import Journal
from controller.journal.opening import open_journal
from controller.journal.store import Inline, Runner
from controller.journal.tables import Batch
from controller.journal.verify import Verified, verify_journal

LOCKER = "L0042"
STREAM = "3f" * 16
SOFTWARE = "1.4.2"
QUICK = Disk(synchronous="OFF", wal_bytes=0, ballast_bytes=0)
NOON = WallMs(1_795_400_000_000)


def _coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _mac(signed: str) -> str:
    return _coded(hmac.digest(b"the device's key", signed.encode(), "sha256"))


def sign(payload: bytes, typ: Typ) -> str:
    """A token in the shape of a JWS, quick to make."""
    signed = f"{_coded(typ.encode())}.{_coded(payload)}"
    return f"{signed}.{_mac(signed)}"


def verify(token: str, typ: Typ) -> bytes:
    """The payload of what `sign` made. Raises NotTrusted."""
    signed, _, mac = token.rpartition(".")
    header, _, payload = signed.partition(".")
    if mac != _mac(signed):
        raise NotTrusted(Flaw.BAD_SIGNATURE)
    if header != _coded(typ.encode()):
        raise NotTrusted(Flaw.WRONG_TYPE)
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))


KEYS = Signatures(sign, verify)


def opened(
    data_dir: Path, disk: Disk = QUICK, runner: Callable[[], Runner] = Inline, keys: Signatures = KEYS
) -> Journal:
    """The journal in `data_dir`, made where there is none."""
    return open_journal(data_dir, LOCKER, SOFTWARE, keys, lambda: STREAM, disk, runner)


def stamp(n: int) -> Stamp:
    """The moment of the n-th record: one second after the one before."""
    return Stamp(WallMs(NOON + n * 1000), MonoMs(n * 1000), 1, ClockQuality.NTP)


@dataclass
class Recorder:
    """A locker that records what it is told and keeps its state."""

    journal: Journal
    state: State

    @classmethod
    def on(cls, journal: Journal) -> "Recorder":
        """Go on from where the journal ends."""
        return cls(journal, journal.state)

    def seal(self, *happened: ev.Event) -> tuple[SealedRecord, ...]:
        """The next records, not committed yet."""
        first = self.journal.sealer.head.sequence + 1
        sealer = self.journal.sealer
        return tuple(sealer.seal(event, stamp(n), n.to_bytes(16)) for n, event in enumerate(happened, first))

    async def record(self, *happened: ev.Event, on_durable: Callable[[], None] | None = None) -> None:
        """Commit these events as one batch."""
        sealed = self.seal(*happened)
        erase = [n for event in happened if isinstance(event, ev.PrivateErased) for n in event.sequences]
        batch = Batch(sealed, tuple(erase))
        await self.journal.store.commit(batch if on_durable is None else Batch(sealed, tuple(erase), None, on_durable))
        for record in sealed:
            self.state = evolve(self.state, record.event, record.stamp)

    async def snapshot(self) -> None:
        """Keep a snapshot of the state as it is."""
        await self.journal.snapshot(self.state)


A01 = CompartmentId("A01")
CARRIER = CarrierId("acme")
DRIVER = DriverId("d-7")


def beginning() -> list[ev.Event]:
    """What a new stream begins with."""
    return [
        ev.StreamStarted(software=SOFTWARE),
        ev.BootStarted(software=SOFTWARE, unwatched_s=None),
        ev.ConfigApplied(sha256="c0" * 32, compartments=(ev.CompartmentSpec(A01, Size.M, (450, 190, 600), 900),)),
    ]


def deposit(n: int) -> list[ev.Event]:
    """Parcel P{n} is announced, put into A01 and gets its code: 8 events, the last with a private part."""
    parcel, session = parcel_id(CARRIER, f"P{n}"), SessionId(f"driver-{n}")
    return [
        ev.ParcelExpected(parcel=parcel, label=f"RR{n:09d}GB", carrier=CARRIER, size=Size.M),
        ev.CustodyDepositing(parcel=parcel, compartment=A01, driver=DRIVER, session=session),
        _unlock(Purpose.DEPOSIT, Role.DRIVER, parcel, session),
        ev.UnlockReported(compartment=A01, sent="acknowledged"),
        ev.DoorOpened(compartment=A01, cause="unlock"),
        ev.DoorClosed(compartment=A01, open_ms=MonoMs(9000)),
        ev.CustodyStored(
            parcel=parcel,
            compartment=A01,
            carrier=CARRIER,
            driver=DRIVER,
            confirmed_by="driver",
            evidence=ev.Evidence(("door_cycle",)),
            hold_until=WallMs(NOON + 72 * 3600 * 1000),
            opened_mono=MonoMs(1),
            closed_mono=MonoMs(2),
        ),
        ev.CodeIssued(
            parcel=parcel,
            pickup=PickupId(f"P{n}"),
            compartment=A01,
            expires_at=WallMs(NOON + 72 * 3600 * 1000),
            code_jwe="sealed",
            code_hmac=CodeHmac(f"{n:064x}"),
        ),
    ]


def collection(n: int) -> list[ev.Event]:
    """Parcel P{n} is fetched by code: 6 events."""
    parcel, pickup, session = parcel_id(CARRIER, f"P{n}"), PickupId(f"P{n}"), SessionId(f"recipient-{n}")
    return [
        ev.CodeAccepted(pickup=pickup, session=session),
        ev.CustodyCollecting(parcel=parcel, compartment=A01, pickup=pickup, session=session, means="code"),
        _unlock(Purpose.PICKUP, Role.RECIPIENT, parcel, session),
        ev.DoorOpened(compartment=A01, cause="unlock"),
        ev.DoorClosed(compartment=A01, open_ms=MonoMs(4000)),
        ev.CustodyCollected(
            parcel=parcel,
            compartment=A01,
            pickup=pickup,
            carrier=CARRIER,
            actor=Role.RECIPIENT,
            evidence=ev.Evidence(("code", "door_cycle")),
            opened_mono=MonoMs(3),
            closed_mono=MonoMs(4),
            rests_until=MonoMs(5),
        ),
    ]


def _unlock(purpose: Purpose, role: Role, parcel: ParcelId, session: SessionId) -> ev.Event:
    return ev.UnlockAuthorised(compartment=A01, purpose=purpose, role=role, parcel=parcel, session=session)


async def keep_a_journal(data_dir: Path) -> State:
    """A closed journal of 32 records, and the state it ended in.

    1–3 the beginning, 4–11 a deposit (code: 11), a snapshot, 12–17 its collection, 18–25 another deposit (code: 25),
    26 the erasure of 11, a snapshot, 27–32 the boot's end and a new one; acknowledged up to 20.
    """
    recorder = Recorder.on(opened(data_dir))
    await recorder.record(*beginning(), *deposit(1))
    await recorder.snapshot()
    await recorder.record(*collection(1), *deposit(2))
    await recorder.record(ev.PrivateErased(sequences=(11,), reason="collected"))
    await recorder.snapshot()
    recorder.journal.store.save_cursor(20)
    await recorder.record(
        ev.DoorForced(compartment=A01),
        ev.CleanStop(),
        ev.BootStarted(software=SOFTWARE, unwatched_s=5),
        ev.DoorSeen(compartment=A01, door=Door.CLOSED),
        ev.ClockSynced(),
        ev.CodeBackedOff(count=3),
    )
    await recorder.journal.close()
    return recorder.state


def edit(data_dir: Path, sql: str, *values: object) -> None:
    """Change a closed journal as no locker would."""
    connection = sqlite3.connect(database_path(data_dir), isolation_level=None)
    assert connection.execute(sql, values).rowcount != 0
    connection.close()


def value(data_dir: Path, sql: str) -> Any:
    """One value of a closed journal."""
    connection = sqlite3.connect(database_path(data_dir))
    (found,) = connection.execute(sql).fetchone()
    connection.close()
    return found


def stored(data_dir: Path, query: str) -> list[Any]:
    """What another process reads of a journal, open or closed."""
    connection = connect_reader(data_dir, alone=False)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def fingerprint(data_dir: Path) -> dict[str, str]:
    """SHA-256 of every file but SQLite's index of the WAL, which holds nothing, and the lock."""
    files = [path for path in data_dir.iterdir() if not path.name.endswith("-shm") and path.name != "lock"]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in files}


def verified(data_dir: Path, published: Head | None = None) -> Verified:
    """The verdict; nothing in the directory may change by that."""
    before = fingerprint(data_dir)
    verdict = verify_journal(data_dir, SOFTWARE, KEYS.verify, published=published)
    after = {name: found for name, found in fingerprint(data_dir).items() if name in before}
    assert after == before
    return verdict
