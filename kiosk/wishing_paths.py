"""The paths of the HTTP interface by which a recipient says what they want from now on."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from controller.domain.ids import Language, MonoMs
from controller.domain.preferences import Channel
from controller.domain.recipient_visit import KnownWishes
from controller.domain.wishes import wishes_at_the_screen
from kiosk import wishing
from kiosk.bodies import Body, Nothing
from kiosk.desk import Desk
from kiosk.errands import Said
from kiosk.session import Step, Visit
from kiosk.wishing_errands import WishingErrands

LONGEST_AWAY_DAYS = 60


class Wish(Body):
    """One wish or several, as they are from now on; what is not named stays as it is."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    locker: bool | None = None
    accessible: bool | None = None
    second_person: bool | None = None
    channel: Literal["push", "sms", "email", "call"] | None = None
    language: Annotated[str, Field(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] | None = None
    away_days: Annotated[int, Field(ge=0, le=LONGEST_AWAY_DAYS)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name what is wanted")
        return self

    @property
    def wishes(self) -> Mapping[str, object]:
        """Those that were named, as the locker knows them."""
        named = self.model_dump(exclude_none=True)
        if self.channel is not None:
            named["channel"] = Channel(self.channel)
        if self.language is not None:
            named["language"] = Language(self.language)
        return named


class Contact(Body):
    """A number or an address as it was typed; which of them is on the screen."""

    contact: Annotated[str, Field(min_length=1, max_length=200)]


class Whose(Body):
    """Whose wishes they are, a number or an address, or that nothing is to be changed."""

    to: Literal["mine", "nothing", "sms", "email"]


Errand = Callable[[WishingErrands, Visit, Any], Awaitable[Said]]
Gesture = Callable[[Visit, Any, MonoMs, Desk], Step | None]


def _known(visit: Visit, desk: Desk) -> KnownWishes | None:
    return wishes_at_the_screen(desk.doorway.state(), visit.session)


ERRANDS: dict[str, tuple[type[Body], Errand]] = {
    "/api/visit/confirm-wishes": (Nothing, lambda errands, visit, _: errands.confirm(visit)),
    "/api/visit/contact": (Contact, lambda errands, visit, body: errands.give_contact(visit, body.contact)),
}
GESTURES: dict[str, tuple[type[Body], Gesture]] = {
    "/api/visit/my-wishes": (
        Nothing,
        lambda visit, _, now, desk: wishing.wanted(visit, _known(visit, desk), now),
    ),
    "/api/visit/whose": (Whose, lambda visit, body, now, desk: wishing.go(visit, body.to, _known(visit, desk), now)),
    "/api/visit/wish": (Wish, lambda visit, body, now, _: wishing.changed(visit, body.wishes, now)),
}
