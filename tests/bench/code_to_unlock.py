"""Code typed → unlock frame on the line, against the least that any durable server must do, interleaved in one run.

`ratio` is to be 1.3 or less. The floor is a POST to the same server that commits as many records to the same file.
"""

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from support.bench_board import QuickBoards
from support.bench_locker import write_config
from support.bench_marks import STEPS

PARCELS = 100
WARM_UP = 10


class Client:
    """One kept-alive connection, as a browser has."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"))
        self._cookie = ""

    def ask(self, method: str, path: str, body: object = None) -> tuple[object, int, int]:
        """The answer, and when it was asked and answered, monotonic ns."""
        headers = {"Content-Type": "application/json", "Cookie": self._cookie}
        raw = json.dumps(body)
        asked = time.monotonic_ns()
        self._connection.request(method, path, raw, headers)
        response = self._connection.getresponse()
        said = json.loads(response.read())
        answered = time.monotonic_ns()
        cookie = response.getheader("Set-Cookie")
        if cookie:
            self._cookie = cookie.partition(";")[0]
        return said, asked, answered


@dataclass
class Figures:
    """Milliseconds of every counted pickup."""

    floor: list[float] = field(default_factory=list)
    unlocked: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    steps: list[list[float]] = field(default_factory=list)


def main() -> None:
    boards = QuickBoards()
    with tempfile.TemporaryDirectory() as directory:
        write_config(Path(directory), boards.port, PARCELS)
        command = [sys.executable, "-m", "support.bench_locker", directory, str(PARCELS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            ready = json.loads(server.stdout.readline())
            for _ in range(PARCELS):  # the deposits, whose doors are told of by the one who fills the cabinet
                boards.unlocks.get(timeout=60)
            boards.obeying = True
            figures = measure(Client(ready["url"]), boards, list(ready["codes"].values()))
            server.communicate()
    boards.close()
    report(figures)


def measure(client: Client, boards: QuickBoards, codes: list[str]) -> Figures:
    """The floor, then a pickup, in turn, code after code."""
    figures = Figures()
    for number, code in enumerate(codes):
        body = {"code": code}
        _, asked, answered = client.ask("POST", "/floor/", body)
        said, typed, told = client.ask("POST", "/api/pickup", body)
        assert "accepted" in str(said), said
        _, _, frame_at = boards.unlocks.get(timeout=5)
        marks, _, _ = client.ask("GET", "/floor/")
        leave(client)
        if number >= WARM_UP:
            figures.floor.append((answered - asked) / 1e6)
            figures.unlocked.append((frame_at - typed) / 1e6)
            figures.answered.append((told - typed) / 1e6)
            assert isinstance(marks, list)
            figures.steps.append([(end - start) / 1e6 for start, end in pairwise([typed, *marks, frame_at])])
    return figures


def leave(client: Client) -> None:
    """Press *Got it* until the door has been seen to close, and end the visit."""
    deadline = time.monotonic() + 10
    while "accepted" not in str(client.ask("POST", "/api/visit/got-it", {})[0]):
        assert time.monotonic() < deadline, "the door was never seen to close"
        time.sleep(0.02)
    client.ask("POST", "/api/visit/start-again", {})


def report(figures: Figures) -> None:
    print(f"{len(figures.floor)} pickups, {PARCELS} compartments, idle")
    for name, times in (
        ("floor: POST echo + commit", figures.floor),
        ("code → frame", figures.unlocked),
        ("code → answer", figures.answered),
    ):
        cuts = statistics.quantiles(times, n=100)
        print(f"  {name:42} p50 {cuts[49]:6.2f} ms   p90 {cuts[89]:6.2f} ms   p99 {cuts[98]:6.2f} ms")
    print("  where the time from code to frame goes, medians:")
    names = [*(name for name, _, _ in STEPS), "the line hushed, the frame written and read"]
    for name, spent in zip(names, zip(*figures.steps, strict=True), strict=True):
        print(f"    {name:44} {statistics.median(spent):6.2f} ms")
    p50, base = statistics.median(figures.unlocked), statistics.median(figures.floor)
    print(f"  ratio of medians, code → frame / floor: {p50 / base:.2f} (goal ≤ 1.3)")
    print(f"  p99 / p50 of code → frame: {statistics.quantiles(figures.unlocked, n=100)[98] / p50:.1f} (goal ≤ 3)")


if __name__ == "__main__":
    main()
