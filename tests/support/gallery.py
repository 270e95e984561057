"""How to come to every screen there is, as people do: for pictures, and for what has to hold on all of them."""

from collections.abc import Awaitable, Callable

from support import gallery_driver, gallery_proving, gallery_technician, gallery_wishing
from support.doorway import BAD_BADGE, BAD_PASS, GOOD_BADGE, LABELS
from support.policies import a_policy
from support.touchscreen import Touchscreen

from controller.domain.ids import Note, Size, WallMs
from controller.domain.inputs import LockOutAsked
from controller.domain.preferences import DAY_MS, Instructions

Scene = Callable[[Touchscreen], Awaitable[None]]


async def home(screen: Touchscreen) -> None:
    await screen.shows("home")


async def home_german(screen: Touchscreen) -> None:
    await screen.tap("Deutsch")
    await screen.reads("Was möchten Sie tun?")


async def home_door_open(screen: Touchscreen) -> None:
    door, _ = screen.doorway.store("P1")
    screen.doorway.open(door)
    screen.doorway.pass_ms(121_000)
    await screen.reads(f"{door} is open. Please close it.")


async def code(screen: Touchscreen) -> None:
    await screen.tap_like("Collect a parcel")
    await screen.shows("code")


async def code_typed(screen: Touchscreen) -> None:
    await code(screen)
    for digit in "482915":
        await screen.tap(digit)


async def code_refused(screen: Touchscreen) -> None:
    await code(screen)
    await screen.type_code("11112222")
    await screen.reads("This code opens no door here.")


async def too_many_tries(screen: Touchscreen) -> None:
    await code(screen)
    while not await screen.page.locator("main[data-name=too_many_tries]").count():
        await screen.page.request.post(
            f"{screen.serving.url}/api/pickup",
            data={"code": "0"},
        )
    await screen.shows("too_many_tries")


async def scan(screen: Touchscreen) -> None:
    await code(screen)
    await screen.tap("Scan a pass instead")
    await screen.shows("scan")


async def scan_refused(screen: Touchscreen) -> None:
    await scan(screen)
    await screen.scan(BAD_PASS)
    await screen.reads("This pass opens no door here.")


async def needs_person(screen: Touchscreen) -> None:
    door, code = screen.doorway.store("P1")
    screen.doorway.block(door)
    await screen.tap_like("Collect a parcel")
    await screen.type_code(code)
    await screen.shows("needs_person")


async def _collecting(screen: Touchscreen) -> str:
    door, code = screen.doorway.store("P1")
    await screen.tap_like("Collect a parcel")
    await screen.type_code(code)
    await screen.shows("doors")
    return door


async def door_opening(screen: Touchscreen) -> None:
    await _collecting(screen)
    await screen.reads("Look for the door with the light.")


async def door_open(screen: Touchscreen) -> None:
    screen.doorway.open(await _collecting(screen))
    await screen.reads("Take out your parcel")


async def door_urgent(screen: Touchscreen) -> None:
    await door_open(screen)
    await screen.reads("Please close A04 now.")


async def did_not_open(screen: Touchscreen) -> None:
    screen.doorway.jam(await _collecting(screen))
    await screen.shows("did_not_open")


async def outcome(screen: Touchscreen) -> None:
    door = await _collecting(screen)
    screen.doorway.open(door)
    screen.doorway.close(door)
    await screen.shows("outcome")


async def outcome_of_several(screen: Touchscreen) -> None:
    doors = [screen.doorway.store(f"P{n}", LABELS[n - 1], recipient="r-1") for n in (1, 2, 3)]
    await screen.tap_like("Collect a parcel")
    await screen.type_code(doors[0][1])
    await screen.reads("Parcel 1 of 3")
    screen.doorway.open(doors[0][0])
    screen.doorway.close(doors[0][0])
    await screen.reads("Yes, open the next door")


async def claiming(screen: Touchscreen) -> None:
    await outcome(screen)
    await screen.tap("Something is not right")
    await screen.shows("claiming")


async def claimed_empty(screen: Touchscreen) -> None:
    await claiming(screen)
    await screen.tap("It was empty")
    await screen.shows("claimed")


async def claimed_not_mine(screen: Touchscreen) -> None:
    await claiming(screen)
    await screen.tap("Not my parcel")
    await screen.shows("claimed")


async def claimed_damaged(screen: Touchscreen) -> None:
    await claiming(screen)
    await screen.tap("It is damaged")
    await screen.shows("claimed")


