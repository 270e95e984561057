"""What every lock board promises, whatever wire it hangs on: one suite, pushed through each kind of board.

A case that only means something on a serial line runs for every serial driver; a new one is a row in
`support.cabinet_rig.SERIAL`, and its far end one in `RESPONDERS`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from support.cabinet_rig import ANSWERING, CHANNELS, GpioRig, Rig, SerialRig, gpio, parted, serial, simulated

from firmware_bridge import serial_poll, supply
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door, Sent
from firmware_bridge.serial_bus import DIRTY_SILENCE_MS
from firmware_bridge.serial_port import open_port
from firmware_bridge.simulated_line import Trouble

KINDS: dict[str, Callable[[], AbstractContextManager[Rig]]] = {
    "simulated": simulated,
    "gpio": gpio,
    "gpio-active-low": partial(gpio, active_high=False),
    **{driver: partial(serial, driver) for driver in ANSWERING},
    "lcus, doors elsewhere": partial(parted, "lcus"),
    "waveshare-modbus, doors elsewhere": partial(parted, "waveshare-modbus", {"inputs": False}),
}
OF_EACH_SORT = {kind: KINDS[kind] for kind in KINDS if kind not in ANSWERING} | {
    kind: KINDS[kind] for kind in ("kerong-cu48", "lockboard-8a")
}
"""How turns are taken is the same for all serial boards that answer an unlock, and for all that do not."""
NOT_ON_PINS = {kind: rig for kind, rig in KINDS.items() if not kind.startswith("gpio")}

CLOSED = dict.fromkeys(CHANNELS, Door.CLOSED)
REST_MS = 500


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often we look and how long a lock rests is our own affair: here at a pace that lets every driver have its
    turn. How long a board may take is the board's, and stays as it is.
    """
    monkeypatch.setattr(serial_poll, "IDLE_MS", 250)
    monkeypatch.setattr(serial_poll, "SILENT_MS", 500)
    monkeypatch.setattr(supply, "LEAST_COOLDOWN_MS", REST_MS)


@pytest.fixture(params=KINDS)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with KINDS[request.param]() as rig:
        yield rig


@pytest.fixture(params=OF_EACH_SORT)
def rig_of_a_sort(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with KINDS[request.param]() as rig:
        yield rig


@pytest.fixture(params=NOT_ON_PINS)
def talking_rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with NOT_ON_PINS[request.param]() as rig:
        yield rig


@pytest.fixture(params=ANSWERING)
def serial_rig(request: pytest.FixtureRequest) -> Iterator[SerialRig]:
    with serial(request.param) as rig:
        yield rig


@pytest.fixture(params=ANSWERING)
def two_boards(request: pytest.FixtureRequest) -> Iterator[SerialRig]:
    with serial(request.param, boards=2) as rig:
        yield rig


@pytest.fixture(params=[True, False], ids=["active-high", "active-low"])
def gpio_rig(request: pytest.FixtureRequest) -> Iterator[GpioRig]:
    with gpio(active_high=request.param) as rig:
        yield rig


def neighbour(rig: SerialRig) -> Rig:
    assert rig.neighbour is not None
    return rig.neighbour


def test_every_door_is_observed_once_after_opening(rig: Rig) -> None:
    assert {channel: rig.notes.changes(channel) for channel in CHANNELS} == {it: [Door.CLOSED] for it in CHANNELS}
    assert rig.notes.fault is None


def test_an_unlock_opens_that_door_and_no_other(rig: Rig) -> None:
    rig.board.attend(5_000)
    rig.unlock(3)
    assert [(it.channel, it.sent, it.fault) for it in rig.notes.reports] == [(3, rig.sent, None)]
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    assert rig.doors() == {**CLOSED, 3: Door.OPEN}
    assert [channel for channel, truth in rig.cabinet.doors().items() if truth.open] == [3]
    assert [pulse.channel for pulse in rig.cabinet.pulses] == [3]


def test_a_bouncing_contact_is_one_change(rig: Rig) -> None:
    rig.board.attend(5_000)
    rig.unlock(3)
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    rig.wait(lambda: rig.cabinet.close_door(3))
    rig.wait(lambda: rig.notes.door(3) is Door.CLOSED)
    assert rig.notes.moves(3) == [Door.CLOSED, Door.OPEN, Door.CLOSED]


def test_a_survey_tells_every_door_as_it_stands(rig: Rig) -> None:
    assert rig.doors() == CLOSED
    rig.cabinet.force(2)
    rig.wait(lambda: rig.notes.door(2) is Door.OPEN)
    assert rig.doors() == {**CLOSED, 2: Door.OPEN}
    assert all(reading.age_ms < 1_000 for reading in rig.notes.surveys[-1].values())


def test_a_survey_is_fresh_even_if_the_door_moved_this_very_moment(rig: Rig) -> None:
    rig.cabinet.force(7)
    assert rig.doors() == {**CLOSED, 7: Door.OPEN}


def test_a_board_tells_at_once_what_it_knows_and_how_old_that_is(rig: Rig) -> None:
    state = rig.board.state()
    assert {channel: reading.door for channel, reading in state.doors.items()} == CLOSED
    assert all(0 <= reading.age_ms < 2_000 for reading in state.doors.values())
    assert state.fault is None
    rig.board.close()
    assert {reading.door for reading in rig.board.state().doors.values()} == {Door.UNKNOWN}


def test_what_a_line_counted_and_a_fault_stand_in_the_state_of_the_board(serial_rig: SerialRig) -> None:
    rig = serial_rig
    before = rig.board.state()
    assert before.line is not None
    assert before.line.replies > 0
    rig.line.trouble(Trouble(deaf=True))
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.NO_REPLY)
    after = rig.board.state()
    assert after.line is not None
    assert after.line.timeouts > before.line.timeouts
    assert after.fault == rig.notes.fault


