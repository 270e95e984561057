"""Who is let in at the screen: badges, numbers and PINs, what they are good for, and who is let in no more."""

import pytest
from support.locker_heart import HOUR_MS, MINUTE_MS
from support.locker_in_hand import A_VERIFIER, DRIVER, NORTH, SOUTH, LockerInHand, is_refused, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import CommandAnswer, PlanShown, Refused, SignedIn
from controller.domain.commands import RevokeDriver, UpsertDriver
from controller.domain.ids import DriverId, DriverNumber, Jti, Language, SessionId, WallMs
from controller.domain.refusals import Refusal
from controller.domain.staff import Scope, key_of

WRONG_TO_LOCK = 5


def badge(locker: LockerInHand, jti: str = "b-1", scope: tuple[Scope, ...] | None = None) -> inputs.BadgeShown:
    until = WallMs(locker.at.wall + 24 * HOUR_MS)
    return inputs.BadgeShown(DRIVER, Jti(jti), DriverId("d-7"), NORTH, locker.at.wall, until, scope)


def revoke(locker: LockerInHand, **what: str) -> CommandAnswer:
    driver, jti = what.get("driver"), what.get("badge")
    return locker.command(RevokeDriver(driver=DriverId(driver) if driver else None, badge=Jti(jti) if jti else None))


def test_number_and_pin_are_enough_to_deposit_and_the_proof_says_so(locker: LockerInHand) -> None:
    locker.announce(language=Language("de"))
    parcel = locker.expect()

    assert locker.type_pin() == SignedIn(Language("de"))
    locker.scan(s10_label(1))
    locker.acknowledge()
    locker.closes(locker.last(ev.CustodyDepositing).compartment)
    locker.done()

    stored = locker.last(ev.CustodyStored)
    assert (stored.parcel, stored.evidence.obtained) == (parcel, ("pin", "door_cycle"))


@pytest.mark.parametrize("badge_first", [True, False])
def test_badge_and_pin_together_prove_both_in_either_order(locker: LockerInHand, badge_first: bool) -> None:
    locker.announce()
    answers = [locker.sign_in(), locker.type_pin()] if badge_first else [locker.type_pin(), locker.sign_in()]

    assert answers == [SignedIn(), SignedIn()]

    assert locker.state.visit is not None
    assert locker.state.visit.proof == ("badge", "pin")


def test_a_pin_typed_over_a_plan_leaves_the_parcel_in_hand(locker: LockerInHand) -> None:
    locker.announce()
    locker.expect()
    locker.plan()
    locker.type_pin()

    assert locker.state.visit is not None
    assert locker.state.visit.parcel == "north/P1"


def test_wrong_pin_and_unknown_number_answer_alike(locker: LockerInHand) -> None:
    locker.announce()

    assert locker.type_pin(right=False) == locker.type_pin("nobody") == Refused(Refusal.PIN_WRONG)


@pytest.mark.parametrize("driver", ["d-7", "nobody"])
def test_five_wrong_pins_lock_a_number_for_longer_and_longer_whether_or_not_it_is_anybodys(
    locker: LockerInHand, driver: str
) -> None:
    locker.announce()
    for rests_min in (15, 30, 60):
        answers = [locker.type_pin(driver, right=False) for _ in range(WRONG_TO_LOCK)]
        assert answers[-1] == Refused(Refusal.PIN_WRONG, retry_after_s=rests_min * 60)
        locker.pass_ms(rests_min * MINUTE_MS - 2000)
        assert is_refused(locker.type_pin(driver), Refusal.TOO_MANY_TRIES)
        locker.pass_ms(2000)


def test_a_lock_holds_over_a_restart_and_powered_time_alone_ends_it(locker: LockerInHand) -> None:
    locker.announce()
    for _ in range(WRONG_TO_LOCK):
        locker.type_pin(right=False)
    locker.restart(off_ms=24 * HOUR_MS)
    locker.step_clock(HOUR_MS)

    assert is_refused(locker.type_pin(), Refusal.TOO_MANY_TRIES)
    locker.pass_ms(15 * MINUTE_MS)
    assert locker.type_pin() == SignedIn()


def test_a_right_pin_forgives_the_wrong_ones_before(locker: LockerInHand) -> None:
    locker.announce()
    for _ in range(WRONG_TO_LOCK - 1):
        locker.type_pin(right=False)
    locker.type_pin()
    locker.leave()
    for _ in range(WRONG_TO_LOCK - 1):
        locker.type_pin(right=False)

    assert locker.type_pin() == SignedIn()


