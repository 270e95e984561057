"""A week of backlog on its way to the carrier, against raw paho at the same window and against one record at a time.

Three cases on one mosquitto in one run, the same records in each; every far end is a process of its own.
`raw` publishes the stored bytes with paho alone, a window of 100 in flight, and a bare subscriber counts them.
`locker` is `locker run` with the whole backlog in its journal; a bare subscriber checks the order and acknowledges as
the custodian does. It is to drain at 65 % of `raw` or more, in memory that does not grow with the backlog.
`naive` keeps one record in flight and deletes it from a database when the broker has it.
"""

import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from support.bench_board import QuickBoards
from support.bench_locker import write_config
from support.broker import Mosquitto, running_mosquitto
from support.drain_ends import WINDOW, client

EVENTS = 100_000
NAIVE = 2_000
TOPIC = "locker/v1/BENCH/events"
QUEUE = ("max_queued_messages 200000", "max_inflight_messages 100")


@contextmanager
def far_end(broker: Mosquitto, topic: str, until: int, *keys: str) -> Iterator["subprocess.Popen[str]"]:
    """A subscriber that is ready."""
    words = [sys.executable, "-m", "support.drain_ends", "acknowledge" if keys else "count"]
    words += [str(broker.port), topic, str(until), *keys]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.terminate()


def rate(process: "subprocess.Popen[str]") -> float:
    """Records a second, once all are there."""
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    return float(told["records"]) / float(told["seconds"])


def raw(broker: Mosquitto, records: list[bytes]) -> float:
    """Paho alone, its window kept by the callback that says what the broker has."""
    room = threading.Semaphore(WINDOW)
    link = client(broker.port, "raw")
    link.on_publish = lambda *_: room.release()
    with far_end(broker, "raw/events", len(records)) as counter:
        link.loop_start()
        for record in records:
            room.acquire()
            link.publish("raw/events", record, qos=1)
        found = rate(counter)
        link.loop_stop()
    return found


def naive(broker: Mosquitto, records: list[bytes], folder: Path) -> float:
    """One in flight, deleted when it is confirmed."""
    link = client(broker.port, "naive")
    with closing(sqlite3.connect(folder / "naive.db", isolation_level=None)) as queue:
        queue.execute("PRAGMA journal_mode = WAL")
        queue.execute("PRAGMA synchronous = FULL")
        queue.execute("CREATE TABLE queue(seq INTEGER PRIMARY KEY, bytes BLOB)")
        queue.executemany("INSERT INTO queue(bytes) VALUES (?)", [(record,) for record in records])
        with far_end(broker, "naive/events", len(records)) as counter:
            link.loop_start()
            for number, record in enumerate(records, 1):
                link.publish("naive/events", record, qos=1).wait_for_publish()
                queue.execute("DELETE FROM queue WHERE seq = ?", (number,))
            found = rate(counter)
            link.loop_stop()
    return found


def locker(broker: Mosquitto, folder: Path, until: int) -> tuple[float, int]:
    """`locker run` with its backlog: records a second, and the MiB that were resident at most."""
    words = [sys.executable, "-m", "controller.cli.main", "run", "--config", str(folder / "locker.toml")]
    with (
        far_end(broker, TOPIC, until, str(folder / "keys")) as custodian,
        subprocess.Popen(words, stderr=subprocess.DEVNULL) as process,
    ):
        try:
            found = rate(custodian)
            _until_acknowledged(folder / "data" / "journal.db", until)
            return found, _peak_mib(process.pid)
        finally:
            process.terminate()


def _until_acknowledged(journal: Path, until: int) -> None:
    """The locker itself says that the carrier has everything."""
    deadline = time.monotonic() + 30
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as reading:
        while reading.execute("SELECT max(seq) FROM cursor").fetchone()[0] < until:
            assert time.monotonic() < deadline, "the cursor does not come to the end"
            time.sleep(0.05)


def _peak_mib(pid: int) -> int:
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def _stored(journal: Path) -> list[bytes]:
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as reading:
        return [bytes(row[0]) for row in reading.execute("SELECT bytes FROM record ORDER BY seq")]


def _filled(boards: QuickBoards, folder: Path, broker: Mosquitto, events: int) -> Path:
    folder.mkdir()
    write_config(folder, boards.port, 10, f"mqtt://127.0.0.1:{broker.port}")
    subprocess.run([sys.executable, "-m", "support.bench_journal", str(folder), str(events)], check=True)
    return folder


def main() -> None:
    boards = QuickBoards()
    with tempfile.TemporaryDirectory() as directory, running_mosquitto(Path(directory), *QUEUE) as broker:
        print(f"filling journals with {EVENTS // 10:,} and {EVENTS:,} events …", flush=True)
        tenth = _filled(boards, Path(directory, "tenth"), broker, EVENTS // 10)
        whole = _filled(boards, Path(directory, "whole"), broker, EVENTS)
        records = _stored(whole / "data" / "journal.db")
        one_by_one = naive(broker, records[:NAIVE], Path(directory))
        base = raw(broker, records)
        _, small = locker(broker, tenth, EVENTS // 10)
        drained, most = locker(broker, whole, EVENTS)
        again = raw(broker, records)
    boards.close()
    fair = (base + again) / 2
    print(
        f"raw paho, window {WINDOW}: {base:,.0f} and {again:,.0f} records/s; one at a time {one_by_one:,.0f} records/s"
    )
    share = 100 * drained / fair
    print(f"the locker with the carrier's ack: {drained:,.0f} records/s, {share:.0f} % of raw (goal ≥ 65 %)")
    print(f"at most {most} MiB resident with {EVENTS:,} records to send, {small} MiB with {EVENTS // 10:,}")


if __name__ == "__main__":
    main()