async def thanks(screen: Touchscreen) -> None:
    await outcome(screen)
    await screen.tap("Yes, got it")
    await screen.shows("thanks")


async def thanks_with_receipt(screen: Touchscreen) -> None:
    screen.doorway.receipts = True
    await thanks(screen)
    await screen.reads("Your receipt")


async def unavailable(screen: Touchscreen) -> None:
    await code(screen)
    screen.doorway.down = True
    await screen.type_code("1")
    await screen.shows("unavailable")


async def help_(screen: Touchscreen) -> None:
    await screen.tap("Help")
    await screen.reads("We are glad to help")


async def someone_inside(screen: Touchscreen) -> None:
    await help_(screen)
    await screen.tap("Someone is inside")
    await screen.reads("Is somebody shut in?")


async def letting_out(screen: Touchscreen) -> None:
    await someone_inside(screen)
    await screen.tap("Yes, open them now")
    await screen.reads("The empty compartments are opening")


async def letting_out_not(screen: Touchscreen) -> None:
    screen.doorway.put(LockOutAsked(None))
    await someone_inside(screen)
    await screen.tap("Yes, open them now")
    await screen.reads("The doors stay shut for now")


async def home_locked_out(screen: Touchscreen) -> None:
    screen.doorway.put(LockOutAsked(None))
    await screen.reads("This locker is being serviced.")


async def still_there(screen: Touchscreen) -> None:
    await code(screen)
    await screen.reads("Are you still there?")


async def busy(screen: Touchscreen) -> None:
    await screen.page.context.request.post(f"{screen.serving.url}/api/visit/go", data={"to": "code"})
    await screen.page.context.clear_cookies()
    await screen.page.reload()
    await screen.shows("busy")


async def driver_sign_in(screen: Touchscreen) -> None:
    await screen.tap_like("Deliver parcels")
    await screen.shows("driver_sign_in")


async def driver_sign_in_refused(screen: Touchscreen) -> None:
    await screen.scan(BAD_BADGE)
    await screen.reads("This badge is not valid here today.")


async def driver_scan(screen: Touchscreen) -> None:
    await screen.scan(GOOD_BADGE)
    await screen.shows("driver_scan")


async def driver_label(screen: Touchscreen) -> None:
    await driver_scan(screen)
    await screen.tap("Type the label")
    for letter in "RR4731":
        await screen.tap(letter)


async def driver_plan(screen: Touchscreen) -> None:
    screen.doorway.expect("P1", LABELS[0])
    await driver_scan(screen)
    await screen.scan(LABELS[0])
    await screen.shows("driver_plan")


async def driver_plan_wishes(screen: Touchscreen) -> None:
    confirmed = WallMs(1_790_000_000_000 - 200 * DAY_MS)
    wanted = Instructions(
        confirmed_at=confirmed,
        accessible=True,
        second_person=True,
        away_until=WallMs(confirmed + 200 * DAY_MS + 7_200_000),
        note=Note("My neighbour has a key to the yard. Please keep it upright, there is a plant inside."),
    )
    screen.doorway.expect("P1", LABELS[0], classes=("perishable",), preferences=wanted)
    await driver_scan(screen)
    await screen.scan(LABELS[0])
    await screen.shows("driver_plan")


async def driver_not_met(screen: Touchscreen) -> None:
    screen.doorway.policy = a_policy()
    screen.doorway.expect("P1", LABELS[0], signature=True)
    await driver_scan(screen)
    await screen.scan(LABELS[0])
    await screen.shows("driver_keeps")


async def driver_keeps(screen: Touchscreen) -> None:
    screen.doorway.expect("P1", LABELS[0], classes=("regulated",))
    await driver_scan(screen)
    await screen.scan(LABELS[0])
    await screen.shows("driver_keeps")


async def driver_away(screen: Touchscreen) -> None:
    now = 1_790_000_000_000
    away = Instructions(confirmed_at=WallMs(now), away_until=WallMs(now + 9 * DAY_MS))
    screen.doorway.expect("P1", LABELS[0], preferences=away)
    await driver_scan(screen)
    await screen.scan(LABELS[0])
    await screen.reads("The recipient is away for several days")


async def driver_full(screen: Touchscreen) -> None:
    screen.doorway.store("P1", LABELS[0], Size.XL)
    screen.doorway.expect("P2", LABELS[1], Size.XL)
    await driver_scan(screen)
    await screen.scan(LABELS[1])
    await screen.reads("No compartment of this size is free.")


