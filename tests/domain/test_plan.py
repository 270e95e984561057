"""The product's own rules, one by one, and how rules of any origin come together in a plan."""

from typing import Any

import pytest
from support.locker_heart import A01, A02, A03, CABINET, HOUR_MS
from support.locker_in_hand import LockerInHand, norths, s10_label, unlocked
from support.policies import a_policy

from controller.domain import events as ev
from controller.domain.answers import DoorUnlocked, PlanShown, Refused
from controller.domain.commands import BlockCompartment
from controller.domain.events import Because, CompartmentSpec
from controller.domain.ids import CarrierId, CompartmentId, Currency, MinorUnits, ParcelId, Size, WallMs
from controller.domain.money import Money
from controller.domain.plan import Plan, plan
from controller.domain.policy import Policy
from controller.domain.preferences import Preferences
from controller.domain.refusals import Refusal
from controller.domain.rules import Needs, Pattern, Rule, When
from controller.domain.site import OBTAINED, Site
from controller.domain.state import Parcel

HOUR_S = 3600
SITE = Site((CompartmentSpec(A01, Size.S, (), 300), CompartmentSpec(A02, Size.M, (), 900)))
EVERYTHING = (*OBTAINED, "signature")


def planned(
    preferences: Preferences | None = None, policy: Policy | None = None, site: Site = SITE, **parcel: Any
) -> Plan:
    known: dict[str, Any] = {
        "id": ParcelId("P1"),
        "label": s10_label(1),
        "carrier": CarrierId("north"),
        "expected_at": WallMs(0),
    }
    return plan(Parcel(**(known | parcel)), preferences, site, policy or a_policy())


def scanned(locker: LockerInHand, **parcel: Any) -> PlanShown | Refused:
    locker.expect(1, **parcel)
    locker.sign_in()
    answer = locker.scan(s10_label(1))
    assert isinstance(answer, PlanShown | Refused)
    return answer


def euro(amount: int) -> Money:
    return Money(MinorUnits(amount * 100), Currency("EUR"))


def wishes(**said: Any) -> Preferences:
    return Preferences(confirmed_at=WallMs(0), **said)


def at_a_site(*conditions: str, obtains: tuple[str, ...] = OBTAINED) -> Site:
    return Site(SITE.compartments, conditions, obtains)


# --- the product's table ----------------------------------------------------------------------------


def test_ordinary() -> None:
    made = planned()
    assert (made.pattern, made.refuse, made.size) == (Pattern.LOCKER, None, Size.M)
    assert (made.evidence, made.hold_s, made.ladder) == (("code", "door_cycle"), 72 * HOUR_S, "ordinary")
    assert made.because == tuple(Because(choice, "ordinary") for choice in ("pattern", "evidence", "hold", "ladder"))
    assert made.rules == ("ordinary",)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("regulated", "regulated"),
        ("age_restricted", "regulated"),
        ("alcohol", "regulated"),
        ("pharmaceutical", "regulated"),
        ("dangerous", "dangerous-goods"),
    ],
)
def test_never_a_locker(locker: LockerInHand, kind: str, rule: str) -> None:
    assert scanned(locker, classes=("fragile", kind)) == Refused(Refusal.REGULATED, rules=(rule,))
    refused = locker.last(ev.PlanRefused)
    assert (refused.parcel, refused.reason, refused.rules) == ("north/P1", "regulated", (rule,))
    assert refused.ladder in ("depot", "redeliver")
    assert locker.acknowledge() == Refused(Refusal.NOTHING_TO_CONFIRM)
    assert not locker.all(ev.UnlockAuthorised)


