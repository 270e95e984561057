"""A lock that moves another door than its own: nobody is blamed, and its supply stands still until somebody looked."""

import pytest
from support.locker_heart import A01, A02, A03, A04, MINUTE_MS, SECOND_MS
from support.locker_in_hand import RECIPIENT, LockerInHand, is_refused, norths, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.allocation import status
from controller.domain.answers import CommandAnswer, DoorUnlocked
from controller.domain.commands import UnblockCompartment, UnlockCompartment
from controller.domain.evolve import evolve
from controller.domain.ids import CompartmentId, Door, Size
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.state import Custody, Status

P1, P2 = norths("P1"), norths("P2")
TWO_SUPPLIES = (
    ev.CompartmentSpec(A01, Size.M, supply="left"),
    ev.CompartmentSpec(A02, Size.M, supply="left"),
    ev.CompartmentSpec(A03, Size.M, supply="right"),
    ev.CompartmentSpec(A04, Size.M, supply="right"),
)


@pytest.fixture
def halves() -> LockerInHand:
    """Two supplies, two doors on each."""
    return LockerInHand(cabinet=TWO_SUPPLIES)


def crossed(locker: LockerInHand, meant: CompartmentId, opens: CompartmentId) -> None:
    """An operator unlocks `meant`, and `opens` opens."""
    locker.jam(meant)
    assert locker.operate(UnlockCompartment(compartment=meant)).status == "started"
    locker.pass_ms(200)
    locker.opens(opens)


def names(locker: LockerInHand, mark: int) -> list[str]:
    return locker.names_since(mark)


def test_the_wrong_door_stops_its_supply_and_both_doors_are_to_be_looked_at(locker: LockerInHand) -> None:
    crossed(locker, A02, A03)
    assert locker.all(ev.DoorWiringFault) == [ev.DoorWiringFault(compartment=A02, opened=A03, supply="")]
    assert locker.last(ev.DoorOpened) == ev.DoorOpened(compartment=A03, cause="wiring_fault")
    assert not locker.all(ev.DoorForced)
    assert (locker[A02].quarantine, locker[A03].quarantine) == ("wiring_fault", "wiring_fault")
    assert locker.state.stopped == {"": (A02, A03)}
    assert status(locker[A01], locker.state) is Status.OUT_OF_SERVICE
    assert status(locker[A02], locker.state) is Status.QUARANTINED


def test_nothing_is_authorised_on_the_supply_whoever_asks(locker: LockerInHand) -> None:
    stored = locker.deposit(1)
    crossed(locker, A01, A04)
    locker.closes(A04)
    locker.expect(2)
    mark = len(locker.history)
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.WIRING_FAULT)
    assert is_refused(locker.show_pass(P1), Refusal.WIRING_FAULT)
    assert locker.operate(UnlockCompartment(compartment=stored)) == CommandAnswer("refused", "wiring_fault")
    here = locker.put(inputs.LocalCommand(UnlockCompartment(compartment=A03), "to look"))
    assert is_refused(here, Refusal.WIRING_FAULT)
    locker.sign_in()
    assert is_refused(locker.scan(s10_label(2)), Refusal.WIRING_FAULT)
    assert not {"unlock.authorised", "code.accepted", "code.refused"} & set(names(locker, mark))
    assert locker.state.parcels[P1].custody is Custody.STORED


def test_other_supplies_go_on(halves: LockerInHand) -> None:
    crossed(halves, A01, A02)
    halves.closes(A02)
    assert halves.state.stopped == {"left": (A01, A02)}
    assert halves.deposit(1) == A03
    assert isinstance(halves.type_code(halves.code_of(1)), DoorUnlocked)


def test_two_boards_that_have_each_others_wires_stop_both_their_supplies(halves: LockerInHand) -> None:
    crossed(halves, A01, A03)
    assert halves.last(ev.DoorWiringFault) == ev.DoorWiringFault(compartment=A01, opened=A03, supply="left")
    assert halves.state.stopped == {"left": (A01,), "right": (A03,)}


def test_a_full_locker_is_full_and_a_stopped_one_is_out_of_order(halves: LockerInHand) -> None:
    for serial in (1, 2):
        halves.deposit(serial)
    crossed(halves, A03, A04)
    halves.closes(A04)
    halves.expect(3)
    halves.sign_in()
    assert is_refused(halves.scan(s10_label(3)), Refusal.LOCKER_FULL), "those two are not free: they are quarantined"


