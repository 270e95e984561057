import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.supply import (
    CAP_MS,
    Claim,
    Load,
    Lock,
    LockKind,
    Supply,
    SupplyRules,
    Turn,
    check_pulse,
    cooldown_ms,
    grant,
    next_ms,
    over,
    unused,
)
from firmware_bridge.timers import ThreadTimers, VirtualTimers

RULES = SupplyRules("psu")
A, B, C = (Lock("main", channel) for channel in (1, 2, 3))
MAGNET = LockKind.ELECTROMAGNET


def nobody() -> None:
    raise AssertionError("this claim was dropped")


class Log:
    """What a supply granted, and when."""

    def __init__(self, timers: VirtualTimers) -> None:
        self.timers = timers
        self.granted: list[tuple[Lock, int]] = []
        self.turns: list[Turn] = []

    def start(self, lock: Lock) -> Callable[[Turn], None]:
        def started(turn: Turn) -> None:
            self.granted.append((lock, self.timers.now_ms()))
            self.turns.append(turn)

        return started

    def pulse(self, lock: Lock) -> Callable[[Turn], None]:
        def started(turn: Turn) -> None:
            self.granted.append((lock, self.timers.now_ms()))
            turn.began()

        return started


@pytest.fixture
def timers() -> VirtualTimers:
    return VirtualTimers(now_ms=10_000)


@pytest.fixture
def log(timers: VirtualTimers) -> Log:
    return Log(timers)


@pytest.mark.parametrize(
    ("pulse_ms", "kind", "sentence"),
    [
        (1_001, MAGNET, "too long for a lock of kind electromagnet: at most 1000 ms"),
        (3_001, LockKind.MOTOR, "too long for a lock of kind motor: at most 3000 ms"),
        (10_001, LockKind.MOTOR, "refused for every lock: none stands 10000 ms"),
        (49, MAGNET, "moves no lock: at least 50 ms"),
        (0, MAGNET, "moves no lock"),
        (-500, MAGNET, "moves no lock"),
    ],
)
def test_an_impossible_pulse_is_refused_with_a_sentence(pulse_ms: int, kind: LockKind, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_pulse(pulse_ms, kind)


@pytest.mark.parametrize("kind", list(LockKind))
def test_a_pulse_up_to_the_cap_of_its_kind_is_fine(kind: LockKind) -> None:
    check_pulse(50, kind)
    check_pulse(CAP_MS[kind], kind)


@pytest.mark.parametrize(("pulse_ms", "rest_ms"), [(100, 2_000), (666, 2_000), (700, 2_100), (3_000, 9_000)])
def test_a_lock_rests_three_pulses_and_at_least_two_seconds(pulse_ms: int, rest_ms: int) -> None:
    assert cooldown_ms(pulse_ms) == rest_ms


def test_rules_that_carry_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="supply psu: max_energised is 0"):
        SupplyRules("psu", max_energised=0)
    with pytest.raises(ValueError, match="supply psu: gap_ms is -1"):
        SupplyRules("psu", gap_ms=-1)


def test_a_free_supply_grants_at_once_and_the_next_waits_for_pulse_and_gap() -> None:
    first, second = Claim(1, A, 500), Claim(2, B, 500)
    load, granted = grant(Load(waiting=(first, second)), RULES, 0)
    assert granted == (first,)
    assert next_ms(load) is None, "while the pulse has not begun nobody knows its end"
    load = over(load, RULES, first, end_ms=500)
    assert next_ms(load) == 800
    assert grant(load, RULES, 799)[1] == ()
    assert grant(load, RULES, 800)[1] == (second,)


def test_a_place_that_was_not_used_is_free_at_once_and_its_lock_need_not_rest() -> None:
    first, again = Claim(1, A, 500), Claim(2, A, 500)
    load, _ = grant(Load(waiting=(first, again)), RULES, 0)
    assert grant(unused(load, first), RULES, 0)[1] == (again,)


