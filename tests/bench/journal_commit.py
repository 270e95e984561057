"""One record made durable, against bare SQLite with the same bytes and pragmas, in one run; and the codec's own time.

The cases take turns, commit by commit, each on a database of its own. Bare is BEGIN IMMEDIATE, INSERT, COMMIT on the
calling thread. `durable` is until the unlock could go to its board's queue, and is to be 1.2 × bare or less; `answered`
is until whoever asked goes on, which adds the way back to the loop.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from support.journals import A01, KEYS, LOCKER, SOFTWARE, STREAM, stamp

from controller.contract.jose import Typ
from controller.contract.record import open_private, parse
from controller.domain import events as ev
from controller.domain.ids import CodeHmac, ParcelId, PickupId, WallMs
from controller.journal.chain import Head, SealedRecord, Sealer
from controller.journal.database import Disk, Identity, connect_writer, create
from controller.journal.opening import open_journal
from controller.journal.store import Inline, Runner
from controller.journal.tables import Batch
from controller.journal.writer import Writer

COMMITS = 1500
OPENED = ev.DoorOpened(compartment=A01, cause="unlock")
ISSUED = ev.CodeIssued(
    parcel=ParcelId("acme/P1"),
    pickup=PickupId("P1"),
    compartment=A01,
    expires_at=WallMs(1_795_400_000_000),
    code_jwe="x" * 380,
    code_hmac=CodeHmac("ab" * 32),
)
Commit = Callable[[SealedRecord], Awaitable[tuple[float, float]]]
"""Makes one record durable; the seconds until it was, and until the asker went on."""


def sealer() -> Sealer:
    return Sealer(STREAM, LOCKER, Head(), lambda payload: KEYS.sign(payload, Typ.PROOF))


def bare(directory: Path) -> Commit:
    create(directory, Identity(LOCKER, STREAM))
    connection = connect_writer(directory, Disk())

    async def commit(record: SealedRecord) -> tuple[float, float]:
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO record VALUES (?, ?, ?)", (record.sequence, record.hash, record.bytes))
        connection.execute("COMMIT")
        took = time.perf_counter() - begun
        return took, took

    return commit


def kept(runner: Callable[[], Runner], directory: Path) -> Commit:
    store = open_journal(directory, LOCKER, SOFTWARE, KEYS, lambda: STREAM, runner=runner).store

    async def commit(record: SealedRecord) -> tuple[float, float]:
        durable: list[float] = []
        begun = time.perf_counter()
        await store.commit(Batch((record,), on_durable=lambda: durable.append(time.perf_counter())))
        return durable[0] - begun, time.perf_counter() - begun

    return commit


async def commits(directory: Path) -> None:
    makers: dict[str, Callable[[Path], Commit]] = {
        "bare": bare,
        "inline": partial(kept, Inline),
        "thread": partial(kept, Writer),
    }
    cases: dict[str, Commit] = {}
    for name, make in makers.items():
        (directory / name).mkdir()
        cases[name] = make(directory / name)
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    chain = sealer()
    for _ in range(COMMITS):
        record = chain.seal(OPENED, stamp(1), bytes(16))
        for name, commit in cases.items():
            took[name].append(await commit(record))
    print(f"{COMMITS} commits on {directory}")
    report(took)


def report(took: dict[str, list[tuple[float, float]]]) -> None:
    least = median(durable for durable, _ in took["bare"])
    print(f"{'':8}{'durable':>12}{'× bare':>8}{'p99':>10}{'answered':>12}{'× bare':>8}")
    for name, pairs in took.items():
        durable, answered = ([pair[place] for pair in pairs] for place in (0, 1))
        p99 = quantiles(durable, n=100)[98]
        print(
            f"{name:8}{median(durable) * 1e6:9.0f} µs{median(durable) / least:8.2f}{p99 * 1e6:7.0f} µs"
            f"{median(answered) * 1e6:9.0f} µs{median(answered) / least:8.2f}"
        )


def codec(event: ev.Event) -> None:
    chain = sealer()
    record = chain.seal(event, stamp(1), bytes(16))
    part = record.private_bytes
    seal_us = _microseconds(lambda: chain.seal(event, stamp(1), bytes(16)))
    read_us = _microseconds(lambda: parse(record.bytes).event(None if part is None else open_private(part)))
    print(f"{event.NAME}: {len(record.bytes)} bytes, sealed in {seal_us:.1f} µs, read back in {read_us:.1f} µs")


def _microseconds(call: Callable[[], object], times: int = 5000) -> float:
    rounds = []
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(times):
            call()
        rounds.append((time.perf_counter() - begun) / times * 1e6)
    return min(rounds)


def main() -> None:
    codec(OPENED)
    codec(ISSUED)
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as directory:
        asyncio.run(commits(Path(directory)))


if __name__ == "__main__":
    main()
