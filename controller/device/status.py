"""The locker as an operator at its terminal asks to see it: plain JSON, without any secret."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from controller.contract.codec import encode_data
from controller.contract.fields import wall_text
from controller.contract.wire_json import JSON, JsonObject
from controller.device.board_report import board_facts, door_facts
from controller.device.config_report import in_force
from controller.device.configuration import Configuration
from controller.device.drift_report import drift_facts
from controller.device.engine import Engine
from controller.device.mirror import COUNTED_AS
from controller.device.seams import Committed
from controller.device.waiting_report import channel_facts, notice_facts, site_facts, untold
from controller.domain.allocation import is_free, status
from controller.domain.cycles import is_moving
from controller.domain.ids import CompartmentId
from controller.domain.naming import carrier_of, name_of
from controller.domain.state import Compartment, Parcel
from firmware_bridge.faults import ADVICE, FaultKind
from firmware_bridge.lock_board import BoardState, DoorReading


class LinkState(Protocol):
    """Whether the broker can be reached."""

    @property
    def up(self) -> bool:
        """Whether it is connected."""

    @property
    def reason(self) -> str | None:
        """Why it is not, in words; None while it is."""


class StatusPage:
    """What the service socket answers with, from committed state and what the configuration says. On the loop only."""

    def __init__(
        self,
        configuration: Configuration,
        engine: Engine,
        *,
        software: str,
        stream: str,
        link: LinkState,
        cursor: Callable[[], int],
        boards: Callable[[], Mapping[str, BoardState]],
    ) -> None:
        """`cursor` gives the last record that the carrier is known to have, 0 for none; `boards` what each board knows
        at this moment, by its name.
        """
        settings = configuration.settings
        self._configuration = configuration
        self._settings = settings
        self._engine = engine
        self._link = link
        self._cursor = cursor
        self._boards = boards
        self._sensors = {CompartmentId(table.id): table.sensor for table in settings.compartments}
        self._software = software
        self._stream = stream
        self._started = engine.now()

    def status(self) -> JsonObject:
        """The machine, its boards and its doors. Times are RFC 3339, UTC; durations whole seconds."""
        state, now, boards = self._engine.state, self._engine.now(), self._boards()
        return {
            "locker": self._settings.locker.id,
            "name": self._settings.locker.name,
            "software": self._software,
            "time": wall_text(now.wall),
            "clock": now.clock.value,
            "started": wall_text(self._started.wall),
            "running_s": (now.mono - self._started.mono) // 1000,
            "boot": now.boot,
            "journal": {
                "stream": self._stream,
                "sequence": state.sequence,
                "acknowledged": self._cursor(),
                "waiting": state.sequence - self._cursor(),
                "disk_low": state.disk_low,
            },
            "broker": {
                "url": self._settings.mqtt.url,
                "connected": self._link.up,
                "reason": self._link.reason,
            },
            "boards": [
                {
                    "name": board.name,
                    "driver": board.driver,
                    "port": board.port,
                    **board_facts(boards.get(board.name)),
                }
                for board in self._settings.boards
            ],
            "parts": [_part(name, state.board_faults.get(name)) for name in self._settings.parts],
            "supplies": [
                {"name": supply.name, "wiring_fault": list(state.stopped.get(supply.name, ()))}
                for supply in self._settings.supplies
            ],
            "contacts": dict(state.contacts),
            "lockout_s": None if state.lockout is None else max(0, state.lockout.until - now.mono) // 1000,
            "site": site_facts(state),
            "channels": channel_facts(state),
            "untold": untold(state),
            "counts": self._counts(),
            "compartments": [
                self._compartment(each) | door_facts(self._reading(boards, each.id))
                for each in state.compartments.values()
            ],
        }

    def _reading(self, boards: Mapping[str, BoardState], id: CompartmentId) -> DoorReading | None:
        board, channel = self._sensors.get(id, ("", 0))
        return boards[board].doors.get(channel) if board in boards else None

    def parcels(self) -> JsonObject:
        """Every live parcel, those that wait in a compartment first; settled ones stand in the journal alone."""
        parcels = sorted(
            self._engine.state.parcels.values(), key=lambda p: (p.compartment is None, p.compartment, p.id)
        )
        notices = self._engine.state.notices
        return {"parcels": [_parcel(each) | {"notice": notice_facts(notices.get(each.id))} for each in parcels]}

    def config(self) -> JsonObject:
        """Every key of the configuration that somebody has set, and where."""
        return in_force(self._configuration)

    def drift(self) -> JsonObject:
        """What went a little wrong of late."""
        return drift_facts(self._engine.state, self._engine.now().wall, self._engine.policy)

    def _counts(self) -> JsonObject:
        state = self._engine.state
        counted = Counter(COUNTED_AS[status(each, state)] for each in state.compartments.values())
        return {name: counted[name] for name in dict.fromkeys(COUNTED_AS.values())}

    def _compartment(self, each: Compartment) -> JsonObject:
        state, now = self._engine.state, self._engine.now()
        return {
            "id": each.id,
            "size": each.spec.size.value,
            "status": status(each, state).value,
            "available": is_free(each, now.mono, self._engine.policy),
            "door": each.door.value,
            "door_for_s": (now.mono - each.door_since) // 1000,
            "left_open": each.left_open,
            "moving": is_moving(each),
            "quarantine": each.quarantine,
            "parcel": None if each.parcel is None else name_of(each.parcel),
            "carrier": None if each.parcel is None else carrier_of(each.parcel),
        }


def _part(name: str, fault: str | None) -> JsonObject:
    return {"name": name, "fault": fault, "advice": None if fault is None else ADVICE[FaultKind(fault)]}


def _parcel(parcel: Parcel) -> JsonObject:
    return {
        "parcel": parcel.name,
        "label": parcel.label,
        "carrier": parcel.carrier,
        "custody": parcel.custody.value,
        "compartment": parcel.compartment,
        "expected_at": wall_text(parcel.expected_at),
        "stored_at": _time(parcel.stored_at),
        "hold_until": _time(parcel.hold_until),
        "expired": parcel.expired,
        "cancelled": parcel.cancelled,
        "redirected": parcel.redirected,
    }


def _time(wall: int | None) -> JSON:
    return None if wall is None else wall_text(wall)


def happened(committed: Committed) -> JsonObject:
    """One committed event; its private part stays out."""
    return {
        "sequence": committed.sequence,
        "time": wall_text(committed.stamp.wall),
        "type": committed.event.NAME,
        "data": encode_data(committed.event),
    }
