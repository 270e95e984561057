"""The rules alone, with doors that can be pushed and clocks that are turned by hand.

No engine, no disk, no thread. Like the engine it hands in fresh codes where they are wanted, pulses what was unlocked,
and comes back as soon as a deadline has passed. After every input everything in `locker_rules` must hold.
"""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from support.cabinet_in_hand import CabinetInHand
from support.locker_rules import SECRET, History, LockerRules, check_state, fold, fold_erased
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import Answer
from controller.domain.decide import Decision, Fresh, code_wanted, decide
from controller.domain.decide.deadlines import next_due
from controller.domain.evolve import evolve
from controller.domain.hearing import Hearing
from controller.domain.ids import ClockQuality, CodeHmac, CompartmentId, Door, MonoMs, ParcelId, Size, WallMs
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, State
from controller.domain.step_times import StepTimes
from controller.domain.strands import Change, changes
from controller.domain.trust import TrustedKey

E = TypeVar("E", bound=ev.Event)

A01, A02, A03, A04 = (CompartmentId(f"A0{n}") for n in (1, 2, 3, 4))
CABINET = (
    ev.CompartmentSpec(A01, Size.S),
    ev.CompartmentSpec(A02, Size.M),
    ev.CompartmentSpec(A03, Size.M),
    ev.CompartmentSpec(A04, Size.L),
)
SECOND_MS, MINUTE_MS, HOUR_MS = 1000, 60_000, 3_600_000
_FIRST = Stamp(WallMs(1_790_000_000_000), MonoMs(1000), 1, ClockQuality.NTP)


