"""What the page's server does for the phones of either channel: who has one, what it shows, what is done at
it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from domain.texts import LANGUAGES
from sandbox.demo import DemoPerson
from sandbox.emulated_phone import Phone
from sandbox.language_of import mark_language
from sandbox.phone_requests import Upload, file_answer, journal_answer, uploads_in

Body = Mapping[str, Any]
PhoneShown = dict[str, Any]  # what the page draws of a phone, as its script reads it
Act = Callable[[str, Body], object]
BLOCKED = "the bot is blocked: unblock it first"


class PhonePage(ABC):
    """The phones of one channel."""

    channel: str

    def __init__(self, crowd: Sequence[DemoPerson]) -> None:
        """Only the people of `crowd` can be talked as."""
        self.crowd = {person.address: person for person in crowd}

    @abstractmethod
    def phone(self, address: str) -> Phone:
        """The phone of somebody of the crowd."""

    @abstractmethod
    def look(self, address: str) -> PhoneShown:
        """What a phone shows, besides what both channels have."""

    @abstractmethod
    def labels(self, message: Mapping[str, Any]) -> Iterable[str]:
        """List what can be tapped at a message of `look`, as it is named there."""

    def writes(self) -> Mapping[str, Act]:
        """What a person sends from the phone, by the last word of its address."""
        return {
            "say": self.say,
            "edit": self.edit,
            "tap": self.tap,
            "forward": self.forward,
            "contact": self.share_contact,
            "location": self.share_location,
        }

    def settings(self) -> Mapping[str, Act]:
        """What a person does with the phone itself, by the last word of its address."""
        return {"read": self.read, "block": self.block}

    @abstractmethod
    def say(self, address: str, body: Body) -> None:
        """Write a text, in answer to a message where one is named."""

    @abstractmethod
    def edit(self, address: str, body: Body) -> None:
        """Write a text of one's own anew."""

    @abstractmethod
    def tap(self, address: str, body: Body) -> None:
        """Tap a button of a message."""

    @abstractmethod
    def forward(self, address: str, body: Body) -> None:
        """Pass on a message of the chat of `of`, who may be somebody else."""

    @abstractmethod
    def share_contact(self, address: str, body: Body) -> None:
        """Send one's own number."""

    @abstractmethod
    def share_location(self, address: str, body: Body) -> None:
        """Send a location."""

    @abstractmethod
    def read(self, address: str, body: Body) -> None:
        """See everything that has come."""

    @abstractmethod
    def block(self, address: str, body: Body) -> None:
        """Block the bot, or take it back."""

    def cut(self, address: str) -> str:
        """Say why nothing can be sent from a phone; "" where it can."""
        return BLOCKED if self.phone(address).blocked else ""

    @abstractmethod
    def send(self, address: str, upload: Upload, *, group: str) -> None:
        """Send a file, one of several with the same `group`."""

    @abstractmethod
    def stored(self, file_id: str) -> bytes | None:
        """A file's content; None where there is none."""

    @abstractmethod
    def journal(self) -> Iterable[Any]:
        """The calls of the bot, oldest first."""

    @abstractmethod
    def now(self) -> float:
        """Seconds since 1970, as the emulated platform counts them."""

    def people(self) -> Sequence[dict[str, str]]:
        """List who has such a phone."""
        return [
            {
                "id": person.address,
                "channel": self.channel,
                "name": person.name,
                "about": person.about,
                "about_en": person.about_en,
                "number": f"+{person.phone}" if person.phone else "",
            }
            for person in self.crowd.values()
        ]

    def show(self, address: str) -> PhoneShown:
        """Everything that a phone shows."""
        phone = self.phone(address)
        common = {"seq": phone.seq, "blocked": phone.blocked, "unread": phone.unread}
        shown = self.look(address)
        language = LANGUAGES[0]
        for message in shown["messages"]:
            language = mark_language(message, self.labels(message), before=language)
        return {**common, "typing_for": max(0.0, phone.typing_until - self.now()), **shown}

    def routes(self) -> Sequence[BaseRoute]:
        """List what the phones answer."""
        root = f"/api/{self.channel}"
        return [
            Route(f"{root}/journal", self._list_journal),
            Route(f"{root}/file/{{file_id}}", self._hand_out),
            Route(f"{root}/send", self._take_files, methods=["POST"]),
            *(
                Route(f"{root}/{name}", self._make_handler(act, sends=sends), methods=["POST"])
                for acts, sends in ((self.writes(), True), (self.settings(), False))
                for name, act in acts.items()
            ),
        ]

    def find_person(self, body: Body) -> str:
        """Tell who is meant; raises HTTPException for somebody who is not of the page."""
        address = str(body.get("person"))
        if address not in self.crowd:
            raise HTTPException(404, "no such person")
        return address

    def _make_handler(self, act: Act, *, sends: bool) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            try:
                body = await request.json()
                address = self.find_person(body)
                if sends:
                    self._refuse_cut(address)
                act(address, body)
            except (AttributeError, KeyError, TypeError, ValueError):
                raise HTTPException(400, "not what this act needs") from None
            return JSONResponse({})

        return handle

    def _refuse_cut(self, address: str) -> None:
        if reason := self.cut(address):
            raise HTTPException(409, reason)

    async def _take_files(self, request: Request) -> Response:
        async with uploads_in(request) as (body, uploads):
            address = self.find_person(body)
            self._refuse_cut(address)
            group = str(self.phone(address).seq) if len(uploads) > 1 else ""
            for upload in uploads:
                self.send(address, upload, group=group)
        return JSONResponse({})

    async def _hand_out(self, request: Request) -> Response:
        content = self.stored(request.path_params["file_id"])
        if content is None:
            raise HTTPException(404)
        return file_answer(content, show=bool(request.query_params.get("show")))

    async def _list_journal(self, request: Request) -> Response:
        return journal_answer(self.journal())
