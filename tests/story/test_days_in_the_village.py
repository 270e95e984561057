"""Days as the guide has them: at the screen of one locker, over HTTP, on the product's own rules."""

import pytest
from support.doorway import DRIVER_PIN
from support.locker_heart import HOUR_MS, MINUTE_MS
from support.locker_in_hand import NORTH, norths, s10_label
from support.on_a_loop import on_a_loop
from support.village import DAY_MS, INK, Village, a_village

from controller.domain import events as ev
from controller.domain.commands import AnswerForRecipient, DeclareSite, ReportNotification
from controller.domain.conditions import Condition
from controller.domain.ids import Currency, LockerId, MinorUnits, WallMs
from controller.domain.money import Money
from controller.domain.notices import Neighbour, Reply, ReportedAs
from controller.domain.preferences import Channel, Instructions

P1, P2 = norths("P1"), norths("P2")


@on_a_loop
async def test_an_ordinary_day() -> None:
    async with a_village() as village:
        [said] = await village.delivered(1)
        assert (said["result"], said["parcel"]) == ("accepted", "P1")
        recipient = village.visitor()
        door = await recipient.takes(await recipient.types_code(1))
        assert village.screen() == "thanks"
        assert village.locker[door].parcel is None
        assert village.locker.last(ev.CustodyCollected).evidence.shortfall == ()
        assert village.told(P1) == ["coming", "stored"]


@on_a_loop
async def test_high_value_takes_more_than_a_code() -> None:
    worth = Money(MinorUnits(70_000), Currency("EUR"))
    async with a_village() as village:
        await village.delivered(1, value=worth, authority_to_leave=True)
        recipient = village.visitor()
        assert (await recipient.types_code(1))["result"] == "wanted"
        assert village.screen() == "pin"
        assert village.locker.cabinet.standing_open() == []
        await recipient.does("visit/instead", to="sign")
        await recipient.takes(await recipient.does("visit/signature", strokes=INK))
        evidence = village.locker.last(ev.CustodyCollected).evidence
        assert evidence.obtained == ("code", "signature", "door_cycle")
        assert "pin|signature" in evidence.demanded


@on_a_loop
async def test_higher_value_is_handed_over_in_person() -> None:
    async with a_village() as village:
        [said] = await village.delivered(1, value=Money(MinorUnits(300_000), Currency("EUR")), authority_to_leave=True)
        assert (said["reason"], said["rules"]) == ("too_valuable", ["very-valuable"])
        assert village.locker.cabinet.standing_open() == []
        assert "redelivery" in village.told(P1)


@pytest.mark.parametrize("kind", ["regulated", "alcohol", "pharmaceutical", "dangerous"])
@on_a_loop
async def test_regulated_goods_are_refused_at_the_scan(kind: str) -> None:
    async with a_village() as village:
        [said] = await village.delivered(1, classes=(kind,))
        assert (said["result"], said["reason"]) == ("refused", "regulated")
        assert not village.locker.all(ev.UnlockAuthorised)


@on_a_loop
async def test_the_recipient_said_no_and_is_asked_what_then() -> None:
    async with a_village() as village:
        no = Instructions(confirmed_at=village.locker.at.wall, locker=False)
        [said] = await village.delivered(1, preferences=no)
        assert (said["reason"], said["rules"]) == ("not_to_be_left", ["recipient-said-no"])
        asked = village.locker.last(ev.NotificationRequested)
        assert "contact" in (asked.kind.value, *(each.value for each in asked.also))
        assert not village.locker.all(ev.UnlockAuthorised)


@on_a_loop
async def test_preferences_of_two_years_ago_bind_nobody() -> None:
    async with a_village() as village:
        old = Instructions(confirmed_at=WallMs(village.locker.at.wall - 730 * DAY_MS), locker=False)
        village.locker.expect(1, preferences=old)
        driver = village.visitor()
        await driver.signs_in()
        plan = (await driver.does("driver/label", label=s10_label(1)))["plan"]
        assert (plan["pattern"], plan["wishes"]) == ("locker", None)
        assert village.locker.last(ev.PreferencePurged).parcel in (None, P1)


