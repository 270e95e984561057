"""`locker carrier …` as a person types it: real processes, a real mosquitto, an engine that answers."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.broker import Mosquitto, free_port
from support.broker_journal import code_issued, door_closed, stored
from support.locker_on_air import keys_in, locker
from support.on_a_loop import on_a_loop

from controller.cli.main import main
from controller.contract.credentials import open_badge, open_pass
from controller.contract.keys import Keyring
from controller.contract.topics import Topics
from controller.domain.conditions import Condition
from controller.domain.ids import CompartmentId, Currency, MinorUnits, ParcelId, SessionId
from controller.domain.inputs import BadgeShown, PassShown
from controller.domain.money import Money
from controller.domain.notices import Standing

pytestmark = pytest.mark.timeout(120)
LOCKER = "L0042"
TOPICS = Topics("locker/v1", LOCKER)
DEADLINE_S = 30.0
LABEL = "RR473124829GB"


Typed = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Typed:
    """`locker carrier` with these words: its exit code, what it printed, and what it complained of."""

    async def run(*words: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(main, ["carrier", *words])
        return (code, *capsys.readouterr())

    return run


async def started(*words: str) -> Process:
    """`locker carrier` as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "controller.cli.main", "carrier", *words]
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=environment)


async def line_of(process: Process, words: str) -> str:
    """The next line that has these words."""
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        while True:
            line = (await process.stdout.readline()).decode()
            assert line, "it has ended"
            if words in line:
                return line


@on_a_loop
async def test_keys_are_made_once_and_a_locker_can_trust_them(tmp_path: Path, said: Typed) -> None:
    make = ["keys", "--dir", str(tmp_path / "acme"), "--carrier", "acme"]
    code, out, err = await said(*make)
    assert (code, err) == (0, "")
    assert "Give " in out
    assert Keyring.load(tmp_path / "acme" / "trust.json").carriers == ("acme",)
    code, out, err = await said(*make)
    assert (code, out) == (2, "")
    assert "exists already" in err


@on_a_loop
async def test_parcels_and_compartments_are_commanded_and_the_exit_code_says_how_it_went(
    mosquitto: Mosquitto, tmp_path: Path, said: Typed
) -> None:
    keyring = keys_in(tmp_path / "acme")
    url = f"mqtt://127.0.0.1:{mosquitto.port}"
    reach = ["--url", url, "--locker", LOCKER, "--dir", str(tmp_path / "acme")]
    async with locker(mosquitto, keyring) as (heart, _, _):
        assert await said("expect", "P1", "--label", LABEL, "--size", "M", *reach) == (0, "parcel P1\nexecuted\n", "")
        code, out, _ = await said("expect", "P1", "--label", LABEL, "--json", *reach)
        assert (code, json.loads(out)["reason"]) == (1, "parcel_exists")
        assert (await said("block", "A01", *reach))[:2] == (0, "executed\n")
        assert heart.engine.state.compartments[CompartmentId("A01")].blocked
        assert (await said("unblock", "A01", *reach))[0] == 0
        code, out, _ = await said("extend", "P1", "--hold-s", "3600", *reach)
        assert (code, out) == (1, "refused: not_stored\n")
        code, out, _ = await said("open", "Z99", *reach)
        assert (code, out) == (1, "refused: compartment_unknown\n")
        assert (await said("reissue", "P9", *reach))[:2] == (1, "refused: parcel_unknown\n")
        assert (await said("cancel", "P1", *reach))[0] == 0
        assert heart.engine.state.parcels == {}


