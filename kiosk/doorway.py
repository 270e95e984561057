"""What the touchscreen needs of the controller, which hands in one object that can do this; nothing more is seen.

Protocols, so that neither side imports the other's classes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from controller.domain.answers import Answer, Refused
from controller.domain.events import Event
from controller.domain.ids import CodeHmac, CompartmentId, DriverNumber, MonoMs, SessionId, Size
from controller.domain.inputs import (
    BadgeRejected,
    BadgeShown,
    ContactGiven,
    FreshPinTyped,
    Input,
    PassRejected,
    PassShown,
    PinAsked,
    PinTyped,
    RecipientQuestioned,
    SignatureGiven,
    TechnicianProven,
    TechnicianShown,
    WishesConfirmed,
)
from controller.domain.preferences import Channel, Preferences
from controller.domain.staff import StaffKey
from controller.domain.stamp import Stamp
from controller.domain.state import State


class Place(Protocol):
    """Where one door stands in the cabinet, seen from the front."""

    @property
    def id(self) -> CompartmentId:
        """As printed on the door."""

    @property
    def size(self) -> Size:
        """The height it is drawn with."""

    @property
    def column(self) -> int:
        """From 0 at the left."""

    @property
    def row(self) -> int:
        """From 0 at the top of its column."""


class Site(Protocol):
    """What does not change while the locker runs."""

    @property
    def locker(self) -> str:
        """The locker's id, read out on the telephone."""

    @property
    def name(self) -> str:
        """What the place is called."""

    @property
    def telephone(self) -> str:
        """Who helps; empty where there is nobody to call."""

    @property
    def languages(self) -> Sequence[str]:
        """The first is the one that home returns to. Each has a catalogue in `kiosk/phrases`."""

    @property
    def places(self) -> Sequence[Place]:
        """Every compartment, once."""

    @property
    def label_patterns(self) -> Sequence[str]:
        """Full-match regular expressions of carriers' own labels."""

    @property
    def rules(self) -> Mapping[str, Mapping[str, str]]:
        """Each rule of handing over in words, by its id, by language."""

    @property
    def checklist(self) -> Mapping[str, Sequence[str]]:
        """What drivers confirm before their first parcel, by language."""

    @property
    def notes(self) -> Mapping[str, str]:
        """What is particular about the site, by language."""


class Happened(Protocol):
    """One committed event."""

    @property
    def stamp(self) -> Stamp:
        """When."""

    @property
    def event(self) -> Event:
        """What."""


Listener = Callable[[Sequence[Happened], State], None]
"""Called on the loop after each commit, in order. Must be quick and must not raise."""


class Doorway(Protocol):
    """The controller as the touchscreen sees it. Everything is called on the loop."""

    @property
    def site(self) -> Site:
        """The facts of this locker."""

    async def ask(self, item: Input) -> Answer | None:
        """Put this to the locker; the answer holds and is committed. None: not taken in, nothing will move (503)."""

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Hear of every commit from now on, until the returned function is called."""

    def state(self) -> State:
        """The committed state."""

    def now(self) -> MonoMs:
        """Powered time, the same that stamps bear as `mono`."""

    def healthy(self) -> bool:
        """Whether the locker has lately handled what was put to it."""

    def receipt(self, sequences: tuple[int, ...]) -> str | None:
        """The signed receipt of these committed records, as text for a QR code; None where there is none."""

    def typed_code(self, text: str) -> CodeHmac | None:
        """The code's HMAC; None for what no code can be: anything but 1 to 64 ASCII digits."""

    def presence(self, session: SessionId) -> str | None:
        """What a telephone before the screen reads there, good for 30 s and once; None while no carrier would hear."""

    def presence_over(self) -> None:
        """Whatever was read is worthless from now on."""

    def second_digits(self, text: str) -> int:
        """How many digits of a second identifier go with a code as long as this; 0 for none."""

    def typed_second(self, text: str) -> CodeHmac | None:
        """The HMAC of a second identifier; None for anything but 1 to 64 ASCII digits."""

    def asked_for_pin(self, session: SessionId) -> PinAsked:
        """A new PIN for whoever was let in, sealed to their carrier."""

    def typed_fresh_pin(self, text: str, session: SessionId) -> FreshPinTyped:
        """A PIN as it was typed."""

    async def signed(
        self, strokes: Sequence[Sequence[tuple[int, int]]], session: SessionId
    ) -> SignatureGiven | Refused | None:
        """A signature, drawn in a field of 1000 by 400, made into a picture and kept; None where the disk refuses."""

    def confirmed_wishes(self, session: SessionId, wanted: Preferences, away_days: int | None) -> WishesConfirmed:
        """What the recipient wants from now on; `away_days` None for what was known of it, 0 for not at all."""

    def given_contact(self, session: SessionId, channel: Channel, text: str) -> ContactGiven | None:
        """A number (`sms`) or an address (`email`), sealed to the carrier; None for what cannot be one."""

    def shown_pass(self, text: str, session: SessionId) -> PassShown | PassRejected:
        """Verify a pickup pass. A rejection has been counted already and need not be asked."""

    def shown_badge(self, text: str, session: SessionId) -> BadgeShown | TechnicianShown | BadgeRejected:
        """Verify a driver's or technician's badge. A rejection has been counted already and need not be asked."""

    def questioned(self, session: SessionId) -> RecipientQuestioned:
        """The driver has the recipient asked, if the carrier can be."""

    async def typed_pin(self, session: SessionId, who: StaffKey | DriverNumber, pin: str) -> PinTyped:
        """Compare a PIN with what was told of this person, or of whoever has this number; the locker judges."""

    async def proven(self, badge: TechnicianShown, pin: str) -> TechnicianProven:
        """The badge with the PIN that was typed for it, compared; the locker judges."""

    def diagnosis(self) -> Mapping[str, object]:
        """Boards, parts, network, clock and disk, for the technician."""
