"""A recipient's wishes at the screen: asked when they are old, shown to whom they belong, changed and confirmed."""

from typing import Any

import pytest
from support.doorway import GOOD_BADGE, FakeDoorway
from support.gallery_wishing import NOW, OLD
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop

from controller.domain.claims import Claim
from controller.domain.commands import ReportNotification
from controller.domain.ids import Note, ParcelId, WallMs
from controller.domain.inputs import ContactGiven, WishesConfirmed
from controller.domain.notices import ReportedAs
from controller.domain.preferences import DAY_MS, Channel, Instructions

FRESH = Instructions(confirmed_at=WallMs(NOW - DAY_MS), locker=True, note=Note("Ring twice."))


async def taken(kiosk: KioskInHand, **parcel: Any) -> PageInHand:
    """A parcel is collected, its door is shut, and the recipient has everything."""
    door, code = kiosk.doorway.store("P1", recipient="r-1", **parcel)
    page = await kiosk.page()
    await page.post("/api/pickup", code=code)
    kiosk.doorway.open(door)
    kiosk.doorway.close(door)
    await page.post("/api/visit/got-it")
    return page


def bounce(doorway: FakeDoorway, channel: Channel = Channel.SMS) -> None:
    notice = doorway.state().notices[ParcelId("swift/P1")]
    doorway.command(ReportNotification(notice=notice.id, outcome=ReportedAs.BOUNCED, channel=channel))


@on_a_loop
async def test_old_wishes_are_asked_about_after_the_receipt_and_confirmed() -> None:
    async with kiosk_in_hand(FakeDoorway(receipts=True)) as kiosk:
        page = await taken(kiosk, preferences=OLD)
        assert (kiosk.name(), "'receipt': []" in str(kiosk.screen()["facts"])) == ("thanks", False)
        await page.post("/api/visit/got-it")
        assert (kiosk.name(), kiosk.screen()["facts"]) == ("still_right", {"asked": True})
        await page.post("/api/visit/whose", to="mine")
        assert kiosk.name() == "wishes"
        assert kiosk.screen()["facts"] == {
            "locker": True,
            "accessible": None,
            "second_person": False,
            "channel": "sms",
            "language": "en",
            "away_until": None,
            "away_days": None,
        }
        assert (await page.post("/api/visit/confirm-wishes"))["result"] == "accepted"
        assert kiosk.screen()["facts"] == {"receipt": [], "wishes": False}
        await page.post("/api/visit/got-it")
        assert kiosk.name() == "home"
        [kept] = kiosk.doorway.state().preferences.values()
        assert (kept.recipient, kept.stale) == ("r-1", False)


@on_a_loop
async def test_where_there_is_no_receipt_the_question_comes_at_once() -> None:
    async with kiosk_in_hand() as kiosk:
        await taken(kiosk, preferences=OLD)
        assert kiosk.name() == "still_right"


@on_a_loop
async def test_who_collects_for_somebody_else_sees_and_changes_nothing() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await taken(kiosk, preferences=OLD)
        assert (await page.post("/api/visit/wish", locker=False))["reason"] == "not_now"
        assert (await page.post("/api/visit/confirm-wishes"))["reason"] == "not_now"
        assert "sms" not in str(kiosk.screen()["facts"])
        await page.post("/api/visit/whose", to="nothing")
        assert kiosk.screen()["facts"] == {"receipt": [], "wishes": False}
        assert not [item for item in kiosk.doorway.asked if isinstance(item, WishesConfirmed)]


@on_a_loop
async def test_nobody_is_asked_twice_or_without_need() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await taken(kiosk, preferences=FRESH)
        assert kiosk.screen()["facts"] == {"receipt": [], "wishes": True}
        await page.post("/api/visit/my-wishes")
        assert kiosk.screen()["facts"] == {"asked": False}
        await page.post("/api/visit/back")
        assert kiosk.screen()["facts"] == {"receipt": [], "wishes": False}
        assert (await page.post("/api/visit/got-it"))["result"] == "accepted"
        assert kiosk.name() == "home"


