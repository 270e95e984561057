"""Every screen there is: a name for the page and the facts it needs. Sentences stand in `phrases`, never here."""

from dataclasses import dataclass
from typing import ClassVar

from controller.domain.answers import SignedOut, Wishes
from controller.domain.claims import Claim
from controller.domain.ids import CompartmentId, DriverNumber, MonoMs, Size
from controller.domain.notices import Neighbour, Reply
from kiosk.proving_screens import EnterSecond, ProvingScreen
from kiosk.technician_screens import TechnicianScreen
from kiosk.wishing_screens import WishingScreen


@dataclass(frozen=True, slots=True)
class Home:
    """Asks what the visitor would like to do."""

    NAME: ClassVar[str] = "home"


# --- a recipient ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EnterCode:
    """`refused` is why the code before this one was not taken."""

    NAME: ClassVar[str] = "code"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ScanPass:
    """Hold the pass before the scanner; `refused` as above."""

    NAME: ClassVar[str] = "scan"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class UseApp:
    """A QR code for the carrier's app, row by row as in `Thanks`; `refused` is why there is none."""

    NAME: ClassVar[str] = "app"
    modules: tuple[str, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """Nobody's code is looked at before `retry_at`; passes are."""

    NAME: ClassVar[str] = "too_many_tries"
    retry_at: MonoMs


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """Only a person can go on from here; the page shows whom to call."""

    NAME: ClassVar[str] = "needs_person"
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The door is shut again. *Reopen* is offered until `reopen_until`."""

    NAME: ClassVar[str] = "outcome"
    reopen_until: MonoMs
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Claiming:
    """What is not right? `before` is the page of the closed door, as long as its door may be opened again."""

    NAME: ClassVar[str] = "claiming"
    before: Outcome


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the recipient said of their parcel is on record: what happens now."""

    NAME: ClassVar[str] = "claimed"
    claim: Claim


@dataclass(frozen=True, slots=True)
class Thanks:
    """Goodbye. `receipt` is a QR code to take along: a row of `0` and `1` for each of its lines."""

    NAME: ClassVar[str] = "thanks"
    receipt: tuple[str, ...] = ()


# --- doors, for whoever opened them ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doors:
    """At least one door of this visit is on its way or stands open; `urgent` once it has stood open for too long."""

    NAME: ClassVar[str] = "doors"
    urgent: bool = False
    scanned: bool = False
    """What was taken out has been scanned: only the door is to be closed."""
    refused: str | None = None
    """Why the last scan was not that of what was to be taken out."""


@dataclass(frozen=True, slots=True)
class DidNotOpen:
    """The lock was told and the door stayed shut."""

    NAME: ClassVar[str] = "did_not_open"


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The locker took nothing in. `before` comes back by itself."""

    NAME: ClassVar[str] = "unavailable"
    before: "Screen"


# --- a driver -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignIn:
    """Hold the badge before the scanner."""

    NAME: ClassVar[str] = "driver_sign_in"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class TypeNumber:
    """A driver's number, where there is no badge at hand."""

    NAME: ClassVar[str] = "driver_number"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ProveNumber:
    """The PIN that goes with the number that was typed."""

    NAME: ClassVar[str] = "driver_number_pin"
    number: DriverNumber
    refused: str | None = None
    retry_at: MonoMs | None = None
    """No PIN is looked at before."""


@dataclass(frozen=True, slots=True)
class ScanLabel:
    """The next parcel."""

    NAME: ClassVar[str] = "driver_scan"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is to be known about this place, to be confirmed before the first parcel."""

    NAME: ClassVar[str] = "driver_checklist"


@dataclass(frozen=True, slots=True)
class TypeDriverPin:
    """The PIN that goes with the badge: both are needed to take away."""

    NAME: ClassVar[str] = "driver_pin"
    refused: str | None = None
    retry_at: MonoMs | None = None
    """No PIN is looked at before."""


@dataclass(frozen=True, slots=True)
class TypeLabel:
    """For a label that no scanner reads."""

    NAME: ClassVar[str] = "driver_label"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """To be read and acknowledged before any door moves."""

    NAME: ClassVar[str] = "driver_plan"
    parcel: str
    size: Size
    hold_s: int
    evidence: tuple[str, ...]
    rules: tuple[str, ...]
    wishes: Wishes | None = None
    """What the recipient wants; None where nobody told the locker."""
    asked: bool = False
    """The recipient is being asked."""
    answered: Reply | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Keeps:
    """This parcel stays with the driver: why, and what next. `reason` is a refusal, `taken_back` or `unfinished`."""

    NAME: ClassVar[str] = "driver_keeps"
    reason: str
    rules: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    """Where it may be taken instead."""


@dataclass(frozen=True, slots=True)
class ConfirmDeposit:
    """The door is shut. Silence counts as *done*; `stuck` when it was asked for again and did not open."""

    NAME: ClassVar[str] = "driver_outcome"
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class DepositStored:
    """It is the locker's now."""

    NAME: ClassVar[str] = "driver_stored"
    compartment: CompartmentId


@dataclass(frozen=True, slots=True)
class TakeAway:
    """What is to be taken away; `refused` is why the last door did not open."""

    NAME: ClassVar[str] = "driver_take_away"
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ScanItem:
    """The door is shut again: scan what was behind it, or say that nothing was."""

    NAME: ClassVar[str] = "driver_item"
    refused: str | None = None
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class ItemDone:
    """One parcel less to be taken away."""

    NAME: ClassVar[str] = "driver_item_done"
    compartment: CompartmentId
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The driver has signed out, and this is on record."""

    NAME: ClassVar[str] = "driver_summary"
    said: SignedOut


Lobby = Home | EnterCode | EnterSecond | ScanPass | UseApp | TooManyTries | SignIn | TypeNumber | ProveNumber
"""Nobody has been let in yet."""
DriverIdle = ScanLabel | Checklist | TypeDriverPin | TypeLabel | ReadPlan | Keeps | DepositStored | TakeAway | ItemDone
"""A driver with no door in motion."""
Screen = (
    Lobby
    | DriverIdle
    | NeedsPerson
    | ProvingScreen
    | Outcome
    | Claiming
    | Claimed
    | Thanks
    | WishingScreen
    | Doors
    | DidNotOpen
    | Unavailable
    | ConfirmDeposit
    | ScanItem
    | Summary
    | TechnicianScreen
)