@pytest.mark.parametrize(
    ("value", "allowed", "pattern", "rule"),
    [
        (euro(499), None, Pattern.LOCKER, "ordinary"),
        (euro(500), None, Pattern.PERSON_TO_PERSON, "valuable-not-allowed"),
        (euro(500), False, Pattern.REFUSE, "no-authority-to-leave"),
        (euro(1999), True, Pattern.LOCKER, "ordinary"),
        (euro(2000), True, Pattern.PERSON_TO_PERSON, "very-valuable"),
        (Money(MinorUnits(1), Currency("XAU")), True, Pattern.PERSON_TO_PERSON, "very-valuable"),
    ],
)
def test_value(value: Money, allowed: bool | None, pattern: Pattern, rule: str) -> None:
    made = planned(value=value, authority_to_leave=allowed, site=at_a_site(obtains=EVERYTHING))
    assert (made.pattern, made.because[0]) == (pattern, Because("pattern", rule))


def test_value_asks_for_a_second_factor_and_a_photo_is_none() -> None:
    made = planned(value=euro(700), authority_to_leave=True, site=at_a_site(obtains=("code", "door_cycle", "photo")))
    assert (made.pattern, made.refuse, made.missing) == (
        Pattern.REFUSE,
        Refusal.EVIDENCE_MISSING,
        ("pin|signature",),
    )
    assert made.rules == ("valuable",)
    for either in ("pin", "signature"):
        made = planned(value=euro(700), authority_to_leave=True, site=at_a_site(obtains=("code", "door_cycle", either)))
        assert (made.refuse, made.evidence) == (None, ("code", "pin|signature", "door_cycle"))


def test_a_signature_that_cannot_be_had_is_said_at_the_scan(locker: LockerInHand) -> None:
    assert scanned(locker, signature=True) == Refused(Refusal.EVIDENCE_MISSING, rules=("signature",))
    refused = locker.last(ev.PlanRefused)
    assert (refused.missing, refused.pattern) == (("signature",), "refuse")


def test_a_signature_that_can_be_had_is_demanded() -> None:
    made = planned(signature=True, site=at_a_site(obtains=EVERYTHING))
    assert made.evidence == ("code", "signature", "door_cycle")
    assert Because("evidence", "signature") in made.because


@pytest.mark.parametrize(
    ("preferences", "allowed", "rule"),
    [(wishes(locker=False), True, "recipient-said-no"), (None, False, "no-authority-to-leave")],
)
def test_not_to_be_left_starts_with_asking(preferences: Preferences | None, allowed: bool, rule: str) -> None:
    made = planned(preferences, authority_to_leave=allowed)
    assert (made.refuse, made.rules, made.ladder) == (Refusal.NOT_TO_BE_LEFT, (rule,), "contact")


def test_a_recipient_who_wants_the_locker_changes_nothing() -> None:
    assert planned(wishes(locker=True)) == planned()


@pytest.mark.parametrize(
    ("parcel", "conditions", "hold_s", "rule", "ladder"),
    [
        ({"classes": ("same_day",)}, (), 2 * HOUR_S, "same-day", "same-day"),
        ({"classes": ("perishable",)}, (), 4 * HOUR_S, "perishable", "perishable"),
        ({"classes": ("same_day", "perishable")}, (), 2 * HOUR_S, "same-day", "perishable"),
        ({}, ("rural",), 168 * HOUR_S, "rural", "rural"),
        ({}, ("often_offline",), 168 * HOUR_S, "rural", "rural"),
        ({"classes": ("perishable",)}, ("rural", "weather"), 4 * HOUR_S, "perishable", "perishable"),
        ({"classes": ("perishable",), "hold_s": 86_400}, (), 4 * HOUR_S, "perishable", "perishable"),
        ({"classes": ("perishable",), "hold_s": 3600}, (), HOUR_S, "carrier", "perishable"),
        ({}, ("weather",), 144 * HOUR_S, "disrupted", "disrupted"),
        ({"hold_s": 86_400}, ("holiday",), 48 * HOUR_S, "disrupted", "disrupted"),
        ({}, ("rural", "outage"), 336 * HOUR_S, "disrupted", "rural"),
        ({"hold_s": 7200}, (), 2 * HOUR_S, "carrier", "ordinary"),
        ({"hold_s": 1}, (), 300, "carrier", "ordinary"),
    ],
)
def test_hold_and_ladder(
    parcel: dict[str, Any], conditions: tuple[str, ...], hold_s: int, rule: str, ladder: str
) -> None:
    made = planned(site=at_a_site(*conditions), **parcel)
    assert (made.hold_s, made.ladder) == (hold_s, ladder)
    assert [each.rule for each in made.because if each.choice == "hold"][-1] == rule


