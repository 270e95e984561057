"""What the locker's answers and events do to a driver's screen."""

from dataclasses import replace

import pytest

from controller.domain import events as ev
from controller.domain.answers import (
    Answer,
    CommandAnswer,
    DoorUnlocked,
    PlanShown,
    Refused,
    SignedIn,
    SignedOut,
    Stored,
)
from controller.domain.ids import (
    CarrierId,
    ClockQuality,
    CompartmentId,
    DriverId,
    MonoMs,
    ParcelId,
    Purpose,
    SessionId,
    Size,
    WallMs,
)
from controller.domain.labels import parse_label
from controller.domain.refusals import Refusal
from controller.domain.stamp import Stamp
from kiosk import driver
from kiosk.screens import (
    ConfirmDeposit,
    DepositStored,
    Doors,
    Keeps,
    ReadPlan,
    ScanLabel,
    Screen,
    SignIn,
    Summary,
    TypeLabel,
    Unavailable,
)
from kiosk.session import Ended, Phase, Step, Visit, begin, set_door, show

A03 = CompartmentId("A03")
MINE = SessionId("mine")
NOW = MonoMs(5_000)
STAMP = Stamp(WallMs(0), NOW, 1, ClockQuality.NTP)
NOTHING: frozenset[CompartmentId] = frozenset()
PLAN = PlanShown(ParcelId("p"), "locker", ("code",), 3600, Size.M, ("ordinary",))


def signed_in(screen: Screen | None = None) -> Visit:
    visit = replace(begin(MINE, MonoMs(0)), driver=True, label=parse_label("RR473124829GB"))
    return show(visit, screen if screen is not None else ScanLabel(), MonoMs(0))


def confirming() -> Visit:
    visit = set_door(replace(signed_in(), confirming=True, purpose=Purpose.DEPOSIT), A03, Phase.CLOSED, MonoMs(0))
    return show(visit, ConfirmDeposit(), MonoMs(0))


def answered(visit: Visit, answer: Answer | None) -> Visit:
    return driver.answered(visit, answer, NOTHING, NOW)


def seen(visit: Visit, event: ev.Event) -> Step:
    return driver.seen(visit, event, STAMP)


def stored_event() -> ev.CustodyStored:
    return ev.CustodyStored(
        parcel=ParcelId("p"),
        compartment=A03,
        carrier=CarrierId("swift"),
        driver=DriverId("d"),
        confirmed_by="door_cycle",
        evidence=ev.Evidence(("badge",)),
        hold_until=WallMs(0),
        opened_mono=None,
        closed_mono=None,
    )


def released(reason: str) -> ev.CustodyReleased:
    return ev.CustodyReleased(parcel=ParcelId("p"), compartment=A03, reason=reason)


def test_a_good_badge_leads_to_the_first_label() -> None:
    visit = answered(show(begin(MINE, MonoMs(0)), SignIn(), MonoMs(0)), SignedIn())

    assert visit.driver
    assert visit.screen == ScanLabel()


def test_a_label_leads_to_its_plan_with_reasons() -> None:
    assert answered(signed_in(), PLAN).screen == ReadPlan("p", Size.M, 3600, ("code",), ("ordinary",))


def test_an_acknowledged_plan_leads_to_the_door() -> None:
    assert answered(signed_in(), DoorUnlocked((A03,))).screen == Doors()


def test_a_stored_parcel_is_counted_once_whichever_says_so_first() -> None:
    by_answer = answered(confirming(), Stored(ParcelId("p"), A03))
    by_event = seen(confirming(), stored_event())
    assert isinstance(by_event, Visit)

    for visit in (by_answer, by_event):
        assert visit.screen == DepositStored(A03)
        assert visit.stored == (A03,)
        assert answered(visit, Stored(ParcelId("p"), A03)) is visit
        assert seen(visit, stored_event()) is visit


def test_somebody_elses_deposit_is_not_counted() -> None:
    visit = signed_in()

    assert seen(visit, stored_event()) is visit


@pytest.mark.parametrize("reason", ["taken_back", "unfinished", "wiring_fault"])
def test_a_deposit_that_came_to_nothing_leaves_the_parcel_with_the_driver(reason: str) -> None:
    visit = seen(confirming(), released(reason))
    assert isinstance(visit, Visit)

    assert visit.screen == Keeps(reason)
    assert not visit.confirming
    assert visit.label is not None


def test_a_door_that_did_not_open_is_told_by_the_door_not_by_custody() -> None:
    visit = confirming()

    assert seen(visit, released("did_not_open")) is visit


@pytest.mark.parametrize(
    ("before", "refused", "after"),
    [
        (ScanLabel(), Refused(Refusal.LABEL_UNREADABLE), ScanLabel("label_unreadable")),
        (TypeLabel(), Refused(Refusal.LABEL_UNREADABLE), TypeLabel("label_unreadable")),
        (ScanLabel(), Refused(Refusal.PARCEL_UNKNOWN), Keeps("parcel_unknown")),
        (ScanLabel(), Refused(Refusal.REGULATED, rules=("regulated",)), Keeps("regulated", ("regulated",))),
        (ScanLabel(), Refused(Refusal.DOOR_OPEN), Keeps("door_open")),
        (ScanLabel(), Refused(Refusal.NOTHING_TO_CONFIRM), ScanLabel("nothing_to_confirm")),
        (SignIn(), Refused(Refusal.BADGE_INVALID), SignIn("badge_invalid")),
        (SignIn(), Refused(Refusal.BUSY), SignIn("busy")),
        (ScanLabel(), Refused(Refusal.NOT_SIGNED_IN), SignIn("not_signed_in")),
        (ScanLabel(), None, Unavailable(ScanLabel())),
    ],
)
def test_a_no_says_what_is_next(before: Screen, refused: Refused | None, after: Screen) -> None:
    assert answered(signed_in(before), refused).screen == after


def test_a_no_while_the_deposit_waits_for_a_word_changes_nothing() -> None:
    visit = confirming()

    assert answered(visit, Refused(Refusal.DOOR_OPEN)) is visit
    assert answered(visit, Refused(Refusal.DEPOSIT_UNFINISHED)) is visit


def test_signing_out_shows_what_was_stored() -> None:
    visit = answered(replace(signed_in(), stored=(A03,)), SignedOut(deposited=1, record=41))

    assert visit.screen == Summary(SignedOut(deposited=1, record=41))
    assert visit.stored == (A03,)
    assert not visit.driver


def test_a_visit_that_the_locker_ended_is_over() -> None:
    told = ev.DriverSignedOut(session=MINE, driver=DriverId("d"), reason="left_open")
    asked = ev.DriverSignedOut(session=MINE, driver=DriverId("d"), reason="asked")
    others = ev.DriverSignedOut(session=SessionId("other"), driver=DriverId("d"), reason="left_open")
    visit = signed_in()

    assert seen(visit, told) == Ended("told")
    assert seen(visit, asked) is visit
    assert seen(visit, others) is visit


def test_empty_hands_forget_the_parcel_before() -> None:
    visit = driver.next_parcel(confirming(), NOW)

    assert (visit.label, visit.doors, visit.confirming) == (None, (), False)


def test_an_answer_to_a_command_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="CommandAnswer"):
        answered(signed_in(), CommandAnswer("executed"))
