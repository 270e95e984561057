"""What the scanner at the cabinet reads goes to whoever is being served, or begins a visit."""

from typing import assert_never

from controller.domain.labels import Label, LabelKind
from kiosk.desk import Desk
from kiosk.errands import Errands, NotNow, Said
from kiosk.scans import BadgeScan, LabelScan, PassScan, recognise
from kiosk.screens import Lobby, NeedsPerson, Outcome, ScanPass, SignIn, Summary, TakeAway, Thanks
from kiosk.session import Ended, Visit, show, touch
from kiosk.technician_errands import TechnicianErrands
from kiosk.wishing_screens import StillRight


class Scanner:
    """Hands each scan to the errand its shape asks for."""

    def __init__(self, desk: Desk, errands: Errands, technician: TechnicianErrands) -> None:
        self._desk = desk
        self._errands = errands
        self._technician = technician

    async def scanned(self, raw: str) -> Said:
        """One scan, as the device delivered it. A scan that fits nothing on the screen is dropped."""
        scan = recognise(raw, self._desk.doorway.site.label_patterns)
        visit = self._desk.visit
        if isinstance(scan, LabelScan) and visit is not None and visit.driver:
            return await self._errands.scan(visit, scan.label)
        if isinstance(scan, LabelScan) and visit is not None and visit.technician:
            return await self._technician.see_label(visit, scan.label)
        visit = self._newcomer()
        if visit is None:
            return NotNow()
        match scan:
            case PassScan(text):
                return await self._errands.pick_up_by_pass(visit, text)
            case BadgeScan(text):
                return await self._errands.sign_in(visit, text)
            case LabelScan(label):
                return self._not_signed_in(visit, label)
            case _:
                assert_never(scan)

    def _newcomer(self) -> Visit | None:
        """The visit that a pass or a badge belongs to. Whoever still reads a last page has been served."""
        visit = self._desk.visit
        if visit is None:
            return self._desk.begin()
        if isinstance(visit.screen, Outcome | Thanks | StillRight | Summary):
            self._desk.put(Ended("asked"))
            return self._desk.begin()
        return visit if isinstance(visit.screen, Lobby | NeedsPerson | TakeAway) else None

    def _not_signed_in(self, visit: Visit, label: Label) -> Said:
        """A label says a driver is here who has not signed in; anything unreadable may have been meant as a pass."""
        now = self._desk.doorway.now()
        unreadable = label.kind is LabelKind.UNREADABLE
        if unreadable and not isinstance(visit.screen, SignIn):
            self._desk.put(show(touch(visit, now), ScanPass("unreadable"), now))
        else:
            self._desk.put(show(touch(visit, now), SignIn("unreadable" if unreadable else "not_signed_in"), now))
        return NotNow()
