"""Starts and stops: what is put on record, and that nothing moves of its own accord."""

import pytest
from support.locker_heart import A01, A02, A03, CABINET, HOUR_MS, SECOND_MS
from support.locker_in_hand import LockerInHand, is_refused, norths

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import CommandAnswer
from controller.domain.commands import UnlockCompartment
from controller.domain.decide import decide
from controller.domain.events import CompartmentSpec
from controller.domain.ids import ClockQuality, CompartmentId, Door, Jti, Role, Size
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp
from controller.domain.state import State

P1 = norths("P1")


def names(events: list[ev.Event]) -> list[str]:
    return [event.NAME for event in events]


def refit(locker: LockerInHand, *specs: CompartmentSpec) -> list[ev.Event]:
    locker.specs = specs
    return locker.restart(survey=False, clean=True)


def test_the_first_start_of_a_store() -> None:
    locker = LockerInHand(surveyed=False)
    assert locker.names_since(0) == ["stream.started", "boot.started", "config.applied"]
    assert locker.last(ev.BootStarted).unwatched_s is None
    assert [c.door for c in locker.state.compartments.values()] == [Door.UNKNOWN] * 4
    assert locker.state.boot == 1


def test_a_store_that_follows_another() -> None:
    started = inputs.Started("0.2.0", "abc", CABINET, 4, "a1" * 16, 812, "b2" * 32)
    decision = decide(State(), started, LockerInHand().at, Policy())
    assert decision.events[0] == ev.StreamStarted(
        software="0.2.0", previous_stream="a1" * 16, previous_sequence="812", previous_head="b2" * 32
    )


def test_an_unclean_end_is_told_at_the_next_start(locker: LockerInHand) -> None:
    recorded = locker.restart(off_ms=HOUR_MS)
    assert names(recorded) == ["boot.unclean_stop", "boot.started"]
    assert recorded[0] == ev.UncleanStop(ended_boot=1)
    assert recorded[1] == ev.BootStarted(software="0.1.0", unwatched_s=3600)
    assert locker.state.boot == 2


def test_a_clean_end_is_not(locker: LockerInHand) -> None:
    assert names(locker.restart(clean=True)) == ["boot.started"]
    assert names(locker.restart()) == ["boot.unclean_stop", "boot.started"]


def test_nobody_knows_how_long_nobody_looked_without_a_clock(locker: LockerInHand) -> None:
    locker.set_clock(ClockQuality.UNKNOWN)
    locker.restart(off_ms=HOUR_MS)
    assert locker.last(ev.BootStarted).unwatched_s is None


def test_every_door_is_unknown_until_it_was_looked_at(locker: LockerInHand) -> None:
    locker.opens(A01)
    locker.restart(survey=False)
    assert {c.door for c in locker.state.compartments.values()} == {Door.UNKNOWN}
    mark = len(locker.history)
    locker.survey()
    assert locker.names_since(mark) == ["door.seen"] * 4
    assert locker[A01].door is Door.OPEN


@pytest.mark.parametrize("pulsed", [False, True])
def test_a_command_under_way_becomes_unknown(locker: LockerInHand, pulsed: bool) -> None:
    jti = Jti("under-way")
    locker.power_fails_before_pulse = True
    locker.command(UnlockCompartment(compartment=A01), role=Role.OPERATOR, carrier=None, ctr=1, jti=jti)
    if pulsed:
        locker.cabinet.pulse(A01)
    recorded = locker.restart()
    assert names(recorded) == ["boot.unclean_stop", "boot.started", "unlock.reported", "command.executed"]
    assert locker.last(ev.CommandExecuted) == ev.CommandExecuted(jti=jti, outcome="unknown")
    assert locker.last(ev.UnlockReported).sent == "unknown"
    again = locker.command(UnlockCompartment(compartment=A01), role=Role.OPERATOR, carrier=None, ctr=1, jti=jti)
    assert again == CommandAnswer("duplicate", first="unknown")
    assert len(locker.all(ev.UnlockAuthorised)) == 1
    assert locker[A01].door is (Door.OPEN if pulsed else Door.CLOSED)


def test_a_start_with_everything_under_way_pulses_nothing(locker: LockerInHand) -> None:
    other = locker.deposit(1)
    locker.power_fails_before_pulse = True
    locker.type_code(locker.code_of(1))
    locker.expect(2, size=Size.L)
    locker.pass_ms(11 * SECOND_MS)
    locker.door_for(2)
    authorised = len(locker.all(ev.UnlockAuthorised))
    for _ in range(3):
        locker.restart()
        locker.pass_ms(HOUR_MS)
    assert len(locker.all(ev.UnlockAuthorised)) == authorised
    assert locker[other].parcel == P1


def test_a_report_of_the_last_boot_does_not_count_for_this(locker: LockerInHand) -> None:
    locker.power_fails_before_pulse = True
    locker.operate(UnlockCompartment(compartment=A01))
    locker.restart()
    mark = len(locker.history)
    locker.put(inputs.UnlockEnded(A01, "written"))
    assert locker.names_since(mark) == []


def test_the_same_configuration_is_not_applied_again(locker: LockerInHand) -> None:
    locker.restart()
    assert len(locker.all(ev.ConfigApplied)) == 1


def test_a_compartment_more(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.cabinet.doors[CompartmentId("B01")] = type(locker.cabinet.doors[A01])()
    recorded = refit(locker, *CABINET, CompartmentSpec(CompartmentId("B01"), Size.XL))
    assert names(recorded) == ["boot.started", "config.applied"]
    assert list(locker.state.compartments)[-1] == "B01"
    assert locker[id].parcel == P1


def test_a_compartment_that_is_gone_from_the_configuration(locker: LockerInHand) -> None:
    locker.deposit(1, size=Size.M)
    refit(locker, *(spec for spec in CABINET if spec.id != A03))
    assert A03 not in locker.state.compartments


def test_a_parcel_in_a_compartment_that_is_gone_from_the_configuration(locker: LockerInHand) -> None:
    assert locker.deposit(1, size=Size.M) == A02
    refit(locker, *(spec for spec in CABINET if spec.id != A02))
    assert locker[A02].parcel == P1
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.OUT_OF_SERVICE)
    refit(locker, *CABINET)
    assert locker[A02].parcel == P1


def test_board_faults_are_of_one_boot(locker: LockerInHand) -> None:
    locker.put(inputs.BoardTrouble("main", "no_reply"))
    locker.restart()
    assert not locker.state.board_faults


def test_the_disk_stays_low_over_a_restart(locker: LockerInHand) -> None:
    locker.put(inputs.DiskChecked(low=True))
    locker.restart()
    assert locker.state.disk_low


def test_powered_time_goes_on_where_it_was(locker: LockerInHand) -> None:
    before = locker.at
    locker.restart(off_ms=HOUR_MS)
    assert isinstance(locker.state.last, Stamp)
    assert locker.state.last.mono - before.mono < SECOND_MS
    assert locker.state.last.wall - before.wall >= HOUR_MS
