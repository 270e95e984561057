"""What a visitor has the locker do: each errand puts one input to it and shows the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from controller.domain.answers import Answer, DoorUnlocked, EvidenceWanted, Noted, Refused, SignedIn
from controller.domain.claims import Claim
from controller.domain.ids import CompartmentId, DriverNumber, ParcelId, Purpose, Size
from controller.domain.inputs import (
    BadgeRejected,
    ChecklistConfirmed,
    ClaimMade,
    CodeTyped,
    DepositDone,
    Input,
    LabelScanned,
    MissingDeclared,
    NextDoorAsked,
    OtherDoorAsked,
    PassRejected,
    PassShown,
    PlanAcknowledged,
    ReopenAsked,
    SessionEnded,
    SomeoneInsideSaid,
    TakeAwayAsked,
    TakeBackAsked,
    TechnicianShown,
)
from controller.domain.labels import Label, parse_label
from controller.domain.misfits import Misfit
from controller.domain.refusals import Refusal
from controller.domain.staff import key_of
from kiosk import driver, recipient, take_away, technician
from kiosk.desk import Desk
from kiosk.proving_screens import EnterSecond
from kiosk.screens import (
    Checklist,
    Claimed,
    Claiming,
    DidNotOpen,
    Doors,
    DriverIdle,
    Keeps,
    Lobby,
    NeedsPerson,
    Outcome,
    ProveNumber,
    ReadPlan,
    TakeAway,
    TypeDriverPin,
    TypeNumber,
)
from kiosk.session import Overlay, Visit, show, touch


@dataclass(frozen=True, slots=True)
class NotNow:
    """The screen that is up does not offer this: a double tap, or a page that lagged behind."""


Said = Answer | NotNow | None
"""None: the locker took nothing in."""


class Errands:
    """Everything that can be asked of the locker, for the visit that is being served."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._door = desk.doorway

    # --- a recipient --------------------------------------------------------------------------------

    async def pick_up_by_code(self, visit: Visit, text: str, second: str | None = None) -> Said:
        """A code was typed; what no code can be is refused like any wrong one. Where a second identifier goes with it,
        that is asked for before anybody looks at the code.
        """
        code, digits = self._door.typed_code(text), self._door.second_digits(text)
        if code is None:
            return await self._pick_up(visit, Refusal.CODE_INVALID)
        if digits and second is None:
            return await self._pick_up(visit, EnterSecond(code, digits))
        typed = self._door.typed_second(second) if second is not None else None
        return await self._pick_up(visit, CodeTyped(visit.session, code, typed))

    async def type_second(self, visit: Visit, text: str) -> Said:
        """The second identifier that goes with the code before it."""
        if not isinstance(visit.screen, EnterSecond):
            return NotNow()
        return await self._pick_up(visit, CodeTyped(visit.session, visit.screen.code, self._door.typed_second(text)))

    async def pick_up_by_pass(self, visit: Visit, text: str) -> Said:
        """A pass was shown."""
        shown = self._door.shown_pass(text, visit.session)
        return await self._pick_up(visit, Refusal.PASS_INVALID if isinstance(shown, PassRejected) else shown)

    async def reopen(self, visit: Visit) -> Said:
        """The door that was just closed, once more; for the driver, before the deposit is confirmed."""
        if visit.confirming:
            answered = self._taking_answered if visit.purpose is Purpose.TAKE_AWAY else self._driver_answered
            return await self._drive(visit, ReopenAsked(visit.session, visit.doors[-1].id), answered)
        if not isinstance(visit.screen, Outcome | Claimed):
            return NotNow()
        return await self._reopen(visit, visit.doors[-1].id)

    async def try_again(self, visit: Visit) -> Said:
        """The door that did not open, or the parcel that stayed in the driver's hands."""
        match visit.screen:
            case DidNotOpen() if visit.driver and visit.purpose is Purpose.TAKE_AWAY:
                return await self.take_away(visit, self._door.state().compartments[visit.doors[-1].id].parcel)
            case DidNotOpen() if visit.driver:
                return await self._drive(visit, PlanAcknowledged(visit.session, visit.size))
            case DidNotOpen() if visit.purpose is Purpose.REOPEN:
                return await self._reopen(visit, visit.doors[-1].id)
            case DidNotOpen():
                return await self._next_door(visit, visit.doors[-1].id)
            case Keeps() if visit.label is not None:
                return await self.scan(visit, visit.label)
            case _:
                return NotNow()

    async def next_door(self, visit: Visit) -> Said:
        """The recipient has seen to this door; the next of their pickup, please."""
        if visit.driver or not isinstance(visit.screen, Outcome | Claimed | DidNotOpen | NeedsPerson):
            return NotNow()
        return await self._next_door(visit, None)

    async def claim(self, visit: Visit, claim: Claim) -> Said:
        """What the recipient says of the parcel that was behind the door just closed."""
        if not isinstance(visit.screen, Claiming):
            return NotNow()

        def answered(visit: Visit, answer: Answer | None) -> Visit:
            return recipient.claimed(visit, claim, answer, self._open_now(answer), self._door.now())

        return await self._ask(visit, ClaimMade(visit.session, visit.doors[-1].id, claim), answered)

    # --- anybody ------------------------------------------------------------------------------------

    async def let_out(self, visit: Visit) -> Said:
        """Somebody is shut in: every vacant compartment is opened, whoever is at the screen."""
        if visit.overlay is not Overlay.SOMEONE_INSIDE:
            return NotNow()

        def answered(visit: Visit, answer: Answer | None) -> Visit:
            return recipient.let_out(visit, answer, self._door.now())

        return await self._ask(visit, SomeoneInsideSaid(visit.session), answered)

    # --- a driver -----------------------------------------------------------------------------------

    async def sign_in(self, visit: Visit, badge: str) -> Said:
        """A badge was shown."""
        adds_badge = visit.driver and isinstance(visit.screen, TakeAway)
        if visit.technician or not (adds_badge or (not visit.driver and isinstance(visit.screen, Lobby | NeedsPerson))):
            return NotNow()
        shown = self._door.shown_badge(badge, visit.session)
        if isinstance(shown, TechnicianShown):
            now = self._door.now()
            self._desk.update(visit.session, lambda current: technician.badge_shown(touch(current, now), shown, now))
            return Noted()
        if not isinstance(shown, BadgeRejected):
            return await self._ask(visit, shown, self._listed if adds_badge else self._driver_answered)
        return self._say(visit, Refused(Refusal.BADGE_INVALID), self._driver_answered)

    async def type_number(self, visit: Visit, number: str) -> Said:
        """A driver's number; whether it is anybody's is not told."""
        if visit.driver or visit.technician or not isinstance(visit.screen, TypeNumber):
            return NotNow()
        now, asked = self._door.now(), ProveNumber(DriverNumber(number))
        self._desk.update(visit.session, lambda current: show(touch(current, now), asked, now))
        return Noted()

    async def type_pin(self, visit: Visit, pin: str) -> Said:
        """The PIN that goes with the number that was typed, or with the badge that was shown."""
        if isinstance(visit.screen, ProveNumber):
            typed = await self._door.typed_pin(visit.session, visit.screen.number, pin)
            return await self._ask(visit, typed, self._driver_answered)
        return await self._add_pin(visit, pin)

    async def _add_pin(self, visit: Visit, pin: str) -> Said:
        signed_in = self._door.state().visit
        if not isinstance(visit.screen, TypeDriverPin) or signed_in is None or signed_in.session != visit.session:
            return NotNow()
        typed = await self._door.typed_pin(visit.session, key_of(signed_in.carrier, signed_in.driver), pin)

        return await self._drive(visit, typed, self._listed)

    async def confirm_checklist(self, visit: Visit) -> Said:
        """The driver has read it."""
        if visit.driver and not isinstance(visit.screen, Checklist):
            return NotNow()
        return await self._drive(visit, ChecklistConfirmed(visit.session))

    async def type_label(self, visit: Visit, text: str) -> Said:
        """A label was typed by hand."""
        return await self.scan(visit, parse_label(text, self._door.site.label_patterns))

    async def scan(self, visit: Visit, label: Label, size: Size | None = None) -> Said:
        """A label; the answer is the plan, or that it is what was to be taken away."""
        if take_away.is_taking(visit):
            return await self._drive(visit, LabelScanned(visit.session, label), self._taking_answered)
        if visit.driver and not isinstance(visit.screen, DriverIdle):
            return NotNow()

        def answered(visit: Visit, answer: Answer | None) -> Visit:
            return self._driver_answered(driver.scanned(visit, label, size), answer)

        return await self._drive(visit, LabelScanned(visit.session, label, size), answered)

    async def other_size(self, visit: Visit, size: Size) -> Said:
        """None of the planned size is free: the plan for this one."""
        if not isinstance(visit.screen, Keeps) or visit.label is None:
            return NotNow()
        return await self.scan(visit, visit.label, size)

    async def acknowledge(self, visit: Visit, size: Size | None, *, accessible: bool = False) -> Said:
        """The plan was read; `size` where the driver wants another, `accessible` for a door in reach of who sits."""
        if visit.driver and not isinstance(visit.screen, ReadPlan):
            return Refused(Refusal.NOTHING_TO_CONFIRM)
        return await self._drive(visit, PlanAcknowledged(visit.session, size or visit.size, accessible))

    async def ask_recipient(self, visit: Visit) -> Said:
        """The driver would rather hear from the recipient before opening a door."""
        if visit.driver and not isinstance(visit.screen, ReadPlan):
            return NotNow()
        return await self._drive(visit, self._door.questioned(visit.session))

    async def done(self, visit: Visit) -> Said:
        """The parcel is inside."""
        return await self._drive(visit, DepositDone(visit.session))

    async def other_door(self, visit: Visit, why: Misfit) -> Said:
        """This compartment will not do, and the parcel is out of it again."""
        return await self._drive(visit, OtherDoorAsked(visit.session, why))

    async def take_back(self, visit: Visit) -> Said:
        """The driver wants the parcel out again."""
        return await self._drive(visit, TakeBackAsked(visit.session))

    async def take_away(self, visit: Visit, parcel: ParcelId | None) -> Said:
        """The door of this parcel that is to be taken away, or the next one."""
        if visit.driver and not isinstance(visit.screen, DriverIdle | DidNotOpen):
            return NotNow()

        def answered(visit: Visit, answer: Answer | None) -> Visit:
            if answer != Refused(Refusal.PIN_REQUIRED):
                return self._taking_answered(visit, answer)
            if self._signed_in_by_badge(visit):
                return show(visit, TypeDriverPin(), self._door.now())
            return take_away.list_them(visit, self._door.now(), Refusal.BADGE_REQUIRED.value)

        return await self._drive(visit, TakeAwayAsked(visit.session, parcel), answered)

    def _signed_in_by_badge(self, visit: Visit) -> bool:
        signed_in = self._door.state().visit
        return signed_in is not None and signed_in.session == visit.session and signed_in.jti is not None

    async def missing(self, visit: Visit) -> Said:
        """It was not behind its door."""
        return await self._drive(visit, MissingDeclared(visit.session), self._taking_answered)

    async def sign_out(self, visit: Visit) -> Said:
        """The driver goes; not with a door, a deposit or a parcel to be scanned in the air."""
        if visit.driver and (take_away.is_typing(visit) or not isinstance(visit.screen, DriverIdle)):
            return NotNow()
        return await self._drive(visit, SessionEnded(visit.session, "asked"))

    # --- how it is put ------------------------------------------------------------------------------

    async def _pick_up(self, visit: Visit, means: CodeTyped | PassShown | EnterSecond | Refusal) -> Said:
        if visit.driver:
            return Refused(Refusal.BUSY)
        if isinstance(visit.screen, Doors):
            return Refused(Refusal.DOOR_OPEN)
        if isinstance(means, Refusal):
            return self._say(visit, Refused(means), self._recipient_answered)
        if isinstance(means, EnterSecond):
            now = self._door.now()
            return self._say(visit, EvidenceWanted(("second",)), lambda current, _: show(current, means, now))
        return await self._ask(visit, means, self._recipient_answered)

    async def _next_door(self, visit: Visit, door: CompartmentId | None) -> Said:
        return await self._ask(visit, NextDoorAsked(visit.session, door), self._recipient_answered)

    async def _reopen(self, visit: Visit, door: CompartmentId) -> Said:
        def answered(visit: Visit, answer: Answer | None) -> Visit:
            return recipient.reopen_answered(visit, answer, self._open_now(answer), self._door.now())

        return await self._ask(visit, ReopenAsked(visit.session, door), answered)

    async def _drive(self, visit: Visit, item: Input, answered: "_Answered | None" = None) -> Said:
        if not visit.driver:
            return Refused(Refusal.NOT_SIGNED_IN)
        return await self._ask(visit, item, answered if answered is not None else self._driver_answered)

    async def put(self, visit: Visit, item: Input, answered: "_Answered") -> Said:
        """Put this to the locker, and show the answer as `answered` would have it."""
        return await self._ask(visit, item, answered)

    def recipient_answered(self, visit: Visit, answer: Answer | None) -> Visit:
        """What the locker's word does to the screen of a recipient."""
        return self._recipient_answered(visit, answer)

    def say(self, visit: Visit, answer: Answer | None, answered: "_Answered") -> Answer | None:
        """Show an answer that the locker need not be asked for."""
        return self._say(visit, answer, answered)

    async def _ask(self, visit: Visit, item: Input, answered: "_Answered") -> Said:
        if self._desk.asking:
            return NotNow()
        self._desk.asking = True
        try:
            answer = await self._door.ask(item)
        finally:
            self._desk.asking = False
        return self._say(visit, answer, answered)

    def _say(self, visit: Visit, answer: Answer | None, answered: "_Answered") -> Answer | None:
        now = self._door.now()
        self._desk.update(visit.session, lambda current: answered(touch(current, now), answer))
        return answer

    def _open_now(self, answer: Answer | None) -> frozenset[CompartmentId]:
        return self._desk.open_among(answer.compartments if isinstance(answer, DoorUnlocked) else ())

    def _recipient_answered(self, visit: Visit, answer: Answer | None) -> Visit:
        return recipient.answered(visit, answer, self._open_now(answer), self._door.now())

    def _taking_answered(self, visit: Visit, answer: Answer | None) -> Visit:
        return take_away.answered(visit, answer, self._open_now(answer), self._door.now())

    def _listed(self, visit: Visit, answer: Answer | None) -> Visit:
        """Badge and PIN are together now: on to what they were needed for."""
        if isinstance(answer, SignedIn):
            return take_away.list_them(visit, self._door.now())
        return self._driver_answered(visit, answer)

    def _driver_answered(self, visit: Visit, answer: Answer | None) -> Visit:
        if isinstance(answer, SignedIn) and answer.language in self._door.site.languages:
            visit = replace(visit, language=answer.language)
        return driver.answered(visit, answer, self._open_now(answer), self._door.now())


_Answered = Callable[[Visit, Answer | None], Visit]
