"""Several carriers at one locker: to each, what is another's is as unknown as what never was."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from support.locker_in_hand import (
    NORTH,
    RECIPIENT,
    SOUTH,
    LockerInHand,
    announcement,
    is_refused,
    norths,
    s10_label,
    unlocked,
)
from support.policies import a_policy

from controller.contract.permissions import PERMISSIONS
from controller.device.contents import contents
from controller.domain import commands as cmd
from controller.domain import events as ev
from controller.domain.answers import CommandAnswer, PlanShown, SignedIn
from controller.domain.ids import MINUTE_MS, CarrierId, DriverId, Jti, LockerId, NoticeId, ParcelId, Role, WallMs, Word
from controller.domain.naming import parcel_id
from controller.domain.notices import Reply, ReportedAs, Standing
from controller.domain.preferences import Channel, Instructions
from controller.domain.refusals import Refusal
from controller.domain.staff import key_of
from controller.domain.state import Custody

NOBODYS = ParcelId("nobodys")
Commanding = Callable[[ParcelId, LockerInHand], cmd.Command]


def notice_of(parcel: ParcelId, locker: LockerInHand) -> NoticeId:
    """What its recipient was to be told last; for an unknown parcel, one that never was."""
    asked = [each.notice for each in locker.all(ev.NotificationRequested) if each.parcel in (parcel, norths(parcel))]
    return asked[-1] if asked else NoticeId("never")


ABOUT_A_PARCEL: dict[type[cmd.Command], Commanding] = {
    cmd.UpsertPreferences: lambda parcel, locker: cmd.UpsertPreferences(
        parcel=parcel, preferences=Instructions(confirmed_at=locker.at.wall, locker=False)
    ),
    cmd.CancelParcel: lambda parcel, locker: cmd.CancelParcel(parcel=parcel),
    cmd.IdentifyParcel: lambda parcel, locker: cmd.IdentifyParcel(found=parcel, parcel=ParcelId("P9")),
    cmd.ExtendParcel: lambda parcel, locker: cmd.ExtendParcel(parcel=parcel, hold_s=3600),
    cmd.RecallParcel: lambda parcel, locker: cmd.RecallParcel(parcel=parcel),
    cmd.RedirectParcel: lambda parcel, locker: cmd.RedirectParcel(parcel=parcel, locker=LockerId("L9")),
    cmd.ReportNotification: lambda parcel, locker: cmd.ReportNotification(
        notice=notice_of(parcel, locker), outcome=ReportedAs.BOUNCED
    ),
    cmd.AnswerForRecipient: lambda parcel, locker: cmd.AnswerForRecipient(parcel=parcel, answer=Reply.RETURN),
    cmd.ReissueCode: lambda parcel, locker: cmd.ReissueCode(parcel=parcel),
    cmd.DelegateCode: lambda parcel, locker: cmd.DelegateCode(parcel=parcel, delegate=Word("anna")),
    cmd.AuthorisePickup: lambda parcel, locker: cmd.AuthorisePickup(parcel=parcel, presence="n"),
    cmd.RevokeCode: lambda parcel, locker: cmd.RevokeCode(parcel=parcel),
}
ABOUT_ITS_OWN = (cmd.ExpectParcel, cmd.ExtendAll, cmd.UpsertDriver, cmd.RevokeDriver, cmd.SnapshotState)
"""What a carrier says of itself; each has a test of its own below."""


@pytest.fixture
def shared(locker: LockerInHand) -> LockerInHand:
    """The north's parcel 1 waits inside, and its parcel 2 is on its way; the south's parcel 9 is expected."""
    locker.deposit(1, NORTH, recipient="r-1")
    locker.expect(2, NORTH)
    locker.expect(9, SOUTH)
    return locker


def of_north(locker: LockerInHand) -> object:
    """All that the locker keeps for the north."""
    state = locker.state
    return (
        {id: parcel for id, parcel in state.parcels.items() if parcel.carrier == NORTH},
        {id: pickup for id, pickup in state.pickups.items() if pickup.carrier == NORTH},
        {handle: kept for handle, kept in state.preferences.items() if kept.carrier == NORTH},
        {id: notice for id, notice in state.notices.items() if state.parcels[id].carrier == NORTH},
        {key: member for key, member in state.staff.members.items() if member.carrier == NORTH},
        state.codes,
        {id: replace(each, door_since=0) for id, each in state.compartments.items()},  # type: ignore[arg-type]
    )


def test_every_command_that_a_carrier_may_send_is_tried_here() -> None:
    sendable = {command for command, permission in PERMISSIONS.items() if Role.CARRIER in permission.roles}
    assert sendable == {*ABOUT_A_PARCEL, *ABOUT_ITS_OWN}


@pytest.mark.parametrize("command", ABOUT_A_PARCEL, ids=lambda command: command.TYPE)
@pytest.mark.parametrize("name", ["P1", "P2"], ids=["inside", "expected"])
@pytest.mark.parametrize("said", [ParcelId, norths], ids=["by name", "by carrier and name"])
def test_another_carriers_parcel_is_answered_for_as_one_that_never_was(
    shared: LockerInHand, command: type[cmd.Command], name: str, said: Callable[[str], ParcelId]
) -> None:
    making, before = ABOUT_A_PARCEL[command], of_north(shared)
    unknown = shared.command(making(said("nobodys"), shared), carrier=SOUTH)
    anothers = shared.command(making(said(name), shared), carrier=SOUTH)
    assert anothers == unknown
    assert anothers.status == "refused"
    assert of_north(shared) == before


@pytest.mark.parametrize("parcel", [norths("P1"), norths("P2")])
def test_what_was_found_is_not_said_to_be_another_carriers_parcel(shared: LockerInHand, parcel: ParcelId) -> None:
    unknown = shared.command(cmd.IdentifyParcel(found=ParcelId("P9"), parcel=NOBODYS), carrier=SOUTH)
    assert shared.command(cmd.IdentifyParcel(found=ParcelId("P9"), parcel=parcel), carrier=SOUTH) == unknown


def test_the_name_of_another_senders_command_tells_nothing_of_it(shared: LockerInHand) -> None:
    assert shared.command(announcement(3, NORTH), carrier=NORTH, jti=Jti("once")).status == "executed"
    again = shared.command(announcement(4, SOUTH), carrier=SOUTH, jti=Jti("once"))
    assert again == CommandAnswer("refused", Refusal.NOT_UNDERSTOOD.value)
    assert shared.command(announcement(3, NORTH), carrier=NORTH, jti=Jti("once")).first == "executed"


@pytest.mark.parametrize("serial", [1, 2], ids=["inside", "expected"])
def test_what_another_carrier_calls_its_parcel_is_free_for_ones_own(shared: LockerInHand, serial: int) -> None:
    before = of_north(shared)
    same = announcement(20 + serial, SOUTH, parcel=ParcelId(f"P{serial}"))
    assert shared.command(same, carrier=SOUTH) == CommandAnswer("executed")
    assert shared.command(same, carrier=SOUTH).reason == Refusal.PARCEL_EXISTS
    assert of_north(shared) == before
    assert shared.command(cmd.CancelParcel(parcel=ParcelId(f"P{serial}")), carrier=SOUTH).status == "executed"
    assert of_north(shared) == before


def test_two_parcels_of_one_name_are_collected_each_by_its_own_code(shared: LockerInHand) -> None:
    norths_code = shared.code_of(1)
    shared.command(announcement(21, SOUTH, parcel=ParcelId("P1")), carrier=SOUTH)
    door = shared.put_in(21, SOUTH)
    shared.done()
    shared.leave(reason="asked")
    assert unlocked(shared.type_code(shared.code_of(1))) == door
    shared.closes(door)
    shared.leave(RECIPIENT)
    assert shared.last(ev.CustodyCollected).parcel == parcel_id(SOUTH, "P1")
    assert shared.state.parcels[norths("P1")].custody is Custody.STORED
    assert unlocked(shared.type_code(norths_code)) != door


def test_the_site_says_whose_where_two_parcels_bear_one_name(shared: LockerInHand) -> None:
    shared.command(announcement(21, SOUTH, parcel=ParcelId("P1")), carrier=SOUTH)
    assert shared.operate(cmd.CancelParcel(parcel=ParcelId("P1"))).reason == Refusal.PARCEL_UNKNOWN
    assert shared.operate(cmd.CancelParcel(parcel=norths("P1"))).status == "executed"
    assert shared.state.parcels[norths("P1")].cancelled
    assert shared.operate(cmd.CancelParcel(parcel=ParcelId("P9"))).status == "executed"


def test_a_pass_of_another_carriers_with_the_same_jti_spends_nothing(shared: LockerInHand) -> None:
    shared.deposit(5, SOUTH)
    unlocked(shared.show_pass(parcel_id(SOUTH, "P5"), SOUTH, jti="once"))
    shared.closes(shared.last(ev.UnlockAuthorised).compartment)
    shared.leave(RECIPIENT)
    unlocked(shared.show_pass(norths("P1"), NORTH, jti="once"))


def test_a_carrier_reports_on_canaries_of_its_own_only() -> None:
    locker = LockerInHand(a_policy(channels=(Channel.PUSH,), told_by=(NORTH, SOUTH)))
    locker.pass_ms(MINUTE_MS)
    asked = {each.carrier: each.notice for each in locker.all(ev.NotificationRequested)}
    bounced = {who: cmd.ReportNotification(notice=id, outcome=ReportedAs.BOUNCED) for who, id in asked.items()}
    never = cmd.ReportNotification(notice=NoticeId("n9999"), outcome=ReportedAs.BOUNCED)
    assert locker.command(bounced[NORTH], carrier=SOUTH) == locker.command(never, carrier=SOUTH)
    assert {each.standing for each in locker.state.canaries.values()} == {Standing.REQUESTED}
    assert locker.command(bounced[SOUTH], carrier=SOUTH).status == "executed"
    assert {each.carrier: each.standing for each in locker.state.canaries.values()} == {
        NORTH: Standing.REQUESTED,
        SOUTH: Standing.FAILED,
    }


def test_a_number_that_another_carriers_driver_has_is_free_for_ones_own(shared: LockerInHand) -> None:
    assert shared.announce("d-7", NORTH, number="4711").status == "executed"
    before = of_north(shared)
    assert shared.announce("d-8", SOUTH, number="4711") == shared.announce("d-9", SOUTH, number="4712")
    assert of_north(shared) == before
    assert isinstance(shared.type_pin("d-8", SOUTH), SignedIn)
    assert shared.last(ev.DriverSignedIn).carrier == SOUTH


def test_a_carrier_announces_parcels_of_its_own_only(shared: LockerInHand) -> None:
    refused = CommandAnswer("refused", Refusal.NOT_ALLOWED.value)
    assert shared.command(announcement(3, NORTH), carrier=SOUTH) == refused


def test_more_time_for_all_is_more_time_for_the_carriers_own(shared: LockerInHand) -> None:
    before = of_north(shared)
    assert shared.command(cmd.ExtendAll(hold_s=3600), carrier=SOUTH).status == "executed"
    assert of_north(shared) == before


def test_a_driver_of_the_same_name_is_another_driver(shared: LockerInHand) -> None:
    assert shared.command(cmd.UpsertDriver(driver=DriverId("d-7")), carrier=NORTH).status == "executed"
    before = of_north(shared)
    assert shared.command(cmd.UpsertDriver(driver=DriverId("d-7")), carrier=SOUTH).status == "executed"
    assert shared.command(cmd.RevokeDriver(driver=DriverId("d-7")), carrier=SOUTH).status == "executed"
    assert of_north(shared) == before
    assert key_of(SOUTH, DriverId("d-7")) not in shared.state.staff.members
    assert isinstance(shared.sign_in(NORTH), SignedIn)


def test_a_carrier_revokes_no_badge_of_anothers(shared: LockerInHand) -> None:
    shared.sign_in(NORTH)
    badge = shared.last(ev.DriverSignedIn).jti
    shared.command(cmd.RevokeDriver(badge=badge), carrier=SOUTH)
    assert isinstance(shared.scan(s10_label(2)), PlanShown)


def test_a_pass_opens_nothing_of_another_carriers(shared: LockerInHand) -> None:
    before = of_north(shared)
    assert shared.show_pass(norths("P1"), SOUTH) == shared.show_pass(NOBODYS, SOUTH, jti="pass-2")
    assert of_north(shared) == before


def test_a_driver_is_told_of_another_carriers_label_what_is_said_of_an_unknown_one(shared: LockerInHand) -> None:
    shared.sign_in(SOUTH, driver="d-8")
    unknown = shared.scan(s10_label(77))
    assert shared.scan(s10_label(1)) == shared.scan(s10_label(2)) == unknown
    assert is_refused(unknown, Refusal.PARCEL_UNKNOWN)


def test_a_driver_takes_nothing_of_another_carriers_away(shared: LockerInHand) -> None:
    assert shared.command(cmd.RecallParcel(parcel=norths("P1")), carrier=NORTH).status == "executed"
    shared.sign_in(SOUTH, driver="d-8")
    unlocked = len(shared.all(ev.UnlockAuthorised))
    assert shared.take_away(norths("P1")) == shared.take_away(NOBODYS)
    assert len(shared.all(ev.UnlockAuthorised)) == unlocked


def test_wishes_of_one_carriers_recipient_are_not_another_carriers(shared: LockerInHand) -> None:
    """Recipients' references are each carrier's own: the same one elsewhere is somebody else."""
    wishes = Instructions(confirmed_at=WallMs(shared.at.wall), locker=False)
    shared.command(cmd.UpsertPreferences(recipient="r-1", preferences=wishes), carrier=SOUTH)
    assert not shared.state.parcels[norths("P1")].cancelled
    shared.expect(3, NORTH, recipient="r-1")
    assert isinstance(shared.plan(3, NORTH), PlanShown)


def test_what_is_in_custody_is_told_to_each_carrier_of_its_own_alone(shared: LockerInHand) -> None:
    def told(carrier: CarrierId | None) -> Sequence[object]:
        [part] = contents(shared.state, {}, carrier)
        rows = part["parcels"]
        assert isinstance(rows, list)
        return rows

    inside, coming = {"parcel": "P1", "carrier": NORTH, "custody": "stored"}, {"custody": "expected"}
    [first, second] = told(NORTH)
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first | inside == first
    assert first.keys() - inside.keys() == {"compartment", "expires_at"}
    assert second == {"parcel": "P2", "carrier": NORTH, **coming}
    assert told(SOUTH) == [{"parcel": "P9", "carrier": SOUTH, **coming}]
    assert len(told(None)) == 3
