"""What the locker answers to whoever asked, once it is committed."""

from dataclasses import dataclass
from enum import StrEnum

from controller.domain.ids import CompartmentId, Language, MonoMs, ParcelId, Size
from controller.domain.notices import Neighbour
from controller.domain.preferences import Preferences
from controller.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Noted:
    """Taken in; there is nothing more to say."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A lawful no, with how long to wait where waiting helps."""

    reason: Refusal
    retry_after_s: int = 0
    rules: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    """Other lockers that may have room for what this one does not take, the nearest first."""


@dataclass(frozen=True, slots=True)
class DoorUnlocked:
    """The unlock of these doors is committed and on its way to the board."""

    compartments: tuple[CompartmentId, ...]


@dataclass(frozen=True, slots=True)
class EvidenceWanted:
    """The recipient is let in, and the door stays shut until they have given this too.

    Each may name several, `|` between them, of which one is enough.
    """

    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinSent:
    """The carrier was asked to send a PIN, which is good until then."""

    until: MonoMs


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A driver may go on."""

    language: Language | None = None
    """What their carrier says they speak."""
    checklist: bool = False
    """They have to confirm the checklist before their first parcel."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the recipient wants, for the driver to read; `stale` where nobody has confirmed it for long."""

    preferences: Preferences
    note: str | None
    stale: bool


@dataclass(frozen=True, slots=True)
class PlanShown:
    """What will be done with the scanned parcel, by which rules, and what its recipient wants."""

    parcel: ParcelId
    pattern: str
    evidence: tuple[str, ...]
    hold_s: int
    size: Size
    rules: tuple[str, ...]
    ladder: str = ""
    wishes: Wishes | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The recipient of this parcel is being asked, through its carrier."""

    parcel: ParcelId


@dataclass(frozen=True, slots=True)
class Stored:
    """The parcel is in the locker's custody."""

    parcel: ParcelId
    compartment: CompartmentId


@dataclass(frozen=True, slots=True)
class ItemTaken:
    """What the driver scanned is what was to be taken away; its door is to be closed."""

    parcel: ParcelId
    compartment: CompartmentId


@dataclass(frozen=True, slots=True)
class ItemSettled:
    """One parcel less to be taken away; `missing` where it was not found."""

    parcel: ParcelId
    compartment: CompartmentId
    missing: bool


@dataclass(frozen=True, slots=True)
class Lately:
    """How one driver's deposits here went over the days that drift is counted, today among them."""

    deposits: int = 0
    failed_deposits: int = 0
    """Begun, and not brought to an end."""
    strays: int = 0
    """How often something lay in a compartment already."""


@dataclass(frozen=True, slots=True)
class SignedOut:
    """The driver's visit is over; `record` is the sequence of its summary."""

    deposited: int = 0
    taken_away: int = 0
    missing: int = 0
    refused: int = 0
    left: int = 0
    record: int | None = None
    lately: Lately = Lately()
    """Their own figures, and nobody else's."""


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What is to be told to whoever sent a command.

    `status` is `executed`, `refused`, `expired`, `duplicate` (then `first` is the first answer), `unknown` (its door
    was moving when the power went), or `started`: a door is moving, and `command.executed` or `command.refused` will
    tell.
    """

    status: str
    reason: str | None = None
    first: str | None = None
    outcome: str | None = None
    """What has become of it, where there is more to say than that it was executed."""


class Need(StrEnum):
    """Why a private part stays although somebody wants it gone."""

    LIVE_CODE = "live_code"
    """It opens a door for somebody; it goes when the parcel has left, or its code is revoked."""
    ANNOUNCED = "announced"
    """A driver or technician signs in by it; it goes when they are revoked."""
    DISPUTED = "disputed"
    """It shows how a disputed handoff went; it goes when the dispute was settled."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Private parts are gone, of the records `erased`; of the records `kept` they stay for now."""

    erased: tuple[int, ...]
    kept: dict[int, Need]


Answer = (
    Noted
    | Refused
    | DoorUnlocked
    | EvidenceWanted
    | PinSent
    | SignedIn
    | SignedOut
    | PlanShown
    | Asked
    | Stored
    | ItemTaken
    | ItemSettled
    | CommandAnswer
    | Erased
)
