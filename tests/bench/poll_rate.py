"""How often the doors behind each serial protocol are polled, against what baud rate and board allow; how soon an
unlock is on its line; and what a cabinet costs that nobody touches.

`of limit` is to be 95 % or more. The limit is what the simulated line itself takes for question, turn-around and answer
at the boards' own speed, and the silence between two exchanges; a bare loop that does nothing else is measured beside
it. Rates are those of the median round in the try that was least disturbed: a machine that does other things holds some
of them up. Arguments: drivers, if not all are wanted.
"""

import statistics
import subprocess
import sys
import threading
import time

from support.bench_board import QuickBoards
from support.bench_line import TURNAROUND_MS, bare_rounds_ms, line_of, order_of, round_of, rounds_ms, spec_of

from firmware_bridge.bench import Bench
from firmware_bridge.builtin_responders import RESPONDERS
from firmware_bridge.drivers import build_boards
from firmware_bridge.lock_board import LockBoard
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.supply import Supply, SupplyRules
from firmware_bridge.timers import ThreadTimers

TRIES = 5
ROUNDS = 30
REST_S = 0.3
IDLE_S = 6
GOAL = 0.95


def main() -> None:
    drivers = sys.argv[1:] or sorted(RESPONDERS)
    print(f"doors polled, one board on a line, turn-around {TURNAROUND_MS} ms; unlock: handed over until on the line")
    print(f"{'driver':17} {'baud':>6} {'limit':>8} {'bare':>8} {'ours':>8}  of limit {'unlock p50':>11} {'max':>8}")
    short = [driver for driver in drivers if not measure(driver)]
    print(f"below {GOAL:.0%}: {', '.join(short) or 'none'}")
    idle()


def measure(driver: str) -> bool:
    """Print a driver's row, in rounds a second; returns whether it reaches the goal."""
    with line_of(driver) as line:
        latencies = unlock_latencies_ms(driver, line)
    told = f"{statistics.median(latencies):8.2f} ms {max(latencies):5.1f} ms"
    asked = round_of(driver)
    if asked is None:
        print(f"{driver:17} {'cannot be asked':>44} {told}", flush=True)
        return True
    bare, ours, seconds = [], [], ROUNDS * asked.least_ms / 1000
    with line_of(driver) as line:
        for _ in range(TRIES):
            bare.append(statistics.median(bare_rounds_ms(asked, line, seconds)))
            ours.append(statistics.median(rounds_ms(asked, line, seconds)))
    ratio = asked.least_ms / min(ours)
    figures = " ".join(f"{1000 / each:6.1f}/s" for each in (asked.least_ms, min(bare), min(ours)))
    print(f"{driver:17} {asked.codec.baud:6} {figures} {ratio:9.1%} {told}", flush=True)
    return ratio >= GOAL


def unlock_latencies_ms(driver: str, line: SimulatedLine) -> list[float]:
    """From the unlock handed to the board until its frame reached the other end, of a board that is polled idly."""
    timers = ThreadTimers("supply")
    spec = spec_of(driver, line.port)
    supply = Supply(SupplyRules("psu", max_energised=len(spec.channels), gap_ms=0), timers)
    board = build_boards([spec], Bench({"psu": supply}, timers))["main"]
    board.open(lambda observation: None)
    threading.Event().wait(1)
    latencies = [_latency_ms(board, channel, order_of(spec, channel), line) for channel in spec.channels]
    board.close()
    timers.close()
    return latencies


def _latency_ms(board: LockBoard, channel: int, order: bytes, line: SimulatedLine) -> float:
    """A question may be on the line just then; the rest of its exchange is waited for, and part of the latency."""
    reported, began_ns = threading.Event(), time.monotonic_ns()
    board.unlock(channel, lambda report: reported.set())
    heard = line.wait_for(lambda heard: heard.frame == order)
    reported.wait(5)
    threading.Event().wait(REST_S)
    return (heard.at_ns - began_ns) / 1_000_000


def idle() -> None:
    print(f"a cabinet that nobody touches, polled for {IDLE_S} s, alone in its process:")
    boards = QuickBoards()
    for count in (0, 1, 10):
        command = [sys.executable, "-m", "support.bench_idle", boards.port, str(count), str(IDLE_S)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"  {48 * count:4} doors: {told.strip()}", flush=True)
    boards.close()


if __name__ == "__main__":
    main()
