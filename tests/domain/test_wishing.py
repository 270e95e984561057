"""What a recipient says they want, at the pickup: kept, told to their carrier, and never where they can be reached."""

from dataclasses import replace

import pytest
from support.locker_in_hand import NORTH, RECIPIENT, SOUTH, LockerInHand, is_refused, norths, s10_label, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer, Noted
from controller.domain.claims import Claim
from controller.domain.commands import ReportNotification, UpsertPreferences
from controller.domain.ids import CompartmentId, Language, Note, Role, SessionId, WallMs
from controller.domain.inputs import ContactGiven, WishesConfirmed
from controller.domain.notices import ReportedAs
from controller.domain.preferences import DAY_MS, Channel, Instructions, Preferences
from controller.domain.recipient_visit import KnownWishes
from controller.domain.refusals import Refusal
from controller.domain.wishes import is_to_be_asked, wishes_at_the_screen

P1, P2 = norths("P1"), norths("P2")
NOTE = Note("The bell does not work.")
SEED = "5eed"


def a_locker(**figures: object) -> LockerInHand:
    return LockerInHand(a_policy(**({"channels": (Channel.SMS, Channel.EMAIL), "canary_ms": 0} | figures)))


def told(here: LockerInHand, /, days_ago: int = 200, **more: object) -> Instructions:
    """What the recipient wants, confirmed so long ago."""
    return Instructions(confirmed_at=WallMs(here.at.wall - days_ago * DAY_MS), **more)  # type: ignore[arg-type]


def keep(locker: LockerInHand, given: Instructions, recipient: str = "r-1") -> None:
    assert locker.command(UpsertPreferences(preferences=given, recipient=recipient)) == CommandAnswer("executed")


def collect(locker: LockerInHand, serial: int = 1) -> CompartmentId:
    """The recipient types the code and takes the parcel out."""
    id = unlocked(locker.type_code(locker.code_of(serial)))
    locker.closes(id)
    return id


def known(locker: LockerInHand) -> KnownWishes:
    found = wishes_at_the_screen(locker.state, RECIPIENT)
    assert found is not None
    return found


def confirm(here: LockerInHand, /, away_days: int | None = None, **changed: object) -> object:
    wanted = known(here).preferences or Preferences(confirmed_at=WallMs(0))
    return here.put(WishesConfirmed(RECIPIENT, SEED, replace(wanted, **changed), away_days))  # type: ignore[arg-type]


@pytest.fixture
def collected() -> LockerInHand:
    """A parcel of somebody whose wishes are kept, and old, is theirs."""
    locker = a_locker()
    keep(locker, told(locker, locker=True, second_person=True, note=NOTE))
    locker.deposit(1, recipient="r-1")
    collect(locker)
    return locker


# --- what is known then -------------------------------------------------------------------------------


def test_what_was_known_is_remembered_though_the_parcel_has_left(collected: LockerInHand) -> None:
    wishes = known(collected)
    assert (wishes.parcel, wishes.recipient, wishes.stale) == (P1, "r-1", True)
    assert wishes.preferences is not None
    assert wishes.preferences.second_person is True
    assert is_to_be_asked(wishes)
    assert P1 not in collected.state.parcels
    collected.check_replay()


def test_nobody_is_asked_about_what_was_confirmed_lately() -> None:
    locker = a_locker()
    keep(locker, told(locker, days_ago=10, locker=True))
    locker.deposit(1, recipient="r-1")
    collect(locker)
    assert not is_to_be_asked(known(locker))


def test_nothing_is_shown_before_the_parcel_is_theirs_nor_in_another_session() -> None:
    locker = a_locker()
    locker.deposit(1)
    unlocked(locker.type_code(locker.code_of(1)))
    assert wishes_at_the_screen(locker.state, RECIPIENT) is None
    assert wishes_at_the_screen(locker.state, SessionId("another")) is None
    early = WishesConfirmed(RECIPIENT, SEED, Preferences(confirmed_at=WallMs(0)))
    assert is_refused(locker.put(early), Refusal.NOTHING_WAITING)
    assert is_refused(locker.put(ContactGiven(RECIPIENT, SEED, "sealed")), Refusal.NOTHING_WAITING)


def test_nor_to_somebody_who_has_said_that_the_parcel_is_not_theirs(collected: LockerInHand) -> None:
    door = next(c.id for c in collected.state.compartments.values() if c.rests_for == RECIPIENT)
    collected.claim(door, Claim.NOT_MINE)
    assert wishes_at_the_screen(collected.state, RECIPIENT) is None


# --- confirmed and changed ----------------------------------------------------------------------------


def test_confirmed_they_are_as_fresh_as_this_moment(collected: LockerInHand) -> None:
    assert confirm(collected) == Noted()
    changed = collected.last(ev.PreferenceChanged)
    assert (changed.by, changed.recipient, changed.parcel) == (Role.RECIPIENT, "r-1", None)
    assert changed.preferences.confirmed_at == collected.at.wall
    assert changed.preferences.second_person is True
    assert not is_to_be_asked(known(collected))
    [kept] = collected.state.preferences.values()
    assert not kept.stale
    collected.check_replay()


def test_what_they_once_wrote_to_drivers_is_kept_and_stands_in_no_record(collected: LockerInHand) -> None:
    confirm(collected)
    [kept] = collected.state.preferences.values()
    assert kept.note == NOTE


