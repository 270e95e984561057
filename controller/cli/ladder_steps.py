"""Steps of a ladder in words, for terminals and pages."""

from controller.cli.output import duration
from controller.domain.ladder import LadderRung


def in_words(step: LadderRung) -> str:
    """Such as `remind after 1 d`."""
    words = step.action.value.replace("_", " ") + (f" by {step.channel}" if step.channel else "")
    if step.after_s:
        return f"{words} after {duration(step.after_s)}"
    if not step.after_hold_s:
        return words if step.after_hold_s is None else f"{words} at the end of the hold"
    side = "before" if step.after_hold_s < 0 else "after"
    return f"{words} {duration(abs(step.after_hold_s))} {side} the end of the hold"
