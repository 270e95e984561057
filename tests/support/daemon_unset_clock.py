"""`locker run` on a machine whose clock did not go on while there was no power, and that no server sets: `CONFIG`.

Run as a script. The product knows nothing of this: here its methods are replaced from outside.
"""

import sys
from pathlib import Path

from controller.cli.daemon import run_daemon
from controller.device.clock import MachineSync
from firmware_bridge.computer import ThisComputer


def _no(machine: object) -> bool:
    return False


def _run(config: Path) -> int:
    ThisComputer.kept_time = _no  # type: ignore[method-assign, assignment]
    MachineSync.__call__ = _no  # type: ignore[method-assign, assignment]
    return run_daemon(config)


if __name__ == "__main__":
    sys.exit(_run(Path(sys.argv[1])))
