"""Doors opened in turn, in need and by two signatures; and what is never opened so."""

import pytest
from support.locker_heart import A01, A02, A03, A04, HOUR_MS, MINUTE_MS, SECOND_MS
from support.locker_in_hand import RECIPIENT, TECHNICIAN, LockerInHand, is_refused

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import Answer, CommandAnswer, DoorUnlocked
from controller.domain.commands import EmergencyUnlock, UnlockAll, UnlockCompartment
from controller.domain.cycles import is_unattended
from controller.domain.ids import CompartmentId, Purpose, Role, Size
from controller.domain.refusals import Refusal


def cry(locker: LockerInHand) -> Answer:
    return locker.put(inputs.SomeoneInsideSaid(RECIPIENT))


def sign(locker: LockerInHand, kid: str) -> CommandAnswer:
    return locker.command(UnlockAll(), role=Role.OPERATOR, carrier=None, ctr=locker.next_number(kid), kid=kid)


def opened(locker: LockerInHand, purpose: Purpose) -> list[CompartmentId]:
    return [event.compartment for event in locker.all(ev.UnlockAuthorised) if event.purpose is purpose]


def close_all(locker: LockerInHand) -> None:
    for id in list(locker.cabinet.standing_open()):
        locker.closes(id)


def test_somebody_inside_opens_every_vacant_door_and_no_other_the_largest_first(locker: LockerInHand) -> None:
    stored = locker.deposit(1, size=Size.M)
    assert cry(locker) == DoorUnlocked((A04, A03, A01))
    assert opened(locker, Purpose.SOMEONE_INSIDE) == [A04, A03, A01]
    assert stored == A02
    assert locker.last(ev.SomeoneInside) == ev.SomeoneInside(session=RECIPIENT, opening=3)
    assert locker.last(ev.UnlockSeriesEnded).reason == "done"
    assert locker.state.series is None


def test_each_door_has_its_turn_once_the_one_before_has_opened_or_was_given_up(locker: LockerInHand) -> None:
    locker.jam(A04)
    cry(locker)
    assert opened(locker, Purpose.SOMEONE_INSIDE) == [A04], "it may still open"
    locker.pass_ms(11 * SECOND_MS)
    assert opened(locker, Purpose.SOMEONE_INSIDE) == [A04, A02, A03, A01]
    assert locker.last(ev.DoorDidNotOpen).compartment == A04


def test_a_door_that_was_forced_or_jammed_may_have_somebody_behind_it(locker: LockerInHand) -> None:
    locker.opens(A01)
    locker.closes(A01)
    locker.expect(1, size=Size.L)
    locker.door_for(1)
    locker.leave()
    locker.pass_ms(3 * MINUTE_MS)
    locker.closes(A04)
    assert (locker[A01].quarantine, locker[A04].quarantine) == ("opened_unasked", "deposit_unfinished")
    cry(locker)
    assert A01 in opened(locker, Purpose.SOMEONE_INSIDE)
    assert A04 not in opened(locker, Purpose.SOMEONE_INSIDE), "a parcel may be in it"


def test_it_cannot_be_used_to_wear_the_locks_out(locker: LockerInHand) -> None:
    for _ in range(2):
        assert isinstance(cry(locker), DoorUnlocked)
        close_all(locker)
    unlocks = len(locker.all(ev.UnlockAuthorised))
    assert is_refused(cry(locker), Refusal.TOO_MANY_OPENINGS)
    assert len(locker.all(ev.UnlockAuthorised)) == unlocks
    assert locker.counted[-1] == inputs.SomeoneInsideRefused("too_many_openings"), "the alarm is raised all the same"
    locker.put(locker.counted[-1])
    assert locker.last(ev.SomeoneInside) == ev.SomeoneInside(refused="too_many_openings")
    locker.restart(off_ms=5 * HOUR_MS)
    assert is_refused(cry(locker), Refusal.TOO_MANY_OPENINGS)
    locker.pass_ms(HOUR_MS)
    assert isinstance(cry(locker), DoorUnlocked)


