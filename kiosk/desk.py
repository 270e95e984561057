"""The one place at the screen: who is being served, on which screen, and for how much longer.

Holds the visit, applies the pure transitions to it, and tells the pages when something changed.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from hmac import compare_digest
from typing import Any

from controller.domain import events as ev
from controller.domain.ids import CompartmentId, Door, SessionId
from controller.domain.inputs import SessionEnded
from controller.domain.state import State
from kiosk import doors, driver, take_away, technician
from kiosk.doorway import Doorway, Happened
from kiosk.facts import Facts, about_home, about_nobody, about_somebody_else, about_visit
from kiosk.patience import due, run_out
from kiosk.session import Ended, Step, Visit, begin
from kiosk.times import Times

_ABOUT_HOME = (
    ev.DoorLeftOpen,
    ev.DoorClosed,
    ev.DoorSeen,
    ev.DoorSensorUnknown,
    ev.LockedOut,
    ev.LockoutEnded,
    ev.LockoutLapsed,
)
"""After these what home says to everybody may be something else."""


class Desk:
    """One visit at a time.

    `spawn` runs what nobody waits for; `new_id` gives unguessable ASCII texts of 16 characters or more.
    """

    def __init__(
        self,
        doorway: Doorway,
        times: Times,
        spawn: Callable[[Coroutine[Any, Any, object]], object],
        new_id: Callable[[], str],
    ) -> None:
        self.doorway = doorway
        self.times = times
        self.visit: Visit | None = None
        self.asking = False
        """Whether the locker is being asked something on the visitor's behalf."""
        self.changed: Callable[[], None] = lambda: None
        """Called whenever a page may have something new to show."""
        self._spawn = spawn
        self._new_id = new_id
        self._token: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._home = about_home(doorway.state())
        self._unfollow = doorway.follow(self._happened)

    def close(self) -> None:
        """Serve nobody any more."""
        self._unfollow()
        self._stop_timer()
        self.visit = None

    # --- whose turn it is ---------------------------------------------------------------------------

    def holds(self, token: str | None) -> bool:
        """Whether this cookie is the visitor's."""
        held = self._token
        if self.visit is None or token is None or held is None:
            return False
        return compare_digest(token.encode(), held.encode())

    @property
    def unclaimed(self) -> bool:
        """Whether the visit was begun by the scanner and no page has answered it yet."""
        return self.visit is not None and self._token is None

    def claim(self) -> str:
        """Make the page that asks the visitor's; begins a visit when there is none. Gives the new cookie."""
        if self.visit is None:
            self.begin()
        self._token = self._new_id()
        return self._token

    def begin(self) -> Visit:
        """A visit that no page has claimed, in place of any other."""
        self._token = None
        visit = begin(SessionId(self._new_id()[:16]), self.doorway.now())
        self.put(visit)
        return visit

    # --- what is shown ------------------------------------------------------------------------------

    def screen(self, *, own: bool) -> Facts:
        """The screen for the visitor's page (`own`), or for any other."""
        state = self.doorway.state()
        if self.visit is None:
            return about_nobody(state, healthy=self.doorway.healthy())
        if own:
            return about_visit(self.visit, state, self.doorway.now(), self.times)
        return about_somebody_else()

    def put(self, step: Step) -> None:
        """Go on with this visit, or end it."""
        if step == self.visit:
            return
        self._stop_timer()
        if isinstance(step, Ended):
            self._end(step.reason)
        else:
            self.visit = step
            self._start_timer(step)
        self.changed()

    def update(self, session: SessionId, next_of: Callable[[Visit], Step]) -> None:
        """Apply an answer to the visit that asked for it, unless that visit is over by now."""
        if self.visit is not None and self.visit.session == session:
            self.put(next_of(self.visit))

    def open_among(self, doors: Iterable[CompartmentId]) -> frozenset[CompartmentId]:
        """Those of these doors that stand open."""
        compartments = self.doorway.state().compartments
        return frozenset(id for id in doors if compartments[id].door is Door.OPEN)

    # --- time and events ----------------------------------------------------------------------------

    def pass_time(self) -> None:
        """Do what the visit's screen does when its time is over."""
        visit, now = self.visit, self.doorway.now()
        if visit is None:
            return
        if due(visit, self.times) <= now:
            self.put(run_out(visit, now, self.times))
        else:
            self._start_timer(visit)

    def _happened(self, committed: Sequence[Happened], state: State) -> None:
        step: Step | None = self.visit
        for item in committed:
            for see in (self._see_door, self._see_driver, self._see_removal, self._see_technician):
                step = see(step, item) if isinstance(step, Visit) else step
        if step is not None:
            self.put(step)
        if self.visit is not None and self.visit.technician:
            self.changed()  # every door is on the screen
        if any(isinstance(item.event, _ABOUT_HOME) for item in committed):
            self._look_at_home(state)

    def _look_at_home(self, state: State) -> None:
        home = about_home(state)
        if home != self._home:
            self._home = home
            self.changed()

    def _see_door(self, visit: Visit, item: Happened) -> Step:
        return doors.seen(visit, item.event, item.stamp, self.times)

    def _see_driver(self, visit: Visit, item: Happened) -> Step:
        return driver.seen(visit, item.event, item.stamp)

    def _see_removal(self, visit: Visit, item: Happened) -> Step:
        return take_away.seen(visit, item.event, item.stamp)

    def _see_technician(self, visit: Visit, item: Happened) -> Step:
        return technician.seen(visit, item.event, item.stamp)

    def _end(self, reason: str) -> None:
        visit, self.visit, self._token = self.visit, None, None
        if visit is not None and reason != "told" and self._is_let_in(visit):
            self._spawn(self.doorway.ask(SessionEnded(visit.session, reason)))

    def _is_let_in(self, visit: Visit) -> bool:
        """Whether the locker itself knows of this visitor, and so must hear that they have left."""
        recipient = self.doorway.state().recipient
        return visit.driver or visit.technician or (recipient is not None and recipient.session == visit.session)

    def _start_timer(self, visit: Visit) -> None:
        self._stop_timer()
        wait_s = (due(visit, self.times) - self.doorway.now()) / 1000
        self._timer = asyncio.get_running_loop().call_later(max(0.0, wait_s), self.pass_time)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
