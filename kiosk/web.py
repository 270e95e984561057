"""The HTTP interface: which path is which errand or gesture, and whose turn it is."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp

from controller.domain.answers import Noted
from controller.domain.ids import MonoMs, ParcelId, SessionId, Size
from controller.domain.wishes import wishes_at_the_screen
from kiosk import assets, bodies, gestures, proving_paths, technician_paths, wishing, wishing_paths
from kiosk.desk import Desk
from kiosk.errands import Errands, NotNow, Said
from kiosk.live import Live
from kiosk.proving_errands import ProvingErrands
from kiosk.receipt import with_receipt
from kiosk.replies import Json, refusal, reply
from kiosk.scanner import Scanner
from kiosk.screens import Thanks
from kiosk.session import Step, Visit
from kiosk.technician_errands import TechnicianErrands
from kiosk.wishing_errands import WishingErrands

COOKIE = "visit"
PAGE_HEADER = "x-page"
"""The id that the page's stream began with, so that the stream shows the visit that the page has just begun."""

Endpoint = Callable[[Request], Awaitable[Response]]
Errand = Callable[[Errands, Visit, Any], Awaitable[Said]]
Gesture = Callable[[Visit, Any, MonoMs, Desk], Step | None]

_ERRANDS: dict[str, tuple[type[bodies.Body], Errand]] = {
    "/api/pickup": (bodies.Pickup, lambda errands, visit, body: _pick_up(errands, visit, body)),
    "/api/visit/second": (bodies.Second, lambda errands, visit, body: errands.type_second(visit, body.pin)),
    "/api/visit/reopen": (bodies.Nothing, lambda errands, visit, _: errands.reopen(visit)),
    "/api/visit/try-again": (bodies.Nothing, lambda errands, visit, _: errands.try_again(visit)),
    "/api/visit/claim": (bodies.Claimed, lambda errands, visit, body: errands.claim(visit, body.said)),
    "/api/visit/next-door": (bodies.Nothing, lambda errands, visit, _: errands.next_door(visit)),
    "/api/visit/let-out": (bodies.Nothing, lambda errands, visit, _: errands.let_out(visit)),
    "/api/driver/badge": (bodies.Badge, lambda errands, visit, body: errands.sign_in(visit, body.badge)),
    "/api/driver/number": (bodies.Number, lambda errands, visit, body: errands.type_number(visit, body.number)),
    "/api/driver/pin": (bodies.DriverPin, lambda errands, visit, body: errands.type_pin(visit, body.pin)),
    "/api/driver/label": (bodies.TypedLabel, lambda errands, visit, body: errands.type_label(visit, body.label)),
    "/api/driver/plan": (
        bodies.Acknowledged,
        lambda errands, visit, body: errands.acknowledge(
            visit, Size(body.size) if body.size else None, accessible=body.accessible
        ),
    ),
    "/api/driver/checklist": (bodies.Nothing, lambda errands, visit, _: errands.confirm_checklist(visit)),
    "/api/driver/ask": (bodies.Nothing, lambda errands, visit, _: errands.ask_recipient(visit)),
    "/api/driver/done": (bodies.Nothing, lambda errands, visit, _: errands.done(visit)),
    "/api/driver/other-size": (
        bodies.OtherSize,
        lambda errands, visit, body: errands.other_size(visit, Size(body.size)),
    ),
    "/api/driver/other-door": (bodies.OtherDoor, lambda errands, visit, body: errands.other_door(visit, body.misfit)),
    "/api/driver/reopen": (bodies.Nothing, lambda errands, visit, _: errands.reopen(visit)),
    "/api/driver/take-back": (bodies.Nothing, lambda errands, visit, _: errands.take_back(visit)),
    "/api/driver/take-away": (
        bodies.Item,
        lambda errands, visit, body: errands.take_away(visit, ParcelId(body.parcel) if body.parcel else None),
    ),
    "/api/driver/missing": (bodies.Nothing, lambda errands, visit, _: errands.missing(visit)),
    "/api/driver/sign-out": (bodies.Nothing, lambda errands, visit, _: errands.sign_out(visit)),
}
_GESTURES: dict[str, tuple[type[bodies.Body], Gesture]] = {
    "/api/visit/go": (bodies.Go, lambda visit, body, now, _: gestures.go(visit, body.to, now)),
    "/api/visit/back": (bodies.Nothing, lambda visit, _, now, __: gestures.back(visit, now)),
    "/api/visit/start-again": (bodies.Nothing, lambda visit, _, now, __: gestures.start_again(visit, now)),
    "/api/visit/got-it": (bodies.Nothing, lambda visit, _, now, desk: _got_it(visit, now, desk)),
    "/api/visit/help": (bodies.Nothing, lambda visit, _, now, __: gestures.ask_help(visit, now)),
    "/api/visit/someone-inside": (bodies.Nothing, lambda visit, _, now, __: gestures.ask_inside(visit, now)),
    "/api/visit/still-here": (bodies.Nothing, lambda visit, _, now, __: gestures.still_here(visit, now)),
    "/api/visit/language": (bodies.Language, lambda visit, body, now, desk: _speak(visit, body.language, now, desk)),
    "/api/visit/theme": (bodies.Colours, lambda visit, body, now, _: gestures.colour(visit, body.chosen, now)),
}


