"""How to come to the screens of a driver who takes parcels away."""

from dataclasses import replace

from support.doorway import GOOD_BADGE, LABELS
from support.touchscreen import Touchscreen

from controller.domain.commands import AnswerForRecipient
from controller.domain.ids import ParcelId, Size
from controller.domain.notices import Reply

HOLD_MS = 73 * 3_600_000


async def take_away(screen: Touchscreen) -> None:
    for parcel, label, size in (("P1", LABELS[0], Size.M), ("P2", LABELS[1], Size.S), ("P3", LABELS[2], Size.XL)):
        screen.doorway.store(parcel, label, size)
    for _ in range(2):  # the hold begins anew when the carrier was not heard of in all of it
        screen.doorway.pass_ms(HOLD_MS)
    await screen.scan(GOOD_BADGE)
    await screen.tap("Take away 3")
    screen.doorway.type_pin()
    await screen.shows("driver_take_away")


async def pin(screen: Touchscreen) -> None:
    screen.doorway.store("P1", LABELS[0], Size.M)
    for _ in range(2):
        screen.doorway.pass_ms(HOLD_MS)
    await screen.scan(GOOD_BADGE)
    await screen.tap("Take away 1")
    await screen.tap("Open A04")
    await screen.shows("driver_pin")
    await screen.tap("4")
    await screen.page.keyboard.press("8")
    await screen.reads("••")


async def checklist(screen: Touchscreen) -> None:
    screen.doorway.policy = replace(screen.doorway.policy, checklist="v1")
    await screen.scan(GOOD_BADGE)
    await screen.shows("driver_checklist")
    await screen.reads("I have read this")


async def asked(screen: Touchscreen) -> None:
    screen.doorway.expect("P1", LABELS[0])
    await screen.scan(GOOD_BADGE)
    await screen.scan(LABELS[0])
    await screen.tap("Ask the recipient")
    await screen.reads("The recipient is being asked.")


async def answered(screen: Touchscreen) -> None:
    await asked(screen)
    screen.doorway.command(AnswerForRecipient(parcel=ParcelId("P1"), answer=Reply.LOCKER))
    await screen.reads("Show what holds now")


async def number(screen: Touchscreen) -> None:
    await screen.tap_like("Deliver parcels")
    await screen.tap("Number and PIN")
    await screen.shows("driver_number")
    for digit in "47":
        await screen.tap(digit)
    await screen.page.keyboard.press("1")
    await screen.reads("471")


async def number_pin(screen: Touchscreen) -> None:
    await number(screen)
    await screen.tap("OK")
    await screen.shows("driver_number_pin")


async def number_rests(screen: Touchscreen) -> None:
    await number_pin(screen)
    for _ in range(5):
        await screen.tap("1")
        await screen.tap("OK")
        await screen.reads("This PIN is not right.")
    await screen.reads("Please try again in 15 minutes.")


async def item_open(screen: Touchscreen) -> None:
    await take_away(screen)
    await screen.tap("Open A01")
    screen.doorway.open("A01")
    await screen.reads("scan its label and close the door")


async def item_scanned(screen: Touchscreen) -> None:
    await item_open(screen)
    await screen.scan(LABELS[1])
    await screen.reads("Scanned. Close the door.")


async def item(screen: Touchscreen) -> None:
    await item_open(screen)
    screen.doorway.close("A01")
    await screen.shows("driver_item")


async def item_other(screen: Touchscreen) -> None:
    await item(screen)
    await screen.scan(LABELS[0])
    await screen.reads("That is another parcel.")


async def item_done(screen: Touchscreen) -> None:
    await item_scanned(screen)
    screen.doorway.close("A01")
    await screen.shows("driver_item_done")


async def item_missing(screen: Touchscreen) -> None:
    await item(screen)
    await screen.tap("It is not there")
    await screen.reads("A01: recorded as missing")


async def summary(screen: Touchscreen) -> None:
    await item_missing(screen)
    await screen.tap("Show the list")
    await screen.tap("Sign out")
    await screen.shows("driver_summary")
