"""What recipients want: seen before any door opens, marked when it is old, forgotten when it is older."""

from dataclasses import replace
from typing import Any

import pytest
from support.locker_heart import A02, HOUR_MS
from support.locker_in_hand import NORTH, SOUTH, LockerInHand, is_refused, norths, s10_label, unlocked
from support.locker_rules import public_texts
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import CommandAnswer, PlanShown, Wishes
from controller.domain.commands import CancelParcel, UnlockCompartment, UpsertPreferences
from controller.domain.events import CompartmentSpec
from controller.domain.ids import ClockQuality, CompartmentId, Note, Role, Size, WallMs
from controller.domain.preferences import DAY_MS, Channel, Instructions
from controller.domain.refusals import Refusal

NOTE = Note("The bell is broken, please knock")
P1, P2 = norths("P1"), norths("P2")
LOW = (CompartmentSpec(CompartmentId("A01"), Size.M, (), 1400), CompartmentSpec(A02, Size.M, (), 900))


def told(at: LockerInHand, /, days_ago: int = 0, **wishes: Any) -> Instructions:
    return Instructions(confirmed_at=WallMs(at.at.wall - days_ago * DAY_MS), **wishes)


def upsert(locker: LockerInHand, given: Instructions, **target: Any) -> CommandAnswer:
    return locker.command(UpsertPreferences(preferences=given, **target))


def scan(locker: LockerInHand, serial: int = 1) -> PlanShown:
    locker.sign_in()
    shown = locker.scan(s10_label(serial))
    assert isinstance(shown, PlanShown)
    return shown


# --- seen ---------------------------------------------------------------------------------------------


def test_they_are_shown_with_the_plan_and_that_is_on_record_before_the_door(locker: LockerInHand) -> None:
    given = told(locker, second_person=True, channel=Channel.SMS, language="de", note=NOTE)
    locker.expect(1, preferences=given)
    changed = locker.last(ev.PreferenceChanged)
    assert (changed.parcel, changed.by, changed.preferences) == (P1, Role.CARRIER, given.flags())
    assert scan(locker).wishes == Wishes(given.flags(), NOTE, stale=False)
    assert locker.last(ev.PlanMade).preference == changed.handle
    unlocked(locker.acknowledge())
    names = [event.NAME for _, event in locker.history]
    assert names.index("preference.shown") < names.index("unlock.authorised")
    shown = locker.last(ev.PreferenceShown)
    assert (shown.parcel, shown.handle, shown.stale) == (P1, changed.handle, False)


def test_without_any_the_plan_alone_is_shown(locker: LockerInHand) -> None:
    locker.expect(1)
    assert scan(locker).wishes is None
    locker.acknowledge()
    assert locker.last(ev.PreferenceShown).handle is None


def test_what_changed_after_the_scan_is_shown_again_and_no_door_opens(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker))
    scan(locker)
    upsert(locker, told(locker, note=NOTE), parcel=P1)
    again = locker.acknowledge()
    assert isinstance(again, PlanShown)
    assert again.wishes is not None
    assert again.wishes.note == NOTE
    assert not locker.all(ev.PreferenceShown)
    assert not locker.all(ev.UnlockAuthorised)
    unlocked(locker.acknowledge())
    assert locker.last(ev.PreferenceShown).handle == locker.last(ev.PreferenceChanged).handle


def test_a_no_that_came_after_the_scan_still_keeps_the_parcel_out(locker: LockerInHand) -> None:
    locker.expect(1)
    scan(locker)
    upsert(locker, told(locker, locker=False), parcel=P1)
    assert is_refused(locker.acknowledge(), Refusal.NOT_TO_BE_LEFT)
    assert locker.last(ev.PlanRefused).rules == ("recipient-said-no",)
    assert is_refused(locker.acknowledge(), Refusal.NOTHING_TO_CONFIRM)
    assert not locker.all(ev.UnlockAuthorised)


def test_a_door_that_did_not_open_need_not_be_read_about_twice(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, note=NOTE), classes=("same_day",))
    scan(locker)
    locker.jam(A02)
    assert unlocked(locker.acknowledge()) == A02
    locker.pass_ms(11_000)
    assert locker.last(ev.CustodyReleased).reason == "did_not_open"
    assert unlocked(locker.acknowledge()) != A02


