"""Where time, chance, keys, disk and doors enter the engine; a simulation hands in its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from controller.domain.events import Event
from controller.domain.ids import CarrierId, CompartmentId, ParcelId
from controller.domain.inputs import FreshCode
from controller.domain.stamp import Stamp
from controller.journal.chain import Head, SealedRecord
from controller.journal.tables import Batch


class Store(Protocol):
    """Makes records durable."""

    async def commit(self, batch: Batch) -> None:
        """Return once the batch is durable, `batch.on_durable` having been called.

        Raises DiskFull when nothing of it was stored, CommitFailed when that is unknown.
        """


class Sealer(Protocol):
    """Chains and signs."""

    @property
    def head(self) -> Head:
        """The last record sealed."""

    def rewind(self, head: Head) -> None:
        """Forget what was sealed after `head`, which is known not to be stored."""

    def seal(self, event: Event, stamp: Stamp, salt: bytes) -> SealedRecord:
        """The next record of the stream."""


class Secrets(Protocol):
    """What only the edge may know: codes in the clear, and keys."""

    def fresh_codes(self, parcel: ParcelId, carrier: CarrierId, digits: int) -> tuple[FreshCode, ...]:
        """Several new ones, sealed to the carrier. Raises KeyError for one without an encryption key."""

    def salt(self) -> bytes:
        """16 random bytes."""


class Locks(Protocol):
    """The way to every lock of the cabinet."""

    def pulse(self, compartment: CompartmentId) -> None:
        """Hand one committed unlock to its board's queue. Called in the thread that made it durable; never blocks."""

    def stand_still(self, supplies: frozenset[str]) -> None:
        """From now on energise nothing on these supplies: what waits there is dropped. All others go on. Called in the
        thread that made it durable, before the unlocks of the same batch.
        """


class Unattended(Protocol):
    """The way to a lock whose door is opened from afar: nobody may be standing before it."""

    def pulse(self, compartment: CompartmentId) -> None:
        """As `Locks.pulse`, but announced."""


@dataclass(frozen=True, slots=True)
class Committed:
    """One event that is on record."""

    sequence: int
    stamp: Stamp
    event: Event


Listener = Callable[[Sequence[Committed]], None]
"""Called on the loop after each commit, the engine's state being the new one. Must not block or raise."""