@on_a_loop
async def test_wishes_are_changed_one_by_one_and_count_once_confirmed() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await taken(kiosk, preferences=FRESH)
        await page.post("/api/visit/my-wishes")
        await page.post("/api/visit/whose", to="mine")
        await page.post("/api/visit/wish", accessible=True)
        await page.post("/api/visit/wish", second_person=False, channel="email", language="de")
        await page.post("/api/visit/wish", away_days=14)
        assert not [item for item in kiosk.doorway.asked if isinstance(item, WishesConfirmed)]
        await page.post("/api/visit/confirm-wishes")
        [kept] = kiosk.doorway.state().preferences.values()
        given = kept.preferences
        assert (given.accessible, given.second_person, given.channel, given.language) == (True, False, "email", "de")
        assert (given.away_from, given.away_until) == (given.confirmed_at, given.confirmed_at + 14 * DAY_MS)


@on_a_loop
async def test_what_they_wrote_to_drivers_is_never_on_the_screen() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await taken(kiosk, preferences=FRESH)
        await page.post("/api/visit/my-wishes")
        await page.post("/api/visit/whose", to="mine")
        assert "Ring" not in str(kiosk.screen())


@on_a_loop
async def test_a_number_that_bounced_is_asked_for_and_sealed() -> None:
    async with kiosk_in_hand() as kiosk:
        door, code = kiosk.doorway.store("P1", recipient="r-1")
        bounce(kiosk.doorway)
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        kiosk.doorway.open(door)
        kiosk.doorway.close(door)
        await page.post("/api/visit/got-it")
        await page.post("/api/visit/whose", to="mine")
        assert kiosk.screen()["facts"] == {"bounced": "sms", "by": "sms", "refused": None}
        refused = await page.post("/api/visit/contact", contact="++")
        assert refused["reason"] == "contact_unclear"
        assert kiosk.screen()["facts"] == {"bounced": "sms", "by": "sms", "refused": "contact_unclear"}
        await page.post("/api/visit/whose", to="email")
        assert kiosk.screen()["facts"] == {"bounced": "sms", "by": "email", "refused": None}
        await page.post("/api/visit/contact", contact="k@example.org")
        assert kiosk.name() == "thanks"
        [given] = [item for item in kiosk.doorway.asked if isinstance(item, ContactGiven)]
        assert given.jwe == "sealed-13"
        assert "example" not in str(kiosk.screen())


@on_a_loop
async def test_nobody_is_waited_for_and_the_next_one_is_served() -> None:
    async with kiosk_in_hand() as kiosk:
        await taken(kiosk, preferences=OLD)
        kiosk.doorway.mono += 46_000
        kiosk.kiosk.desk.pass_time()
        assert kiosk.name() == "home"


@on_a_loop
async def test_a_scan_at_the_question_begins_the_next_visit() -> None:
    async with kiosk_in_hand() as kiosk:
        await taken(kiosk, preferences=OLD)
        await kiosk.kiosk.scanner.scanned(GOOD_BADGE)
        assert kiosk.name() == "driver_scan"


@on_a_loop
async def test_who_says_the_parcel_is_not_theirs_is_shown_no_wishes() -> None:
    async with kiosk_in_hand() as kiosk:
        door, code = kiosk.doorway.store("P1", recipient="r-1", preferences=OLD)
        page = await kiosk.page()
        await page.post("/api/pickup", code=code)
        kiosk.doorway.open(door)
        kiosk.doorway.close(door)
        await page.post("/api/visit/go", to="not_right")
        await page.post("/api/visit/claim", claim=Claim.NOT_MINE.value)
        await page.post("/api/visit/got-it")
        assert kiosk.screen()["facts"] == {"receipt": [], "wishes": False}
        assert (await page.post("/api/visit/my-wishes"))["reason"] == "not_now"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("wish", {}),
        ("wish", {"locker": "yes"}),
        ("wish", {"away_days": 61}),
        ("wish", {"channel": "pigeon"}),
        ("wish", {"note": "text"}),
        ("whose", {"to": "theirs"}),
        ("contact", {"contact": ""}),
        ("contact", {"contact": "1" * 201}),
    ],
)
@on_a_loop
async def test_what_no_page_sends_is_refused_without_repeating_it(path: str, body: dict[str, Any]) -> None:
    async with kiosk_in_hand() as kiosk, kiosk.client() as client:
        answer = await client.post(f"/api/visit/{path}", json=body)
        assert answer.status_code == 422
        assert "1111" not in answer.text
