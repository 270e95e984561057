"""Where the demo keeps its things, and the locker that stands there: its cabinet and its configuration file."""

import fcntl
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.cli.failure import Exit, Failed
from controller.contract.topics import DEFAULT_ROOT
from controller.device.settings import Settings, load
from controller.domain.ids import CarrierId
from controller.remote.key_set import TRUST_FILE, KeySet

LOCKER = "DEMO1"
ROOT = DEFAULT_ROOT
BOARD = "main"
_HOLD = "demo.lock"
_COLUMNS = ("SSSMM", "MML", "SSML")
_CARRIER = CarrierId("carrier")
CHANNELS: Mapping[str, int] = {f"A{number:02}": number for number in range(1, sum(map(len, _COLUMNS)) + 1)}
"""The channel on the board of every compartment."""


@dataclass(frozen=True, slots=True)
class House:
    """One directory for everything that a demo leaves behind."""

    directory: Path

    @property
    def config(self) -> Path:
        """The configuration of the locker."""
        return self.directory / "locker.toml"

    @property
    def carrier(self) -> Path:
        """The keys and records of the carrier."""
        return self.directory / "carrier"

    @property
    def contents(self) -> Path:
        """What is behind the doors, and which stand open."""
        return self.directory / "cabinet.json"

    def keys(self) -> KeySet:
        """The carrier's keys, made where there are none. Raises KeysMissing, OSError."""
        if (self.carrier / TRUST_FILE).exists():
            return KeySet.load(self.carrier)
        return KeySet.create(self.carrier, _CARRIER)

    def furnish(self, broker_port: int, listen: str) -> Settings:
        """Write the configuration anew, for the ports of this time. Raises SettingsError, OSError.

        The carrier's keys must have been made.
        """
        self.config.write_text(_TOML.format(broker_port=broker_port, listen=json.dumps(listen)) + _compartments())
        return load(self.config)


_TOML = f"""\
# Written anew by every `locker demo`.
[locker]
id = "{LOCKER}"
name = "Demo locker"
data_dir = "locker"
help_phone = "+1 555 0100"

[mqtt]
url = "mqtt://127.0.0.1:{{broker_port}}"
root = "{ROOT}"
protocol = "3.1.1"

[trust]
keyring = "carrier/{TRUST_FILE}"

[kiosk]
listen = {{listen}}
languages = ["en", "de"]

[notices]
channels = ["push", "sms", "email"]
canary_s = 0
tracking_link = "https://carrier.example/track/{{{{parcel}}}}"

[[supplies]]
name = "psu"

[[boards]]
name = "{BOARD}"
driver = "simulated"
supply = "psu"
"""


def _compartments() -> str:
    places = (
        (size, column, row) for column, sizes in enumerate(_COLUMNS, start=1) for row, size in enumerate(sizes, start=1)
    )
    return "".join(
        f'\n[[compartments]]\nid = "{id}"\nsize = "{size}"\nboard = "{BOARD}"\nchannel = {channel}\n'
        f"column = {column}\nrow = {row}\n"
        for (id, channel), (size, column, row) in zip(CHANNELS.items(), places, strict=True)
    )


@contextmanager
def open_house(data: Path | None) -> Iterator[House]:
    """The house in `data`, for this demo alone; where None, one that is gone afterwards. Raises `Failed`, OSError."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="locker-demo-") as directory:
            yield House(Path(directory))
    else:
        with _held(data) as directory:
            yield House(directory)


@contextmanager
def _held(data: Path) -> Iterator[Path]:
    if data.exists() and not data.is_dir():
        raise Failed(Exit.WRONG_USE, f"{data} is a file: name a directory, or one that is not there yet")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / _HOLD).open("w") as hold:
        try:
            fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            why = f"{data} is in use by another demo: end that one, or name another directory"
            raise Failed(Exit.WRONG_USE, why) from taken
        yield data.resolve()
