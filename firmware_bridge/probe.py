"""Whether a board answers: its status questions, asked once each, at one speed or at several. Nothing is ever moved.

Between questions at different speeds the line is left silent for 50 ms: a board that heard half a frame may still wait
for the rest of it.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from firmware_bridge.board_spec import BoardSpec
from firmware_bridge.codecs import Codec, Status
from firmware_bridge.faults import FaultKind
from firmware_bridge.serial_bus import SerialBus
from firmware_bridge.serial_exchange import Answered, Exchange, Failed, Outcome
from firmware_bridge.serial_port import OpenPort, PortError, open_port

SILENCE_S: Final = 0.05
USUAL_BAUDS: Final = (9_600, 19_200, 38_400, 57_600, 115_200)
NEVER_AT_OTHER_SPEEDS: Final = ("winnsen",)
"""Drivers whose questions another maker's board may take for an order (8A opens doors by a bitmap after 90)."""
ASIDE: Final = (FaultKind.NO_REPLY, FaultKind.BAD_REPLY, FaultKind.ECHO)
"""What another speed may mend."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of asking a board at one speed. `fault` is None where it answered every question; `echo`: the adapter
    gives back what it is told.
    """

    baud: int
    fault: FaultKind | None = None
    detail: str = ""
    echo: bool = False
    bits: Mapping[int, bool] = field(default_factory=dict)
    """The door bits in the answers, by channel."""


def probe(spec: BoardSpec, codec: Codec, open_port: OpenPort = open_port) -> Probed:
    """Ask a board at the speed that it is configured for. It must have a port, and nobody else may hold it."""
    baud = codec.baud if spec.baud is None else spec.baud
    bus, rider = SerialBus(spec.port or "", baud, open_port=open_port), _Asker()
    bus.join(rider)
    probed = Probed(baud)
    try:
        for request in codec.status_requests(spec.address):
            outcome = _ask(bus, rider, codec, request)
            if isinstance(outcome, Failed):
                return replace(probed, fault=outcome.kind, detail=outcome.detail, echo=bus.health().echoes > 0)
            if isinstance(outcome, Answered) and isinstance(outcome.answer, Status):
                probed = replace(probed, bits={**probed.bits, **outcome.answer.doors})
        return replace(probed, echo=bus.health().echoes > 0)
    finally:
        bus.leave(rider)


def probe_speeds(spec: BoardSpec, codec: Codec, open_port: OpenPort = open_port) -> Iterator[Probed]:
    """Ask at the speed configured, then at the usual ones, until the board answers or another speed cannot help."""
    declared = codec.baud if spec.baud is None else spec.baud
    others = () if spec.driver in NEVER_AT_OTHER_SPEEDS else (codec.baud, *USUAL_BAUDS)
    for baud in dict.fromkeys((declared, *others)):
        probed = probe(replace(spec, baud=baud), codec, open_port)
        yield probed
        if probed.fault not in ASIDE:
            return
        threading.Event().wait(SILENCE_S)


def _ask(bus: SerialBus, rider: "_Asker", codec: Codec, request: bytes) -> Outcome:
    heard, ended = [], threading.Event()

    def done(outcome: Outcome) -> None:
        heard.append(outcome)
        ended.set()

    bus.order(rider, Exchange(request, codec, done, codec.reply_ms))
    ended.wait()
    return heard[0]


class _Asker:
    """A rider that says nothing by itself."""

    def due_ms(self) -> float | None:
        """Never."""
        return None

    def question(self) -> Exchange:
        """It has none."""
        raise TypeError("a probe asks nothing by itself")

    def line_up(self) -> None:
        """Its orders are taken in any case."""

    def line_down(self, fault: PortError) -> None:
        """Its orders fail in any case."""
