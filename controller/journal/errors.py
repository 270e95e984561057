"""What can be wrong with a journal, each with the sentence that says what to do."""

from dataclasses import dataclass

RESTORE = "Restore a backup, or move the data directory aside to begin a new stream; nothing was changed."


@dataclass(frozen=True, slots=True)
class Damage:
    """One break in a journal."""

    sequence: int | None
    """The record concerned; None where it is not one record."""
    what: str

    def __str__(self) -> str:
        return self.what if self.sequence is None else f"record {self.sequence}: {self.what}"


class JournalRefused(Exception):
    """The journal was not opened, and nothing in it was changed."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class JournalDamaged(JournalRefused):
    """The journal is damaged where the locker's state depends on it."""

    def __init__(self, damage: Damage, remedy: str = RESTORE) -> None:
        super().__init__(f"The journal is damaged: {damage}.", remedy)
        self.damage = damage


class CommitFailed(Exception):
    """A commit ended in an error: whether it is durable is unknown, nothing may act on it, the process must end."""


class DiskFull(Exception):
    """The disk is full even without the ballast. Nothing of the batch was stored."""
