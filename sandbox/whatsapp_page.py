"""The WhatsApp phones of the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.demo import DemoPerson
from sandbox.phone_requests import TEXT_CHARS, changed, file_answer, journal_answer, place_in, upload_in
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppPerson

Body = dict[str, Any]
Act = Callable[[WhatsAppPerson, Body], object]


class WhatsAppPage:
    """Shows the phones of one emulator, and does what people do at them."""

    def __init__(self, emulator: WhatsAppEmulator, crowd: Sequence[DemoPerson]) -> None:
        """Only the people of `crowd` can be talked as."""
        self._emulator = emulator
        self._crowd = {person.address: person for person in crowd}

    def routes(self) -> Sequence[BaseRoute]:
        """List what the phones answer."""
        acts: dict[str, Act] = {
            "say": self._say,
            "tap": self._tap,
            "contact": self._contact,
            "location": self._location,
            "read": self._read,
            "window": self._close_window,
            "power": self._switch,
        }
        return [
            Route("/api/whatsapp/chat", self._chat),
            Route("/api/whatsapp/journal", self._journal),
            Route("/api/whatsapp/file/{media_id}", self._file),
            Route("/api/whatsapp/send", self._send, methods=["POST"]),
            *(
                Route(f"/api/whatsapp/{name}", self._done(act), methods=["POST"])
                for name, act in acts.items()
            ),
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

    def _phone(self, address: Any) -> WhatsAppPerson:
        """Find a phone; raises HTTPException for somebody who is not of the page."""
        if str(address) not in self._crowd:
            raise HTTPException(404, "no such person")
        return self._emulator.people.by_user_id[str(address)]

    def _done(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            body = await request.json()
            act(self._phone(body.get("person")), body)
            return JSONResponse({})

        return handle

    async def _chat(self, request: Request) -> Response:
        """Answer with the whole phone as soon as it has changed."""
        phone = self._phone(request.query_params.get("person"))
        await changed(phone, request)
        return JSONResponse(
            {
                "seq": phone.seq,
                "messages": [asdict(message) for message in phone.messages.values()],
                "window_open": phone.window_open(self._emulator.clock()),
                "offline": phone.offline,
                "others": {address: self._phone(address).seq for address in self._crowd},
            }
        )

    def _say(self, phone: WhatsAppPerson, body: Body) -> None:
        text = str(body.get("text", ""))[:TEXT_CHARS]
        if text.strip():
            self._emulator.people.says(phone.user_id, text, reply_to=str(body.get("reply_to") or ""))

    def _tap(self, phone: WhatsAppPerson, body: Body) -> None:
        message = phone.messages.get(str(body.get("message")))
        if message is None:
            raise HTTPException(404, "no such message")
        try:
            self._emulator.people.taps(phone.user_id, message.wamid, str(body.get("data")))
        except LookupError:
            raise HTTPException(404, "no such button") from None

    def _contact(self, phone: WhatsAppPerson, body: Body) -> None:
        self._emulator.people.shares_contact(phone.user_id, name=phone.name, phone=phone.phone)

    def _location(self, phone: WhatsAppPerson, body: Body) -> None:
        self._emulator.people.shares_location(phone.user_id, *place_in(body))

    def _read(self, phone: WhatsAppPerson, body: Body) -> None:
        self._emulator.people.reads(phone.user_id)

    def _close_window(self, phone: WhatsAppPerson, body: Body) -> None:
        """Let a day go by without a word of this person."""
        phone.last_spoke = None
        phone.touch()

    def _switch(self, phone: WhatsAppPerson, body: Body) -> None:
        """Turn the phone off, or on again, when it takes what waited."""
        if phone.offline:
            self._emulator.comes_online(phone.user_id)
        else:
            phone.offline = True
        phone.touch()

    async def _send(self, request: Request) -> Response:
        upload = await upload_in(request)
        self._emulator.people.sends_file(
            self._phone(upload.person).user_id,
            kind="image" if upload.is_photo else "document",
            name=upload.name,
            mime=upload.mime,
            content=upload.content,
        )
        return JSONResponse({})

    async def _file(self, request: Request) -> Response:
        media = self._emulator.media.stored.get(request.path_params["media_id"])
        if media is None:
            raise HTTPException(404)
        return file_answer(media.content, show=bool(request.query_params.get("show")))

    async def _journal(self, request: Request) -> Response:
        return journal_answer(self._emulator.journal)
