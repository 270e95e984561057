import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from controller.journal.chain import Head
from controller.journal.errors import CommitFailed
from controller.remote.carrier_store import CarrierStore, Code, Entry, Parcel, StoreRefused

CODE = Code("P1", "P1", "12345678", "2026-11-23T03:00:00.000Z")


def entry(sequence: int, parcel: Parcel | None = None, code: Code | None = None, spent: str | None = None) -> Entry:
    return Entry("L1", "s", Head(sequence, bytes([sequence]) * 32), b"%d" % sequence, parcel, code, spent)


def test_what_was_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    store = CarrierStore(tmp_path / "db")
    store.save([entry(1), entry(2, Parcel("P1", "stored", "A01"), CODE)])
    store.pin_device_keys("L1", b"{}")
    store.close()
    again = CarrierStore(tmp_path / "db")

    assert again.position("L1", "s") == Head(2, bytes([2]) * 32)
    assert again.position("L1", "t") == Head()
    assert list(again.records("L1", "s")) == [b"1", b"2"]
    assert again.record("L1", "s", 2) == b"2"
    assert again.record("L1", "s", 3) is None
    assert again.parcels("L1") == [Parcel("P1", "stored", "A01")]
    assert again.code_of("L1", "P1") == CODE
    assert again.device_keys("L1") == b"{}"
    assert again.device_keys("L2") is None
    again.close()


def test_a_code_is_forgotten_when_it_is_spent(tmp_path: Path) -> None:
    store = CarrierStore(tmp_path / "db")
    store.save([entry(1, code=CODE)])
    store.save([entry(2, Parcel("P1", "collected"), spent="P1")])

    assert store.code_of("L1", "P1") is None
    store.close()


def test_a_parcel_that_joined_a_pickup_has_its_code(tmp_path: Path) -> None:
    store = CarrierStore(tmp_path / "db")
    store.save([entry(1, code=CODE), replace(entry(2, Parcel("P2", "stored", "A02")), joined="P1")])
    assert store.code_of("L1", "P2") == CODE
    store.save([entry(3, spent="P1")])
    assert store.code_of("L1", "P2") is None
    store.close()


def test_a_batch_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    store = CarrierStore(tmp_path / "db")
    store.save([entry(1)])
    with pytest.raises(CommitFailed, match="could not be written"):
        store.save([entry(2), entry(1)])

    assert store.position("L1", "s").sequence == 1
    assert store.record("L1", "s", 2) is None
    store.close()


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    CarrierStore(tmp_path / "db").close()

    assert (tmp_path / "db").stat().st_mode & 0o777 == 0o600


def test_a_later_schema_is_left_alone(tmp_path: Path) -> None:
    later = sqlite3.connect(tmp_path / "db")
    later.execute("PRAGMA user_version = 3")
    later.close()

    with pytest.raises(StoreRefused, match="use the newer release"):
        CarrierStore(tmp_path / "db")
