"""One cabinet behind each kind of lock board, so that one suite can push them all.

A rig is a board, the cabinet behind it, and what the board said. Those on a serial line come from a table by driver:
a new protocol is a new row.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from support.line_chip import FakeChip, FakeChips
from support.line_notes import LIMIT_S, Notes
from support.parted_board import PartedBoard

from firmware_bridge.bench import Bench, Pins
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Codec, Feedback, Relays
from firmware_bridge.drivers import build_boards, codec_of, relays_of
from firmware_bridge.gpio_chips import FIRST_CHIP
from firmware_bridge.lock_board import Door, LockBoard, Sent
from firmware_bridge.responders import Manner
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.supply import LockKind, Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers, VirtualTimers

PULSE_MS = 120
GAP_MS = 60
PATIENCE = 5
CHANNELS = range(1, 9)
LINES = dict.fromkeys(CHANNELS, ChannelLines())


@dataclass(frozen=True, slots=True)
class SerialKind:
    """How the suite sets up one serial driver: what the report of an unlock says when all is well, noise that begins
    like its frames and is shorter than an answer, and the driver's own options.
    """

    sent: Sent = Sent.WRITTEN
    noise: bytes = b"\xa5\x00"
    options: Mapping[str, object] = field(default_factory=dict)
    pulse_ms: int = PULSE_MS
    lock: LockKind = LockKind.ELECTROMAGNET
    reads_doors: bool = True


SERIAL: Mapping[str, SerialKind] = {
    "dingchang": SerialKind(Sent.ACKNOWLEDGED, b"\xdc\x01\xdc\xfe\x01\x12\x01"),
    "kerong-cu16": SerialKind(noise=b"\x02\xff\x00\x02\x10\x35"),
    "kerong-cu48": SerialKind(noise=b"\x02\xff\x00\x02\x00\x00\x65"),
    "kerong-cu48b": SerialKind(noise=b"\x02\xff\x00\x02\x00\x00\x75"),
    "lockboard-8a": SerialKind(Sent.ACKNOWLEDGED, b"\xfa\xfd\x99\x99\x80\x01\x00"),
    "winnsen": SerialKind(Sent.ACKNOWLEDGED, b"\x90\x07\x90\x07\x82\x01"),
    "wkly": SerialKind(Sent.ACKNOWLEDGED, b"WKLW\x57\x4b\x4c\x59\x09\x01\x84"),
    "eletechsup": SerialKind(
        sent=Sent.ACKNOWLEDGED,
        noise=b"\x02\x03\x02",
        options={"inputs": "bitmap"},
        pulse_ms=1_000,
        lock=LockKind.MOTOR,
    ),
    "lcus": SerialKind(options={"continuous_duty": True}, reads_doors=False),
    "waveshare-modbus": SerialKind(sent=Sent.ACKNOWLEDGED, noise=b"\x02\x02\x04\xff", pulse_ms=200),
}
"""Every serial driver of the suite; its far end is the one in `RESPONDERS`."""

ANSWERING = [driver for driver, kind in SERIAL.items() if kind.reads_doors]
"""Those that read doors too."""


@dataclass
class Rig:
    """A board that is open, the cabinet behind it, what it said; `wait` lets time pass until something holds."""

    board: LockBoard
    cabinet: Cabinet
    notes: Notes
    wait: Callable[[Callable[[], bool]], None]
    sent: Sent
    """What an unlock's report says when all is well."""
    pulse_ms: int
    slack_ms = 3
    """How much shorter a pulse may look: where software times it, both its ends travel through busy threads."""

    def all_doors_known(self) -> bool:
        """Whether every door was observed."""
        return all(self.notes.door(channel) is not Door.UNKNOWN for channel in self.cabinet.channels)

    def unlock(self, channel: int) -> None:
        """Unlock, and wait for the report."""
        reports = len(self.notes.reports)
        self.board.unlock(channel, self.notes.report)
        self.wait(lambda: len(self.notes.reports) > reports)

    def survey(self) -> dict[int, Door]:
        """Survey, and wait for the answer."""
        surveys = len(self.notes.surveys)
        self.board.survey(self.notes.answer)
        self.wait(lambda: len(self.notes.surveys) > surveys)
        return {channel: reading.door for channel, reading in self.notes.surveys[-1].items()}

    def doors(self) -> dict[int, Door]:
        """Survey until every door is known: on a busy machine a board may look silent for a while."""
        for _ in range(PATIENCE):
            if Door.UNKNOWN not in (doors := self.survey()).values():
                return doors
        return self.survey()