def test_it_goes_on_once_both_doors_were_put_back_into_service(locker: LockerInHand) -> None:
    stored = locker.deposit(1)
    crossed(locker, A03, A04)
    locker.closes(A04)
    unsaid = locker.operate(UnblockCompartment(compartment=A03))
    assert unsaid == CommandAnswer("refused", "wiring_fault"), "nobody clears half of it by the way"
    locker.operate(UnblockCompartment(compartment=A03, rewired=True))
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.WIRING_FAULT)
    locker.put(inputs.LocalCommand(UnblockCompartment(compartment=A04), "rewired"))
    assert locker.last(ev.CompartmentRestored) == ev.CompartmentRestored(compartment=A04, note="rewired")
    assert locker.state.stopped == {}
    assert locker.type_code(locker.code_of(1)) == DoorUnlocked((stored,))


def test_it_outlives_a_restart(locker: LockerInHand) -> None:
    locker.deposit(1)
    crossed(locker, A03, A04)
    locker.restart(off_ms=MINUTE_MS)
    assert locker.state.stopped == {"": (A03, A04)}
    assert is_refused(locker.type_code(locker.code_of(1)), Refusal.WIRING_FAULT)


def test_a_supply_that_the_configuration_no_longer_has_stands_in_nobodys_way(halves: LockerInHand) -> None:
    crossed(halves, A01, A02)
    halves.specs = tuple(ev.CompartmentSpec(spec.id, spec.size, supply="new") for spec in TWO_SUPPLIES)
    halves.put(inputs.Started("0.1.0", "rewired", halves.specs, halves.at.boot))
    assert halves.state.stopped == {"new": (A01, A02)}, "the doors are still to be looked at"


def test_another_reason_to_look_inside_does_not_set_the_supply_going(locker: LockerInHand) -> None:
    crossed(locker, A02, A03)
    locker.closes(A03)
    locker.pass_ms(15 * MINUTE_MS)
    locker.opens(A02)
    assert locker[A02].quarantine == "wiring_fault"
    unfinished = ev.CompartmentQuarantined(compartment=A02, reason="deposit_unfinished")
    assert evolve(locker.state, unfinished, locker.at).stopped == {"": (A02, A03)}


