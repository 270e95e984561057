"""A locker in a street: people of every kind come one after the other, and the world interferes at any moment."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from support.human_visits import (
    Ending,
    Visit,
    account_for,
    driver,
    lies_nowhere,
    operator,
    passer_by,
    recipient,
    taker,
    technician,
)
from support.locker_heart import A01, A02, A03, A04, HOUR_MS, MINUTE_MS, SECOND_MS
from support.locker_in_hand import DRIVER, NORTH, SOUTH, TECHNICIAN, WRONG_CODE, LockerInHand, s10_label, unlocked
from support.policies import a_laddered_policy

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.commands import (
    AnswerForRecipient,
    BlockCompartment,
    CancelParcel,
    Command,
    DeclareSite,
    EmergencyUnlock,
    ExpectParcel,
    ExtendAll,
    ExtendParcel,
    RecallParcel,
    RedirectParcel,
    ReissueCode,
    ReportNotification,
    UnblockCompartment,
    UnlockAll,
    UnlockCompartment,
    UpsertPreferences,
)
from controller.domain.conditions import Condition
from controller.domain.contacts import Contact, ContactKind
from controller.domain.cycles import is_moving
from controller.domain.ids import CarrierId, CompartmentId, Note, ParcelId, PickupId, Role, SessionId, Size, WallMs
from controller.domain.naming import name_of, parcel_id
from controller.domain.notices import Reply, ReportedAs
from controller.domain.preferences import DAY_MS, Channel, Instructions
from controller.domain.state import Custody, Parcel

Mishap = Callable[[LockerInHand], object]
DOORS = (A01, A02, A03, A04)
STRANGER = SessionId("stranger")
_ALARM = Contact("alarm", ContactKind.FIRE)
SPANS_MS = (
    0,
    SECOND_MS,
    5 * SECOND_MS,
    11 * SECOND_MS,
    46 * SECOND_MS,
    61 * SECOND_MS,
    121 * SECOND_MS,
    16 * MINUTE_MS,
    80 * HOUR_MS,
)
SERIALS = range(1, 7)


def _pulse_lost(locker: LockerInHand) -> None:
    locker.power_fails_before_pulse = True


def _dark(locker: LockerInHand) -> None:
    """Off for hours; whoever stands before it pushes the doors shut meanwhile."""
    for door in locker.cabinet.doors.values():
        door.open = False
    locker.restart(off_ms=5 * HOUR_MS)


def _late_survey(locker: LockerInHand) -> None:
    locker.restart(survey=False)
    locker.pass_ms(50 * SECOND_MS)
    locker.survey()


def _all_silent(locker: LockerInHand) -> None:
    for id in DOORS:
        locker.silence(id)


def _all_heard(locker: LockerInHand) -> None:
    for id in DOORS:
        locker.hear(id)


def _pop(locker: LockerInHand) -> None:
    locker.cabinet.pop()
    locker.survey()


def _refuse_scans(locker: LockerInHand) -> None:
    locker.put(inputs.ScanRejected("unreadable", 11, count=4))


def _meddle(locker: LockerInHand) -> None:
    """Somebody else presses whatever a page of another visit can press."""
    for id in DOORS:
        locker.reopen(id, STRANGER)
    locker.acknowledge(STRANGER)
    locker.take_back(STRANGER)
    locker.done(STRANGER)
    locker.leave(STRANGER)


def _cries_for_help(locker: LockerInHand) -> None:
    """Somebody at the screen says that a person is shut in."""
    locker.put(inputs.SomeoneInsideSaid(STRANGER))


def _locked_out(locker: LockerInHand) -> None:
    """Somebody at the terminal locks the locker out, for a while."""
    locker.put(inputs.LockOutAsked(None, "rewiring"))


def _ends_lockout(locker: LockerInHand) -> None:
    locker.put(inputs.LockoutEndAsked(None, "done"))


def _fire(locker: LockerInHand) -> None:
    """The building's alarm goes off."""
    locker.put(inputs.ContactRead(_ALARM, at_rest=False))


def _no_fire(locker: LockerInHand) -> None:
    locker.put(inputs.ContactRead(_ALARM, at_rest=True))


def _both_operators(locker: LockerInHand) -> None:
    """Every door is to be opened, and a second one says so too."""
    for kid in ("operator-1", "operator-2"):
        locker.command(UnlockAll(), role=Role.OPERATOR, carrier=None, ctr=locker.next_number(kid), kid=kid)


def _forced(id: CompartmentId, span_ms: int) -> Mishap:
    def mishap(locker: LockerInHand) -> None:
        locker.opens(id)
        locker.pass_ms(span_ms)
        locker.closes(id)

    return mishap


def _blinks(id: CompartmentId) -> Mishap:
    def mishap(locker: LockerInHand) -> None:
        locker.silence(id)
        locker.hear(id)

    return mishap


