"""A recipient who has to give more than a code: a PIN, a signature, or a call for help."""

from support.doorway import PIN, FakeDoorway
from support.kiosk_in_hand import KioskInHand, PageInHand, kiosk_in_hand
from support.on_a_loop import on_a_loop
from support.policies import a_policy

from controller.domain.rules import Rule
from controller.domain.site import OBTAINED

INK = [[[100, 200], [300, 100], [500, 300], [900, 200]]]


def demanding(*evidence: str) -> FakeDoorway:
    return FakeDoorway(policy=a_policy(Rule("strict", evidence=evidence), obtains=(*OBTAINED, "signature")))


async def with_code(kiosk: KioskInHand) -> PageInHand:
    page = await kiosk.page()
    _, code = kiosk.doorway.store("P1")
    said = await page.post("/api/pickup", code=code)
    assert said["result"] == "wanted"
    return page


@on_a_loop
async def test_the_pin_is_sent_typed_and_opens_the_door() -> None:
    async with kiosk_in_hand(demanding("pin")) as kiosk:
        page = await with_code(kiosk)
        assert kiosk.screen()["facts"] == {"either": ["pin"], "refused": None, "sent": False}
        await page.post("/api/visit/send-pin")
        assert kiosk.screen()["facts"] == {"either": ["pin"], "refused": None, "sent": True}
        refused = await page.post("/api/visit/pin", pin="7654321")
        assert refused["reason"] == "pin_wrong"
        assert kiosk.screen()["facts"] == {"either": ["pin"], "refused": "pin_wrong", "sent": True}
        said = await page.post("/api/visit/pin", pin=PIN)
        assert said["result"] == "accepted"
        assert kiosk.name() == "doors"


@on_a_loop
async def test_it_is_said_plainly_when_the_carrier_hears_nothing() -> None:
    async with kiosk_in_hand(demanding("pin|signature")) as kiosk:
        kiosk.doorway.carrier_hears = False
        page = await with_code(kiosk)
        await page.post("/api/visit/send-pin")
        facts = {"either": ["pin", "signature"], "refused": "carrier_deaf", "sent": False}
        assert kiosk.screen()["facts"] == facts
        await page.post("/api/visit/instead", to="sign")
        assert kiosk.name() == "sign"


@on_a_loop
async def test_a_pin_that_became_void_is_asked_for_anew() -> None:
    async with kiosk_in_hand(demanding("pin")) as kiosk:
        page = await with_code(kiosk)
        await page.post("/api/visit/send-pin")
        for _ in range(5):
            await page.post("/api/visit/pin", pin="7654321")
        assert kiosk.screen()["facts"] == {"either": ["pin"], "refused": "pin_void", "sent": False}


@on_a_loop
async def test_a_signature_opens_the_door_and_a_dot_does_not() -> None:
    async with kiosk_in_hand(demanding("signature")) as kiosk:
        page = await with_code(kiosk)
        assert kiosk.name() == "sign"
        await page.post("/api/visit/signature", strokes=[[[5, 5]]])
        assert kiosk.screen()["facts"] == {"either": ["signature"], "refused": "signature_unclear"}
        await page.post("/api/visit/signature", strokes=INK)
        assert kiosk.name() == "doors"


@on_a_loop
async def test_who_cannot_sign_is_told_whom_to_call() -> None:
    async with kiosk_in_hand(demanding("signature")) as kiosk:
        page = await with_code(kiosk)
        await page.post("/api/visit/instead", to="cannot_sign")
        assert (kiosk.name(), kiosk.screen()["facts"]) == (
            "needs_person",
            {
                "reason": "cannot_sign",
                "doors": [],
                "progress": {"number": 0, "of": 1, "waiting": 1},
            },
        )


@on_a_loop
async def test_both_are_asked_for_one_after_the_other() -> None:
    async with kiosk_in_hand(demanding("signature", "pin")) as kiosk:
        page = await with_code(kiosk)
        said = await page.post("/api/visit/signature", strokes=INK)
        assert said["evidence"] == ["pin"]
        assert kiosk.name() == "pin"
        assert (await page.post("/api/visit/instead", to="sign"))["reason"] == "not_now"


@on_a_loop
async def test_strokes_out_of_bounds_are_refused_and_a_long_signature_is_not() -> None:
    async with kiosk_in_hand(demanding("signature")) as kiosk:
        page = await with_code(kiosk)
        wave = [[n % 1001, n % 401] for n in range(4000)]
        bad: list[object] = [[], [[]], [[[1001, 0]]], [[[0, -1]]], [[[0.5, 1]]], [wave] * 3, "x"]
        for strokes in bad:
            answer = await page.client.post("/api/visit/signature", json={"strokes": strokes})
            assert answer.status_code == 422, strokes
        too_long = {"strokes": [[[1000, 400]] * 4000] * 8}
        assert (await page.client.post("/api/visit/signature", json=too_long)).status_code == 413
        elsewhere = await page.client.post("/api/visit/pin", json={"strokes": [wave, wave]})
        assert elsewhere.status_code == 413
        assert (await page.post("/api/visit/signature", strokes=[wave, wave]))["result"] == "accepted"


@on_a_loop
async def test_nothing_is_asked_from_another_screen() -> None:
    async with kiosk_in_hand() as kiosk:
        page = await kiosk.page()
        for path, body in (("send-pin", {}), ("pin", {"pin": "1"}), ("signature", {"strokes": INK})):
            answer = await page.post(f"/api/visit/{path}", **body)
            assert answer["reason"] == "not_now"
        assert kiosk.doorway.asked == []
