"""Picking up with the carrier's app: what the screen shows to a telephone, and what follows when it was read."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from controller.domain import events as ev
from controller.domain.ids import SessionId
from controller.domain.inputs import NextDoorAsked
from controller.domain.refusals import Refusal
from controller.domain.state import State
from kiosk.desk import Desk
from kiosk.doorway import Happened
from kiosk.errands import Errands
from kiosk.proving_screens import ProvingScreen
from kiosk.receipt import modules
from kiosk.screens import Lobby, NeedsPerson, UseApp
from kiosk.session import Visit

ANEW_S = 15
"""What was shown is good for twice as long, so that whoever has just read it has time."""
_BEFORE_A_DOOR = Lobby | ProvingScreen | NeedsPerson


class AppPickup:
    """For the one place at the screen. `changed` is to be called whenever the desk changed."""

    def __init__(self, desk: Desk, errands: Errands, spawn: Callable[[Coroutine[Any, Any, object]], object]) -> None:
        """`spawn` runs what nobody waits for."""
        self._desk = desk
        self._errands = errands
        self._spawn = spawn
        self._shown_to: SessionId | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unfollow = desk.doorway.follow(self._happened)

    def close(self) -> None:
        """Show nothing more."""
        self._unfollow()
        self._stop()

    def changed(self) -> None:
        """Look at what is on the screen now."""
        visit = self._desk.visit
        if self._shown_to is not None and (visit is None or not self._may_be_let_in(visit)):
            self._shown_to = None
            self._desk.doorway.presence_over()
        if visit is not None and visit.screen == UseApp():
            self._show(visit)

    def show_anew(self) -> None:
        """Something fresh to read, where it is still on the screen."""
        visit = self._desk.visit
        if visit is not None and isinstance(visit.screen, UseApp):
            self._show(visit)

    def _may_be_let_in(self, visit: Visit) -> bool:
        return visit.session == self._shown_to and isinstance(visit.screen, _BEFORE_A_DOOR)

    def _show(self, visit: Visit) -> None:
        """A new one in place of what is there; the screen's own patience goes on."""
        self._stop()
        text = self._desk.doorway.presence(visit.session)
        self._shown_to = visit.session
        self._timer = asyncio.get_running_loop().call_later(ANEW_S, self.show_anew)
        screen = UseApp(refused=Refusal.CARRIER_DEAF.value) if text is None else UseApp(modules(text))
        self._desk.put(replace(visit, screen=screen))

    def _happened(self, committed: Sequence[Happened], state: State) -> None:
        """Whoever was let in without a door that opens is asked for what is still missing."""
        visit = self._desk.visit
        if visit is None or not isinstance(visit.screen, _BEFORE_A_DOOR):
            return
        if any(isinstance(each.event, ev.AppAccepted) and each.event.session == visit.session for each in committed):
            ask = NextDoorAsked(visit.session)
            self._spawn(self._errands.put(visit, ask, self._errands.recipient_answered))

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