def _set_door(fault: str, id: CompartmentId, on: bool) -> Mishap:
    def mishap(locker: LockerInHand) -> None:
        setattr(locker.cabinet.doors[id], fault, on)

    return mishap


def _commands() -> st.SearchStrategy[Mishap]:
    parcels = st.sampled_from([ParcelId(f"P{n}") for n in SERIALS])
    theirs: st.SearchStrategy[Command] = st.one_of(
        st.builds(lambda parcel: CancelParcel(parcel=parcel), parcels),
        st.builds(lambda parcel: ExtendParcel(parcel=parcel, hold_s=7200), parcels),
        st.builds(lambda parcel: ReissueCode(parcel=parcel), parcels),
        st.builds(lambda parcel: RecallParcel(parcel=parcel), parcels),
        st.builds(lambda parcel: RedirectParcel(parcel=parcel), parcels),
        st.builds(
            lambda parcel, reply: AnswerForRecipient(parcel=parcel, answer=reply), parcels, st.sampled_from(Reply)
        ),
        st.just(ExtendAll(hold_s=3600)),
    )
    ours: st.SearchStrategy[Command] = st.one_of(
        st.builds(lambda id: UnlockCompartment(compartment=id), st.sampled_from(DOORS)),
        st.builds(lambda id: BlockCompartment(compartment=id), st.sampled_from(DOORS)),
        st.builds(lambda id: EmergencyUnlock(compartment=id), st.sampled_from(DOORS)),
        st.just(UnlockAll()),
        st.just(ExtendAll(hold_s=7200)),
    )
    return st.one_of(
        st.builds(
            lambda c, who: lambda locker: locker.command(c, carrier=who), theirs, st.sampled_from([NORTH, SOUTH])
        ),
        st.builds(lambda c: lambda locker: locker.operate(c), ours),
    )


def _reference(serial: int) -> str | None:
    """Every other parcel is for somebody whom the carrier has told of."""
    return "r-1" if serial % 2 else None


def _wants(carrier: CarrierId, days_ago: int, serial: int | None, wish: bool | None) -> Mishap:
    """A recipient changes their mind, now or long ago, about one parcel or about all of them."""

    def mishap(locker: LockerInHand) -> None:
        confirmed_at = WallMs(locker.at.wall - days_ago * DAY_MS)
        given = Instructions(confirmed_at=confirmed_at, locker=wish, note=Note("Knock") if wish is None else None)
        parcel = None if serial is None else ParcelId(f"P{serial}")
        recipient = "r-1" if serial is None else None
        locker.command(UpsertPreferences(preferences=given, parcel=parcel, recipient=recipient), carrier=carrier)

    return mishap


def _reports(outcome: ReportedAs) -> Mishap:
    """The carrier has something to say of every notice that is under way."""

    def mishap(locker: LockerInHand) -> None:
        for parcel, notice in list(locker.state.notices.items()):
            carrier = locker.state.parcels[parcel].carrier
            locker.command(ReportNotification(notice=notice.id, outcome=outcome), carrier=carrier)

    return mishap


def _declares(condition: Condition, in_hours: int, hours: int) -> Mishap:
    """Something is the matter at the site."""

    def mishap(locker: LockerInHand) -> None:
        starts = locker.at.wall + in_hours * HOUR_MS
        until = WallMs(starts + hours * HOUR_MS)
        locker.operate(DeclareSite(condition=condition, starts=WallMs(starts), until=until))

    return mishap


def _hears(hears: bool) -> Mishap:
    """The carrier cannot hear the locker from now on, or can again."""

    def mishap(locker: LockerInHand) -> None:
        locker.carrier_hears = hears

    return mishap


def _second_thoughts(locker: LockerInHand) -> None:
    """About the very parcel that a driver holds in hand."""
    visit = locker.state.visit
    if visit is not None and visit.parcel is not None:
        _wants(visit.carrier, 0, int(name_of(visit.parcel)[1:]), None)(locker)


def _wishes() -> st.SearchStrategy[Mishap]:
    return st.builds(
        _wants,
        st.sampled_from([NORTH, SOUTH]),
        st.sampled_from([0, 179, 200, 364, 400]),
        st.sampled_from([None, *SERIALS]),
        st.sampled_from([None, True, False]),
    )