def test_said_twice_it_is_one_alarm_and_one_series(locker: LockerInHand) -> None:
    locker.jam(A04)
    cry(locker)
    assert isinstance(cry(locker), DoorUnlocked)
    assert len(locker.all(ev.SomeoneInside)) == len(locker.all(ev.UnlockSeriesStarted)) == 1


def test_it_disturbs_no_deposit_under_way(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.put_in(1)
    cry(locker)
    assert id not in opened(locker, Purpose.SOMEONE_INSIDE)
    close_all(locker)
    locker.done()
    assert locker.last(ev.CustodyStored).compartment == id


def test_a_start_pulses_nothing_of_a_series_that_was_cut_off(locker: LockerInHand) -> None:
    locker.jam(A04)
    cry(locker)
    locker.restart()
    locker.pass_ms(HOUR_MS)
    assert opened(locker, Purpose.SOMEONE_INSIDE) == [A04]
    assert locker.last(ev.UnlockSeriesEnded).reason == "restart"


def test_a_wiring_fault_ends_it_on_that_supply(locker: LockerInHand) -> None:
    locker.jam(A04)
    cry(locker)
    locker.pass_ms(200)
    locker.opens(A01)
    assert locker.all(ev.DoorWiringFault)
    locker.pass_ms(MINUTE_MS)
    assert opened(locker, Purpose.SOMEONE_INSIDE) == [A04]
    assert locker.state.series is None


def test_an_emergency_knows_no_limit_and_disturbs_whoever_is_there(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    for _ in range(3):
        locker.operate(UnlockCompartment(compartment=id))
        locker.closes(id)
    assert is_refused(locker.operate(UnlockCompartment(compartment=id)), Refusal.UNLOCK_LIMIT)
    locker.sign_in()
    assert locker.operate(EmergencyUnlock(compartment=id)) == CommandAnswer("started")
    assert locker.last(ev.UnlockAuthorised).purpose is Purpose.EMERGENCY
    assert locker.last(ev.CommandExecuted).outcome == "opened"
    locker.closes(id)
    assert isinstance(locker.type_code(locker.code_of(1)), DoorUnlocked), "the parcel is still its recipient's"


def test_an_emergency_in_the_middle_of_a_deposit_breaks_it_off(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.put_in(1)
    assert locker.operate(EmergencyUnlock(compartment=id)) == CommandAnswer("started")
    assert locker[id].quarantine == "deposit_unfinished"
    assert locker[id].parcel is None


def test_every_door_needs_two_different_keys(locker: LockerInHand) -> None:
    stored = locker.deposit(1)
    assert sign(locker, "operator-1") == CommandAnswer("executed", outcome="second_signature_awaited")
    assert sign(locker, "operator-1") == CommandAnswer("refused", "second_signature")
    assert not opened(locker, Purpose.ALL)
    assert sign(locker, "operator-2") == CommandAnswer("executed", outcome="opening")
    assert opened(locker, Purpose.ALL) == [A01, A02, A03, A04]
    close_all(locker)
    assert locker[stored].parcel is not None, "nobody has taken anything out, as far as anybody knows"
    assert not locker.state.remote_unlocks, "and it does not count among the single openings"
    assert sign(locker, "operator-2") == CommandAnswer("executed", outcome="second_signature_awaited")


def test_a_first_signature_is_forgotten(locker: LockerInHand) -> None:
    sign(locker, "operator-1")
    locker.pass_ms(5 * MINUTE_MS)
    assert sign(locker, "operator-2").outcome == "second_signature_awaited"


@pytest.mark.parametrize("visiting", [True, False])
def test_no_door_is_opened_behind_somebodys_back(locker: LockerInHand, visiting: bool) -> None:
    sign(locker, "operator-1")
    if visiting:
        locker.sign_in()
    else:
        locker.jam(A01)
        locker.operate(UnlockCompartment(compartment=A01))
    assert sign(locker, "operator-2") == CommandAnswer("refused", "busy")
    assert not opened(locker, Purpose.ALL)


def test_who_asks_at_the_cabinet_stands_before_the_door() -> None:
    assert is_unattended(Purpose.SERVICE, None)
    assert not is_unattended(Purpose.SERVICE, TECHNICIAN)
    assert not is_unattended(Purpose.PICKUP, None)
