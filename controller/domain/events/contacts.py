"""Events of the cabinet's contacts."""

from dataclasses import dataclass

from controller.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityTamper(Event):
    """The service door was opened, or the cabinet was moved."""

    NAME = "security.tamper"
    contact: str
    kind: str
    reason: str
    """`unattended`, or `attended`: a technician was signed in, or had locked the locker out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityTamperEnded(Event):
    """That contact is at rest again."""

    NAME = "security.tamper_ended"
    contact: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityFire(Event):
    """The building's fire alarm is on: no deposits; nothing opens by itself."""

    NAME = "security.fire"
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityFireEnded(Event):
    """It is off again."""

    NAME = "security.fire_ended"
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MainsLost(Event):
    """The locker runs on its battery."""

    NAME = "health.mains_lost"
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MainsRecovered(Event):
    """The mains are back."""

    NAME = "health.mains_recovered"
    contact: str
