"""The page's own server: its files, and who may use it; what the phones show and do, their pages bring."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.live_view import LiveView
from sandbox.phone_page import PhonePage

_KINDS = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob: data:;"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


class OwnPageOnly(BaseHTTPMiddleware):
    """Lets only our own page act: another site's page must not post here."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Check host and origin, and set the headers every answer carries."""
        host = request.headers.get("host", "")
        if host.rsplit(":", 1)[0] not in self.hosts:
            return Response("unknown host", 403)
        origin = request.headers.get("origin")
        if request.method == "POST" and origin and origin.split("://", 1)[-1] != host:
            return Response("unknown origin", 403)
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    def __init__(self, app: Any, hosts: Sequence[str]) -> None:
        """`hosts` are the names this page is served under."""
        super().__init__(app)
        self.hosts = frozenset(hosts)


def application(
    pages: Sequence[PhonePage], *, hosts: Sequence[str], routes: Sequence[BaseRoute] = ()
) -> Starlette:
    """Serve the page's files and phones, and `routes` besides."""
    view = LiveView(pages)
    own = [
        Route("/", _show_file),
        Route("/{name}", _show_file),
        Route("/api/people", view.people),
        Route("/api/look", view.look),
        *(route for page in pages for route in page.routes()),
    ]
    return Starlette(routes=[*own, *routes], middleware=[Middleware(OwnPageOnly, hosts=hosts)])


async def _show_file(request: Request) -> Response:
    """Hand out a file of the page's folder; nothing outside it has a name without a slash."""
    name = request.path_params.get("name", "index.html")
    file = files("sandbox") / "page" / name
    kind = _KINDS.get(name.rpartition(".")[2])
    if kind is None or not file.is_file():
        raise HTTPException(404)
    return Response(file.read_bytes(), media_type=kind)
