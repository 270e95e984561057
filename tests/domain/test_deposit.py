"""The driver at the screen, with doors that do what they should."""

import pytest
from support.locker_heart import A01, A02, HOUR_MS, SECOND_MS
from support.locker_in_hand import DRIVER, NORTH, SOUTH, LockerInHand, is_refused, norths, s10_label

from controller.domain import events as ev
from controller.domain import inputs
from controller.domain.answers import DoorUnlocked, Lately, Noted, PlanShown, Refused, SignedIn, SignedOut, Stored
from controller.domain.certain import certain
from controller.domain.drift import DAY_MS, WINDOW_DAYS
from controller.domain.ids import DriverId, Jti, ParcelId, PickupId, SessionId, WallMs
from controller.domain.misfits import Misfit
from controller.domain.refusals import Refusal
from controller.domain.state import Custody

P1 = norths("P1")


def badge(locker: LockerInHand, not_before_ms: int, expires_ms: int) -> inputs.BadgeShown:
    begins, ends = WallMs(locker.at.wall + not_before_ms), WallMs(locker.at.wall + expires_ms)
    return inputs.BadgeShown(DRIVER, Jti("badge"), DriverId("d-7"), NORTH, begins, ends)


def test_a_whole_deposit_in_order(locker: LockerInHand) -> None:
    locker.expect(1)
    mark = len(locker.history)
    assert locker.sign_in() == SignedIn()
    assert isinstance(locker.scan(s10_label(1)), PlanShown)
    assert locker.acknowledge() == DoorUnlocked((A02,))
    locker.closes(A02)
    assert locker.done() == Stored(P1, A02)
    assert locker.leave(reason="asked") == SignedOut(deposited=1, record=len(locker.history) - 1, lately=Lately(1))
    assert locker.names_since(mark) == [
        "driver.signed_in",
        "plan.made",
        "preference.shown",
        "custody.depositing",
        "unlock.authorised",
        "unlock.reported",
        "door.opened",
        "door.closed",
        "custody.stored",
        "code.issued",
        "parcel.hold_started",
        "driver.summary",
        "driver.signed_out",
    ]


def test_what_is_signed_at_the_end(locker: LockerInHand) -> None:
    locker.deposit(1)
    stored, issued = locker.last(ev.CustodyStored), locker.last(ev.CodeIssued)
    assert stored.PROVEN
    assert (stored.parcel, stored.compartment, stored.carrier, stored.driver) == (P1, A02, NORTH, "d-7")
    assert stored.confirmed_by == "driver"
    assert stored.evidence == ev.Evidence(obtained=("badge", "door_cycle"))
    assert stored.opened_mono is not None
    assert stored.closed_mono is not None
    assert stored.opened_mono < stored.closed_mono
    assert (issued.parcel, issued.compartment, issued.expires_at) == (P1, A02, stored.hold_until)
    assert issued.code_jwe.startswith("sealed-")


