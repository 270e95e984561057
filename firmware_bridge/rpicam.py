"""The Raspberry Pi's own cameras through `rpicam-still`, a program that is started for each picture and has a deadline.

`libcamera-still` is what it was called before 2023.
"""

import shutil
import subprocess
from typing import Final

from firmware_bridge.camera import CameraError
from firmware_bridge.faults import FaultKind

PROGRAMS: Final = ("rpicam-still", "libcamera-still")
SETTLE_MS: Final = 1_000
"""For exposure and focus, before the picture is taken."""
DEADLINE_S: Final = 10.0
LIST_S: Final = 3.0


class RpicamCamera:
    """The first camera that it knows. `program` stands in for the one that is installed."""

    def __init__(self, width: int, height: int, program: str | None = None, deadline_s: float = DEADLINE_S) -> None:
        self._size = ("--width", str(width), "--height", str(height))
        self._program = program
        self._deadline_s = deadline_s

    def take(self) -> bytes:
        """A JPEG. Raises CameraError."""
        settle = ("--nopreview", "--timeout", str(SETTLE_MS))
        return self._run(self._deadline_s, *settle, *self._size, "--encoding", "jpg", "--output", "-")

    def look(self) -> str:
        """The camera's line in the program's list. Raises CameraError."""
        for line in self._run(LIST_S, "--list-cameras").decode(errors="replace").splitlines():
            if line.startswith("0 : "):
                return line.removeprefix("0 : ")
        raise CameraError(FaultKind.PORT_MISSING, "rpicam-still knows no camera")

    def _run(self, deadline_s: float, *arguments: str) -> bytes:
        program = self._program or next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise CameraError(FaultKind.PROGRAM_MISSING, "rpicam-still, of the package rpicam-apps")
        try:
            return subprocess.run([program, *arguments], capture_output=True, timeout=deadline_s, check=True).stdout
        except FileNotFoundError as missing:
            raise CameraError(FaultKind.PROGRAM_MISSING, program) from missing
        except subprocess.TimeoutExpired as late:
            raise CameraError(FaultKind.NO_PICTURE, f"{program} took longer than {deadline_s:g} s") from late
        except subprocess.CalledProcessError as failed:
            said = failed.stderr.decode(errors="replace").strip().splitlines()
            why = said[-1][:200] if said else "without a word"
            raise CameraError(FaultKind.NO_PICTURE, f"{program} ended with {failed.returncode}: {why}") from failed
        except OSError as error:
            raise CameraError(FaultKind.PROGRAM_MISSING, f"{program}: {error.strerror}") from error