class HeartInHand:
    """One locker, from its first start on: what it is given, the time and the doors."""

    def __init__(
        self, policy: Policy | None = None, cabinet: Sequence[ev.CompartmentSpec] = CABINET, *, surveyed: bool = True
    ) -> None:
        self.policy = policy if policy is not None else a_policy()
        self.specs = tuple(cabinet)
        self.keys: tuple[TrustedKey, ...] = ()
        """What the keyring's file says."""
        self.device_key: inputs.DeviceKeyChange | None = None
        self.cabinet = CabinetInHand(spec.id for spec in cabinet)
        self.state = State()
        self.at = _FIRST
        self.history: History = []
        self.counted: list[inputs.Counted] = []
        self.carrier_hears = True
        """And acknowledges at once; otherwise it has what it had when it last did."""
        self.hearing = Hearing()
        self.power_fails_before_pulse = False
        """The next unlock is committed, and no lock ever hears of it."""
        self._rules = LockerRules(self.policy)
        self._numbers: Tally[str] = Tally()
        self._times = StepTimes()
        self.changes: set[tuple[str, Change]] = set()
        """What went from one state to another so far, by strand."""
        self.put(self._started())
        if surveyed:
            self.survey()

    # --- the heart, as plain as it gets -----------------------------------------------------------

    def put(self, item: inputs.Input) -> Answer:
        """A millisecond later: decide, fold, remember, pulse; then whatever is due by now."""
        self._advance(1)
        answer = self._put(item)
        self._pass_what_is_due()
        return answer

    def _put(self, item: inputs.Input) -> Answer:
        decision = self._decide(item)
        before = self.state
        for event in decision.events:
            self._rules.follow(before, event, self.at, item)
            after = evolve(before, event, self.at)
            self._note_changes(before, event, after)
            before = after
            self.history.append((self.at, event))
        assert before == decision.state
        self.state = decision.state
        self._check(decision)
        if decision.counted is not None:
            self.counted.append(decision.counted)
        for event in decision.events:
            if isinstance(event, ev.UnlockAuthorised):
                self._pulse(event.compartment)
        return decision.answer

    def _note_changes(self, before: State, event: ev.Event, after: State) -> None:
        for strand, change in changes(before, event.NAME, after):
            assert change in strand.changes, f"{strand.name}: {change} stands in no table of domain/strands.py"
            self.changes.add((strand.name, change))

    def _decide(self, item: inputs.Input) -> Decision:
        wanted = code_wanted(self.state, item, self.at, self.policy)
        fresh = None if wanted is None or wanted not in self.state.parcels else self.fresh(wanted)
        decision = decide(self.state, item, self.at, self.policy, fresh)
        assert decision == decide(self.state, item, self.at, self.policy, fresh), "decided twice, and not the same"
        return decision

    def _check(self, decision: Decision) -> None:
        assert SECRET not in repr(decision.answer)
        check_state(self.state)
        assert self.state.sequence == len(self.history)

    def check_replay(self) -> None:
        """The journal read from its start gives the locker as it is, with and without what was erased."""
        assert fold(self.history) == self.state
        assert fold_erased(self.history) == self.state

    def fresh(self, parcel: ParcelId) -> Fresh:
        """Three codes nobody has seen."""
        numbers = [self.next_number("code") for _ in range(3)]
        return Fresh(parcel, tuple(inputs.FreshCode(CodeHmac(f"{SECRET}{n}"), f"sealed-{n}") for n in numbers))

    def _pulse(self, id: CompartmentId) -> None:
        if self.power_fails_before_pulse:
            return
        was = self.cabinet.doors[id].reading
        self.cabinet.pulse(id)
        self.put(inputs.UnlockEnded(id, "written"))
        if self.cabinet.doors[id].reading is not was:
            self.read(id)

    def next_number(self, kind: str) -> int:
        """1, 2, 3 … of each kind."""
        self._numbers[kind] += 1
        return self._numbers[kind]

    # --- time and power ---------------------------------------------------------------------------

    def pass_ms(self, span_ms: int) -> None:
        """Let time go by on both clocks, deciding each deadline when it comes."""
        end = self.at.mono + span_ms
        while True:
            wait_ms = self._until_due()
            if wait_ms is None or self.at.mono + wait_ms > end:
                break
            self._advance(wait_ms)
            self._pass_what_is_due()
        self._advance(end - self.at.mono)

    def _until_due(self) -> int | None:
        heard = self._heard()
        due = next_due(self.state, self.policy, heard, self._times)
        assert due == next_due(self.state, self.policy, heard, StepTimes()), "what was found before says otherwise"
        waits = [due.mono - self.at.mono] if due.mono is not None else []
        if due.wall is not None:
            waits.append(due.wall - self.at.wall)
        return max(0, min(waits)) if waits else None

    def _heard(self) -> Hearing:
        if self.carrier_hears:
            since = self.hearing.since if self.hearing.since is not None else self.at.wall
            self.hearing = Hearing(self.state.sequence, since)
        else:
            self.hearing = replace(self.hearing, since=None)
        return self.hearing

    def _pass_what_is_due(self) -> None:
        while self._until_due() == 0:
            known = len(self.history)
            self._put(inputs.DeadlinePassed(self._heard()))
            assert len(self.history) > known, f"does not pass: {self.state.climbs}"

    def _advance(self, span_ms: int) -> None:
        self.at = replace(self.at, wall=WallMs(self.at.wall + span_ms), mono=MonoMs(self.at.mono + span_ms))

    def step_clock(self, forward_ms: int) -> None:
        """The wall clock jumps; powered time does not."""
        self.at = replace(self.at, wall=WallMs(self.at.wall + forward_ms))
        self.put(inputs.ClockMoved(MonoMs(forward_ms), synced=False))

    def set_clock(self, quality: ClockQuality) -> None:
        """How far the wall clock can be trusted from now on."""
        self.at = replace(self.at, clock=quality)

    def restart(self, off_ms: int = 0, *, clean: bool = False, survey: bool = True) -> list[ev.Event]:
        """End, stay off, start from the journal alone and look at the doors; what the start recorded."""
        if clean:
            self.put(inputs.Stopping())
        self.power_fails_before_pulse = False
        self.check_replay()
        self.at = replace(self.at, wall=WallMs(self.at.wall + off_ms), boot=self.at.boot + 1)
        known = len(self.history)
        self.put(self._started())
        recorded = [event for _, event in self.history[known:]]
        if survey:
            self.survey()
        return recorded

    def _started(self) -> inputs.Started:
        config = f"config-{len(self.specs)}"
        return inputs.Started("0.1.0", config, self.specs, self.at.boot, keys=self.keys, device_key=self.device_key)

    # --- doors ------------------------------------------------------------------------------------

    def survey(self) -> None:
        """Look at every door."""
        self.put(inputs.DoorsRead(self.cabinet.survey()))

    def read(self, id: CompartmentId) -> None:
        """What this door's sensor says now."""
        self.put(inputs.DoorsRead(((id, self.cabinet.doors[id].reading),)))

    def move(self, id: CompartmentId, door: Door) -> None:
        """Somebody's hand on a door, whether or not it should move."""
        self.cabinet.doors[id].open = door is Door.OPEN
        if not self.cabinet.doors[id].silent:
            self.read(id)

    def opens(self, id: CompartmentId) -> None:
        """The door comes open."""
        self.move(id, Door.OPEN)

    def closes(self, id: CompartmentId) -> None:
        """The door is pushed shut."""
        self.move(id, Door.CLOSED)

    def silence(self, id: CompartmentId) -> None:
        """The door's sensor says nothing any more."""
        self.cabinet.doors[id].silent = True
        self.read(id)

    def hear(self, id: CompartmentId) -> None:
        """It speaks again."""
        self.cabinet.doors[id].silent = False
        self.read(id)

    def jam(self, id: CompartmentId, jammed: bool = True) -> None:
        """The lock does not let go of the door any more, or does again."""
        self.cabinet.doors[id].jammed = jammed

    # --- looking ----------------------------------------------------------------------------------

    def all(self, kind: type[E]) -> list[E]:
        """Every event of this kind so far."""
        return [event for _, event in self.history if isinstance(event, kind)]

    def last(self, kind: type[E]) -> E:
        """The latest event of this kind."""
        return self.all(kind)[-1]

    def names_since(self, mark: int) -> list[str]:
        """The names of what happened after the first `mark` events."""
        return [event.NAME for _, event in self.history[mark:]]

    def __getitem__(self, id: CompartmentId) -> Compartment:
        """One compartment as it stands."""
        return self.state.compartments[id]