@on_a_loop
async def test_a_notice_that_bounced_goes_by_the_next_channel() -> None:
    async with a_village(channels=(Channel.SMS, Channel.EMAIL), canary_ms=0) as village:
        await village.delivered(1)
        for channel in (Channel.SMS, Channel.EMAIL):
            asked = village.locker.last(ev.NotificationRequested)
            assert asked.channel is channel
            _reports(village, ReportedAs.BOUNCED)
        assert village.locker.last(ev.NotificationExhausted).parcel == P1


@on_a_loop
async def test_a_full_locker_says_where_else() -> None:
    near = Neighbour(LockerId("L0043"), 350)
    async with a_village(cabinet=Village.ONE_DOOR, neighbours=(near,)) as village:
        first, second = await village.delivered(1, 2)
        assert first["result"] == "accepted"
        assert second["reason"] == "locker_full"
        assert village.locker.last(ev.PlanRefused).ladder is not None


@on_a_loop
async def test_nobody_answers_and_a_driver_takes_it_back() -> None:
    async with a_village(collect_after_expiry=False) as village:
        [said] = await village.delivered(1)
        village.locker.pass_ms(4 * DAY_MS)
        steps = [each.action for each in village.locker.all(ev.LadderStep)]
        assert steps == ["notify", "remind", "offer_extension", "expire", "return_to_depot"]
        recipient = village.visitor()
        assert (await recipient.types_code(1))["reason"] == "code_invalid"
        await recipient.goes()
        await _taken_back(village, said["compartment"])
        assert village.locker.last(ev.CustodyReturned).reason == "expired"


@on_a_loop
async def test_a_storm_lets_everything_wait_longer() -> None:
    async with a_village(collect_after_expiry=False) as village:
        await village.delivered(1)
        storm = DeclareSite(condition=Condition.WEATHER, until=WallMs(village.locker.at.wall + 2 * DAY_MS))
        assert village.locker.operate(storm).status == "executed"
        assert village.told(P1)[-1] == "longer"
        village.locker.pass_ms(4 * DAY_MS)
        recipient = village.visitor()
        await recipient.takes(await recipient.types_code(1))


@on_a_loop
async def test_a_parcel_for_today_waits_for_no_answer() -> None:
    async with a_village(collect_after_expiry=False) as village:
        await village.delivered(1, classes=("same_day",))
        village.locker.pass_ms(2 * HOUR_MS + MINUTE_MS)
        assert [each.action for each in village.locker.all(ev.LadderStep)][-2:] == ["expire", "return_to_depot"]


@on_a_loop
async def test_a_week_offline_far_out_is_told_in_one_notice_when_the_carrier_hears_again() -> None:
    async with a_village(conditions=("rural",), channels=(Channel.SMS,), canary_ms=0) as village:
        await village.delivered(1)
        village.locker.carrier_hears = False
        village.locker.pass_ms(6 * DAY_MS + 13 * HOUR_MS)
        before = village.told(P1)
        village.locker.carrier_hears = True
        village.locker.pass_ms(10)
        assert len(village.told(P1)) == len(before) + 1, "a week's backlog, in one"
        assert village.locker.last(ev.NotificationRequested).also
        recipient = village.visitor()
        await recipient.takes(await recipient.types_code(1))


@on_a_loop
async def test_a_recipient_asks_for_more_time_and_gets_it() -> None:
    async with a_village() as village:
        await village.delivered(1)
        village.locker.pass_ms(61 * HOUR_MS)
        assert village.told(P1)[-1] == "extension"
        assert village.locker.command(AnswerForRecipient(parcel=P1, answer=Reply.EXTEND)).status == "executed"
        village.locker.pass_ms(20 * HOUR_MS)
        recipient = village.visitor()
        await recipient.takes(await recipient.types_code(1))


def _reports(village: Village, outcome: ReportedAs) -> None:
    notice = village.locker.last(ev.NotificationRequested).notice
    assert village.locker.command(ReportNotification(notice=notice, outcome=outcome)).status == "executed"


async def _taken_back(village: Village, door: str) -> None:
    village.locker.announce()
    driver = village.visitor()
    await driver.signs_in(NORTH)
    await driver.does("driver/take-away")
    assert (await driver.does("driver/pin", pin=DRIVER_PIN))["result"] == "accepted"
    assert (await driver.does("driver/take-away"))["compartments"] == [door]
    assert (await driver.does("driver/label", label=s10_label(1)))["result"] == "accepted"
    village.shut([door])
