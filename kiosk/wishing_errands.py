"""What a recipient has the locker do about their wishes: take them as confirmed, pass a number or an address on."""

from controller.domain.answers import Answer, Refused
from controller.domain.refusals import Refusal
from controller.domain.wishes import wishes_at_the_screen
from kiosk import wishing
from kiosk.desk import Desk
from kiosk.errands import Errands, NotNow, Said
from kiosk.session import Visit
from kiosk.wishing_screens import EditWishes, TypeContact


class WishingErrands:
    """Each puts one input to the locker, and the screen follows the answer."""

    def __init__(self, desk: Desk, errands: Errands) -> None:
        self._desk = desk
        self._errands = errands

    async def confirm(self, visit: Visit) -> Said:
        """All of it is right."""
        if not isinstance(visit.screen, EditWishes):
            return NotNow()
        said = self._desk.doorway.confirmed_wishes(visit.session, visit.screen.wanted, visit.screen.away_days)
        return await self._errands.put(visit, said, self._answered)

    async def give_contact(self, visit: Visit, text: str) -> Said:
        """Another number, or an address. It is sealed before anything else sees it."""
        if not isinstance(visit.screen, TypeContact):
            return NotNow()
        given = self._desk.doorway.given_contact(visit.session, visit.screen.by, text)
        if given is None:
            return self._errands.say(visit, Refused(Refusal.CONTACT_UNCLEAR), self._unclear)
        return await self._errands.put(visit, given, self._answered)

    def _answered(self, visit: Visit, answer: Answer | None) -> Visit:
        known = wishes_at_the_screen(self._desk.doorway.state(), visit.session)
        return wishing.confirmed(visit, answer, known, self._desk.doorway.now())

    def _unclear(self, visit: Visit, answer: Answer | None) -> Visit:
        return wishing.unclear(visit, self._desk.doorway.now())