def test_no_answer_for_45_seconds_counts_as_done(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.put_in(1)
    locker.pass_ms(45 * SECOND_MS - 1)
    assert locker.state.parcels[P1].custody is Custody.DEPOSITING
    locker.pass_ms(1)
    assert locker.last(ev.CustodyStored).confirmed_by == "door_cycle"
    assert locker.state.parcels[P1].custody is Custody.STORED
    assert locker.state.codes == {locker.code_of(1): PickupId(P1)}
    assert is_refused(locker.done(), Refusal.NOTHING_TO_CONFIRM)
    assert locker[id].cycle is None


def test_reopen_and_done(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.put_in(1)
    first_opened = certain(locker[id].cycle, "the deposit's cycle").opened
    locker.pass_ms(40 * SECOND_MS)
    assert locker.reopen(id, DRIVER) == DoorUnlocked((id,))
    locker.pass_ms(20 * SECOND_MS)
    assert is_refused(locker.done(), Refusal.DOOR_OPEN)
    locker.closes(id)
    assert locker.done() == Stored(P1, id)
    stored = locker.last(ev.CustodyStored)
    assert stored.opened_mono == first_opened
    assert stored.closed_mono == locker[id].door_since


def test_take_back(locker: LockerInHand) -> None:
    locker.expect(1)
    id = locker.put_in(1)
    assert locker.take_back() == DoorUnlocked((id,))
    assert is_refused(locker.done(), Refusal.DOOR_OPEN)
    locker.closes(id)
    assert locker.last(ev.CustodyReleased).reason == "taken_back"
    assert locker.state.parcels[P1].custody is Custody.EXPECTED
    assert locker[id].parcel is None
    assert is_refused(locker.done(), Refusal.NOTHING_TO_CONFIRM)
    assert is_refused(locker.acknowledge(), Refusal.NOTHING_TO_CONFIRM)
    locker.pass_ms(HOUR_MS)
    assert not locker.all(ev.CustodyStored)
    assert isinstance(locker.scan(s10_label(1)), PlanShown)
    assert locker.acknowledge() == DoorUnlocked((id,))


def test_parcel_after_parcel_in_one_visit(locker: LockerInHand) -> None:
    for serial in (1, 2):
        locker.expect(serial)
    locker.sign_in()
    for serial in (1, 2):
        locker.scan(s10_label(serial))
        answer = locker.acknowledge()
        assert isinstance(answer, DoorUnlocked)
        locker.closes(answer.compartments[0])
        locker.done()
    assert len(locker.state.codes) == 2
    assert len({parcel.compartment for parcel in locker.state.parcels.values()}) == 2


def test_one_parcel_at_a_time(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.expect(2)
    id = locker.put_in(1)
    assert is_refused(locker.scan(s10_label(2)), Refusal.DEPOSIT_UNFINISHED)
    assert is_refused(locker.acknowledge(), Refusal.DEPOSIT_UNFINISHED)
    locker.reopen(id, DRIVER)
    assert is_refused(locker.scan(s10_label(2)), Refusal.DEPOSIT_UNFINISHED)


def test_one_door_at_a_time(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    locker.expect(2)
    locker.plan(2)
    assert is_refused(locker.acknowledge(), Refusal.DOOR_OPEN)
    locker.closes(id)
    assert isinstance(locker.acknowledge(), DoorUnlocked)


def test_others_are_served_past_a_door_that_nobody_shuts(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.type_code(locker.code_of(1))
    locker.expect(2)
    locker.plan(2)
    locker.pass_ms(120 * SECOND_MS)
    assert locker[id].left_open
    assert isinstance(locker.acknowledge(), DoorUnlocked)


def test_the_door_cannot_be_reached_before_the_plan_was_read(locker: LockerInHand) -> None:
    locker.expect(1)
    assert is_refused(locker.acknowledge(), Refusal.NOT_SIGNED_IN)
    locker.sign_in()
    assert is_refused(locker.acknowledge(), Refusal.NOTHING_TO_CONFIRM)
    assert is_refused(locker.done(), Refusal.NOTHING_TO_CONFIRM)
    assert is_refused(locker.take_back(), Refusal.NOTHING_TO_CONFIRM)
    assert is_refused(locker.reopen(A02, DRIVER), Refusal.REOPEN_OVER)
    locker.scan(s10_label(1))
    locker.acknowledge()
    authorised = next(n for n, (_, e) in enumerate(locker.history) if isinstance(e, ev.UnlockAuthorised))
    shown = next(n for n, (_, e) in enumerate(locker.history) if isinstance(e, ev.PreferenceShown))
    assert shown < authorised


def test_nothing_without_signing_in(locker: LockerInHand) -> None:
    locker.expect(1)
    stranger = SessionId("stranger")
    locker.plan(1)
    for answer in (
        locker.scan(s10_label(1), stranger),
        locker.acknowledge(stranger),
        locker.done(stranger),
        locker.take_back(stranger),
    ):
        assert is_refused(answer, Refusal.NOT_SIGNED_IN)
    mark = len(locker.history)
    assert locker.leave(stranger) == Noted()
    assert locker.names_since(mark) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no label", Refusal.LABEL_UNREADABLE),
        ("📦" * 100, Refusal.LABEL_UNREADABLE),
        ("9" * 10_240, Refusal.LABEL_UNREADABLE),
        (s10_label(99), Refusal.PARCEL_UNKNOWN),
        (s10_label(2), Refusal.PARCEL_UNKNOWN),
        (s10_label(3), Refusal.ALREADY_STORED),
    ],
    ids=["unreadable", "emoji", "10kB", "unknown", "another carrier's", "already stored"],
)
def test_labels_that_open_nothing(locker: LockerInHand, text: str, reason: Refusal) -> None:
    locker.expect(1)
    locker.expect(2, SOUTH)
    locker.deposit(3)
    locker.sign_in()
    unlocks = len(locker.all(ev.UnlockAuthorised))
    assert is_refused(locker.scan(text), reason)
    assert is_refused(locker.acknowledge(), Refusal.NOTHING_TO_CONFIRM)
    assert len(locker.all(ev.UnlockAuthorised)) == unlocks


def test_an_unreadable_scan_leaves_type_and_length_only(locker: LockerInHand) -> None:
    locker.sign_in()
    mark = len(locker.history)
    locker.scan("Jane Doe, 1 High Street")
    assert locker.names_since(mark) == []
    assert locker.counted == [inputs.ScanRejected("unreadable", 23)]
    locker.put(locker.counted[0])
    refused = locker.last(ev.PlanRefused)
    assert (refused.scanned_kind, refused.scanned_length, refused.parcel) == ("unreadable", 23, None)
    assert "Jane" not in repr(refused)


def test_a_summary_of_bad_scans_takes_nothing_out_of_the_drivers_hand(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.plan(1)
    locker.put(inputs.ScanRejected("unreadable", 5, count=3))
    answer = locker.acknowledge()
    assert isinstance(answer, DoorUnlocked)
    locker.put(inputs.ScanRejected("unreadable", 5, count=3))
    locker.closes(answer.compartments[0])
    assert isinstance(locker.done(), Stored)


def test_the_carriers_label_may_be_written_in_any_form(locker: LockerInHand) -> None:
    locker.expect(1, label="(00)340123450000000017")
    locker.sign_in()
    assert isinstance(locker.scan("https://id.gs1.org/00/340123450000000017"), PlanShown)


def test_a_label_that_comes_again_means_the_parcel_still_expected(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.expect(2, label=s10_label(1))
    locker.sign_in()
    shown = locker.scan(s10_label(1))
    assert isinstance(shown, PlanShown)
    assert shown.parcel == "north/P2"


def test_disk_low_refuses_deposits_and_nothing_else(locker: LockerInHand) -> None:
    id = locker.deposit(1)
    locker.expect(2)
    locker.put(inputs.DiskChecked(low=True))
    locker.sign_in()
    assert is_refused(locker.scan(s10_label(2)), Refusal.STORAGE_FULL)
    locker.type_code(locker.code_of(1))
    locker.closes(id)
    assert len(locker.all(ev.CustodyCollected)) == 1
    locker.put(inputs.DiskChecked(low=False))
    assert isinstance(locker.scan(s10_label(2)), PlanShown)
    locker.put(inputs.DiskChecked(low=True))
    assert is_refused(locker.acknowledge(), Refusal.STORAGE_FULL)
    assert len(locker.all(ev.DiskLow)) == 2


def test_a_deposit_under_way_is_finished_on_a_full_disk(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    locker.put(inputs.DiskChecked(low=True))
    assert isinstance(locker.done(), Stored)


@pytest.mark.parametrize(
    ("not_before_ms", "expires_ms", "good"),
    [(-1, HOUR_MS, True), (60_000, HOUR_MS, True), (60_002, HOUR_MS, False), (-HOUR_MS, 1, True), (-HOUR_MS, 0, False)],
)
def test_a_badge_is_good_in_its_time(locker: LockerInHand, not_before_ms: int, expires_ms: int, good: bool) -> None:
    answer = locker.put(badge(locker, not_before_ms, expires_ms))
    assert answer == (SignedIn() if good else Refused(Refusal.BADGE_INVALID))
    assert locker.counted == ([] if good else [inputs.BadgeRejected("expired")])


def test_one_driver_at_a_time(locker: LockerInHand) -> None:
    locker.sign_in()
    assert is_refused(locker.sign_in(session=SessionId("another")), Refusal.BUSY)
    assert locker.sign_in() == SignedIn()
    assert len(locker.all(ev.DriverSignedIn)) == 1
    locker.leave()
    assert locker.sign_in(session=SessionId("another")) == SignedIn()


def test_another_badge_in_the_same_visit_is_another_driver(locker: LockerInHand) -> None:
    locker.expect(1, SOUTH)
    locker.sign_in(NORTH, driver="d-7")
    assert locker.sign_in(SOUTH, driver="d-8") == SignedIn()
    assert [e.driver for e in locker.all(ev.DriverSignedOut)] == ["d-7"]
    assert isinstance(locker.scan(s10_label(1)), PlanShown)
    locker.acknowledge()
    assert locker.last(ev.CustodyDepositing).driver == "d-8"


def test_codes_are_unique_among_the_live(locker: LockerInHand, monkeypatch: pytest.MonkeyPatch) -> None:
    locker.deposit(1)
    taken = locker.code_of(1)
    fresh = locker.fresh

    def with_a_taken_one(parcel: ParcelId) -> object:
        offered = fresh(parcel)
        return type(offered)(parcel, (inputs.FreshCode(taken, "sealed-taken"), *offered.codes))

    monkeypatch.setattr(locker, "fresh", with_a_taken_one)
    locker.deposit(2)
    assert locker.code_of(2) != taken
    assert len(locker.state.codes) == 2


def test_a_door_named_by_another_visit_is_not_the_drivers(locker: LockerInHand) -> None:
    locker.expect(1)
    locker.put_in(1)
    assert is_refused(locker.reopen(A01, DRIVER), Refusal.REOPEN_OVER)


def test_who_signs_out_reads_how_their_own_deposits_went_in_seven_days(locker: LockerInHand) -> None:
    locker.deposit(1)
    locker.deposit(2, SOUTH)
    locker.expect(3)
    locker.put_in(3)
    locker.other_door(Misfit.STRAY)
    said = locker.leave(reason="asked")
    assert isinstance(said, SignedOut)
    assert said.lately == Lately(deposits=1, failed_deposits=1, strays=1)
    locker.sign_in(driver="d-8")
    assert locker.leave(reason="asked") == SignedOut()
    locker.pass_ms(WINDOW_DAYS * DAY_MS)
    locker.sign_in()
    assert locker.leave(reason="asked") == SignedOut()