def test_a_forced_door_is_noticed_without_any_unlock(rig: Rig) -> None:
    rig.cabinet.force(5)
    rig.wait(lambda: rig.notes.door(5) is Door.OPEN)
    assert rig.cabinet.pulses == []
    assert rig.notes.reports == []


def test_a_jammed_lock_is_pulsed_once_and_its_door_stays_closed(rig: Rig) -> None:
    rig.cabinet.jam(4, True)
    rig.unlock(4)
    rig.wait(lambda: len(rig.cabinet.currents) == 1)
    assert rig.notes.reports[0].sent is rig.sent
    assert rig.doors() == CLOSED
    assert [pulse.channel for pulse in rig.cabinet.pulses] == [4]


def test_the_sensor_is_believed_and_never_the_lock(rig: Rig) -> None:
    rig.cabinet.stick_sensor(6, Door.CLOSED)
    rig.unlock(6)
    rig.wait(lambda: rig.cabinet.doors()[6].open)
    assert rig.doors() == CLOSED
    rig.cabinet.stick_sensor(6, None)
    rig.wait(lambda: rig.notes.door(6) is Door.OPEN)


def test_one_lock_at_a_time_each_for_its_pulse_and_a_gap_between(rig_of_a_sort: Rig) -> None:
    rig = rig_of_a_sort
    for channel in (1, 2, 3):
        rig.board.unlock(channel, rig.notes.report)
    rig.wait(lambda: len(rig.notes.reports) == 3)
    rig.wait(lambda: len(rig.cabinet.currents) == 3)
    assert [report.channel for report in rig.notes.reports] == [1, 2, 3]
    first, second, third = rig.cabinet.currents
    for current in (first, second, third):
        assert rig.pulse_ms - rig.slack_ms <= current.off_ms - current.on_ms < rig.pulse_ms + 800
    assert second.on_ms > first.off_ms
    assert third.on_ms > second.off_ms


