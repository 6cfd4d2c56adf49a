"""An emulated WhatsApp Cloud API: the real wire, the real refusals, signed webhooks, and people to talk
as.
"""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.telegram_faults import Bucket
from sandbox.whatsapp_acts import People
from sandbox.whatsapp_calls import message_of
from sandbox.whatsapp_checks import (
    INVALID_PARAMETER,
    PAIR_LIMIT,
    RE_ENGAGEMENT,
    THROUGHPUT,
    TOKEN,
    UNDELIVERABLE,
    GraphRefusal,
)
from sandbox.whatsapp_media import Media
from sandbox.whatsapp_phones import WhatsAppMessage, WhatsAppPerson
from sandbox.whatsapp_templates import Templates
from sandbox.whatsapp_webhooks import Webhooks
from sandbox.wire import CloudApiObject, Receive, Scope, Send, answer, cut_off, read_body

PAIR_BURST, PAIR_RATE = 45, 1 / 6  # messages to one person: at once, then a second
THROUGHPUT_RATE = 80  # messages a second of one number, in and out
TYPING_SECONDS = 25.0  # developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators
JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class GraphCall:
    """One call as the journal keeps it."""

    at: float  # seconds since 1970
    method: str
    path: str
    body: Any
    status: int
    result: Any


@dataclass(slots=True)
class GraphFaults:
    """What goes wrong on a bad day: codes for the next sends, connections cut before or after the work."""

    codes: deque[int] = field(default_factory=deque)
    codes_of: dict[str, int] = field(default_factory=dict)  # of the next send to one person, by their id
    drops: deque[str] = field(default_factory=deque)  # "before" the send is carried out, or "after"
    standing_code: int = 0  # of every send until it is taken away


@dataclass(slots=True)
class GraphLimits:
    """The platform's pace, enforced."""

    pairs: dict[str, Bucket] = field(default_factory=dict)
    overall: Bucket = field(default_factory=lambda: Bucket(THROUGHPUT_RATE, THROUGHPUT_RATE))

    def check(self, user_id: str, now: float) -> None:
        """Count a send; raises GraphRefusal where it is one too many."""
        pair = self.pairs.setdefault(user_id, Bucket(PAIR_RATE, PAIR_BURST))
        if self.overall.wait(now) > 0:
            raise GraphRefusal(THROUGHPUT, "Cloud API message throughput has been reached")
        if pair.wait(now) > 0:
            raise GraphRefusal(PAIR_LIMIT, "Too many messages sent to the same phone number")
        self.overall.count(now)
        pair.count(now)


@dataclass(frozen=True, slots=True)
class EmulatedAccount:
    """The account of a business, with what its app signs in with."""

    token: str
    phone_id: str
    app_secret: str
    account_id: str = "1000000000000001"


class Counts:
    """What the platform has answered, counted for whoever looks."""

    def __init__(self, journal_limit: int | None) -> None:
        self.journal: deque[GraphCall] = deque(maxlen=journal_limit)
        self.counts: Counter[int] = Counter()  # answers by status of HTTP
        self.trackers: Counter[str] = Counter()  # accepted sends by tracker
        self.refused: Counter[int] = Counter()  # sends by the platform's code
        self.failed: Counter[int] = Counter()  # accepted sends that failed later, by the platform's code


