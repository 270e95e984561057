"""People around a real daemon that may die at any moment: they come back, try again, and shut the doors behind them.

Where every parcel really is, is noted beside; the locker has to infer it.
"""

import json
import time
from collections.abc import Callable
from random import Random

from support import daemon_journal
from support.daemon import DEADLINE_S, Daemon, wait_until
from support.daemon_carrier import Backend
from support.daemon_hands import LOOKS, Hands
from support.daemon_kiosk import Gone, Page, Reply
from support.daemon_premises import LOCKER
from support.daemon_site import Site
from support.daemon_wire import TOPICS, Pen, Wire
from support.locker_in_hand import s10_label

from controller.cli.failure import Failed
from controller.cli.service_client import ask
from controller.domain.commands import CancelParcel, Command, ExpectParcel
from controller.domain.ids import CarrierId, DriverId, ParcelId, Role

HEARD_S = 10.0
"""How long until word of a closed door has come to the carrier."""
ANSWER_S = 3.0
"""After this a command is sent again: the broker may have lost it."""
TAKEN_IN = ("stored", "collecting", "collected", "removed")
OVER = ("collected", "removed")


class Street:
    """A daemon, its carrier and the people before it; all of them but the daemon live on."""

    def __init__(
        self,
        daemon: Daemon[Site],
        backend: Backend,
        wire: Wire,
        pen: Pen,
        chance: Random,
        spare: frozenset[str] = frozenset(),
    ) -> None:
        """`spare` compartments are none of these people's business."""
        self.daemon = daemon
        self.site = daemon.site
        self.backend = backend
        self.wire = wire
        self.hands = Hands(self.site)
        self.truth = self.hands.truth
        self.revive: Callable[[], object] = lambda: wait_until(daemon.healthy, "the daemon to come back")
        """Called when the locker is found dead; returns when it lives again."""
        self.pen = pen
        self._spare = spare
        self._withdrawn: set[str] = set()
        self.withheld: set[str] = set()
        """Parcels whose doors were opened too often by their recipients, and others too often by operators: somebody
        with a key has to come.
        """
        self._chance = chance
        self.badge = pen.issuer().badge((LOCKER,), DriverId("d7"))
        self._made = 0

    # --- the carrier --------------------------------------------------------------------------------

    def command(self, command: Command, role: Role = Role.CARRIER) -> dict[str, str]:
        """Send a signed command, again and again, until the locker has answered."""
        jti, token = self.pen.order(command, role)

        def answered() -> dict[str, str] | None:
            if not self.daemon.alive:
                self.revive()
            self.wire.say(TOPICS.commands, token)
            return self.wire.result_of(jti, ANSWER_S, lambda: not self.daemon.alive)

        return wait_until(answered, f"an answer to {command}")

    def expect(self) -> tuple[str, str]:
        """The carrier announces a parcel; its id and its label."""
        self._made += 1
        parcel, label = f"P{self._made}", s10_label(self._made)
        result = self.command(ExpectParcel(parcel=ParcelId(parcel), label=label, carrier=CarrierId("acme")))
        assert result["status"] == "executed" or result.get("first") == "executed", result
        return parcel, label

    # --- a driver -----------------------------------------------------------------------------------

    def deliver(self, parcel: str, label: str) -> None:
        """A driver's visits, until the carrier knows that the locker has the parcel."""
        page = Page(self.site.kiosk_port)
        while self.backend.custody_of(parcel) not in TAKEN_IN:
            try:
                if self.truth.place_of(parcel) is not None:
                    self._see_what_became_of(parcel)
                else:
                    self._hand_in(page, parcel, label)
            except Gone:
                self._carry_on(parcel)
        self._leave(page)

    def _hand_in(self, page: Page, parcel: str, label: str) -> None:
        reply = page.post("/api/driver/badge", {"badge": self.badge})
        for path, body in (("label", {"label": label}), ("plan", {"acknowledged": True})):
            if reply.accepted:
                reply = page.post(f"/api/driver/{path}", body)
        if not reply.accepted:
            self._refused(page, reply)
            return
        (door,) = reply.said["compartments"]
        if self._opens(door):
            self.hands.put_in(door, parcel)
            self.hands.shut(door)
            self._wait(lambda: page.post("/api/driver/done", {}).reason != "door_open", DEADLINE_S)
        page.leave()

    def _see_what_became_of(self, parcel: str) -> None:
        """It lies inside and nobody confirmed it: silence counts as done, or somebody has to look."""
        self._wait(lambda: self.backend.custody_of(parcel) in (*TAKEN_IN, "released"), DEADLINE_S)
        if self.backend.custody_of(parcel) == "released":
            door = self.truth.place_of(parcel)
            assert door is not None
            self._by_a_person("open", door)
            if self._opens(door):
                self.hands.take_out(door, for_good=False)
                self.hands.shut(door)
                self._by_a_person("unblock", door)

    # --- a recipient --------------------------------------------------------------------------------

    def collect(self, parcel: str) -> None:
        """A recipient's visits, until the carrier knows that the parcel is collected, or it is withheld."""
        page = Page(self.site.kiosk_port)
        while self.backend.custody_of(parcel) not in OVER and parcel not in self.withheld:
            try:
                if parcel in self._withdrawn:
                    self._hand_over_by_operator(parcel)
                else:
                    self._fetch(page, parcel)
            except Gone:
                self._carry_on(parcel)
        self._leave(page)

    def _fetch(self, page: Page, parcel: str) -> None:
        code = wait_until(lambda: self.backend.code_of(parcel), f"the code of {parcel}")
        reply = page.post("/api/pickup", {"code": code})
        if reply.accepted:
            (door,) = reply.said["compartments"]
            self._go_through(door, parcel)
            page.leave()
        elif reply.reason == "code_invalid":
            known = self.backend.wait_for_custody(parcel, *OVER, limit_s=DEADLINE_S)
            assert known in OVER, f"the code of {parcel}, which is {known}, is refused"
        elif reply.reason == "too_many_openings":
            self._withdrawn.add(parcel)
            page.leave()
        else:
            self._refused(page, reply)

    def _go_through(self, door: str, parcel: str) -> None:
        with self.truth.lock:
            theirs = self.truth.inside.get(door) == parcel or parcel in self.truth.handed_out
            assert theirs, f"the code of {parcel} opens {door}, where {self.truth.inside.get(door)} lies"
        if self._opens(door):
            self.hands.take_out(door)
            self.hands.shut(door)
            self._wait(lambda: self.backend.custody_of(parcel) in OVER, HEARD_S)

    def _hand_over_by_operator(self, parcel: str) -> None:
        """Their door was opened too often: the carrier withdraws the parcel and an operator hands it over.

        If it has left already while nobody watched the door, the operator finds that out.
        """
        cancel = CancelParcel(parcel=ParcelId(parcel))
        wait_until(lambda: self.command(cancel)["status"] in ("executed", "duplicate"), f"{parcel} to be cancelled")
        door = self.truth.last_place[parcel]
        if not self._by_a_person("open", door):
            self.withheld.add(parcel)
        elif self._opens(door):
            self.hands.take_out(door)
            self.hands.shut(door)
        self._wait(lambda: self.backend.custody_of(parcel) in OVER, HEARD_S)

    # --- an operator --------------------------------------------------------------------------------

    def go_round(self) -> None:
        """Somebody shuts the spare doors that stand open, as soon as the locker has looked at its doors again."""
        looked = self.hands.looks()
        wait_until(lambda: self.hands.looks() > looked or not self.daemon.alive, "the locker to look at its doors")
        for place in self._spare.intersection(self.hands.open_doors()):
            self.hands.shut(place)

    # --- before a door --------------------------------------------------------------------------------------

    def _opens(self, door: str) -> bool:
        """Stand before the door until the screen says something else. Raises Gone when the locker dies meanwhile."""
        since = daemon_journal.last_sequence(self.site.data_dir)
        self._wait(lambda: door in self.hands.open_doors() or self._is_over(door, since), DEADLINE_S)
        if door not in self.hands.open_doors():
            return False
        looked = self.hands.looks()
        self._wait(lambda: self.hands.looks() >= looked + LOOKS, DEADLINE_S)
        return True

    def _is_over(self, door: str, since: int) -> bool:
        """Whether the door is stuck, or was shut by us already and this is only known now."""
        news = [json.loads(raw) for _, raw in daemon_journal.rows(self.site.data_dir, since)]
        endings = ("locker.door.did_not_open.v1", "locker.custody.collected.v1")
        return any(record["type"] in endings and record["subject"] == door for record in news)

    def _carry_on(self, parcel: str) -> None:
        """The screen is dead: see to doors that stand open, at once or when it lives again."""
        if self._chance.random() < 0.5:
            self._see_to_doors(parcel)
        self.revive()
        self._see_to_doors(parcel)

    def _see_to_doors(self, parcel: str) -> None:
        for place in self.hands.open_doors():
            if place in self._spare:
                continue
            if self.truth.inside.get(place) == parcel:
                if self.backend.custody_of(parcel) in TAKEN_IN:
                    self.hands.take_out(place)
            elif parcel not in self.truth.handed_out and self.truth.place_of(parcel) is None:
                self.hands.put_in(place, parcel)
            self.hands.shut(place)

    def _by_a_person(self, what: str, door: str) -> bool:
        """Somebody at the locker's own terminal; whether they may. Raises Gone."""
        request = {"do": what, "compartment": door} | ({"reason": "somebody has to look"} if what == "open" else {})

        def over() -> bool:
            try:
                ask(self.site.data_dir, dict(request))
            except Failed as failed:
                if not self.daemon.alive:
                    raise Gone(what) from failed
                refused.append("too many occupied" in str(failed))
                return refused[-1]
            return True

        refused: list[bool] = []
        return self._wait(over, DEADLINE_S) and True not in refused

    # --- patience -----------------------------------------------------------------------------------

    def _wait(self, met: Callable[[], bool], limit_s: float) -> bool:
        """Whether it came in time. Raises Gone when the locker dies first."""
        give_up = time.monotonic() + limit_s
        while not met():
            if not self.daemon.alive:
                raise Gone("the locker")
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
        return True

    def _refused(self, page: Page, reply: Reply) -> None:
        """Lawful refusals of people who come too early or after a crash; any other is a fault of the locker's."""
        early = ("busy", "door_open", "not_now", "deposit_unfinished", "already_stored", "not_signed_in")
        assert reply.reason in early or reply.status == 503, reply
        page.leave()

    @staticmethod
    def _leave(page: Page) -> None:
        try:
            page.leave()
        except Gone:
            return  # nobody is served any more: so much the better
