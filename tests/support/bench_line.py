"""One board of each serial driver behind a simulated line, to see how quickly it can be asked and told."""

import math
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise

from support.cabinet_rig import SERIAL, language_of, plain

from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.codecs import Codec
from firmware_bridge.drivers import codec_of, relays_of
from firmware_bridge.responders import Manner
from firmware_bridge.serial_bus import SerialBus, gap_ms, monotonic_ms
from firmware_bridge.serial_exchange import Answered, Exchange, Outcome
from firmware_bridge.serial_port import PortError, open_port
from firmware_bridge.simulated_line import BITS_PER_BYTE, SimulatedLine
from firmware_bridge.timers import ThreadTimers

ADDRESS = 1
TURNAROUND_MS = 4


def spec_of(driver: str, port: str | None = None) -> BoardSpec:
    """A board with every channel that it has, or the first 8."""
    channels = range(1, min(language_of(driver).channels, 8) + 1)
    spec = replace(plain(driver), channels=dict.fromkeys(channels, ChannelLines()), port=port, address=ADDRESS)
    return replace(spec, pulse_ms=SERIAL[driver].pulse_ms)


def order_of(spec: BoardSpec, channel: int) -> bytes:
    """The frame that unlocks."""
    codec, relays = codec_of(spec), relays_of(spec)
    if codec is not None:
        return codec.unlock_request(ADDRESS, channel, spec.pulse)
    if relays is not None:
        return relays.on(channel)
    raise ValueError(f"driver {spec.driver} speaks on no line")


@contextmanager
def line_of(driver: str) -> Iterator[SimulatedLine]:
    """A line with one board on it."""
    kind, timers = SERIAL[driver], ThreadTimers("cabinet")
    cabinet = Cabinet(spec_of(driver).channels, timers)
    boards = RESPONDERS[driver]({ADDRESS: cabinet}, Manner(kind.pulse_ms, options=kind.options))
    line = SimulatedLine(boards, baud=language_of(driver).baud, turnaround_ms=TURNAROUND_MS)
    try:
        yield line
    finally:
        line.close()
        timers.close()


@dataclass(frozen=True, slots=True)
class Round:
    """The questions that tell every door of a board once, and how many bytes they and their answers have."""

    codec: Codec
    requests: tuple[bytes, ...]
    answers: tuple[int, ...]

    @property
    def least_ms(self) -> float:
        """How long the line, the board and the silences between take for it."""
        sent = sum(map(len, self.requests)) + sum(self.answers)
        return sent * BITS_PER_BYTE * 1000 / self.codec.baud + len(self.requests) * (TURNAROUND_MS + self.gap_ms)

    @property
    def gap_ms(self) -> int:
        """The silence between two exchanges."""
        return gap_ms(self.codec.baud)


def round_of(driver: str) -> Round | None:
    """The round of a driver; None where its boards cannot be asked."""
    codec = codec_of(spec_of(driver))
    if codec is None:
        return None
    timers = ThreadTimers("cabinet")
    cabinet = Cabinet(spec_of(driver).channels, timers)
    boards = RESPONDERS[driver]({ADDRESS: cabinet}, Manner(options=SERIAL[driver].options))
    requests = tuple(codec.status_requests(ADDRESS))
    answers = [sum(len(response.answer) for response in boards.hear(request)) for request in requests]
    timers.close()
    return Round(codec, requests, tuple(answers))


class Eager:
    """A rider that asks again as soon as it was answered, and notes when a round was done."""

    def __init__(self, asked: Round) -> None:
        self._codec = asked.codec
        self._requests = asked.requests
        self._left = deque[bytes]()
        self.done_ms: list[float] = []

    def due_ms(self) -> float:
        return -math.inf

    def question(self) -> Exchange:
        if not self._left:
            self._left.extend(self._requests)
        return Exchange(self._left.popleft(), self._codec, self._note, self._codec.reply_ms)

    def line_up(self) -> None:
        pass

    def line_down(self, fault: PortError) -> None:
        raise fault

    def _note(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Answered):
            self._left.clear()
        elif not self._left:
            self.done_ms.append(monotonic_ms())


def rounds_ms(asked: Round, line: SimulatedLine, seconds: float) -> list[float]:
    """How long each whole round took our line."""
    bus, rider = SerialBus(line.port, asked.codec.baud), Eager(asked)
    bus.join(rider)
    threading.Event().wait(seconds)
    bus.leave(rider)
    return [after - before for before, after in pairwise(rider.done_ms)]


def bare_rounds_ms(asked: Round, line: SimulatedLine, seconds: float) -> list[float]:
    """The same by the shortest loop that writes, reads as many bytes as will come, and keeps the silence."""
    port, done_ms = open_port(line.port, asked.codec.baud), [monotonic_ms()]
    while done_ms[-1] < done_ms[0] + seconds * 1000:
        for request, size in zip(asked.requests, asked.answers, strict=True):
            port.write(request)
            left = size
            while left > 0:
                left -= len(port.read(1_000))
            time.sleep(asked.gap_ms / 1000)
        done_ms.append(monotonic_ms())
    port.close()
    return [after - before for before, after in pairwise(done_ms)]
