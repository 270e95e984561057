"""Switches of the cabinet that belong to no compartment, and what each tells when it leaves its rest."""

from dataclasses import dataclass
from enum import StrEnum


class ContactKind(StrEnum):
    """What a contact watches over. The values stand in the configuration and in records."""

    SERVICE_DOOR = "service_door"
    """The door to the electronics."""
    TILT = "tilt"
    """The cabinet was moved."""
    MAINS = "mains"
    """The mains are gone; a battery carries the locker."""
    FIRE = "fire"
    """The building's fire alarm."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One of them, by the name it has in the configuration."""

    name: str
    kind: ContactKind
    rests_closed: bool = True
    """A switch that is open at rest cannot tell a cut wire from peace."""
