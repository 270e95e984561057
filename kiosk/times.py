"""How long each screen waits for somebody. All of it is configuration."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, 1 to 3600."""

    idle_s: int = 45
    """Silence before "Still there?"."""
    still_there_s: int = 20
    """To answer it; then home."""
    result_s: int = 9
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

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if type(value) is not int or not 1 <= value <= 3600:
                raise ValueError(f"kiosk time {item.name} is {value!r}: give whole seconds from 1 to 3600")