@on_a_loop
async def test_what_is_said_of_parcels_that_wait(mosquitto: Mosquitto, tmp_path: Path, said: Typed) -> None:
    keyring = keys_in(tmp_path / "acme")
    url = f"mqtt://127.0.0.1:{mosquitto.port}"
    reach = ["--url", url, "--locker", LOCKER, "--dir", str(tmp_path / "acme")]
    async with locker(mosquitto, keyring) as (heart, _, _):
        assert (await said("expect", "P1", "--label", LABEL, *reach))[0] == 0
        state, p1 = heart.engine.state, ParcelId("acme/P1")
        asked = state.notices[p1]
        bounced = await said("report", asked.id, "bounced", "--reason", "no_such_number", *reach)
        assert bounced[:2] == (0, "executed\n")
        assert heart.engine.state.notices[p1].standing is Standing.EXHAUSTED
        assert (await said("report", "n99999", "delivered", *reach))[:2] == (1, "refused: notice_unknown\n")
        code, _, err = await said("report", "ninety", "delivered", *reach)
        assert (code, err) == (2, "notice must be a string that matches ^n[0-9]{1,19}$\n")
        assert (await said("answer", "P1", "not_the_locker", "--notice", asked.id, *reach))[0] == 0
        [kept] = heart.engine.state.preferences.values()
        assert kept.preferences.locker is False
        assert (await said("answer", "P1", "extend", *reach))[:2] == (1, "refused: not_offered\n")
        assert (await said("recall", "P1", *reach))[:2] == (1, "refused: not_stored\n")
        assert (await said("redirect", "P1", "--to", "L0043", *reach))[0] == 0
        assert heart.engine.state.parcels[p1].redirected
        assert (await said("extend-all", "--hours", "24", *reach))[0] == 0
        assert (await said("declare", "weather", "--hours", "48", *reach))[0] == 0
        assert heart.engine.state.declared[Condition.WEATHER].begun
        assert (await said("declare", "weather", "--hours", "0", *reach))[0] == 0
        assert heart.engine.state.declared == {}


@on_a_loop
async def test_what_is_long_or_private_comes_from_a_file(mosquitto: Mosquitto, tmp_path: Path, said: Typed) -> None:
    keyring = keys_in(tmp_path / "acme")
    url = f"mqtt://127.0.0.1:{mosquitto.port}"
    reach = ["--url", url, "--locker", LOCKER, "--dir", str(tmp_path / "acme")]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    wishes = {"confirmed_at": f"{yesterday:%Y-%m-%dT%H:%M:%SZ}", "second_person": True, "note": "Knock"}
    fields, wanted = tmp_path / "fields.json", tmp_path / "wanted.json"
    fields.write_text(
        json.dumps({"signature": True, "value": {"amount": 500, "currency": "EUR"}, "preferences": wishes})
    )
    wanted.write_text(json.dumps(wishes | {"note": "Ring"}))
    async with locker(mosquitto, keyring) as (heart, _, _):
        assert (await said("expect", "P1", "--label", LABEL, "--fields", str(fields), *reach))[0] == 0
        parcel = heart.engine.state.parcels[ParcelId("acme/P1")]
        assert (parcel.signature, parcel.value) == (True, Money(MinorUnits(500), Currency("EUR")))
        [kept] = heart.engine.state.preferences.values()
        assert (kept.parcel, kept.note) == ("acme/P1", "Knock")
        assert (await said("prefer", str(wanted), "--parcel", "P1", *reach))[:2] == (0, "executed\n")
        [changed] = heart.engine.state.preferences.values()
        assert (changed.note, changed.handle != kept.handle) == ("Ring", True)
        assert (await said("prefer", str(wanted), "--recipient", "r-1", *reach))[0] == 0
        assert (await said("prefer", str(wanted), *reach))[:2] == (1, "refused: parcel_or_recipient\n")
        fields.write_text('{"value": 5}')
        code, _, err = await said("expect", "P2", "--label", LABEL, "--fields", str(fields), *reach)
        assert (code, err) == (2, "value must be an object\n")
        published = b"".join(record.bytes for batch in heart.store.batches for record in batch.records)
        assert b"Ring" not in published
        assert b"Knock" not in published
        assert b"preference.changed" in published


