"""The doors of one board on a serial line: asking after them, at a pace, and telling what changed."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from firmware_bridge.codecs import Codec, Feedback, Refusal, Status
from firmware_bridge.debounce import Panel, ParcelPanel
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import AnswerSurvey, Door, DoorReading, Observation, Observe
from firmware_bridge.serial_bus import monotonic_ms
from firmware_bridge.serial_exchange import Answered, Exchange, Failed, Outcome
from firmware_bridge.serial_port import PortError

IDLE_MS: Final = 750
ATTENDING_MS: Final = 200
CONFIRM_MS: Final = 30
"""How soon to look again at a door that reads otherwise than before, or after an answer that did not come."""
SILENT_MS: Final = 2_000
"""How often a silent board is asked while nobody attends, so that it does not hold up its neighbours."""
SILENT_AFTER: Final = 2
"""Rounds running without an answer that make a fault."""
FEWEST_ROUNDS: Final = 2
"""How often a survey looks at every door: a single look may fall into a bounce."""
SURVEY_ROUNDS: Final = 6
"""How often a survey looks at a door that does not come to rest; then it is told as it was last settled."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """Which board on the line, which of its channels are used, and what its door bits say; `switches` names the
    channels whose bit says otherwise than `feedback`, `locks` those that have a lock (None: all). The questions of
    `setup` are asked once whenever the board is heard anew: a refusal says that it is set up wrongly.
    """

    address: int
    channels: frozenset[int]
    feedback: Feedback = Feedback.CLOSED_IS_1
    switches: Mapping[int, Feedback] = field(default_factory=dict)
    locks: frozenset[int] | None = None
    setup: Sequence[bytes] = ()

    def door(self, channel: int, bit: bool) -> Door:
        """The door that the bit of `channel` tells of."""
        return self.switches.get(channel, self.feedback).door(bit)


class DoorPoll:
    """One board's seat on its line (a `Rider`). `survey` and `attend` are for any thread, the rest for the line's."""

    def __init__(self, name: str, codec: Codec, wiring: Wiring, observe: Observe) -> None:
        self._name = name
        self._codec = codec
        self._wiring = wiring
        self._observe = observe
        self._requests = tuple(codec.status_requests(wiring.address))
        self._panel = Panel(wiring.channels)
        self._parcels = ParcelPanel(wiring.channels)
        self._fault: BoardFault | None = None
        self._wrongly_set: BoardFault | None = None
        self._heard_anew = True
        self._left: deque[bytes] = deque()
        self._bits: dict[int, bool] = {}
        self._parcel_bits: dict[int, bool] = {}
        self._began_ms = -math.inf
        self._attended_ms = -math.inf
        self._silent = 0
        self._restless = False
        self._asked: deque[AnswerSurvey] = deque()
        self._surveyed: list[AnswerSurvey] = []
        self._rounds = 0

    @property
    def fault(self) -> BoardFault | None:
        """The fault that was last told of, if it has not ended."""
        return self._fault

    def readings(self) -> dict[int, DoorReading]:
        """Every door and parcel sensor as settled. For any thread."""
        parcels = self._parcels.settled()
        doors = self._panel.readings(int(monotonic_ms()))
        return {channel: replace(reading, parcel=parcels.get(channel)) for channel, reading in doors.items()}

    def attend(self, duration_ms: int) -> None:
        """Ask often for `duration_ms`."""
        self._attended_ms = max(self._attended_ms, monotonic_ms() + duration_ms)

    def survey(self, answer: AnswerSurvey) -> None:
        """Answer with what the next rounds bring."""
        self._asked.append(answer)

    def due_ms(self) -> float | None:
        """When the next question is to be asked."""
        if not self._requests:
            return None
        if self._left or (self._asked and not self._surveyed):
            return -math.inf
        return self._began_ms + self._pace_ms()

    def question(self) -> Exchange:
        """The next question of this round, or the first of a new one."""
        if not self._left:
            self._left.extend((*self._wiring.setup, *self._requests) if self._heard_anew else self._requests)
            self._wrongly_set = None if self._heard_anew else self._wrongly_set
            self._bits.clear()
            self._parcel_bits.clear()
            self._began_ms = monotonic_ms()
            while self._asked:
                self._surveyed.append(self._asked.popleft())
        request = self._left.popleft()
        return Exchange(request, self._codec, partial(self._heard, request), self._codec.reply_ms)

    def line_up(self) -> None:
        """Ask at once. A board without sensors has nothing to say about itself: its fault ends here."""
        self._began_ms = -math.inf
        if not self._requests:
            self._tell({}, {}, None)

    def line_down(self, fault: PortError) -> None:
        """No door is known any more."""
        self._left.clear()
        self._silent, self._restless, self._heard_anew = 0, False, True
        changes = self._panel.lost(int(monotonic_ms()))
        self._tell(changes, self._parcels.lost(), BoardFault(self._name, fault.kind, fault.detail))
        self.give_up()

    def give_up(self) -> None:
        """Answer every survey with what is known."""
        while self._asked:
            self._surveyed.append(self._asked.popleft())
        self._answer_surveys()

    def _pace_ms(self) -> float:
        attended = monotonic_ms() < self._attended_ms
        if self._restless or self._surveyed or 0 < self._silent < SILENT_AFTER:
            return CONFIRM_MS
        if self._silent and not attended:
            return SILENT_MS
        return ATTENDING_MS if attended else IDLE_MS

    def _heard(self, request: bytes, outcome: Outcome) -> None:
        match outcome:
            case Answered(answer=Refusal(why=why)):
                self._refused(request, f"address {self._wiring.address}: {why}")
            case Answered(answer=Status(doors=bits, parcels=parcels)):
                self._bits.update(bits)
                self._parcel_bits.update(parcels)
                if not self._left:
                    self._round_done()
            case Failed() if request in self._wiring.setup:
                return  # boards may pass over what they do not know; whether this one is there, the next question tells
            case Failed(kind=kind, detail=detail):
                self._round_missed(kind, f"address {self._wiring.address} on {detail}")
            case other:
                raise TypeError(f"{self._name}: a question about doors came to {other}")

    def _refused(self, request: bytes, where: str) -> None:
        if request in self._wiring.setup:
            self._wrongly_set = BoardFault(self._name, FaultKind.REFUSED, where)
        else:
            self._round_missed(FaultKind.REFUSED, where)

    def _round_done(self) -> None:
        self._silent, self._heard_anew = 0, self._wrongly_set is not None
        doors = {channel: self._wiring.door(channel, bit) for channel, bit in self._bits.items()}
        self._tell(self._settled(doors), self._parcels.polled(self._parcel_bits), self._wrongly_set)
        self._rounds += bool(self._surveyed)
        if self._rounds >= (SURVEY_ROUNDS if self._restless else FEWEST_ROUNDS):
            self._answer_surveys()

    def _round_missed(self, kind: FaultKind, where: str) -> None:
        self._left.clear()
        self._silent += 1
        if self._silent < SILENT_AFTER:
            self._tell(self._settled({}), {}, self._fault)
            return
        self._heard_anew = True
        self._tell(self._settled({}), self._parcels.lost(), BoardFault(self._name, kind, where))
        self._answer_surveys()

    def _settled(self, doors: dict[int, Door]) -> dict[int, Door]:
        changes = self._panel.polled(doors, int(monotonic_ms()))
        self._restless = self._panel.restless
        return changes

    def _answer_surveys(self) -> None:
        surveys, self._surveyed, self._rounds = self._surveyed, [], 0
        for answer in surveys:
            answer(self.readings())

    def _tell(self, doors: dict[int, Door], parcels: Mapping[int, bool | None], fault: BoardFault | None) -> None:
        if doors or parcels or fault != self._fault:
            self._fault = fault
            self._observe(Observation(self._name, doors, fault, parcels))