def test_an_accessible_compartment_and_no_other() -> None:
    made = planned(wishes(accessible=True))
    assert (made.refuse, made.needs) == (None, Needs(380, 1220))
    assert Because("compartment", "accessible") in made.because
    high = Site((CompartmentSpec(A01, Size.M, (), 1221), CompartmentSpec(A02, Size.M)))
    made = planned(wishes(accessible=True), site=high)
    assert (made.refuse, made.rules) == (Refusal.NONE_SUITABLE, ("accessible",))


def test_an_accessible_one_that_is_too_small_does_not_help() -> None:
    low = Site((CompartmentSpec(A01, Size.S, (), 900), CompartmentSpec(A02, Size.L, (), 1500)))
    assert planned(wishes(accessible=True), site=low, size=Size.M).refuse is Refusal.NONE_SUITABLE
    assert planned(wishes(accessible=True), site=low, size=Size.S).refuse is None


# --- sizes --------------------------------------------------------------------------------------------


def test_a_class_no_rule_knows_is_ordinary(locker: LockerInHand) -> None:
    assert isinstance(scanned(locker, classes=("fragile",)), PlanShown)


@pytest.mark.parametrize(("size", "given"), [(Size.S, Size.S), (Size.L, Size.L), (None, Size.M)])
def test_size_by_letter(locker: LockerInHand, size: Size | None, given: Size) -> None:
    shown = scanned(locker, size=size)
    assert isinstance(shown, PlanShown)
    assert shown.size == given


@pytest.mark.parametrize(
    ("mm", "given"),
    [((80, 450, 600), Size.S), ((600, 450, 81), Size.M), ((1, 1, 1), Size.S), ((600, 380, 450), Size.L)],
)
def test_size_by_millimetres_turned_any_way(locker: LockerInHand, mm: tuple[int, ...], given: Size) -> None:
    shown = scanned(locker, mm=mm)
    assert isinstance(shown, PlanShown)
    assert shown.size == given


@pytest.mark.parametrize("parcel", [{"size": Size.XL}, {"mm": (381, 450, 600)}, {"mm": (10, 10, 601)}])
def test_too_big(locker: LockerInHand, parcel: dict[str, object]) -> None:
    assert scanned(locker, **parcel) == Refused(Refusal.TOO_BIG, rules=("size",))


def test_a_locker_of_small_doors_takes_unknown_sizes_in_its_largest() -> None:
    locker = LockerInHand(cabinet=CABINET[:1])
    shown = scanned(locker)
    assert isinstance(shown, PlanShown)
    assert shown.size is Size.S


# --- what the label says ------------------------------------------------------------------------------


SSCC = "340123450000000017"


