"""What the carrier has been told, record by record: its parcels, and a line for each record."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from controller.contract.record import Record
from controller.contract.wire_json import JSON, JsonObject
from controller.domain.events import ParcelExpected
from controller.journal.chain import Broken, Verify, check_proof
from controller.remote.follower import read
from controller.remote.tidings import CUSTODY

LINES = 200
SETTLED = 6
"""So many parcels are shown that are gone already."""
_GONE = frozenset({"collected", "removed", "cancelled"})
_SEALED = frozenset({"code_jwe", "pin_jwe", "contact_jwe", "private"})


@dataclass(frozen=True, slots=True)
class Told:
    """A parcel as the records tell it; `number` counts the parcels of the stream from 1."""

    parcel: str
    number: int
    label: str
    size: str | None
    regulated: bool
    custody: str = "expected"
    compartment: str | None = None

    @property
    def gone(self) -> bool:
        """Whether nothing more will be heard of it."""
        return self.custody in _GONE


class Ledger:
    """The fold of one stream's records."""

    def __init__(self) -> None:
        self.lines: deque[tuple[int, JsonObject]] = deque(maxlen=LINES)
        """What is shown of each record, with its sequence; the latest last."""
        self._parcels: dict[str, Told] = {}
        self._count = 0
        self._last: int | None = None

    @property
    def parcels(self) -> list[Told]:
        """Every parcel that is on its way or here, and the latest of those that are gone; the oldest first."""
        return list(self._parcels.values())

    def recall(self, raws: Iterable[bytes], verify: Verify | None) -> None:
        """Begin with the records that are held; before this, nothing is taken, for it is among them."""
        self._last = 0
        for raw in raws:
            record = read(raw)
            if record is not None:
                self.take(record, _proven(record, verify))

    def take(self, record: Record, proven: bool | None) -> None:
        """One more record; `proven` as in `Notice`."""
        sequence = record.place.sequence
        if self._last is None or sequence <= self._last:
            return
        self._last = sequence
        self._fold(record)
        self.lines.append((sequence, self._line(record, proven)))

    def _fold(self, record: Record) -> None:
        parcel, custody = _text(record.data.get("parcel")), CUSTODY.get(record.name)
        if parcel is None or custody is None:
            return
        event = record.event(None) if record.name == ParcelExpected.NAME else None
        if isinstance(event, ParcelExpected):
            self._count += 1
            self._parcels[parcel] = Told(parcel, self._count, event.label, event.size, bool(event.classes))
        elif parcel in self._parcels:
            told = self._parcels.pop(parcel) if custody in _GONE else self._parcels[parcel]
            self._parcels[parcel] = replace(told, custody=custody, compartment=_text(record.data.get("compartment")))
        self._forget()

    def _forget(self) -> None:
        gone = [told.parcel for told in self._parcels.values() if told.gone]
        for parcel in gone[:-SETTLED]:
            del self._parcels[parcel]

    def _line(self, record: Record, proven: bool | None) -> JsonObject:
        told = self._parcels.get(_text(record.data.get("parcel")) or "")
        facts: dict[str, JSON] = {name: value for name, value in record.data.items() if name not in _SEALED}
        return {
            "sequence": record.place.sequence,
            "name": record.name,
            "at_ms": record.stamp.wall,
            "number": told.number if told is not None else None,
            "signed": record.proof is not None,
            "proven": proven is True,
            "facts": facts,
        }


def _proven(record: Record, verify: Verify | None) -> bool | None:
    try:
        return None if verify is None else check_proof(record, verify)
    except Broken:
        return None


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None
