"""What is put to the locker about its configuration."""

from dataclasses import dataclass

from controller.domain.ids import KeyId
from controller.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """One thing that is wrong with what is wanted, as `locker check` would say it."""

    file: str
    key: str
    reason: str
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsOffered:
    """A configuration whose signature and audience were good, and what is wrong with it beside the locker's own."""

    version: int
    sha256: str
    settings: str
    kid: KeyId
    problems: tuple[SettingsProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigRejected:
    """A configuration that was not taken; it is counted, within a budget."""

    reason: Refusal
    version: int | None = None
    keys: tuple[str, ...] = ()
    """What is wrong, by its name in the configuration."""
    kid: KeyId | None = None
    count: int = 1
