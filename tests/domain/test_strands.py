"""Each change that `strands` allows does happen: days at the locker that go through all of them."""

from support.locker_heart import A01, A02, A03, CABINET, HOUR_MS, SECOND_MS
from support.locker_in_hand import NORTH, RECIPIENT, TECHNICIAN, LockerInHand, norths, s10_label, unlocked
from support.policies import a_policy

from controller.domain.audit import Found
from controller.domain.carrier_terms import CarrierTerms
from controller.domain.claims import Claim
from controller.domain.commands import (
    AnswerForRecipient,
    BlockCompartment,
    CancelParcel,
    ReportNotification,
    UnblockCompartment,
    UnlockCompartment,
)
from controller.domain.ids import CompartmentId
from controller.domain.inputs import AuditEndAsked, AuditStartAsked
from controller.domain.misfits import Misfit
from controller.domain.notices import Reply, ReportedAs
from controller.domain.preferences import Channel
from controller.domain.strands import STRANDS

P1, P2 = norths("P1"), norths("P2")


def a_locker() -> LockerInHand:
    """Recipients are told by two channels, and drivers may bring what was not announced."""
    terms = (CarrierTerms(NORTH, walk_up=True),)
    return LockerInHand(a_policy(carriers=terms, channels=(Channel.PUSH, Channel.SMS)))


