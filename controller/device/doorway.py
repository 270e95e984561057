"""The controller as the touchscreen sees it: questions in, answers out, and no way to a lock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from controller.contract.credentials import open_badge, open_pass
from controller.contract.keys import Keyring
from controller.contract.presence_text import presence_text
from controller.contract.technician_badge import open_technician_badge
from controller.device.engine import Engine, Unavailable
from controller.device.pins import Pins
from controller.device.presence_nonces import PresenceNonces
from controller.device.proving import Proving
from controller.device.receipts import Receipts
from controller.device.seams import Committed
from controller.device.seconds import Seconds
from controller.device.secrets import typed_code
from controller.device.wishing import Wishing
from controller.domain.answers import Answer
from controller.domain.ids import MINUTE_MS, CodeHmac, CompartmentId, DriverNumber, MonoMs, SessionId, Size
from controller.domain.inputs import (
    BadgeRejected,
    BadgeShown,
    Input,
    PassRejected,
    PassShown,
    PinTyped,
    RecipientQuestioned,
    TechnicianProven,
    TechnicianShown,
)
from controller.domain.staff import StaffKey, key_of
from controller.domain.state import State

Listener = Callable[[Sequence[Committed], State], None]
SIGN_OF_LIFE_MS = MINUTE_MS
"""An engine that has not gone round for this long while somebody waits is not healthy."""


@dataclass(frozen=True, slots=True)
class DoorPlace:
    """Where one door stands in the cabinet, seen from the front; column and row count from 0 at the top left."""

    id: CompartmentId
    size: Size
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Site:
    """What does not change while the locker runs."""

    locker: str
    name: str
    telephone: str
    languages: tuple[str, ...]
    places: tuple[DoorPlace, ...]
    label_patterns: tuple[str, ...]
    rules: Mapping[str, Mapping[str, str]]
    """Each rule of handing over in words, by its id, by language."""
    checklist: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What drivers confirm before their first parcel, by language."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What is particular about the site, by language."""


class EngineDoorway:
    """What is handed to the touchscreen. Everything is called on the loop."""

    def __init__(
        self,
        engine: Engine,
        site: Site,
        keyring: Keyring,
        code_key: bytes,
        diagnosis: Callable[[], Mapping[str, object]],
        receipt: Receipts,
        proving: Proving,
        present: PresenceNonces,
        wishing: Wishing,
        seconds: Seconds,
    ) -> None:
        self.receipt = receipt
        self.site = site
        self._engine = engine
        self._keyring = keyring
        self._code_key = code_key
        self.diagnosis = diagnosis
        self.asked_for_pin = proving.asked_for_pin
        self.typed_fresh_pin = proving.typed_fresh_pin
        self.signed = proving.signed
        self.second_digits = seconds.wanted
        self.typed_second = seconds.typed
        self.confirmed_wishes = wishing.confirmed_wishes
        self.given_contact = wishing.given_contact
        self._pins = Pins(code_key)
        self._present = present
        self.presence_over = present.forget

    async def ask(self, item: Input) -> Answer | None:
        """The committed answer; None when the locker could not take this in, and nothing will move."""
        try:
            return await self._engine.ask(item)
        except Unavailable:
            return None

    def follow(self, listener: Listener) -> Callable[[], None]:
        """Hear of every commit from now on, until the returned function is called."""
        return self._engine.follow(lambda committed: listener(committed, self._engine.state))

    def state(self) -> State:
        """The committed state."""
        return self._engine.state

    def now(self) -> MonoMs:
        """Powered time."""
        return self._engine.now().mono

    def healthy(self) -> bool:
        """Whether nothing has waited for the heart longer than it should."""
        return self._engine.waiting_ms() < SIGN_OF_LIFE_MS

    def typed_code(self, text: str) -> CodeHmac | None:
        """The code's HMAC; None for what no code can be."""
        return typed_code(text, self._code_key)

    def shown_pass(self, text: str, session: SessionId) -> PassShown | PassRejected:
        """Verify a pickup pass; one that cannot be trusted is counted."""
        shown = open_pass(text, self._keyring, self.site.locker, session)
        if isinstance(shown, PassRejected):
            self._engine.tell(shown)
        return shown

    def presence(self, session: SessionId) -> str | None:
        """What a telephone reads off the screen of this visit; None while no carrier would hear of it."""
        if not self._engine.carrier_hears:
            return None
        return presence_text(self.site.locker, self._present.show_to(session))

    def questioned(self, session: SessionId) -> RecipientQuestioned:
        """The driver has the recipient asked, if the carrier can be."""
        return RecipientQuestioned(session, heard=self._engine.carrier_hears)

    async def typed_pin(self, session: SessionId, who: StaffKey | DriverNumber, pin: str) -> PinTyped:
        """Compare a PIN with what was told of this person, or of whoever has this number; takes as long for nobody's.

        What was found is for the domain to judge: who guesses too often is not believed even when right.
        """
        return await self._pins.typed(self._engine.state.staff, session, who, pin)

    def shown_badge(self, text: str, session: SessionId) -> BadgeShown | TechnicianShown | BadgeRejected:
        """Verify a driver's or technician's badge; one that cannot be trusted is counted."""
        shown = open_technician_badge(text, self._keyring, self.site.locker, session) or open_badge(
            text, self._keyring, self.site.locker, session
        )
        if isinstance(shown, BadgeRejected):
            self._engine.tell(shown)
        return shown

    async def proven(self, badge: TechnicianShown, pin: str) -> TechnicianProven:
        """The badge with the PIN that was typed for it."""
        return TechnicianProven(badge, await self.typed_pin(badge.session, key_of(None, badge.technician), pin))
