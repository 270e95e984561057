"""What a recipient wants done with their parcel, as far as a machine can act on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    """None where the recipient said nothing about it."""

    locker: bool | None = None
    """False: not into a locker."""
    accessible: bool | None = None
    """True: a compartment whose handle can be reached from a wheelchair."""