def test_all_numbers_together_share_an_allowance(locker: LockerInHand) -> None:
    locker.announce()
    for n in range(locker.policy.pin_burst):
        locker.put(inputs.PinTyped(DRIVER, f"nobody-{n}", None, right=False))

    assert locker.type_pin() == Refused(Refusal.TOO_MANY_TRIES, 600)
    assert locker.counted == [inputs.PinBackedOff()]
    locker.pass_ms(locker.policy.pin_interval_ms)
    assert locker.type_pin() == SignedIn()


def test_a_pin_that_was_compared_with_what_no_longer_holds_is_wrong(locker: LockerInHand) -> None:
    locker.announce()
    key = key_of(NORTH, DriverId("d-7"))
    compared = inputs.PinTyped(DRIVER, key, key, True, locker.state.staff.members[key].told_sequence)
    locker.announce()

    assert is_refused(locker.put(compared), Refusal.PIN_WRONG)


def test_another_carriers_parcel_stays_unknown_to_a_driver_with_a_pin(locker: LockerInHand) -> None:
    locker.announce("d-9", SOUTH)
    locker.expect(carrier=NORTH)
    locker.type_pin("d-9", SOUTH)

    assert is_refused(locker.scan(s10_label(1)), Refusal.PARCEL_UNKNOWN)


def test_a_time_that_is_over_ends_badge_and_pin(locker: LockerInHand) -> None:
    locker.announce(valid_until=WallMs(locker.at.wall + HOUR_MS))
    locker.pass_ms(2 * HOUR_MS)

    assert is_refused(locker.type_pin(), Refusal.PIN_WRONG)
    assert is_refused(locker.sign_in(), Refusal.BADGE_INVALID)
    assert locker.counted == [inputs.BadgeRejected("expired")]


@pytest.mark.parametrize(
    ("announced", "on_badge", "may_deposit"),
    [
        ((Scope.DEPOSIT,), None, True),
        ((Scope.TAKE_AWAY,), None, False),
        ((Scope.DEPOSIT, Scope.TAKE_AWAY), (Scope.TAKE_AWAY,), False),
        ((), (Scope.DEPOSIT,), True),
    ],
)
def test_a_driver_may_do_what_both_carrier_and_badge_allow(
    locker: LockerInHand, announced: tuple[Scope, ...], on_badge: tuple[Scope, ...] | None, may_deposit: bool
) -> None:
    if announced:
        locker.announce("d-7", NORTH, *announced)
    locker.expect()
    locker.put(badge(locker, scope=on_badge))

    answer = locker.scan(s10_label(1))
    assert isinstance(answer, PlanShown) if may_deposit else is_refused(answer, Refusal.NOT_ALLOWED)


def test_a_badge_for_nothing_that_is_allowed_lets_nobody_in(locker: LockerInHand) -> None:
    locker.announce("d-7", NORTH, Scope.DEPOSIT)

    assert is_refused(locker.put(badge(locker, scope=(Scope.TAKE_AWAY,))), Refusal.BADGE_INVALID)
    assert locker.counted == [inputs.BadgeRejected("scope")]


@pytest.mark.parametrize("what", [{"driver": "d-7"}, {"badge": "b-1"}])
def test_a_revocation_holds_in_the_middle_of_a_visit_at_the_next_step(
    locker: LockerInHand, what: dict[str, str]
) -> None:
    locker.expect()
    locker.put(badge(locker))
    locker.scan(s10_label(1))
    assert revoke(locker, **what) == CommandAnswer("executed")

    assert is_refused(locker.acknowledge(), Refusal.NOT_SIGNED_IN)
    assert locker.state.visit is None
    assert is_refused(locker.put(badge(locker)), Refusal.BADGE_INVALID)
    assert locker.last(ev.DriverSignedOut).reason == "revoked"


def test_a_deposit_whose_door_is_open_is_finished_all_the_same(locker: LockerInHand) -> None:
    locker.expect()
    id = locker.door_for()
    revoke(locker, driver="d-7")
    locker.closes(id)
    locker.done()

    assert locker.last(ev.CustodyStored).parcel == "north/P1"
    assert is_refused(locker.scan(s10_label(1)), Refusal.NOT_SIGNED_IN)


