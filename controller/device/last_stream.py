"""Which stream this machine kept last, beside its keys: a journal that is gone leaves at least its name behind."""

import os
import re
from pathlib import Path

_NAME = "stream"
_STREAM = re.compile(r"[0-9a-f]{32}")


def last_stream(keys: Path) -> str | None:
    """The stream that was remembered; None where there was none, or its name cannot be read."""
    try:
        held = (keys / _NAME).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return held if _STREAM.fullmatch(held) else None


def remember_stream(keys: Path, stream: str) -> None:
    """Remember it, durably; the same again touches nothing. Raises OSError."""
    if last_stream(keys) == stream:
        return
    fresh = keys / f"{_NAME}.new"
    with fresh.open("w") as file:
        file.write(f"{stream}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(keys / _NAME)