@pytest.mark.parametrize(
    ("elements", "announced", "answer"),
    [
        ("(4321)1", {}, Refused(Refusal.REGULATED, rules=("dangerous-goods",))),
        ("(4321)0", {"classes": ("dangerous",)}, Refused(Refusal.REGULATED, rules=("dangerous-goods",))),
        ("(4322)0", {}, Refused(Refusal.NOT_TO_BE_LEFT, rules=("no-authority-to-leave",))),
        (
            "(4322)1",
            {"authority_to_leave": False},
            Refused(Refusal.NOT_TO_BE_LEFT, rules=("no-authority-to-leave",)),
        ),
        ("(4323)1", {}, Refused(Refusal.EVIDENCE_MISSING, rules=("signature",))),
        ("(4323)0", {"signature": True}, Refused(Refusal.EVIDENCE_MISSING, rules=("signature",))),
        (
            "(4322)1",
            {"value": Money(MinorUnits(60_000), Currency("EUR")), "signature": True},
            Refused(Refusal.EVIDENCE_MISSING, rules=("signature",)),
        ),
    ],
)
def test_the_stricter_of_label_and_carrier_counts(
    locker: LockerInHand, elements: str, announced: dict[str, Any], answer: Refused
) -> None:
    locker.expect(1, label=SSCC, **announced)
    locker.sign_in()
    assert locker.scan(f"(00){SSCC}{elements}") == answer
    kept = [(each.ai, each.value) for each in locker.last(ev.PlanRefused).label]
    assert kept == [(elements[1:5], elements[6:])]


def test_the_labels_word_holds_until_the_door_opens(locker: LockerInHand) -> None:
    locker.expect(1, label=SSCC)
    locker.sign_in()
    shown = locker.scan(f"(00){SSCC}(4331)000800(4333)000200-")
    assert isinstance(shown, PlanShown)
    assert (shown.hold_s, shown.ladder) == (4 * HOUR_S, "perishable")
    assert locker.last(ev.PlanMade).label == locker.state.visit.label if locker.state.visit else False
    id = unlocked(locker.acknowledge())
    locker.closes(id)
    locker.done()
    stored = locker.last(ev.CustodyStored)
    assert stored.hold_until - locker.at.wall <= 4 * HOUR_MS
    assert "perishable" in stored.rules


def test_a_carrier_may_announce_the_whole_label(locker: LockerInHand) -> None:
    locker.expect(1, label=f"(00){SSCC}(4321)1(4323)1")
    expected = locker.last(ev.ParcelExpected)
    assert (expected.label, expected.classes, expected.signature) == (SSCC, ("dangerous",), True)


# --- rules of a site ------------------------------------------------------------------------------------


def test_the_strictest_pattern_wins_wherever_it_stands() -> None:
    lax = Rule("lax", When(classes=("glass",)), Pattern.LOCKER)
    strict = Rule("no-glass", When(classes=("glass",)), Pattern.REFUSE, Refusal.NOT_ALLOWED, ladder="depot")
    for rules in ((lax, strict), (strict, lax)):
        made = planned(policy=a_policy(*rules), classes=("glass",))
        assert (made.refuse, made.rules) == (Refusal.NOT_ALLOWED, ("no-glass",))


def test_what_the_first_rule_says_of_the_hold_counts() -> None:
    fragile = Rule("fragile", When(classes=("fragile",)), hold_s=7200)
    heavy = Rule("heavy", When(classes=("heavy",)), hold_s=9000)
    made = planned(policy=a_policy(fragile, heavy), classes=("heavy", "fragile"))
    assert (made.hold_s, made.because[2]) == (7200, Because("hold", "fragile"))


def test_needs_of_several_rules_add_up() -> None:
    cool = Rule("cool", When(classes=("frozen",)), needs=Needs(handle_to_mm=1000, traits=("cool",)))
    cold = Site(
        (
            CompartmentSpec(A01, Size.M, (), 1100, traits=("cool",)),
            CompartmentSpec(A02, Size.M, (), 900, traits=("cool",)),
        )
    )
    made = planned(wishes(accessible=True), a_policy(cool), cold, classes=("frozen",))
    assert (made.refuse, made.needs) == (None, Needs(380, 1000, traits=("cool",)))
    warm = Site((CompartmentSpec(A01, Size.M, (), 900),))
    made = planned(None, a_policy(cool), warm, classes=("frozen",))
    assert (made.refuse, made.rules) == (Refusal.NONE_SUITABLE, ("cool",))


def test_without_rules_nothing_is_taken_in() -> None:
    made = planned(policy=Policy())
    assert (made.refuse, made.rules) == (Refusal.NOT_ALLOWED, ("no-rule",))