def test_a_lock_that_was_just_pulsed_rests_and_lets_others_pass(rig_of_a_sort: Rig) -> None:
    rig = rig_of_a_sort
    for channel in (1, 1, 2):
        rig.board.unlock(channel, rig.notes.report)
    rig.wait(lambda: len(rig.notes.reports) == 3)
    rig.wait(lambda: len(rig.cabinet.pulses) == 3)
    assert [pulse.channel for pulse in rig.cabinet.pulses] == [1, 2, 1]
    again, first = rig.cabinet.pulses[2].at_ms, rig.cabinet.pulses[0].at_ms
    assert again - first >= REST_MS + rig.pulse_ms - 3


def test_a_channel_that_is_not_there_is_refused_and_nothing_moves(rig: Rig) -> None:
    for channel in (0, -1, 9, 10, 48, 49, 255):
        with pytest.raises(ValueError, match=f"no (channel|lock on channel) {channel}"):
            rig.board.unlock(channel, rig.notes.report)
    assert rig.doors() == CLOSED
    assert rig.cabinet.pulses == []
    assert rig.notes.reports == []


def test_close_reports_what_waited_as_not_sent_and_every_callback_comes_once(rig_of_a_sort: Rig) -> None:
    rig = rig_of_a_sort
    for channel in (1, 2, 3):
        rig.board.unlock(channel, rig.notes.report)
    rig.wait(lambda: len(rig.cabinet.pulses) == len(rig.notes.reports) == 1)
    rig.board.close()
    assert [(it.channel, it.sent) for it in rig.notes.reports] == [
        (1, rig.sent),
        (2, Sent.NOT_SENT),
        (3, Sent.NOT_SENT),
    ]
    assert [pulse.channel for pulse in rig.cabinet.pulses] == [1]


def test_a_closed_board_moves_nothing_and_knows_nothing(rig: Rig) -> None:
    rig.board.close()
    rig.unlock(1)
    assert rig.notes.reports[0].sent is Sent.NOT_SENT
    assert rig.survey() == dict.fromkeys(CHANNELS, Door.UNKNOWN)
    rig.board.attend(1_000)
    rig.board.close()
    assert rig.cabinet.pulses == []


def test_a_closed_board_can_be_opened_again(rig: Rig) -> None:
    rig.board.close()
    rig.cabinet.force(2)
    rig.board.open(rig.notes.observe)
    rig.wait(lambda: rig.notes.door(2) is Door.OPEN)
    assert rig.doors() == {**CLOSED, 2: Door.OPEN}


def test_a_silent_board_makes_every_door_unknown_and_says_so_until_it_answers_again(talking_rig: Rig) -> None:
    rig = talking_rig
    rig.cabinet.lose_replies(True)
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.NO_REPLY)
    rig.wait(lambda: all(rig.notes.door(channel) is Door.UNKNOWN for channel in CHANNELS))
    assert rig.survey() == dict.fromkeys(CHANNELS, Door.UNKNOWN)
    rig.cabinet.lose_replies(False)
    rig.wait(lambda: rig.notes.fault is None and rig.all_doors_known())
    assert rig.doors() == CLOSED


def test_a_board_that_answers_nothing_still_unlocks(talking_rig: Rig) -> None:
    rig = talking_rig
    rig.cabinet.lose_replies(True)
    rig.unlock(2)
    rig.wait(lambda: rig.cabinet.doors()[2].open)
    assert rig.notes.reports[0].sent in (rig.sent, Sent.NO_REPLY)


