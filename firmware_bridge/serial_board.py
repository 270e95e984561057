"""A lock board on a serial line: its codec, its seat on the line and its supply, joined."""

from functools import partial
from typing import assert_never

from firmware_bridge.codecs import Acknowledgement, Codec, Refusal, Status
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import (
    AnswerSurvey,
    BoardState,
    Door,
    DoorReading,
    Observe,
    ReportUnlock,
    Sent,
    UnlockReport,
)
from firmware_bridge.misfit import Misfit
from firmware_bridge.serial_bus import SerialBus
from firmware_bridge.serial_exchange import Answered, Dropped, Exchange, Failed, Outcome, Written
from firmware_bridge.serial_poll import DoorPoll, Wiring
from firmware_bridge.supply import Lock, LockKind, Supply, Turn, check_pulse


class SerialBoard:
    """A `LockBoard` on a serial line. Boards with different addresses may share one `SerialBus`."""

    def __init__(
        self, name: str, codec: Codec, wiring: Wiring, bus: SerialBus, supply: Supply, *, pulse_ms: int, kind: LockKind
    ) -> None:
        """`pulse_ms` is set by us or, where the board times the pulse, what the board is set to.

        Raises Misfit for an address, a channel or a pulse that cannot be.
        """
        check_pulse(pulse_ms, kind)
        self._orders = _orders(codec, wiring, pulse_ms)
        self._name = name
        self._codec = codec
        self._wiring = wiring
        self._bus = bus
        self._supply = supply
        self._pulse_ms = pulse_ms
        self._kind = kind
        self._seat: DoorPoll | None = None

    @property
    def name(self) -> str:
        """The board's name in the configuration."""
        return self._name

    def open(self, observe: Observe) -> None:
        """Start watching; a port that is missing is an observation."""
        self._seat = DoorPoll(self._name, self._codec, self._wiring, observe)
        self._bus.join(self._seat)

    def unlock(self, channel: int, report: ReportUnlock) -> None:
        """Queue one pulse; a closed board reports `not_sent` at once. Raises ValueError for a channel not wired."""
        if channel not in self._orders:
            raise ValueError(f"board {self._name} has no lock on channel {channel}")
        self._supply.claim(
            Lock(self._name, channel),
            self._pulse_ms,
            self._kind,
            start=partial(self._send, channel, report),
            dropped=partial(report, UnlockReport(channel, Sent.NOT_SENT)),
        )

    def survey(self, answer: AnswerSurvey) -> None:
        """Read every door afresh. A closed board, and one without sensors, answers `unknown`, at once."""
        seat = self._seat
        if seat is None or not self._codec.status_requests(self._wiring.address):
            answer(self._unknown())
            return
        seat.survey(answer)
        self._bus.wake()

    def state(self) -> BoardState:
        """What the last polls said, and what was counted on the line, for all boards on it."""
        seat = self._seat
        if seat is None:
            return BoardState(self._unknown(), line=self._bus.health())
        return BoardState(seat.readings(), seat.fault, self._bus.health())

    def attend(self, duration_ms: int) -> None:
        """Look every 200 ms for the next `duration_ms`."""
        if self._seat is not None:
            self._seat.attend(duration_ms)
            self._bus.wake()

    def close(self) -> None:
        """Leave the line. The board ends by itself a pulse that it times."""
        seat, self._seat = self._seat, None
        self._supply.withdraw(self._name)
        if seat is not None:
            self._bus.leave(seat)
            seat.give_up()

    def _unknown(self) -> dict[int, DoorReading]:
        return dict.fromkeys(sorted(self._wiring.channels), DoorReading(Door.UNKNOWN))

    def _send(self, channel: int, report: ReportUnlock, turn: Turn) -> None:
        done = partial(self._sent, channel, report, turn)
        listener = self._codec if self._codec.answers_unlock else None
        exchange = Exchange(self._orders[channel], listener, done, self._codec.unlock_reply_ms)
        seat = self._seat
        if seat is None:
            done(Dropped())
        else:
            self._bus.order(seat, exchange)

    def _sent(self, channel: int, report: ReportUnlock, turn: Turn, outcome: Outcome) -> None:
        moved, sent, fault = self._judge(channel, outcome)
        if moved:
            turn.began()
        else:
            turn.unused()
        report(UnlockReport(channel, sent, fault))

    def _judge(self, channel: int, outcome: Outcome) -> tuple[bool, Sent, BoardFault | None]:
        """Whether the lock may have moved, and what to report."""
        match outcome:
            case Written():
                return True, Sent.WRITTEN, None
            case Answered(answer=answer):
                return True, *self._said(channel, answer)
            case Failed(kind=kind, detail=detail, sent=sent):
                fault = BoardFault(self._name, kind, detail)
                return sent, Sent.NO_REPLY if sent else Sent.NOT_SENT, fault
            case Dropped():
                return False, Sent.NOT_SENT, None
            case never:
                assert_never(never)

    def _said(self, channel: int, answer: Status | Acknowledgement | Refusal) -> tuple[Sent, BoardFault | None]:
        if isinstance(answer, Refusal):
            return Sent.REJECTED, BoardFault(self._name, FaultKind.REFUSED, f"unlock of {channel}: {answer.why}")
        if isinstance(answer, Status):
            raise TypeError(f"{self._name}: an unlock was answered with doors")
        return Sent.ACKNOWLEDGED if answer.taken else Sent.REJECTED, None


def _orders(codec: Codec, wiring: Wiring, pulse_ms: int) -> dict[int, bytes]:
    """The order for each lock, and with them the proof that address, channels and pulse can be. Raises Misfit."""
    for channel in sorted(wiring.channels):
        if not 1 <= channel <= codec.channels:
            raise Misfit("channel", f"there is none such; this kind of board has 1 to {codec.channels}", channel)
    codec.status_requests(wiring.address)
    locks = wiring.channels if wiring.locks is None else wiring.locks
    try:
        return {channel: codec.unlock_request(wiring.address, channel, pulse_ms) for channel in locks}
    except ValueError as impossible:
        raise Misfit("pulse_ms", str(impossible)) from impossible
