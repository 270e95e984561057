"""The rules that hold at a site: those of the product, with the site's own before them or in their place."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from controller.device.rule_tables import LadderTable, RuleTable
from controller.domain.ladder import Ladder, LadderRung, climb
from controller.domain.rules import Rule

SHIPPED = "rules.toml"
ORDINARY = "ordinary"
"""The rule that holds for everything."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Rules in the order in which they are looked at, the ladders they name, and each rule in words by language."""

    rules: tuple[Rule, ...]
    ladders: Mapping[str, Ladder]
    says: Mapping[str, Mapping[str, str]]

    def sentences(self, language: str) -> dict[str, str]:
        """Every rule's reason in one language, by its id; what is not said in it is left out."""
        return {rule: said[language] for rule, said in self.says.items() if language in said}

    def climbed(self) -> dict[str, tuple[LadderRung, ...]]:
        """Every ladder from its bottom to its end, by its name; nothing may be wrong with any."""
        return {name: climb(name, self.ladders) for name in self.ladders}

    def with_ordinary_hold(self, hold_s: int) -> "RuleBook":
        """The same, with another hold for what no other rule has one for."""
        rules = tuple(replace(rule, hold_s=hold_s) if rule.id == ORDINARY else rule for rule in self.rules)
        return replace(self, rules=rules)


class _ShippedFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rules: tuple[RuleTable, ...] = Field(strict=False)
    ladders: tuple[LadderTable, ...] = Field(strict=False)


@cache
def shipped() -> RuleBook:
    """The product's own rules."""
    read = _ShippedFile.model_validate(tomllib.loads(files(__package__).joinpath(SHIPPED).read_text("utf-8")))
    return _book(read.rules, read.ladders)


def rule_book(rules: Iterable[RuleTable], ladders: Iterable[LadderTable]) -> RuleBook:
    """The product's rules with a site's: one of the same id takes its place, others come before all of them."""
    own, base = _book(rules, ladders), shipped()
    replaced = {rule.id: rule for rule in own.rules}
    known = {rule.id for rule in base.rules}
    first = tuple(rule for rule in own.rules if rule.id not in known)
    rest = tuple(replaced.get(rule.id, rule) for rule in base.rules)
    return RuleBook(first + rest, {**base.ladders, **own.ladders}, {**base.says, **own.says})


def _book(rules: Iterable[RuleTable], ladders: Iterable[LadderTable]) -> RuleBook:
    tables = tuple(rules)
    return RuleBook(
        tuple(table.rule() for table in tables),
        {table.name: table.ladder() for table in ladders},
        {table.id: table.says for table in tables},
    )
