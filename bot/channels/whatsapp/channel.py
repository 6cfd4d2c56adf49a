"""WhatsApp through pywa, as sender and fetcher; the intake takes raw items."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from httpx_aiohttp import AiohttpTransport
from pywa.errors import WhatsAppError
from pywa_async.client import WhatsApp

from bot.channels import NotSent, Refused
from bot.channels.contract import AccountTemplate, Call, Finding, Polled, Route, SendStatus
from bot.channels.downloading import in_time
from bot.channels.whatsapp.account import Account
from bot.channels.whatsapp.arrivals import routes
from bot.channels.whatsapp.failures import of_transport, translated
from bot.channels.whatsapp.items import CloudApiObject, dict_in, text_in
from bot.channels.whatsapp.parse import address_of, parse
from bot.channels.whatsapp.posting import Posting
from bot.channels.whatsapp.render import CAN, LIMITS, RATES, ListWords, calls, load_list_words
from domain.channel_facts import WORDS
from domain.message import Attachment, FileRef, Inbound, Message
from domain.templates import MessageTemplate, TemplateNews
from storage.inbox import Arrival

API_VERSION = "26.0"  # of the Graph API, which pywa 4.5.0 speaks
CALL_SECONDS = 20.0
PIECE_BYTES = 65_536
KNOWN_FILES = 64  # whose id at the platform is remembered, so that an announcement uploads its file once
_MIMES = {".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}


class WhatsAppChannel:
    """One business number."""

    name, title = "whatsapp", "WhatsApp"
    limits = LIMITS
    can = CAN
    rates = RATES
    polls = False
    token_setting, webhook_setting = "DESK_WHATSAPP_TOKEN", "DESK_WHATSAPP_VERIFY_TOKEN"

    def __init__(
        self,
        token: str,
        *,
        phone_id: str,
        app_secret: str,
        verify_token: str,
        root: str,
        account_id: str = "",
    ) -> None:
        """`root` is the server without a trailing slash."""
        self._token = token
        self._phone_id = phone_id
        self._root = root
        self._secrets = app_secret.encode(), verify_token.encode()
        self._session = httpx.AsyncClient(transport=AiohttpTransport(), timeout=CALL_SECONDS)
        self._client = WhatsApp(phone_id, token, session=self._session, validate_updates=False)
        self._session.base_url = httpx.URL(f"{root}/v{API_VERSION}")  # pywa overwrites it in its constructor
        path = f"/v{API_VERSION}/{phone_id}/messages"
        self._posting = Posting(root, path=path, token=token, seconds=CALL_SECONDS)
        self._known: dict[str, str] = {}  # hash of a file -> its id at the platform
        self._account = Account(self._ask, token=token, account_id=account_id)
        self._list_words = load_list_words()
        self.username = self.link = ""

    # the connection

    async def open(self) -> None:
        """Connect, and learn the number's display name; raises SendError."""
        answer = await self._call(self._client.api._request("GET", f"/{self._phone_id}"))
        self.username = text_in(answer, "display_phone_number").replace("+", "").replace(" ", "")
        self.link = f"https://wa.me/{self.username}?text={WORDS}"

    async def close(self) -> None:
        await self._posting.close()
        await self._session.aclose()

    async def examine(self) -> Sequence[Finding]:
        """Look at token and number without changing anything."""
        try:
            await self.open()
        except Exception as error:
            return [Finding("WhatsApp", False, f"refused by {self._root}: {error}")]
        finally:
            await self.close()
        return [Finding("WhatsApp", True, f"ok, +{self.username}")]

    async def probe(self, *, now: datetime) -> str:
        """Read our own number, which a refused token may not; Meta tells nothing of pushes that fail."""
        await self._call(self._client.api._request("GET", f"/{self._phone_id}"))
        return ""

    async def set_menu(
        self, commands: Sequence[tuple[str, str]], *, language: str = "", address: str = ""
    ) -> None:
        """Show nothing: there are no menus here, a greeting offers the commands."""

    # what comes in

    async def subscribe(self) -> None:
        """Do nothing: the address of the webhook is set in Meta's dashboard."""

    async def poll(self, after: str | None) -> Polled:
        """Raise NotSent: everything is pushed."""
        raise NotSent("WhatsApp pushes its updates")

    def routes(self) -> Sequence[Route]:
        """List the handshake and the webhook."""
        app_secret, verify_token = self._secrets
        return routes(
            app_secret=app_secret, verify_token=verify_token, phone_id=self._phone_id, seen=self._seen
        )

    def _seen(self, arrivals: Sequence[Arrival]) -> None:
        """Learn from the first webhooks which account is ours: they name our number beside it."""
        if self._account.known.is_set():
            return
        for arrival in arrivals:
            raw = {} if arrival.unreadable else json.loads(arrival.raw)
            if text_in(raw, "phone_id") == self._phone_id:
                self._account.note(text_in(raw, "account_id"))

    def parse(self, raw: Mapping[str, Any]) -> Inbound | SendStatus | TemplateNews:
        """Read an item; raises Unreadable."""
        return parse(raw)

    def address_of(self, raw: Mapping[str, Any]) -> str:
        return address_of(raw)

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Download a file in pieces; raises SendError.

        Not by pywa's own download, which writes where the server's file name says.
        """
        media = await self._call(self._client.api.get_media_url(media_id=ref.remote_id))
        address, headers = str(media["url"]), self._make_headers()
        try:
            async with in_time() as download, self._session.stream("GET", address, headers=headers) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise NotSent(f"file answered {answer.status_code}")
                with target.open("wb") as out:
                    async for piece in answer.aiter_bytes(PIECE_BYTES):
                        download.came(len(piece))
                        if download.size > self.limits.fetch_bytes:
                            raise Refused("file is too big")
                        out.write(piece)
        except httpx.HTTPError as error:
            raise NotSent(type(error).__name__) from None

    def _make_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    # what goes out

    def render(self, address: str, message: Message) -> Sequence[Call]:
        """Write the requests a message becomes; a file has no id yet. Raises ValueError."""
        return calls(
            message, words=self._words_for(message), media_id="0" if message.attachment is not None else ""
        )

    def _words_for(self, message: Message) -> ListWords:
        return self._list_words.get(message.language, self._list_words["id"])

    async def send(
        self, address: str, message: Message, *, file: Path | None = None, tracker: int = 0
    ) -> str:
        """Deliver a message and return its id; `tracker` comes back with its statuses. Raises SendError."""
        media_id = ""
        if message.attachment is not None and file is not None:
            media_id = await self._upload(message.attachment, file)
        elif message.attachment is not None:
            message = replace(message, attachment=None)
        reference = ""
        for call in calls(message, words=self._words_for(message), media_id=media_id):
            posted = await self._posting.post(_address_to(address, call, tracker=tracker))
            sent = dict_in({"answer": posted}, "answer").get("messages") or [{}]
            reference = text_in(sent[0], "id")
        return reference

    async def _upload(self, carried: Attachment, file: Path) -> str:
        """Upload a file; one that is held by its hash goes up once."""
        digest = str(carried.args.get("sha256", ""))
        if known := self._known.get(digest):
            return known
        mime = _MIMES.get(Path(carried.name).suffix.casefold(), "application/octet-stream")
        uploading = self._client.api.upload_media(
            phone_id=self._phone_id, media=file.read_bytes(), mime_type=mime, filename=carried.name
        )
        media_id = text_in(await self._call(uploading), "id")
        if digest:
            if len(self._known) >= KNOWN_FILES:
                del self._known[next(iter(self._known))]
            self._known[digest] = media_id
        return media_id

    # templates

    @property
    def account_id(self) -> str:
        """Which account is ours; "" while that is not known."""
        return self._account.noted

    def recognise(self, account_id: str) -> None:
        """Take the account that was noted before."""
        self._account.note(account_id)

    async def recognised(self) -> None:
        """Return once it is known which account is ours."""
        await self._account.known.wait()

    async def templates(self) -> Sequence[AccountTemplate]:
        """List what the account holds; raises SendError."""
        return await self._account.templates()

    async def submit_template(self, template: MessageTemplate, language: str) -> AccountTemplate:
        """Hand one in for review; raises SendError."""
        return await self._account.submit(template, language)

    async def _ask(self, method: str, path: str, **params: Any) -> Mapping[str, Any]:
        return await self._call(self._client.api._request(method, path, **params))

    async def _call(self, call: Awaitable[Any]) -> Mapping[str, Any]:
        try:
            return dict_in({"answer": await call}, "answer")
        except WhatsAppError as error:
            raise translated(error) from None
        except httpx.HTTPError as error:
            raise of_transport(error) from None
        except (ValueError, AttributeError) as error:
            # the library cannot read it: a proxy answered in the platform's place; no message goes this way
            raise NotSent(f"no answer of the Cloud API: {type(error).__name__}") from None


def _address_to(address: str, call: Call, *, tracker: int) -> CloudApiObject:
    """Write the fields of a message; a business-scoped id holds a dot and letters, a phone number is digits
    alone.
    """
    fields = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to" if address.isdecimal() else "recipient": address,
        "type": call.method,
        call.method: dict(call.parameters),
    }
    return {**fields, "biz_opaque_callback_data": str(tracker)} if tracker else fields
