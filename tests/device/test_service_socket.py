"""The service socket over a real Unix socket, before a real engine on fakes."""

import asyncio
import json
import logging
import os
import socket
import stat
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.heart import Heart
from support.locker_folder import make_folder

from controller.device.configuration import configuration
from controller.device.service_requests import LONGEST_PATH_BYTES, LONGEST_REQUEST_BYTES
from controller.device.service_socket import MOST_CONVERSATIONS, ServiceSocket, SocketRefused
from controller.device.settings import load
from controller.device.status import StatusPage
from controller.domain.commands import ExpectParcel
from controller.domain.ids import CarrierId, CompartmentId, Door, Jti, KeyId, ParcelId, Role, WallMs
from controller.domain.inputs import CommandArrived, DeadlinePassed, DoorsRead, UnlockEnded
from firmware_bridge import lock_board as bridge
from firmware_bridge.bus_health import BusHealth
from firmware_bridge.faults import ADVICE, BoardFault, FaultKind
from firmware_bridge.lock_board import BoardState, DoorReading

LONG_S = 5
"""Ten times what closing may take on a machine that does nothing else."""
OPEN_A01 = {"do": "open", "compartment": "A01", "reason": "stock-taking"}


@dataclass
class Broker:
    up: bool = False
    reason: str | None = "it cannot be reached"


