"""The demo page over HTTP, served by the touchscreen's own server below /demo."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Body, FastAPI, HTTPException
from fastapi.requests import Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from controller.cli.demo.drawing import qr_outline
from controller.cli.demo.feed import Feed
from controller.cli.demo.hands import Act, Fault
from controller.cli.demo.stage import DoorOrder, ParcelOrder, Stage
from controller.contract.wire_json import JsonObject
from controller.domain.ids import Size

T = TypeVar("T")
_STATIC = Path(__file__).parent / "static"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_LONGEST_SCAN = 4096
_Scan = Annotated[str, Body(embed=True, max_length=_LONGEST_SCAN)]
_PRIVATE = {"cache-control": "no-store"}
"""For answers that hold codes and passes."""


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewParcel(_Said):
    """A parcel to be made."""

    size: Size
    regulated: bool = False


class Use(_Said):
    """Something a person does to a door."""

    door: str
    act: Act


class Break(_Said):
    """A fault of one door, switched on or off."""

    door: str
    fault: Fault
    broken: bool


def demo_app(stage: Stage, feed: Feed) -> FastAPI:
    """The page, its stream, and what its buttons do."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    _add_files(app)
    _add_people(app, stage)
    _add_carrier(app, stage)

    @app.get("/live")
    async def live() -> Response:
        return StreamingResponse(feed.events(), media_type="text/event-stream", headers=_PRIVATE)

    @app.post("/qr")
    async def qr(text: Annotated[str, Body(embed=True, min_length=1, max_length=_LONGEST_SCAN)]) -> Response:
        try:
            return _json(qr_outline(text))
        except ValueError as unfit:
            raise HTTPException(422, str(unfit)) from unfit

    return app


def _add_people(app: FastAPI, stage: Stage) -> None:
    @app.post("/scan")
    async def scan(text: _Scan) -> Response:
        await stage.scan(text)
        return _json({"result": "scanned"})

    @app.post("/door")
    async def door(use: Use) -> Response:
        return _json({"result": "done" if _known(lambda: stage.use(use.door, use.act)) else "stays"})

    @app.post("/fault")
    async def fault(wanted: Break) -> Response:
        _known(lambda: stage.break_(wanted.door, wanted.fault, wanted.broken))
        return _json({"result": "done"})

    @app.post("/board")
    async def board(silent: Annotated[bool, Body(embed=True)]) -> Response:
        stage.silence(silent)
        return _json({"result": "done"})


def _add_carrier(app: FastAPI, stage: Stage) -> None:
    @app.post("/parcels")
    async def announce(parcel: NewParcel) -> Response:
        return _json(await stage.announce(parcel.size, parcel.regulated))

    @app.post("/parcels/order")
    async def order_parcel(parcel: Annotated[str, Body()], order: Annotated[ParcelOrder, Body()]) -> Response:
        return _json(await stage.order_parcel(parcel, order))

    @app.post("/door/order")
    async def order_door(door: Annotated[str, Body()], order: Annotated[DoorOrder, Body()]) -> Response:
        return _json(await stage.order_door(door, order))


def _json(value: JsonObject) -> Response:
    return JSONResponse(value, headers=_PRIVATE)


def _known(do: Callable[[], T]) -> T:
    try:
        return do()
    except KeyError as unknown:
        raise HTTPException(404, f"this cabinet has no door {unknown}") from unknown


def _add_files(app: FastAPI) -> None:
    """Every file is read once; `index.html` is the page itself."""
    for path in sorted(_STATIC.iterdir()):
        _add_file(app, "/" if path.name == "index.html" else f"/{path.name}", path)


def _add_file(app: FastAPI, name: str, path: Path) -> None:
    content, kind = path.read_bytes(), f"{_TYPES[path.suffix]}; charset=utf-8"

    async def file(request: Request) -> Response:
        return Response(content, headers={"content-type": kind})

    app.add_api_route(name, file, methods=["GET"], response_class=Response)
