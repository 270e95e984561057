"""A locker held in the hand, and what people and carriers do to it, from one gesture to a whole visit."""

from typing import Any

from support.locker_heart import HOUR_MS, HeartInHand
from support.locker_rules import SECRET

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import Answer, CommandAnswer, DoorUnlocked, PlanShown, Stored
from controller.domain.audit import Found
from controller.domain.claims import Claim
from controller.domain.commands import AuthorisePickup, Command, ExpectParcel, UpsertDriver
from controller.domain.ids import (
    CarrierId,
    CodeHmac,
    CompartmentId,
    Counter,
    DriverId,
    DriverNumber,
    Jti,
    KeyId,
    ParcelId,
    PinVerifier,
    Role,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.labels import parse_label
from controller.domain.misfits import Misfit
from controller.domain.naming import name_of, parcel_id
from controller.domain.refusals import Refusal
from controller.domain.staff import DRIVING, Scope, key_of

NORTH, SOUTH = CarrierId("north"), CarrierId("south")
DRIVER, RECIPIENT = SessionId("driver-visit"), SessionId("recipient-visit")
TECHNICIAN = SessionId("technician-visit")
NOTHING_TO_TELL = inputs.Telling()
A_VERIFIER = PinVerifier(f"{SECRET}of-a-pin")
WRONG_CODE = CodeHmac(f"{SECRET}of-no-code")


def s10_label(serial: int) -> str:
    """A label as a scanner reads it, its check digit right."""
    digits = f"{serial:08d}"
    total = sum(int(d) * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = {0: 5, 1: 0}.get(total % 11, 11 - total % 11)
    return f"RR{digits}{check}GB"


def announcement(serial: int = 1, carrier: CarrierId = NORTH, **more: Any) -> ExpectParcel:
    """The carrier's word on parcel `serial`."""
    known: dict[str, Any] = {"parcel": ParcelId(f"P{serial}"), "label": s10_label(serial), "carrier": carrier}
    return ExpectParcel(**(known | more))


def norths(name: str) -> ParcelId:
    """The parcel that the north calls `name`."""
    return parcel_id(NORTH, name)


class LockerInHand(HeartInHand):
    """One locker, and everybody who comes to it."""

    # --- people -----------------------------------------------------------------------------------

    def sign_in(self, carrier: CarrierId = NORTH, session: SessionId = DRIVER, driver: str = "d-7") -> Answer:
        """A driver shows a badge that is good for a day."""
        until = WallMs(self.at.wall + 24 * HOUR_MS)
        return self.put(inputs.BadgeShown(session, self._jti(), DriverId(driver), carrier, self.at.wall, until))

    def announce(
        self, driver: str = "d-7", carrier: CarrierId = NORTH, *scope: Scope, number: str = "4711", **more: Any
    ) -> CommandAnswer:
        """The carrier says who this driver is; `type_pin` types what fits."""
        known: dict[str, Any] = {"scope": scope or DRIVING, "number": DriverNumber(number), "pin": A_VERIFIER}
        return self.command(UpsertDriver(driver=DriverId(driver), **(known | more)), carrier=carrier)

    def type_pin(
        self, driver: str = "d-7", carrier: CarrierId = NORTH, *, right: bool = True, session: SessionId = DRIVER
    ) -> Answer:
        """A driver types a PIN for their number; `right` if it is the one that goes with it."""
        key = key_of(carrier, DriverId(driver))
        member = self.state.staff.members.get(key)
        if member is None:
            return self.put(inputs.PinTyped(session, "nobody-1", None, right=False))
        return self.put(inputs.PinTyped(session, key, key, right, member.told_sequence))

    def scan(self, text: str, session: SessionId = DRIVER) -> Answer:
        """A driver holds a label before the scanner."""
        return self.put(inputs.LabelScanned(session, parse_label(text, self.policy.label_patterns)))

    def acknowledge(self, session: SessionId = DRIVER, size: Size | None = None, *, accessible: bool = False) -> Answer:
        """The driver has read the plan."""
        return self.put(inputs.PlanAcknowledged(session, size, accessible))

    def other_door(self, why: Misfit, session: SessionId = DRIVER) -> Answer:
        """*Too small*, and what else is wrong with a compartment."""
        return self.put(inputs.OtherDoorAsked(session, why))

    def done(self, session: SessionId = DRIVER) -> Answer:
        """*Done.*"""
        return self.put(inputs.DepositDone(session))

    def next_door(self, id: CompartmentId | None = None, session: SessionId = RECIPIENT) -> Answer:
        """*Next door*, or a door that did not open once more."""
        return self.put(inputs.NextDoorAsked(session, id))

    def claim(self, id: CompartmentId, claim: Claim, session: SessionId = RECIPIENT) -> Answer:
        """*It was empty*, and what else a recipient may say."""
        return self.put(inputs.ClaimMade(session, id, claim))

    def reopen(self, id: CompartmentId, session: SessionId = RECIPIENT) -> Answer:
        """*Reopen.*"""
        return self.put(inputs.ReopenAsked(session, id))

    def take_back(self, session: SessionId = DRIVER) -> Answer:
        """*Take it back.*"""
        return self.put(inputs.TakeBackAsked(session))

    def sign_in_proven(self, carrier: CarrierId = NORTH, session: SessionId = DRIVER, driver: str = "d-7") -> None:
        """A driver whom the carrier has announced shows a badge and types the PIN."""
        self.announce(driver, carrier)
        self.sign_in(carrier, session, driver)
        self.type_pin(driver, carrier, session=session)

    def take_away(self, parcel: ParcelId | None = None, session: SessionId = DRIVER) -> Answer:
        """The next door of what is to be taken away, or that of this parcel."""
        return self.put(inputs.TakeAwayAsked(session, parcel))

    def miss(self, session: SessionId = DRIVER) -> Answer:
        """*It is not there.*"""
        return self.put(inputs.MissingDeclared(session))

    def leave(self, session: SessionId = DRIVER, reason: str = "idle") -> Answer:
        """The visitor is gone, and the screen has noticed."""
        return self.put(inputs.SessionEnded(session, reason))

    def type_code(self, code: CodeHmac, session: SessionId = RECIPIENT, second: str | None = None) -> Answer:
        """A recipient types a code, and the second identifier where one goes with it."""
        return self.put(inputs.CodeTyped(session, code, second_of(second)))

    def show_pass(
        self, parcel: ParcelId, carrier: CarrierId = NORTH, jti: str = "pass-1", session: SessionId = RECIPIENT
    ) -> Answer:
        """A recipient holds a pass, good for an hour, before the scanner."""
        until = WallMs(self.at.wall + HOUR_MS)
        parcel = parcel_id(carrier, name_of(parcel))
        return self.put(inputs.PassShown(session, Jti(jti), carrier, parcel, self.at.wall, until))

    def service(self, session: SessionId = TECHNICIAN, *, right: bool = True) -> Answer:
        """A technician, whom the operator has announced, shows a badge and types a PIN; `right` if it is theirs."""
        known, key = DriverId("t-1"), key_of(None, DriverId("t-1"))
        if key not in self.state.staff.members and key not in self.state.staff.revoked:
            upsert = UpsertDriver(driver=known, scope=(Scope.TECHNICIAN,), pin=A_VERIFIER)
            assert self.command(upsert, role=Role.OPERATOR, carrier=None).status == "executed"
        until = WallMs(self.at.wall + 24 * HOUR_MS)
        badge = inputs.TechnicianShown(session, self._jti(), known, self.at.wall, until)
        told = self.state.staff.members[key].told_sequence if key in self.state.staff.members else 0
        return self.put(inputs.TechnicianProven(badge, inputs.PinTyped(session, key, key, right, told)))

    def look(
        self, id: CompartmentId, found: Found, label: str | None = None, session: SessionId = TECHNICIAN
    ) -> Answer:
        """The technician opens this compartment, looks inside, shuts it and says what is there."""
        self.put(inputs.AuditDoorAsked(session, id))
        self.closes(id)
        parsed = parse_label(label) if label is not None else None
        return self.put(inputs.AuditSeen(session, id, found, parsed))

    def use_app(
        self, parcel: ParcelId, carrier: CarrierId = NORTH, session: SessionId | None = RECIPIENT
    ) -> CommandAnswer:
        """A recipient's telephone reads the screen, and the carrier answers for them; None: nobody was shown that."""
        command = AuthorisePickup(parcel=parcel, presence="as-it-was-read")
        return self.command(command, carrier=carrier, present=session)

    # --- commands ---------------------------------------------------------------------------------

    def command(
        self,
        command: Command,
        *,
        role: Role = Role.CARRIER,
        carrier: CarrierId | None = NORTH,
        jti: Jti | None = None,
        ctr: int | None = None,
        issued_in_ms: int = 0,
        lives_ms: int = 30_000,
        nonce_good: bool = False,
        kid: str = "",
        telling: inputs.Telling = NOTHING_TO_TELL,
        present: SessionId | None = None,
        offered: inputs.SettingsOffered | None = None,
    ) -> CommandAnswer:
        """A signed command; an operator's carries the next counter unless one is given."""
        issued_at = self.at.wall + issued_in_ms
        answer = self.put(
            inputs.CommandArrived(
                jti=jti if jti is not None else self._jti(),
                kid=KeyId(kid or f"{carrier or role}-key"),
                role=role,
                carrier=carrier,
                issued_at=WallMs(issued_at),
                expires_at=WallMs(issued_at + lives_ms),
                ctr=Counter(ctr) if ctr is not None else None,
                nonce_good=nonce_good,
                command=command,
                seed=f"seed-{self.next_number('seed')}",
                second=second_of(getattr(command, "second_jwe", None)),
                telling=telling,
                presence_session=present,
                offered=offered,
            )
        )
        assert isinstance(answer, CommandAnswer)
        return answer

    def operate(self, command: Command) -> CommandAnswer:
        """An operator's command, as a good one comes."""
        return self.command(command, role=Role.OPERATOR, carrier=None, ctr=self.next_number("ctr"))

    def expect(self, serial: int = 1, carrier: CarrierId = NORTH, **more: Any) -> ParcelId:
        """A parcel is announced, and taken note of."""
        announced = announcement(serial, carrier, **more)
        answer = self.command(announced, carrier=carrier)
        assert answer == CommandAnswer("executed"), answer
        return parcel_id(carrier, announced.parcel)

    def _jti(self) -> Jti:
        return Jti(f"jti-{self.next_number('jti')}")

    # --- whole visits -----------------------------------------------------------------------------

    def plan(self, serial: int = 1, carrier: CarrierId = NORTH) -> PlanShown:
        """A driver signs in and scans the label of parcel `serial`."""
        self.sign_in(carrier)
        answer = self.scan(s10_label(serial))
        assert isinstance(answer, PlanShown), answer
        return answer

    def door_for(self, serial: int = 1, carrier: CarrierId = NORTH, size: Size | None = None) -> CompartmentId:
        """The same, up to the door, which is unlocked."""
        self.plan(serial, carrier)
        return unlocked(self.acknowledge(size=size))

    def put_in(self, serial: int = 1, carrier: CarrierId = NORTH) -> CompartmentId:
        """The same, up to the door closing behind the parcel."""
        id = self.door_for(serial, carrier)
        self.closes(id)
        return id

    def deposit(self, serial: int = 1, carrier: CarrierId = NORTH, **more: Any) -> CompartmentId:
        """A parcel is expected, deposited and confirmed, and the driver has gone."""
        parcel = self.expect(serial, carrier, **more)
        id = self.put_in(serial, carrier)
        assert self.done() == Stored(parcel, id)
        self.leave(reason="asked")
        return id

    def code_of(self, serial: int = 1) -> CodeHmac:
        """What the recipient of parcel `serial` was told last."""
        told = [e for _, e in self.history if isinstance(e, ev.CodeIssued | ev.CodeReissued | ev.CodeJoined)]
        pickup = [e.pickup for e in told if name_of(e.parcel) == f"P{serial}"][-1]
        code = [e.code_hmac for e in told if not isinstance(e, ev.CodeJoined) and e.pickup == pickup][-1]
        assert code is not None
        return code


def second_of(text: str | None) -> CodeHmac | None:
    """Its HMAC; `second_jwe` of the tests is the text itself, and what begins with `un` cannot be read."""
    return None if text is None or text.startswith("un") else CodeHmac(f"{SECRET}second-{text}")


def unlocked(answer: Answer) -> CompartmentId:
    """The one door this answer says is unlocked."""
    assert isinstance(answer, DoorUnlocked), answer
    [id] = answer.compartments
    return id


def is_refused(answer: Answer, reason: Refusal) -> bool:
    """Whether this is that lawful no."""
    return getattr(answer, "reason", None) == reason
