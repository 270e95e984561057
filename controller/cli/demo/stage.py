"""Everything the demo page shows and does, put together: doors, parcels, what people hold, what the carrier knows."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Literal

from controller.cli.demo.carrier import Carrier
from controller.cli.demo.hands import Act, Fault, Hands
from controller.cli.demo.house import LOCKER
from controller.cli.demo.ledger import Told
from controller.contract.result import Result
from controller.contract.wire_json import JSON, JsonObject
from controller.device.doorway import EngineDoorway
from controller.domain.ids import CompartmentId, ParcelId, Size
from controller.domain.labels import is_s10
from controller.remote.sender import NoAnswer, NotTaken

ParcelOrder = Literal["cancel", "reissue"]
DoorOrder = Literal["unlock", "unblock"]
Scanned = Callable[[str], Awaitable[object]]


class Stage:
    """All of it is called on the loop."""

    def __init__(self, doorway: EngineDoorway, carrier: Carrier, hands: Hands) -> None:
        self._doorway = doorway
        self._carrier = carrier
        self._hands = hands
        self.scanned: Scanned = _nobody
        """What takes in a scan, once the touchscreen is there."""

    def scene(self) -> JsonObject:
        """How everything stands now."""
        seen = self._hands.seen(self._doorway.state())
        doors: list[JSON] = [
            {"id": place.id, "size": place.size.value, "column": place.column, "row": place.row, **seen[place.id]}
            for place in self._doorway.site.places
        ]
        return {
            "locker": self._doorway.site.locker,
            "doors": doors,
            "silent": self._hands.silent,
            "parcels": [self._parcel(told) for told in self._carrier.ledger.parcels],
        }

    def lines(self, after: int) -> list[tuple[int, JsonObject]]:
        """What is shown of the records after that of the sequence `after`, with theirs, as far as remembered."""
        return [(sequence, line) for sequence, line in self._carrier.ledger.lines if sequence > after]

    def _parcel(self, told: Told) -> JsonObject:
        here = told.custody in ("stored", "collecting")
        return {
            "id": told.parcel,
            "number": told.number,
            "label": told.label,
            "size": told.size,
            "regulated": told.regulated,
            "custody": told.custody,
            "compartment": told.compartment,
            "gone": told.gone,
            "code": self._carrier.desk.code_of(LOCKER, ParcelId(told.parcel)) if here else None,
            "pin": self._carrier.pin_of(told.parcel) if here else None,
            "pass": self._carrier.pass_of(told.parcel) if here else None,
        }

    def badge(self) -> str:
        """The driver's badge, made anew for everybody who opens the page."""
        return self._carrier.badge()

    async def scan(self, text: str) -> None:
        """Hold something before the scanner."""
        await self.scanned(text)

    def use(self, door: str, act: Act) -> bool:
        """Do something to a door; raises KeyError for one that is none."""
        return self._hands.do(door, act)

    def break_(self, door: str, fault: Fault, broken: bool) -> None:
        """Switch a fault of a door on or off; raises KeyError for one that is none."""
        self._hands.break_(door, fault, broken)

    def silence(self, silent: bool) -> None:
        """Have the board's answers lost, or not."""
        self._hands.silence(silent)

    async def announce(self, size: Size, regulated: bool) -> JsonObject:
        """The carrier makes a parcel and announces it to the locker."""
        parcel, classes = ParcelId(f"P{secrets.token_hex(4)}"), ("regulated",) if regulated else ()
        return await _said(self._carrier.desk.expect(LOCKER, parcel, new_label(), size=size, classes=classes))

    async def order_parcel(self, parcel: str, order: ParcelOrder) -> JsonObject:
        """The carrier orders something about a parcel."""
        send = self._carrier.desk.cancel if order == "cancel" else self._carrier.desk.reissue
        return await _said(send(LOCKER, ParcelId(parcel)))

    async def order_door(self, door: str, order: DoorOrder) -> JsonObject:
        """The operator orders something about a door, from afar."""
        send = self._carrier.desk.unlock if order == "unlock" else self._carrier.desk.unblock
        return await _said(send(LOCKER, CompartmentId(door)))


def new_label() -> str:
    """A label that no parcel of this demo has, with its check digit (UPU S10)."""
    serial = f"{secrets.randbelow(100_000_000):08}"
    return next(label for digit in range(10) if is_s10(label := f"RR{serial}{digit}DE"))


async def _said(sent: Awaitable[Result]) -> JsonObject:
    try:
        result = await sent
    except (NoAnswer, NotTaken) as unanswered:
        return {"result": "unanswered", "reason": str(unanswered)}
    return {"result": result.status.value, "reason": result.reason}


async def _nobody(text: str) -> None:
    """Before the touchscreen is there, a scan is dropped as by any scanner."""
