"""The Mosquitto configuration that is shipped, running, with certificates made by the script beside it."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from support.broker import Mosquitto

from controller.contract.broker import Broker

SHIPPED = Path(__file__).parents[2] / "config" / "brokers" / "mosquitto"


class Shipped(Mosquitto):
    """A broker with the shipped files, but for the paths and the port of this test."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shipped = (SHIPPED / "mosquitto.conf").read_text()
        for there, here in (
            ("listener 8883", f"user root\nlistener {self.port} 127.0.0.1"),
            ("/etc/mosquitto/certs/", f"{folder}/certs/"),
            ("/etc/mosquitto/acl", str(folder / "acl")),
            ("/var/lib/mosquitto/", f"{folder}/"),
        ):
            assert there in shipped
            shipped = shipped.replace(there, here)
        self._config.write_text(shipped)
        shutil.copy(SHIPPED / "acl", folder / "acl")

    def as_seen_by(self, name: str, certs: Path) -> Broker:
        """The broker, with one client's certificate."""
        return self.with_files(certs / f"{name}.crt", certs / f"{name}.key", certs)

    def with_files(self, cert: Path, key: Path, certs: Path) -> Broker:
        """The broker, with the certificate in these files."""
        return replace(self.address, tls=True, ca_file=certs / "ca.crt", cert_file=cert, key_file=key)


def made(folder: Path, *names: str) -> Path:
    """An authority in a folder, and certificates by it."""
    subprocess.run([SHIPPED / "make-certificates.sh", folder, *names], check=True, capture_output=True)
    return folder
