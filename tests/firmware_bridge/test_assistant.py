from firmware_bridge.assistant import Assistant
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.timers import VirtualTimers


def opened(cabinet: Cabinet) -> list[int]:
    return [door for door, truth in cabinet.doors().items() if truth.open]


def test_a_door_that_opens_is_closed_after_a_while() -> None:
    timers = VirtualTimers()
    cabinet = Cabinet((1, 2), timers)
    Assistant(cabinet, timers, 400)
    cabinet.force(2)
    timers.advance(399)
    assert opened(cabinet) == [2]
    timers.advance(1)
    assert opened(cabinet) == []
    cabinet.force(2)
    timers.advance(400)
    assert opened(cabinet) == []


def test_a_door_whose_bolt_is_still_drawn_is_pushed_again() -> None:
    timers = VirtualTimers()
    cabinet = Cabinet((1,), timers)
    Assistant(cabinet, timers, 50)
    cabinet.pulse(1, 500)
    timers.advance(499)
    assert opened(cabinet) == [1]
    timers.advance(200)
    assert opened(cabinet) == []


def test_a_door_that_stood_open_before_stays_so() -> None:
    timers = VirtualTimers()
    cabinet = Cabinet((1, 2), timers)
    cabinet.force(1)
    Assistant(cabinet, timers, 50)
    cabinet.jam(1, True)
    timers.advance(1_000)
    assert opened(cabinet) == [1]
