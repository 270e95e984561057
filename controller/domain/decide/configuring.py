"""Configurations from afar: taken whole or not at all, each version once, and never an older one."""

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer
from controller.domain.commands import ApplyConfig
from controller.domain.decide.draft import Decision, Draft
from controller.domain.inputs import ConfigRejected, SettingsOffered
from controller.domain.refusals import Refusal

MOST_KEYS = 8
"""Of what is wrong, on record; the rest is told."""
_LONGEST_KEY = 64


def offer(draft: Draft, offered: SettingsOffered) -> Decision:
    """It came by itself, for the broker keeps it and says it again with every connection."""
    if _is_known(draft, offered):
        return draft.answer(CommandAnswer("executed"))
    refusal = _refusal(draft, offered)
    if refusal is None:
        _accept(draft, offered)
        return draft.answer(CommandAnswer("executed"))
    keys = tuple(problem.key[:_LONGEST_KEY] for problem in offered.problems[:MOST_KEYS])
    rejected = ConfigRejected(refusal, offered.version, keys if refusal is Refusal.BAD_SETTINGS else (), offered.kid)
    return draft.count(rejected, CommandAnswer("refused", refusal.value))


def apply(draft: Draft, command: ApplyConfig, offered: SettingsOffered | None) -> Refusal | None:
    """By command: what came last is looked at once more, for the locker's own file may have changed since."""
    if offered is None or offered.version != command.version:
        return Refusal.NOT_OFFERED
    if _is_known(draft, offered):
        return None
    refusal = _refusal(draft, offered)
    if refusal is None:
        _accept(draft, offered)
    return refusal


def _is_known(draft: Draft, offered: SettingsOffered) -> bool:
    known = draft.state.desired
    return known is not None and (known.version, known.sha256) == (offered.version, offered.sha256)


def _refusal(draft: Draft, offered: SettingsOffered) -> Refusal | None:
    known = draft.state.desired
    if known is not None and offered.version < known.version:
        return Refusal.OLDER_VERSION
    if known is not None and offered.version == known.version:
        return Refusal.VERSION_USED
    return Refusal.BAD_SETTINGS if offered.problems else None


def _accept(draft: Draft, offered: SettingsOffered) -> None:
    draft.record(
        ev.ConfigAccepted(version=offered.version, sha256=offered.sha256, kid=offered.kid, settings=offered.settings)
    )