class Terminal:
    """Somebody at the other end, who writes and reads lines."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, request: object) -> None:
        self.send_raw(json.dumps(request).encode() + b"\n")

    def send_raw(self, raw: bytes) -> None:
        self.writer.write(raw)

    async def hear(self) -> Any:
        """The next line; None when the locker has hung up."""
        line = await asyncio.wait_for(self.reader.readline(), 5)
        return json.loads(line) if line else None

    async def ask(self, request: object) -> Any:
        self.send(request)
        return await self.hear()


BOARD = BoardState(
    {1: DoorReading(bridge.Door.UNKNOWN, 9_000), 2: DoorReading(bridge.Door.OPEN, 120, parcel=True)},
    BoardFault("main", FaultKind.NO_REPLY, "address 3"),
    BusHealth(requests=7, replies=5, timeouts=2),
)


class Front:
    """A locker whose service socket is open."""

    def __init__(self, tmp_path: Path) -> None:
        self.heart = Heart()
        self.broker = Broker()
        self.path = tmp_path / "locker.sock"
        page = StatusPage(
            configuration(load(make_folder(tmp_path / "etc")), None),
            self.heart.engine,
            software="1.4.2",
            stream="ab" * 16,
            link=self.broker,
            cursor=lambda: 2,
            boards=lambda: {"main": BOARD},
        )
        self.socket = ServiceSocket(self.path, self.heart.engine, page)
        self.terminals: list[Terminal] = []
        self.closed_in_s = 0.0

    async def terminal(self) -> Terminal:
        terminal = Terminal(*await asyncio.open_unix_connection(self.path))
        self.terminals.append(terminal)
        return terminal


Story = Callable[[Front], Awaitable[None]]


async def nothing(front: Front) -> None:
    """What happens after most stories."""


async def play(front: Front, story: Story, afterwards: Story) -> None:
    running = await front.heart.start()
    try:
        async with front.socket:
            await story(front)
            leaving_at = time.monotonic()
        front.closed_in_s = time.monotonic() - leaving_at
        await afterwards(front)
    finally:
        for terminal in front.terminals:
            terminal.writer.close()
            with suppress(ConnectionError):
                await terminal.writer.wait_closed()
        await front.heart.engine.stop()
        await running


class FrontTest:
    """Plays a story before an open socket, and what is to be seen once it is closed."""

    def __init__(self, tmp_path: Path) -> None:
        self._tmp_path = tmp_path

    def __call__(self, story: Story, afterwards: Story = nothing) -> Front:
        front = Front(self._tmp_path)
        asyncio.run(play(front, story, afterwards))
        return front


@pytest.fixture
def front_test(tmp_path: Path) -> FrontTest:
    return FrontTest(tmp_path)


def test_only_owner_and_group_may_open_it_and_it_goes_with_the_locker(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        assert stat.S_IMODE(front.path.stat().st_mode) == 0o660

    assert not front_test(story).path.exists()


def test_the_mode_does_not_depend_on_the_umask(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        assert stat.S_IMODE(front.path.stat().st_mode) == 0o660

    before = os.umask(0o077)
    try:
        front_test(story)
    finally:
        os.umask(before)


def test_a_socket_that_a_dead_locker_left_behind_is_replaced(front_test: FrontTest, tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "locker.sock"))
    left.close()

    async def story(front: Front) -> None:
        assert (await (await front.terminal()).ask({"do": "parcels"}))["ok"] is True

    front_test(story)


def test_what_is_no_socket_is_left_alone(front_test: FrontTest, tmp_path: Path) -> None:
    (tmp_path / "locker.sock").write_text("mine")

    async def story(front: Front) -> None:
        raise AssertionError("it was opened")

    with pytest.raises(SocketRefused, match=r"locker\.sock cannot be made: Address already in use"):
        front_test(story)
    assert (tmp_path / "locker.sock").read_text() == "mine"


def test_a_path_that_is_too_long_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = Path("/") / ("d" * LONGEST_PATH_BYTES)

    with pytest.raises(SocketRefused, match="is 1 bytes too long for a socket; give data_dir a shorter path"):
        asyncio.run(ServiceSocket(path, Heart().engine, page_of_nobody(tmp_path)).__aenter__())


def page_of_nobody(tmp_path: Path) -> StatusPage:
    alone = configuration(load(make_folder(tmp_path / "etc")), None)
    return StatusPage(alone, Heart().engine, software="1", stream="", link=Broker(), cursor=lambda: 0, boards=dict)


def test_the_status_says_how_the_locker_stands(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        await front.heart.engine.ask(DoorsRead(((CompartmentId("A02"), Door.OPEN),)))
        front.heart.clock.pass_ms(5_000)
        status = await (await front.terminal()).ask({"do": "status"})
        compartments = status.pop("compartments")
        assert status == {
            "ok": True,
            "locker": "L0042",
            "name": "Central station",
            "software": "1.4.2",
            "time": "2026-09-21T14:13:25.000Z",
            "clock": "ntp",
            "started": "2026-09-21T14:13:20.000Z",
            "running_s": 5,
            "boot": 1,
            "journal": {
                "stream": "ab" * 16,
                "sequence": front.heart.engine.state.sequence,
                "acknowledged": 2,
                "waiting": front.heart.engine.state.sequence - 2,
                "disk_low": False,
            },
            "broker": {"url": "mqtt://127.0.0.1:1", "connected": False, "reason": "it cannot be reached"},
            "boards": [
                {
                    "name": "main",
                    "driver": "simulated",
                    "port": None,
                    "fault": "no_reply",
                    "detail": "address 3",
                    "advice": ADVICE[FaultKind.NO_REPLY],
                    "line": {
                        "requests": 7,
                        "replies": 5,
                        "timeouts": 2,
                        "bad_checksums": 0,
                        "echoes": 0,
                        "stray_bytes": 0,
                        "reopenings": 0,
                    },
                }
            ],
            "parts": [],
            "supplies": [{"name": "psu", "wiring_fault": []}],
            "contacts": {},
            "lockout_s": None,
            "site": [],
            "channels": [],
            "untold": [],
            "counts": {"free": 2, "reserved": 0, "occupied": 0, "quarantined": 1, "out_of_service": 0},
        }
        assert compartments[1] == {
            "id": "A02",
            "size": "M",
            "status": "quarantined",
            "available": False,
            "door": "open",
            "door_for_s": 5,
            "left_open": False,
            "moving": False,
            "quarantine": "opened_unasked",
            "parcel": None,
            "carrier": None,
            "read_ms": 120,
            "parcel_sensor": True,
        }
        assert (compartments[0]["read_ms"], compartments[0]["parcel_sensor"]) == (None, None)

    front_test(story)


def test_the_parcels_are_told_without_codes(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        await front.heart.engine.ask(expecting("P1", front))
        assert await (await front.terminal()).ask({"do": "parcels"}) == {
            "ok": True,
            "parcels": [
                {
                    "parcel": "P1",
                    "label": "RR000000005GB",
                    "carrier": "acme",
                    "custody": "expected",
                    "compartment": None,
                    "expected_at": "2026-09-21T14:13:20.000Z",
                    "stored_at": None,
                    "hold_until": None,
                    "expired": False,
                    "cancelled": False,
                    "redirected": False,
                    "notice": {"kind": "coming", "standing": "requested", "channel": None},
                }
            ],
        }

    front_test(story)


def expecting(parcel: str, front: Front) -> CommandArrived:
    now = front.heart.clock.stamp().wall
    return CommandArrived(
        jti=Jti(f"expect-{parcel}"),
        kid=KeyId("acme-carrier"),
        role=Role.CARRIER,
        carrier=CarrierId("acme"),
        issued_at=now,
        expires_at=WallMs(now + 60_000),
        ctr=None,
        nonce_good=True,
        command=ExpectParcel(parcel=ParcelId(parcel), label="RR000000005GB", carrier=CarrierId("acme")),
    )


def test_an_unlock_is_answered_when_it_is_on_record_and_its_reason_stays_private(
    front_test: FrontTest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(front: Front) -> None:
        assert await (await front.terminal()).ask(OPEN_A01) == {"ok": True, "compartment": "A01"}
        assert front.heart.marks == ["commit 1", "durable", "announced pulse A01"]
        [record] = front.heart.store.batches[-1].records
        assert b"stock-taking" not in record.bytes
        assert record.private_bytes is not None
        assert b"stock-taking" in record.private_bytes

    front_test(story)
    assert f"user {os.getuid()} asked: compartment.unlock A01: done" in caplog.text
    assert "stock-taking" not in caplog.text


def opens(front: Front, id: str) -> None:
    front.heart.engine.tell(DoorsRead(((CompartmentId(id), Door.OPEN),)))


def says(front: Front, sent: str) -> None:
    front.heart.engine.tell(UnlockEnded(CompartmentId("A01"), sent))


def time_passes(front: Front) -> None:
    front.heart.clock.pass_ms(11_000)
    front.heart.engine.tell(DeadlinePassed())


@pytest.mark.parametrize(
    ("happens", "outcome"),
    [
        ((lambda it: says(it, "written"), lambda it: opens(it, "A01")), "opened"),
        ((lambda it: says(it, "written"), time_passes), "did_not_open"),
        ((lambda it: says(it, "no_reply"), time_passes), "no_reply"),
        ((lambda it: says(it, "not_sent"),), "not_sent"),
        ((lambda it: says(it, "written"), lambda it: opens(it, "A02")), "wiring_fault"),
    ],
)
def test_whoever_waits_is_told_what_became_of_the_unlock(
    front_test: FrontTest, happens: tuple[Callable[[Front], None], ...], outcome: str
) -> None:
    async def story(front: Front) -> None:
        terminal = await front.terminal()
        asked = asyncio.create_task(terminal.ask({**OPEN_A01, "wait": True}))
        await front.heart.store.entered.wait()
        assert not asked.done()
        for happen in happens:
            happen(front)
        assert await asked == {"ok": True, "compartment": "A01", "outcome": outcome}

    front_test(story)


def test_a_compartment_is_taken_out_of_service_and_put_back(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        terminal = await front.terminal()
        assert (await terminal.ask({"do": "block", "compartment": "A02"}))["ok"] is True
        assert front.heart.engine.state.compartments[CompartmentId("A02")].blocked
        assert (await terminal.ask({"do": "unblock", "compartment": "A02"}))["ok"] is True
        assert not front.heart.engine.state.compartments[CompartmentId("A02")].blocked

    front_test(story)


def test_a_lock_out_is_switched_with_a_reason_and_holds_for_emergencies_too(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        terminal = await front.terminal()
        emergency = {"do": "emergency", "compartment": "A01", "reason": "a child"}
        assert (await terminal.ask({"do": "lock-out"}))["reason"] == "not_understood"
        assert await terminal.ask({"do": "lock-out", "reason": "rewiring"}) == {"ok": True}
        status = await terminal.ask({"do": "status"})
        assert 28_000 < int(status["lockout_s"]) <= 28_800
        assert (await terminal.ask(emergency))["reason"] == "locked_out"
        assert await terminal.ask({"do": "end-lock-out", "reason": "done"}) == {"ok": True}
        assert (await terminal.ask({"do": "end-lock-out", "reason": "done"}))["reason"] == "not_locked_out"
        assert await terminal.ask(emergency) == {"ok": True, "compartment": "A01"}

    front_test(story)


def test_a_lawful_no_has_its_reason(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        answer = await (await front.terminal()).ask({**OPEN_A01, "compartment": "Z99"})
        assert (answer["ok"], answer["reason"]) == (False, "compartment_unknown")
        assert front.heart.marks == []

    front_test(story)


def test_a_locker_that_cannot_commit_says_that_nothing_was_done(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        front.heart.store.full = True
        answer = await (await front.terminal()).ask(OPEN_A01)
        assert (answer["ok"], answer["reason"]) == (False, "unavailable")
        assert "nothing was done" in answer["detail"]
        front.heart.store.full = False

    front_test(story)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"open A01",
        b"[]",
        b"null",
        b"{",
        b"{}",
        b'{"do":null}',
        b'{"do":["open"]}',
        b'{"do":{"open":1}}',
        b'{"do":"dance"}',
        b'{"do":"status","and":1}',
        b'{"do":1.5}',
        b'{"do":"open"}',
        b'{"do":"open","compartment":"A01"}',
        b'{"do":"open","compartment":"A01","reason":""}',
        b'{"do":"open","compartment":"A01","reason":"  "}',
        b'{"do":"open","compartment":"A01","reason":"two\\nlines"}',
        b'{"do":"open","compartment":"A01","reason":"\\ud800"}',
        b'{"do":"open","compartment":"A01","reason":7}',
        b'{"do":"open","compartment":"","reason":"x"}',
        b'{"do":"open","compartment":["A01"],"reason":"x"}',
        b'{"do":"open","compartment":"A 01","reason":"x"}',
        b'{"do":"open","compartment":"A01","reason":"x","force":true}',
        b'{"do":"open","compartment":"A01","reason":"' + b"x" * 501 + b'"}',
        b"\xff\xfe\x00",
        b"[" * 60_000,
        b'{"do":"status"}'.decode().encode("utf-16"),
    ],
)
def test_bad_input_is_refused_and_the_next_request_is_answered(front_test: FrontTest, raw: bytes) -> None:
    async def story(front: Front) -> None:
        terminal = await front.terminal()
        terminal.send_raw(raw + b"\n")
        refusal = await terminal.hear()
        assert (refusal["ok"], refusal["reason"]) == (False, "not_understood")
        assert refusal["detail"]
        assert front.heart.marks == []
        answers = [await terminal.ask({"do": "parcels"})]
        if not answers[0]["ok"]:  # UTF-16 has a line end of its own in it
            answers.append(await terminal.hear())
        assert answers[-1]["ok"] is True

    front_test(story)


def test_a_request_without_end_is_refused_and_hung_up_on(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        terminal = await front.terminal()
        terminal.send_raw(b"x" * (LONGEST_REQUEST_BYTES + 1))
        assert (await terminal.hear())["reason"] == "too_large"
        with suppress(ConnectionError):
            assert await terminal.hear() is None

    front_test(story)


def test_a_last_request_without_a_line_end_is_answered(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        terminal = await front.terminal()
        terminal.send_raw(b'{"do":"parcels"}')
        terminal.writer.write_eof()
        assert (await terminal.hear())["ok"] is True
        assert await terminal.hear() is None

    front_test(story)


def test_a_watcher_hears_every_event_from_then_on_without_its_private_part(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        terminal = await front.terminal()
        before = front.heart.engine.state.sequence
        assert await terminal.ask({"do": "watch"}) == {"ok": True, "sequence": before}
        await (await front.terminal()).ask(OPEN_A01)
        await front.heart.engine.ask(DoorsRead(((CompartmentId("A01"), Door.OPEN),)))
        assert await terminal.hear() == {
            "event": {
                "sequence": before + 1,
                "time": "2026-09-21T14:13:20.000Z",
                "type": "unlock.authorised",
                "data": {"compartment": "A01", "purpose": "service", "role": "operator"},
            }
        }
        assert (await terminal.hear())["event"]["type"] == "door.opened"

    front_test(story)


def test_watchers_are_told_of_the_end_and_nobody_holds_it_up(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        for _ in range(5):
            await (await front.terminal()).ask({"do": "watch"})
        await (await front.terminal()).ask({"do": "parcels"})

    async def afterwards(front: Front) -> None:
        assert front.closed_in_s < LONG_S
        assert [await terminal.hear() for terminal in front.terminals] == [{"end": "stopping"}] * 5 + [None]

    front_test(story, afterwards)


def test_a_watcher_that_never_reads_is_let_go_and_the_locker_closes_in_time(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        deaf = await front.terminal()
        await deaf.ask({"do": "watch"})
        deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport has it
        hearing = await front.terminal()
        await hearing.ask({"do": "watch"})
        for n in range(12_000):
            door = Door.OPEN if n % 2 == 0 else Door.CLOSED
            await front.heart.engine.ask(DoorsRead(((CompartmentId("A02"), door),)))
            await hearing.hear()
        deaf.writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above
        heard = await deaf.reader.read()
        assert 0 < heard.count(b"\n") < 12_000

    front_test(story)


def test_a_watcher_that_never_reads_does_not_hold_up_the_end(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        deaf = await front.terminal()
        await deaf.ask({"do": "watch"})
        deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport has it
        for n in range(4_000):
            door = Door.OPEN if n % 2 == 0 else Door.CLOSED
            await front.heart.engine.ask(DoorsRead(((CompartmentId("A02"), door),)))

    assert front_test(story).closed_in_s < LONG_S


def test_more_conversations_than_there_is_room_for_are_turned_away(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        terminals = [await front.terminal() for _ in range(MOST_CONVERSATIONS)]
        for terminal in terminals:
            assert (await terminal.ask({"do": "parcels"}))["ok"] is True
        crowded = await (await front.terminal()).hear()
        assert crowded["reason"] == "crowded"
        terminals[0].writer.close()
        await terminals[0].writer.wait_closed()
        async with asyncio.timeout(5):  # until the locker has noticed
            while not (await (await front.terminal()).ask({"do": "parcels"}))["ok"]:
                pass

    front_test(story)


def test_an_answer_that_is_being_made_still_goes_out(front_test: FrontTest) -> None:
    async def story(front: Front) -> None:
        front.heart.store.gate = asyncio.Event()
        terminal = await front.terminal()
        front.heart.store.entered.clear()
        terminal.send(OPEN_A01)
        await front.heart.store.entered.wait()
        asyncio.get_running_loop().call_later(0.05, front.heart.store.gate.set)

    async def afterwards(front: Front) -> None:
        assert await front.terminals[0].hear() == {"ok": True, "compartment": "A01"}

    front_test(story, afterwards)


def test_an_error_of_ours_in_an_answer_is_not_swallowed(front_test: FrontTest) -> None:
    class Broken(Exception):
        pass

    def broken() -> None:
        raise Broken

    async def story(front: Front) -> None:
        front.socket._page.status = broken  # type: ignore[method-assign,assignment]  # a fault that the code does not have
        (await front.terminal()).send({"do": "status"})
        await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as error:
        front_test(story)
    assert error.group_contains(Broken)
