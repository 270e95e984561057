"""`python -m support.bench_idle PORT BOARDS SECONDS`: what the bridge costs while nothing happens, in this process."""

import sys
import threading
import time
from pathlib import Path

from firmware_bridge.bench import Bench
from firmware_bridge.board_spec import BoardSpec, ChannelLines
from firmware_bridge.drivers import build_boards
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

LINES = dict.fromkeys(range(1, 49), ChannelLines())


def main(port: str, boards: int, seconds: float) -> None:
    timers = ThreadTimers("supply")
    bench = Bench({"psu": Supply(SupplyRules("psu"), timers)}, timers)
    specs = [BoardSpec(f"b{at}", "kerong-cu48", "psu", LINES, port, address=at) for at in range(boards)]
    built = build_boards(specs, bench).values()
    for board in built:
        board.open(lambda observation: None)
    threading.Event().wait(1)
    before_s, began_s = time.process_time(), time.monotonic()
    threading.Event().wait(seconds)
    share = (time.process_time() - before_s) / (time.monotonic() - began_s)
    sys.stdout.write(f"{share:.2%} of a core, {_resident_kib() / 1024:.1f} MiB resident\n")
    for board in built:
        board.close()


def _resident_kib() -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