def test_a_resting_lock_lets_others_pass() -> None:
    first, again, other = Claim(1, A, 500), Claim(2, A, 500), Claim(3, B, 500)
    load, _ = grant(Load(waiting=(first, again, other)), RULES, 0)
    load, granted = grant(over(load, RULES, first, 500), RULES, 800)
    assert granted == (other,)
    load = over(load, RULES, other, 1_300)
    assert next_ms(load) == 1_600
    load, granted = grant(load, RULES, 1_600)
    assert granted == ()
    assert next_ms(load) == 2_500
    assert grant(load, RULES, 2_500)[1] == (again,)


def test_a_supply_that_carries_two_gives_two_places_and_never_two_to_one_lock() -> None:
    rules = SupplyRules("psu", max_energised=2)
    claims = (Claim(1, A, 500), Claim(2, A, 500), Claim(3, B, 500), Claim(4, C, 500))
    assert grant(Load(waiting=claims), rules, 0)[1] == (claims[0], claims[2])


@given(st.data())
def test_whatever_is_asked_no_rule_is_broken(data: st.DataObject) -> None:
    """Random claims, with pulses that begin late, end by themselves, are ended by us, or are never given."""
    timers = VirtualTimers()
    rules = SupplyRules("psu", data.draw(st.integers(1, 3)), data.draw(st.sampled_from([0, 1, 300])))
    supply = Supply(rules, timers)
    energised: list[tuple[Lock, int, int]] = []
    holding = 0

    def began(lock: Lock, pulse_ms: int, turn: Turn) -> None:
        energised.append((lock, timers.now_ms(), timers.now_ms() + pulse_ms))
        turn.began()

    def start(lock: Lock, pulse_ms: int, delay_ms: int, fate: str, turn: Turn) -> None:
        nonlocal holding
        holding += 1
        match fate:
            case "board":
                timers.call_later(delay_ms, partial(began, lock, pulse_ms, turn))
            case "software":
                energised.append((lock, timers.now_ms(), timers.now_ms() + pulse_ms))
                timers.call_later(pulse_ms, turn.over)
            case _:
                timers.call_later(delay_ms, turn.unused)

    asked = data.draw(st.integers(1, 12))
    for _ in range(asked):
        timers.advance(data.draw(st.integers(0, 2_000)))
        lock = Lock("main", data.draw(st.integers(1, 4)))
        pulse_ms, delay_ms = data.draw(st.integers(50, 1_000)), data.draw(st.integers(0, 400))
        fate = data.draw(st.sampled_from(["board", "software", "none"]))
        supply.claim(lock, pulse_ms, MAGNET, partial(start, lock, pulse_ms, delay_ms, fate), nobody)
    timers.advance(200_000)
    assert holding == asked, "every claim had its turn"
    for lock, on_ms, off_ms in energised:
        together = [it for it in energised if it[1] < off_ms + rules.gap_ms and on_ms < it[2] + rules.gap_ms]
        assert len([it for it in together if it[1] <= on_ms]) <= rules.max_energised
        for other, again_ms, _ in energised:
            assert other != lock or again_ms <= on_ms or again_ms >= off_ms + cooldown_ms(off_ms - on_ms)


def test_claims_come_in_their_order(timers: VirtualTimers, log: Log) -> None:
    supply = Supply(RULES, timers)
    for lock in (C, A, B):
        supply.claim(lock, 500, MAGNET, log.pulse(lock), nobody)
    timers.advance(5_000)
    assert log.granted == [(C, 10_000), (A, 10_800), (B, 11_600)]


def test_while_nobody_says_that_a_pulse_is_over_nobody_else_has_a_turn(timers: VirtualTimers, log: Log) -> None:
    supply = Supply(RULES, timers)
    supply.claim(A, 500, MAGNET, log.start(A), nobody)
    supply.claim(B, 500, MAGNET, log.start(B), nobody)
    timers.advance(3_600_000)
    assert [lock for lock, _ in log.granted] == [A]
    log.turns[0].over()
    timers.advance(RULES.gap_ms)
    assert [lock for lock, _ in log.granted] == [A, B]


