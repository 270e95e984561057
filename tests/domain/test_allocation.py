from typing import Any

import pytest
from support.locker_heart import A01, A02, A03, A04
from support.locker_in_hand import NORTH, SOUTH, LockerInHand, is_refused, s10_label, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.allocation import Wanted, allocate, fits, smallest_fitting, status
from controller.domain.carrier_terms import CarrierTerms
from controller.domain.commands import BlockCompartment, UnblockCompartment, UnlockCompartment
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CompartmentId, Size
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.state import Status

POLICY = Policy()


def free_for(locker: LockerInHand, size: Size | None = None, mm: tuple[int, ...] = ()) -> CompartmentId | None:
    found = allocate(locker.state, Wanted(size, mm), locker.at.mono, locker.policy)
    return found.id if found is not None else None


def test_the_smallest_that_fits_the_first_by_name(locker: LockerInHand) -> None:
    assert [free_for(locker, size) for size in (None, *Size)] == [A01, A01, A02, A04, None]
    assert free_for(locker, mm=(600, 190, 450)) == A02
    assert free_for(locker, mm=(600, 191, 450)) == A04
    assert free_for(locker, mm=(600, 381, 450)) is None


def test_the_smallest_wherever_it_hangs() -> None:
    cabinet = LockerInHand(
        cabinet=(CompartmentSpec(A01, Size.L), CompartmentSpec(A03, Size.S), CompartmentSpec(A02, Size.S))
    )
    assert free_for(cabinet) == A02


def test_a_door_that_may_still_open_late_is_given_to_nobody(locker: LockerInHand) -> None:
    locker.jam(A01)
    locker.operate(UnlockCompartment(compartment=A01))
    locker.pass_ms(locker.policy.open_wait_ms)
    assert free_for(locker, Size.S) == A02
    locker.pass_ms(locker.policy.late_open_ms)
    assert free_for(locker, Size.S) == A01


def test_a_larger_one_where_the_fitting_are_taken(locker: LockerInHand) -> None:
    assert [locker.deposit(n, size=Size.M) for n in (1, 2, 3)] == [A02, A03, A04]
    assert free_for(locker, Size.M) is None
    assert free_for(locker, Size.S) == A01


def test_locker_full_is_said_before_any_door_moves(locker: LockerInHand) -> None:
    for serial in (1, 2, 3, 4):
        locker.deposit(serial, size=Size.S)
    locker.expect(5, size=Size.S)
    locker.sign_in()
    mark = len(locker.history)
    assert is_refused(locker.scan(s10_label(5)), Refusal.LOCKER_FULL)
    assert locker.names_since(mark) == ["plan.refused"]
    assert locker.last(ev.PlanRefused).ladder == "redeliver"


def test_filled_between_plan_and_acknowledgement(locker: LockerInHand) -> None:
    locker.expect(1, size=Size.L)
    locker.plan(1)
    locker.operate(BlockCompartment(compartment=A04))
    assert is_refused(locker.acknowledge(), Refusal.LOCKER_FULL)
    assert is_refused(locker.acknowledge(), Refusal.NOTHING_TO_CONFIRM)


def test_the_driver_may_ask_for_another_size(locker: LockerInHand) -> None:
    locker.expect(1, size=Size.S)
    assert locker.door_for(1, size=Size.L) == A04


@pytest.mark.parametrize(("asked", "given"), [(Size.S, A01), (Size.M, A02), (Size.L, A04)])
def test_the_drivers_eye_goes_before_the_carriers_millimetres(
    locker: LockerInHand, asked: Size, given: CompartmentId
) -> None:
    locker.expect(1, mm=(100, 100, 100))
    assert locker.door_for(1, size=asked) == given


def test_own_millimetres_of_a_compartment_go_before_its_letter() -> None:
    spec = CompartmentSpec(A01, Size.L, mm=(200, 200, 200))
    assert fits(spec, None, (200, 200, 200), POLICY)
    assert not fits(spec, None, (201, 10, 10), POLICY)
    assert smallest_fitting([spec], (10, 10, 10), POLICY) is Size.L
    assert smallest_fitting([spec], (201, 10, 10), POLICY) is None
    assert smallest_fitting([], (1, 1, 1), POLICY) is None


def test_never_given_out(locker: LockerInHand) -> None:
    locker.operate(BlockCompartment(compartment=A01))
    locker.opens(A02)
    locker.silence(A03)
    assert [status(c, locker.state) for c in locker.state.compartments.values()] == [
        Status.OUT_OF_SERVICE,
        Status.QUARANTINED,
        Status.VACANT,
        Status.VACANT,
    ]
    assert free_for(locker) == A04
    locker.hear(A03)
    assert free_for(locker) == A03
    locker.closes(A02)
    assert free_for(locker) == A03, "a door that came open by itself shuts: who knows what is inside"
    locker.operate(UnblockCompartment(compartment=A02))
    assert free_for(locker) == A02
    locker.operate(UnblockCompartment(compartment=A01))
    assert free_for(locker) == A01


