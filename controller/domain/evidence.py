"""What a person gives at the screen besides their code, and the files that show it later."""

from dataclasses import dataclass

from controller.domain.ids import CodeHmac, FileId, MonoMs, ParcelId, WallMs


@dataclass(frozen=True, slots=True)
class Pin:
    """The fresh PIN of one pickup, from when it was asked for until it is spent or too old."""

    hmac: CodeHmac | None
    """None: guessed at too often, and void; a new one can be asked for once this one's time is over."""
    asked: MonoMs
    until: MonoMs
    sequence: int
    """The record whose private part holds the HMAC."""
    wrong: int = 0
    """How often another was typed in its place."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Something that was given, encrypted on the disk, until its time there is over."""

    name: str
    """What it is evidence of: `signature`."""
    parcels: tuple[ParcelId, ...]
    kept_until: WallMs
    sequence: int
    """The record whose private part holds the salt of its digest."""
    disputed_at: WallMs | None = None
    """When somebody said that this handoff went wrong: it is kept for longer."""


def purge_at(file: EvidenceFile, dispute_days: int) -> WallMs:
    """When it is to be erased."""
    if file.disputed_at is None:
        return file.kept_until
    return max(file.kept_until, days_after(file.disputed_at, dispute_days))


def days_after(moment: WallMs, days: int) -> WallMs:
    """So many times 24 hours later."""
    return WallMs(moment + days * 86_400_000)


EvidenceFiles = dict[FileId, EvidenceFile]
