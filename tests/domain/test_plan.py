from typing import Any

import pytest
from support.locker_heart import A01, A02, CABINET
from support.locker_in_hand import LockerInHand, s10_label

from controller.domain import events as ev
from controller.domain.answers import PlanShown, Refused
from controller.domain.ids import ParcelId, Size
from controller.domain.policy import DEFAULT_RULES, Policy, Rule
from controller.domain.refusals import Refusal


def plan(locker: LockerInHand, **parcel: Any) -> PlanShown | Refused:
    locker.expect(1, **parcel)
    locker.sign_in()
    answer = locker.scan(s10_label(1))
    assert isinstance(answer, PlanShown | Refused)
    return answer


def test_ordinary(locker: LockerInHand) -> None:
    assert plan(locker) == PlanShown(ParcelId("P1"), "locker", ("code", "door_cycle"), 72 * 3600, Size.M, ("ordinary",))
    made = locker.last(ev.PlanMade)
    assert (made.pattern, made.rules, made.hold_s) == ("locker", ("ordinary",), 72 * 3600)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("regulated", "regulated"),
        ("alcohol", "regulated"),
        ("pharmaceutical", "regulated"),
        ("dangerous", "dangerous-goods"),
    ],
)
def test_never_a_locker(locker: LockerInHand, kind: str, rule: str) -> None:
    assert plan(locker, classes=("fragile", kind)) == Refused(Refusal.REGULATED, rules=(rule,))
    refused = locker.last(ev.PlanRefused)
    assert (refused.parcel, refused.reason, refused.rules) == ("P1", "regulated", (rule,))
    assert locker.acknowledge() == Refused(Refusal.NOTHING_TO_CONFIRM)
    assert not locker.all(ev.UnlockAuthorised)


def test_a_class_no_rule_knows_is_ordinary(locker: LockerInHand) -> None:
    assert isinstance(plan(locker, classes=("fragile",)), PlanShown)


@pytest.mark.parametrize(("size", "given"), [(Size.S, Size.S), (Size.L, Size.L), (None, Size.M)])
def test_size_by_letter(locker: LockerInHand, size: Size | None, given: Size) -> None:
    shown = plan(locker, size=size)
    assert isinstance(shown, PlanShown)
    assert shown.size == given


@pytest.mark.parametrize(
    ("mm", "given"),
    [((80, 450, 600), Size.S), ((600, 450, 81), Size.M), ((1, 1, 1), Size.S), ((600, 380, 450), Size.L)],
)
def test_size_by_millimetres_turned_any_way(locker: LockerInHand, mm: tuple[int, ...], given: Size) -> None:
    shown = plan(locker, mm=mm)
    assert isinstance(shown, PlanShown)
    assert shown.size == given


@pytest.mark.parametrize("parcel", [{"size": Size.XL}, {"mm": (381, 450, 600)}, {"mm": (10, 10, 601)}])
def test_too_big(locker: LockerInHand, parcel: dict[str, object]) -> None:
    assert plan(locker, **parcel) == Refused(Refusal.TOO_BIG, rules=("size",))


def test_a_locker_of_small_doors_takes_unknown_sizes_in_its_largest() -> None:
    locker = LockerInHand(cabinet=CABINET[:1])
    shown = plan(locker)
    assert isinstance(shown, PlanShown)
    assert shown.size is Size.S


@pytest.mark.parametrize(
    ("asked", "given"), [(None, 72 * 3600), (7200, 7200), (300, 300), (60 * 24 * 3600, 60 * 24 * 3600)]
)
def test_hold(locker: LockerInHand, asked: int | None, given: int) -> None:
    shown = plan(locker, hold_s=asked)
    assert isinstance(shown, PlanShown)
    assert shown.hold_s == given


def test_rules_are_data() -> None:
    rules = (
        *DEFAULT_RULES,
        Rule("perishable", classes=("perishable",), hold_s=4 * 3600, evidence=("code", "signature")),
        Rule("no-glass", classes=("glass",), refuse=Refusal.NOT_ALLOWED),
    )
    shown = plan(LockerInHand(Policy(rules=rules)), classes=("perishable",))
    assert isinstance(shown, PlanShown)
    assert shown.rules == ("ordinary", "perishable")
    assert shown.evidence == ("code", "door_cycle", "signature")
    assert shown.hold_s == 4 * 3600
    refused = plan(LockerInHand(Policy(rules=rules)), classes=("perishable", "glass"))
    assert refused == Refused(Refusal.NOT_ALLOWED, rules=("no-glass",))


def test_the_plans_hold_and_rules_go_with_the_parcel(locker: LockerInHand) -> None:
    stored_at = locker.deposit(1, hold_s=7200)
    stored = locker.last(ev.CustodyStored)
    assert stored.rules == ("ordinary",)
    when = next(at for at, event in locker.history if event is stored)
    assert stored.hold_until == when.wall + 7200 * 1000
    assert locker.last(ev.CodeIssued).expires_at == stored.hold_until
    assert stored_at in (A01, A02)