def test_they_make_the_plan(locker: LockerInHand) -> None:
    at_the_wall = LockerInHand(cabinet=LOW)
    at_the_wall.expect(1, preferences=told(at_the_wall, accessible=True))
    assert at_the_wall.door_for(1) == A02
    at_the_wall.closes(A02)
    at_the_wall.done()
    at_the_wall.expect(2, preferences=told(at_the_wall, accessible=True))
    assert is_refused(at_the_wall.scan(s10_label(2)), Refusal.SUITABLE_FULL)
    assert at_the_wall.last(ev.PlanRefused).rules == ("accessible",)
    at_the_wall.check_replay()


# --- whose --------------------------------------------------------------------------------------------


def test_kept_by_reference_they_count_for_parcels_here_and_to_come(locker: LockerInHand) -> None:
    locker.expect(1, recipient="r-1")
    assert upsert(locker, told(locker, second_person=True, note=NOTE), recipient="r-1") == CommandAnswer("executed")
    locker.expect(2, recipient="r-1")
    locker.expect(3, recipient="r-2")
    locker.expect(4, SOUTH, recipient="r-1")
    of = {kept.parcel: kept.note for kept in locker.state.preferences.values()}
    assert of == {None: NOTE, P1: NOTE, P2: NOTE}
    for serial in (1, 2):
        shown = scan(locker, serial)
        assert shown.wishes is not None
        assert shown.wishes.note == NOTE


def test_every_parcel_has_a_handle_of_its_own(locker: LockerInHand) -> None:
    upsert(locker, told(locker, note=NOTE), recipient="r-1")
    locker.expect(1, recipient="r-1")
    locker.expect(2, recipient="r-1")
    upsert(locker, told(locker, accessible=False), recipient="r-1")
    handles = [event.handle for event in locker.all(ev.PreferenceChanged)]
    assert len(handles) == 6
    assert len(set(handles)) == 6
    assert not any("r-1" in handle or len(handle) != 32 for handle in handles)


def test_a_parcels_own_go_before_those_that_are_kept(locker: LockerInHand) -> None:
    upsert(locker, told(locker, locker=False), recipient="r-1")
    locker.expect(1, recipient="r-1", preferences=told(locker, locker=True))
    assert scan(locker).pattern == "locker"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({}, Refusal.PARCEL_OR_RECIPIENT),
        ({"parcel": P1, "recipient": "r-1"}, Refusal.PARCEL_OR_RECIPIENT),
        ({"parcel": P2}, Refusal.PARCEL_UNKNOWN),
    ],
)
def test_an_upsert_names_one_thing_that_is_the_carriers(
    locker: LockerInHand, target: dict[str, Any], reason: Refusal
) -> None:
    locker.expect(1)
    locker.expect(2, SOUTH)
    assert upsert(locker, told(locker), **target) == CommandAnswer("refused", reason.value)
    assert not locker.state.preferences


def test_nobody_confirms_anything_in_the_future(locker: LockerInHand) -> None:
    future = told(locker, days_ago=-1)
    locker.expect(1)
    assert upsert(locker, future, parcel=P1).reason == Refusal.BAD_CONFIRMATION.value
    locker.set_clock(ClockQuality.UNKNOWN)
    assert upsert(locker, future, parcel=P1).status == "executed"


def test_only_so_many_are_kept() -> None:
    locker = LockerInHand(a_policy(most_kept_preferences=2))
    for name in ("r-1", "r-2"):
        upsert(locker, told(locker), recipient=name)
    assert upsert(locker, told(locker), recipient="r-3").reason == Refusal.STORAGE_FULL.value
    assert upsert(locker, told(locker, accessible=True), recipient="r-2").status == "executed"


# --- old ----------------------------------------------------------------------------------------------


def test_after_180_days_they_count_and_are_marked(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, days_ago=179, second_person=True))
    shown = scan(locker)
    assert shown.wishes is not None
    assert not shown.wishes.stale
    locker.pass_ms(DAY_MS)
    stale = locker.last(ev.PreferenceStale)
    assert (stale.parcel, stale.handle) == (P1, locker.last(ev.PreferenceChanged).handle)
    shown = scan(locker)
    assert shown.wishes is not None
    assert (shown.wishes.stale, shown.wishes.preferences.second_person) == (True, True)
    locker.acknowledge()
    assert locker.last(ev.PreferenceShown).stale


