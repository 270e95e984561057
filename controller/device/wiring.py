"""Which lock and which sensor belong to which compartment, and the way to and from the boards' threads.

An unlock leaves in the thread that made it durable. Everything boards say comes back through `post`, onto the loop.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from controller.device.contacts import Contacts
from controller.device.flapping import Flapping
from controller.device.parcel_sensors import ParcelSensors
from controller.domain.contacts import Contact
from controller.domain.ids import CompartmentId, Door
from controller.domain.inputs import BoardTrouble, DoorsRead, Input, UnlockEnded
from firmware_bridge import lock_board as bridge
from firmware_bridge.supply import Supply

ATTEND_MS = 15_000
"""How long boards look often after an unlock: a little longer than a door may take to open."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a board."""

    board: str
    channel: int


@dataclass(frozen=True, slots=True)
class Wires:
    """Where one compartment's lock and door sensor are connected."""

    lock: Place
    sensor: Place


def _nobody(item: Input) -> None:
    """Before the boards are open there is nothing to tell."""


class Wiring:
    """All boards of the cabinet as the engine sees them: locks by compartment, doors by compartment."""

    def __init__(
        self,
        boards: Mapping[str, bridge.LockBoard],
        supplies: Mapping[str, Supply],
        wires: Mapping[CompartmentId, Wires],
        contacts: Mapping[Place, Contact] | None = None,
        *,
        post: Callable[[Callable[[], None]], object],
        now_ms: Callable[[], int],
    ) -> None:
        """`post` hands a call over to the loop from any thread."""
        self._boards = boards
        self._supplies = supplies
        self._wires = wires
        self._by_sensor = {wire.sensor: id for id, wire in wires.items()}
        self._contact_at = {place: contact.name for place, contact in (contacts or {}).items()}
        self._contacts = Contacts({contact.name: contact for contact in (contacts or {}).values()})
        self._post = post
        self._tell: Callable[[Input], None] = _nobody
        self._now_ms = now_ms
        self._flapping: Flapping[CompartmentId, Door] = Flapping(flaps=Door.UNKNOWN)
        self._faults: dict[str, str | None] = {}
        self._parcels = ParcelSensors()
        self._rest_timer: asyncio.TimerHandle | None = None

    def open(self, tell: Callable[[Input], None]) -> None:
        """Start every board; `tell` is the engine's, on the loop. Missing hardware becomes a fault on record."""
        self._tell = tell
        for board in self._boards.values():
            board.open(self._observed)

    def close(self) -> None:
        """End every board; outputs are off."""
        if self._rest_timer is not None:
            self._rest_timer.cancel()
        for board in self._boards.values():
            board.close()

    def pulse(self, compartment: CompartmentId) -> None:
        """Hand one committed unlock to its board's queue; called in the committing thread."""
        wire = self._wires[compartment]
        self._boards[wire.lock.board].unlock(wire.lock.channel, lambda report: self._reported(compartment, report))
        self._boards[wire.sensor.board].attend(ATTEND_MS)

    def states(self) -> dict[str, bridge.BoardState]:
        """What every board knows at this moment, by its name. For any thread."""
        return {name: board.state() for name, board in self._boards.items()}

    def stand_still(self, supplies: frozenset[str]) -> None:
        """Stop these supplies, with whatever waits on them, and let all others go on."""
        for name, supply in self._supplies.items():
            if name in supplies:
                supply.stop()
            else:
                supply.resume()

    async def survey(self) -> DoorsRead:
        """Read every door of every board once."""
        answers = await asyncio.gather(*(self._ask_board(board) for board in self._boards.values()))
        found: dict[CompartmentId, Door] = dict.fromkeys(self._wires, Door.UNKNOWN)
        for name, doors in zip(self._boards, answers, strict=True):
            for channel, reading in doors.items():
                id = self._by_sensor.get(Place(name, channel))
                self._take_contact(Place(name, channel), Door(reading.door.value))
                if id is not None:
                    found[id] = Door(reading.door.value)
                    self._parcels.surveyed(id, reading.parcel)
        return DoorsRead(tuple(found.items()), self._parcels.about(self._wires))

    async def _ask_board(self, board: bridge.LockBoard) -> Mapping[int, bridge.DoorReading]:
        answered: asyncio.Future[Mapping[int, bridge.DoorReading]] = asyncio.get_running_loop().create_future()

        def answer(doors: Mapping[int, bridge.DoorReading]) -> None:
            self._post(lambda: answered.set_result(doors))

        board.survey(answer)
        return await answered

    def _reported(self, compartment: CompartmentId, report: bridge.UnlockReport) -> None:
        self._post(lambda: self._tell(UnlockEnded(compartment, report.sent.value)))

    def _observed(self, observation: bridge.Observation) -> None:
        self._post(lambda: self._take(observation))

    def _take(self, observation: bridge.Observation) -> None:
        now = self._now_ms()
        changed = []
        for channel, reading in observation.doors.items():
            id = self._by_sensor.get(Place(observation.board, channel))
            self._take_contact(Place(observation.board, channel), Door(reading.value))
            door = None if id is None else self._flapping.pass_on(id, Door(reading.value), now)
            if id is not None and door is not None:
                changed.append((id, door))
        self._tell_changes(changed, self._take_parcels(observation))
        self._look_again()
        self._take_fault(observation)

    def _take_contact(self, place: Place, reading: Door) -> None:
        name = self._contact_at.get(place)
        for read in () if name is None else self._contacts.take(name, reading, self._now_ms()):
            self._tell(read)

    def _take_parcels(self, observation: bridge.Observation) -> list[CompartmentId]:
        named = [(self._by_sensor.get(Place(observation.board, it)), word) for it, word in observation.parcels.items()]
        return [id for id, word in named if id is not None and self._parcels.take(id, word, self._now_ms())]

    def _take_fault(self, observation: bridge.Observation) -> None:
        kind = observation.fault.kind.value if observation.fault is not None else None
        if self._faults.get(observation.board) != kind:
            self._faults[observation.board] = kind
            self._tell(BoardTrouble(observation.board, kind))

    def _tell_changes(self, doors: Sequence[tuple[CompartmentId, Door]], sensed: Sequence[CompartmentId]) -> None:
        """A door that closes ends the time in which its parcel sensor was not listened to: it is told of again."""
        if doors or sensed:
            self._tell(DoorsRead(tuple(doors), self._parcels.about({*sensed, *(id for id, _ in doors)})))

    def _look_again(self) -> None:
        sensors = (self._flapping, self._parcels, self._contacts)
        rests = [at for at in (each.next_rest() for each in sensors) if at is not None]
        if rests and self._rest_timer is None:
            delay_s = max(0, min(rests) - self._now_ms()) / 1000
            self._rest_timer = asyncio.get_running_loop().call_later(delay_s, self._take_rested)

    def _take_rested(self) -> None:
        self._rest_timer = None
        now_ms = self._now_ms()
        self._tell_changes(self._flapping.take_rested(now_ms), self._parcels.take_rested(now_ms))
        for read in self._contacts.take_rested(now_ms):
            self._tell(read)
        self._look_again()
