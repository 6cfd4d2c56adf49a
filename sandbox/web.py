"""The page's own server: shows the phones, and does what people do at them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.demo import DemoPerson
from sandbox.telegram import TelegramEmulator
from sandbox.telegram_chats import ChatMessage

POLL_SECONDS = 25.0
UPLOAD_BYTES = 50_000_000
JOURNAL_SHOWN = 200
_PAGE = {"": "index.html", "chat.js": "chat.js", "render.js": "render.js", "chat.css": "chat.css"}
_KINDS = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
}
_POLICY = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


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


class Page:
    """Serves the chat page of one emulator."""

    def __init__(
        self, emulator: TelegramEmulator, crowd: Sequence[DemoPerson], *, kill: Callable[[], None]
    ) -> None:
        """`kill` ends the bot's process at once; somebody else starts it again."""
        self._emulator, self._crowd, self._kill = emulator, {person.id: person for person in crowd}, kill

    def app(self, hosts: Sequence[str]) -> Starlette:
        """Make the web application."""
        routes = [Route(f"/{path}", self._asset) for path in _PAGE]
        routes += [
            Route("/api/people", self._people),
            Route("/api/chat", self._chat),
            Route("/api/journal", self._journal),
            Route("/api/file/{file_id}", self._file),
            Route("/api/say", self._say, methods=["POST"]),
            Route("/api/tap", self._tap, methods=["POST"]),
            Route("/api/send", self._send, methods=["POST"]),
            Route("/api/contact", self._contact, methods=["POST"]),
            Route("/api/location", self._location, methods=["POST"]),
            Route("/api/kill", self._killed, methods=["POST"]),
        ]
        return Starlette(routes=routes, middleware=[Middleware(OwnPageOnly, hosts=hosts)])

    async def _asset(self, request: Request) -> Response:
        name = _PAGE[request.url.path.removeprefix("/")]
        content = (files("sandbox") / "page" / name).read_bytes()
        return Response(content, media_type=_KINDS[name.rsplit(".", 1)[1]])

    async def _people(self, request: Request) -> Response:
        told = [
            {"id": person.id, "name": person.name, "about": person.about, "seq": self._phone(person.id).seq}
            for person in self._crowd.values()
        ]
        return JSONResponse({"bot": f"@{self._emulator.username}", "people": told})

    def _phone(self, person: int) -> Any:
        return self._emulator.people[person]

    def _who(self, given: Any) -> int:
        try:
            person = int(given)
        except (TypeError, ValueError):
            person = 0
        if person not in self._crowd:
            raise HTTPException(404, "no such person")
        return person

    async def _chat(self, request: Request) -> Response:
        """Answer with the whole phone as soon as it has changed."""
        person = self._who(request.query_params.get("person"))
        after = int(request.query_params.get("after", "-1"))
        phone = self._phone(person)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(phone.until(after), POLL_SECONDS)
        return JSONResponse(
            {
                "seq": phone.seq,
                "messages": [_told(message) for message in phone.messages.values()],
                "toasts": phone.toasts[-3:],
                "toast_count": len(phone.toasts),
                "commands": self._commands(person),
                "others": {str(other): self._phone(other).seq for other in self._crowd},
            }
        )

    def _commands(self, person: int) -> list[dict[str, str]]:
        for scope in (f"chat:{person}", "all_private_chats:", "default:"):
            for language in ("id", ""):
                if found := self._emulator.commands.get((scope, language)):
                    return found
        return []

    async def _say(self, request: Request) -> Response:
        given = await request.json()
        text = str(given.get("text", ""))[:4096]
        if text.strip():
            answered = given.get("reply_to")
            self._emulator.says(
                self._who(given.get("person")), text, reply_to=int(answered) if answered else None
            )
        return JSONResponse({})

    async def _tap(self, request: Request) -> Response:
        given = await request.json()
        self._emulator.taps(self._who(given.get("person")), int(given["message"]), str(given["data"])[:256])
        return JSONResponse({})

    async def _send(self, request: Request) -> Response:
        async with request.form(max_part_size=UPLOAD_BYTES) as form:
            file = form["file"]
            if not isinstance(file, UploadFile):
                raise HTTPException(400, "no file")
            kind = "photo" if form.get("kind") == "photo" else "document"
            content = await file.read()
            self._emulator.sends_file(
                self._who(form.get("person")),
                kind=kind,
                name=file.filename or "berkas",
                mime=file.content_type or "application/octet-stream",
                content=content,
            )
        return JSONResponse({})

    async def _contact(self, request: Request) -> Response:
        self._emulator.shares_contact(self._who((await request.json()).get("person")))
        return JSONResponse({})

    async def _location(self, request: Request) -> Response:
        given = await request.json()
        place = float(given.get("latitude", -2.5312)), float(given.get("longitude", 112.9534))
        self._emulator.shares_location(self._who(given.get("person")), *place)
        return JSONResponse({})

    async def _file(self, request: Request) -> Response:
        found = self._emulator.files.get(request.path_params["file_id"])
        if found is None or isinstance(found[1], int):
            raise HTTPException(404)
        picture = _picture(found[1]) if request.query_params.get("show") else ""
        if picture:  # shown in the chat; anything else is only ever saved
            return Response(found[1], media_type=picture, headers={"X-Content-Type-Options": "nosniff"})
        headers = {"Content-Disposition": "attachment"}
        return Response(found[1], media_type="application/octet-stream", headers=headers)

    async def _journal(self, request: Request) -> Response:
        calls = [asdict(call) for call in list(self._emulator.journal)[-JOURNAL_SHOWN:]]
        return JSONResponse(calls)

    async def _killed(self, request: Request) -> Response:
        self._kill()
        return JSONResponse({})


def _told(message: ChatMessage) -> dict[str, Any]:
    return asdict(message)


def _picture(content: bytes) -> str:
    """Tell the media type of a picture by its first bytes; "" for anything else."""
    if content.startswith(b"\x89PNG\r\n"):
        return "image/png"
    return "image/jpeg" if content.startswith(b"\xff\xd8\xff") else ""
