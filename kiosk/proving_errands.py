"""What a recipient has the locker do before their door opens: send a PIN, take one in, keep a signature."""

from collections.abc import Sequence

from controller.domain.answers import Answer, Refused
from kiosk import proving
from kiosk.desk import Desk
from kiosk.errands import Errands, NotNow, Said
from kiosk.proving_screens import EnterPin, Sign
from kiosk.session import Visit


class ProvingErrands:
    """Each puts one input to the locker, and the screen follows the answer."""

    def __init__(self, desk: Desk, errands: Errands) -> None:
        self._desk = desk
        self._errands = errands

    async def send_pin(self, visit: Visit) -> Said:
        """Have the carrier send one."""
        if not isinstance(visit.screen, EnterPin):
            return NotNow()
        return await self._errands.put(visit, self._desk.doorway.asked_for_pin(visit.session), self._pin_asked)

    async def type_pin(self, visit: Visit, pin: str) -> Said:
        """The one that came."""
        if not isinstance(visit.screen, EnterPin):
            return NotNow()
        return await self._errands.put(visit, self._desk.doorway.typed_fresh_pin(pin, visit.session), self._answered)

    async def sign(self, visit: Visit, strokes: Sequence[Sequence[tuple[int, int]]]) -> Said:
        """What was drawn on the screen."""
        if not isinstance(visit.screen, Sign):
            return NotNow()
        given = await self._desk.doorway.signed(strokes, visit.session)
        if given is None or isinstance(given, Refused):
            return self._errands.say(visit, given, self._answered)
        return await self._errands.put(visit, given, self._answered)

    def _pin_asked(self, visit: Visit, answer: Answer | None) -> Visit:
        now = self._desk.doorway.now()
        return proving.pin_asked(visit, answer, now) or self._errands.recipient_answered(visit, answer)

    def _answered(self, visit: Visit, answer: Answer | None) -> Visit:
        now = self._desk.doorway.now()
        return proving.refused(visit, answer, now) or self._errands.recipient_answered(visit, answer)
