"""From exec to doors surveyed and screen served, and what stays in memory; with an empty journal and with a long one.

`ratio` is to be 1.1 or less: a start reads the last snapshot and what came after it, never the whole journal.
"""

import contextlib
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from support.bench_board import QuickBoards
from support.bench_locker import write_config

DOORS = 60
EVENTS = 100_000
ROUNDS = 5


@contextlib.contextmanager
def daemon(directory: Path) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """`locker run` until its kiosk answers; yields it and the seconds that took."""
    port = _free_port()
    config = directory / "locker.toml"
    config.write_text(_with_port(config.read_text(), port))
    started = time.monotonic()
    command = [sys.executable, "-m", "controller.cli.main", "run", "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            _wait(port)
            yield process, time.monotonic() - started
        finally:
            process.terminate()


def main() -> None:
    boards = QuickBoards()
    with tempfile.TemporaryDirectory() as directory:
        empty, long = Path(directory, "empty"), Path(directory, "long")
        for each in (empty, long):
            each.mkdir()
            write_config(each, boards.port, DOORS)
        print(f"filling a journal with {EVENTS:,} events …", flush=True)
        subprocess.run([sys.executable, "-m", "support.bench_journal", str(long), str(EVENTS)], check=True)
        times: dict[str, list[float]] = {"empty": [], "long": []}
        memory = 0
        for _ in range(ROUNDS):
            for name, each in (("empty", empty), ("long", long)):
                with daemon(each) as (process, took_s):
                    times[name].append(took_s)
                    memory = _resident_kib(process.pid)
    boards.close()
    base, full = statistics.median(times["empty"]), statistics.median(times["long"])
    print(f"exec → screen served, {DOORS} doors surveyed: empty journal {base:.2f} s, {EVENTS:,} events {full:.2f} s")
    print(f"  ratio {full / base:.2f} (goal ≤ 1.1); imports alone {_imports_s():.2f} s")
    print(f"resident with kiosk, {DOORS} compartments: {memory / 1024:.0f} MiB (goal ≤ 80 MB)")


def _imports_s() -> float:
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import controller.device.app, kiosk.service"], check=True)
    return time.monotonic() - started


def _resident_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("the kernel does not say how much memory a process has")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _with_port(config: str, port: int) -> str:
    lines = [f'listen = "127.0.0.1:{port}"' if line.startswith("listen") else line for line in config.splitlines()]
    return "\n".join(lines)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if json.loads(connection.getresponse().read()) == {"result": "ok"}:
                return
        time.sleep(0.005)
    raise RuntimeError("the locker did not start within 30 s")


if __name__ == "__main__":
    main()
