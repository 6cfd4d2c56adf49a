"""Telegram through python-telegram-bot, as sender and fetcher; the intake takes raw updates."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.contract import Call, Finding, Polled, Route
from bot.channels.downloading import in_time
from bot.channels.errors import (
    Blocked,
    ChannelDown,
    Contested,
    FateUnknown,
    Gone,
    NotSent,
    Refused,
    SendError,
    Throttled,
)
from bot.channels.limits import Rates
from bot.channels.telegram.arrivals import polled, route
from bot.channels.telegram.http import AiohttpRequest, AnswerTooBig, Calls, NoAnswer
from bot.channels.telegram.parse import address_of, parse
from bot.channels.telegram.render import CAN, FREE, LIMITS, BotApiObject, calls, content, menu, tap
from domain.channel_facts import WORDS
from domain.message import Attachment, FileRef, Inbound, Message

POLL_SECONDS = 50  # the longest the server holds a poll
KNOWN_FILES = 64  # whose id at Telegram is remembered, so that an announcement uploads its file once
FAILED_PUSH_COUNTS = timedelta(minutes=10)  # Telegram tries again within these
_BLOCKED = "bot was blocked"
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid")
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
)


class TelegramChannel:
    """One bot on one Bot API server."""

    name, title = "telegram", "Telegram"
    token_setting, webhook_setting = "DESK_TELEGRAM_TOKEN", "DESK_TELEGRAM_WEBHOOK_URL"
    limits, can = LIMITS, CAN

    def __init__(
        self, token: str, *, root: str, rates: Rates = FREE, webhook_url: str = "", webhook_secret: str = ""
    ) -> None:
        """`root` is the server without a trailing slash; without a webhook updates are polled."""
        os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's own switch; without it every 429 warns
        self._requests = AiohttpRequest()
        self._calls = Calls(f"{root}/bot{token}")
        self._polls = Calls(f"{root}/bot{token}", seconds=POLL_SECONDS + 20.0)
        self._server = root
        self._file_root = f"{root}/file/bot{token}"
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._requests,
            get_updates_request=self._requests,  # unused: polls are raw
        )
        self._webhook_url, self._webhook_secret = webhook_url, webhook_secret
        self.polls, self.rates = not webhook_url, rates
        self._paid = rates.overall > FREE.overall
        self._known: dict[tuple[str, str], str] = {}  # kind and hash of a file -> its id at Telegram
        self._has_subscribed = False  # tried to, taken or not
        self.username = self.link = ""

    async def open(self) -> None:
        """Connect and learn the bot's own name; raises SendError."""
        await self._requests.initialize()
        await self._call(self._bot.initialize())
        self.username = self._bot.username
        self.link = f"https://t.me/{self.username}?start={WORDS}"

    async def close(self) -> None:
        await self._bot.shutdown()
        await self._requests.shutdown()
        await self._calls.close()
        await self._polls.close()

    async def examine(self) -> list[Finding]:
        """Look at token and webhook; `run` sets the webhook right, so a difference is no failure."""
        try:
            await self.open()
            url = str((await self._call(self._bot.get_webhook_info())).url)
        except SendError as error:
            why = f"refused by {self._server}" if error.down or not error.retry else "Telegram is not reached"
            return [Finding("token", False, f"{why}: {error}"), Finding("webhook", True, "not looked at")]
        finally:
            await self.close()
        wanted = self._webhook_url or "not used, long polling"
        if url != self._webhook_url:
            wanted += f"; now {url or 'not set'}, run changes it"
        return [Finding("token", True, f"ok, @{self.username}"), Finding("webhook", True, wanted)]

    async def probe(self, *, now: datetime) -> str:
        """Read how the webhook stands, and whether it is ours; raises SendError.

        An old failure stays in the answer for ever, so only one of the last minutes counts, and only while
        updates wait (https://core.telegram.org/bots/api#webhookinfo).
        """
        info = await self._call(self._bot.get_webhook_info())
        failed_at = info.last_error_date
        if self._has_subscribed and info.url != self._webhook_url:
            return "another address is set" if info.url else "no address is set"
        if self.polls or failed_at is None or not info.pending_update_count:
            return ""
        recent = now - failed_at < FAILED_PUSH_COUNTS
        return str(info.last_error_message or "") if recent else ""

    async def set_menu(
        self, commands: Sequence[tuple[str, str]], *, language: str = "", address: str = ""
    ) -> None:
        """Show commands in the menu, of everybody or of one person; raises SendError."""
        await self._post(Call("setMyCommands", menu(commands, language=language, address=address)))

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        """Read an update; raises Unreadable."""
        return parse(raw)

    def address_of(self, raw: Mapping[str, Any]) -> str:
        return address_of(raw)

    def routes(self) -> list[Route]:
        """List the webhook's route; while updates are polled for it admits nobody."""
        return [route("" if self.polls else self._webhook_secret)]

    async def subscribe(self) -> None:
        """Have updates pushed, or kept for polling; raises SendError."""
        if self.polls:
            await self._call(self._bot.delete_webhook())
        else:
            url, secret = self._webhook_url, self._webhook_secret
            try:
                await self._call(self._bot.set_webhook(url, secret_token=secret, max_connections=40))
            finally:
                self._has_subscribed = True

    async def poll(self, after: str | None, *, seconds: int = POLL_SECONDS) -> Polled:
        """Wait for raw updates behind an id, which confirms what lies before. Raises SendError."""
        asked: BotApiObject = {"timeout": seconds, "allowed_updates": []}
        if after is not None:
            asked["offset"] = int(after) + 1
        updates = await self._call(self._ask_updates(asked))
        return polled(updates if isinstance(updates, list) else [])

    async def _ask_updates(self, asked: Mapping[str, Any]) -> Any:
        """Ask for updates; an answer that is too big is asked for one by one.

        Not the library's own method: that stops for ever at an update it cannot parse.
        """
        try:
            return await self._polls.ask("getUpdates", asked)
        except AnswerTooBig:
            return await self._polls.ask("getUpdates", {**asked, "limit": 1})

    def render(self, address: str, message: Message) -> Sequence[Call]:
        """Write the calls a message becomes; raises ValueError for button data that is too long."""
        return calls(address, message, paid=self._paid)

    async def send(
        self, address: str, message: Message, *, file: Path | None = None, tracker: int = 0
    ) -> str:
        """Deliver a message; the tap it answers is answered beside it. Telegram tells no statuses. Raises
        SendError.
        """
        if message.menu:
            await self._set_own_menu(address, message)
        if not message.callback_id:
            return await self._deliver(address, message, file)
        answering = asyncio.ensure_future(self._answer_tap(message))
        try:
            return await self._deliver(address, message, file)
        finally:
            await answering

    async def _set_own_menu(self, address: str, message: Message) -> None:
        try:
            await self.set_menu(message.menu, address=address)
        except SendError:
            # the menu is a help, not the answer: typing the commands works without it
            return

    async def _answer_tap(self, message: Message) -> None:
        try:
            await self._post(tap(message))
        except SendError:
            # a tap older than some minutes cannot be answered any more; only the phone's spinner would notice
            return

    async def _deliver(self, address: str, message: Message, file: Path | None) -> str:
        if message.attachment is not None and file is not None:
            return str(
                await self._call(self._upload(address, message, carried=message.attachment, file=file))
            )
        if not message.text:
            return ""
        written = content(address, message, paid=self._paid)
        try:
            sent = await self._ask_raw(written)
        except BadRequest as error:
            text = str(error).casefold()
            if "not modified" in text:
                return message.edit
            if message.edit and any(reason in text for reason in _NOT_EDITABLE):
                return await self._deliver(address, replace(message, edit=""), None)
            raise translated(error) from None
        except TelegramError as error:
            raise translated(error) from None
        return message.edit or str(sent["message_id"])

    async def _upload(self, address: str, message: Message, *, carried: Attachment, file: Path) -> str:
        """Send a file; one that is held by its hash goes up once and by its id from then on."""
        key = (carried.kind, str(carried.args.get("sha256", "")))
        if known := self._known.get(key):
            try:
                return str((await self._carry(address, message, carried=carried, file=known)).message_id)
            except BadRequest as error:
                if "file" not in str(error).casefold():
                    raise
                del self._known[key]
        sent = await self._carry(
            address, message, carried=carried, file=InputFile(file.read_bytes(), filename=carried.name)
        )
        if key[1]:
            if len(self._known) >= KNOWN_FILES:
                del self._known[next(iter(self._known))]
            uploaded = sent.photo[-1] if sent.photo else sent.document
            if uploaded is not None:
                self._known[key] = uploaded.file_id
        return str(sent.message_id)

    async def _carry(
        self, address: str, message: Message, *, carried: Attachment, file: InputFile | str
    ) -> Any:
        more = dict(content(address, message, paid=self._paid).parameters)
        words: BotApiObject = {"caption": more.pop("caption") or None, "parse_mode": more.pop("parse_mode")}
        del more["chat_id"]
        if "reply_markup" in more:
            more["reply_markup"] = json.dumps(more["reply_markup"])
        send = self._bot.send_photo if carried.kind == "photo" else self._bot.send_document
        return await send(int(address), file, api_kwargs=more or None, **words)

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Download a file in pieces, never more than a bot may fetch; raises SendError."""
        try:
            file = await self._bot.get_file(ref.remote_id)
            path = (file.file_path or "").removeprefix(f"{self._file_root}/")
            response = await self._requests.download(f"{self._file_root}/{path}")
        except TelegramError as error:
            raise translated(error) from None
        async with response, in_time() as download:
            if response.status != 200:
                raise NotSent(f"file answered {response.status}")
            with target.open("wb") as out:
                async for piece in response.content.iter_chunked(65_536):
                    download.came(len(piece))
                    if download.size > self.limits.fetch_bytes:
                        raise Refused("file is too big")
                    out.write(piece)

    async def _ask_raw(self, written: Call) -> Any:
        return await self._calls.ask(written.method, written.parameters)

    async def _post(self, written: Call) -> Any:
        return await self._call(self._ask_raw(written))

    async def _call(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except TelegramError as error:
            raise translated(error) from None


def translated(error: TelegramError) -> SendError:
    """Turn the library's error into ours; BadRequest and TimedOut are NetworkErrors there, so order
    matters.
    """
    text = str(error)
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return Throttled(after if isinstance(after, int | float) else after.total_seconds())
    if isinstance(error, Forbidden | BadRequest) and any(reason in text.casefold() for reason in _GONE):
        return Gone(text)
    if isinstance(error, Forbidden):
        return Blocked(text)
    if isinstance(error, InvalidToken):
        return ChannelDown("the token is refused")
    if isinstance(error, Conflict):
        return Contested(text)
    if isinstance(error, BadRequest):
        return Blocked(text) if _BLOCKED in text.casefold() else Refused(text)
    if isinstance(error, ChatMigrated):
        return Refused(text)
    if isinstance(error, NoAnswer):
        return FateUnknown(text)
    return NotSent(text)
