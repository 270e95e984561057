"""What may stand in a request. Unknown fields and wrong types are refused; nothing is converted."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from controller.domain.claims import Claim
from controller.domain.misfits import Misfit
from kiosk.gestures import PLACES
from kiosk.session import Theme


def _said(acknowledged: bool) -> bool:
    if not acknowledged:
        raise ValueError("a plan that is not acknowledged need not be sent")
    return acknowledged


class Body(BaseModel):
    """The base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Nothing(Body):
    """An empty object: the path says it all."""


class Pickup(Body):
    """A code as it was typed, with the second identifier where one goes with it, or a pass as it was read."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 2})
    code: str | None = None
    second: str | None = None
    pass_: Annotated[str | None, Field(alias="pass")] = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.code is None) is (self.pass_ is None):
            raise ValueError("give either code or pass")
        if self.second is not None and self.code is None:
            raise ValueError("a second identifier goes with a code")
        return self


class Second(Body):
    """The second identifier that goes with the code that was typed."""

    pin: Annotated[str, Field(pattern="^[0-9]{1,16}$")]


class Claimed(Body):
    """What the recipient says of the parcel that was behind the door just closed."""

    claim: Literal["empty", "not_mine", "damaged", "left_behind"]

    @property
    def said(self) -> Claim:
        """As the locker knows it."""
        return Claim(self.claim)


class Badge(Body):
    """A driver's badge as it was read."""

    badge: str


class Number(Body):
    """A driver's number as it was typed."""

    number: Annotated[str, Field(pattern="^[0-9]{1,16}$")]


class DriverPin(Body):
    """The PIN that goes with the badge that was shown, or with the number that was typed."""

    pin: Annotated[str, Field(pattern="^[0-9]{1,16}$")]


class TypedLabel(Body):
    """A parcel's label, typed or read."""

    label: str


class Acknowledged(Body):
    """The plan was read. `size` where the driver wants another one, `accessible` for a door in reach of who sits."""

    acknowledged: Annotated[bool, AfterValidator(_said), Field(json_schema_extra={"const": True})]
    size: Literal["S", "M", "L", "XL"] | None = None
    accessible: bool = False


class OtherSize(Body):
    """The size that the driver wants where none of the planned one is free."""

    size: Literal["S", "M", "L", "XL"]


class OtherDoor(Body):
    """Why the compartment that was opened will not do."""

    why: Literal["too_small", "stray", "dirty_or_damaged"]

    @property
    def misfit(self) -> Misfit:
        """As the locker knows it."""
        return Misfit(self.why)


class Item(Body):
    """One parcel that is to be taken away, or whichever is next."""

    parcel: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None


class Scan(Body):
    """Whatever a scanner reads."""

    text: str


class Go(Body):
    """To another screen."""

    to: Annotated[str, Field(json_schema_extra={"enum": list(PLACES)})]


class Language(Body):
    """One of the site's languages."""

    language: str


class Colours(Body):
    """How the page is coloured."""

    theme: Literal["day", "night", "contrast"]

    @property
    def chosen(self) -> Theme:
        """As the visit keeps it."""
        return Theme(self.theme)


def problem(error: ValidationError) -> dict[str, str]:
    """What is wrong with a body, without repeating what stood in it."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    said = {"result": "invalid", "reason": first["type"]}
    if first["loc"]:
        said["field"] = str(first["loc"][0])[:64]
    return said
