"""Rules that cannot be followed are found before anybody stands before the locker, by the rule's name."""

import pytest

from controller.device.rule_book import shipped
from controller.domain.events import CompartmentSpec
from controller.domain.ids import CompartmentId, Currency, MinorUnits, Size
from controller.domain.ladder import Action, Ladder, LadderRung
from controller.domain.policy import Policy
from controller.domain.refusals import Refusal
from controller.domain.rulebook import flaws, unmet
from controller.domain.rules import Needs, Pattern, Rule, When
from controller.domain.site import OBTAINED, Site

NOT_ALLOWED = Refusal.NOT_ALLOWED
LADDERS = {**shipped().ladders, "round": Ladder("round", (LadderRung(Action.REMIND, 0),), "round")}


def worth(**amounts: int) -> When:
    return When(value_at_least=tuple((Currency(name), MinorUnits(amount)) for name, amount in amounts.items()))


def found(*rules: Rule) -> list[tuple[str, str]]:
    """The flaws of these rules before those of the product."""
    return [(flaw.rule, flaw.field) for flaw in flaws((*rules, *shipped().rules), LADDERS, Policy())]


def test_the_products_own_rules_have_none() -> None:
    assert found() == []


def test_every_ladder_of_the_product_is_used_by_a_rule() -> None:
    named = {rule.ladder for rule in shipped().rules}
    followed = {ladder.then for ladder in shipped().ladders.values()}
    assert set(shipped().ladders) == (named | followed) - {None}


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule("carrier"), "id"),
        (Rule("ordinary"), "id"),
        (Rule("a", hold_s=-3 * 3600), "hold_s"),
        (Rule("a", When(classes=("x",)), longest_hold_s=299), "longest_hold_s"),
        (Rule("a", When(classes=("x",)), hold_s=7200, longest_hold_s=3600), "hold_s"),
        (Rule("a", When(classes=("x",)), Pattern.REFUSE), "reason"),
        (Rule("a", When(classes=("x",)), Pattern.REFUSE), "ladder"),
        (Rule("a", When(classes=("x",)), Pattern.REFUSE, NOT_ALLOWED, hold_s=3600), "hold_s"),
        (Rule("a", When(classes=("x",)), Pattern.REFUSE, NOT_ALLOWED, ("code",)), "evidence"),
        (Rule("a", When(classes=("x",)), reason=NOT_ALLOWED), "reason"),
        (Rule("a", evidence=("code|smile",)), "evidence"),
        (Rule("a", needs=Needs(1000, 900)), "needs"),
        (Rule("a", When(classes=("x",)), ladder="up"), "ladder"),
        (Rule("a", When(classes=("x",)), ladder="round"), "ladder"),
        (Rule("a", When(classes=("alcohol",)), Pattern.LOCKER), "pattern"),
        (Rule("a", When(classes=("dangerous",)), Pattern.PERSON_TO_PERSON, NOT_ALLOWED), "pattern"),
        (Rule("a", worth(EUR=300_000, USD=300_000, GBP=300_000, CHF=300_000), Pattern.LOCKER), "pattern"),
        (Rule("a", When(wants_locker=False), Pattern.PICKUP_POINT, NOT_ALLOWED), "pattern"),
    ],
)
def test_a_flaw_is_named_with_its_rule(rule: Rule, field: str) -> None:
    assert (rule.id, field) in found(rule)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("a", When(classes=("alcohol", "glass")), Pattern.LOCKER),
        Rule("a", worth(EUR=100_000), Pattern.LOCKER),
        Rule("a", worth(SEK=1), Pattern.PICKUP_POINT, NOT_ALLOWED, ladder="depot"),
        Rule("a", When(classes=("x",)), hold_s=3600, ladder="rural"),
        Rule("a", When(site=("rural",), classes=("x",)), hold_s=3600),
    ],
)
def test_a_rule_that_only_sometimes_meets_another_is_none(rule: Rule) -> None:
    assert found(rule) == []


def test_a_rule_that_would_always_silence_a_later_one_contradicts_it() -> None:
    assert found(Rule("a", hold_s=3600)) == [("rural", "hold_s"), ("ordinary", "hold_s")]
    assert found(Rule("a", When(site=("rural", "island", "often_offline")), hold_s=3600)) == [("rural", "hold_s")]
    assert found(Rule("a", When(site=("rural", "often_offline")), hold_s=604_800)) == []


@pytest.mark.parametrize(
    ("ladder", "what"),
    [
        (Ladder("a", (), "b"), "never ends: a → b → a"),
        (Ladder("a", (), "c"), "goes on with 'c', which is no ladder"),
        (Ladder("a", ()), "never ends: the last step of 'a' must be return_to_depot, second_attempt or operator"),
        (Ladder("a", (LadderRung(Action.REMIND, 0),)), "never ends: the last step of 'a'"),
        (
            Ladder("a", (LadderRung(Action.REMIND, 60), LadderRung(Action.CALL, 0), LadderRung(Action.OPERATOR, 90))),
            "comes before the one above it",
        ),
    ],
)
def test_a_ladder_that_leads_nowhere_is_named_with_its_rule(ladder: Ladder, what: str) -> None:
    ladders = {"a": ladder, "b": Ladder("b", (), "a")}
    [flaw] = flaws([Rule("uses-it", ladder="a")], ladders, Policy())
    assert flaw.rule == "uses-it"
    assert what in flaw.reason


def test_what_a_site_cannot_carry_out() -> None:
    low, high = (CompartmentSpec(CompartmentId("A01"), Size.M, (), height) for height in (900, 1300))
    photo = Rule("photo", evidence=("photo",))
    rules = (photo, *shipped().rules)
    assert [flaw.rule for flaw in unmet(rules, Site((low,)))] == ["photo", "signature"]
    everything = (*OBTAINED, "photo", "signature")
    assert [flaw.rule for flaw in unmet(rules, Site((high,), obtains=everything))] == ["accessible", "heavy"]
