"""A signature that is kept encrypted, opened with the key and held against its digest."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.command_line import Ended, Locker
from support.journals import Recorder, beginning, collection, deposit, opened
from support.on_a_loop import on_a_loop

from controller.device.private_files import PrivateFiles
from controller.domain import events as ev
from controller.domain.ids import CarrierId, ParcelId, PickupId, SessionId, WallMs
from controller.domain.inputs import KeptFile

PICTURE = b"\x89PNG of a name"
FAR = WallMs(1_800_000_000_000)


async def _keep(data: Path) -> None:
    kept = PrivateFiles(data).keep(PICTURE)
    recorder = Recorder.on(opened(data))
    *coming, collected = collection(1)
    assert isinstance(collected, ev.CustodyCollected)
    digest = ev.EvidenceDigest("signature", kept.sha256)
    evidence = ev.Evidence(("code", "signature", "door_cycle"), digests=(digest,), demanded=("signature",))
    await recorder.record(*beginning(), *deposit(1), _signed(kept), *coming, replace(collected, evidence=evidence))
    await recorder.journal.close()


def _signed(kept: KeptFile) -> ev.RecipientSigned:
    return ev.RecipientSigned(
        pickup=PickupId("P1"),
        session=SessionId("recipient-1"),
        carrier=CarrierId("acme"),
        parcels=(ParcelId("acme/P1"),),
        file=kept.file,
        sha256=kept.sha256,
        kept_until=FAR,
        salt=kept.salt,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Somebody has signed for P1, and fetched it."""
    directory = tmp_path / "data"
    directory.mkdir()
    on_a_loop(_keep)(directory)
    return directory


def _asked(locker: Locker, data: Path, *more: object, parcel: str = "P1") -> Ended:
    return locker("proof", "evidence", parcel, "--data", data, "--out", data.parent / "out", *more)


def test_whoever_holds_the_key_gets_the_picture_and_what_it_proves(locker: Locker, data: Path) -> None:
    ended = _asked(locker, data)
    assert ended.code == 0, ended.err
    (picture,) = (data.parent / "out").iterdir()
    assert picture.read_bytes() == PICTURE
    assert picture.stat().st_mode & 0o777 == 0o600
    assert "signature of record 12: written to" in ended.out
    assert "which 1 signed record of this parcel names: 18" in ended.out


def test_the_key_may_lie_elsewhere_and_without_it_there_is_nothing(locker: Locker, data: Path) -> None:
    key = data.parent / "files.jwk"
    shutil.move(data / "keys" / "files.jwk", key)
    missing = _asked(locker, data)
    assert (missing.code, "files.jwk is missing" in missing.err) == (2, True)
    assert not (data / "keys" / "files.jwk").exists(), "asking makes no key"
    assert _asked(locker, data, "--key", key).code == 0


def test_another_key_opens_nothing(locker: Locker, data: Path, tmp_path: Path) -> None:
    PrivateFiles(tmp_path / "other")
    ended = _asked(locker, data, "--key", tmp_path / "other" / "keys" / "files.jwk")
    assert (ended.code, "encrypted under another key" in ended.err) == (1, True)
    assert not (data.parent / "out").exists()


def test_a_picture_that_was_put_in_its_place_is_found_out(locker: Locker, data: Path) -> None:
    (name,) = (data / "evidence").iterdir()
    other = PrivateFiles(data).keep(b"\x89PNG of another name")
    (data / "evidence" / other.file).rename(name)
    ended = _asked(locker, data)
    assert (ended.code, "its digest is another than the one on record" in ended.err) == (1, True)


def test_one_that_was_erased_in_its_time_is_said_to_be_gone(locker: Locker, data: Path) -> None:
    (name,) = (data / "evidence").iterdir()
    name.unlink()
    ended = _asked(locker, data)
    assert (ended.code, "it was erased when its time was over" in ended.err) == (1, True)


def test_nothing_is_written_over(locker: Locker, data: Path) -> None:
    assert _asked(locker, data).code == 0
    again = _asked(locker, data)
    assert (again.code, "is there already" in again.err) == (1, True)


@pytest.mark.parametrize("parcel", ["P9", "P"])
def test_a_parcel_that_nobody_signed_for(locker: Locker, data: Path, parcel: str) -> None:
    ended = _asked(locker, data, parcel=parcel)
    assert (ended.code, f"nothing was signed for parcel {parcel}\n" in ended.err) == (1, True)
    assert not (data.parent / "out").exists()
