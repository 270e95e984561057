"""What must hold after everything that is put to the locker, worked out from the events alone.

Kept apart from the rules of the product: nothing here asks `decide`, `cycles` or `allocation` what they think.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.commands import AuthorisePickup, EmergencyUnlock, UnlockAll
from controller.domain.evolve import evolve
from controller.domain.ids import (
    NEVER,
    CompartmentId,
    Door,
    Handle,
    MonoMs,
    ParcelId,
    PickupId,
    Purpose,
    Role,
    SessionId,
)
from controller.domain.policy import Policy
from controller.domain.stamp import Stamp
from controller.domain.state import Compartment, Custody, Parcel, State

SECRET = "hmac-"
"""Every HMAC of the tests begins like this."""
History = list[tuple[Stamp, ev.Event]]
_MAY_UNLOCK = (
    inputs.CodeTyped,
    inputs.PassShown,
    inputs.NextDoorAsked,
    inputs.FreshPinTyped,
    inputs.SignatureGiven,
    inputs.ClaimMade,
    inputs.ReopenAsked,
    inputs.OtherDoorAsked,
    inputs.PlanAcknowledged,
    inputs.TakeAwayAsked,
    inputs.TakeBackAsked,
    inputs.CommandArrived,
    inputs.LocalCommand,
    inputs.SomeoneInsideSaid,
    inputs.TechnicianUnlockAsked,
    inputs.OpenAllAsked,
    inputs.AuditDoorAsked,
)
_IN_TURN = (Purpose.ALL, Purpose.SOMEONE_INSIDE)
_PERHAPS_SOMEBODY = (None, "did_not_open", "opened_unasked")


@dataclass(slots=True)
class DoorStory:
    """What became of the last permission for one door."""

    permitted: ev.UnlockAuthorised | None = None
    at: MonoMs = NEVER
    sure: bool = False
    """The sensor has spoken all the time since."""
    opened: bool = False
    seen_open: bool = False
    """At any time since a driver was let to the parcel that is behind it."""
    ended: MonoMs | None = None
    """When the door closed that had opened by that permission."""
    cycled: bool = False
    """A driver's door was seen to open and to close, and nobody opened it otherwise since."""
    doubt: bool = False
    """Something may be inside that nobody has accounted for."""
    by_recipients: list[MonoMs] = field(default_factory=list)


