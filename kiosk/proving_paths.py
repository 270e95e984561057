"""The paths of the HTTP interface by which a recipient gives what their plan demands besides the code."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from controller.domain.ids import MonoMs
from kiosk import proving
from kiosk.bodies import Body, Nothing
from kiosk.desk import Desk
from kiosk.errands import Said
from kiosk.proving_errands import ProvingErrands
from kiosk.session import Step, Visit

SIGNATURE = "/api/visit/signature"
MOST_POINTS = 10_000

_Point = tuple[Annotated[int, Field(ge=0, le=1000)], Annotated[int, Field(ge=0, le=400)]]
_Stroke = Annotated[tuple[_Point, ...], Field(min_length=1, max_length=4000)]


def _bounded(strokes: tuple[_Stroke, ...]) -> tuple[_Stroke, ...]:
    if sum(map(len, strokes)) > MOST_POINTS:
        raise ValueError("too many points")
    return strokes


class Pin(Body):
    """The PIN that came."""

    pin: Annotated[str, Field(pattern="^[0-9]{1,16}$")]


class Signature(Body):
    """What was drawn, stroke by stroke, in a field of 1000 by 400."""

    strokes: Annotated[tuple[_Stroke, ...], Field(min_length=1, max_length=500), AfterValidator(_bounded)]


class Instead(Body):
    """What is to be given in its place; `cannot_sign` where nothing can be drawn."""

    to: Literal["pin", "sign", "cannot_sign"]


Errand = Callable[[ProvingErrands, Visit, Any], Awaitable[Said]]
Gesture = Callable[[Visit, Any, MonoMs, Desk], Step | None]

ERRANDS: dict[str, tuple[type[Body], Errand]] = {
    "/api/visit/send-pin": (Nothing, lambda errands, visit, _: errands.send_pin(visit)),
    "/api/visit/pin": (Pin, lambda errands, visit, body: errands.type_pin(visit, body.pin)),
    SIGNATURE: (Signature, lambda errands, visit, body: errands.sign(visit, body.strokes)),
}
GESTURES: dict[str, tuple[type[Body], Gesture]] = {
    "/api/visit/instead": (Instead, lambda visit, body, now, _: proving.instead(visit, body.to, now)),
}