def test_changed_they_count_for_the_next_parcel(collected: LockerInHand) -> None:
    confirm(collected, locker=False, language=Language("de"), channel=Channel.EMAIL)
    collected.leave(RECIPIENT)
    collected.expect(2, recipient="r-1")
    collected.sign_in()
    assert is_refused(collected.scan(s10_label(2)), Refusal.NOT_TO_BE_LEFT)
    own = next(kept for kept in collected.state.preferences.values() if kept.parcel == P2)
    assert (own.preferences.locker, own.preferences.channel) == (False, Channel.EMAIL)


@pytest.mark.parametrize(("days", "until"), [(14, 14), (0, None)])
def test_away_counts_from_today_or_not_at_all(collected: LockerInHand, days: int, until: int | None) -> None:
    confirm(collected, away_days=days)
    given = collected.last(ev.PreferenceChanged).preferences
    now = collected.at.wall
    assert given.away_until == (None if until is None else now + until * DAY_MS)
    assert given.away_from == (None if until is None else now)


def test_what_waits_for_them_already_stays_to_be_collected() -> None:
    locker = a_locker()
    keep(locker, told(locker, locker=True))
    locker.deposit(1, recipient="r-1")
    locker.deposit(2, recipient="r-1")
    collect(locker)
    confirm(locker, locker=False)
    assert not locker.state.parcels[P2].cancelled
    unlocked(locker.next_door())


def test_without_a_reference_the_carrier_alone_is_told(collected: LockerInHand) -> None:
    locker = a_locker()
    locker.deposit(1, preferences=told(locker, locker=True))
    collect(locker)
    confirm(locker, accessible=True)
    changed = locker.last(ev.PreferenceChanged)
    assert (changed.parcel, changed.recipient, changed.preferences.accessible) == (P1, None, True)
    assert not locker.state.preferences
    assert not is_to_be_asked(known(locker))
    locker.check_replay()


def test_where_there_is_no_room_for_more_the_carrier_alone_is_told() -> None:
    locker = a_locker(most_kept_preferences=1)
    keep(locker, told(locker, days_ago=1), recipient="r-9")
    locker.deposit(1, recipient="r-1")
    collect(locker)
    confirm(locker, accessible=True)
    assert locker.last(ev.PreferenceChanged).recipient is None
    assert [kept.recipient for kept in locker.state.preferences.values()] == ["r-9"]


def test_another_carriers_wishes_of_the_same_reference_are_not_touched() -> None:
    locker = a_locker()
    other = UpsertPreferences(preferences=told(locker, days_ago=1, locker=True), recipient="r-1")
    locker.command(other, carrier=SOUTH)
    locker.deposit(1, recipient="r-1")
    collect(locker)
    assert known(locker).preferences is None
    confirm(locker, locker=False)
    by_carrier = {kept.carrier: kept.preferences.locker for kept in locker.state.preferences.values()}
    assert by_carrier == {SOUTH: True, NORTH: False}


# --- where they can be reached ------------------------------------------------------------------------


@pytest.fixture
def bounced() -> LockerInHand:
    """What was sent to this recipient came back, another parcel of theirs waits, and one is theirs."""
    locker = a_locker()
    keep(locker, told(locker, days_ago=10, channel=Channel.SMS))
    locker.deposit(1, recipient="r-1")
    locker.deposit(2, recipient="r-1")
    for parcel in (P1, P2):
        notice = locker.state.notices[parcel]
        locker.command(ReportNotification(notice=notice.id, outcome=ReportedAs.BOUNCED, channel=Channel.SMS))
    collect(locker)
    return locker


def test_a_way_that_bounced_is_asked_for_again(bounced: LockerInHand) -> None:
    wishes = known(bounced)
    assert (wishes.stale, wishes.bounced) == (False, (Channel.SMS,))
    assert is_to_be_asked(wishes)
    bounced.check_replay()


def test_another_goes_to_the_carrier_sealed_and_says_nothing_of_the_wishes(bounced: LockerInHand) -> None:
    before = known(bounced).preferences
    assert bounced.put(ContactGiven(RECIPIENT, SEED, "sealed-to-north")) == Noted()
    told_of = [event for event in bounced.all(ev.PreferenceChanged) if event.by is Role.RECIPIENT]
    assert [event.contact_jwe for event in told_of] == ["sealed-to-north", None]
    assert told_of[0].preferences == before
    assert not is_to_be_asked(known(bounced))
    assert bounced.state.notices[P2].bounced == ()
    bounced.check_replay()


def test_confirming_wishes_gives_no_other_way(bounced: LockerInHand) -> None:
    confirm(bounced)
    assert known(bounced).bounced == (Channel.SMS,)


def test_somebody_with_no_wishes_can_still_be_asked_where_to_reach_them() -> None:
    locker = a_locker()
    locker.deposit(1, recipient="r-1")
    notice = locker.state.notices[P1]
    locker.command(ReportNotification(notice=notice.id, outcome=ReportedAs.BOUNCED, channel=Channel.SMS))
    collect(locker)
    locker.put(ContactGiven(RECIPIENT, SEED, "sealed"))
    changed = locker.last(ev.PreferenceChanged)
    assert (changed.contact_jwe, changed.preferences) == ("sealed", Preferences(confirmed_at=locker.at.wall))


def test_handles_cannot_be_told_to_belong_together(bounced: LockerInHand) -> None:
    confirm(bounced)
    handles = [event.handle for event in bounced.all(ev.PreferenceChanged)]
    assert len(set(handles)) == len(handles)
