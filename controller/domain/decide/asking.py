"""Commands that only ask: whether that can be told now. The telling is the edge's, once this is on record."""

from controller.domain.commands import ReplayJournal, RunDiagnostics, SnapshotState
from controller.domain.inputs import Telling
from controller.domain.refusals import Refusal

MOST_REPLAYED = 1000
"""Records in one replay; whoever needs more asks again."""


def ask(command: ReplayJournal | SnapshotState | RunDiagnostics, telling: Telling) -> Refusal | None:
    """Why nothing is told, None where it will be."""
    if telling.busy:
        return Refusal.BUSY
    if not isinstance(command, ReplayJournal):
        return None
    if not telling.first <= command.first <= command.last <= telling.last:
        return Refusal.NOT_KEPT
    return Refusal.TOO_MANY_RECORDS if command.last - command.first >= MOST_REPLAYED else None
