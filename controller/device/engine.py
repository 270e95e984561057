"""The heart: decide, seal, commit, act, answer. One consumer of one inbox, the only writer of the journal.

Nothing acts and nobody is answered before the records that allow it are durable. What arrives while a commit is under
way joins the next one.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from controller.device.clock import Clock
from controller.device.record_budget import RecordBudget
from controller.device.seams import Committed, Listener, Locks, Sealer, Secrets, Store, Unattended
from controller.domain import events as ev
from controller.domain.answers import Answer, Noted
from controller.domain.cycles import is_unattended
from controller.domain.decide import Decision, Fresh, code_wanted, decide, digits_wanted
from controller.domain.decide.deadlines import next_due
from controller.domain.hearing import DEAF, Hearing
from controller.domain.ids import MonoMs
from controller.domain.inputs import Counted, DeadlinePassed, Input, Stopping
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import State
from controller.domain.step_times import StepTimes
from controller.journal.chain import SealedRecord
from controller.journal.errors import DiskFull
from controller.journal.tables import Batch

INBOX_LIMIT = 64
"""Questions waiting at once; more are turned away, readings and deadlines never."""
_LONGEST_SLEEP_S = 3600.0
"""The wall clock may be stepped: a hold's end is looked at again at least this often."""
_SHORTEST_SLEEP_S = 0.001
_RETRY_S = 5.0


class Unavailable(Exception):
    """The locker cannot decide now: too many are asking, or the journal could not be written. Nothing was done."""


@dataclass(slots=True)
class _Question:
    item: Input
    answer: asyncio.Future[Answer] | None


@dataclass(slots=True)
class _Round:
    """One trip through the heart: everything that is committed together."""

    state: State
    at: Stamp
    events: list[ev.Event] = field(default_factory=list)
    answers: list[tuple[asyncio.Future[Answer], Answer]] = field(default_factory=list)


