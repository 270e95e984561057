"""Events of unlocks, and what doors do."""

from dataclasses import dataclass, field

from controller.domain.events.base import PRIVATE, Event
from controller.domain.ids import CompartmentId, Door, Jti, MonoMs, ParcelId, Purpose, Role, SessionId

WIRING_FAULT = "wiring_fault"
"""Why such doors are quarantined; as long as one of them is, its supply stands still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockAuthorised(Event):
    """The committed permission without which no lock is pulsed. One authorisation is one pulse."""

    NAME = "unlock.authorised"
    compartment: CompartmentId
    purpose: Purpose
    role: Role
    parcel: ParcelId | None = None
    session: SessionId | None = None
    jti: Jti | None = None
    note: str | None = field(default=None, metadata=PRIVATE)
    """What an operator gave as the reason, in their own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockReported(Event):
    """The board said what became of the unlock."""

    NAME = "unlock.reported"
    compartment: CompartmentId
    sent: str
    """`written`, `acknowledged`, `rejected`, `no_reply`, `not_sent`; `already_open` for one of a door that stood open,
    whatever the board said; `unknown` after a restart; `no_feedback` when the time for opening has passed and the
    door's sensor says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    """A door was seen to open, and not by force."""

    NAME = "door.opened"
    compartment: CompartmentId
    cause: str
    """`unlock`; `late`: up to two minutes after an unlock nobody saw succeed; `unlatched`: it sprang open again right
    after closing; `unwatched`: while the power was off or the sensor silent; `wiring_fault`: another was to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorClosed(Event):
    """A door was seen to close."""

    NAME = "door.closed"
    compartment: CompartmentId
    open_ms: MonoMs | None
    """How long it stood open; None when part of that time nobody was looking."""
    watched: bool = True
    """Whether the closing itself was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLeftOpen(Event):
    """A door stood open past the alarm."""

    NAME = "door.left_open"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorForced(Event):
    """A door opened without anybody's permission."""

    NAME = "door.forced"
    compartment: CompartmentId
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorDidNotOpen(Event):
    """A door was seen to stay shut after its unlock."""

    NAME = "door.did_not_open"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorWiringFault(Event):
    """The lock of `compartment` was pulsed, its door stayed shut, and that of `opened` opened: wires are mixed up.

    Nothing is unlocked any more on the supply until both were looked at and put back into service.
    """

    NAME = "door.wiring_fault"
    compartment: CompartmentId
    opened: CompartmentId
    supply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSensorUnknown(Event):
    """No reading, or a sensor that flaps."""

    NAME = "door.sensor_unknown"
    compartment: CompartmentId
    flapping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSeen(Event):
    """The first reading after a start, or after a sensor was silent."""

    NAME = "door.seen"
    compartment: CompartmentId
    door: Door


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentSensed(Event):
    """Behind a closed door the parcel sensor says otherwise than was last recorded; nothing, before the first time."""

    NAME = "compartment.sensed"
    compartment: CompartmentId
    present: bool
    """Whether something is inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentQuarantined(Event):
    """Not given out until somebody looked inside."""

    NAME = "compartment.quarantined"
    compartment: CompartmentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentRestored(Event):
    """Back into service. The last of the doors that a wiring fault named also sets its supply going again."""

    NAME = "compartment.restored"
    compartment: CompartmentId
    note: str | None = field(default=None, metadata=PRIVATE)
    """What was given as the reason at the terminal, in their own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentOutOfService(Event):
    """Taken out of service by an operator."""

    NAME = "compartment.out_of_service"
    compartment: CompartmentId
    note: str | None = field(default=None, metadata=PRIVATE)
    """As with `CompartmentRestored`."""
