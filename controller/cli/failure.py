"""How a command ends when it cannot do what it was asked, and the numbers that a shell sees."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    GOOD = 0
    NOT_GOOD = 1
    """Checked, and not good; or lawfully refused."""
    WRONG_USE = 2
    """Of the command or in the configuration."""
    UNREACHABLE = 3


class Failed(Exception):
    """The command ends with `code`; `lines` say what happened, to what, and what to do."""

    def __init__(self, code: Exit, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.code = code
        self.lines = lines
