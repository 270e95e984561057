"""What must be there by the rules. Its absence is an error of ours, never a person's, and ends the process."""

from typing import TypeVar

T = TypeVar("T")


class BrokenRuleError(Exception):
    """The state contradicts a rule of the domain: a bug."""


def certain(value: T | None, what: str) -> T:
    """`value`, which the rules promise is there. Raises BrokenRuleError, naming `what`, when it is not."""
    if value is None:
        raise BrokenRuleError(f"{what} is missing, against the rules; report it with the journal's tail")
    return value