def test_after_365_days_they_are_forgotten_and_the_note_erased(locker: LockerInHand) -> None:
    upsert(locker, told(locker, note=NOTE), recipient="r-1")
    sequence = next(n for n, (_, event) in enumerate(locker.history, 1) if isinstance(event, ev.PreferenceChanged))
    locker.pass_ms(365 * DAY_MS - 1000)
    assert len(locker.state.preferences) == 1
    locker.pass_ms(1000)
    assert not locker.state.preferences
    assert [event.NAME for _, event in locker.history[-2:]] == ["preference.purged", "private.erased"]
    assert locker.last(ev.PrivateErased).sequences == (sequence,)


def test_two_years_old_they_are_not_even_taken_in(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, days_ago=730, locker=False, note=NOTE))
    assert locker.last(ev.PreferencePurged).parcel == P1
    assert not locker.all(ev.PreferenceChanged)
    assert scan(locker).wishes is None


def test_what_comes_in_old_is_marked_at_once(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, days_ago=200))
    assert isinstance(locker.history[-1][1], ev.PreferenceStale)


def test_age_is_looked_at_when_the_plan_is_made_not_only_when_a_deadline_has_passed(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, days_ago=364, locker=False))
    locker.sign_in()
    locker.at = replace(locker.at, wall=WallMs(locker.at.wall + 2 * DAY_MS))
    shown = locker.scan(s10_label(1))
    assert isinstance(shown, PlanShown)
    assert shown.wishes is None
    assert len(locker.all(ev.PreferencePurged)) == 1


def test_confirmed_again_they_are_young_again(locker: LockerInHand) -> None:
    upsert(locker, told(locker, days_ago=200), recipient="r-1")
    upsert(locker, told(locker), recipient="r-1")
    [kept] = locker.state.preferences.values()
    assert not kept.stale
    locker.pass_ms(170 * DAY_MS)
    assert len(locker.all(ev.PreferenceStale)) == 1


# --- gone ---------------------------------------------------------------------------------------------


def erased(locker: LockerInHand) -> set[int]:
    return {sequence for event in locker.all(ev.PrivateErased) for sequence in event.sequences}


def notes(locker: LockerInHand) -> set[int]:
    return {
        n for n, (_, event) in enumerate(locker.history, 1) if isinstance(event, ev.PreferenceChanged) and event.note
    }


def test_a_new_note_erases_the_old_one(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, note=NOTE))
    first = notes(locker)
    upsert(locker, told(locker, note=Note("Fixed")), parcel=P1)
    assert erased(locker) == first


def test_the_note_goes_when_the_parcel_is_collected(locker: LockerInHand) -> None:
    id = locker.deposit(1, preferences=told(locker, note=NOTE))
    assert not erased(locker) & notes(locker)
    locker.type_code(locker.code_of(1))
    locker.closes(id)
    assert notes(locker) <= erased(locker)
    assert not locker.state.preferences
    assert not locker.state.to_erase


def test_the_note_goes_when_the_parcel_does_not_come(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, note=NOTE))
    locker.command(CancelParcel(parcel=P1))
    assert notes(locker) == erased(locker)
    assert not locker.state.preferences


def test_the_note_goes_when_the_parcel_is_taken_out(locker: LockerInHand) -> None:
    id = locker.deposit(1, preferences=told(locker, note=NOTE))
    locker.command(CancelParcel(parcel=P1), carrier=NORTH)
    assert locker.state.preferences
    locker.operate(UnlockCompartment(compartment=id))
    locker.closes(id)
    assert len(locker.all(ev.CustodyRemoved)) == 1
    assert notes(locker) <= erased(locker)
    assert not locker.state.preferences


def test_no_record_holds_the_note(locker: LockerInHand) -> None:
    locker.deposit(1, preferences=told(locker, note=NOTE))
    locker.pass_ms(HOUR_MS)
    assert not any(NOTE in text for _, event in locker.history for text in public_texts(event))


def test_they_outlive_a_restart(locker: LockerInHand) -> None:
    locker.expect(1, preferences=told(locker, note=NOTE))
    locker.restart(HOUR_MS)
    shown = scan(locker)
    assert shown.wishes is not None
    assert shown.wishes.note == NOTE