def mishaps() -> st.SearchStrategy[Mishap]:
    """Whatever may happen between two steps of a visit."""
    door = st.sampled_from(DOORS)
    return st.one_of(
        st.sampled_from([_pulse_lost, _dark, _late_survey, _all_silent, _all_heard, _pop, _refuse_scans, _meddle]),
        st.sampled_from([_cries_for_help, _both_operators, _locked_out, _ends_lockout, _fire, _no_fire]),
        st.just(_second_thoughts),
        st.builds(lambda clean: lambda locker: locker.restart(clean=clean), st.booleans()),
        st.builds(lambda span: lambda locker: locker.pass_ms(span), st.sampled_from(SPANS_MS)),
        st.builds(lambda id: lambda locker: locker.silence(id), door),
        st.builds(lambda id: lambda locker: locker.opens(id), door),
        st.builds(lambda id: lambda locker: locker.closes(id), door),
        st.builds(_forced, door, st.sampled_from(SPANS_MS)),
        st.builds(_blinks, door),
        st.builds(_set_door, st.sampled_from(["jammed", "late"]), door, st.booleans()),
        st.builds(lambda n: lambda locker: [locker.type_code(WRONG_CODE) for _ in range(n)], st.integers(1, 21)),
        st.builds(lambda: lambda locker: locker.leave(DRIVER)),
        st.builds(_reports, st.sampled_from(ReportedAs)),
        st.builds(_declares, st.sampled_from(Condition), st.sampled_from([0, 5]), st.sampled_from([1, 90])),
        st.builds(_hears, st.booleans()),
        _commands(),
        _wishes(),
    )


def disturbances() -> st.SearchStrategy[dict[int, Mishap]]:
    """At which moments of a visit what happens."""
    return st.dictionaries(st.integers(0, 9), mishaps(), max_size=3)


stays = st.one_of(st.just(99), st.integers(0, 9))
"""How many moments a visitor stays; mostly to the end."""


