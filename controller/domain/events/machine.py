"""Events of the stream, the process, its clock and its configuration."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, CompartmentSpec, Event
from controller.domain.ids import FileId, KeyId, MonoMs


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStarted(Event):
    """The first record of a store; names the stream it follows, where there was one."""

    NAME = "stream.started"
    software: str
    previous_stream: str | None = None
    previous_sequence: str | None = None
    previous_head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BootStarted(Event):
    """The process started. Nobody has looked at the doors yet."""

    NAME = "boot.started"
    software: str
    unwatched_s: int | None
    """Seconds nobody was looking at the doors, by the wall clock; None when the clock is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanStop(Event):
    """The process said goodbye; nothing was waiting."""

    NAME = "boot.clean_stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class UncleanStop(Event):
    """Recorded at the next start: the process before this one did not say goodbye."""

    NAME = "boot.unclean_stop"
    ended_boot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped(Event):
    """The wall clock jumped forward. It never jumps back."""

    NAME = "clock.stepped"
    forward_ms: MonoMs


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSynced(Event):
    """The wall clock was confirmed by a time server."""

    NAME = "clock.synced"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigApplied(Event):
    """The cabinet as the configuration describes it from now on."""

    NAME = "config.applied"
    sha256: str
    compartments: tuple[CompartmentSpec, ...]
    version: int | None = None
    """Of what is told from afar and lies over the locker's own file; None where that file is all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigAccepted(Event):
    """An operator's configuration was checked and is kept; `config.applied` says when it has taken effect."""

    NAME = "config.accepted"
    version: int
    sha256: str
    """Of the settings, in UTF-8."""
    kid: KeyId
    settings: str | None = field(default=None, metadata=PRIVATE)
    """TOML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigRefused(Event):
    """A configuration from afar was not taken, and what was in force stays."""

    NAME = "config.refused"
    reason: str
    version: int | None = None
    keys: tuple[str, ...] = ()
    """What is wrong, by its name in the configuration; the first few."""
    kid: KeyId | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateErased(Event):
    """The private parts of these records were removed from the store in the same transaction."""

    NAME = "private.erased"
    sequences: tuple[int, ...]
    reason: str
    files: tuple[FileId, ...] = ()
    """Pictures that were erased from the disk as well."""
