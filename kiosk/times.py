"""How long each screen waits for somebody. All of it is configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, 1 to 3600."""

    idle_s: int = 45
    """Silence before "Still there?"."""
    technician_s: int = 120
    """The same for a technician, whose hands are elsewhere."""
    still_there_s: int = 20
    """To answer it; then home."""
    result_s: int = 9
    receipt_s: int = 20
    """A telephone has to be found first."""
    """A page that only tells."""
    opening_s: int = 25
    """After an unlock of which nothing more was heard."""
    reminder_s: int = 30
    """A door stands open: remind."""
    alarm_s: int = 125
    """A door stands open and the locker itself has not ended the visit, which it does at 120 s."""
    reopen_s: int = 60
    """How long the closed door's page offers *Reopen* where the locker named no moment."""
    deposit_answer_s: int = 45
    """How long the driver may think about *Done*; the locker counts it itself."""

    @classmethod
    def of(cls, given: Mapping[str, int]) -> Self:
        """The product's times, but for those given. Raises ValueError for an unknown name or an unlawful value."""
        known = [item.name for item in fields(cls)]
        for name in given:
            if name not in known:
                raise ValueError(f"there is no kiosk time {name!r}: the names are {', '.join(known)}")
        return cls(**given)

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if type(value) is not int or not 1 <= value <= 3600:
                raise ValueError(f"kiosk time {item.name} is {value!r}: give whole seconds from 1 to 3600")
