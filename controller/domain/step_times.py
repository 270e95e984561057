"""When each parcel's next step is due, looked up again only where something has changed."""

from dataclasses import dataclass

from controller.domain import climbing
from controller.domain.climb import Climb
from controller.domain.hearing import DEAF, Hearing
from controller.domain.ids import ParcelId, WallMs
from controller.domain.policy import Policy
from controller.domain.state import Parcel, State


@dataclass(frozen=True, slots=True)
class _Found:
    """What `climbing.due` said, and all that it depends on."""

    parcel: Parcel
    climb: Climb
    heard: bool
    due: WallMs | None


class StepTimes:
    """Remembers between two looks: with 1,000 parcels a look at every ladder takes as long as a pickup.

    Parcels and climbs never change, they are replaced: the same object means the same answer.
    """

    def __init__(self) -> None:
        self._found: dict[ParcelId, _Found] = {}
        self._policy: Policy | None = None
        self._since = DEAF.since

    def of(self, state: State, policy: Policy, hearing: Hearing) -> list[WallMs]:
        """When the next step of each parcel is due, of those that have one in sight."""
        before = self._found if policy is self._policy and hearing.since == self._since else {}
        self._policy, self._since = policy, hearing.since
        self._found = {
            id: _look(before.get(id), state.parcels[id], climb, policy, hearing) for id, climb in state.climbs.items()
        }
        return [found.due for found in self._found.values() if found.due is not None]


def _look(before: _Found | None, parcel: Parcel, climb: Climb, policy: Policy, hearing: Hearing) -> _Found:
    heard = hearing.has(climb.begun_sequence)
    if before is not None and before.parcel is parcel and before.climb is climb and before.heard is heard:
        return before
    return _Found(parcel, climb, heard, climbing.due(parcel, climb, policy, hearing))