class WhatsAppEmulator(Counts):
    """One business number on one account, with its people."""

    def __init__(
        self,
        *,
        account: EmulatedAccount,
        clock: Callable[[], float] = time.time,
        limits: GraphLimits | None = None,
        journal_limit: int | None = None,
        automatic_ticks: tuple[str, ...] = ("sent", "delivered"),
        series: str = "",
    ) -> None:
        """`automatic_ticks` are reported at once for what is sent; tests report the others themselves.

        `series` sets the ids of messages apart from those of another emulator.
        """
        super().__init__(journal_limit)
        self.token = account.token
        self.phone_id = account.phone_id
        self.account_id = account.account_id
        self.clock = clock
        self.limits, self.automatic_ticks = limits, automatic_ticks
        self.media = Media()
        self.templates = Templates()
        self.faults = GraphFaults()
        self.webhooks = Webhooks(account_id=account.account_id, app_secret=account.app_secret)
        self.people = People(
            phone_id=account.phone_id, webhooks=self.webhooks, media=self.media, clock=clock, series=series
        )
        self.webhooks.when_taken = self.people.taken
        self.read_marks: list[str] = []  # messages the business has read
        self.on_call: Callable[[GraphCall], None] = lambda call: None  # told of every call in the journal

    @property
    def app(self) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The ASGI application."""
        return self._serve

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        path, body = scope["path"], None
        try:
            if headers.get("authorization") != f"Bearer {self.token}":
                raise GraphRefusal(TOKEN, "Invalid OAuth access token")
            if path.startswith("/media/"):
                await self._download(path.removeprefix("/media/"), send)
                return
            body = await self._read_body(scope, receive, headers=headers)
            drop = self._drop(path)
            if drop == "before":
                await cut_off(send)
                return
            result = self._carry_out(scope, path, body, root=f"http://{headers.get('host', '')}")
        except GraphRefusal as refusal:
            self.refused[refusal.code] += 1
            self._note(scope["method"], path, body, status=refusal.status, result=refusal.to_json())
            await answer(send, refusal.status, body=json.dumps(refusal.to_json()).encode(), kind=JSON)
            return
        self._note(scope["method"], path, body, status=200, result=result)
        if drop == "after":
            await cut_off(send)
            return
        await answer(send, 200, body=json.dumps(result).encode(), kind=JSON)

    def _drop(self, path: str) -> str:
        """Take the fault of a send's connection, if there is one."""
        return self.faults.drops.popleft() if self.faults.drops and path.endswith("/messages") else ""

    async def _read_body(self, scope: Scope, receive: Receive, *, headers: Mapping[str, str]) -> Any:
        """Read the body: JSON, or a form with a file."""
        if scope["method"] != "POST":
            return dict(parse_qsl(scope["query_string"].decode()))
        if headers.get("content-type", "").startswith("multipart/"):
            async with Request(scope, receive).form() as form:
                file = form.get("file")
                if not isinstance(file, UploadFile):
                    raise GraphRefusal(INVALID_PARAMETER, "The parameter file is required")
                return {
                    "name": file.filename or "file",
                    "mime": file.content_type or "",
                    "content": await file.read(),
                }
        try:
            return json.loads(await read_body(receive) or b"{}")
        except ValueError:
            raise GraphRefusal(INVALID_PARAMETER, "the body is no JSON") from None

    def _carry_out(self, scope: Scope, path: str, body: Any, *, root: str) -> Any:
        _, _, resource = path.lstrip("/").partition("/")  # behind the version
        posting = scope["method"] == "POST"
        if resource == f"{self.phone_id}/messages" and posting:
            return self._mark(body) if body.get("status") == "read" else self._send(body)
        if resource == f"{self.phone_id}/media" and posting:
            return {"id": self.media.upload(body["name"], body["mime"], content=body["content"])}
        if resource == f"{self.account_id}/message_templates":
            return self._create(body) if posting else {"data": self.templates.listed(body), "paging": {}}
        if resource == "debug_token":
            return {"data": {"is_valid": True, "granular_scopes": [self._describe_scope()]}}
        if resource == self.phone_id:
            return {
                "id": self.phone_id,
                "display_phone_number": "+62 531 21000",
                "verified_name": "Desk Inovasi",
                "quality_rating": "GREEN",
            }
        return self.media.described(resource, root=root)

    def _describe_scope(self) -> CloudApiObject:
        return {"scope": "whatsapp_business_messaging", "target_ids": [self.account_id]}

    def _create(self, body: Mapping[str, Any]) -> CloudApiObject:
        made = self.templates.create(body)
        return {"id": made.id, "status": made.status, "category": made.category}

    def decide(self, name: str, language: str, *, status: str, reason: str = "NONE") -> int:
        """Have Meta decide on a template (APPROVED, REJECTED, PAUSED, DISABLED) and say so by webhook."""
        template = self.templates.known[name, language]
        template.status = status
        value = {
            "event": status,
            "message_template_id": int(template.id),
            "message_template_name": name,
            "message_template_language": language,
            "reason": reason,
        }
        return self.webhooks.put(value, field="message_template_status_update")

    def recategorise(self, name: str, language: str, *, category: str) -> int:
        """Have Meta move a template to another category and say so by webhook."""
        template = self.templates.known[name, language]
        before, template.category = template.category, category
        value = {
            "message_template_id": int(template.id),
            "message_template_name": name,
            "message_template_language": language,
            "previous_category": before,
            "new_category": category,
        }
        return self.webhooks.put(value, field="template_category_update")

    def _mark(self, body: Mapping[str, Any]) -> CloudApiObject:
        wamid = str(body.get("message_id", ""))
        self.read_marks.append(wamid)
        self.people.looked_at(wamid, typing_seconds=TYPING_SECONDS if body.get("typing_indicator") else 0.0)
        return {"success": True}

    def _send(self, body: Mapping[str, Any]) -> CloudApiObject:
        """Take a message over; what the platform learns only later comes as a failed status."""
        if body.get("messaging_product") != "whatsapp":
            raise GraphRefusal(INVALID_PARAMETER, "The parameter messaging_product is required")
        if code := self.faults.codes.popleft() if self.faults.codes else self.faults.standing_code:
            raise GraphRefusal(code)
        to = str(body.get("recipient") or body.get("to") or "").lstrip("+")
        message = message_of(self, body)
        person = self.people.find(to)
        if person is not None and (code := self.faults.codes_of.pop(person.user_id, 0)):
            raise GraphRefusal(code)
        if self.limits is not None:
            self.limits.check(person.user_id if person else to, self.clock())
        message.wamid, message.at = self.people.wamid(), self.clock()
        self.trackers[message.tracker] += 1
        if person is not None:
            self._take_on_its_way(person, message)
        contact: CloudApiObject = {"input": to}
        if person is not None and person.phone:
            contact["wa_id"] = person.phone
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message.wamid}]}

    def _take_on_its_way(self, person: WhatsAppPerson, message: WhatsAppMessage) -> None:
        if refusal := self._find_obstacle(person, message):
            self.failed[refusal.code] += 1
            self.people.tick(person, message, "failed", error=refusal.in_status())
            return
        person.messages[message.wamid] = message
        person.typing_until = 0.0
        person.touch()
        for state in self.automatic_ticks:
            if state == "sent" or not person.offline:
                self.people.tick(person, message, state)

    def _find_obstacle(self, person: WhatsAppPerson, message: WhatsAppMessage) -> GraphRefusal | None:
        """Say why an accepted message never reaches the phone; None when it does."""
        if person.blocked:
            return GraphRefusal(UNDELIVERABLE)
        if message.template or person.window_open(self.clock()):
            return None
        description = (
            "Message failed to send because more than 24 hours have passed since the customer last replied"
        )
        return GraphRefusal(RE_ENGAGEMENT, description)

    def comes_online(self, user_id: str) -> None:
        """Let a phone that was off take what waited."""
        person = self.people.by_user_id[user_id]
        person.offline = False
        for message in person.messages.values():
            if message.from_business and message.tick in ("accepted", "sent"):
                self.people.tick(person, message, "delivered")

    async def _download(self, media_id: str, send: Send) -> None:
        media = self.media.stored.get(media_id)
        if media is None:
            raise GraphRefusal(INVALID_PARAMETER, "no such media", status=404)
        await answer(send, 200, body=media.content, kind=media.mime.encode() or b"application/octet-stream")

    def _note(self, method: str, path: str, body: Any, *, status: int, result: Any) -> None:
        self.counts[status] += 1
        if self.journal.maxlen != 0:
            if isinstance(body, dict) and isinstance(body.get("content"), bytes):
                body = {**body, "content": f"{len(body['content'])} bytes"}
            self.journal.append(GraphCall(self.clock(), method, path, body, status, result))
            self.on_call(self.journal[-1])

    async def close(self) -> None:
        """Stop pushing."""
        await self.webhooks.close()
