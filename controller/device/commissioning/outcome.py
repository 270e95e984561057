"""What comes of a commissioning: from what was heard and tried to what is known of the cabinet. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from controller.device.commissioning.draft import Draft
from controller.device.commissioning.findings import Finding, findings
from controller.device.commissioning.learning import Learned, learn
from controller.device.commissioning.lines import Line
from controller.device.commissioning.orders import other_orders, reread
from controller.device.commissioning.progress import Progress
from firmware_bridge.codecs.lockboard_8a import StatusOrder


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of it. `orders` are the boards whose status bytes come in another order than the draft says."""

    draft: Draft
    progress: Progress
    lines: tuple[Line, ...]
    orders: Mapping[str, StatusOrder]
    learned: Learned
    findings: tuple[Finding, ...]


def conclude(draft: Draft, progress: Progress, lines: tuple[Line, ...]) -> Outcome:
    """Draw every conclusion from the trials made so far."""
    orders = other_orders(draft, progress.trials, lines)
    turned = {line.board: line.sensors for line in lines if line.board in orders}
    trials = reread(draft, progress.trials, turned)
    watched = any(line.sensors for line in lines) or any(trial.moved for trial in trials)
    learned = learn(draft.ids, draft.locks, trials, watched=watched)
    found = tuple(findings(learned, lines, orders))
    return Outcome(draft, replace(progress, trials=trials), lines, orders, learned, found)
