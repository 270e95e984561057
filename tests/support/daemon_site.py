"""A site for a real daemon: its folder, its configuration, the carrier's keys, cabinet and scanner on ptys."""

import os
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.broker import free_port
from support.daemon_line import WatchedBoards, compartment_of
from support.daemon_premises import CARRIER, LOCKER, Premises

from controller.domain.ids import CarrierId
from controller.remote.key_set import TRUST_FILE, KeySet
from firmware_bridge.cabinet import Cabinet
from firmware_bridge.responders import Manner
from firmware_bridge.responders.kerong import Cu48Boards
from firmware_bridge.simulated_line import SimulatedLine
from firmware_bridge.timers import ThreadTimers

PULSE_MS = 150
PATIENT: Mapping[str, int] = {"open_wait_ms": 4000, "deposit_answer_ms": 2000, "reopen_ms": 20_000}
"""Deadlines short enough to wait for, long enough for two busy cores."""

_CONFIG = """\
[locker]
id = "{locker}"
name = "Central station"
data_dir = "data"

[mqtt]
url = "{broker}"

[trust]
keyring = "{keyring}"

[[supplies]]
name = "psu"

[[boards]]
name = "main"
driver = "kerong-cu48"
port = "{port}"
supply = "psu"
pulse_ms = {pulse_ms}

[kiosk]
listen = "{kiosk}"

[scanner]
port = "{scanner}"

[policy]
{policy}
"""
_COMPARTMENT = """
[[compartments]]
id = "{id}"
size = "M"
board = "main"
channel = {channel}
"""


class HandScanner:
    """What is held before it goes down its line."""

    def __init__(self) -> None:
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        self.port = f"pty:{os.ttyname(self._ends[1])}"

    def reads(self, text: str) -> None:
        """Somebody holds this before it."""
        os.write(self._ends[0], text.encode() + b"\r")

    def close(self) -> None:
        """Pull it out."""
        for end in self._ends:
            os.close(end)


@dataclass(frozen=True, slots=True)
class Site(Premises):
    """Everything around the daemon's process but the broker."""

    cabinet: Cabinet
    line: SimulatedLine
    scanner: HandScanner
    boards: WatchedBoards
    doors: int

    @property
    def compartments(self) -> list[str]:
        """Every compartment's name."""
        return [compartment_of(channel) for channel in range(1, self.doors + 1)]

    def configure(self) -> None:
        """Write the configuration file."""
        figures = "\n".join(f"{name} = {value}" for name, value in PATIENT.items())
        doors = "".join(_COMPARTMENT.format(id=id, channel=n) for n, id in enumerate(self.compartments, start=1))
        self.config.write_text(
            _CONFIG.format(
                locker=LOCKER,
                broker=self.broker_url,
                keyring=f"carrier/{TRUST_FILE}",
                port=self.line.port,
                scanner=self.scanner.port,
                pulse_ms=PULSE_MS,
                kiosk=f"127.0.0.1:{self.kiosk_port}",
                policy=figures,
            )
            + doors
        )


def make_keys(folder: Path) -> KeySet:
    """The carrier's keys, as `locker carrier keys` makes them."""
    return KeySet.create(folder, CarrierId(CARRIER))


@contextmanager
def a_site(
    folder: Path, broker_port: int, *, doors: int = 8, make_keys: Callable[[Path], KeySet] = make_keys
) -> Iterator[Site]:
    """A site with shut, empty compartments of size M that has never seen a daemon."""
    timers = ThreadTimers("cabinet")
    cabinet = Cabinet(range(1, doors + 1), timers)
    boards = WatchedBoards(Cu48Boards({0: cabinet}, Manner(PULSE_MS)), folder / "data")
    line, scanner = SimulatedLine(boards), HandScanner()
    try:
        keys = make_keys(folder / "carrier")
        site = Site(folder, free_port(), broker_port, keys, cabinet, line, scanner, boards, doors)
        site.configure()
        yield site
    finally:
        scanner.close()
        line.close()
        timers.close()
