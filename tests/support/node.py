"""Programs in JavaScript that judge this software from outside. `prepare.sh system` installs what they use."""

import json
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "system" / "node"
_LIMIT_S = 120


def judge(program: str, *words: str, stdin: bytes = b"") -> Any:
    """The JSON that a program in `tests/system/node` prints. Raises AssertionError where it fails."""
    command = ["node", str(FOLDER / program), *words]
    judged = subprocess.run(command, input=stdin, capture_output=True, timeout=_LIMIT_S, check=False)
    assert judged.returncode == 0, judged.stderr.decode()
    return json.loads(judged.stdout)