class LockerRules:
    """Follows the events of one stream and objects."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._doors: dict[CompartmentId, DoorStory] = {}
        self._gone: set[ParcelId] = set()
        self._remote: list[MonoMs] = []
        self._wanted: dict[ParcelId, Handle] = {}
        """The preferences that hold for each parcel."""
        self._read: dict[ParcelId, tuple[SessionId, Handle | None]] = {}
        """By whom and with which preferences each parcel's plan was last acknowledged."""

    def follow(self, before: State, event: ev.Event, at: Stamp, item: inputs.Input) -> None:
        """Judge one event that `item` caused; `before` is the state it fell into."""
        assert not any(SECRET in text for text in public_texts(event)), f"a code's HMAC stands in {event.NAME}"
        match event:
            case ev.UnlockAuthorised():
                self._permitted(before, event, at, item)
            case ev.CustodyDepositing():
                self._allocated(before, event)
            case ev.CustodyReleased() | ev.CustodyStored() | ev.CustodyCollected() | ev.CustodyRemoved():
                self._moved(before, event, at)
            case ev.DoorOpened() | ev.DoorClosed() | ev.DoorForced() | ev.DoorSensorUnknown():
                self._door(before, event, at)
            case ev.ParcelExpected(parcel=parcel):
                self._gone.discard(parcel)
                self._wanted.pop(parcel, None)
                self._read.pop(parcel, None)
            case ev.PreferenceChanged(parcel=str(parcel)):
                self._wanted[ParcelId(parcel)] = event.handle
            case ev.PreferencePurged(parcel=str(parcel)):
                if self._wanted.get(ParcelId(parcel)) == event.handle:
                    del self._wanted[ParcelId(parcel)]
            case ev.PreferenceShown():
                self._read[event.parcel] = (event.session, event.handle)
            case ev.CompartmentRestored(compartment=id):
                self._story(id).doubt = before.compartments[id].parcel is not None
            case ev.PrivateErased(sequences=sequences):
                frozen = {n for dispute in before.disputes.values() for n in dispute.records}
                assert not frozen.intersection(sequences), "evidence of a dispute was erased"
            case ev.BootStarted():
                for story in self._doors.values():
                    story.sure = False
            case _:
                pass

    def _story(self, id: CompartmentId) -> DoorStory:
        return self._doors.setdefault(id, DoorStory())

    def _alone(self, before: State, id: CompartmentId, session: SessionId) -> None:
        others = [c for c in before.compartments.values() if c.id != id and _stands_open(c)]
        assert not any(c.cycle and c.cycle.session == session for c in others), "two doors open for one visit"

    def _permitted(self, before: State, event: ev.UnlockAuthorised, at: Stamp, item: inputs.Input) -> None:
        in_turn = isinstance(item, inputs.DeadlinePassed) and event.purpose in _IN_TURN
        assert in_turn or isinstance(item, _MAY_UNLOCK), (
            f"{type(item).__name__} unlocked {event.compartment} of its own accord"
        )
        story, compartment = self._story(event.compartment), before.compartments[event.compartment]
        assert event.parcel == compartment.parcel
        before_it = event.role is Role.TECHNICIAN and event.session is not None
        assert before.lockout is None or before_it, "unlocked under a lock-out"
        on_supply = [c for c in before.compartments.values() if c.spec.supply == compartment.spec.supply]
        assert all(c.quarantine != "wiring_fault" for c in on_supply), "unlocked on a supply that stands still"
        holds = before.parcels[compartment.parcel] if compartment.parcel is not None else None
        match event.purpose, item:
            case Purpose.PICKUP, inputs.CodeTyped(code=code):
                assert holds is not None
                assert holds.custody is Custody.COLLECTING
                theirs = [each.parcel for each in before.delegations if each.code == code]
                opens = holds.id in theirs if theirs else holds.pickup == before.codes[code]
                assert opens, "a code opened another's door"
                assert not holds.cancelled
            case Purpose.PICKUP, inputs.PassShown(parcel=parcel, carrier=carrier):
                assert holds is not None
                pickup = before.pickups[holds.pickup or PickupId("")]
                assert parcel in (*pickup.parcels, *pickup.left)
                assert (holds.carrier, holds.custody) == (carrier, Custody.COLLECTING)
                assert not holds.cancelled
            case Purpose.PICKUP, inputs.CommandArrived(command=AuthorisePickup(parcel=parcel), carrier=carrier):
                assert holds is not None
                assert item.presence_session is not None, "nobody was there"
                assert (holds.id, holds.carrier, holds.custody) == (parcel, carrier, Custody.COLLECTING)
                assert not holds.cancelled
                self._alone(before, event.compartment, item.presence_session)
            case Purpose.PICKUP, (
                inputs.NextDoorAsked(session=session)
                | inputs.FreshPinTyped(session=session)
                | inputs.SignatureGiven(session=session)
            ):
                assert holds is not None
                assert before.recipient is not None
                assert holds.custody is Custody.COLLECTING
                assert (before.recipient.session, before.recipient.pickup) == (session, holds.pickup)
                assert holds.id in before.recipient.parcels
                assert not holds.cancelled
                self._alone(before, event.compartment, session)
            case Purpose.DEPOSIT | Purpose.TAKE_BACK, (
                inputs.PlanAcknowledged() | inputs.OtherDoorAsked() | inputs.ReopenAsked() | inputs.TakeBackAsked()
            ):
                assert holds is not None
                assert before.visit is not None
                assert holds.custody is Custody.DEPOSITING
                assert holds.session == before.visit.session == item.session
                if isinstance(item, inputs.PlanAcknowledged | inputs.OtherDoorAsked):
                    read = (item.session, self._wanted.get(holds.id))
                    assert self._read.get(holds.id) == read, "a door for preferences that nobody has read"
                others = [c for c in before.compartments.values() if c.id != event.compartment]
                assert not any(_stands_open(c) for c in others), "two doors open for one driver"
            case Purpose.TAKE_AWAY, inputs.TakeAwayAsked() | inputs.ReopenAsked():
                assert holds is not None
                assert before.visit is not None
                assert (holds.custody, holds.carrier) == (Custody.REMOVING, before.visit.carrier)
                assert before.removal is not None
                assert before.removal.session == before.visit.session == item.session
            case Purpose.REOPEN, inputs.ReopenAsked(session=session) | inputs.ClaimMade(session=session):
                assert holds is None, "a door was reopened for one person with another's parcel behind it"
                assert compartment.rests_for == session
                assert at.mono <= compartment.rests_until or compartment.left_behind
            case Purpose.SERVICE, inputs.CommandArrived() | inputs.LocalCommand():
                assert holds is None or holds.custody is not Custody.DEPOSITING, "a deposit under way was cut off"
            case Purpose.SERVICE, inputs.TechnicianUnlockAsked():
                assert before.technician is not None
                assert holds is None or holds.custody is not Custody.DEPOSITING, "a deposit under way was cut off"
            case Purpose.AUDIT, inputs.AuditDoorAsked():
                assert before.technician is not None
                assert before.audit is not None
                assert holds is None or holds.custody is not Custody.DEPOSITING, "a deposit under way was cut off"
            case Purpose.EMERGENCY, inputs.CommandArrived(command=EmergencyUnlock()) | inputs.LocalCommand():
                assert holds is None or holds.custody is not Custody.DEPOSITING, "a deposit under way was cut off"
            case Purpose.ALL, (
                inputs.CommandArrived(command=UnlockAll()) | inputs.OpenAllAsked() | inputs.DeadlinePassed()
            ):
                assert holds is None or holds.custody is not Custody.DEPOSITING, "a deposit under way was cut off"
            case Purpose.SOMEONE_INSIDE, inputs.SomeoneInsideSaid() | inputs.DeadlinePassed():
                assert holds is None, "a compartment with a parcel in it was opened without any credential"
                assert compartment.quarantine in _PERHAPS_SOMEBODY
            case _:
                raise AssertionError(f"{event.purpose} unlock after {type(item).__name__}")
        if event.purpose is Purpose.PICKUP:
            assert holds is not None
            _check_evidence(holds)
        self._count(story, event, at)
        again = story.permitted is not None and story.permitted.purpose is Purpose.TAKE_AWAY is event.purpose
        story.seen_open = compartment.door is Door.OPEN or (again and story.seen_open)
        story.permitted, story.at, story.ended = event, at.mono, None
        story.opened, story.sure = compartment.door is Door.OPEN, compartment.door is not Door.UNKNOWN
        story.doubt = story.doubt or event.purpose is Purpose.DEPOSIT

    def _count(self, story: DoorStory, event: ev.UnlockAuthorised, at: Stamp) -> None:
        policy = self._policy
        if event.role is Role.RECIPIENT:
            story.by_recipients.append(at.mono)
            recent = [when for when in story.by_recipients if when > at.mono - policy.unlock_window_ms]
            assert len(recent) <= policy.unlocks_per_door
        if event.purpose is Purpose.SERVICE and event.parcel is not None:
            self._remote.append(at.mono)
            recent = [when for when in self._remote if when > at.mono - policy.remote_window_ms]
            assert len(recent) <= policy.remote_unlocks

    def _allocated(self, before: State, event: ev.CustodyDepositing) -> None:
        compartment, story = before.compartments[event.compartment], self._story(event.compartment)
        assert not story.doubt, f"{event.compartment} was given out and may hold something"
        assert compartment.parcel is None
        assert compartment.door is Door.CLOSED
        assert compartment.quarantine is None
        assert not compartment.left_behind
        assert not compartment.blocked
        story.cycled = False
        story.by_recipients.clear()

    def _moved(
        self,
        before: State,
        event: ev.CustodyReleased | ev.CustodyStored | ev.CustodyCollected | ev.CustodyRemoved,
        at: Stamp,
    ) -> None:
        story = self._story(event.compartment)
        assert before.compartments[event.compartment].parcel == event.parcel
        match event:
            case ev.CustodyStored():
                assert story.cycled, "stored without the door having been seen to open and close"
                return
            case ev.CustodyCollected():
                assert event.parcel not in self._gone, "collected twice"
                self._gone.add(event.parcel)
                self._left(story, event, Purpose.PICKUP, at)
            case ev.CustodyRemoved(reason="missing"):
                self._gone.add(event.parcel)
            case ev.CustodyRemoved():
                self._gone.add(event.parcel)
                if event.driver is None:
                    self._left(story, event, Purpose.SERVICE, at)
                else:
                    self._taken_away(before, event, story)
                    return
            case ev.CustodyReleased(reason="taken_back"):
                self._left(story, event, Purpose.TAKE_BACK, at)
            case ev.CustodyReleased(reason="did_not_open"):
                assert story.sure, "released though the sensor was not watching all the time"
                assert not story.opened
                assert story.ended is None
            case ev.CustodyReleased(reason="too_small"):
                # Whether it is empty is for the driver to say; that the door is shut is for the sensor.
                story.doubt = before.compartments[event.compartment].sensed or not story.cycled
                return
            case ev.CustodyReleased(reason="unfinished" | "wiring_fault" | "stray" | "dirty_or_damaged"):
                return
            case _:
                raise AssertionError(event)
        story.doubt = False

    def _taken_away(self, before: State, event: ev.CustodyRemoved, story: DoorStory) -> None:
        assert before.removal is not None
        assert (before.removal.parcel, before.removal.driver) == (event.parcel, event.driver)
        assert story.permitted is not None
        assert (story.permitted.purpose, story.permitted.parcel) == (Purpose.TAKE_AWAY, event.parcel)
        assert story.seen_open or before.compartments[event.compartment].door is Door.UNKNOWN
        # Said to be missing, it is quarantined; scanned, it is in the driver's hands.
        story.doubt = event.reason == "missing" or before.compartments[event.compartment].door is Door.OPEN

    def _left(
        self,
        story: DoorStory,
        event: ev.CustodyReleased | ev.CustodyCollected | ev.CustodyRemoved,
        purpose: Purpose,
        at: Stamp,
    ) -> None:
        assert story.permitted is not None
        assert (story.permitted.purpose, story.permitted.parcel) == (purpose, event.parcel)
        assert story.ended == at.mono, f"{event.NAME} though this is not the end of what was permitted"

    def _door(
        self, before: State, event: ev.DoorOpened | ev.DoorClosed | ev.DoorForced | ev.DoorSensorUnknown, at: Stamp
    ) -> None:
        story = self._story(event.compartment)
        by_driver = story.permitted is not None and story.permitted.role is Role.DRIVER
        match event:
            case ev.DoorSensorUnknown():
                story.sure = False
            case ev.DoorOpened(cause="unlock" | "late"):
                assert story.permitted is not None
                assert at.mono <= story.at + self._policy.late_open_ms
                story.opened, story.seen_open, story.cycled = True, True, False
                story.doubt = story.doubt or story.permitted.purpose is Purpose.DEPOSIT
            case ev.DoorOpened(cause="unlatched"):
                assert story.ended is not None
                assert at.mono - story.ended <= self._policy.relatch_ms
                story.opened, story.cycled = True, False
            case ev.DoorForced() | ev.DoorOpened():
                story.cycled = False
                story.doubt = story.doubt or before.compartments[event.compartment].parcel is None
            case ev.DoorClosed(watched=watched) if story.opened:
                story.opened, story.ended = False, at.mono if watched else None
                story.cycled = watched and by_driver
            case _:
                pass