def test_not_before_the_reopen_window_has_ended(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    unlocked(locker.type_code(locker.code_of(1)))
    assert status(locker[id], locker.state) is Status.COLLECTING
    locker.closes(id)
    assert status(locker[id], locker.state) is Status.VACANT
    assert free_for(locker, Size.M) != id
    locker.pass_ms(59_999)
    assert free_for(locker, Size.M) != id
    locker.pass_ms(1)
    assert free_for(locker, Size.M) == id


def test_status_follows_a_parcel(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.door_for(1)
    assert status(locker[id], locker.state) is Status.RESERVED
    locker.closes(id)
    assert status(locker[id], locker.state) is Status.RESERVED
    locker.done()
    assert status(locker[id], locker.state) is Status.OCCUPIED


def shared(cabinet: tuple[CompartmentSpec, ...], **figures: object) -> LockerInHand:
    """A locker whose carriers have agreed about its compartments."""
    return LockerInHand(a_policy(**figures), cabinet=cabinet)


FOUR_M = tuple(CompartmentSpec(id, Size.M) for id in (A01, A02, A03, A04))
RETURNED: dict[str, Any] = {"classes": ("return",)}


def test_what_is_reserved_for_a_carrier_is_its_own_and_used_first() -> None:
    locker = shared(FOUR_M, carriers=(CarrierTerms(NORTH, reserved=(A03,)),))
    assert [locker.deposit(n, SOUTH) for n in (1, 2, 3)] == [A01, A02, A04]
    locker.expect(4, SOUTH)
    locker.sign_in(SOUTH)
    assert is_refused(locker.scan(s10_label(4)), Refusal.CARRIER_FULL)
    locker.leave()
    assert locker.deposit(5, NORTH) == A03


def test_ones_own_reserved_compartment_leaves_the_others_free_for_all() -> None:
    locker = shared(FOUR_M, carriers=(CarrierTerms(NORTH, reserved=(A03,)),))
    assert locker.deposit(1, NORTH) == A03


def test_nobody_is_given_the_last_ones_of_anothers_share() -> None:
    locker = shared(FOUR_M, carriers=(CarrierTerms(NORTH, share={Size.M: 50}),))
    assert [locker.deposit(n, SOUTH) for n in (1, 2)] == [A01, A02]
    locker.expect(3, SOUTH)
    locker.sign_in(SOUTH)
    refused = locker.scan(s10_label(3))
    assert is_refused(refused, Refusal.CARRIER_FULL)
    locker.leave()
    assert [locker.deposit(n, NORTH) for n in (4, 5)] == [A03, A04]


def test_a_share_that_is_used_is_not_kept_free_twice() -> None:
    locker = shared(FOUR_M, carriers=(CarrierTerms(NORTH, share={Size.M: 50}),))
    assert [locker.deposit(n, NORTH) for n in (1, 2)] == [A01, A02]
    assert [locker.deposit(n, SOUTH) for n in (3, 4)] == [A03, A04]


def test_beyond_its_share_a_carrier_takes_what_nobody_was_promised() -> None:
    terms = (CarrierTerms(NORTH, share={Size.M: 25}), CarrierTerms(SOUTH, share={Size.M: 25}))
    locker = shared(FOUR_M, carriers=terms)
    assert [locker.deposit(n, NORTH) for n in (1, 2, 3)] == [A01, A02, A03]
    locker.expect(4, NORTH)
    locker.sign_in(NORTH)
    assert is_refused(locker.scan(s10_label(4)), Refusal.CARRIER_FULL)
    locker.leave()
    assert locker.deposit(5, SOUTH) == A04


def test_returns_leave_room_for_what_somebody_collects_here() -> None:
    locker = shared(FOUR_M, recipients_share=60)
    assert locker.deposit(1, **RETURNED) == A01
    locker.expect(2, **RETURNED)
    locker.sign_in()
    assert is_refused(locker.scan(s10_label(2)), Refusal.KEPT_FOR_RECIPIENTS)
    locker.leave()
    assert [locker.deposit(n) for n in (3, 4, 5)] == [A02, A03, A04]


def test_a_parcel_that_nobody_announced_leaves_room_too() -> None:
    locker = shared(FOUR_M, recipients_share=100, carriers=(CarrierTerms(NORTH, walk_up=True),))
    locker.sign_in()
    assert is_refused(locker.scan(s10_label(1)), Refusal.KEPT_FOR_RECIPIENTS)
