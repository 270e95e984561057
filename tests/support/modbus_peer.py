"""One of our relay boards on a port where somebody else's Modbus answers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from support.line_notes import Notes

from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.drivers import build_boards
from firmware_bridge.lock_board import Door, LockBoard, UnlockReport
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

CHANNELS = range(1, 9)
OPTIONS: Mapping[str, Mapping[str, object]] = {"waveshare-modbus": {}, "eletechsup": {"inputs": "registers"}}


@dataclass
class Asking:
    """The board, and what it said."""

    board: LockBoard
    notes: Notes

    def doors(self) -> dict[int, Door]:
        return {channel: self.notes.door(channel) for channel in CHANNELS}

    def wait_for_doors(self, *opened: int) -> None:
        """Until all doors were read, those `opened` as open."""
        wanted = {channel: Door.OPEN if channel in opened else Door.CLOSED for channel in CHANNELS}
        self.notes.wait(lambda: self.doors() == wanted)

    def unlock(self, channel: int) -> UnlockReport:
        self.board.attend(5_000)
        self.board.unlock(channel, self.notes.report)
        self.notes.wait(lambda: len(self.notes.reports) == 1)
        return self.notes.reports[0]


@contextmanager
def asking(driver: str, device: str) -> Iterator[Asking]:
    """A board of `driver` at address 1 of the line behind `device`, open."""
    timers, notes = ThreadTimers("supply"), Notes()
    motor = driver == "eletechsup"
    spec = BoardSpec(
        "main",
        driver,
        "psu",
        dict.fromkeys(CHANNELS, ChannelLines()),
        port=f"pty:{device}",
        address=1,
        lock=LockKind.MOTOR if motor else LockKind.ELECTROMAGNET,
        pulse_ms=1_000 if motor else 500,
        options=OPTIONS[driver],
    )
    board = build_boards([spec], Bench({"psu": Supply(SupplyRules("psu"), timers)}, timers))["main"]
    board.open(notes.observe)
    try:
        yield Asking(board, notes)
    finally:
        board.close()
        timers.close()
