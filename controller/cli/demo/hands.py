"""What people do to the doors of the simulated cabinet, and what there is to be seen of them."""

from collections.abc import Callable, Mapping
from typing import Literal, assert_never

from controller.contract.wire_json import JsonObject
from controller.domain.allocation import status
from controller.domain.ids import CompartmentId, Purpose, Role
from controller.domain.state import Cycle, State
from firmware_bridge.cabinet import Cabinet, DoorTruth
from firmware_bridge.lock_board import Door

Act = Literal["pull", "shut", "put", "take", "force"]
Fault = Literal["jam", "says_open", "says_closed"]


class Hands:
    """The cabinet by the names of its doors. Raises KeyError for a door that is none."""

    def __init__(self, cabinet: Cabinet, channels: Mapping[str, int]) -> None:
        self._cabinet = cabinet
        self._channels = channels
        self._stuck: dict[int, Door] = {}

    def do(self, door: str, act: Act) -> bool:
        """Do this to a door: whether it could be done. A bolted one stays shut, and a shut one holds what it has."""
        channel = self._channels[door]
        match act:
            case "pull":
                return self._cabinet.open_door(channel)
            case "shut":
                return self._cabinet.close_door(channel)
            case "put":
                return self._cabinet.put_item(channel)
            case "take":
                return self._cabinet.take_item(channel)
            case "force":
                self._cabinet.force(channel)
                return True
            case _:
                assert_never(act)

    def break_(self, door: str, fault: Fault, broken: bool) -> None:
        """Switch a fault of one door on or off. A sensor that is stuck says the last thing it was told to."""
        channel = self._channels[door]
        if fault == "jam":
            self._cabinet.jam(channel, broken)
            return
        says = Door.OPEN if fault == "says_open" else Door.CLOSED
        self._cabinet.stick_sensor(channel, says if broken else None)
        if broken:
            self._stuck[channel] = says
        else:
            self._stuck.pop(channel, None)

    def silence(self, silent: bool) -> None:
        """From now on the board does, or does not, answer. It still does as it is told."""
        self._cabinet.lose_replies(silent)

    @property
    def silent(self) -> bool:
        """Whether the board's answers are lost."""
        return self._cabinet.replies_lost

    def follow(self, changed: Callable[[], None]) -> None:
        """Have `changed` called whenever a door, a sensor or the board does something new; in any thread."""
        self._cabinet.on_change(lambda channel: changed())

    def seen(self, state: State) -> dict[str, JsonObject]:
        """Every door: how it really stands, what the locker believes, and what a person would do with it next."""
        truths = self._cabinet.doors()
        found: dict[str, JsonObject] = {}
        for door, channel in self._channels.items():
            truth, compartment = truths[channel], state.compartments.get(CompartmentId(door))
            stuck = self._stuck.get(channel)
            found[door] = {
                "open": truth.open,
                "item": truth.item,
                "jammed": truth.jammed,
                "stuck": stuck.value if stuck is not None else None,
                "status": status(compartment, state).value if compartment is not None else None,
                "next": _next(truth, compartment.cycle if compartment is not None else None),
            }
        return found


def _next(truth: DoorTruth, cycle: Cycle | None) -> Act:
    if not truth.open:
        return "pull"
    if cycle is None or cycle.closed is not None:
        return "shut"
    brings = cycle.role is Role.DRIVER and cycle.purpose not in (Purpose.TAKE_BACK, Purpose.TAKE_AWAY)
    if brings:
        return "shut" if truth.item else "put"
    return "take" if truth.item else "shut"
