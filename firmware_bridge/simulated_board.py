"""A lock board without wires, straight on a simulated cabinet: for the demo and for whole lockers on virtual time.

It lives on the thread of its timers. It has none of its own, does nothing at intervals, and on a virtual clock repeats
itself exactly.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from firmware_bridge.cabinet import Cabinet
from firmware_bridge.edge_doors import EdgeDoors
from firmware_bridge.faults import BoardFault, FaultKind
from firmware_bridge.lock_board import (
    AnswerSurvey,
    BoardState,
    Door,
    DoorReading,
    Observation,
    Observe,
    ReportUnlock,
    Sent,
    UnlockReport,
)
from firmware_bridge.supply import Lock, LockKind, Supply, Turn, check_pulse
from firmware_bridge.timers import Timers

ANSWER_MS = 12
"""How long a survey takes: about one question and answer on a line at 19200 baud."""

Post = Callable[[Callable[[], None]], object]
"""Hands a call over to the timers' thread. On an asyncio loop: `loop.call_soon_threadsafe`."""


class SimulatedBoard:
    """A `LockBoard` on a `Cabinet`. A board whose replies are lost reads `unknown` and says `no_reply` to an unlock,
    which it nevertheless carries out.
    """

    def __init__(
        self,
        name: str,
        cabinet: Cabinet,
        supply: Supply,
        timers: Timers,
        post: Post | None = None,
        *,
        pulse_ms: int = 500,
        kind: LockKind = LockKind.ELECTROMAGNET,
        parcel_sensors: bool = False,
    ) -> None:
        """Without `post`, calls are handed over by `timers`, which must then be safe to call from where the board is
        called. Raises ValueError for a pulse that cannot be.
        """
        check_pulse(pulse_ms, kind)
        self._name = name
        self._cabinet = cabinet
        self._supply = supply
        self._timers = timers
        self._post: Post = post or partial(timers.call_later, 0)
        self._pulse_ms = pulse_ms
        self._kind = kind
        self._doors = EdgeDoors(cabinet.channels, timers, self._read, self._tell)
        self._sensed = cabinet.channels if parcel_sensors else ()
        self._parcels: dict[int, bool | None] = {}
        self._fault: BoardFault | None = None
        self._observe: Observe | None = None
        self._stop_listening: Callable[[], None] | None = None

    @property
    def name(self) -> str:
        """The board's name in the configuration."""
        return self._name

    def open(self, observe: Observe) -> None:
        """Start watching."""
        self._observe = observe
        self._stop_listening = self._cabinet.on_change(self._cabinet_changed)
        self._post(partial(self._look, None))

    def unlock(self, channel: int, report: ReportUnlock) -> None:
        """Queue one pulse. Raises ValueError for a channel that the cabinet does not have."""
        if channel not in self._cabinet.channels:
            raise ValueError(f"board {self._name} has no channel {channel}")
        self._post(partial(self._claim, channel, report))

    def survey(self, answer: AnswerSurvey) -> None:
        """Read every door afresh."""
        self._post(partial(self._survey, answer))

    def state(self) -> BoardState:
        """How the doors were last settled; as long as the cabinet says the same, that is no older than now."""
        if self._observe is None:
            return BoardState(dict.fromkeys(self._cabinet.channels, DoorReading(Door.UNKNOWN)), self._fault)
        settled = self._doors.readings()
        return BoardState({channel: self._as_seen(channel, it) for channel, it in settled.items()}, self._fault)

    def attend(self, duration_ms: int) -> None:
        """Nothing to do: the cabinet tells of itself."""

    def close(self) -> None:
        """Stop watching. A pulse that was given runs to its end."""
        if self._stop_listening is not None:
            self._stop_listening()
        self._observe, self._stop_listening = None, None
        self._supply.withdraw(self._name)

    def _claim(self, channel: int, report: ReportUnlock) -> None:
        not_sent = partial(report, UnlockReport(channel, Sent.NOT_SENT))
        if self._observe is None:
            not_sent()
            return
        lock = Lock(self._name, channel)
        start = partial(self._pulse, channel, report)
        self._supply.claim(lock, self._pulse_ms, self._kind, start, not_sent)

    def _pulse(self, channel: int, report: ReportUnlock, turn: Turn) -> None:
        self._post(partial(self._give_pulse, channel, report, turn))

    def _give_pulse(self, channel: int, report: ReportUnlock, turn: Turn) -> None:
        if self._observe is None:
            turn.unused()
            report(UnlockReport(channel, Sent.NOT_SENT))
            return
        self._cabinet.pulse(channel, self._pulse_ms)
        turn.began()
        lost = self._cabinet.replies_lost
        fault = BoardFault(self._name, FaultKind.NO_REPLY, f"unlock of channel {channel}") if lost else None
        report(UnlockReport(channel, Sent.NO_REPLY if lost else Sent.WRITTEN, fault))

    def _survey(self, answer: AnswerSurvey) -> None:
        def told(doors: Mapping[int, DoorReading]) -> None:
            answer({channel: replace(it, parcel=self._parcel(channel)) for channel, it in doors.items()})

        self._timers.call_later(ANSWER_MS, partial(self._doors.survey, told))

    def _as_seen(self, channel: int, settled: DoorReading) -> DoorReading:
        age_ms = 0 if self._read(channel) is settled.door else settled.age_ms
        return DoorReading(settled.door, age_ms, self._parcel(channel))

    def _parcel(self, channel: int) -> bool | None:
        if channel not in self._sensed or self._observe is None or self._cabinet.replies_lost:
            return None
        return self._cabinet.parcel_sensor(channel)

    def _read(self, channel: int) -> Door:
        silent = self._observe is None or self._cabinet.replies_lost
        return Door.UNKNOWN if silent else self._cabinet.sensor(channel)

    def _cabinet_changed(self, channel: int | None) -> None:
        self._post(partial(self._look, channel))

    def _look(self, channel: int | None) -> None:
        fault = (
            BoardFault(self._name, FaultKind.NO_REPLY, "its replies are lost") if self._cabinet.replies_lost else None
        )
        if fault != self._fault:
            self._fault = fault
            self._tell({})
        self._doors.look(None if channel is None else (channel,))
        self._look_inside(self._sensed if channel is None else (channel,))

    def _look_inside(self, channels: tuple[int, ...]) -> None:
        found = {channel: self._parcel(channel) for channel in channels}
        changes = {channel: it for channel, it in found.items() if it is not self._parcels.get(channel)}
        self._parcels |= changes
        if changes:
            self._tell({}, changes)

    def _tell(self, doors: dict[int, Door], parcels: Mapping[int, bool | None] | None = None) -> None:
        if self._observe is not None:
            self._observe(Observation(self._name, doors, self._fault, parcels or {}))
