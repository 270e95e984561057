import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.locker_heart import HOUR_MS, MINUTE_MS
from support.locker_in_hand import WRONG_CODE, LockerInHand, unlocked

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.allowance import after_wrong_code, next_try_s, tries_left
from controller.domain.answers import Refused
from controller.domain.codes import digits_needed, tries_a_day
from controller.domain.ids import MonoMs
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal

POLICY = Policy()


def spend(locker: LockerInHand, tries: int) -> list[Refusal]:
    answers = [locker.type_code(WRONG_CODE) for _ in range(tries)]
    return [answer.reason for answer in answers if isinstance(answer, Refused)]


def evaluated(locker: LockerInHand) -> int:
    return len(locker.all(ev.CodeRefused))


def test_a_burst_of_twenty_then_none_is_looked_at(locker: LockerInHand) -> None:
    assert spend(locker, 25) == [Refusal.CODE_INVALID] * 20 + [Refusal.TOO_MANY_TRIES] * 5
    assert evaluated(locker) == 20
    assert len(locker.all(ev.SecurityGuessing)) == 1
    assert locker.counted == [inputs.TriesBackedOff()] * 5


def test_the_last_try_says_how_long_to_wait(locker: LockerInHand) -> None:
    spend(locker, 19)
    answer = locker.type_code(WRONG_CODE)
    assert answer == Refused(Refusal.CODE_INVALID, 600)
    locker.pass_ms(9 * MINUTE_MS)
    answer = locker.type_code(WRONG_CODE)
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.TOO_MANY_TRIES
    assert 59 <= answer.retry_after_s <= 60


def test_one_more_every_ten_minutes_of_powered_time(locker: LockerInHand) -> None:
    spend(locker, 20)
    locker.pass_ms(10 * MINUTE_MS)
    assert spend(locker, 2) == [Refusal.CODE_INVALID, Refusal.TOO_MANY_TRIES]
    locker.pass_ms(30 * MINUTE_MS)
    assert spend(locker, 4) == [Refusal.CODE_INVALID] * 3 + [Refusal.TOO_MANY_TRIES]


def test_never_more_than_a_burst_is_saved_up(locker: LockerInHand) -> None:
    spend(locker, 20)
    locker.pass_ms(1000 * HOUR_MS)
    assert spend(locker, 21).count(Refusal.CODE_INVALID) == 20


def test_a_right_code_costs_nothing(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    spend(locker, 19)
    due = locker.state.tries_due
    unlocked(locker.type_code(locker.code_of(1)))
    locker.closes(id)
    assert locker.state.tries_due == due
    assert spend(locker, 1) == [Refusal.CODE_INVALID]


def test_with_none_left_a_right_code_is_not_looked_at_either(locker: LockerInHand) -> None:
    locker.deposit(1)
    spend(locker, 20)
    answer = locker.type_code(locker.code_of(1))
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.TOO_MANY_TRIES
    locker.pass_ms(10 * MINUTE_MS)
    unlocked(locker.type_code(locker.code_of(1)))


@pytest.mark.parametrize("clean", [True, False])
def test_a_reboot_credits_nothing(locker: LockerInHand, clean: bool) -> None:
    spend(locker, 20)
    locker.restart(off_ms=100 * HOUR_MS, clean=clean)
    assert spend(locker, 1) == [Refusal.TOO_MANY_TRIES]


def test_a_clock_step_credits_nothing(locker: LockerInHand) -> None:
    spend(locker, 20)
    locker.step_clock(1000 * HOUR_MS)
    assert spend(locker, 1) == [Refusal.TOO_MANY_TRIES]


@given(
    st.lists(st.integers(0, 3 * 600_000), max_size=200),
    st.integers(1, 30),
    st.integers(1_000, 600_000),
)
def test_no_span_of_time_holds_more_tries_than_its_share(gaps: list[int], burst: int, interval: int) -> None:
    policy = Policy(code_burst=burst, code_interval_ms=interval)
    now, due, allowed = MonoMs(1000), MonoMs(0), list[int]()
    for gap in gaps:
        now = MonoMs(now + gap)
        left = tries_left(due, now, policy)
        assert 0 <= left <= burst
        assert (next_try_s(due, now, policy) == 0) is (left > 0)
        if left:
            due = after_wrong_code(due, now, policy)
            allowed.append(now)
    for first, start in enumerate(allowed):
        for last in range(first, len(allowed)):
            assert last - first + 1 <= burst + (allowed[last] - start) // interval


def test_waiting_as_long_as_told_is_enough() -> None:
    due = MonoMs(0)
    for _ in range(20):
        due = after_wrong_code(due, MonoMs(5_123), POLICY)
    wait_s = next_try_s(due, MonoMs(5_123), POLICY)
    assert tries_left(due, MonoMs(5_123 + wait_s * 1000), POLICY) == 1


def test_code_length_keeps_the_chance_of_a_hit_within_one_in_ten_thousand_a_day() -> None:
    assert tries_a_day(POLICY) == 164
    for live in (1, 30, 60, 62, 100, 600, 5000):
        digits = digits_needed(live, POLICY)
        assert digits >= 8
        assert live * tries_a_day(POLICY) / 10**digits <= 1e-4
        assert digits == 8 or live * tries_a_day(POLICY) / 10 ** (digits - 1) > 1e-4