# --- at the screen --------------------------------------------------------------------------------------


def test_the_plan_goes_on_record_with_who_made_each_choice(locker: LockerInHand) -> None:
    shown = scanned(locker, hold_s=7200, value=euro(20))
    assert shown == PlanShown(norths("P1"), "locker", ("code", "door_cycle"), 7200, Size.M, ("ordinary",), "ordinary")
    made = locker.last(ev.PlanMade)
    assert (made.pattern, made.rules, made.hold_s, made.ladder) == ("locker", ("ordinary",), 7200, "ordinary")
    assert Because("hold", "carrier") in made.because


def test_the_plans_hold_and_rules_go_with_the_parcel(locker: LockerInHand) -> None:
    stored_at = locker.deposit(1, hold_s=7200)
    stored = locker.last(ev.CustodyStored)
    assert stored.rules == ("ordinary",)
    when = next(at for at, event in locker.history if event is stored)
    assert stored.hold_until == when.wall + 2 * HOUR_MS
    assert locker.last(ev.CodeIssued).expires_at == stored.hold_until
    assert stored_at in (A01, A02)


def test_none_of_the_kind_is_free_and_no_other_is_opened() -> None:
    cool = Rule("cool", When(classes=("frozen",)), needs=Needs(traits=("cool",)))
    cabinet = (*CABINET[:2], CompartmentSpec(A03, Size.L, (), None, traits=("cool",)))
    locker = LockerInHand(a_policy(cool), cabinet)
    locker.expect(1, classes=("frozen",))
    locker.expect(2, classes=("frozen",))
    locker.expect(3)
    assert locker.door_for(1) == A03
    locker.closes(A03)
    locker.done()
    assert locker.scan(s10_label(2)) == Refused(Refusal.SUITABLE_FULL, rules=("cool",))
    assert not isinstance(locker.acknowledge(), DoorUnlocked)
    assert isinstance(locker.scan(s10_label(3)), PlanShown)


def test_a_larger_size_keeps_to_the_kind_that_the_plan_asks_for() -> None:
    cool = Rule("cool", When(classes=("frozen",)), needs=Needs(traits=("cool",)))
    locker = LockerInHand(a_policy(cool), (CompartmentSpec(A01, Size.M, (), None, traits=("cool",)), *CABINET[1:]))
    locker.expect(1, classes=("frozen",))
    locker.plan(1)
    assert locker.acknowledge(size=Size.L) == Refused(Refusal.SUITABLE_FULL, rules=("cool",))
    locker.plan(1)
    locker.operate(BlockCompartment(compartment=A01))
    assert locker.acknowledge() == Refused(Refusal.SUITABLE_FULL, rules=("cool",))
    assert not locker.all(ev.UnlockAuthorised)


@pytest.mark.parametrize(("weight_g", "door"), [(None, A01), (10_000, A01), (10_001, A02), (30_000, A02)])
def test_what_is_heavy_is_not_lifted_high(weight_g: int | None, door: CompartmentId) -> None:
    cabinet = (CompartmentSpec(A01, Size.M, handle_mm=1400), CompartmentSpec(A02, Size.M, handle_mm=1200))
    locker = LockerInHand(cabinet=cabinet)
    locker.expect(1, weight_g=weight_g)
    assert locker.door_for(1) == door


def test_what_is_too_heavy_is_refused_by_a_rule_that_a_site_may_change() -> None:
    made = planned(weight_g=30_001)
    assert (made.refuse, made.rules) == (Refusal.TOO_HEAVY, ("too-heavy",))


def test_no_low_door_left_for_a_heavy_parcel_is_said_and_no_high_one_given() -> None:
    locker = LockerInHand(cabinet=(CompartmentSpec(A01, Size.M, handle_mm=1400), CompartmentSpec(A02, Size.M)))
    assert scanned(locker, weight_g=12_000) == Refused(Refusal.NONE_SUITABLE, rules=("heavy",))
