"""An emulated Telegram Bot API: the real wire, the real refusals, and people to talk as."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.telegram_acts import TelegramActs
from sandbox.telegram_calls import CALLS, Call
from sandbox.telegram_chats import ChatMessage, EmulatedPerson
from sandbox.telegram_checks import Refusal
from sandbox.telegram_faults import Dropped, Faults, Limits
from sandbox.telegram_parameters import parameters
from sandbox.telegram_queue import UpdateQueue
from sandbox.wire import BotApiObject, Receive, Scope, Send, answer, cut_off

SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendVideo"})
SECONDS_SINCE = 1_700_000_000  # ids go on from the clock, so that a restart never goes back


@dataclass(frozen=True, slots=True)
class Journalled:
    """One call as the journal keeps it."""

    at: float  # seconds since 1970, as the platform counts them
    method: str
    chat_id: int | None
    params: BotApiObject
    status: int
    result: Any
    paced_at: float  # monotonic seconds: the pace of sends goes by no clock that is moved


@dataclass(frozen=True, slots=True)
class EmulatedNetwork:
    """How the platform answers: a round trip takes `latency` and up to `jitter` more (seconds)."""

    latency: float = 0.0
    jitter: float = 0.0
    limits: Limits | None = None  # enforces the platform's pace


AT_ONCE = EmulatedNetwork()


class TelegramEmulator(TelegramActs):
    """One bot's server, its people and their phones."""

    def __init__(
        self,
        *,
        token: str,
        clock: Callable[[], float] = time.time,
        username: str = "desk_inovasi_bot",
        network: EmulatedNetwork = AT_ONCE,
        journal_limit: int | None = None,
        keep_chats: bool = True,
    ) -> None:
        """`journal_limit=0` keeps no calls, only how many of each kind there were."""
        self.token = token
        self.clock = clock
        self.username = username
        self.network = network
        self.keep_chats = keep_chats
        self.faults = Faults()
        # calls by method and status; 0 is a dropped connection
        self.counts: Counter[tuple[str, int]] = Counter()
        self._chance = random.Random(0)
        self.journal: deque[Journalled] = deque(maxlen=journal_limit)
        self.people: dict[int, EmulatedPerson] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.files: dict[str, tuple[str, bytes | int]] = {}
        self.taps_open: dict[str, tuple[int, float]] = {}
        started = int(clock()) - SECONDS_SINCE
        self.updates = UpdateQueue(started * 1000, clock=clock)
        self.message_id = started
        self.on_sent: Callable[[int, int, list[str]], None] | None = None
        self.take_token(token)

    def take_token(self, token: str) -> None:
        """Take this token alone from now on, as after a revocation at @BotFather."""
        self.on_call: Callable[[Journalled], None] = lambda call: None  # told of every call in the journal
        self._prefix, self._file_prefix = f"/bot{token}/", f"/file/bot{token}/"

    # the server

    @property
    def app(self) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The ASGI application."""
        return self._serve

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path.startswith(self._file_prefix):
            await self._download(path.removeprefix(self._file_prefix), send)
        elif path.startswith(self._prefix):
            await self._answer_call(path.removeprefix(self._prefix), scope, receive=receive, send=send)
        else:
            await _refuse(send, Refusal(401, "Unauthorized"))

    async def _answer_call(self, method: str, scope: Scope, *, receive: Receive, send: Send) -> None:
        params, files = await parameters(scope, receive)
        chat_id = _read_chat_id(params)
        travels = method != "getUpdates" and (self.network.latency or self.network.jitter)
        if travels:
            await self._break_half_way()
        try:
            result = await self._carry_out(method, params, files, chat_id)
        except Refusal as refusal:
            self._note(method, chat_id, params=params, status=refusal.code, result=refusal.description)
            if travels:
                await self._break_half_way()
            await _refuse(send, refusal)
        except Dropped:
            self._note(method, chat_id, params=params, status=0, result="dropped")
            await cut_off(send)
        else:
            if not (method == "getUpdates" and not result):
                self._note(method, chat_id, params=params, status=200, result=result)
            if travels:
                await self._break_half_way()
            await answer(send, 200, body=b'{"ok":true,"result":' + json.dumps(result).encode() + b"}")

    async def _break_half_way(self) -> None:
        await asyncio.sleep((self.network.latency + self._chance.uniform(0, self.network.jitter)) / 2)

    async def _carry_out(
        self, method: str, params: BotApiObject, files: dict[str, tuple[str, bytes]], chat_id: int | None
    ) -> Any:
        fault = self.faults.take(method, chat_id)
        if fault and fault.drop == "before":
            raise Dropped
        if fault and fault.status:
            raise _make_refusal(fault.status, fault.retry_after)
        call = CALLS.get(method)
        if call is None:
            raise Refusal(404, "Not Found: method not found")
        if (
            self.network.limits
            and method in SENDS
            and (wait := self.network.limits.wait(chat_id or 0, time.monotonic())) > 0
        ):
            seconds = max(1, round(wait + 0.5))
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        result = await call(Call(self, method, params, files))
        if fault and fault.drop == "after":
            raise Dropped
        return result

    def _note(
        self, method: str, chat_id: int | None, *, params: BotApiObject, status: int, result: Any
    ) -> None:
        self.counts[method, status] += 1
        if self.journal.maxlen != 0:
            self.journal.append(
                Journalled(self.clock(), method, chat_id, params, status, result, time.monotonic())
            )
            self.on_call(self.journal[-1])

    async def _download(self, path: str, send: Send) -> None:
        file = self.files.get(path.removeprefix("documents/"))
        if file is None or isinstance(file[1], int):
            await _refuse(send, Refusal(404, "Not Found"))
            return
        await answer(send, 200, body=file[1], kind=b"application/octet-stream")

    # people

    def add_person(
        self,
        person: int,
        first_name: str,
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "id",
        phone: str = "",
    ) -> None:
        """Put somebody at a phone."""
        self.people[person] = EmulatedPerson(person, first_name, last_name, username, language_code, phone)

    def raw(self, update: Any) -> None:
        """Put anything at all into the queue."""
        self.updates.put_raw(update)

    def repeat(self, update_id: int) -> None:
        """Deliver an update again."""
        self.updates.again(update_id)

    async def confirmed(self, update_id: int, *, timeout: float = 60.0) -> None:
        """Wait until the bot has taken an update over."""
        await asyncio.wait_for(self.updates.until_confirmed(update_id), timeout)

    # phones

    def chat(self, person: int) -> list[ChatMessage]:
        """What the phone shows, oldest first."""
        return list(self.people[person].messages.values())

    def label_of(self, query: Mapping[str, Any]) -> str:
        """Find what the button says that a query tells of; what it carries where there is no such button."""
        person = self.people.get(int(query["from"]["id"]))
        message = person.messages.get(int(query["message"]["message_id"])) if person else None
        labels = {data: label for row in (message.keyboard if message else ()) for label, data in row}
        return labels.get(str(query["data"]), str(query["data"]))

    def toasts(self, person: int) -> list[str]:
        """What was shown at taps."""
        return self.people[person].toasts

    def store(self, name: str, content: bytes) -> str:
        """Keep a file on the server; returns its id."""
        digest = hashlib.sha256(f"{name}{len(self.files)}".encode()).hexdigest()[:40]
        self.files[digest] = (name, content)
        return digest

    def bot(self) -> BotApiObject:
        """The bot as a user."""
        return {
            "id": int(self.token.split(":")[0]),
            "is_bot": True,
            "first_name": "Desk Inovasi",
            "username": self.username,
        }

    def next_message_id(self) -> int:
        self.message_id += 1
        return self.message_id


def _make_refusal(status: int, retry_after: int) -> Refusal:
    if status == 429:
        seconds = retry_after or 1
        return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    descriptions = {
        400: "Bad Request: refused on request",
        403: "Forbidden: bot was blocked by the user",
        409: "Conflict: terminated by other getUpdates request",
    }
    return Refusal(status, descriptions.get(status, "Internal Server Error"))


def _read_chat_id(params: BotApiObject) -> int | None:
    try:
        return int(params["chat_id"]) if "chat_id" in params else None
    except (TypeError, ValueError):
        return None


async def _refuse(send: Send, refusal: Refusal) -> None:
    reply: BotApiObject = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        reply["parameters"] = refusal.parameters
    await answer(send, refusal.code, body=json.dumps(reply).encode())
