"""How to come to the screens that ask for more than a code."""

from typing import Any

from support.policies import a_policy
from support.touchscreen import Touchscreen

from controller.domain.ids import Currency, MinorUnits
from controller.domain.money import Money

VALUABLE: dict[str, Any] = {"value": Money(MinorUnits(70_000), Currency("EUR")), "authority_to_leave": True}


async def pin(screen: Touchscreen, **parcel: Any) -> None:
    _, code = screen.doorway.store("P1", **(parcel or VALUABLE))
    await screen.tap_like("Collect a parcel")
    await screen.shows("code")
    await screen.type_code(code)
    await screen.shows("sign" if parcel else "pin")
    await screen.reads("Please sign here" if parcel else "Send me the PIN")


async def pin_sent(screen: Touchscreen) -> None:
    await pin(screen)
    await screen.tap("Send me the PIN")
    await screen.reads("Send another")


async def pin_german(screen: Touchscreen) -> None:
    await screen.tap("Deutsch")
    _, code = screen.doorway.store("P1", **VALUABLE)
    await screen.tap_like("Paket abholen")
    await screen.shows("code")
    await screen.type_code(code)
    await screen.reads("PIN schicken")


async def pin_unheard(screen: Touchscreen) -> None:
    await pin(screen)
    screen.doorway.carrier_hears = False
    await screen.tap("Send me the PIN")
    await screen.reads("The carrier cannot be reached now")


async def sign(screen: Touchscreen) -> None:
    await pin(screen, signature=True)


async def signed(screen: Touchscreen) -> None:
    await sign(screen)
    box = await screen.page.locator(".signature").bounding_box()
    assert box is not None
    places = [(0.2, 0.6), (0.3, 0.2), (0.4, 0.7), (0.55, 0.35), (0.8, 0.65)]
    points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in places]
    await screen.page.mouse.move(*points[0])
    await screen.page.mouse.down()
    for x, y in points[1:]:
        await screen.page.mouse.move(x, y, steps=8)
    await screen.page.mouse.up()


async def sign_unclear(screen: Touchscreen) -> None:
    await sign(screen)
    await screen.page.locator(".signature").click()
    await screen.tap("That is my signature")
    await screen.reads("That is too little for a signature.")


async def use_app(screen: Touchscreen) -> None:
    await _use_app_in(screen, "Collect a parcel", "Scan a pass instead", "Use the carrier's app")
    await screen.reads("Read this with the carrier's app")


async def use_app_german(screen: Touchscreen) -> None:
    await screen.tap("Deutsch")
    await _use_app_in(screen, "Paket abholen", "Lieber Pass scannen", "App des Paketdienstes")
    await screen.reads("Mit der App des Paketdienstes lesen")


async def use_app_unheard(screen: Touchscreen) -> None:
    screen.doorway.carrier_hears = False
    await use_app(screen)
    await screen.reads("The carrier cannot be reached now")


async def _use_app_in(screen: Touchscreen, collect: str, scan: str, app: str) -> None:
    await screen.tap_like(collect)
    await screen.shows("code")
    await screen.tap(scan)
    await screen.shows("scan")
    await screen.tap(app)
    await screen.shows("app")


async def second(screen: Touchscreen) -> None:
    screen.doorway.policy = a_policy(second_digits=4)
    _, code = screen.doorway.store("P1", second_jwe="4711")
    await screen.tap_like("Collect a parcel")
    await screen.shows("code")
    await screen.type_code(code)
    await screen.reads("Type its last 4 digits.")
