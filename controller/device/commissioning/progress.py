"""How far a commissioning has come, kept in a file beside its output after every door, so that it can go on later."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from controller.contract.device_keys import write_private
from controller.device.commissioning.draft import Terminal
from controller.device.commissioning.learning import Moved, Trial


class OtherDraft(ValueError):
    """The file belongs to another draft, or is none; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known so far. `bauds` are the speeds at which boards were found to answer, by board."""

    draft: str
    """The digest of the draft it belongs to."""
    started: str
    """RFC 3339, UTC."""
    bauds: Mapping[str, int] = field(default_factory=dict)
    trials: Sequence[Trial] = ()

    def write(self, path: Path) -> None:
        """Keep it, whole or not at all. Raises OSError."""
        facts = {
            "draft": self.draft,
            "started": self.started,
            "bauds": dict(self.bauds),
            "trials": [trial_facts(trial) for trial in self.trials],
        }
        write_private(path, json.dumps(facts, indent=1).encode() + b"\n")

    @classmethod
    def read(cls, path: Path, draft: str) -> "Progress":
        """Take it up again. Raises `OtherDraft`, OSError."""
        try:
            facts = json.loads(path.read_bytes())
            progress = cls(facts["draft"], facts["started"], facts["bauds"], [_trial(it) for it in facts["trials"]])
        except (ValueError, KeyError, TypeError) as broken:
            raise OtherDraft(f"{path} is not the progress of a commissioning; remove it to begin anew") from broken
        if progress.draft != draft:
            raise OtherDraft(f"{path} belongs to another draft, or the draft was changed; remove it to begin anew")
        return progress


def trial_facts(trial: Trial) -> dict[str, object]:
    """A trial as JSON."""
    return {
        "board": trial.lock.board,
        "channel": trial.lock.channel,
        "opened": list(trial.opened),
        "moved": [
            {"board": it.sensor.board, "channel": it.sensor.channel, "closed": int(it.was_1)} for it in trial.moved
        ],
        "sent": trial.sent,
        "pulses": trial.pulses,
        "by": trial.by,
        "at": trial.at,
    }


def _trial(facts: Mapping[str, Any]) -> Trial:
    return Trial(
        lock=Terminal(facts["board"], facts["channel"]),
        opened=tuple(facts["opened"]),
        moved=tuple(Moved(Terminal(it["board"], it["channel"]), bool(it["closed"])) for it in facts["moved"]),
        sent=facts["sent"],
        pulses=facts["pulses"],
        by=facts["by"],
        at=facts["at"],
    )
