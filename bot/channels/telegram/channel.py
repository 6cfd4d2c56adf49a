"""Telegram through python-telegram-bot, as sender and fetcher; the intake takes raw updates."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels import Blocked, ChannelDown, FateUnknown, NotSent, Refused, SendError, Throttled
from bot.channels.telegram.http import AiohttpRequest, NoAnswer
from bot.channels.telegram.parse import address_of, parse
from bot.channels.telegram.render import TOAST_CHARS, html, keyboard
from domain.message import Attachment, FileRef, Inbound, Message

DOWNLOAD_BYTES = 20_000_000  # a bot cannot fetch more, core.telegram.org/bots/api#getfile
POLL_SECONDS = 50  # the longest the server holds a poll
FREE_RATE = 30  # messages a second; above it announcements are paid for, core.telegram.org/bots/api#sendmessage
KNOWN_FILES = 64  # whose id at Telegram is remembered, so that an announcement uploads its file once
_NO_PREVIEW = {"is_disabled": True}
_GONE = ("chat not found", "user is deactivated", "bot was blocked", "peer_id_invalid")
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "there is no text in the message to edit")


class TelegramChannel:
    """One bot on one Bot API server."""

    name = "telegram"

    def __init__(self, token: str, *, root: str, rate: float = FREE_RATE) -> None:
        """Prepare; `open` connects. `root` is the server without a trailing slash, `rate` messages a second."""
        os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's own switch; without it every 429 warns
        self._requests = AiohttpRequest()
        self._polls = AiohttpRequest(read_timeout=POLL_SECONDS + 20.0)
        self._root = f"{root}/bot{token}"
        self._file_root = f"{root}/file/bot{token}"
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._requests,
            get_updates_request=self._polls,
        )
        self._paid = rate > FREE_RATE
        self._known: dict[tuple[str, str], str] = {}  # kind and hash of a file -> its id at Telegram
        self.username = ""

    async def open(self) -> None:
        """Connect and learn the bot's own name; raises SendError."""
        await self._polls.initialize()
        await self._requests.initialize()
        try:
            await self._bot.initialize()
        except TelegramError as error:
            raise translated(error) from None
        self.username = self._bot.username

    async def close(self) -> None:
        """Close every connection."""
        await self._bot.shutdown()
        await self._requests.shutdown()
        await self._polls.shutdown()

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        """Read an update; raises Unreadable."""
        return parse(raw)

    def address_of(self, raw: Mapping[str, Any]) -> str:
        """Find who wrote."""
        return address_of(raw)

    async def poll(self, offset: int | None, *, seconds: int = POLL_SECONDS) -> list[dict[str, Any]]:
        """Wait for raw updates; `offset` confirms what lies before it. Raises SendError."""
        asked: dict[str, Any] = {"timeout": seconds, "allowed_updates": []}
        if offset is not None:
            asked["offset"] = offset
        # not the library's own method: that stops for ever at an update it cannot parse
        found = await self._call(self._polls.call(f"{self._root}/getUpdates", asked))
        return list(found) if isinstance(found, list) else []

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates pushed; raises SendError."""
        await self._call(self._bot.set_webhook(url, secret_token=secret, max_connections=40))

    async def webhook(self) -> str:
        """Ask where updates are pushed to; "" when they are kept for polling. Raises SendError."""
        return str((await self._call(self._bot.get_webhook_info())).url)

    async def delete_webhook(self) -> None:
        """Have updates kept for polling; raises SendError."""
        await self._call(self._bot.delete_webhook())

    async def set_menu(self, commands: Sequence[tuple[str, str]], *, language: str = "", address: str = "") -> None:
        """Show commands in the menu, of everybody or of one person; raises SendError."""
        scope = BotCommandScopeChat(int(address)) if address else BotCommandScopeAllPrivateChats()
        shown = [BotCommand(name, description) for name, description in commands]
        await self._call(self._bot.set_my_commands(shown, scope=scope, language_code=language))

    async def send(self, address: str, message: Message, file: Path | None = None) -> str:
        """Deliver a message; the tap it answers is answered beside it. Raises SendError."""
        if message.menu:
            await self._own_menu(address, message)
        if not message.callback_id:
            return await self._deliver(address, message, file)
        answering = asyncio.ensure_future(self._answer_tap(message))
        try:
            return await self._deliver(address, message, file)
        finally:
            await answering

    async def _own_menu(self, address: str, message: Message) -> None:
        try:
            await self.set_menu(message.menu, address=address)
        except SendError:
            # the menu is a help, not the answer: typing the commands works without it
            return

    async def _answer_tap(self, message: Message) -> None:
        try:
            asked = {"callback_query_id": message.callback_id}
            if message.toast:
                asked["text"] = message.toast[:TOAST_CHARS]
            await self._requests.call(f"{self._root}/answerCallbackQuery", asked)
        except TelegramError:
            # a tap older than some minutes cannot be answered any more; only the phone's spinner would notice
            return

    async def _deliver(self, address: str, message: Message, file: Path | None) -> str:
        if message.attachment is not None and file is not None:
            return str(await self._call(self._upload(address, message, message.attachment, file)))
        if not message.text:
            return ""
        try:
            return await self._edit(address, message) if message.edit else await self._new(address, message)
        except BadRequest as error:
            text = str(error).casefold()
            if "not modified" in text:
                return message.edit
            if message.edit and any(reason in text for reason in _NOT_EDITABLE):
                return str(await self._call(self._new(address, message)))
            raise translated(error) from None
        except TelegramError as error:
            raise translated(error) from None

    async def _new(self, address: str, message: Message) -> str:
        asked = _told(address, message)
        if message.broadcast and self._paid:
            asked["allow_paid_broadcast"] = True
        sent = await self._requests.call(f"{self._root}/sendMessage", asked)
        return str(sent["message_id"])

    async def _upload(self, address: str, message: Message, carried: Attachment, file: Path) -> str:
        """Send a file; one that is held by its hash goes up once and by its id from then on."""
        held = (carried.kind, str(carried.args.get("sha256", "")))
        if known := self._known.get(held):
            try:
                return str((await self._carry(address, message, carried, known)).message_id)
            except BadRequest as error:
                if "file" not in str(error).casefold():
                    raise
                del self._known[held]
        sent = await self._carry(address, message, carried, InputFile(file.read_bytes(), filename=carried.name))
        if held[1]:
            if len(self._known) >= KNOWN_FILES:
                del self._known[next(iter(self._known))]
            there = sent.photo[-1] if sent.photo else sent.document
            if there is not None:
                self._known[held] = there.file_id
        return str(sent.message_id)

    async def _carry(self, address: str, message: Message, carried: Attachment, content: InputFile | str) -> Any:
        more: dict[str, Any] = {}
        if markup := keyboard(message):
            more["reply_markup"] = json.dumps(markup)
        if message.broadcast and self._paid:
            more["allow_paid_broadcast"] = True
        told: dict[str, Any] = {"caption": html(message.text) or None, "parse_mode": "HTML", "api_kwargs": more or None}
        if carried.kind == "photo":
            return await self._bot.send_photo(int(address), content, **told)
        return await self._bot.send_document(int(address), content, **told)

    async def _edit(self, address: str, message: Message) -> str:
        asked = {**_told(address, message), "message_id": int(message.edit)}
        await self._requests.call(f"{self._root}/editMessageText", asked)
        return message.edit

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Download a file in pieces, never more than a bot may fetch; raises SendError."""
        try:
            found = await self._bot.get_file(ref.remote_id)
            path = (found.file_path or "").removeprefix(f"{self._file_root}/")
            response = await self._requests.download(f"{self._file_root}/{path}")
        except TelegramError as error:
            raise translated(error) from None
        async with response:
            if response.status != 200:
                raise NotSent(f"file answered {response.status}")
            held = 0
            with target.open("wb") as out:
                async for piece in response.content.iter_chunked(65_536):
                    held += len(piece)
                    if held > DOWNLOAD_BYTES:
                        raise Refused("file is too big")
                    out.write(piece)

    async def _call(self, call: Any) -> Any:
        try:
            return await call
        except TelegramError as error:
            raise translated(error) from None


def _told(address: str, message: Message) -> dict[str, Any]:
    """The parameters a new message and an edit share."""
    told: dict[str, Any] = {
        "chat_id": int(address),
        "text": html(message.text),
        "parse_mode": "HTML",
        "link_preview_options": _NO_PREVIEW,
    }
    if markup := keyboard(message):
        told["reply_markup"] = markup
    return told


def translated(error: TelegramError) -> SendError:
    """Turn the library's error into ours; BadRequest and TimedOut are NetworkErrors there, so order matters."""
    text = str(error)
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return Throttled(after if isinstance(after, int | float) else after.total_seconds())
    if isinstance(error, Forbidden):
        return Blocked(text)
    if isinstance(error, InvalidToken):
        return ChannelDown("the token is refused")
    if isinstance(error, BadRequest):
        return Blocked(text) if any(reason in text.casefold() for reason in _GONE) else Refused(text)
    if isinstance(error, ChatMigrated):
        return Refused(text)
    if isinstance(error, NoAnswer):
        return FateUnknown(text)
    return NotSent(text)
