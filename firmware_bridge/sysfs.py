"""Single figures out of /sys, where a file that is not there, or refuses to be read, says nothing."""

from pathlib import Path


def read_text(file: Path) -> str | None:
    """What stands in it; None where it cannot be read."""
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None


def read_int(file: Path) -> int | None:
    """The whole number in it; None where there is none."""
    text = read_text(file)
    try:
        return None if text is None else int(text)
    except ValueError:
        return None
