"""Lines that break in mid-frame, and one board that talks all the time: named, never wedged, never a wrong door."""

import threading

import pytest
from support.cabinet_rig import CHANNELS, Rig, serial
from support.line_notes import Notes
from support.line_port import LOST, ScriptedPort

from firmware_bridge import serial_bus, serial_poll
from firmware_bridge.codecs.kerong import KerongCu48, status_answer, status_request, unlock_frame
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door, Observation, Sent
from firmware_bridge.serial_board import SerialBoard
from firmware_bridge.serial_bus import SerialBus
from firmware_bridge.serial_poll import Wiring
from firmware_bridge.serial_port import Port
from firmware_bridge.simulated_line import Trouble
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import VirtualTimers

CLOSED = dict.fromkeys(CHANNELS, Door.CLOSED)
QUESTION, ORDER = status_request(0), unlock_frame(0, 1)
SHUT = status_answer(0, {1: True})


def board(*ports: ScriptedPort) -> tuple[SerialBoard, Notes]:
    """A board with one lock on ports that are found one after the other, and what it says."""
    left = list(ports)

    def open_port(name: str, baud: int) -> Port:
        if len(left) > 1 and left[0].closed:
            left.pop(0)
        if left[0].closed:
            raise LOST
        return left[0]

    bus = SerialBus("/dev/test", 19_200, open_port=open_port)
    supply = Supply(SupplyRules("psu", gap_ms=0), VirtualTimers())
    wiring = Wiring(0, frozenset((1,)))
    made = SerialBoard("main", KerongCu48(), wiring, bus, supply, pulse_ms=500, kind=LockKind.ELECTROMAGNET)
    return made, Notes()


@pytest.mark.parametrize("octets", range(1, 12))
def test_half_an_answer_before_the_port_is_gone_is_none(octets: int) -> None:
    opened = status_answer(0, {})

    def answer(frame: bytes) -> bytes:
        if len(broken.written) < 3:
            return SHUT
        broken.break_after(opened[:octets])
        return b""

    broken, whole = ScriptedPort(answer), ScriptedPort(lambda frame: SHUT)
    it, notes = board(broken, whole)
    it.open(notes.observe)
    notes.wait(lambda: notes.door(1) is Door.CLOSED)
    it.attend(20_000)
    notes.wait(lambda: notes.fault_kind is FaultKind.PORT_LOST)
    notes.wait(lambda: notes.fault is None and notes.door(1) is Door.CLOSED)
    assert Door.OPEN not in notes.changes(1)
    it.close()


def test_an_order_that_the_port_took_half_of_did_not_leave_and_is_not_completed_later() -> None:
    broken, whole = ScriptedPort(lambda frame: SHUT), ScriptedPort(lambda frame: SHUT)
    it, notes = board(broken, whole)
    it.open(notes.observe)
    notes.wait(lambda: notes.door(1) is Door.CLOSED)
    broken.break_at("write")
    it.unlock(1, notes.report)
    notes.wait(lambda: len(notes.reports) == 1)
    assert notes.reports[0].sent is Sent.NOT_SENT
    notes.wait(lambda: notes.fault is None and len(notes.changes(1)) == 3)
    assert ORDER not in broken.written + whole.written
    it.close()


def test_an_adapter_pulled_out_while_a_board_is_answering_tells_no_wrong_door() -> None:
    with serial("kerong-cu48") as rig:
        rig.line.trouble(Trouble(late=1_000, late_ms=120))
        rig.board.attend(20_000)
        known = len(rig.line.frames)
        rig.line.wait_for(lambda heard: len(rig.line.frames) > known)
        rig.line.unplug()
        rig.wait(lambda: rig.notes.fault_kind is FaultKind.PORT_MISSING)
        rig.line.trouble(Trouble())
        rig.line.plug()
        rig.wait(lambda: rig.notes.fault is None and rig.all_doors_known())
        assert rig.survey() == CLOSED
        assert all(Door.OPEN not in rig.notes.changes(channel) for channel in CHANNELS)


def wait_for_fault(rig: Rig, kind: FaultKind) -> None:
    rig.wait(lambda: rig.notes.fault_kind is kind)


def wait_until_well(rig: Rig) -> None:
    rig.wait(lambda: rig.notes.fault is None and rig.all_doors_known())


def test_one_board_that_talks_all_the_time_is_named_for_both_and_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_bus, "BABBLE_MS", 100)
    with serial("kerong-cu48", boards=2) as rig:
        other = rig.neighbour
        assert other is not None
        for it in (rig, other):
            it.board.attend(20_000)
        rig.line.say(b"\x02\x01\x00\x65\x00" * 800)  # 2 s of what looks like answers
        for it in (rig, other):
            wait_for_fault(it, FaultKind.BABBLE)
        other.board.unlock(4, other.notes.report)
        other.wait(lambda: len(other.notes.reports) == 1)
        assert other.notes.reports[0].sent in (Sent.NOT_SENT, other.sent)
        for it in (rig, other):
            wait_until_well(it)
        assert rig.survey() == CLOSED
        assert [pulse.channel for pulse in other.cabinet.pulses] == [4] * (other.notes.reports[0].sent is other.sent)
        assert rig.cabinet.pulses == []


def test_a_forced_door_is_told_after_the_poll_that_saw_it_and_one_look_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle, with nobody attending: the second look follows at once, not at the idle pace."""
    monkeypatch.setattr(serial_poll, "IDLE_MS", 20)
    asked_when_told: list[int] = []
    told = threading.Event()

    def answer(frame: bytes) -> bytes:
        if len(port.written) <= 4:
            return SHUT
        monkeypatch.setattr(serial_poll, "IDLE_MS", 3_600_000)
        return status_answer(0, {})

    def observe(observation: Observation) -> None:
        if observation.doors.get(1) is Door.OPEN:
            asked_when_told.append(len(port.written))
            told.set()

    port = ScriptedPort(answer)
    it, _ = board(port)
    it.open(observe)
    assert told.wait(10)
    it.close()
    assert asked_when_told == [6], "the fifth question saw it, the sixth made sure"
