"""What an operator wants of this locker's configuration, as it was accepted last."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Desired:
    """The part of the configuration that is told from afar; it lies over the locker's own file."""

    version: int
    """Rises with every one that is accepted."""
    sha256: str
    """Of `settings`, in UTF-8."""
    told_sequence: int
    """The record whose private part holds the settings."""
    settings: str | None
    """TOML; None where that part is gone."""
