"""Events of the health of boards, disk and journal."""

from dataclasses import dataclass

from controller.domain.drift import Figure, Subject
from controller.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFaulted(Event):
    """A lock board stopped working as it should."""

    NAME = "health.board_fault"
    board: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRecovered(Event):
    """A lock board works again."""

    NAME = "health.board_recovered"
    board: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskLow(Event):
    """The disk is full: deposits are refused, pickups go on."""

    NAME = "health.disk_low"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskRecovered(Event):
    """There is room on the disk again."""

    NAME = "health.disk_recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undervoltage(Event):
    """The computer's power does not suffice."""

    NAME = "health.undervoltage"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoltageRecovered(Event):
    """It has sufficed for a while."""

    NAME = "health.voltage_recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overheat(Event):
    """The computer is too hot."""

    NAME = "health.overheat"
    celsius: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureRecovered(Event):
    """It has cooled down."""

    NAME = "health.temperature_recovered"
    celsius: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageError(Event):
    """Damage in the journal, older than the snapshot that was started from."""

    NAME = "health.storage_error"
    sequence: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthDrift(Event):
    """Something small has gone wrong so often of late that somebody should look."""

    NAME = "health.drift"
    figure: Figure
    about: Subject
    """A door, driver or channel; empty for the whole locker."""
    count: int
    limit: int
    days: int
    """Counted over so many, today among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthDriftOver(Event):
    """The same is below its limit again."""

    NAME = "health.drift_over"
    figure: Figure
    about: Subject
