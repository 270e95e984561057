"""A real locker in a process of its own, for measuring from outside: `python -m support.bench_locker DIR PORT PARCELS`.

It fills its compartments through its own engine, says in one JSON line where it can be asked and with which codes, and
runs until its standard input ends. `/floor` is the least any such server could do: take a POST, commit as many records
of the same size to the same database file, answer.
"""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from support.bench_marks import Marks

from controller.contract.record import parse
from controller.device.app import Locker, open_locker
from controller.device.settings import load
from controller.domain import events as ev
from controller.domain import inputs as put
from controller.domain.answers import DoorUnlocked
from controller.domain.commands import ExpectParcel
from controller.domain.ids import (
    CarrierId,
    Door,
    DriverId,
    Jti,
    KeyId,
    ParcelId,
    Role,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.labels import Label, LabelKind
from controller.remote.key_set import KeySet
from kiosk.service import serve

CARRIER = CarrierId("swift")
RECORD = b"x" * 520
"""About as long as the records of a pickup."""
RECORDS = 3
DOORS_PER_BOARD = 48


def write_config(directory: Path, port: str, doors: int, broker: str = "mqtt://127.0.0.1:9") -> Path:
    """A configuration for `doors` doors on CU48 boards at `port`, and the keys it names."""
    keys = directory / "keys"
    if not keys.exists():
        keys.mkdir()
        KeySet.create(keys, CARRIER)
    path = directory / "locker.toml"
    path.write_text("\n".join(_config(port, doors, broker)))
    return path


def _config(port: str, doors: int, broker: str) -> Iterator[str]:
    yield '[locker]\nid = "BENCH"\nname = "Bench"\ndata_dir = "data"'
    yield f'[mqtt]\nurl = "{broker}"\n[trust]\nkeyring = "keys/trust.json"'
    yield '[kiosk]\nlisten = "127.0.0.1:0"'
    for board in range(-(-doors // DOORS_PER_BOARD)):
        yield f'[[supplies]]\nname = "psu{board}"\nmax_energised = 16\ngap_ms = 0'
        yield f'[[boards]]\nname = "b{board}"\ndriver = "kerong-cu48"\nport = "{port}"\naddress = {board}'
        yield f'supply = "psu{board}"\npulse_ms = 100'
    for door in range(doors):
        yield f'[[compartments]]\nid = "A{door:04}"\nsize = "M"'
        yield f'board = "b{door // DOORS_PER_BOARD}"\nchannel = {door % DOORS_PER_BOARD + 1}'


async def main(directory: Path, parcels: int) -> None:
    """Serve until standard input ends."""
    settings = load(directory / "locker.toml")
    floor = Floor(settings.locker.data_dir, Marks())
    kiosk = partial(serve, requests_per_s=100_000, extra={"/floor": floor})
    async with open_locker(settings, services={"kiosk": kiosk}) as locker:
        for number in range(parcels):
            await _store(locker, number)
        keys = KeySet.load(directory / "keys")
        codes = {parcel: _code(keys, sealed) for parcel, sealed in _sealed(locker).items()}
        serving = locker.services["kiosk"]
        sys.stdout.write(json.dumps({"url": getattr(serving, "url", ""), "codes": codes}) + "\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _store(locker: Locker, number: int) -> None:
    engine = locker.heart.engine
    parcel, session, now = ParcelId(f"P{number}"), SessionId(f"fill{number}"), engine.now().wall
    until = WallMs(now + 60_000)
    expect = ExpectParcel(parcel=parcel, label=f"L{number}", carrier=CARRIER, size=Size.M)
    await engine.ask(
        put.CommandArrived(
            Jti(f"fill{number}"), KeyId("k"), Role.CARRIER, CARRIER, now, until, None, nonce_good=True, command=expect
        )
    )
    await engine.ask(put.BadgeShown(session, Jti("b"), DriverId("d"), CARRIER, now, until))
    await engine.ask(put.LabelScanned(session, Label(LabelKind.CARRIER, f"L{number}", 5)))
    answer = await engine.ask(put.PlanAcknowledged(session))
    assert isinstance(answer, DoorUnlocked), answer
    (compartment,) = answer.compartments
    for door in (Door.OPEN, Door.CLOSED):
        await engine.ask(put.DoorsRead(((compartment, door),)))
    await engine.ask(put.DepositDone(session))
    await engine.ask(put.SessionEnded(session, "asked"))


def _sealed(locker: Locker) -> dict[str, str]:
    sealed: dict[str, str] = {}
    next_sequence = 1
    while rows := locker.heart.journal.store.read(next_sequence, 1000):
        next_sequence = rows[-1][0] + 1
        events = [parse(raw).event(None) for _, _, raw in rows]
        sealed |= {event.parcel: event.code_jwe for event in events if isinstance(event, ev.CodeIssued)}
    return sealed


def _code(keys: KeySet, sealed: str) -> str:
    plain = keys.unseal(sealed)
    return str(json.loads(plain or b"{}")["code"])


class Floor:
    """A POST echo that commits before it answers, and clears the marks; a GET shows them."""

    def __init__(self, data_dir: Path, marks: Marks) -> None:
        self._marks = marks
        self._path = data_dir / "journal.db"
        self._connection: sqlite3.Connection | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method == "GET":
            await JSONResponse(self._marks.entered)(scope, receive, send)
            return
        body = await request.json()
        self._commit()
        self._marks.entered.clear()
        await JSONResponse(body)(scope, receive, send)

    def _commit(self) -> None:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("CREATE TABLE IF NOT EXISTS floor(seq INTEGER PRIMARY KEY, hash BLOB, bytes BLOB)")
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO floor(hash, bytes) VALUES (?, ?)", [(RECORD[:32], RECORD)] * RECORDS)
        self._connection.execute("COMMIT")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
