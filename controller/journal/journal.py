"""The open journal: where to commit, what to seal with, and what to do with old records."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from controller.domain.ids import WallMs
from controller.domain.state import State
from controller.journal import pruning, reading, snapshot
from controller.journal.audit import Broke, Walk, chain_start
from controller.journal.chain import Sealer, Signatures
from controller.journal.database import Identity, looking_into
from controller.journal.errors import Damage, DiskFull, JournalDamaged, JournalRefused
from controller.journal.files import DirectoryLock
from controller.journal.personal import find_notes
from controller.journal.store import Store


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a verification has come."""

    sequence: int
    of: int
    damage: Damage | None = None
    """What ended it early."""


@dataclass(slots=True)
class Journal:
    """All of it is called from one thread, the loop's, but for `verify_older` and `old_notes`, which may
    run in any.
    """

    data_dir: Path
    store: Store
    sealer: Sealer
    state: State
    """The fold of every record at opening. A new stream's is empty, and its first record must be `stream.started`."""
    cursor: int
    """The last record known at opening to be acknowledged, 0 for none."""
    damage: tuple[Damage, ...]
    """What was found broken at opening that the state does not depend on, to be recorded and told."""
    snapshot_at: int
    keys: Signatures
    lock: DirectoryLock

    def snapshot_due(self, state: State) -> bool:
        """Whether enough was recorded since the last snapshot."""
        return state.sequence - self.snapshot_at >= snapshot.SNAPSHOT_EVERY

    async def snapshot(self, state: State) -> bool:
        """Keep a snapshot of a committed `state`; False where the disk is full: the next start only takes longer.

        Raises `CommitFailed`.
        """
        sign, stream = self.keys.sign, self.sealer.stream
        try:
            await self.store.work(lambda tables: snapshot.save(tables, state, stream, sign))
        except DiskFull:
            return False
        self.snapshot_at = state.sequence
        return True

    def old_notes(self, before: WallMs) -> tuple[int, ...]:
        """Records older than `before` with a note beside them; none where they cannot be read, which `verify_older`
        tells of. In any thread.
        """
        try:
            return find_notes(self.data_dir, before)
        except (JournalDamaged, JournalRefused):
            return ()

    async def prune(self, before: WallMs, cursor: int) -> int:
        """Let up to 1,000 of the oldest records go, those older than `before` and below the acknowledged `cursor`.

        How many went: 0 when there are no more, when the disk is full, and when they cannot be read, which
        `verify_older` tells of. Raises `CommitFailed`.
        """
        sign, stream = self.keys.sign, self.sealer.stream
        try:
            planned = self.store.planned(before, cursor)
            if planned is None:
                return 0
            return await self.store.work(lambda tables: pruning.carry_out(tables, planned, stream, sign))
        except (JournalDamaged, DiskFull):
            return 0

    def verify_older(self) -> Iterator[Progress]:
        """Verify the whole chain while the locker runs, a chunk of 500 records with each step.

        The last step names the damage, if there is any.
        """
        identity, verify = Identity(self.sealer.locker, self.sealer.stream), self.keys.verify
        reached = of = 0
        try:
            with looking_into(self.data_dir) as connection:
                of = reading.last(connection).sequence
                walk = Walk(identity, verify, chain_start(connection, identity.stream, verify))
                for _ in walk.follow(connection):
                    reached = walk.head.sequence
                    yield Progress(reached, of)
        except (Broke, JournalDamaged) as broke:
            yield Progress(reached, of, broke.damage)

    async def close(self) -> None:
        """Store what is pending and let go of the directory, even where that raises `CommitFailed`.

        May be called again.
        """
        try:
            await self.store.close()
        finally:
            self.lock.release()

    def let_go(self) -> None:
        """Let go of the directory without writing anything more, as after a failed commit. May be called again."""
        self.store.let_go()
        self.lock.release()
