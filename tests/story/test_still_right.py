"""Wishes that are two hundred days old, and a number that reaches nobody: asked at the pickup, told to the carrier."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from support import daemon_journal
from support.daemon_kiosk import Page
from support.daemon_people import Street
from support.daemon_recipient import open_up, take_out
from support.daemon_storm import a_street_and_broker
from support.locker_in_hand import s10_label

from controller.domain.commands import ExpectParcel, ReportNotification
from controller.domain.ids import NoticeId, ParcelId, WallMs
from controller.domain.notices import ReportedAs
from controller.domain.preferences import DAY_MS, Channel, Instructions
from controller.remote.key_set import KeySet

NUMBER = "+4930123456"
CHANNELS = '\n[notices]\nchannels = ["sms", "email"]\ncanary_s = 0\n'


@pytest.mark.timeout(300)
def test_old_wishes_are_confirmed_and_a_new_number_reaches_the_carrier_alone(tmp_path: Path) -> None:
    with a_street_and_broker(tmp_path) as (street, _):
        config = street.site.config
        config.write_text(config.read_text() + CHANNELS)
        street.daemon.run()
        _announce(street)
        street.deliver("P1", s10_label(1))
        _bounce(street)
        page = _collect(street)

        assert _press(page, "got-it") == "accepted"
        while _press(page, "whose", to="mine") != "accepted":
            assert _press(page, "got-it") == "accepted"
        assert _press(page, "wish", second_person=False) == "accepted"
        assert _press(page, "confirm-wishes") == "accepted"
        assert _press(page, "contact", contact=NUMBER) == "accepted"

        told = street.backend.wait_for(lambda notice: "contact" in notice, "the new number")
        assert told["contact"] == {"channel": "sms", "contact": NUMBER}
        changed = [n["data"] for n in street.backend.notices if n.get("type") == "preference.changed"]
        assert [(data["by"], data["recipient"]) for data in changed[-2:]] == [("recipient", "r-1")] * 2
        assert changed[-1]["preferences"]["second_person"] is False
        street.daemon.terminate()
        _nowhere(street, NUMBER)


def _announce(street: Street) -> None:
    old = Instructions(confirmed_at=WallMs(int(time.time() * 1000) - 200 * DAY_MS), locker=True, second_person=True)
    command = ExpectParcel(
        parcel=ParcelId("P1"),
        label=s10_label(1),
        carrier=KeySet.load(street.site.carrier_dir).carrier,
        recipient="r-1",
        preferences=old,
    )
    assert street.command(command)["status"] == "executed"


def _bounce(street: Street) -> None:
    asked = street.backend.wait_for_record("notification.requested", parcel="P1", kind="stored")
    notice = NoticeId(asked["data"]["notice"])
    command = ReportNotification(notice=notice, outcome=ReportedAs.BOUNCED, channel=Channel.SMS)
    assert street.command(command)["status"] == "executed"


def _collect(street: Street) -> Page:
    page = Page(street.site.kiosk_port)
    take_out(street, open_up(street, page, code=str(street.backend.code_of("P1"))), "P1")
    return page


def _press(page: Page, path: str, **body: Any) -> str:
    return str(page.post(f"/api/visit/{path}", body).said["result"])


def _nowhere(street: Street, secret: str) -> None:
    """It stands in nothing that the locker keeps or says."""
    data_dir = street.site.data_dir
    kept = [path.read_bytes() for path in data_dir.rglob("*") if path.is_file()]
    assert kept
    assert not any(secret.encode() in each for each in kept)
    assert secret not in json.dumps(daemon_journal.records(data_dir))
    assert secret not in street.daemon.said()
