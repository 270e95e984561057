"""A real mosquitto for one test: its own port, configuration and files; it can be killed and started again."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from controller.contract.broker import Broker, Protocol

DEADLINE_S = 10.0


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """One broker process. What it says goes to `log` in its folder."""

    def __init__(self, folder: Path, *lines: str) -> None:
        """`lines` are added to a configuration that listens on the loopback and lets anybody in."""
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        assert program is not None, "mosquitto is not installed: apt-get install mosquitto"
        self.port = free_port()
        self._log = folder / "log"
        self._config = folder / "mosquitto.conf"
        basis = [f"listener {self.port} 127.0.0.1", "allow_anonymous true", "user root"]
        self._config.write_text("\n".join([*basis, *lines]) + "\n")
        self._command = [program, "-c", str(self._config)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> Broker:
        """Where it is, speaking MQTT 5 and else 3.1.1."""
        return Broker("127.0.0.1", self.port, tls=False)

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process is not None
        return self._process.pid

    def speaking(self, protocol: Protocol) -> Broker:
        """Where it is, in one version alone."""
        return Broker("127.0.0.1", self.port, tls=False, protocol=protocol)

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + DEADLINE_S
        while not self._answers():
            assert self._process.poll() is None, f"mosquitto did not start:\n{self._log.read_text()}"
            assert time.monotonic() < deadline, "mosquitto does not listen"
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """SIGKILL: nothing is saved, nobody is told."""
        process = self._process
        assert process is not None
        process.kill()
        process.wait()
        self._process = None

    def stop(self) -> None:
        """End it in order, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(DEADLINE_S)
            self._process = None

    def said(self) -> str:
        """Its log so far."""
        return self._log.read_text()


@contextmanager
def running_mosquitto(folder: Path, *lines: str) -> Iterator[Mosquitto]:
    """A broker that runs from here to the end of the block."""
    broker = Mosquitto(folder, *lines)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
