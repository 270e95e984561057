"""The page's own files, read once: small enough to keep, and no disk stands between a touch and its answer."""

from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_HERE = Path(__file__).parent
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
CATALOGUES = tuple(sorted(path.stem for path in (_HERE / "phrases").glob("*.json")))
"""Languages that have a catalogue."""


def routes() -> list[Route]:
    """One route a file; `index.html` is the page itself."""
    found = [(f"/{path.relative_to(_HERE)}", path) for path in sorted((_HERE / "phrases").rglob("*.json"))]
    found += [(f"/{path.relative_to(_HERE / 'static')}", path) for path in _static()]
    return [_route("/" if name == "/index.html" else name, path) for name, path in found]


def _static() -> list[Path]:
    return sorted(path for path in (_HERE / "static").rglob("*") if path.suffix in _TYPES)


def _route(name: str, path: Path) -> Route:
    content = path.read_bytes()
    etag = f'"{sha256(content).hexdigest()[:16]}"'

    async def file(request: Request) -> Response:
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag})
        return Response(content, headers={"etag": etag, "content-type": _TYPES[path.suffix]})

    return Route(name, file, methods=["GET"])
