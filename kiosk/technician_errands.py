"""What a technician has the locker do. Each puts one input to it, and the screen follows the answer."""

from controller.domain.answers import Answer, Noted, Refused
from controller.domain.audit import Found
from controller.domain.ids import CompartmentId, MonoMs
from controller.domain.inputs import (
    AuditDoorAsked,
    AuditEndAsked,
    AuditSeen,
    AuditStartAsked,
    Input,
    LockOutAsked,
    LockoutEndAsked,
    OpenAllAsked,
    QuarantineAsked,
    RestoreAsked,
    TechnicianUnlockAsked,
)
from controller.domain.labels import Label, parse_label
from controller.domain.refusals import Refusal
from kiosk import technician
from kiosk.desk import Desk
from kiosk.errands import Errands, NotNow, Said
from kiosk.pins import not_believed
from kiosk.session import Ended, Visit, show
from kiosk.technician import Then
from kiosk.technician_screens import AuditDoor, AuditLabel, OneDoor, TypePin


class TechnicianErrands:
    """Everything that can be asked of the locker at its technician's word."""

    def __init__(self, desk: Desk, errands: Errands) -> None:
        self._desk = desk
        self._errands = errands

    async def type_pin(self, visit: Visit, pin: str) -> Said:
        """The PIN that goes with the badge that was shown."""
        if not isinstance(visit.screen, TypePin) or visit.badge is None:
            return NotNow()
        proven = await self._desk.doorway.proven(visit.badge, pin)
        return await self._errands.put(visit, proven, self._pin_answered)

    async def unlock(self, visit: Visit, reason: str) -> Said:
        """The door on the screen."""
        screen = visit.screen
        if not isinstance(screen, OneDoor):
            return NotNow()
        return await self._ask(visit, TechnicianUnlockAsked(visit.session, screen.compartment, reason))

    async def quarantine(self, visit: Visit, reason: str) -> Said:
        """It is given to nobody."""
        screen = visit.screen
        if not isinstance(screen, OneDoor):
            return NotNow()
        return await self._ask(visit, QuarantineAsked(visit.session, screen.compartment, reason))

    async def restore(self, visit: Visit) -> Said:
        """It is put back into service."""
        screen = visit.screen
        if not isinstance(screen, OneDoor):
            return NotNow()
        return await self._ask(visit, RestoreAsked(visit.session, screen.compartment, "looked_into"))

    async def open_all(self, visit: Visit) -> Said:
        """Every door in turn."""
        return await self._ask(visit, OpenAllAsked(visit.session))

    async def lock_out(self, visit: Visit) -> Said:
        """Nothing is unlocked any more but from here."""
        return await self._ask(visit, LockOutAsked(visit.session))

    async def end_lockout(self, visit: Visit) -> Said:
        """Doors may be unlocked again."""
        return await self._ask(visit, LockoutEndAsked(visit.session))

    async def begin_audit(self, visit: Visit) -> Said:
        """Take stock, or go on with it."""
        return await self._ask(visit, AuditStartAsked(visit.session), self._to_next)

    async def open_for_audit(self, visit: Visit) -> Said:
        """The compartment on the screen is to be looked into."""
        screen = visit.screen
        if not isinstance(screen, AuditDoor) or screen.compartment is None:
            return NotNow()
        return await self._ask(visit, AuditDoorAsked(visit.session, screen.compartment))

    async def see(self, visit: Visit, found: Found) -> Said:
        """What lay in it, where no label tells."""
        screen = visit.screen
        if not isinstance(screen, AuditDoor) or screen.compartment is None:
            return NotNow()
        return await self._ask(visit, AuditSeen(visit.session, screen.compartment, found), self._to_next)

    async def type_label(self, visit: Visit, text: str) -> Said:
        """The label of what lies in it, typed."""
        return await self.see_label(visit, parse_label(text, self._desk.doorway.site.label_patterns))

    async def see_label(self, visit: Visit, label: Label) -> Said:
        """The label of what lies in it, read."""
        screen = visit.screen
        if not isinstance(screen, AuditDoor | AuditLabel) or screen.compartment is None:
            return NotNow()
        seen = AuditSeen(visit.session, CompartmentId(screen.compartment), Found.LABEL, label)
        return await self._ask(visit, seen, self._to_next)

    async def end_audit(self, visit: Visit) -> Said:
        """Reconcile what was seen, all of it or not."""
        return await self._ask(visit, AuditEndAsked(visit.session), lambda visit, _: visit)

    async def sign_out(self, visit: Visit) -> Said:
        """The technician goes."""
        if not visit.technician:
            return Refused(Refusal.NOT_SIGNED_IN)
        self._desk.put(Ended("asked"))
        return Noted()

    async def _ask(self, visit: Visit, item: Input, then: Then = technician.stay) -> Said:
        if not visit.technician:
            return Refused(Refusal.NOT_SIGNED_IN)

        def answered(visit: Visit, answer: Answer | None) -> Visit:
            return technician.answered(visit, answer, self._desk.doorway.now(), then)

        return await self._errands.put(visit, item, answered)

    def _to_next(self, visit: Visit, now: MonoMs) -> Visit:
        return show(visit, AuditDoor(technician.next_to_look_into(self._desk.doorway.state())), now)

    def _pin_answered(self, visit: Visit, answer: Answer | None) -> Visit:
        now = self._desk.doorway.now()
        if isinstance(answer, Refused) and isinstance(visit.screen, TypePin):
            return not_believed(visit, visit.screen, answer, now)
        return technician.answered(visit, answer, now, technician.stay)
