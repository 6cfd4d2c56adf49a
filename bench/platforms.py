"""The two platforms as a measurement sees them: somebody writes or taps, and waits for the bot's reply."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from sandbox.telegram import EmulatedNetwork, TelegramEmulator
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage, WhatsAppPerson
from sandbox.whatsapp_webhooks import FIRST_RETRY, Weather

TOKEN = "4200000001:BENCH-token-of-nobody-00000000000000"
PHONE_ID, APP_SECRET, VERIFY = (
    "1000000000000002",
    "bench-app-secret-of-nobody",
    "bench-verify-token-of-nobody",
)
FIRST_PERSON = 5000
REPLY_SECONDS = 60.0  # until a bot is taken for stuck


class Platform(Protocol):
    """An emulated platform with its people, who are numbered from 0."""

    channel: str

    @property
    def app(self) -> Any:
        """The ASGI application the bot calls."""
        ...

    def address(self, person: int) -> str:
        """The address of a person, as the bot keeps it."""

    def settings(self, url: str, port: int) -> dict[str, str]:
        """The bot's settings for the emulator at `url`; `port` is its own, where updates are pushed."""

    def says(self, person: int, text: str) -> None:
        """Write a text."""

    def taps(self, person: int, ending: str) -> None:
        """Tap the button of the newest message whose data ends so."""

    async def replied(self, person: int) -> None:
        """Wait for the next message to this person; raises TimeoutError."""

    def slow_down(self, seconds: float) -> None:
        """Answer the bot's calls so much later from now on."""

    async def close(self) -> None:
        """Stop pushing."""


class OnTelegram:
    """Telegram, polled or pushed."""

    channel = "telegram"

    def __init__(self, people: int, *, pushed: bool = False) -> None:
        """Put so many people at their phones."""
        self._emulator = TelegramEmulator(token=TOKEN, journal_limit=100, keep_chats=False)
        self._pushed = pushed
        self._newest: dict[int, tuple[int, list[str]]] = {}
        self._events = [asyncio.Event() for _ in range(people)]
        self._emulator.on_sent = self._sent
        for number in range(people):
            self._emulator.add_person(FIRST_PERSON + number, f"Orang {number}")

    @property
    def app(self) -> Any:
        """The emulated Bot API."""
        return self._emulator.app

    def address(self, person: int) -> str:
        """The number of the chat."""
        return str(FIRST_PERSON + person)

    def settings(self, url: str, port: int) -> dict[str, str]:
        """Token and server, with no pace that would be measured instead of the bot."""
        settings = {
            "DESK_TELEGRAM_TOKEN": TOKEN,
            "DESK_TELEGRAM_API_URL": url,
            "DESK_TELEGRAM_RATE": "100000",
            "DESK_TELEGRAM_CHAT_RATE": "100000",
            "DESK_TELEGRAM_CHAT_BURST": "100000",
        }
        if self._pushed:
            settings["DESK_TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}/telegram"
            settings["DESK_TELEGRAM_WEBHOOK_SECRET"] = "bench-secret-of-nobody-" + "0" * 16
        return settings

    def says(self, person: int, text: str) -> None:
        """Write a text."""
        self._emulator.says(FIRST_PERSON + person, text)

    def taps(self, person: int, ending: str) -> None:
        """Tap the button of the newest message whose data ends so."""
        message_id, data = self._newest[person]
        self._emulator.taps(FIRST_PERSON + person, message_id, _ending(data, ending))

    async def replied(self, person: int) -> None:
        """Wait for the next message to this person; raises TimeoutError."""
        event = self._events[person]
        await asyncio.wait_for(event.wait(), REPLY_SECONDS)
        event.clear()

    def slow_down(self, seconds: float) -> None:
        """Answer the bot's calls so much later from now on."""
        self._emulator.network = EmulatedNetwork(latency=seconds)

    async def close(self) -> None:
        """Stop pushing."""
        await self._emulator.updates.close()

    def _sent(self, chat_id: int, message_id: int, data: list[str]) -> None:
        person = chat_id - FIRST_PERSON
        self._newest[person] = (message_id, data)
        self._events[person].set()


class OnWhatsApp:
    """WhatsApp: signed webhooks, many under way at once, and the ticks of every message as statuses."""

    channel = "whatsapp"

    def __init__(self, people: int, *, ticks: bool = True) -> None:
        """Put so many people at their phones; without `ticks` the platform tells no statuses."""
        self._emulator = WhatsAppEmulator(
            journal_limit=100,
            automatic_ticks=("sent", "delivered") if ticks else (),
            account=EmulatedAccount(token=TOKEN, phone_id=PHONE_ID, app_secret=APP_SECRET),
        )
        self._emulator.webhooks.weather = Weather(shuffled=True)  # none waits for the one before it
        self._emulator.webhooks.longest_retry = FIRST_RETRY  # the bot is found soon after it listens
        self._people = [
            self._emulator.people.add(self.address(number), f"Orang {number}", phone=f"62812{number:08d}")
            for number in range(people)
        ]
        self._seen: dict[int, str] = {}  # the newest message of ours that was waited for

    @property
    def app(self) -> Any:
        """The emulated Cloud API."""
        return self._emulator.app

    def address(self, person: int) -> str:
        """The business-scoped id."""
        return f"ID.{FIRST_PERSON + person}"

    def settings(self, url: str, port: int) -> dict[str, str]:
        """The account and its server; webhooks go to `port` from now on."""
        self._emulator.webhooks.point_to(f"http://127.0.0.1:{port}/whatsapp")
        return {
            "DESK_WHATSAPP_TOKEN": TOKEN,
            "DESK_WHATSAPP_PHONE_ID": PHONE_ID,
            "DESK_WHATSAPP_APP_SECRET": APP_SECRET,
            "DESK_WHATSAPP_VERIFY_TOKEN": VERIFY,
            "DESK_WHATSAPP_API_URL": url,
        }

    def says(self, person: int, text: str) -> None:
        """Write a text."""
        self._emulator.people.says(self.address(person), text)

    def taps(self, person: int, ending: str) -> None:
        """Tap the button, or pick the row, of the newest message whose data ends so."""
        message = _newest(self._people[person])
        assert message is not None
        ids = [*(button for _, button in message.buttons), *(row for _, _, row in message.rows)]
        self._emulator.people.taps(self.address(person), message.wamid, _ending(ids, ending))

    async def replied(self, person: int) -> None:
        """Wait for the next message to this person; raises TimeoutError."""
        phone = self._people[person]
        async with asyncio.timeout(REPLY_SECONDS):
            while (message := _newest(phone)) is None or message.wamid == self._seen.get(person):
                await phone.until(phone.seq)
        self._seen[person] = message.wamid

    def slow_down(self, seconds: float) -> None:
        """This emulator answers at once; only Telegram's turns are measured with a slow network."""
        if seconds:
            raise ValueError("the emulated Cloud API has no latency")

    async def close(self) -> None:
        """Stop pushing."""
        await self._emulator.close()


def _newest(phone: WhatsAppPerson) -> WhatsAppMessage | None:
    return next((one for one in reversed(phone.messages.values()) if one.from_business), None)


def _ending(data: list[str], ending: str) -> str:
    return next(one for one in data if one.endswith(ending))