@dataclass
class SerialRig(Rig):
    """The same with its line, and with a neighbour on the line where there is one."""

    line: SimulatedLine
    noise: bytes
    reply_ms: int
    """How long an answer to a question is waited for."""
    neighbour: Rig | None = None


@dataclass
class GpioRig(Rig):
    """The same with its chip."""

    chip: FakeChip


def _wait_on(cabinet: Cabinet, notes: Notes) -> Callable[[Callable[[], bool]], None]:
    def wait(true: Callable[[], bool]) -> None:
        notes.wait(true)

    cabinet.on_change(lambda channel: notes.nudge())
    return wait


@contextmanager
def simulated() -> Iterator[Rig]:
    """On virtual time: waiting lets it pass."""
    timers = VirtualTimers()
    cabinet, notes = Cabinet(CHANNELS, timers), Notes()
    supply = Supply(SupplyRules("psu", gap_ms=GAP_MS), timers)
    spec = BoardSpec("main", "simulated", "psu", LINES, pulse_ms=PULSE_MS)
    board = build_boards([spec], Bench({"psu": supply}, timers, cabinets={"main": cabinet}))["main"]

    def wait(true: Callable[[], bool]) -> None:
        give_up_ms = timers.now_ms() + LIMIT_S * 1_000
        while not true():
            assert timers.now_ms() < give_up_ms, f"did not come true; heard {notes.observations[-5:]}"
            timers.advance(1)

    board.open(notes.observe)
    rig = Rig(board, cabinet, notes, wait, Sent.WRITTEN, PULSE_MS)
    try:
        rig.wait(rig.all_doors_known)
        yield rig
    finally:
        board.close()


def plain(driver: str) -> BoardSpec:
    """A board of a serial driver as the suite sets it up."""
    kind = SERIAL[driver]
    return BoardSpec("main", driver, "psu", {}, lock=kind.lock, options=kind.options)


def language_of(driver: str) -> Codec | Relays:
    """What it speaks."""
    language = codec_of(plain(driver)) or relays_of(plain(driver))
    assert language is not None
    return language


@contextmanager
def serial(
    driver: str, boards: int = 1, port_of: Callable[[SimulatedLine], str] = lambda line: line.port
) -> Iterator[SerialRig]:
    """Behind a pty, at the driver's own speed; with `boards` of them on the line, at addresses from 1 on. `port_of`
    gives the port to reach it by.
    """
    timers = ThreadTimers("cabinet")
    supply = Supply(SupplyRules("psu", gap_ms=GAP_MS), timers)
    cabinets = {address: Cabinet(CHANNELS, timers) for address in range(1, boards + 1)}
    kind = SERIAL[driver]
    codec = codec_of(plain(driver))
    assert codec is not None
    boards_there = RESPONDERS[driver](cabinets, Manner(kind.pulse_ms, options=kind.options))
    line = SimulatedLine(boards_there, baud=codec.baud)
    port = port_of(line)
    specs = [
        BoardSpec(
            f"board {at}",
            driver,
            "psu",
            LINES,
            port=port,
            address=at,
            lock=kind.lock,
            pulse_ms=kind.pulse_ms,
            options=kind.options,
        )
        for at in cabinets
    ]
    built = build_boards(specs, Bench({"psu": supply}, timers))
    rigs = []
    for spec in specs:
        notes = Notes()
        cabinet = cabinets[spec.address]
        built[spec.name].open(notes.observe)
        rigs.append(
            SerialRig(
                built[spec.name],
                cabinet,
                notes,
                _wait_on(cabinet, notes),
                kind.sent,
                kind.pulse_ms,
                line,
                kind.noise,
                codec.reply_ms,
            )
        )
    rigs[0].neighbour = rigs[-1] if boards > 1 else None
    try:
        for rig in rigs:
            rig.wait(rig.all_doors_known)
        yield rigs[0]
    finally:
        for board in built.values():
            board.close()
        line.close()
        timers.close()


