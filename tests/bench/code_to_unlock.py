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
from pathlib import Path

from support.bench_board import QuickBoards
from support.bench_locker import write_config

PARCELS = 100
WARM_UP = 10


class Client:
    """One kept-alive connection, as a browser has."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"))
        self._cookie = ""

    def post(self, path: str, body: object) -> tuple[dict[str, object], int, int]:
        """The answer, and when it was asked and answered, monotonic ns."""
        headers = {"Content-Type": "application/json", "Cookie": self._cookie}
        raw = json.dumps(body)
        asked = time.monotonic_ns()
        self._connection.request("POST", path, raw, headers)
        response = self._connection.getresponse()
        said = json.loads(response.read())
        answered = time.monotonic_ns()
        cookie = response.getheader("Set-Cookie")
        if cookie:
            self._cookie = cookie.partition(";")[0]
        return said, asked, answered


def main() -> None:
    boards = QuickBoards()
    with tempfile.TemporaryDirectory() as directory:
        write_config(Path(directory), boards.port, PARCELS)
        command = [sys.executable, "-m", "support.bench_locker", directory, str(PARCELS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            ready = json.loads(server.stdout.readline())
            while not boards.unlocks.empty():
                boards.unlocks.get()
            floor, unlocked, answered = measure(Client(ready["url"]), boards, list(ready["codes"].values()))
            server.communicate()
    boards.close()
    report(floor, unlocked, answered)


def measure(client: Client, boards: QuickBoards, codes: list[str]) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each: the floor's answer, the frame, the pickup's answer."""
    floor, unlocked, answers = [], [], []
    for number, code in enumerate(codes):
        body = {"code": code}
        _, asked, answered = client.post("/floor/", body)
        said, typed, told = client.post("/api/pickup", body)
        assert said.get("result") == "accepted", said
        _, _, frame_at = boards.unlocks.get(timeout=5)
        leave(client)
        if number >= WARM_UP:
            floor.append((answered - asked) / 1e6)
            unlocked.append((frame_at - typed) / 1e6)
            answers.append((told - typed) / 1e6)
    return floor, unlocked, answers


def leave(client: Client) -> None:
    """Press *Got it* until the door has been seen to close, and end the visit."""
    deadline = time.monotonic() + 10
    while client.post("/api/visit/got-it", {})[0].get("result") != "accepted":
        assert time.monotonic() < deadline, "the door was never seen to close"
        time.sleep(0.02)
    client.post("/api/visit/start-again", {})


def report(floor: list[float], unlocked: list[float], answered: list[float]) -> None:
    print(f"{len(floor)} pickups, {PARCELS} compartments, idle")
    for name, times in (("floor: POST echo + commit", floor), ("code → frame", unlocked), ("code → answer", answered)):
        cuts = statistics.quantiles(times, n=100)
        print(f"  {name:26} p50 {cuts[49]:6.2f} ms   p90 {cuts[89]:6.2f} ms   p99 {cuts[98]:6.2f} ms")
    p50, base = statistics.median(unlocked), statistics.median(floor)
    print(f"  ratio of medians, code → frame / floor: {p50 / base:.2f} (goal ≤ 1.3)")
    print(f"  p99 / p50 of code → frame: {statistics.quantiles(unlocked, n=100)[98] / p50:.1f} (goal ≤ 3)")


if __name__ == "__main__":
    main()