@on_a_loop
async def test_wrong_use_and_no_broker_are_told_apart(tmp_path: Path, said: Typed) -> None:
    keys_in(tmp_path / "acme")
    here = ["--dir", str(tmp_path / "acme")]
    nowhere = ["--url", f"mqtt://127.0.0.1:{free_port()}", "--timeout", "1"]

    assert (await said("cancel", "P1", *nowhere, *here))[0] == 2
    assert (await said("cancel", "P1", "--locker", "a/b", *nowhere, *here))[0] == 2
    assert (await said("cancel", "P1", "--locker", LOCKER, "--url", "mqtt://broker.example", *here))[0] == 2
    assert (await said("cancel", "P1", "--locker", LOCKER, *nowhere, "--dir", str(tmp_path)))[0] == 2
    code, _, err = await said("cancel", "P1", "--locker", LOCKER, *nowhere, *here)
    assert code == 3
    assert "the command was not sent" in err
    code, _, err = await said("watch", *nowhere)
    assert code == 3
    assert "does not answer" in err


@on_a_loop
async def test_passes_and_badges_are_made_without_a_broker(tmp_path: Path, said: Typed) -> None:
    keyring = keys_in(tmp_path / "acme")
    here = ["--locker", LOCKER, "--dir", str(tmp_path / "acme")]
    code, out, _ = await said("pass", "P1", *here)
    assert code == 0
    assert isinstance(open_pass(out.strip(), keyring, LOCKER, SessionId("s")), PassShown)
    code, out, _ = await said("driver-pass", "d7", "--json", "--png", str(tmp_path / "badge.png"), *here)
    badge = open_badge(json.loads(out)["token"], keyring, LOCKER, SessionId("s"))
    assert isinstance(badge, BadgeShown)
    assert badge.driver == "d7"
    assert (tmp_path / "badge.png").read_bytes().startswith(b"\x89PNG")
    assert (await said("driver-pass", "d7", "--hours", "25", *here))[0] == 2
    code, out, _ = await said("pass", "P1", "--qr", *here)
    assert "█" in out


@pytest.mark.parametrize("shows", [True, False])
@on_a_loop
async def test_the_backend_takes_the_journal_in_and_shows_codes_only_when_asked(
    mosquitto: Mosquitto, tmp_path: Path, shows: bool
) -> None:
    keyring = keys_in(tmp_path / "acme")
    url = f"mqtt://127.0.0.1:{mosquitto.port}"
    sealed = keyring.seal_for(keyring.carriers[0], b'{"code":"12345678","parcel":"P1"}')
    async with locker(mosquitto, keyring) as (_, journal, publisher):
        more = ["--show-codes"] if shows else []
        backend = await started("serve", "--url", url, "--dir", str(tmp_path / "acme"), *more)
        publisher.committed(journal.commit(door_closed(), stored(), code_issued("", sealed=sealed)))
        assert "A01" in await line_of(backend, "door.closed")
        assert "[proof good]" in await line_of(backend, "custody.stored")
        assert ("code=12345678" in await line_of(backend, "code.issued")) is shows
        backend.send_signal(signal.SIGTERM)
        async with asyncio.timeout(DEADLINE_S):
            _, err = await backend.communicate()
        assert backend.returncode == 0
        assert err.startswith(b"serving acme at ")
        assert err.count(b"\n") == 1
        assert publisher.outbox.depth == 0


@on_a_loop
async def test_watching_prints_every_record_and_acknowledges_none(mosquitto: Mosquitto, tmp_path: Path) -> None:
    keyring = keys_in(tmp_path / "acme")
    url = f"mqtt://127.0.0.1:{mosquitto.port}"
    watcher = await started("watch", "--url", url, "--json")
    assert watcher.stderr is not None
    assert b"watching +" in await watcher.stderr.readline()
    async with locker(mosquitto, keyring) as (_, journal, publisher):
        publisher.committed(journal.commit(door_closed()))
        record = json.loads(await line_of(watcher, "door.closed"))
        assert (record["type"], record["subject"]) == ("locker.door.closed.v1", "A01")
        assert publisher.outbox.depth == 1
    watcher.send_signal(signal.SIGINT)
    async with asyncio.timeout(DEADLINE_S):
        assert await watcher.communicate() == (b"", b"")
    assert watcher.returncode == 0