def _stands_open(compartment: Compartment) -> bool:
    cycle = compartment.cycle
    return cycle is not None and cycle.opened is not None and cycle.closed is None and not compartment.left_open


def public_texts(event: ev.Event) -> Iterator[str]:
    """Every string of an event that its record will show."""
    for item in fields(event):
        if not item.metadata.get("private", False):
            yield from _texts(getattr(event, item.name))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value):
        for item in fields(value):
            yield from _texts(getattr(value, item.name))


def check_state(state: State) -> None:
    """What no state may contradict."""
    for compartment in state.compartments.values():
        if compartment.parcel is not None:
            assert state.parcels[compartment.parcel].compartment == compartment.id
    for parcel in state.parcels.values():
        inside = [c.id for c in state.compartments.values() if c.parcel == parcel.id]
        assert inside == ([] if parcel.compartment is None else [parcel.compartment])
        assert (parcel.custody is Custody.EXPECTED) is (parcel.compartment is None)
        if parcel.custody in (Custody.STORED, Custody.COLLECTING):
            assert parcel.pickup in state.pickups or (parcel.walked_up and parcel.pickup is None)
    for id in (*state.notices, *state.climbs):
        assert id in state.parcels, "something is told or done about a parcel that is gone"
    for parcel in state.parcels.values():
        waits = parcel.custody in (Custody.STORED, Custody.COLLECTING) and not parcel.cancelled
        assert not waits or parcel.id in state.climbs or "return" in parcel.classes, "a stored parcel without a ladder"
        assert not (parcel.cancelled and parcel.id in state.climbs)
    for kept in state.preferences.values():
        assert kept.parcel is None or kept.parcel in state.parcels
    for pickup in state.pickups.values():
        assert pickup.parcels
        cancelled = all(state.parcels[id].cancelled for id in pickup.parcels)
        assert pickup.code is None or not cancelled, "a code that opens nothing is still kept"
        for id in pickup.parcels:
            assert state.parcels[id].pickup == pickup.id
    assert state.codes == {p.code: p.id for p in state.pickups.values() if p.code is not None}


