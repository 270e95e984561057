from firmware_bridge.cabinet import Cabinet
from firmware_bridge.lock_board import Door
from firmware_bridge.loom import Loom, LoomedCabinet, loom, shuffled
from firmware_bridge.timers import VirtualTimers

LOOM = Loom(locks={1: (2,), 2: (), 3: (1, 3)}, switches={1: 3, 2: 1, 4: 2}, inverted=frozenset({2}))


def crossed() -> tuple[Cabinet, LoomedCabinet, VirtualTimers]:
    timers = VirtualTimers()
    cabinet = Cabinet(range(1, 4), timers)
    return cabinet, LoomedCabinet(cabinet, LOOM, timers), timers


def opened(cabinet: Cabinet) -> list[int]:
    return [door for door, truth in cabinet.doors().items() if truth.open]


def test_a_channel_opens_the_doors_that_hang_on_it() -> None:
    cabinet, board, timers = crossed()
    board.pulse(1, 500)
    timers.advance(1_000)
    assert opened(cabinet) == [2]
    board.pulse(3, 500)
    timers.advance(1_000)
    assert opened(cabinet) == [1, 2, 3]
    assert [current.off_ms - current.on_ms for current in cabinet.currents] == [500, 500, 500]


def test_a_cut_wire_moves_nothing() -> None:
    cabinet, board, timers = crossed()
    board.pulse(2, 500)
    board.energise(4)
    timers.advance(1_000)
    assert opened(cabinet) == []


def test_current_flows_until_it_is_taken_off() -> None:
    cabinet, board, timers = crossed()
    board.energise(1)
    timers.advance(700)
    board.de_energise(1)
    assert [(it.channel, it.off_ms - it.on_ms) for it in cabinet.currents] == [(2, 700)]


def test_a_channel_reads_the_switch_that_hangs_on_it_the_inverted_ones_upside_down() -> None:
    cabinet, board, _ = crossed()
    read = {channel: board.sensor(channel) for channel in board.channels}
    assert read == {1: Door.CLOSED, 2: Door.OPEN, 3: Door.OPEN, 4: Door.CLOSED}
    cabinet.force(1)
    assert board.sensor(2) is Door.CLOSED
    assert {channel: truth.open for channel, truth in board.doors().items()} == {1: False, 2: True, 4: False}
    cabinet.stick_sensor(1, Door.UNKNOWN)
    assert board.sensor(2) is Door.UNKNOWN


def test_boards_are_silent_when_the_cabinet_says_so() -> None:
    cabinet, board, _ = crossed()
    cabinet.lose_replies(True)
    assert board.replies_lost


def test_a_loom_is_told_by_doors() -> None:
    made = loom([3, 1, 2], [2, 3, 1], inverted=[1], cut=[2], doubled=[(3, 1)])
    assert made == Loom({1: (3, 1), 2: (1,), 3: ()}, {1: 2, 2: 3, 3: 1}, frozenset({3}))


def test_a_shuffle_is_the_same_for_one_seed_and_loses_nobody() -> None:
    assert shuffled(range(1, 25), 7) == shuffled(range(1, 25), 7) != shuffled(range(1, 25), 8)
    assert sorted(shuffled(range(1, 25), 7)) == list(range(1, 25)) != shuffled(range(1, 25), 7)