def collected_and_something_left(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    locker.closes(door)
    locker.claim(door, Claim.LEFT_BEHIND)
    locker.closes(door)


def told_and_answered(locker: LockerInHand) -> None:
    def report(outcome: ReportedAs) -> None:
        locker.command(ReportNotification(notice=locker.state.notices[P1].id, outcome=outcome))

    locker.expect(1, recipient="r-1")
    report(ReportedAs.DELIVERED)
    report(ReportedAs.BOUNCED)
    report(ReportedAs.BOUNCED)
    locker.put_in(1)
    locker.done()
    locker.leave()
    report(ReportedAs.DELIVERED)
    locker.pass_ms(80 * HOUR_MS)
    locker.expect(2, recipient="r-2")
    locker.command(AnswerForRecipient(parcel=P2, answer=Reply.LOCKER, notice=locker.state.notices[P2].id))


def reached_after_all(locker: LockerInHand) -> None:
    locker.expect(1, recipient="r-1")
    notice = locker.state.notices[P1].id
    for outcome in (ReportedAs.FAILED, ReportedAs.FAILED, ReportedAs.DELIVERED):
        locker.command(ReportNotification(notice=notice, outcome=outcome))


def called_off_and_taken_back(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.command(CancelParcel(parcel=P1))
    locker.expect(2)
    door = locker.put_in(2)
    locker.take_back()
    locker.closes(door)


def announced_too_late(locker: LockerInHand) -> None:
    locker.sign_in()
    locker.scan(s10_label(1))
    locker.scan(s10_label(2))
    locker.leave()
    door = _walks_up(locker)
    locker.expect(1)
    locker.type_code(locker.code_of(1))
    locker.closes(door)


def brought_unannounced_and_taken_back(locker: LockerInHand) -> None:
    locker.sign_in()
    locker.scan(s10_label(1))
    locker.closes(unlocked(locker.acknowledge()))
    locker.other_door(Misfit.TOO_SMALL)
    locker.leave()


def _walks_up(locker: LockerInHand) -> CompartmentId:
    locker.sign_in()
    locker.scan(s10_label(1))
    door = unlocked(locker.acknowledge())
    locker.closes(door)
    locker.done()
    locker.leave()
    return door


def taken_away(locker: LockerInHand) -> None:
    doors = [locker.deposit(serial) for serial in (1, 2)]
    locker.pass_ms(80 * HOUR_MS)
    locker.jam(doors[0])
    locker.sign_in_proven()
    locker.take_away(P1)
    locker.pass_ms(11 * SECOND_MS)
    locker.jam(doors[0], jammed=False)
    locker.take_away(P2)
    locker.scan(s10_label(2))
    locker.closes(doors[1])


def quarantined_and_restored(locker: LockerInHand) -> None:
    """In every state a wiring fault finds it in, and back."""
    doors = [locker.deposit(serial) for serial in (1, 2)]
    locker.jam(doors[0])
    locker.type_code(locker.code_of(1))
    locker.opens(doors[1])
    locker.closes(doors[1])
    locker.jam(doors[0], jammed=False)
    for door in doors:
        locker.operate(UnblockCompartment(compartment=door, rewired=True))


def a_deposit_that_cannot_be_trusted(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    locker.other_door(Misfit.STRAY)


def blocked_and_put_back(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    for each in (door, A03):
        locker.operate(BlockCompartment(compartment=each))
        locker.opens(each)
        locker.closes(each)
        locker.operate(UnblockCompartment(compartment=each))
        locker.operate(BlockCompartment(compartment=each))
        locker.operate(UnblockCompartment(compartment=each))


def never_scanned_nor_missing(locker: LockerInHand) -> None:
    """A driver opens what is to be taken away and goes; somebody looks."""
    door = locker.deposit(1)
    locker.pass_ms(80 * HOUR_MS)
    locker.sign_in_proven()
    locker.take_away()
    locker.closes(door)
    locker.leave()
    locker.operate(UnblockCompartment(compartment=door))


def unannounced_and_taken_back(locker: LockerInHand) -> None:
    locker.sign_in()
    locker.scan(s10_label(1))
    door = unlocked(locker.acknowledge())
    locker.closes(door)
    locker.take_back()
    locker.closes(door)


def jammed_at_the_pickup(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    locker.jam(door)
    locker.type_code(locker.code_of(1))
    locker.pass_ms(11 * SECOND_MS)
    locker.next_door(door)
    locker.pass_ms(11 * SECOND_MS)
    locker.next_door(door)
    locker.pass_ms(11 * SECOND_MS)
    locker.operate(UnblockCompartment(compartment=door))


def sensors_come_and_go(locker: LockerInHand) -> None:
    for id in (A01, A02):
        locker.silence(id)
        locker.hear(id)
    locker.opens(A01)
    locker.silence(A01)
    locker.closes(A01)
    locker.hear(A01)
    locker.silence(A01)
    locker.opens(A01)
    locker.hear(A01)
    locker.restart()
    locker.closes(A01)


def two_compartments_fewer(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    locker.operate(BlockCompartment(compartment=A03))
    locker.specs = tuple(spec for spec in CABINET if spec.id not in (door, A03))
    locker.restart(survey=False, clean=True)


def opened_for_an_operator(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    locker.command(CancelParcel(parcel=P1))
    locker.operate(UnlockCompartment(compartment=door))
    locker.closes(door)


def called_back_while_it_is_collected(locker: LockerInHand) -> None:
    door = locker.deposit(1)
    locker.jam(door)
    locker.type_code(locker.code_of(1))
    locker.pass_ms(11 * SECOND_MS)
    locker.leave(RECIPIENT)
    locker.jam(door, jammed=False)
    locker.command(CancelParcel(parcel=P1))
    locker.operate(UnlockCompartment(compartment=door))
    locker.closes(door)


def looked_into_before_it_is_settled(locker: LockerInHand) -> None:
    """A deposit that its driver has not confirmed yet, and a technician who takes stock."""
    locker.expect(1)
    door = locker.put_in(1)
    locker.leave()
    locker.service()
    locker.put(AuditStartAsked(TECHNICIAN))
    locker.look(door, Found.UNKNOWN)
    locker.put(AuditEndAsked(TECHNICIAN))


def brought_unannounced_to_a_full_locker(locker: LockerInHand) -> None:
    for id in list(locker.state.compartments):
        locker.operate(BlockCompartment(compartment=id))
    locker.sign_in()
    locker.scan(s10_label(1))


def blocked_in_the_middle_of_visits(locker: LockerInHand) -> None:
    locker.expect(1)
    door = locker.door_for(1)
    for order in (BlockCompartment, UnblockCompartment):
        locker.operate(order(compartment=door))
    locker.closes(door)
    locker.done()
    locker.leave()
    locker.type_code(locker.code_of(1))
    for order in (BlockCompartment, UnblockCompartment):
        locker.operate(order(compartment=door))


STORIES = (
    called_back_while_it_is_collected,
    looked_into_before_it_is_settled,
    brought_unannounced_to_a_full_locker,
    blocked_in_the_middle_of_visits,
    quarantined_and_restored,
    a_deposit_that_cannot_be_trusted,
    blocked_and_put_back,
    sensors_come_and_go,
    two_compartments_fewer,
    opened_for_an_operator,
    unannounced_and_taken_back,
    jammed_at_the_pickup,
    never_scanned_nor_missing,
    collected_and_something_left,
    told_and_answered,
    reached_after_all,
    called_off_and_taken_back,
    announced_too_late,
    brought_unannounced_and_taken_back,
    taken_away,
)


def test_every_change_of_the_tables_happens() -> None:
    seen = set()
    for story in STORIES:
        locker = a_locker()
        story(locker)
        locker.check_replay()
        seen |= locker.changes

    assert {(strand.name, change) for strand in STRANDS for change in strand.changes} - seen == set()
