"""`[[rules]]` and `[[ladders]]`, key by key, and what the rules make of them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from controller.device.settings_errors import Unfit
from controller.domain.ids import Currency, Grams, MinorUnits
from controller.domain.ladder import Action, Ladder, LadderRung
from controller.domain.preferences import Channel
from controller.domain.refusals import Refusal
from controller.domain.rules import Needs, Pattern, Rule, When

_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
_Names = Annotated[tuple[_Name, ...], Field(strict=False)]
_Height = Annotated[int, Field(ge=0, le=3000)]
_Reason = Literal["regulated", "too_valuable", "not_to_be_left", "too_heavy", "not_allowed", "recipient_away"]
_Seconds = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class WhenTable(_Table):
    """`when`: all of it must be so."""

    classes: _Names = ()
    value_at_least: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], Annotated[int, Field(ge=0, le=2**31 - 1)]] = {}
    heavier_than_g: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    signature: bool | None = None
    authority_to_leave: bool | None = None
    not_allowed_to_leave: bool = False
    wants_locker: bool | None = None
    wants_accessible: bool | None = None
    away_longer_than_s: int | None = Field(default=None, ge=0, le=60 * 24 * 3600)
    site: _Names = ()

    def condition(self) -> When:
        """The same for the rules."""
        worth = tuple((Currency(name), MinorUnits(amount)) for name, amount in self.value_at_least.items())
        heavy = Grams(self.heavier_than_g) if self.heavier_than_g is not None else None
        said = self.model_dump(exclude={"value_at_least", "heavier_than_g"})
        return When(**said, value_at_least=worth, heavier_than_g=heavy)


class NeedsTable(_Table):
    """`needs`: what a compartment must be like."""

    handle_from_mm: _Height | None = None
    handle_to_mm: _Height | None = None
    traits: _Names = ()


class RuleTable(_Table):
    """`[[rules]]`: one row of the plan table."""

    id: _Name
    when: WhenTable = WhenTable()
    pattern: Literal["locker", "pickup_point", "person_to_person", "refuse"] | None = None
    reason: _Reason | None = None
    evidence: tuple[str, ...] = Field(default=(), strict=False)
    hold_s: _Seconds | None = None
    longest_hold_s: _Seconds | None = None
    stretch_percent: int | None = Field(default=None, ge=10, le=1000)
    hold_from_return: bool | None = None
    ladder: _Name | None = None
    needs: NeedsTable = NeedsTable()
    says: dict[str, Annotated[str, Field(min_length=1, max_length=160)]] = Field(min_length=1)
    """The reason in words a driver can read, by language."""

    def rule(self) -> Rule:
        """The same for the rules."""
        return Rule(
            id=self.id,
            when=self.when.condition(),
            pattern=Pattern(self.pattern) if self.pattern is not None else None,
            reason=Refusal(self.reason) if self.reason is not None else None,
            evidence=self.evidence,
            hold_s=self.hold_s,
            longest_hold_s=self.longest_hold_s,
            stretch_percent=self.stretch_percent,
            hold_from_return=self.hold_from_return,
            ladder=self.ladder,
            needs=Needs(**self.needs.model_dump()),
        )


class StepTable(_Table):
    """One step of a ladder, at `after_s` or at `after_hold_s`."""

    action: Annotated[Action, Field(strict=False)]
    after_s: int | None = Field(default=None, ge=0, le=2**31 - 1)
    after_hold_s: _Seconds | None = None
    channel: Annotated[Channel, Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _at_one_time(self) -> "StepTable":
        if (self.after_s is None) == (self.after_hold_s is None):
            raise Unfit("after_s", "a step has one time: after_s or after_hold_s")
        return self


class LadderTable(_Table):
    """`[[ladders]]`: what is done, step by step."""

    name: _Name
    steps: tuple[StepTable, ...] = Field(default=(), strict=False)
    then: _Name | None = None

    def ladder(self) -> Ladder:
        """The same for the rules."""
        return Ladder(self.name, tuple(LadderRung(**step.model_dump()) for step in self.steps), self.then)
