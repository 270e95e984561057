"""Somebody says at a pickup that they go away; their next parcel goes back in the van, and is brought in time."""

from pathlib import Path

import pytest
from support.daemon_kiosk import Page
from support.daemon_people import Street
from support.daemon_recipient import open_up, take_out
from support.daemon_storm import a_street_and_broker
from support.locker_in_hand import s10_label

from controller.domain.commands import ExpectParcel
from controller.domain.ids import ParcelId
from controller.remote.key_set import KeySet


@pytest.mark.timeout(300)
def test_who_goes_away_at_the_screen_gets_no_parcel_until_they_are_back(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, _):
        street.daemon.run()
        _announce(street, 1)
        street.deliver("P1", s10_label(1))
        _say_away(_collect(street))
        changed = street.backend.wait_for_record("preference.changed", by="recipient")
        _announce(street, 2)

        page = Page(street.site.kiosk_port)
        assert page.post("/api/driver/badge", {"badge": street.badge}).accepted
        assert page.post("/api/driver/label", {"label": s10_label(2)}).reason == "recipient_away"
        refused = street.backend.wait_for_record("plan.refused", parcel="P2")
        assert refused["data"]["bring_after"] == changed["data"]["preferences"]["away_until"]
        page.leave()
        street.daemon.terminate()


def _announce(street: Street, serial: int) -> None:
    carrier = KeySet.load(street.site.carrier_dir).carrier
    parcel = ParcelId(f"P{serial}")
    command = ExpectParcel(parcel=parcel, label=s10_label(serial), carrier=carrier, recipient="r-1")
    assert street.command(command)["status"] == "executed"


def _collect(street: Street) -> Page:
    page = Page(street.site.kiosk_port)
    take_out(street, open_up(street, page, code=str(street.backend.code_of("P1"))), "P1")
    return page


def _say_away(page: Page) -> None:
    for path, body in (
        ("got-it", {}),
        ("my-wishes", {}),
        ("whose", {"to": "mine"}),
        ("wish", {"away_days": 28}),
        ("confirm-wishes", {}),
        ("got-it", {}),
    ):
        assert page.post(f"/api/visit/{path}", body).accepted, path
