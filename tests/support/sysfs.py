"""A machine's /sys in a folder of the test's own, and a firmware that can be asked."""

from pathlib import Path


def write(root: Path, **files: str) -> None:
    """Lay files under `root`."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")


def firmware(folder: Path, says: str, code: int = 0) -> str:
    """A program in the place of `vcgencmd`."""
    program = folder / "vcgencmd"
    program.write_text(f'#!/bin/sh\n[ "$1" = get_throttled ] || exit 9\necho "{says}"\nexit {code}\n')
    program.chmod(0o755)
    return str(program)