def test_a_driver_keeps_the_parcel_and_is_blamed_for_nothing(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.jam(A02)
    meant = locker.door_for(1)
    assert meant == A02
    mark = len(locker.history)
    locker.opens(A03)
    assert names(locker, mark) == [
        "door.wiring_fault",
        "door.opened",
        "custody.released",
        "compartment.quarantined",
        "compartment.quarantined",
        "compartment.quarantined",
    ]
    assert locker.last(ev.CustodyReleased).reason == "wiring_fault"
    assert locker.state.parcels[P1].custody is Custody.EXPECTED
    locker.closes(A03)
    locker.pass_ms(3 * MINUTE_MS)
    assert not locker.all(ev.DoorForced)
    assert not locker.all(ev.DoorDidNotOpen)
    assert not locker.all(ev.CustodyStored)
    assert is_refused(locker.scan(s10_label(1)), Refusal.WIRING_FAULT)


def test_the_door_that_was_meant_may_still_open_late_and_was_not_forced(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.jam(A02)
    locker.door_for(1)
    locker.opens(A03)
    locker.pass_ms(5 * SECOND_MS)
    locker.opens(A02)
    assert locker.last(ev.DoorOpened) == ev.DoorOpened(compartment=A02, cause="late")
    assert not locker.all(ev.DoorForced)


def test_a_deposit_whose_door_is_the_wrong_one_is_broken_off_too(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.put_in(1)
    crossed_with = A03 if id != A03 else A02
    locker.pass_ms(4 * SECOND_MS)
    locker.jam(crossed_with)
    # The terminal waits for a visit to end; a pulse from before is what is left to mix up.
    locker.leave(reason="idle")
    assert locker.operate(UnlockCompartment(compartment=crossed_with)).status == "started"
    locker.opens(id)
    assert locker.last(ev.CustodyReleased).reason == "wiring_fault"
    assert locker[id].quarantine == "wiring_fault"


def test_a_recipients_parcel_stays_theirs_and_the_code_works_again_afterwards(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    other = locker.deposit(2)
    locker.jam(id)
    locker.type_code(locker.code_of(1))
    locker.opens(other)
    assert locker.last(ev.DoorWiringFault).compartment == id
    locker.closes(other)
    assert not locker.all(ev.CustodyCollected), "no parcel left through a door that was not meant"
    assert (locker.state.parcels[P1].custody, locker.state.parcels[P2].custody) == (Custody.COLLECTING, Custody.STORED)
    locker.jam(id, jammed=False)
    for each in (id, other):
        locker.operate(UnblockCompartment(compartment=each, rewired=True))
    assert locker.type_code(locker.code_of(1), RECIPIENT) == DoorUnlocked((id,))
    locker.closes(id)
    assert locker.last(ev.CustodyCollected).parcel == P1


def test_whoever_asked_is_told_that_another_door_opened(locker: LockerInHand) -> None:
    crossed(locker, A02, A03)
    assert [event.outcome for event in locker.all(ev.CommandExecuted)] == ["wiring_fault"]


@pytest.mark.parametrize("after_ms", [9_000, 11_000])
def test_only_a_door_that_opens_soon_after_the_pulse_counts(after_ms: int) -> None:
    locker = LockerInHand(Policy(open_wait_ms=60_000))
    locker.jam(A02)
    locker.operate(UnlockCompartment(compartment=A02))
    locker.pass_ms(after_ms)
    locker.opens(A03)
    assert bool(locker.all(ev.DoorWiringFault)) is (after_ms < 10_000)
    assert bool(locker.all(ev.DoorForced)) is (after_ms > 10_000)


def test_a_pulse_that_was_given_up_still_explains_the_wrong_door() -> None:
    locker = LockerInHand(Policy(open_wait_ms=1_000))
    locker.jam(A02)
    locker.operate(UnlockCompartment(compartment=A02))
    locker.pass_ms(5_000)
    locker.opens(A03)
    assert locker.all(ev.DoorWiringFault)


@pytest.mark.parametrize("sent", ["not_sent", "rejected"])
def test_an_unlock_that_never_left_explains_nothing(locker: LockerInHand, sent: str) -> None:
    locker.power_fails_before_pulse = True
    locker.operate(UnlockCompartment(compartment=A02))
    locker.put(inputs.UnlockEnded(A02, sent))
    locker.opens(A03)
    assert locker.all(ev.DoorForced) == [ev.DoorForced(compartment=A03)]


def test_a_door_may_be_quicker_than_its_boards_word(locker: LockerInHand) -> None:
    locker.power_fails_before_pulse = True
    locker.operate(UnlockCompartment(compartment=A02))
    locker.opens(A03)
    assert locker.all(ev.DoorWiringFault)


def test_a_door_beside_the_one_that_was_meant_was_forced(locker: LockerInHand) -> None:
    """Both came in one reading, the wrong one first."""
    locker.jam(A02)
    locker.operate(UnlockCompartment(compartment=A02))
    locker.put(inputs.DoorsRead(((A01, Door.OPEN), (A02, Door.OPEN))))
    assert not locker.all(ev.DoorWiringFault)
    assert locker.all(ev.DoorForced) == [ev.DoorForced(compartment=A01)]
    assert locker.last(ev.DoorOpened).compartment == A02


def test_a_sensor_that_is_silent_accuses_no_wire(locker: LockerInHand) -> None:
    locker.jam(A02)
    locker.operate(UnlockCompartment(compartment=A02))
    locker.silence(A02)
    locker.opens(A03)
    assert locker.all(ev.DoorForced)
    assert not locker.all(ev.DoorWiringFault)


def test_after_a_restart_an_old_pulse_explains_nothing(locker: LockerInHand) -> None:
    locker.jam(A02)
    locker.operate(UnlockCompartment(compartment=A02))
    locker.restart()
    locker.opens(A03)
    assert locker.all(ev.DoorForced)


def test_a_door_that_did_not_latch_is_no_wiring_fault(locker: LockerInHand) -> None:
    locker.operate(UnlockCompartment(compartment=A03))
    locker.closes(A03)
    locker.jam(A02)
    locker.operate(UnlockCompartment(compartment=A02))
    locker.opens(A03)
    assert locker.last(ev.DoorOpened).cause == "unlatched"
    assert not locker.all(ev.DoorWiringFault)
