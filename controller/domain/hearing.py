"""How far the carrier hears the locker. It is never on record: whoever passes a deadline says how it stands then."""

from dataclasses import dataclass

from controller.domain.ids import WallMs


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is known of the carrier's ears at one moment."""

    acknowledged: int = 0
    """The last record that the carrier is known to have; 0 for none."""
    since: WallMs | None = None
    """Since when it has heard the locker without a break; None while it does not."""

    def has(self, sequence: int) -> bool:
        """Whether the carrier has the record `sequence`."""
        return sequence <= self.acknowledged


DEAF = Hearing()
"""Nobody has heard anything yet."""