def fold(history: History) -> State:
    """The state that these events come to."""
    state = State()
    for at, event in history:
        state = evolve(state, event, at)
    return state


def _check_evidence(parcel: Parcel) -> None:
    """Whatever the plan demands that can be had before the door has been given."""
    given = {parcel.means, *(each.name for each in parcel.shown)}
    given |= {"code"} if given & {"pass", "app"} else set()
    later = {"door_cycle", "photo", "parcel_sensor"}
    for demanded in parcel.evidence:
        names = set(demanded.split("|"))
        assert names & (given | later), f"unlocked without {demanded}"


def fold_erased(history: History) -> State:
    """The same with every private part gone that an event says was erased."""
    gone = {number for _, event in history if isinstance(event, ev.PrivateErased) for number in event.sequences}
    return fold([(at, _bare(event) if number in gone else event) for number, (at, event) in enumerate(history, 1)])


def _bare(event: ev.Event) -> ev.Event:
    if isinstance(event, ev.PreferenceChanged | ev.UnlockAuthorised):
        return replace(event, note=None)
    if isinstance(event, ev.DriverUpserted):
        return replace(event, number=None, pin=None)
    if isinstance(event, ev.PinRequested):
        return replace(event, pin_hmac=None)
    if isinstance(event, ev.ParcelExpected):
        return replace(event, second_hmac=None)
    if isinstance(event, ev.RecipientSigned):
        return replace(event, salt=None)
    assert isinstance(event, ev.CodeIssued | ev.CodeReissued | ev.CodeDelegated), (
        f"{event.NAME} was erased, which holds no code"
    )
    return replace(event, code_hmac=None)
