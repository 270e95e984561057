"""An amount of money, in whole units of the smallest coin, so that nothing is rounded."""

from dataclasses import dataclass

from controller.domain.ids import Currency, MinorUnits


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units of `currency`: 129900 and `EUR` are 1299.00 euro."""

    amount: MinorUnits
    currency: Currency
