"""How to come to the screens on which a recipient says what they want."""

from typing import Any

from support.touchscreen import Touchscreen

from controller.domain.commands import ReportNotification
from controller.domain.ids import Language, ParcelId, WallMs
from controller.domain.notices import ReportedAs
from controller.domain.preferences import DAY_MS, Channel, Instructions

NOW = 1_790_000_000_000
OLD = Instructions(
    confirmed_at=WallMs(NOW - 200 * DAY_MS),
    locker=True,
    second_person=False,
    channel=Channel.SMS,
    language=Language("en"),
)


async def collected(screen: Touchscreen, **parcel: Any) -> None:
    door, code = screen.doorway.store("P1", recipient="r-1", **parcel)
    await screen.tap_like("Collect a parcel")
    await screen.type_code(code)
    screen.doorway.open(door)
    screen.doorway.close(door)
    await screen.tap("Yes, got it")


async def still_right(screen: Touchscreen) -> None:
    await collected(screen, preferences=OLD)
    await screen.shows("still_right")


async def wishes(screen: Touchscreen) -> None:
    await still_right(screen)
    await screen.tap("Yes, it was for me")
    await screen.shows("wishes")


async def my_wishes(screen: Touchscreen) -> None:
    await collected(screen)
    await screen.tap("My wishes")
    await screen.reads("What you would like")
    await screen.tap("Yes, it was for me")
    await screen.shows("wishes")
    await screen.tap_like("Away")
    await screen.reads("no")
    await screen.tap_like("Away")
    await screen.reads("1 week from now")


async def contact(screen: Touchscreen) -> None:
    door, code = screen.doorway.store("P1", recipient="r-1", preferences=OLD)
    notice = screen.doorway.state().notices[ParcelId("swift/P1")]
    screen.doorway.command(ReportNotification(notice=notice.id, outcome=ReportedAs.BOUNCED, channel=Channel.SMS))
    await screen.tap_like("Collect a parcel")
    await screen.type_code(code)
    screen.doorway.open(door)
    screen.doorway.close(door)
    await screen.tap("Yes, got it")
    await screen.tap("Yes, it was for me")
    await screen.tap("Yes, all of it is right")
    await screen.shows("contact")


async def contact_email(screen: Touchscreen) -> None:
    await contact(screen)
    await screen.tap("E-mail instead")
    await screen.reads("Address, encrypted for your carrier")


async def contact_unclear(screen: Touchscreen) -> None:
    await contact_email(screen)
    for letter in "nobody":
        await screen.tap(letter)
    await screen.tap("OK")
    await screen.reads("That cannot be reached.")
