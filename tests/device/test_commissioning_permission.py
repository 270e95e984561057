"""When a cabinet may be commissioned: nobody else drives it, and nothing is, or may be, inside."""

from pathlib import Path

import pytest

from controller.device.commissioning.permission import NotEmpty, alone_with_empty_cabinet, check_empty
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CompartmentId, ParcelId, Size
from controller.domain.state import Compartment, State
from controller.journal.errors import JournalRefused
from controller.journal.files import DirectoryLock

A01 = CompartmentId("A01")


def holding(parcel: str | None = None, quarantine: str | None = None) -> State:
    kept = None if parcel is None else ParcelId(parcel)
    return State(compartments={A01: Compartment(CompartmentSpec(A01, Size.M), parcel=kept, quarantine=quarantine)})


def test_an_empty_cabinet_may_be() -> None:
    check_empty(holding())
    check_empty(State())


def test_a_parcel_keeps_every_door_shut() -> None:
    with pytest.raises(NotEmpty, match="something is stored in A01: every door would be opened"):
        check_empty(holding(parcel="P1"))


def test_so_does_a_compartment_that_nobody_can_vouch_for() -> None:
    with pytest.raises(NotEmpty, match="nobody can vouch that A01 is empty: look inside, then `locker unblock` it"):
        check_empty(holding(quarantine="left_open"))


def test_the_data_directory_is_held_meanwhile_and_let_go_afterwards(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with alone_with_empty_cabinet(data, "1.0") as keys, pytest.raises(JournalRefused, match="in use by process"):
        DirectoryLock(data)
    with alone_with_empty_cabinet(data, "1.0") as again:
        assert again.sign.kid == keys.sign.kid
    assert not (data / "journal.db").exists()
