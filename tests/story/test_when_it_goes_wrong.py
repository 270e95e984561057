"""What goes wrong at a locker, and how everybody comes by what is theirs all the same: over HTTP, in one village."""

from support.locker_heart import A02, A03, MINUTE_MS
from support.locker_in_hand import norths, s10_label
from support.on_a_loop import on_a_loop
from support.village import a_village

from controller.domain import events as ev
from controller.domain.claims import Claim
from controller.domain.commands import UnblockCompartment
from controller.domain.ids import Role

P1 = norths("P1")


@on_a_loop
async def test_a_door_that_jams_keeps_the_parcel_and_the_code() -> None:
    async with a_village() as village:
        await village.delivered(1)
        village.locker.jam(A02)
        recipient = village.visitor()
        await recipient.types_code(1)
        await village.waits(MINUTE_MS // 2)
        assert village.screen() == "did_not_open"
        assert village.locker.state.parcels[P1].compartment == A02
        village.locker.jam(A02, False)
        await recipient.takes(await recipient.does("visit/try-again"))
        assert len(village.locker.all(ev.CustodyCollected)) == 1


@on_a_loop
async def test_after_a_jam_and_a_walk_to_the_car_the_code_goes_on() -> None:
    async with a_village() as village:
        await village.delivered(1)
        village.locker.jam(A02)
        recipient = village.visitor()
        await recipient.types_code(1)
        await village.waits(3 * MINUTE_MS)
        assert village.kiosk.desk.visit is None, "the screen serves others meanwhile"
        village.locker.jam(A02, False)
        again = village.visitor()
        await again.takes(await again.types_code(1))


@on_a_loop
async def test_after_a_power_cut_between_record_and_pulse_the_code_goes_on() -> None:
    async with a_village() as village:
        await village.delivered(1)
        village.locker.power_fails_before_pulse = True
        recipient = village.visitor()
        assert (await recipient.types_code(1))["result"] == "accepted"
        assert village.locker.cabinet.standing_open() == [], "the pulse never came"
        village.locker.restart(off_ms=MINUTE_MS)
        await recipient.does("visit/start-again")
        await village.waits(3 * MINUTE_MS)
        again = village.visitor()
        await again.takes(await again.types_code(1))
        assert len(village.locker.all(ev.CustodyCollected)) == 1


@on_a_loop
async def test_it_was_empty_and_everything_that_tells_of_it_is_kept() -> None:
    async with a_village() as village:
        await village.delivered(1)
        recipient = village.visitor()
        village.shut((await recipient.types_code(1))["compartments"])
        await recipient.does("visit/go", to="not_right")
        assert (await recipient.does("visit/claim", claim="empty"))["result"] == "accepted"
        assert village.screen() == "claimed"
        disputed = village.locker.last(ev.CustodyDisputed)
        assert (disputed.parcel, disputed.claim) == (P1, Claim.EMPTY)
        assert disputed.records
        assert village.locker[A02].quarantine == "disputed"
        village.locker.pass_ms(40 * 24 * 60 * MINUTE_MS)
        erased = {number for each in village.locker.all(ev.PrivateErased) for number in each.sequences}
        assert not erased & set(disputed.records)


@on_a_loop
async def test_a_wrong_door_opens_and_nothing_more_is_unlocked_until_somebody_has_looked() -> None:
    async with a_village() as village:
        village.locker.expect(1)
        driver = village.visitor()
        await driver.signs_in()
        await driver.does("driver/label", label=s10_label(1))
        village.locker.jam(A02)
        await driver.does("driver/plan", acknowledged=True)
        village.locker.opens(A03)
        fault = village.locker.last(ev.DoorWiringFault)
        assert (fault.compartment, fault.opened) == (A02, A03)
        assert village.screen() == "driver_keeps"
        village.locker.closes(A03)
        assert (await driver.puts_in(1))["reason"] == "wiring_fault"
        village.locker.jam(A02, False)
        for id in (A02, A03):
            village.locker.command(UnblockCompartment(compartment=id), role=Role.TECHNICIAN, carrier=None)
        assert (await driver.puts_in(1))["result"] == "accepted"


@on_a_loop
async def test_a_driver_who_walks_away_has_delivered_what_lies_inside() -> None:
    async with a_village() as village:
        village.locker.expect(1)
        driver = village.visitor()
        await driver.signs_in()
        await driver.does("driver/label", label=s10_label(1))
        village.shut((await driver.does("driver/plan", acknowledged=True))["compartments"])
        await village.waits(5 * MINUTE_MS)
        stored = village.locker.last(ev.CustodyStored)
        assert (stored.parcel, stored.confirmed_by) == (P1, "door_cycle")
        assert village.kiosk.desk.visit is None
        recipient = village.visitor()
        await recipient.takes(await recipient.types_code(1))


@on_a_loop
async def test_a_driver_who_never_opened_the_door_has_delivered_nothing() -> None:
    async with a_village() as village:
        village.locker.expect(1)
        village.locker.jam(A02)
        driver = village.visitor()
        await driver.signs_in()
        await driver.does("driver/label", label=s10_label(1))
        await driver.does("driver/plan", acknowledged=True)
        await village.waits(5 * MINUTE_MS)
        assert not village.locker.all(ev.CustodyStored)
        assert village.locker.state.parcels[P1].compartment is None
        assert village.locker[A02].parcel is None
