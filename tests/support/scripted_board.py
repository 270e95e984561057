"""A board of any protocol on a scripted port, open, with what it said."""

from collections.abc import Iterator
from contextlib import contextmanager

from support.line_notes import Notes
from support.line_port import ScriptedPort

from firmware_bridge.codecs import Codec, Feedback
from firmware_bridge.serial_board import SerialBoard
from firmware_bridge.serial_bus import SerialBus
from firmware_bridge.serial_poll import Wiring
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers


@contextmanager
def scripted(
    codec: Codec,
    port: ScriptedPort,
    *,
    feedback: Feedback | None = None,
    pulse_ms: int = 500,
    lock: LockKind = LockKind.ELECTROMAGNET,
) -> Iterator[tuple[SerialBoard, Notes]]:
    """Board 1, of which channels 1 and 2 are wired."""
    timers, notes = ThreadTimers("supply"), Notes()
    wiring = Wiring(1, frozenset((1, 2)), feedback or codec.feedback)
    bus = SerialBus("/dev/test", codec.baud, open_port=lambda name, baud: port)
    supply = Supply(SupplyRules("psu", gap_ms=0), timers)
    board = SerialBoard("main", codec, wiring, bus, supply, pulse_ms=pulse_ms, kind=lock)
    board.open(notes.observe)
    try:
        yield board, notes
    finally:
        board.close()
        timers.close()


def surveyed(board: SerialBoard, notes: Notes) -> None:
    """Survey, and wait for the answer."""
    surveys = len(notes.surveys)
    board.survey(notes.answer)
    notes.wait(lambda: len(notes.surveys) > surveys)
