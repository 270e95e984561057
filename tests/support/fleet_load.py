"""A load run: many simulated lockers, one backend, one broker that is killed with a backlog; and what it cost."""

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.broker import Mosquitto
from support.command_line import PROGRAM

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Load:
    """How much of it."""

    lockers: int
    rate: int
    seconds: int
    backlog: int
    """Records that are owed to the backend when the broker is killed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process used."""

    name: str
    cpu_s: float
    peak_mib: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    records: int
    connected_s: float
    """Until every locker was online for the first time."""
    backlog: int
    recovery_s: float
    """From the start of the new broker until the backlog had gone down to what the rate alone makes."""
    costs: tuple[Cost, ...]

    def lines(self) -> str:
        """For people."""
        costs = "".join(
            f"\n  {cost.name}: {cost.cpu_s:.0f} s of CPU, {cost.peak_mib} MiB at most" for cost in self.costs
        )
        return (
            f"\n{self.records} records; all online after {self.connected_s:.1f} s; a backlog of {self.backlog} was "
            f"made good {self.recovery_s:.1f} s after the broker was back{costs}"
        )


class Run:
    """The processes of one load run."""

    def __init__(self, folder: Path, broker: Mosquitto) -> None:
        self.folder, self.broker = folder, broker
        self._url = f"mqtt://127.0.0.1:{broker.port}"
        self._keys = folder / "keys"
        made = subprocess.run([*PROGRAM, "carrier", "keys", "--dir", self._keys], capture_output=True, check=False)
        assert made.returncode == 0, made.stderr
        self.backend: subprocess.Popen[bytes] | None = None
        self.costs: dict[str, Cost] = {}

    def start_backend(self) -> None:
        """`locker carrier serve`, which writes what it takes in to a file."""
        words = [*PROGRAM, "carrier", "serve", "--url", self._url, "--dir", str(self._keys), "--json"]
        with (self.folder / "backend.log").open("ab") as log:
            self.backend = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)

    def stop_backend(self) -> None:
        """End it in order."""
        assert self.backend is not None
        self.note("backend", self.backend.pid)
        self.backend.terminate()
        assert self.backend.wait(_PATIENCE_S) == 0

    def simulate(self, load: Load) -> subprocess.Popen[str]:
        """`locker fleet simulate`."""
        words = [*PROGRAM, "fleet", "simulate", "--url", self._url, "--trust", str(self._keys / "trust.json")]
        words += ["--lockers", str(load.lockers), "--rate", str(load.rate), "--seconds", str(load.seconds)]
        words += ["--settle", str(int(_PATIENCE_S)), "--heads", str(self.folder / "heads.json"), "--json"]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    def note(self, name: str, pid: int) -> None:
        """Remember what a process has used so far; what it used under the same name before is added."""
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        (peak,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
        before = self.costs.get(name, Cost(name, 0, 0))
        cpu_s = before.cpu_s + (int(stat[11]) + int(stat[12])) / _TICKS
        self.costs[name] = Cost(name, cpu_s, max(before.peak_mib, int(peak.split()[1]) // 1024))

    def check_streams(self) -> int:
        """That the backend holds every stream to its end, without a gap, as the lockers made it; how many records."""
        heads: dict[str, list[Any]] = json.loads((self.folder / "heads.json").read_text())
        made = {(locker, stream): (seq, bytes.fromhex(head)) for locker, (stream, seq, head) in heads.items() if seq}
        with closing(sqlite3.connect(self._keys / "carrier.db")) as store:
            ends = store.execute("SELECT locker, stream, seq, head FROM position").fetchall()
            counts = store.execute("SELECT locker, stream, count(*), max(seq) FROM record GROUP BY 1, 2").fetchall()
        assert {(locker, stream): (seq, head) for locker, stream, seq, head in ends} == made
        assert all(count == last for _, _, count, last in counts)
        assert len(counts) == len(made)
        return sum(count for _, _, count, _ in counts)


def run_load(folder: Path, load: Load) -> Outcome:
    """Carry it out. Raises AssertionError where a record is missing, twice or out of order."""
    broker = Mosquitto(folder, "persistence true", f"persistence_location {folder}/", "max_queued_messages 200000")
    broker.start()
    run = Run(folder, broker)
    run.start_backend()
    began = time.monotonic()
    with run.simulate(load) as crowd:
        try:
            _until(crowd, lambda told: told["online"] == load.lockers)
            connected_s = time.monotonic() - began
            _until(crowd, lambda told: told["acknowledged"] > load.rate)
            run.stop_backend()
            backlog = _until(crowd, lambda told: told["backlog"] >= load.backlog)["backlog"]
            run.note("broker", broker.pid)
            broker.kill()
            broker.start()
            again = time.monotonic()
            run.start_backend()
            _until(crowd, lambda told: told["backlog"] <= 2 * load.rate)
            recovery_s = time.monotonic() - again
            run.note("crowd", crowd.pid)
            crowd.communicate()
            assert crowd.wait(_PATIENCE_S) == 0
        finally:
            crowd.kill()
            run.note("broker", broker.pid)
            run.stop_backend()
            broker.stop()
    return Outcome(run.check_streams(), connected_s, backlog, recovery_s, tuple(run.costs.values()))


def _until(crowd: "subprocess.Popen[str]", met: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    assert crowd.stdout is not None
    told: dict[str, Any] = {}
    for line in crowd.stdout:
        told = json.loads(line)
        assert told["forks"] == 0
        if met(told):
            return told
    raise AssertionError(f"the simulation has ended before it came to this: {told}")
