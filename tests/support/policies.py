"""The product's rules and figures, as a site without wishes of its own has them."""

from typing import Any

from controller.device.rule_book import shipped
from controller.domain.policy import Policy
from controller.domain.rules import Rule


def a_policy(*more: Rule, **figures: Any) -> Policy:
    """The product's, with rules before its own and other figures where they are given."""
    return Policy(**{"rules": (*more, *shipped().rules)} | figures)


def a_laddered_policy(*more: Rule, **figures: Any) -> Policy:
    """The same with the product's ladders."""
    return a_policy(*more, **{"ladders": shipped().climbed()} | figures)