async def driver_door(screen: Touchscreen) -> None:
    await driver_plan(screen)
    await screen.tap("I have read this. Open a door")
    await screen.shows("doors")
    screen.doorway.open("A04")
    await screen.reads("Put the parcel in")


async def driver_outcome(screen: Touchscreen) -> None:
    await driver_door(screen)
    screen.doorway.close("A04")
    await screen.shows("driver_outcome")


async def driver_stored(screen: Touchscreen) -> None:
    await driver_outcome(screen)
    await screen.tap("Yes, done")
    await screen.shows("driver_stored")


TIMES: dict[str, dict[str, int]] = {"door-urgent": {"reminder_s": 1}, "still-there": {"idle_s": 1}}
"""Scenes that wait for the touchscreen's own patience to end, with less of it."""
SCENES: dict[str, Scene] = {
    "home": home,
    "home-german": home_german,
    "home-door-open": home_door_open,
    "home-locked-out": home_locked_out,
    "code": code,
    "code-typed": code_typed,
    "code-refused": code_refused,
    "too-many-tries": too_many_tries,
    "scan": scan,
    "scan-refused": scan_refused,
    "needs-person": needs_person,
    "door-opening": door_opening,
    "door-open": door_open,
    "door-urgent": door_urgent,
    "did-not-open": did_not_open,
    "outcome": outcome,
    "outcome-of-several": outcome_of_several,
    "claiming": claiming,
    "claimed-empty": claimed_empty,
    "claimed-not-mine": claimed_not_mine,
    "claimed-damaged": claimed_damaged,
    "thanks": thanks,
    "thanks-with-receipt": thanks_with_receipt,
    "unavailable": unavailable,
    "help": help_,
    "someone-inside": someone_inside,
    "letting-out": letting_out,
    "letting-out-not": letting_out_not,
    "still-there": still_there,
    "busy": busy,
    "driver-sign-in": driver_sign_in,
    "driver-sign-in-refused": driver_sign_in_refused,
    "driver-scan": driver_scan,
    "driver-label": driver_label,
    "driver-plan": driver_plan,
    "driver-plan-wishes": driver_plan_wishes,
    "driver-keeps": driver_keeps,
    "driver-not-met": driver_not_met,
    "driver-away": driver_away,
    "driver-full": driver_full,
    "driver-door": driver_door,
    "driver-outcome": driver_outcome,
    "driver-stored": driver_stored,
    "driver-take-away": gallery_driver.take_away,
    "driver-pin": gallery_driver.pin,
    "driver-checklist": gallery_driver.checklist,
    "driver-plan-asked": gallery_driver.asked,
    "driver-plan-answered": gallery_driver.answered,
    "driver-number": gallery_driver.number,
    "driver-number-pin": gallery_driver.number_pin,
    "driver-number-rests": gallery_driver.number_rests,
    "driver-item-open": gallery_driver.item_open,
    "driver-item-scanned": gallery_driver.item_scanned,
    "driver-item": gallery_driver.item,
    "driver-item-other": gallery_driver.item_other,
    "driver-item-done": gallery_driver.item_done,
    "driver-item-missing": gallery_driver.item_missing,
    "driver-summary": gallery_driver.summary,
    "use-app": gallery_proving.use_app,
    "use-app-german": gallery_proving.use_app_german,
    "use-app-unheard": gallery_proving.use_app_unheard,
    "pin": gallery_proving.pin,
    "pin-sent": gallery_proving.pin_sent,
    "pin-german": gallery_proving.pin_german,
    "pin-unheard": gallery_proving.pin_unheard,
    "second": gallery_proving.second,
    "sign": gallery_proving.sign,
    "sign-drawn": gallery_proving.signed,
    "sign-unclear": gallery_proving.sign_unclear,
    "still-right": gallery_wishing.still_right,
    "wishes": gallery_wishing.wishes,
    "my-wishes": gallery_wishing.my_wishes,
    "contact": gallery_wishing.contact,
    "contact-email": gallery_wishing.contact_email,
    "contact-unclear": gallery_wishing.contact_unclear,
    "technician-pin": gallery_technician.pin,
    "technician-pin-refused": gallery_technician.pin_refused,
    "technician-doors": gallery_technician.doors,
    "technician-locked-out": gallery_technician.locked_out,
    "technician-door": gallery_technician.door,
    "technician-facts": gallery_technician.facts,
    "technician-audit": gallery_technician.audit,
    "technician-audit-open": gallery_technician.audit_open,
    "technician-label": gallery_technician.label,
    "technician-audited": gallery_technician.audited,
}