def test_a_lost_badge_does_not_keep_its_driver_out(locker: LockerInHand) -> None:
    revoke(locker, badge="b-1")

    assert is_refused(locker.put(badge(locker, "b-1")), Refusal.BADGE_INVALID)
    assert locker.put(badge(locker, "b-2")) == SignedIn()


def test_a_revoked_driver_is_let_in_again_once_announced_anew(locker: LockerInHand) -> None:
    revoke(locker, driver="d-7")
    locker.pass_ms(1000)
    locker.announce()

    assert locker.sign_in() == SignedIn()


def test_but_not_with_a_badge_of_before(locker: LockerInHand) -> None:
    old = badge(locker)
    locker.pass_ms(1000)
    revoke(locker, driver="d-7")
    for _ in range(2):
        locker.announce()
        assert is_refused(locker.put(old), Refusal.BADGE_INVALID)
    locker.restart()
    assert is_refused(locker.put(old), Refusal.BADGE_INVALID)


def test_no_carrier_reaches_anothers_drivers(locker: LockerInHand) -> None:
    locker.announce("d-7", NORTH)
    locker.command(RevokeDriver(driver=DriverId("d-7")), carrier=SOUTH)
    locker.command(RevokeDriver(badge=Jti("b-1")), carrier=SOUTH)

    assert locker.put(badge(locker)) == SignedIn()
    locker.leave()
    assert locker.type_pin() == SignedIn()


def test_two_people_of_one_carrier_never_have_one_number(locker: LockerInHand) -> None:
    locker.announce("d-7", number="4711")

    assert locker.announce("d-8", number="4711").reason == Refusal.NUMBER_TAKEN
    assert locker.announce("d-7", number="4711") == CommandAnswer("executed")


@pytest.mark.parametrize(
    ("command", "by_operator", "reason"),
    [
        (UpsertDriver(driver=DriverId("t"), scope=(Scope.TECHNICIAN,)), False, Refusal.NOT_ALLOWED),
        (UpsertDriver(driver=DriverId("t"), scope=(Scope.DEPOSIT,)), True, Refusal.NOT_ALLOWED),
        (UpsertDriver(driver=DriverId("t"), scope=(Scope.DEPOSIT, Scope.TECHNICIAN)), False, Refusal.NOT_ALLOWED),
        (UpsertDriver(driver=DriverId("t"), scope=(Scope.DEPOSIT, Scope.TECHNICIAN)), True, Refusal.NOT_ALLOWED),
        (UpsertDriver(driver=DriverId("t"), scope=()), False, Refusal.NOT_ALLOWED),
        (RevokeDriver(), False, Refusal.DRIVER_OR_BADGE),
        (RevokeDriver(driver=DriverId("d"), badge=Jti("j")), False, Refusal.DRIVER_OR_BADGE),
    ],
)
def test_what_nobody_may_say_of_staff(
    locker: LockerInHand, command: UpsertDriver | RevokeDriver, by_operator: bool, reason: Refusal
) -> None:
    said = locker.operate(command) if by_operator else locker.command(command)

    assert said == CommandAnswer("refused", reason)


def test_a_technicians_pin_lets_nobody_drive(locker: LockerInHand) -> None:
    technician = UpsertDriver(
        driver=DriverId("t-1"), scope=(Scope.TECHNICIAN,), number=DriverNumber("900"), pin=A_VERIFIER
    )
    locker.operate(technician)
    key = key_of(None, DriverId("t-1"))
    typed = inputs.PinTyped(DRIVER, key, key, True, locker.state.staff.members[key].told_sequence)

    assert is_refused(locker.put(typed), Refusal.BADGE_REQUIRED)


def test_what_was_told_of_a_driver_is_erased_once_it_no_longer_holds(locker: LockerInHand) -> None:
    locker.announce()
    told = locker.state.sequence - 1
    locker.announce()
    revoke(locker, driver="d-7")

    erased = [event.sequences for event in locker.all(ev.PrivateErased)]
    assert erased[0] == (told,)
    assert len(erased) == 2
    assert locker.state.staff.members == {}


def test_one_driver_at_a_time(locker: LockerInHand) -> None:
    locker.announce()
    locker.sign_in(session=SessionId("another"))

    assert is_refused(locker.type_pin(), Refusal.BUSY)