class Web:
    """The endpoints around one desk."""

    def __init__(
        self,
        desk: Desk,
        live: Live,
        errands: Errands,
        proving: ProvingErrands,
        wishes: WishingErrands,
        technician: TechnicianErrands,
        scanner: Scanner,
    ) -> None:
        self._desk = desk
        self._live = live
        self._errands = errands
        self._proving = proving
        self._wishes = wishes
        self._technician = technician
        self._scanner = scanner

    def app(self, *, demo: bool, extra: Mapping[str, ASGIApp]) -> FastAPI:
        """The whole app. `extra` apps are served below their paths; the demo also shows and takes more."""
        app = FastAPI(
            title="Parcel locker touchscreen",
            openapi_url="/openapi.json" if demo else None,
            docs_url=None,
            redoc_url=None,
            exception_handlers={HTTPException: _not_here},
        )
        for path, (body, errand) in _ERRANDS.items():
            _add(app, path, body, self._visitors(body, self._errand(errand)))
        for path, (body, errand_of_proof) in proving_paths.ERRANDS.items():
            _add(app, path, body, self._visitors(body, partial(errand_of_proof, self._proving)))
        for path, (body, errand_of_wishes) in wishing_paths.ERRANDS.items():
            _add(app, path, body, self._visitors(body, partial(errand_of_wishes, self._wishes)))
        for path, (body, errand_at_cabinet) in technician_paths.ERRANDS.items():
            _add(app, path, body, self._visitors(body, partial(errand_at_cabinet, self._technician)))
        theirs = proving_paths.GESTURES | wishing_paths.GESTURES | technician_paths.GESTURES
        for path, (body, gesture) in (_GESTURES | theirs).items():
            _add(app, path, body, self._visitors(body, self._gesture(gesture)))
        if demo:
            _add(app, "/api/scan", bodies.Scan, self._scan)
        app.add_api_route("/api/live", self._stream, methods=["GET"], response_class=StreamingResponse)
        app.add_api_route("/healthz", self._health, methods=["GET"], response_class=Json)
        app.router.routes.extend(assets.routes())
        for path, other in extra.items():
            app.mount(path, other)
        return app

    def _visitors(self, body_type: type[bodies.Body], act: Callable[[Visit, Any], Awaitable[Said]]) -> Endpoint:
        """An endpoint for the visitor alone; anyone may become it while there is none."""

        async def endpoint(request: Request) -> Response:
            try:
                body = body_type.model_validate_json(await request.body())
            except ValidationError as error:
                return Json(bodies.problem(error), 422)
            token = self._admit(request)
            visit = self._desk.visit
            if token is None or visit is None:
                return Json(refusal("busy"))
            status, said = reply(await act(visit, body), visit.session)
            response = Json(said, status)
            if request.cookies.get(COOKIE) != token:
                response.set_cookie(COOKIE, token, httponly=True, samesite="strict")
            return response

        return endpoint

    def _admit(self, request: Request) -> str | None:
        """The cookie that the visitor's page bears from now on; None when it is somebody else's turn.

        A page may ask again before it got its cookie: its stream knows it then.
        """
        page = request.headers.get(PAGE_HEADER)
        token = next(filter(self._desk.holds, (request.cookies.get(COOKIE), self._live.token_of(page))), None)
        if token is None and (self._desk.visit is None or (self._desk.unclaimed and self._live.knows(page))):
            token = self._desk.claim()
        if token is not None:
            self._live.adopt(page, token)
        return token

    def _errand(self, errand: Errand) -> Callable[[Visit, Any], Awaitable[Said]]:
        return lambda visit, body: errand(self._errands, visit, body)

    def _gesture(self, gesture: Gesture) -> Callable[[Visit, Any], Awaitable[Said]]:
        async def act(visit: Visit, body: Any) -> Said:
            step = gesture(visit, body, self._desk.doorway.now(), self._desk)
            if step is None:
                return NotNow()
            self._desk.put(step)
            return Noted()

        return act

    async def _scan(self, request: Request) -> Response:
        try:
            body = bodies.Scan.model_validate_json(await request.body())
        except ValidationError as error:
            return Json(bodies.problem(error), 422)
        said = await self._scanner.scanned(body.text)
        session = self._desk.visit.session if self._desk.visit is not None else SessionId("")
        status, plain = reply(said, session)
        return Json(plain, status)

    async def _stream(self, request: Request) -> Response:
        page = self._live.open(request.cookies.get(COOKIE))
        if page is None:
            return Json({"result": "unavailable"}, 503)
        return StreamingResponse(self._live.events(page), media_type="text/event-stream")

    async def _health(self, request: Request) -> Response:
        healthy = self._desk.doorway.healthy()
        return Json({"result": "ok" if healthy else "unavailable"}, 200 if healthy else 503)


