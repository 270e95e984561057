"""`locker run` that does not get to run: what a person reads in the log, and what is left as it was."""

import asyncio
import errno
import socket
from pathlib import Path

import pytest
from support.command_line import Locker
from support.journals import QUICK, STREAM, edit
from support.locker_folder import GOOD, make_folder

from controller.cli.daemon import explained_failure
from controller.cli.failure import Exit, Failed
from controller.contract.device_keys import DeviceKeys
from controller.contract.jose import Typ, sign
from controller.device.clock import machine_wall_ms
from controller.domain import events as ev
from controller.domain.ids import ClockQuality, MonoMs, WallMs
from controller.domain.stamp import Stamp
from controller.journal.chain import Signatures
from controller.journal.errors import CommitFailed
from controller.journal.opening import open_journal
from controller.journal.store import Inline
from controller.journal.tables import Batch


def keep_a_journal(data: Path, records: int = 3) -> None:
    """The journal of a locker that has started some times."""
    data.mkdir()
    keys = DeviceKeys.load_or_create(data / "keys")

    def signed(payload: bytes, typ: Typ) -> str:
        return sign(payload, keys.sign, typ)

    async def record() -> None:
        journal = open_journal(
            data, "L0042", "0.1.0", Signatures(signed, lambda token, typ: b""), lambda: STREAM, QUICK, Inline
        )
        for n in range(records):
            stamp = Stamp(WallMs(machine_wall_ms() - 10_000), MonoMs(n), 1, ClockQuality.NTP)
            event = ev.StreamStarted(software="0.1.0") if n == 0 else ev.BootStarted(software="0.1.0", unwatched_s=None)
            await journal.store.commit(Batch((journal.sealer.seal(event, stamp, bytes(16)),)))
        await journal.close()

    asyncio.run(record())


def test_a_damaged_journal_is_refused_and_left_as_it_is(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path)
    keep_a_journal(tmp_path / "data")
    edit(tmp_path / "data", "UPDATE record SET bytes = ? WHERE seq = 2", b"{}")
    before = (tmp_path / "data" / "journal.db").read_bytes()

    ended = locker("run", "--config", config)

    assert (ended.code, ended.out) == (2, "")
    assert "The journal is damaged: record 2: its bytes do not match its hash." in ended.err
    assert "Restore a backup, or move the data directory aside" in ended.err
    assert (tmp_path / "data" / "journal.db").read_bytes() == before


def test_a_data_directory_of_newer_software_is_refused_and_left_as_it_is(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path)
    keep_a_journal(tmp_path / "data")
    edit(tmp_path / "data", "UPDATE meta SET value = '99' WHERE key = 'schema'")
    before = (tmp_path / "data" / "journal.db").read_bytes()

    ended = locker("run", "--config", config)

    assert ended.code == 2
    assert "has schema 99, from newer software" in ended.err
    assert (tmp_path / "data" / "journal.db").read_bytes() == before


def test_the_journal_of_another_locker_is_refused(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path, GOOD.replace("L0042", "L0043"))
    keep_a_journal(tmp_path / "data")

    ended = locker("run", "--config", config)

    assert ended.code == 2
    assert "is that of locker L0042, not of L0043" in ended.err


def test_half_of_the_devices_keys_is_refused(locker: Locker, tmp_path: Path) -> None:
    config = make_folder(tmp_path)
    keep_a_journal(tmp_path / "data")
    (tmp_path / "data" / "keys" / "code.jwk").unlink()

    ended = locker("run", "--config", config)

    assert ended.code == 2
    assert f"{tmp_path / 'data' / 'keys' / 'code.jwk'} is missing" in ended.err


def test_a_port_of_the_page_that_is_taken_is_named(locker: Locker, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config = make_folder(tmp_path, GOOD.replace("127.0.0.1:0", f"127.0.0.1:{port}"))

        ended = locker("run", "--config", config)

    assert ended.code == 2
    assert f"kiosk.listen: 127.0.0.1:{port} cannot be had" in ended.err


@pytest.mark.parametrize("data_dir", ["trust.json/data", "trust.json"])
def test_a_data_directory_that_cannot_be_made_is_named(locker: Locker, tmp_path: Path, data_dir: str) -> None:
    config = make_folder(tmp_path, GOOD.replace('"data"', f'"{data_dir}"'))

    ended = locker("run", "--config", config)

    assert ended.code == 2
    assert f"{tmp_path / 'trust.json'}" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_rules_that_cannot_be_carried_out_here_are_told_at_the_start(
    locker: Locker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = make_folder(
        tmp_path, GOOD.replace('"data"', '"trust.json/data"').replace("[kiosk]", "[kiosk]\nsignature = false")
    )

    assert locker("run", "--config", config).code == 2

    assert "rule 'signature' demands signature, which cannot be obtained here: parcels it holds for" in caplog.text
    assert "rule 'accessible' asks for a compartment that this locker does not have" in caplog.text


def test_what_failed_later_is_told_for_each_cause() -> None:
    group = BaseExceptionGroup("", [CommitFailed("no"), ExceptionGroup("", [OSError(errno.ENOSPC, "full", "/data")])])

    failed = explained_failure(group, "127.0.0.1:8080")

    assert isinstance(failed, Failed)
    assert failed.code is Exit.NOT_GOOD
    assert failed.lines == ("no", "/data: full; see to its owner, its mode and the disk")


@pytest.mark.parametrize(
    "error", [ExceptionGroup("", [KeyError("bug"), CommitFailed("no")]), OSError(errno.EBADF, "bug"), OSError("bug")]
)
def test_an_error_that_nobody_foresaw_stays_what_it_is(error: BaseException) -> None:
    assert explained_failure(error, "127.0.0.1:8080") is error