class Street(RuleBasedStateMachine):
    """Whole visits as rules; that everything holds is asserted by the locker in hand, after every input."""

    @initialize(collect_after_expiry=st.booleans(), channels=st.sampled_from([(), (Channel.PUSH, Channel.SMS)]))
    def begin(self, collect_after_expiry: bool, channels: tuple[Channel, ...]) -> None:
        self.locker = LockerInHand(a_laddered_policy(collect_after_expiry=collect_after_expiry, channels=channels))
        self.visits = 0
        self.owners: dict[int, CarrierId] = {}

    @rule(
        serial=st.sampled_from(SERIALS),
        carrier=st.sampled_from([NORTH, SOUTH]),
        size=st.sampled_from([None, *Size]),
        ending=st.sampled_from(Ending),
        stays=stays,
        world=disturbances(),
    )
    def driver_comes(
        self, serial: int, carrier: CarrierId, size: Size | None, ending: Ending, stays: int, world: dict[int, Mishap]
    ) -> None:
        owner = self.owners.get(serial, carrier)
        if parcel_id(owner, f"P{serial}") in self.locker.state.parcels:
            carrier = owner  # a label is on one parcel at a time, whoever brings it
        parcel = parcel_id(carrier, f"P{serial}")
        if not all(lies_nowhere(self.locker, parcel_id(each, f"P{serial}")) for each in (NORTH, SOUTH)):
            return
        command = ExpectParcel(
            parcel=parcel, label=s10_label(serial), carrier=carrier, size=size, recipient=_reference(serial)
        )
        if self.locker.command(command, carrier=carrier).status == "executed":
            self.owners[serial] = carrier
        self._lives_through(driver(self.locker, DRIVER, self.owners[serial], serial, ending), stays, world)
        self.locker.leave(DRIVER)

    @precondition(lambda self: self.locker.all(ev.CodeIssued))
    @rule(data=st.data(), means=st.sampled_from(["code", "pass", "app"]), stays=stays, world=disturbances())
    def recipient_comes(self, data: st.DataObject, means: str, stays: int, world: dict[int, Mishap]) -> None:
        told = sorted({int(name_of(event.parcel)[1:]) for event in self.locker.all(ev.CodeIssued)})
        serial = data.draw(st.sampled_from(told), "serial")
        self.visits += 1
        session = SessionId(f"recipient-{self.visits}")
        visit = recipient(self.locker, session, self.owners[serial], serial, means)
        self._lives_through(visit, stays, world)

    @precondition(lambda self: self.locker.state.pickups)
    @rule(data=st.data(), change=st.sampled_from(["cancel", "extend", "reissue"]))
    def carrier_changes_its_mind(self, data: st.DataObject, change: str) -> None:
        pickup = data.draw(st.sampled_from(sorted(self.locker.state.pickups)), "pickup")
        parcel = self.locker.state.pickups[PickupId(pickup)].parcels[0]
        commands: dict[str, Command] = {
            "cancel": CancelParcel(parcel=parcel),
            "extend": ExtendParcel(parcel=parcel, hold_s=7200),
            "reissue": ReissueCode(parcel=parcel),
        }
        self.locker.command(commands[change], carrier=self.locker.state.parcels[parcel].carrier)

    @precondition(lambda self: any(p.cancelled or p.expired for p in self.locker.state.parcels.values()))
    @rule(stays=stays, world=disturbances())
    def operator_takes_out(self, stays: int, world: dict[int, Mishap]) -> None:
        [(_, id), *_] = sorted(
            (p.id, p.compartment)
            for p in self.locker.state.parcels.values()
            if (p.cancelled or p.expired) and p.compartment is not None
        )
        self._lives_through(operator(self.locker, id), stays, world)

    @precondition(lambda self: any(p.cancelled or p.expired for p in self.locker.state.parcels.values()))
    @rule(carrier=st.sampled_from([NORTH, SOUTH]), scans_first=st.booleans(), stays=stays, world=disturbances())
    def driver_takes_away(self, carrier: CarrierId, scans_first: bool, stays: int, world: dict[int, Mishap]) -> None:
        self._lives_through(taker(self.locker, DRIVER, carrier, scans_first), stays, world)
        self.locker.leave(DRIVER)

    @rule(id=st.sampled_from(DOORS), stays=stays, world=disturbances())
    def operator_comes(self, id: CompartmentId, stays: int, world: dict[int, Mishap]) -> None:
        self._lives_through(operator(self.locker, id), stays, world)

    @rule(takes_stock=st.booleans(), stays=st.integers(0, 14), world=disturbances())
    def technician_comes(self, takes_stock: bool, stays: int, world: dict[int, Mishap]) -> None:
        self._lives_through(technician(self.locker, takes_stock=takes_stock), stays, world)
        self.locker.leave(TECHNICIAN)

    @rule(stays=stays, world=disturbances())
    def somebody_passes(self, stays: int, world: dict[int, Mishap]) -> None:
        self._lives_through(passer_by(self.locker), stays, world)

    @rule(mishap=mishaps())
    def something_happens(self, mishap: Mishap) -> None:
        self._suffer(mishap)

    def _lives_through(self, visit: Visit, stays: int, world: dict[int, Mishap]) -> None:
        for moment in range(stays):
            known = len(self.locker.history)
            if moment in world:
                self._suffer(world[moment])
            ended = next(visit, "ended") == "ended"
            self._look_inside(known)
            if self.locker.power_fails_before_pulse:
                self.locker.restart()
            if ended:
                break

    def _suffer(self, mishap: Mishap) -> None:
        known = len(self.locker.history)
        mishap(self.locker)
        self._look_inside(known)

    def _look_inside(self, since: int) -> None:
        for _, event in self.locker.history[since:]:
            if isinstance(event, ev.AuditFinished) and event.complete:
                there = [parcel for parcel in event.missing if not lies_nowhere(self.locker, parcel)]
                assert not there, f"{there} were said to be missing and are there"
            if isinstance(event, ev.CustodyDepositing):
                inside = self.locker.cabinet.doors[event.compartment].inside - {event.parcel}
                assert not inside, f"{event.compartment} was given out with {inside} in it"
        account_for(self.locker, since)

    def teardown(self) -> None:
        """Faults end, doors are shut, time goes by: then nothing hangs, and everybody gets what is theirs."""
        if not hasattr(self, "locker"):
            return
        locker = self.locker
        locker.restart()
        _ends_lockout(locker)
        _no_fire(locker)
        for id in DOORS:
            door = locker.cabinet.doors[id]
            door.jammed = door.late = door.sprung = False
            locker.hear(id)
            locker.closes(id)
        locker.leave(DRIVER)
        locker.pass_ms(16 * MINUTE_MS)
        assert not [c.id for c in locker.state.compartments.values() if is_moving(c)]
        for doors in list(locker.state.stopped.values()):
            for id in doors:  # somebody has seen to the wires
                locker.operate(UnblockCompartment(compartment=id, rewired=True))
        assert not locker.state.stopped
        for parcel in list(locker.state.parcels.values()):
            assert parcel.custody is not Custody.DEPOSITING
            if (
                parcel.compartment is None
                or parcel.cancelled
                or (parcel.expired and not locker.policy.collect_after_expiry)
            ):
                continue
            self._everybody_of_its_pickup_comes_for(parcel)
        locker.check_replay()

    def _everybody_of_its_pickup_comes_for(self, parcel: Parcel) -> None:
        """One code opens the doors of its pickup in the order in which they were filled."""
        locker = self.locker
        mates = [each.compartment for each in locker.state.parcels.values() if each.pickup == parcel.pickup]
        for id in mates:
            if id is not None and parcel.id in locker.state.parcels:
                locker.operate(UnblockCompartment(compartment=id))
        for _ in mates:
            if parcel.id in locker.state.parcels:
                door_unlocked = unlocked(locker.type_code(locker.code_of(int(name_of(parcel.id)[1:]))))
                assert door_unlocked in mates
                locker.closes(door_unlocked)
        assert parcel.id not in locker.state.parcels
