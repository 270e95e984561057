"""A locker behind the touchscreen, without journal, keys or cabinet: the real rules, a clock and doors to be pushed."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from support.policies import a_policy

from controller.contract.presence_text import presence_text
from controller.device.doorway import DoorPlace, Site
from controller.device.rule_book import shipped
from controller.device.seams import Committed
from controller.device.signature import LEAST_INK, ink
from controller.domain.answers import Answer, Refused
from controller.domain.codes import digits_of
from controller.domain.commands import AuthorisePickup, BlockCompartment, Command, ExpectParcel, UpsertDriver
from controller.domain.decide import Fresh, code_wanted, decide
from controller.domain.events import CompartmentSpec
from controller.domain.ids import (
    CarrierId,
    ClockQuality,
    CodeHmac,
    CompartmentId,
    Door,
    DriverId,
    DriverNumber,
    FileId,
    Jti,
    KeyId,
    MonoMs,
    ParcelId,
    PinVerifier,
    Role,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.inputs import (
    BadgeRejected,
    BadgeShown,
    CommandArrived,
    ContactGiven,
    DeadlinePassed,
    DepositDone,
    DoorsRead,
    FreshCode,
    FreshPin,
    FreshPinTyped,
    Input,
    KeptFile,
    LabelScanned,
    LocalCommand,
    PassRejected,
    PassShown,
    PinAsked,
    PinTyped,
    PlanAcknowledged,
    RecipientQuestioned,
    SessionEnded,
    SignatureGiven,
    Started,
    TechnicianProven,
    TechnicianShown,
    UnlockEnded,
    WishesConfirmed,
)
from controller.domain.labels import parse_label
from controller.domain.naming import parcel_id
from controller.domain.policy import Policy
from controller.domain.preferences import Channel, Preferences
from controller.domain.refusals import Refusal
from controller.domain.site import WITH_A_SCREEN
from controller.domain.staff import Scope, StaffKey, key_of
from controller.domain.stamp import Stamp
from controller.domain.state import State

CARRIER = CarrierId("swift")
FAR = WallMs(2**46)
GOOD_PASS = "eyJ0eXAiOiJsb2NrZXItcGFzcytqd3MifQ.cGFzcw.c2ln"
"""Opens the parcel that `store` put away last."""
BAD_PASS = "eyJ0eXAiOiJsb2NrZXItcGFzcytqd3MifQ.cGFzcw.Zm9yZ2Vk"
GOOD_BADGE = "eyJ0eXAiOiJsb2NrZXItZHJpdmVyK2p3cyJ9.YmFkZ2U.c2ln"
TECHNICIAN_BADGE = "eyJ0eXAiOiJsb2NrZXItZHJpdmVyK2p3cyJ9.dGVjaA.c2ln"
PIN = "1234567"
DRIVER_PIN = "482915"
TECHNICIAN_PIN = "4711"
TECHNICIAN = DriverId("t1")
BAD_BADGE = "eyJ0eXAiOiJsb2NrZXItZHJpdmVyK2p3cyJ9.YmFkZ2U.Zm9yZ2Vk"
LABELS = ("RR473124829GB", "RA123456785DE", "CP000000005FR", "340123450000000018")


def cabinet(columns: Sequence[str] = ("SSSML", "SMMML", "SSMXL")) -> tuple[DoorPlace, ...]:
    """A cabinet drawn by letters, one string a column from the left, each from top to bottom."""
    places: list[DoorPlace] = []
    for column, sizes in enumerate(columns):
        for row, letter in enumerate(sizes.replace("XL", "X")):
            id = CompartmentId(f"A{len(places) + 1:02}")
            places.append(DoorPlace(id, Size("XL" if letter == "X" else letter), column, row))
    return tuple(places)


def a_site(languages: tuple[str, ...] = ("en", "de"), places: tuple[DoorPlace, ...] | None = None) -> Site:
    """A locker with a telephone."""
    places = cabinet() if places is None else places
    rules = {language: shipped().sentences(language) for language in languages}
    checklist = {
        "en": (
            "Close every door until it clicks.",
            "Leave nothing on the floor.",
            "Report damage.",
        ),
        "de": ("Jede Tür schließen, bis sie klickt.", "Nichts auf dem Boden lassen.", "Schäden melden."),
    }
    notes = {"en": "The lobby's code is at reception.", "de": "Den Code der Halle hat der Empfang."}
    return Site(
        "L0042",
        "Central station, east door",
        "+49 30 5550 0142",
        languages,
        places,
        (r"SWIFT\d{6}",),
        rules,
        checklist,
        notes,
    )


@dataclass(slots=True)
class FakeDoorway:
    """`down` takes nothing in. `hold` keeps every answer back until it is set; `held` says that one is.

    `ticking` lets real time go by as well.
    """

    site: Site = field(default_factory=a_site)
    policy: Policy = field(default_factory=lambda: a_policy(obtains=WITH_A_SCREEN))
    mono: int = 1_000_000
    ticking: bool = False
    down: bool = False
    asked: list[Input] = field(default_factory=list)
    hold: asyncio.Event | None = None
    held: asyncio.Event = field(default_factory=asyncio.Event)
    pass_parcel: ParcelId | None = None
    receipts: bool = False
    """Whether the locker gives a receipt."""
    carrier_hears: bool = True
    present: tuple[SessionId, str] | None = None
    """Whose visit was shown which presence nonce last."""

    _state: State = field(default_factory=State)
    _listeners: list[Callable[[Sequence[Committed], State], None]] = field(default_factory=list)
    _sick: bool = False
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        specs = tuple(CompartmentSpec(place.id, place.size, handle_mm=900) for place in self.site.places)
        self.put(Started("1.0", "0" * 64, specs, 1))
        self.put(DoorsRead(tuple((place.id, Door.CLOSED) for place in self.site.places)))
        self.asked.clear()

    # --- what the touchscreen calls -----------------------------------------------------------------

    async def ask(self, item: Input) -> Answer | None:
        if self.hold is not None:
            self.held.set()
            await self.hold.wait()
        self.asked.append(item)
        return None if self.down else self.put(item)

    def follow(self, listener: Callable[[Sequence[Committed], State], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def state(self) -> State:
        return self._state

    def now(self) -> MonoMs:
        return MonoMs(self.mono + (int((time.monotonic() - self._began) * 1000) if self.ticking else 0))

    def healthy(self) -> bool:
        return not self._sick

    def receipt(self, sequences: tuple[int, ...]) -> str | None:
        return f"eyJ0eXAiOiJsb2NrZXItcmVjZWlwdCtqd3MifQ.{'h' * 360}.{'s' * 86}" if self.receipts else None

    def typed_code(self, text: str) -> CodeHmac | None:
        return CodeHmac(f"hmac-{text}") if text.isascii() and text.isdigit() and len(text) <= 64 else None

    def second_digits(self, text: str) -> int:
        return self.policy.second_digits if len(text) == self.policy.short_digits else 0

    def typed_second(self, text: str) -> CodeHmac | None:
        return CodeHmac(f"hmac-second-{text}") if text.isascii() and text.isdigit() else None

    def shown_pass(self, text: str, session: SessionId) -> PassShown | PassRejected:
        if text != GOOD_PASS or self.pass_parcel is None:
            return PassRejected("signature")
        return PassShown(session, Jti("pass-1"), CARRIER, self.pass_parcel, WallMs(0), FAR)

    def shown_badge(self, text: str, session: SessionId) -> BadgeShown | TechnicianShown | BadgeRejected:
        if text == TECHNICIAN_BADGE:
            known = key_of(None, TECHNICIAN) in self._state.staff.members
            if not known:
                known_from_now_on = UpsertDriver(driver=TECHNICIAN, scope=(Scope.TECHNICIAN,), pin=PinVerifier("any"))
                self.command(known_from_now_on, Role.OPERATOR, None)
            return TechnicianShown(session, Jti("badge-2"), TECHNICIAN, WallMs(0), FAR)
        if text != GOOD_BADGE:
            return BadgeRejected("signature")
        return BadgeShown(session, Jti("badge-1"), DriverId("d7"), CARRIER, WallMs(0), FAR)

    def questioned(self, session: SessionId) -> RecipientQuestioned:
        return RecipientQuestioned(session, heard=self.carrier_hears)

    async def typed_pin(self, session: SessionId, who: StaffKey | DriverNumber, pin: str) -> PinTyped:
        members = self._state.staff.members.values()
        member = next((each for each in members if who in (str(each.key), str(each.number))), None)
        if member is None:
            return PinTyped(session, who, None, right=False)
        return PinTyped(session, member.key, member.key, pin == DRIVER_PIN, member.told_sequence)

    async def proven(self, badge: TechnicianShown, pin: str) -> TechnicianProven:
        member = self._state.staff.members[key_of(None, badge.technician)]
        right = pin == TECHNICIAN_PIN
        return TechnicianProven(badge, PinTyped(badge.session, member.key, member.key, right, member.told_sequence))

    def presence(self, session: SessionId) -> str | None:
        if not self.carrier_hears:
            return None
        self.present = (session, f"n{self._state.sequence}-{self.mono}")
        return presence_text(self.site.locker, self.present[1])

    def presence_over(self) -> None:
        self.present = None

    def use_app(self, parcel: str) -> Answer:
        """A telephone has read the screen, and the carrier answers for whoever holds it."""
        assert self.present is not None, "nothing was there to read"
        command = AuthorisePickup(parcel=ParcelId(parcel), presence=self.present[1])
        jti, now = Jti(f"jti-{self._state.sequence}"), WallMs(1_790_000_000_000 + self.mono)
        arrived = CommandArrived(jti, KeyId("k1"), Role.CARRIER, CARRIER, now, FAR, None, True, command)
        return self.put(replace(arrived, presence_session=self.present[0]))

    def asked_for_pin(self, session: SessionId) -> PinAsked:
        visit = self._state.recipient
        if visit is None or not self.carrier_hears:
            return PinAsked(session, None)
        return PinAsked(session, FreshPin(visit.pickup, CodeHmac(f"hmac-pin-{PIN}"), "jwe"))

    def typed_fresh_pin(self, text: str, session: SessionId) -> FreshPinTyped:
        return FreshPinTyped(session, CodeHmac(f"hmac-pin-{text}"))

    async def signed(
        self, strokes: Sequence[Sequence[tuple[int, int]]], session: SessionId
    ) -> SignatureGiven | Refused | None:
        if ink(strokes) < LEAST_INK:
            return Refused(Refusal.SIGNATURE_UNCLEAR)
        return SignatureGiven(session, KeptFile(FileId("f" * 64), "d" * 64, "5" * 32))

    def confirmed_wishes(self, session: SessionId, wanted: Preferences, away_days: int | None) -> WishesConfirmed:
        return WishesConfirmed(session, f"seed-{self._state.sequence}", wanted, away_days)

    def given_contact(self, session: SessionId, channel: Channel, text: str) -> ContactGiven | None:
        if not any(character.isdigit() if channel is Channel.SMS else character == "@" for character in text):
            return None
        return ContactGiven(session, f"seed-{self._state.sequence}", f"sealed-{len(text)}")

    def diagnosis(self) -> Mapping[str, object]:
        return {
            "software": "1.0",
            "clock": "2026-09-21 14:13 UTC, ntp",
            "broker": "ok",
            "disk_low": False,
            "main": "ok",
        }

    # --- what a test pushes -------------------------------------------------------------------------

    def put(self, item: Input) -> Answer:
        """Decide it, commit it and tell everybody, at this very moment."""
        stamp = Stamp(WallMs(1_790_000_000_000 + self.mono), self.now(), 1, ClockQuality.NTP)
        wanted = code_wanted(self._state, item, stamp, self.policy)
        fresh = self._fresh(wanted) if wanted is not None else None
        sequence = self._state.sequence
        decision = decide(self._state, item, stamp, self.policy, fresh)
        self._state = decision.state
        committed = tuple(Committed(sequence + n, stamp, event) for n, event in enumerate(decision.events, 1))
        if committed:
            for listener in tuple(self._listeners):
                listener(committed, self._state)
        return decision.answer

    def _fresh(self, parcel: ParcelId) -> Fresh:
        code = CodeHmac(f"hmac-{self.code_of(parcel)}")
        another = CodeHmac(f"{code}{self._state.sequence}")
        return Fresh(parcel, (FreshCode(code, "jwe"), FreshCode(another, "jwe")))

    def pass_ms(self, ms: int) -> None:
        """Let time go by for the locker. The touchscreen's own timers are its own."""
        self.mono += ms
        self.put(DeadlinePassed())

    def open(self, door: str) -> None:
        """The door springs open."""
        self.put(DoorsRead(((CompartmentId(door), Door.OPEN),)))

    def close(self, door: str) -> None:
        """Somebody shuts it."""
        self.put(DoorsRead(((CompartmentId(door), Door.CLOSED),)))

    def lose_sight_of(self, door: str) -> None:
        """Its sensor falls silent."""
        self.put(DoorsRead(((CompartmentId(door), Door.UNKNOWN),)))

    def jam(self, door: str) -> None:
        """The board says that nothing was sent."""
        self.put(UnlockEnded(CompartmentId(door), "not_sent"))

    def block(self, door: str) -> None:
        """An operator takes it out of service."""
        self.put(LocalCommand(BlockCompartment(compartment=CompartmentId(door)), "test"))

    def fall_sick(self) -> None:
        """Nothing is handled any more."""
        self._sick = True

    def recover(self) -> None:
        """It is handled again."""
        self._sick = False

    def expect(self, parcel: str, label: str, size: Size = Size.M, **more: Any) -> None:
        """A parcel is on its way."""
        self.command(ExpectParcel(parcel=ParcelId(parcel), label=label, carrier=CARRIER, size=size, **more))

    def command(self, command: Command, role: Role = Role.CARRIER, carrier: CarrierId | None = CARRIER) -> None:
        """From the carrier, or from an operator."""
        jti, now = Jti(f"jti-{self._state.sequence}"), WallMs(1_790_000_000_000 + self.mono)
        sealed = getattr(command, "second_jwe", None)
        second = None if sealed is None else self.typed_second(sealed)
        arrived = CommandArrived(jti, KeyId("k1"), role, carrier, now, FAR, None, True, command, f"seed of {jti}")
        self.put(replace(arrived, second=second))

    def store(self, parcel: str, label: str = LABELS[0], size: Size = Size.M, **more: Any) -> tuple[str, str]:
        """A driver was here and put it away; its door and its code."""
        self.expect(parcel, label, size, **more)
        session = SessionId("a-driver")
        badge = self.shown_badge(GOOD_BADGE, session)
        assert isinstance(badge, BadgeShown)
        self.put(badge)
        self.put(LabelScanned(session, parse_label(label)))
        self.put(PlanAcknowledged(session))
        compartment = self._state.parcels[parcel_id(CARRIER, parcel)].compartment
        assert compartment is not None
        self.open(compartment)
        self.close(compartment)
        self.put(DepositDone(session))
        self.leave(session)
        self.pass_parcel = parcel_id(CARRIER, parcel)
        return compartment, self.code_of(parcel_id(CARRIER, parcel))

    def code_of(self, parcel: ParcelId) -> str:
        """The code that this parcel gets here; a short one where a second identifier goes with it."""
        known = self._state.parcels.get(parcel)
        return code_of(parcel)[: digits_of(known, self.policy)] if known is not None else code_of(parcel)

    def type_pin(self) -> None:
        """The driver at the screen, whom their carrier has announced, types the PIN that goes with the badge."""
        driver, visit = DriverId("d7"), self._state.visit
        assert visit is not None
        self.command(UpsertDriver(driver=driver, number=DriverNumber("4711"), pin=PinVerifier("hmac-of-a-pin")))
        member = self._state.staff.members[key_of(CARRIER, driver)]
        self.put(PinTyped(visit.session, member.key, member.key, True, member.told_sequence))

    def leave(self, session: SessionId) -> None:
        """The driver's visit ends."""
        self.put(SessionEnded(session, "asked"))


def code_of(parcel: ParcelId) -> str:
    """The code that this parcel gets here."""
    return f"{sum(parcel.encode()) * 7919 % 10**8:08}"
