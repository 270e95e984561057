"""Which private parts are about somebody, from the records alone."""

from pathlib import Path

import pytest
from support.journals import A01, CARRIER, Recorder, beginning, deposit, opened, stamp
from support.on_a_loop import on_a_loop

from controller.domain import events as ev
from controller.domain.ids import DriverId, DriverNumber, Handle, ParcelId, Reference, Role, WallMs
from controller.domain.preferences import Preferences
from controller.domain.staff import Scope
from controller.journal.errors import JournalRefused
from controller.journal.personal import find_notes, find_private


@on_a_loop
async def keep(data_dir: Path) -> None:
    """4 a parcel of r-1, 5–12 parcel P1, 13 wishes of r-1, 14 those for P9 of r-1, 15 a driver."""
    recorder = Recorder.on(opened(data_dir))
    of_r1 = ev.ParcelExpected(parcel=ParcelId("acme/P9"), label="L9", carrier=CARRIER, recipient="r-1")
    wishes = Preferences(confirmed_at=recorder.state.last.wall if recorder.state.last else 0)  # type: ignore[arg-type]
    kept, of_p9 = (
        ev.PreferenceChanged(
            handle=Handle(handle), carrier=CARRIER, by=Role.CARRIER, preferences=wishes, note="knock twice", **about
        )
        for handle, about in (("h1", {"recipient": "r-1"}), ("h2", {"parcel": ParcelId("acme/P9")}))
    )
    driver = ev.DriverUpserted(
        carrier=CARRIER, driver=DriverId("d-7"), scope=(Scope.DEPOSIT,), number=DriverNumber("4711")
    )
    await recorder.record(*beginning(), of_r1, *deposit(1), kept, of_p9, driver)
    await recorder.journal.close()


def test_a_parcels_a_recipients_and_a_drivers(tmp_path: Path) -> None:
    keep(tmp_path)
    assert find_private(tmp_path, Reference("P1")) == {12: "code.issued"}
    assert find_private(tmp_path, Reference("r-1")) == {13: "preference.changed", 14: "preference.changed"}
    assert find_private(tmp_path, Reference("P9")) == {14: "preference.changed"}
    assert find_private(tmp_path, Reference("d-7")) == {15: "driver.upserted"}
    assert find_private(tmp_path, Reference(f"{CARRIER}/d-7")) == {15: "driver.upserted"}
    assert find_private(tmp_path, Reference("d-7' OR 1")) == {}


@on_a_loop
async def keep_notes(data_dir: Path) -> None:
    """Records 4 and 5, a second apart, with a note each; then one without."""
    recorder = Recorder.on(opened(data_dir))
    blocked = ev.CompartmentOutOfService(compartment=A01, note="wet")
    await recorder.record(*beginning(), blocked, ev.CompartmentRestored(compartment=A01, note="dry"), *deposit(1))
    await recorder.journal.close()


def test_notes_of_before(tmp_path: Path) -> None:
    keep_notes(tmp_path)
    assert find_notes(tmp_path, stamp(4).wall) == ()
    assert find_notes(tmp_path, stamp(5).wall) == (4,)
    assert find_notes(tmp_path, WallMs(2**50)) == (4, 5)


def test_no_journal_is_said(tmp_path: Path) -> None:
    with pytest.raises(JournalRefused, match="There is no journal"):
        find_private(tmp_path, Reference("P1"))