def test_noise_before_answers_hides_no_door_and_opens_none(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.line.trouble(Trouble(noise=rig.noise))
    rig.cabinet.force(3)
    rig.board.attend(5_000)
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    assert rig.doors() == {**CLOSED, 3: Door.OPEN}
    assert rig.notes.fault is None
    assert rig.cabinet.pulses == []


def test_nothing_but_nonsense_is_a_fault_and_makes_doors_unknown(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.line.trouble(Trouble(lost_bytes=10_000, noise=bytes(40)))
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.NO_REPLY)
    rig.line.trouble(Trouble(noise=b"\xa5" * 40))
    rig.cabinet.lose_replies(False)
    rig.wait(lambda: rig.notes.fault is None)
    assert rig.doors() == CLOSED


def test_a_lost_byte_costs_one_answer_and_no_door(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.line.trouble(Trouble(lost_bytes=1))
    assert rig.doors() == CLOSED
    assert {tuple(rig.notes.changes(channel)) for channel in CHANNELS} == {(Door.CLOSED,)}
    assert rig.notes.fault is None


def test_an_echo_neither_unlocks_twice_nor_tells_a_door(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.line.trouble(Trouble(echo=True))
    rig.unlock(3)
    rig.wait(lambda: rig.cabinet.doors()[3].open)
    assert rig.doors() == {**CLOSED, 3: Door.OPEN}
    assert [pulse.channel for pulse in rig.cabinet.pulses] == [3]


def test_an_echo_and_nothing_else_is_named(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.line.trouble(Trouble(echo=True, deaf=True))
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.ECHO)
    assert rig.survey() == dict.fromkeys(CHANNELS, Door.UNKNOWN)


def test_a_late_answer_does_not_undo_what_was_seen_since(serial_rig: SerialRig) -> None:
    """It still says that the door is closed; by then it has been seen open."""
    rig = serial_rig
    rig.line.trouble(Trouble(late=1, late_ms=rig.reply_ms + DIRTY_SILENCE_MS - 10))
    rig.board.attend(5_000)
    rig.cabinet.force(3)
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    assert rig.doors() == {**CLOSED, 3: Door.OPEN}
    assert rig.notes.moves(3) == [Door.CLOSED, Door.OPEN]
    rig.wait(lambda: rig.notes.fault is None)


def test_a_late_answer_of_one_board_is_not_taken_for_its_neighbours(two_boards: SerialRig) -> None:
    rig, other = two_boards, neighbour(two_boards)
    rig.cabinet.force(3)
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    rig.board.attend(10_000)
    other.board.attend(10_000)
    for _ in range(2):
        rig.line.trouble(Trouble(late=1, late_ms=rig.reply_ms + DIRTY_SILENCE_MS + 5))
        assert other.doors() == CLOSED
        assert rig.doors() == {**CLOSED, 3: Door.OPEN}
    assert all(Door.OPEN not in other.notes.changes(channel) for channel in CHANNELS)


def test_boards_whose_answers_are_always_late_are_silent_and_never_mixed_up(two_boards: SerialRig) -> None:
    """Each answer comes while the neighbour is being asked, again and again."""
    rig, other = two_boards, neighbour(two_boards)
    rig.cabinet.force(3)
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    rig.board.attend(20_000)
    other.board.attend(20_000)
    rig.line.trouble(Trouble(late=100_000, late_ms=rig.reply_ms + DIRTY_SILENCE_MS + 5))
    rig.wait(lambda: rig.notes.fault is not None)
    other.wait(lambda: other.notes.fault is not None)
    rig.line.trouble(Trouble())
    rig.wait(lambda: rig.notes.fault is None and rig.all_doors_known())
    other.wait(lambda: other.notes.fault is None and other.all_doors_known())
    assert Door.OPEN not in other.notes.changes(3)
    assert rig.notes.changes(3)[1:].count(Door.CLOSED) == 0


def test_two_boards_on_one_line_open_their_own_doors(two_boards: SerialRig) -> None:
    rig, other = two_boards, neighbour(two_boards)
    rig.unlock(3)
    other.unlock(4)
    rig.wait(lambda: rig.notes.door(3) is Door.OPEN)
    other.wait(lambda: other.notes.door(4) is Door.OPEN)
    assert rig.doors() == {**CLOSED, 3: Door.OPEN}
    assert other.doors() == {**CLOSED, 4: Door.OPEN}
    ours, theirs = rig.cabinet.pulses, other.cabinet.pulses
    assert [pulse.channel for pulse in ours + theirs] == [3, 4]
    assert theirs[0].at_ms - ours[0].at_ms >= rig.pulse_ms - 3, "both hang on one supply"


def test_a_silent_board_does_not_silence_its_neighbour(two_boards: SerialRig) -> None:
    rig, other = two_boards, neighbour(two_boards)
    rig.cabinet.lose_replies(True)
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.NO_REPLY)
    other.unlock(4)
    other.wait(lambda: other.notes.door(4) is Door.OPEN)
    assert other.notes.fault is None


def test_one_board_may_be_closed_while_the_other_goes_on(two_boards: SerialRig) -> None:
    rig, other = two_boards, neighbour(two_boards)
    rig.board.close()
    other.cabinet.force(6)
    other.wait(lambda: other.notes.door(6) is Door.OPEN)


def test_no_frame_ever_means_all_locks_or_all_boards(two_boards: SerialRig) -> None:
    """The first, a middle and the last lock of both boards: each of the frames moved one lock of one board."""
    rig, other = two_boards, neighbour(two_boards)
    channels = [1, 4, 8] if rig.pulse_ms < 500 else [1, 8]
    for channel in channels:
        rig.board.unlock(channel, rig.notes.report)
        other.board.unlock(channel, other.notes.report)
    rig.wait(lambda: len(rig.notes.reports) == len(channels))
    other.wait(lambda: len(other.cabinet.currents) == len(channels))
    assert [pulse.channel for pulse in rig.cabinet.pulses] == channels
    assert [pulse.channel for pulse in other.cabinet.pulses] == channels


def test_an_adapter_that_is_pulled_out_is_missed_and_comes_back_by_itself(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.board.attend(20_000)
    rig.line.unplug()
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.PORT_LOST)
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.PORT_MISSING)
    assert all(rig.notes.door(channel) is Door.UNKNOWN for channel in CHANNELS)
    assert rig.survey() == dict.fromkeys(CHANNELS, Door.UNKNOWN)
    rig.unlock(1)
    assert rig.notes.reports[0].sent is Sent.NOT_SENT
    rig.cabinet.force(2)
    rig.line.plug()
    rig.wait(lambda: rig.notes.fault is None and rig.all_doors_known())
    assert rig.doors() == {**CLOSED, 2: Door.OPEN}
    assert rig.cabinet.pulses == [], "what could not be sent is not sent later"


def test_a_port_that_appears_only_after_the_start_is_taken_up_by_itself(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.board.close()
    rig.line.unplug()
    started = len(rig.notes.observations)
    rig.board.open(rig.notes.observe)
    rig.wait(lambda: len(rig.notes.observations) > started)
    assert rig.notes.fault_kind is FaultKind.PORT_MISSING
    assert rig.survey() == dict.fromkeys(CHANNELS, Door.UNKNOWN)
    rig.line.plug()
    rig.wait(lambda: rig.notes.fault is None)
    assert rig.doors() == CLOSED


def test_a_port_that_another_program_holds_is_a_named_fault_until_it_is_free(serial_rig: SerialRig) -> None:
    rig = serial_rig
    rig.board.close()
    other = open_port(rig.line.port, 19_200)
    rig.board.open(rig.notes.observe)
    rig.wait(lambda: rig.notes.fault_kind is FaultKind.PORT_BUSY)
    other.close()
    rig.wait(lambda: rig.notes.fault is None)
    assert rig.doors() == CLOSED


def test_a_waiting_unlock_does_not_keep_doors_from_being_seen(rig_of_a_sort: Rig) -> None:
    rig = rig_of_a_sort
    rig.board.attend(5_000)
    rig.unlock(1)
    rig.board.unlock(1, rig.notes.report)
    rig.cabinet.force(8)
    rig.wait(lambda: rig.notes.door(8) is Door.OPEN)
    assert len(rig.notes.reports) == 1, "lock 1 still rests"


def test_close_leaves_every_output_off_even_in_the_middle_of_a_pulse(gpio_rig: GpioRig) -> None:
    rig = gpio_rig
    rig.unlock(3)
    assert len(rig.cabinet.currents) == 0, "the pulse still runs"
    rig.board.close()
    assert len(rig.cabinet.currents) == 1
    off = rig.chip.history(11)[0]
    for channel in CHANNELS:
        assert rig.chip.history(10 + channel)[0] is off, "off from its first moment"
        assert rig.chip.lines[10 + channel].high is off
        assert rig.chip.lines[10 + channel].holder is None