def test_a_cooling_lock_and_a_new_claim_wake_each_at_their_time(timers: VirtualTimers, log: Log) -> None:
    supply = Supply(RULES, timers)
    supply.claim(A, 500, MAGNET, log.pulse(A), nobody)
    supply.claim(A, 500, MAGNET, log.pulse(A), nobody)
    timers.advance(1_000)
    supply.claim(B, 500, MAGNET, log.pulse(B), nobody)
    timers.advance(10_000)
    assert log.granted == [(A, 10_000), (B, 11_000), (A, 12_500)]


def test_withdrawing_a_board_drops_its_waiting_claims_and_no_others(timers: VirtualTimers, log: Log) -> None:
    supply = Supply(RULES, timers)
    dropped: list[Lock] = []
    other = Lock("other", 1)
    supply.claim(A, 500, MAGNET, log.pulse(A), nobody)
    supply.claim(B, 500, MAGNET, log.pulse(B), lambda: dropped.append(B))
    supply.claim(other, 500, MAGNET, log.pulse(other), nobody)
    supply.withdraw("main")
    assert dropped == [B]
    timers.advance(10_000)
    assert [lock for lock, _ in log.granted] == [A, other]


def test_a_supply_that_stands_still_drops_what_waits_and_what_comes_until_it_goes_on(
    timers: VirtualTimers, log: Log
) -> None:
    supply = Supply(RULES, timers)
    dropped: list[Lock] = []
    supply.claim(A, 500, MAGNET, log.pulse(A), nobody)
    supply.claim(B, 500, MAGNET, log.pulse(B), lambda: dropped.append(B))
    supply.stop()
    assert dropped == [B]
    supply.claim(C, 500, MAGNET, log.pulse(C), lambda: dropped.append(C))
    assert dropped == [B, C]
    timers.advance(10_000)
    supply.resume()
    timers.advance(10_000)
    assert [lock for lock, _ in log.granted] == [A], "nothing that was dropped comes back"
    supply.claim(C, 500, MAGNET, log.pulse(C), nobody)
    assert [lock for lock, _ in log.granted] == [A, C]


def test_a_lock_that_was_energised_before_the_supply_stood_still_rests_all_the_same(
    timers: VirtualTimers, log: Log
) -> None:
    supply = Supply(RULES, timers)
    supply.claim(A, 500, MAGNET, log.pulse(A), nobody)
    supply.stop()
    supply.resume()
    supply.claim(A, 500, MAGNET, log.pulse(A), nobody)
    timers.advance(10_000)
    assert log.granted == [(A, 10_000), (A, 12_500)]


def test_an_impossible_pulse_is_refused_before_it_waits(timers: VirtualTimers, log: Log) -> None:
    supply = Supply(RULES, timers)
    with pytest.raises(ValueError, match="too long"):
        supply.claim(A, 1_001, MAGNET, log.pulse(A), nobody)
    supply.claim(A, 500, MAGNET, log.pulse(A), nobody)
    assert log.granted == [(A, 10_000)]


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads take turns a thousand times as often as usual."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual_s)


@pytest.mark.usefixtures("hasty_threads")
def test_threads_that_ask_at_once_all_have_their_turn() -> None:
    timers = ThreadTimers("test")
    supply = Supply(SupplyRules("psu", max_energised=2, gap_ms=0), timers)
    turns = threading.Semaphore(0)
    at_once: list[int] = []
    guard = threading.Lock()
    energised = 0

    def start(turn: Turn) -> None:
        nonlocal energised
        with guard:
            energised += 1
            at_once.append(energised)
        timers.call_later(1, partial(end, turn))

    def end(turn: Turn) -> None:
        nonlocal energised
        with guard:
            energised -= 1
        turn.over()
        turns.release()

    def ask(board: str) -> None:
        for channel in range(50):
            supply.claim(Lock(board, channel), 50, MAGNET, start, nobody)

    askers = [threading.Thread(target=ask, args=(f"board {number}",)) for number in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    for _ in range(200):
        assert turns.acquire(timeout=5)
    assert max(at_once) <= 2
    timers.close()
