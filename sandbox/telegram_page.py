"""The Telegram phones of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.demo import DemoPerson
from sandbox.phone_requests import TEXT_CHARS, changed, file_answer, journal_answer, place_in, upload_in
from sandbox.telegram import TelegramEmulator

TOASTS_SHOWN = 3


class TelegramPage:
    """Shows the phones of one emulator, and does what people do at them."""

    def __init__(
        self, emulator: TelegramEmulator, crowd: Sequence[DemoPerson], *, kill: Callable[[], None]
    ) -> None:
        """`kill` ends the bot's process at once; somebody else starts it again."""
        self._emulator, self._kill = emulator, kill
        self._crowd = {person.address: person for person in crowd}

    def routes(self) -> Sequence[BaseRoute]:
        """List what the phones answer."""
        posted = {
            "say": self._say,
            "tap": self._tap,
            "send": self._send,
            "contact": self._contact,
            "location": self._location,
            "kill": self._killed,
        }
        return [
            Route("/api/chat", self._chat),
            Route("/api/journal", self._journal),
            Route("/api/file/{file_id}", self._file),
            *(Route(f"/api/{name}", handle, methods=["POST"]) for name, handle in posted.items()),
        ]

    def people(self) -> Sequence[dict[str, Any]]:
        """List who has such a phone."""
        return [
            {
                "id": person.address,
                "channel": person.channel,
                "name": person.name,
                "about": person.about,
                "seq": self._phone(person.address).seq,
            }
            for person in self._crowd.values()
        ]

    def _phone(self, address: str) -> Any:
        return self._emulator.people[int(address)]

    def _read_person(self, value: Any) -> int:
        """Tell who is meant; raises HTTPException for somebody who is not of the page."""
        if str(value) not in self._crowd:
            raise HTTPException(404, "no such person")
        return int(value)

    async def _chat(self, request: Request) -> Response:
        """Answer with the whole phone as soon as it has changed."""
        person = self._read_person(request.query_params.get("person"))
        phone = self._phone(str(person))
        await changed(phone, request)
        return JSONResponse(
            {
                "seq": phone.seq,
                "messages": [asdict(message) for message in phone.messages.values()],
                "toasts": phone.toasts[-TOASTS_SHOWN:],
                "toast_count": len(phone.toasts),
                "commands": self._commands(person),
                "others": {address: self._phone(address).seq for address in self._crowd},
            }
        )

    def _commands(self, person: int) -> list[dict[str, str]]:
        for scope in (f"chat:{person}", "all_private_chats:", "default:"):
            for language in ("id", ""):
                if listed := self._emulator.commands.get((scope, language)):
                    return listed
        return []

    async def _say(self, request: Request) -> Response:
        body = await request.json()
        text = str(body.get("text", ""))[:TEXT_CHARS]
        if text.strip():
            answered = body.get("reply_to")
            self._emulator.says(
                self._read_person(body.get("person")), text, reply_to=int(answered) if answered else None
            )
        return JSONResponse({})

    async def _tap(self, request: Request) -> Response:
        body = await request.json()
        self._emulator.taps(
            self._read_person(body.get("person")), int(body["message"]), str(body["data"])[:256]
        )
        return JSONResponse({})

    async def _send(self, request: Request) -> Response:
        upload = await upload_in(request)
        self._emulator.sends_file(
            self._read_person(upload.person),
            kind="photo" if upload.is_photo else "document",
            name=upload.name,
            mime=upload.mime,
            content=upload.content,
        )
        return JSONResponse({})

    async def _contact(self, request: Request) -> Response:
        self._emulator.shares_contact(self._read_person((await request.json()).get("person")))
        return JSONResponse({})

    async def _location(self, request: Request) -> Response:
        body = await request.json()
        self._emulator.shares_location(self._read_person(body.get("person")), *place_in(body))
        return JSONResponse({})

    async def _file(self, request: Request) -> Response:
        file = self._emulator.files.get(request.path_params["file_id"])
        if file is None or isinstance(file[1], int):
            raise HTTPException(404)
        return file_answer(file[1], show=bool(request.query_params.get("show")))

    async def _journal(self, request: Request) -> Response:
        return journal_answer(self._emulator.journal)

    async def _killed(self, request: Request) -> Response:
        self._kill()
        return JSONResponse({})
