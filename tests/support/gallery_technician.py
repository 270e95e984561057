"""How to come to the technician's screens."""

from support.doorway import TECHNICIAN_BADGE, TECHNICIAN_PIN
from support.touchscreen import Touchscreen


async def pin(screen: Touchscreen) -> None:
    await screen.tap_like("Deliver parcels")
    await screen.shows("driver_sign_in")
    await screen.scan(TECHNICIAN_BADGE)
    await screen.shows("technician_pin")


async def pin_refused(screen: Touchscreen) -> None:
    await pin(screen)
    await screen.type_code("1111")
    await screen.reads("This PIN is not right.")


async def doors(screen: Touchscreen) -> None:
    door, _ = screen.doorway.store("P1")
    screen.doorway.open("A02")
    screen.doorway.lose_sight_of("A09")
    screen.doorway.block("A10")
    await pin(screen)
    await screen.type_code(TECHNICIAN_PIN)
    await screen.shows("technician_doors")
    await screen.page.get_by_role("button", name=f"{door}: ").wait_for()


async def locked_out(screen: Touchscreen) -> None:
    await doors(screen)
    await screen.tap("Lock out")
    await screen.reads("Locked out: nothing is unlocked but from here")


async def door(screen: Touchscreen) -> None:
    await doors(screen)
    await screen.tap_like("A02: ")
    await screen.reads("It was opened by itself or by force")


async def facts(screen: Touchscreen) -> None:
    await doors(screen)
    await screen.tap("Machine")
    await screen.reads("Broker")


async def audit(screen: Touchscreen) -> None:
    await doors(screen)
    await screen.tap("Take stock")
    await screen.reads("Open the door and look inside.")


async def audit_open(screen: Touchscreen) -> None:
    await audit(screen)
    await screen.tap("Open A01")
    screen.doorway.open("A01")
    await screen.reads("Look inside and close the door.")


async def label(screen: Touchscreen) -> None:
    await audit_open(screen)
    await screen.tap("Type the label")
    await screen.shows("technician_label")


async def audited(screen: Touchscreen) -> None:
    await audit_open(screen)
    screen.doorway.close("A01")
    await screen.tap("Something without a label")
    await screen.reads("13 of 14 left")
    await screen.tap("Finish")
    await screen.reads("Stock was taken in part")
