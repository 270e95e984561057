"""SIGTERM with a page open → the process is gone, outputs off and snapshot written: the daemon, and the whole demo.

The goal is 2 s each. Beside them, in the same run: how long a Python process that does nothing takes to start and end.
"""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support.daemon_kiosk import OpenStream
from support.daemon_storm import a_street
from support.demo import running_demo

ROUNDS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        daemons = stop_daemons(Path(directory))
    with tempfile.TemporaryDirectory() as directory:
        demos = [stop_a_demo(Path(directory)) for _ in range(ROUNDS)]
    nothing = [an_empty_process() for _ in range(ROUNDS)]
    for name, took_s in (("locker run", daemons), ("locker demo", demos), ("a process that does nothing", nothing)):
        middle, longest = statistics.median(took_s), max(took_s)
        print(f"  {name:28} p50 {middle:5.2f} s   longest of {len(took_s)} {longest:5.2f} s")
    print(f"  longest: {max(daemons + demos):.2f} s (goal ≤ 2 s)")


def stop_daemons(folder: Path) -> list[float]:
    """Seconds from the signal to the end, of a daemon with its broker, its boards and a page that looks on."""
    took_s = []
    with a_street(folder) as street:
        for _ in range(ROUNDS):
            street.daemon.run()
            page = OpenStream(street.site.kiosk_port)
            assert page.line() == "event: site"
            took_s.append(street.daemon.terminate())
            page.close()
    return took_s


def stop_a_demo(folder: Path) -> float:
    """The same of the demo."""
    with running_demo(folder, "--no-browser") as demo, socket.create_connection(("127.0.0.1", demo.port)) as page:
        page.sendall(f"GET /demo/live HTTP/1.1\r\nHost: 127.0.0.1:{demo.port}\r\n\r\n".encode())
        assert page.recv(12) == b"HTTP/1.1 200"
        code, took_s = demo.stop()
        assert code == 0
        return took_s


def an_empty_process() -> float:
    """What of it is the machine's."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
