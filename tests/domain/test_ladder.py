"""The ladder of a parcel that waits: every step in its time, told to the recipient, on virtual time."""

import pytest
from support.locker_heart import HOUR_MS, MINUTE_MS
from support.locker_in_hand import LockerInHand, norths, s10_label
from support.policies import a_laddered_policy

from controller.domain import events as ev
from controller.domain.commands import ExtendParcel, UpsertPreferences
from controller.domain.ids import LockerId
from controller.domain.ladder import Action, LadderRung
from controller.domain.notices import Neighbour, NoticeKind
from controller.domain.preferences import Channel, Instructions

P1 = norths("P1")
DAY_MS = 24 * HOUR_MS
LAST = LadderRung(Action.OPERATOR, after_hold_s=0)


def laddered(**figures: object) -> LockerInHand:
    """A locker with the product's ladders."""
    return LockerInHand(a_laddered_policy(**figures))


@pytest.fixture
def locker() -> LockerInHand:
    """The same, for each test its own."""
    return laddered()


def steps(locker: LockerInHand) -> list[tuple[str, float]]:
    """What was done, and how many hours after the parcel was stored or not taken in."""
    begun = next(at.wall for at, e in locker.history if isinstance(e, ev.CustodyStored | ev.PlanRefused))
    return [
        (e.action, round((at.wall - begun) / HOUR_MS, 1)) for at, e in locker.history if isinstance(e, ev.LadderStep)
    ]


def kinds(locker: LockerInHand) -> list[NoticeKind]:
    """What the recipient was told."""
    return [e.kind for e in locker.all(ev.NotificationRequested)]


# --- stored -----------------------------------------------------------------------------------------


