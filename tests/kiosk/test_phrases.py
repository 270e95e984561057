"""The catalogues: complete, alike in every language, and with a sentence for everything the locker can say."""

import json
import re
from pathlib import Path

import pytest

import kiosk
from controller.device.rule_book import shipped
from controller.domain.refusals import Refusal
from controller.domain.rules import Evidence
from kiosk.assets import CATALOGUES

HOME = Path(kiosk.__file__).parent
Catalogue = dict[str, str | dict[str, str]]


def catalogue(language: str) -> Catalogue:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), f"{language}: a key stands twice"
        return dict(pairs)

    found: Catalogue = {}
    for folder in (HOME / "phrases", HOME / "phrases" / "staff"):
        part = json.loads((folder / f"{language}.json").read_text(), object_pairs_hook=once)
        assert not found.keys() & part.keys(), f"{language}: a key stands twice"
        found |= part
    return found


def gaps(phrase: str | dict[str, str]) -> set[str]:
    texts = phrase.values() if isinstance(phrase, dict) else [phrase]
    return {gap for text in texts for gap in re.findall(r"\{(\w+)\}", text)}


def asked_for() -> set[str]:
    """Every key that stands whole in a module of the page."""
    scripts = [path.read_text() for path in (HOME / "static").glob("*.js")]
    found = {key for script in scripts for key in re.findall(r'\bt\("([a-z_.]+)"', script)}
    return found | {key for script in scripts for key in re.findall(r'countdown\(.*"([a-z_.]+)"\)', script)}


def test_english_and_german_are_there() -> None:
    assert {"en", "de"} <= set(CATALOGUES)


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_language_says_the_same_with_the_same_gaps(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)

    assert set(other) == set(english)
    assert {key: gaps(other[key]) for key in other} == {key: gaps(english[key]) for key in english}
    assert [key for key, phrase in other.items() if not phrase] == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_whatever_is_counted_has_its_plural_forms(language: str) -> None:
    for key, phrase in catalogue(language).items():
        if isinstance(phrase, dict):
            assert "other" in phrase, key
            assert set(phrase) <= {"zero", "one", "two", "few", "many", "other"}, key
        else:
            assert "{n}" not in phrase, key


def test_every_sentence_the_page_asks_for_is_there() -> None:
    english = catalogue("en")

    assert len(asked_for()) > 60
    assert asked_for() - set(english) == set()


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_rule_of_the_product_has_its_reason_in_every_language(language: str) -> None:
    assert set(shipped().sentences(language)) == {rule.id for rule in shipped().rules}


def test_every_reason_that_a_rule_may_give_says_what_is_next() -> None:
    reasons = {rule.reason for rule in shipped().rules} - {None}
    reasons |= {Refusal.EVIDENCE_MISSING, Refusal.NONE_SUITABLE, Refusal.SUITABLE_FULL}

    assert {f"driver_keeps.{reason}.next" for reason in reasons} <= set(catalogue("en"))
    assert {f"driver_keeps.{reason}" for reason in reasons} <= set(catalogue("en"))


def test_evidence_that_the_product_demands_has_a_sentence() -> None:
    demanded = {name for rule in shipped().rules for each in rule.evidence for name in each.split("|")}

    assert demanded <= set(Evidence)
    assert {f"evidence.{name}" for name in demanded} <= set(catalogue("en"))


@pytest.mark.parametrize("group", ["refused", "driver_keeps", "rule", "evidence"])
def test_a_code_that_nobody_foresaw_has_a_sentence_too(group: str) -> None:
    assert f"{group}.other" in catalogue("en")


def test_no_sentence_stands_in_python() -> None:
    phrases = [phrase for phrase in catalogue("en").values() if isinstance(phrase, str) and " " in phrase]
    source = "\n".join(path.read_text() for path in HOME.glob("*.py"))

    assert [phrase for phrase in phrases if f'"{phrase}"' in source] == []
