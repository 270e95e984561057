"""Boards that answer nonsense, half frames, or in another's name: a named fault of a named board, and a line that works
again the moment they do. Silence and echoes are in the contract.
"""

from collections.abc import Callable

import pytest
from support.cabinet_rig import ANSWERING
from support.languages import LANGUAGES, Language
from support.line_port import ScriptedPort
from support.scripted_board import scripted, surveyed

from firmware_bridge import serial_poll
from firmware_bridge.faults import FaultKind
from firmware_bridge.lock_board import Door

Answer = Callable[[bytes], bytes]


def answering(language: Language, address: int) -> Answer:
    """What the board with this address would say, whatever address the question has."""
    answers = dict(
        zip(
            language.codec.status_requests(1),
            (answer for _, answer in language.answers(address, language.cabinet())),
            strict=True,
        )
    )
    return lambda frame: answers.get(frame, b"")


def half(language: Language) -> Answer:
    whole = answering(language, 1)
    return lambda frame: whole(frame)[: len(whole(frame)) // 2]


def last_byte_wrong(language: Language) -> Answer:
    whole = answering(language, 1)
    return lambda frame: whole(frame)[:-1] + bytes((whole(frame)[-1] ^ 0x40,))


BAD: dict[str, Callable[[Language], Answer]] = {
    "nonsense": lambda language: lambda frame: b"\x55\x00\xaa" * 5,
    "half a frame": half,
    "a wrong last byte": last_byte_wrong,
    "another board's answer": lambda language: answering(language, 2),
}


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace at which we look is our own affair; the time that a board has stays as it is."""
    monkeypatch.setattr(serial_poll, "SILENT_MS", 50)


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("driver", ANSWERING)
def test_a_bad_answer_is_a_named_fault_and_tells_of_no_door(driver: str, bad: str) -> None:
    language = LANGUAGES[driver]
    bad_answer, good_answer = BAD[bad](language), answering(language, 1)
    well = False
    port = ScriptedPort(lambda frame: good_answer(frame) if well else bad_answer(frame))
    with scripted(language.codec, port, pulse_ms=language.pulse_ms, lock=language.lock) as (board, notes):
        notes.wait(lambda: notes.fault is not None)
        fault = notes.fault
        assert fault is not None
        assert (fault.board, fault.kind, fault.detail) == ("main", FaultKind.BAD_REPLY, "address 1 on /dev/test")
        assert not any(it.doors for it in notes.observations)
        well = True
        notes.wait(lambda: notes.fault is None and notes.door(1) is Door.CLOSED)
        surveyed(board, notes)
    assert set(port.written) == set(language.codec.status_requests(1)), "a board is never ordered to do anything"
