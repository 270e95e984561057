"""RabbitMQ and NATS for one test each, on the shipped files but for paths and ports; they can be killed and started."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from support.broker import free_port

from controller.contract.broker import Broker

SHIPPED = Path(__file__).parents[2] / "config" / "brokers"
LOCKERS = ("L0042", "L0043")
_START_S = 120.0
_RABBIT = Path("/usr/lib/rabbitmq/bin")


class OtherBroker(Protocol):
    """What a test does with one."""

    def start(self) -> None:
        """Start it, and wait until it takes MQTT connections."""

    def kill(self) -> None:
        """SIGKILL."""

    def close(self) -> None:
        """End it, if it runs, and all that it has started."""

    def as_seen_by(self, name: str) -> Broker:
        """Where it is, for whoever has this certificate."""


def certificates(folder: Path) -> Path:
    """An authority and certificates for everybody, by the shipped script."""
    script = SHIPPED / "mosquitto" / "make-certificates.sh"
    names = ("broker=127.0.0.1", *LOCKERS, "backend", "operator", "watcher")
    subprocess.run([script, folder / "certs", *names], check=True, capture_output=True)
    return folder / "certs"


class _Process:
    """One broker process in a session of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.certs = folder, certificates(folder)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        with (self.folder / "out.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _START_S
        while not self._answers():
            said = (self.folder / "out.log").read_text()[-2000:]
            assert self.process.poll() is None, f"it did not start:\n{said}"
            assert time.monotonic() < deadline, f"it does not listen:\n{said}"
            time.sleep(0.05)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def as_seen_by(self, name: str) -> Broker:
        cert, key = self.certs / f"{name}.crt", self.certs / f"{name}.key"
        broker = Broker("127.0.0.1", self.port, tls=True)
        return replace(broker, ca_file=self.certs / "ca.crt", cert_file=cert, key_file=key)

    def ship(self, source: str, name: str, changes: Mapping[str, str]) -> None:
        """Copy a shipped file; every change must find its place."""
        text = (SHIPPED / source / name).read_text()
        for there, here in changes.items():
            assert there in text, there
            text = text.replace(there, here)
        (self.folder / name).write_text(text)


class Nats(_Process):
    """Debian's nats-server with JetStream."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        changes = {
            "/etc/nats/": f"{folder}/",
            "/var/lib/nats": f"{folder}/store",
            "0.0.0.0:8883": f"127.0.0.1:{self.port}",
            "127.0.0.1:4222": f"127.0.0.1:{free_port()}",
        }
        self.ship("nats", "nats.conf", changes)
        made = subprocess.run([SHIPPED / "nats" / "locker.sh", *LOCKERS], check=True, capture_output=True)
        (folder / "lockers.conf").write_bytes(made.stdout)

    def start(self) -> None:
        program = shutil.which("nats-server", path="/usr/sbin:/usr/bin")
        assert program is not None, "nats-server is not installed: apt-get install nats-server"
        self.run([program, "-c", "nats.conf"])

    def close(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)


class RabbitMq(_Process):
    """Debian's rabbitmq-server with its MQTT plugin, as a node of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._epmd = str(free_port())
        changes = {
            "/etc/rabbitmq/": f"{folder}/",
            "127.0.0.1:5672": f"127.0.0.1:{free_port()}",
            "mqtt.listeners.ssl.default = 8883": f"mqtt.listeners.ssl.1 = 127.0.0.1:{self.port}",
        }
        self.ship("rabbitmq", "rabbitmq.conf", changes)
        self.ship("rabbitmq", "definitions.json", {})
        (folder / "enabled_plugins").write_text("[rabbitmq_mqtt].\n")
        (folder / "home").mkdir()
        self._environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder / "home"),
            "RABBITMQ_NODENAME": "locker@localhost",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": self._epmd,
        }

    def start(self) -> None:
        program = _RABBIT / "rabbitmq-server"
        assert program.exists(), "rabbitmq-server is not installed: apt-get install rabbitmq-server"
        self.run([str(program)], self._environment)

    def add_lockers(self) -> None:
        """As the README says."""
        for locker in LOCKERS:
            made = subprocess.run([SHIPPED / "rabbitmq" / "locker.sh", locker], check=True, capture_output=True)
            file = self.folder / f"{locker}.json"
            file.write_bytes(made.stdout)
            command = [str(_RABBIT / "rabbitmqctl"), "import_definitions", str(file)]
            subprocess.run(command, env=self._environment, check=True, capture_output=True, timeout=_START_S)

    def close(self) -> None:
        if self.process is not None:
            self.kill()
        deadline = time.monotonic() + 20
        while not self._end_epmd():
            assert time.monotonic() < deadline, "epmd does not end"
            time.sleep(0.05)

    def _end_epmd(self) -> bool:
        """It outlives its nodes, and does not end before it has noticed that they did."""
        command = ["epmd", "-port", self._epmd, "-kill"]
        ended = subprocess.run(command, env=self._environment, check=False, capture_output=True, timeout=20)
        said = ended.stdout + ended.stderr
        return b"Killed" in said or b"Cannot connect" in said