def test_nobody_answers_and_it_goes_back_to_the_depot(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.pass_ms(10 * DAY_MS)
    assert steps(locker) == [
        ("notify", 0),
        ("remind", 24),
        ("offer_extension", 60),
        ("expire", 72),
        ("return_to_depot", 72),
    ]
    assert kinds(locker) == [
        NoticeKind.COMING,
        NoticeKind.STORED,
        NoticeKind.REMINDER,
        NoticeKind.EXTENSION,
        NoticeKind.RETURNING,
    ]
    last = locker.last(ev.NotificationRequested)
    assert (last.also, last.compartment, last.until) == ((NoticeKind.EXPIRED,), id, locker.state.parcels[P1].hold_until)
    assert locker.state.parcels[P1].expired
    locker.check_replay()


def test_collected_is_the_end_of_it(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    locker.closes(id)
    locker.pass_ms(10 * DAY_MS)
    assert steps(locker) == [("notify", 0)]
    assert locker.state.climbs == {}
    assert locker.state.notices == {}


def test_same_day_is_over_in_two_hours(locker: LockerInHand) -> None:
    locker.deposit(1, classes=("same_day",))
    locker.pass_ms(DAY_MS)
    assert steps(locker) == [("notify", 0), ("remind", 0.2), ("call", 0.5), ("expire", 2), ("return_to_depot", 2)]
    by_phone = [e for e in locker.all(ev.NotificationRequested) if e.kind is NoticeKind.CALL]
    assert [e.channel for e in by_phone] == [Channel.CALL]


def test_nobody_is_reminded_of_what_is_over_sooner(locker: LockerInHand) -> None:
    locker.deposit(1, hold_s=3600)
    locker.pass_ms(3 * DAY_MS)
    assert [action for action, _ in steps(locker)] == ["notify", "expire", "return_to_depot"]


def test_an_extension_is_offered_in_the_last_twelve_hours() -> None:
    early = {
        "ordinary": (
            LadderRung(Action.OFFER_EXTENSION, after_hold_s=-48 * 3600),
            LadderRung(Action.OPERATOR, after_hold_s=0),
        )
    }
    locker = laddered(ladders=early)
    locker.deposit(1)
    locker.pass_ms(4 * DAY_MS)
    assert steps(locker) == [("offer_extension", 60), ("operator", 72), ("expire", 72)]
    offered = [e for e in locker.all(ev.NotificationRequested) if e.kind is NoticeKind.EXTENSION]
    assert [e.extend_s for e in offered] == [72 * 3600]


def test_other_lockers_are_named_with_their_distance() -> None:
    nearby = (Neighbour(LockerId("L0043"), 400),)
    offer = {
        "ordinary": (LadderRung(Action.OFFER_OTHER_LOCKER, after_s=60), LadderRung(Action.OPERATOR, after_hold_s=0))
    }
    locker = laddered(ladders=offer, neighbours=nearby)
    locker.deposit(1)
    locker.pass_ms(MINUTE_MS + 100)
    assert (locker.last(ev.NotificationRequested).kind, locker.last(ev.NotificationRequested).lockers) == (
        NoticeKind.OTHER_LOCKER,
        nearby,
    )


def test_a_later_end_brings_the_steps_before_it_again(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.pass_ms(61 * HOUR_MS)
    locker.command(ExtendParcel(parcel=P1, hold_s=72 * 3600))
    locker.pass_ms(80 * HOUR_MS)
    assert [action for action, _ in steps(locker)] == [
        "notify",
        "remind",
        "offer_extension",
        "offer_extension",
        "expire",
        "return_to_depot",
    ]


# --- the carrier that cannot hear -------------------------------------------------------------------


def test_the_hold_starts_when_the_carrier_has_heard_of_the_parcel(locker: LockerInHand) -> None:
    locker.carrier_hears = False
    locker.deposit(1)
    stored = locker.last(ev.CustodyStored)
    locker.pass_ms(10 * HOUR_MS)
    assert locker.all(ev.ParcelHoldStarted) == []
    locker.carrier_hears = True
    locker.pass_ms(10)
    assert abs(locker.last(ev.ParcelHoldStarted).hold_until - (stored.hold_until + 10 * HOUR_MS)) < MINUTE_MS
    assert locker.state.pickups[locker.state.parcels[P1].pickup].expires_at == locker.state.parcels[P1].hold_until  # type: ignore[index]


def test_a_carrier_that_never_hears_doubles_the_hold_at_most(locker: LockerInHand) -> None:
    locker.carrier_hears = False
    locker.deposit(1)
    locker.pass_ms(20 * DAY_MS)
    assert steps(locker) == [("expire", 144), ("return_to_depot", 144)]
    locker.carrier_hears = True
    locker.pass_ms(10)
    assert kinds(locker)[1:] == [NoticeKind.RETURNING], locker.all(ev.NotificationRequested)


def test_a_locker_without_power_for_long_holds_twice_as_long_at_most(locker: LockerInHand) -> None:
    locker.carrier_hears = False
    locker.deposit(1)
    stored = locker.last(ev.CustodyStored)
    locker.restart(20 * DAY_MS)
    locker.carrier_hears = True
    locker.pass_ms(10)
    hold_ms = 3 * DAY_MS
    assert locker.last(ev.ParcelHoldStarted).hold_until == stored.hold_until + hold_ms


def test_a_week_offline_is_told_in_one_notice() -> None:
    locker = laddered(conditions=("rural",), channels=(Channel.SMS,), canary_ms=0)
    locker.deposit(1)
    assert kinds(locker) == [NoticeKind.COMING, NoticeKind.PASS]
    locker.carrier_hears = False
    locker.pass_ms(6 * DAY_MS + 13 * HOUR_MS)
    assert steps(locker) == [("send_pass", 0)]
    locker.carrier_hears = True
    locker.pass_ms(10)
    assert [action for action, _ in steps(locker)] == ["send_pass", "call", "call", "offer_extension"]
    assert kinds(locker)[2:] == [NoticeKind.EXTENSION]
    assert locker.last(ev.NotificationRequested).also == (NoticeKind.CALL,)


def test_a_restart_takes_no_step_twice(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.restart(off_ms=30 * HOUR_MS)
    locker.restart()
    locker.pass_ms(10)
    assert [action for action, _ in steps(locker)] == ["notify", "remind"]


# --- not taken in -----------------------------------------------------------------------------------


def test_the_recipient_said_no_and_is_asked_then_it_is_brought_again(locker: LockerInHand) -> None:
    locker.expect(preferences=Instructions(confirmed_at=locker.at.wall, locker=False))
    locker.sign_in()
    locker.scan(s10_label(1))
    assert steps(locker) == [("contact", 0), ("notify", 0), ("second_attempt", 0)]
    told = locker.last(ev.NotificationRequested)
    assert (told.kind, told.also) == (NoticeKind.REDELIVERY, (NoticeKind.CONTACT, NoticeKind.NOT_TAKEN_IN))


def test_scanned_twice_in_one_visit_it_is_kept_out_once(locker: LockerInHand) -> None:
    locker.expect(classes=("dangerous",))
    locker.sign_in()
    locker.scan(s10_label(1))
    locker.scan(s10_label(1))
    assert [action for action, _ in steps(locker)] == ["operator", "return_to_depot"]
    locker.leave()
    locker.sign_in()
    locker.scan(s10_label(1))
    assert len(steps(locker)) == 2


def test_what_is_taken_in_after_all_leaves_the_ladder_of_what_is_not() -> None:
    locker = laddered()
    locker.expect(preferences=Instructions(confirmed_at=locker.at.wall, locker=False))
    locker.sign_in()
    locker.carrier_hears = False
    locker.scan(s10_label(1))
    locker.command(UpsertPreferences(parcel=P1, preferences=Instructions(confirmed_at=locker.at.wall, locker=True)))
    locker.scan(s10_label(1))
    assert locker.state.climbs == {}
