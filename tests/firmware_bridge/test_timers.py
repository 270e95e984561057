import threading
import time

import pytest

from firmware_bridge.timers import ThreadTimers, VirtualTimers


def test_virtual_calls_come_at_their_own_moment_and_in_the_order_asked_for() -> None:
    timers = VirtualTimers(now_ms=1_000)
    seen: list[tuple[str, int]] = []
    timers.call_later(20, lambda: seen.append(("late", timers.now_ms())))
    timers.call_later(5, lambda: seen.append(("first", timers.now_ms())))
    timers.call_later(5, lambda: seen.append(("second", timers.now_ms())))
    timers.advance(10)
    assert seen == [("first", 1_005), ("second", 1_005)]
    assert timers.now_ms() == 1_010
    assert timers.due_ms() == 1_020
    timers.advance(10)
    assert seen[-1] == ("late", 1_020)
    assert timers.due_ms() is None


def test_a_virtual_call_may_ask_for_another_that_falls_due_in_the_same_stretch() -> None:
    timers = VirtualTimers()
    seen: list[int] = []

    def again() -> None:
        seen.append(timers.now_ms())
        timers.call_later(3, again)

    timers.call_later(3, again)
    timers.advance(10)
    assert seen == [3, 6, 9]


def test_virtual_time_has_no_past() -> None:
    with pytest.raises(ValueError, match="5 ms in the past"):
        VirtualTimers().call_later(-5, lambda: None)


def test_thread_calls_come_in_order_and_not_early() -> None:
    timers = ThreadTimers("test")
    seen: list[str] = []
    done = threading.Event()
    began = time.monotonic()

    def late() -> None:
        seen.append("late")
        done.set()

    timers.call_later(30, late)
    timers.call_later(0, lambda: seen.append("first"))
    timers.call_later(0, lambda: seen.append("second"))
    assert done.wait(5)
    assert time.monotonic() - began >= 0.03
    assert seen == ["first", "second", "late"]
    timers.close()


def test_an_earlier_call_overtakes_one_that_is_slept_for() -> None:
    timers = ThreadTimers("test")
    timers.call_later(60_000, lambda: None)
    done = threading.Event()
    timers.call_later(0, done.set)
    assert done.wait(5)
    timers.close()


def test_closed_timers_make_no_more_calls() -> None:
    timers = ThreadTimers("test")
    seen: list[str] = []
    timers.call_later(60_000, lambda: seen.append("called"))
    timers.close()
    timers.call_later(0, lambda: seen.append("called"))
    assert seen == []
    assert "test" not in {thread.name for thread in threading.enumerate()}


def test_timers_may_be_closed_from_one_of_their_own_calls() -> None:
    timers = ThreadTimers("test")
    done = threading.Event()

    def close() -> None:
        timers.close()
        done.set()

    timers.call_later(0, close)
    assert done.wait(5)