@contextmanager
def parted(driver: str, options: Mapping[str, object] | None = None) -> Iterator[SerialRig]:
    """The locks on a board of a serial driver, behind a pty; their doors are read by another board."""
    timers, notes, kind = ThreadTimers("cabinet"), Notes(), SERIAL[driver]
    supply = Supply(SupplyRules("psu", gap_ms=GAP_MS), timers)
    cabinet, told = Cabinet(CHANNELS, timers), {**kind.options, **(options or {})}
    line = SimulatedLine(
        RESPONDERS[driver]({1: cabinet}, Manner(kind.pulse_ms, options=told)), baud=language_of(driver).baud
    )
    locks = BoardSpec(
        "locks", driver, "psu", LINES, line.port, address=1, lock=kind.lock, pulse_ms=kind.pulse_ms, options=told
    )
    doors = BoardSpec("doors", "simulated", "psu", dict.fromkeys(CHANNELS, ChannelLines(lock=False)))
    built = build_boards([locks, doors], Bench({"psu": supply}, timers, cabinets={"doors": cabinet}))
    board = PartedBoard(built["locks"], built["doors"])
    board.open(notes.observe)
    wait = _wait_on(cabinet, notes)
    rig = SerialRig(board, cabinet, notes, wait, kind.sent, kind.pulse_ms, line, kind.noise, 0)
    rig.slack_ms = kind.pulse_ms // 2 if relays_of(locks) else rig.slack_ms
    try:
        rig.wait(rig.all_doors_known)
        yield rig
    finally:
        board.close()
        line.close()
        timers.close()


def gpio_lines(channel: int, *, active_high: bool = True) -> ChannelLines:
    """Lock 1 on line 11 and its door on line 21, and so on."""
    return ChannelLines(10 + channel, 20 + channel, active_high)


def connect(chip: FakeChip, cabinet: Cabinet, *, active_high: bool = True) -> None:
    """Wire locks to outputs, and doors to switches that a closed door closes to ground."""

    def output(offset: int, high: bool) -> None:
        channel = offset - 10
        if channel in cabinet.channels:
            if high is active_high:
                cabinet.energise(channel)
            else:
                cabinet.de_energise(channel)

    def sensor(channel: int | None) -> None:
        for each in cabinet.channels if channel is None else (channel,):
            chip.push(20 + each, Feedback.CLOSED_IS_0.bit(cabinet.sensor(each)))

    chip.on_output = output
    cabinet.on_change(sensor)
    sensor(None)


@contextmanager
def gpio(*, active_high: bool = True) -> Iterator[GpioRig]:
    """On a chip made of nothing."""
    timers = ThreadTimers("cabinet")
    chip, cabinet, notes = FakeChip(FIRST_CHIP), Cabinet(CHANNELS, timers), Notes()
    connect(chip, cabinet, active_high=active_high)
    supply = Supply(SupplyRules("psu", gap_ms=GAP_MS), timers)
    lines = {channel: gpio_lines(channel, active_high=active_high) for channel in CHANNELS}
    spec = BoardSpec(
        "main",
        "gpio",
        "psu",
        lines,
        pulse_ms=PULSE_MS,
        feedback=Feedback.CLOSED_IS_0,
        options={"continuous_duty": True},
    )
    pins = Pins(FakeChips(chip).open, FIRST_CHIP)
    board = build_boards([spec], Bench({"psu": supply}, timers, pins=pins))["main"]
    board.open(notes.observe)
    rig = GpioRig(board, cabinet, notes, _wait_on(cabinet, notes), Sent.WRITTEN, PULSE_MS, chip)
    try:
        rig.wait(rig.all_doors_known)
        yield rig
    finally:
        board.close()
        timers.close()
