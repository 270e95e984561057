"""Answers to what is asked by command, for lockers without a whole daemon around them."""

from collections.abc import Callable, Sequence

from support.heart import Heart

from controller.contract.link import Link
from controller.contract.topics import Topics
from controller.contract.wire_json import JsonObject
from controller.device.contents import contents
from controller.device.publisher import Records
from controller.device.replaying import Replay
from controller.device.telling import Teller, in_parts
from controller.domain.ids import CarrierId
from controller.domain.inputs import SettingsOffered

FINDING: JsonObject = {"part": "disk", "state": "found", "what": "there is room", "advice": ""}


def a_teller(link: Link, topics: Topics, records: Records, furthest: Callable[[], int], heart: Heart) -> Teller:
    """One that tells of this journal and of this state, and finds the disk alone."""

    def parcels(carrier: CarrierId | None) -> Sequence[JsonObject]:
        return contents(heart.engine.state, {}, carrier)

    async def findings() -> Sequence[JsonObject]:
        return in_parts("findings", [FINDING], 100, good=True)

    return Teller(Replay(link, topics, records), furthest, parcels, findings)


class NothingOffered:
    """No configuration is wanted from afar."""

    async def offered(self) -> SettingsOffered | None:
        """None."""
        return None