def _speak(visit: Visit, language: str, now: MonoMs, desk: Desk) -> Visit | None:
    return gestures.speak(visit, language, now) if language in desk.doorway.site.languages else None


def _got_it(visit: Visit, now: MonoMs, desk: Desk) -> Step | None:
    """The receipt first, then the question whether all is still right; who has answered it sees goodbye."""
    known = wishes_at_the_screen(desk.doorway.state(), visit.session)
    if isinstance(visit.screen, Thanks):
        return wishing.goodbye(visit, known, now) or gestures.done(visit, now, desk.times)
    step = gestures.done(visit, now, desk.times)
    if not isinstance(step, Visit):
        return step
    shown = with_receipt(step, desk)
    return (wishing.goodbye(shown, known, now) or shown) if shown.screen == Thanks() else shown


async def _pick_up(errands: Errands, visit: Visit, body: bodies.Pickup) -> Said:
    if body.code is not None:
        return await errands.pick_up_by_code(visit, body.code, body.second)
    return await errands.pick_up_by_pass(visit, body.pass_ or "")


def _add(app: FastAPI, path: str, body: type[bodies.Body], endpoint: Endpoint) -> None:
    """The body is read by hand; the schema is there for those who read `/openapi.json`."""
    schema = {"required": True, "content": {"application/json": {"schema": body.model_json_schema()}}}
    app.add_api_route(path, endpoint, methods=["POST"], response_class=Json, openapi_extra={"requestBody": schema})


async def _not_here(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    reason = {404: "not_found", 405: "wrong_method"}.get(error.status_code, "refused")
    return Json({"result": "invalid", "reason": reason}, error.status_code, dict(error.headers or {}))