class Engine:
    """The single writer. Lives on one asyncio loop; `run` is its only consumer."""

    def __init__(
        self,
        state: State,
        *,
        store: Store,
        sealer: Sealer,
        clock: Clock,
        secrets: Secrets,
        locks: Locks,
        unattended: Unattended,
        policy: Policy,
        budget: RecordBudget,
    ) -> None:
        self.policy = policy
        self._state = state
        self._store = store
        self._sealer = sealer
        self._clock = clock
        self._secrets = secrets
        self._locks = locks
        self._unattended = unattended
        self._budget = budget
        self._inbox: list[_Question] = []
        self._asking = 0
        self._wake = asyncio.Event()
        self._listeners: list[Listener] = []
        self._timer: asyncio.TimerHandle | None = None
        self._failed = False
        self._stopped = False
        self._waits_since: MonoMs | None = None
        self._hearing = DEAF
        self._times = StepTimes()

    @property
    def state(self) -> State:
        """The locker as it is on record; what is being decided does not show."""
        return self._state

    @property
    def carrier_hears(self) -> bool:
        """Whether the carrier hears the locker now."""
        return self._hearing.since is not None

    def waiting_ms(self) -> int:
        """How long the oldest thing put in has waited to be decided and committed; 0 when nothing waits."""
        return 0 if self._waits_since is None else self._clock.stamp().mono - self._waits_since

    def now(self) -> Stamp:
        """The moment, by the locker's own clock."""
        return self._clock.stamp()

    async def ask(self, item: Input) -> Answer:
        """Put `item` to the locker; its answer, once what it rests on is durable. Raises Unavailable."""
        if self._failed or self._stopped or self._asking >= INBOX_LIMIT:
            raise Unavailable("the locker cannot take this in now; ask again in a moment")
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asking += 1
        try:
            self._put(_Question(item, answer))
            return await answer
        finally:
            self._asking -= 1

    def tell(self, item: Input) -> None:
        """Put in something nobody waits for: a reading, a report, a deadline. On the loop only."""
        if not self._failed and not self._stopped:
            self._put(_Question(item, None))

    def hear(self, hearing: Hearing) -> None:
        """How far the carrier hears from now on. On the loop only."""
        self._hearing = hearing
        if not self._failed:
            self._set_timer()

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every commit; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def run(self) -> None:
        """Go round until `stop` was decided. Raises what a failed commit raised; nothing was answered yes by then."""
        self._set_timer()
        try:
            while not self._stopped:
                await self._wake.wait()
                self._wake.clear()
                batch, self._inbox = self._inbox, []
                await self._go_round(batch)
        finally:
            self._failed = not self._stopped
            self._turn_away(self._inbox)
            if self._timer is not None:
                self._timer.cancel()

    async def stop(self) -> None:
        """Record a clean stop as the last thing and end `run`."""
        await self.ask(Stopping())

    def _put(self, question: _Question) -> None:
        self._inbox.append(question)
        if self._waits_since is None:
            self._waits_since = self._clock.stamp().mono
        self._wake.set()

    async def _go_round(self, batch: list[_Question]) -> None:
        this, before = _Round(self._state, self._clock.stamp()), self._sealer.head
        try:
            sealed = await self._commit(this, batch)
        except DiskFull:
            self._sealer.rewind(before)
            self._try_again(batch)
            return
        except BaseException:
            self._turn_away(batch)
            raise
        self._state = this.state
        for waiting, answer in this.answers:
            if not waiting.done():
                waiting.set_result(answer)
        if sealed:
            committed = tuple(Committed(record.sequence, record.stamp, record.event) for record in sealed)
            for listener in tuple(self._listeners):
                listener(committed)
        self._waits_since = self._clock.stamp().mono if self._inbox else None
        self._set_timer()

    async def _commit(self, this: _Round, batch: list[_Question]) -> list[SealedRecord]:
        for question in batch:
            self._take(this, question)
        sealed = [self._sealer.seal(event, this.at, self._secrets.salt()) for event in this.events]
        if sealed:
            await self._store.commit(self._batch_of(sealed, this.state.stopped))
        return sealed

    def _take(self, this: _Round, question: _Question) -> None:
        answer = self._decide(this, question.item)
        if question.answer is not None:
            this.answers.append((question.answer, answer))

    def _decide(self, this: _Round, item: Input) -> Answer:
        if isinstance(item, Counted):
            if self._budget.admit(item, this.at.mono):
                self._add(this, decide(this.state, item, this.at, self.policy))
            return Noted()
        if isinstance(item, DeadlinePassed):
            self._decide_all(this, self._budget.take_due(this.at.mono))
        elif isinstance(item, Stopping):
            self._decide_all(this, self._budget.take_all())
            self._stopped = True
        decision = decide(this.state, item, this.at, self.policy, self._fresh(this, item))
        self._add(this, decision)
        if decision.counted is not None and self._budget.admit(decision.counted, this.at.mono):
            self._add(this, decide(this.state, decision.counted, this.at, self.policy))
        return decision.answer

    def _decide_all(self, this: _Round, items: Iterable[Input]) -> None:
        for item in items:
            self._add(this, decide(this.state, item, this.at, self.policy))

    def _add(self, this: _Round, decision: Decision) -> None:
        this.events.extend(decision.events)
        this.state = decision.state

    def _fresh(self, this: _Round, item: Input) -> Fresh | None:
        wanted = code_wanted(this.state, item, this.at, self.policy)
        parcel = this.state.parcels.get(wanted) if wanted is not None else None
        if parcel is None:
            return None
        digits = digits_wanted(item, parcel, self.policy)
        return Fresh(parcel.id, self._secrets.fresh_codes(parcel.id, parcel.carrier, digits))

    def _batch_of(self, sealed: list[SealedRecord], stopped: Mapping[str, object]) -> Batch:
        erase = tuple(
            sequence
            for record in sealed
            if isinstance(record.event, ev.PrivateErased)
            for sequence in record.event.sequences
        )
        unlocks = [record.event for record in sealed if isinstance(record.event, ev.UnlockAuthorised)]
        standing = frozenset(stopped) if stopped.keys() != self._state.stopped.keys() else None
        return Batch(tuple(sealed), erase=erase, on_durable=lambda: self._act(standing, unlocks))

    def _act(self, standing: frozenset[str] | None, unlocks: list[ev.UnlockAuthorised]) -> None:
        """Runs in the thread that committed: from here the frame goes straight to its board's queue. `standing` are
        the supplies that stand still from now on, None for the same as before.
        """
        if standing is not None:
            self._locks.stand_still(standing)
        for unlock in unlocks:
            way = self._unattended if is_unattended(unlock.purpose, unlock.session) else self._locks
            way.pulse(unlock.compartment)

    def _try_again(self, batch: list[_Question]) -> None:
        """No room for any of it: who asked is told no; what the doors said is put in again when there may be room."""
        self._turn_away(batch)
        for question in batch:
            if question.answer is None:
                asyncio.get_running_loop().call_later(_RETRY_S, self._put, question)

    def _turn_away(self, questions: list[_Question]) -> None:
        for question in questions:
            if question.answer is not None and not question.answer.done():
                question.answer.set_exception(Unavailable("the journal could not be written; nothing was done"))

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._stopped:
            return
        delay_s = self._next_delay_s()
        if delay_s is not None:
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._pass_deadline)

    def _pass_deadline(self) -> None:
        self.tell(DeadlinePassed(self._hearing))

    def _next_delay_s(self) -> float | None:
        due, now = next_due(self._state, self.policy, self._hearing, self._times), self._clock.stamp()
        summary = self._budget.next_due()
        delays = [at - now.mono for at in (due.mono, summary) if at is not None]
        if due.wall is not None:
            delays.append(due.wall - now.wall)
        if not delays:
            return None
        return min(max(min(delays) / 1000, _SHORTEST_SLEEP_S), _LONGEST_SLEEP_S)
