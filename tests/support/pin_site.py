"""A site for a real daemon whose locks and doors hang on two GPIO chips of the kernel's simulator."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from support.broker import free_port
from support.daemon_premises import CARRIER, LOCKER, Premises
from support.kernel_chip import KernelChip
from support.kernel_trace import Drive, LineWatch

from controller.domain.ids import CarrierId
from controller.remote.key_set import TRUST_FILE, KeySet

DOORS_A_CHIP = 4
PULSE_MS = {"near": 150, "far": 700}
GAP_MS = 100

_CONFIG = """\
[locker]
id = "{locker}"
name = "Central station"
data_dir = "data"

[mqtt]
url = "{broker}"

[trust]
keyring = "{keyring}"

[kiosk]
listen = "{kiosk}"

[policy]
open_wait_ms = 5000
deposit_answer_ms = 20000

[[supplies]]
name = "psu"
gap_ms = {gap_ms}
"""
_BOARD = """
[[boards]]
name = "{board}"
driver = "gpio"
supply = "psu"
chip = "{chip}"
pulse_ms = {pulse_ms}
feedback = "closed_is_0"
pull = "none"
continuous_duty = true
"""
_COMPARTMENT = """
[[compartments]]
id = "{lock.compartment}"
size = "M"
board = "{lock.chip.label}"
lock_line = "{lock.line}"
door_line = {door_line}
active_high = {active_high}
"""


@dataclass(frozen=True, slots=True)
class PinLock:
    """One compartment's lines."""

    compartment: str
    chip: KernelChip
    line: str
    door: str
    active_high: bool
    number: int
    """Of the lock's line, as the kernel's trace calls it."""

    @property
    def energised(self) -> bool:
        """Whether its line has the level that energises it, now."""
        return self.chip.high(self.line) is self.active_high

    @property
    def open(self) -> bool:
        """Whether its door stands open."""
        return self.chip.high(self.door)

    def move_door(self, *, to_open: bool) -> None:
        """The door's switch, which connects its line to ground while the door is shut."""
        self.chip.push(self.door, high=to_open)


class Pulse(NamedTuple):
    """A lock was energised from one moment to another, on the kernel's clock; for ever where nobody ended it."""

    compartment: str
    on_s: float
    off_s: float

    @property
    def width_ms(self) -> float:
        """How long."""
        return (self.off_s - self.on_s) * 1000


@dataclass(frozen=True, slots=True)
class PinSite(Premises):
    """Everything around the daemon's process but the broker."""

    chips: tuple[KernelChip, ...]
    locks: tuple[PinLock, ...]
    watch: LineWatch
    since_s: float
    """Its chips' first moment: their lines may have the numbers of others that are gone."""

    def lock(self, compartment: str) -> PinLock:
        """The lock of a compartment."""
        return next(lock for lock in self.locks if lock.compartment == compartment)

    def energised(self) -> list[str]:
        """The compartments whose locks have current, now."""
        return [lock.compartment for lock in self.locks if lock.energised]

    def shut_all(self) -> None:
        """Shut every door."""
        for lock in self.locks:
            lock.move_door(to_open=False)

    def drives(self, lock: PinLock) -> list[Drive]:
        """Every level that a lock's line was ever given."""
        return [drive for drive in self.watch.drives(lock.number) if drive.at_s > self.since_s]

    def pulses(self) -> list[Pulse]:
        """Every time that any lock was energised, in order."""
        return sorted((pulse for lock in self.locks for pulse in self._pulses(lock)), key=lambda pulse: pulse.on_s)

    def _pulses(self, lock: PinLock) -> Iterator[Pulse]:
        last = Drive(lock.number, not lock.active_high, float("inf"))
        for drive, after in pairwise((*self.drives(lock), last)):
            if drive.high is lock.active_high:
                yield Pulse(lock.compartment, drive.at_s, after.at_s)

    def configure(self, chip_name: Callable[[KernelChip], str] = lambda chip: chip.device) -> None:
        """Write the configuration file."""
        boards = [
            _BOARD.format(board=chip.label, chip=chip_name(chip), pulse_ms=PULSE_MS[chip.label]) for chip in self.chips
        ]
        doors = [
            _COMPARTMENT.format(
                lock=lock, door_line=lock.chip.offset(lock.door), active_high="true" if lock.active_high else "false"
            )
            for lock in self.locks
        ]
        head = _CONFIG.format(
            locker=LOCKER,
            broker=self.broker_url,
            gap_ms=GAP_MS,
            keyring=f"{self.carrier_dir.name}/{TRUST_FILE}",
            kiosk=f"127.0.0.1:{self.kiosk_port}",
        )
        self.config.write_text(head + "".join(boards) + "".join(doors))


@contextmanager
def a_pin_site(folder: Path, broker_port: int, watch: LineWatch) -> Iterator[PinSite]:
    """A site with shut doors on two fresh chips, every other lock active low. The doors jump open at a pulse."""
    names = [f"{what}{n}" for n in range(1, DOORS_A_CHIP + 1) for what in ("LOCK", "DOOR")]
    since_s = time.monotonic()
    chips = tuple(KernelChip(label, names) for label in PULSE_MS)
    places = [(chip, n) for chip in chips for n in range(1, DOORS_A_CHIP + 1)]
    locks = tuple(
        PinLock(f"A{count:02}", chip, f"LOCK{n}", f"DOOR{n}", n % 2 == 1, chip.number(f"LOCK{n}"))
        for count, (chip, n) in enumerate(places, start=1)
    )
    for lock in locks:
        lock.chip.push(lock.line, high=not lock.active_high)  # the relay's own resistor
        lock.move_door(to_open=False)
    springs = {(lock.number, lock.active_high): lock for lock in locks}

    def jump_open(drive: Drive) -> None:
        if lock := springs.get((drive.line, drive.high)):
            lock.move_door(to_open=True)

    watch.tell(jump_open)
    try:
        keys = KeySet.create(folder / "carrier", CarrierId(CARRIER))
        site = PinSite(folder, free_port(), broker_port, keys, chips, locks, watch, since_s)
        site.configure()
        yield site
    finally:
        for chip in chips:
            chip.close()
