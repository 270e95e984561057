"""Where a real daemon runs: a folder, the touchscreen's port, a broker and the carrier's keys, whatever its doors."""

from dataclasses import dataclass
from pathlib import Path

from controller.remote.key_set import KeySet

LOCKER = "L0042"
CARRIER = "acme"


@dataclass(frozen=True, slots=True)
class Premises:
    """What a daemon, its carrier and its broker need to know of one another."""

    folder: Path
    kiosk_port: int
    broker_port: int
    keys: KeySet

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "locker.toml"

    @property
    def data_dir(self) -> Path:
        """Where the journal stands."""
        return self.folder / "data"

    @property
    def carrier_dir(self) -> Path:
        """Where the carrier's keys and records are."""
        return self.folder / "carrier"

    @property
    def broker_url(self) -> str:
        """For whoever speaks MQTT."""
        return f"mqtt://127.0.0.1:{self.broker_port}"
