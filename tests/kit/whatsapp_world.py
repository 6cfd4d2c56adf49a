"""A running bot on an emulated WhatsApp: people who talk, a clock that passes, what the desk said to each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

from pydantic import SecretStr

from bot.app import App
from bot.config import Settings
from bot.running import running
from sandbox.serve import serve
from sandbox.whatsapp import EmulatedAccount, GraphLimits, WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import Clock
from tests.kit.databases import Content, filled, lay, url_at, with_people
from tests.kit.in_process import IN_PROCESS
from tests.kit.network import internet

SECRET = "whatsapp-app-secret-of-nobody"
RINA, SARI, WATI = "ID.1001", "ID.1005", "ID.1004"  # a focal point, the desk, a leader
ORANG = "ID.1006"  # who has not enrolled yet
_PEOPLE = {
    RINA: ("Rina", "6281200001001"),
    SARI: ("Sari", "6281200001005"),
    WATI: ("Wati", "6281200001004"),
}
_MOVE = """
UPDATE addresses SET channel = 'whatsapp', address = ?
WHERE contact_id = (SELECT id FROM contacts WHERE name = ?)
"""


class WhatsAppWorld:
    """The bot, the emulated platform and its people."""

    def __init__(self, emulator: WhatsAppEmulator, app: App, clock: Clock) -> None:
        """Keep the parts."""
        self.emulator, self.app, self.clock = emulator, app, clock

    async def says(self, who: str, text: str) -> None:
        """Type a text and wait for what comes of it."""
        await self.emulator.webhooks.until_taken(self.emulator.people.says(who, text))
        await self.settled()

    async def taps(self, who: str, title: str) -> None:
        """Tap a button or row of the newest message that has it."""
        for message in reversed(self.heard(who)):
            titles = [shown for shown, _ in message.buttons] + [shown for shown, _, _ in message.rows]
            if full := next((one for one in titles if title in one), None):
                number = self.emulator.people.taps(who, message.wamid, full)
                await self.emulator.webhooks.until_taken(number)
                await self.settled()
                return
        raise AssertionError(f"no button {title!r}")

    async def presses(self, who: str, button_id: str) -> None:
        """Send any button id, as of the newest message."""
        newest = self.heard(who)[-1].wamid
        number = self.emulator.people.replies_with_id(who, button_id, wamid=newest)
        await self.emulator.webhooks.until_taken(number)
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is under way on either side."""
        for _ in range(3):
            await self.app.idle()
            await self.emulator.webhooks.until_all_taken()
        await self.app.idle()

    async def ticks(self) -> None:
        """Let the reminders and summaries look at the clock."""
        await self.app.scheduler._tick_reminders()
        await self.settled()

    def heard(self, who: str) -> list[WhatsAppMessage]:
        """What the desk said to somebody, oldest first."""
        return [one for one in self.emulator.people.by_user_id[who].messages.values() if one.from_business]

    async def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Read the tables."""
        return await self.app.database.read(lambda tx: tx.execute(sql, values).fetchall())


@asynccontextmanager
async def whatsapp_world(folder: Path, *, limits: GraphLimits | None = None) -> AsyncIterator[WhatsAppWorld]:
    """Run the bot on WhatsApp alone, with the three people enrolled."""
    clock = Clock()
    emulator = WhatsAppEmulator(
        clock=lambda: clock.now.timestamp(),
        limits=limits,
        account=EmulatedAccount(token="token", phone_id="100", app_secret=SECRET),
    )
    for user_id, (name, phone) in _PEOPLE.items():
        emulator.people.add(user_id, name, phone=phone)
    emulator.people.add(ORANG, "Orang Baru", phone="6281200001006")
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(emulator.app))
        lay(folder / "desk.db", _enrolled())
        settings = Settings(
            data_dir=folder,
            database_url=url_at(folder / "desk.db"),
            whatsapp_token=SecretStr("token"),
            whatsapp_phone_id="100",
            whatsapp_app_secret=SecretStr(SECRET),
            whatsapp_verify_token=SecretStr("word"),
            whatsapp_api_url=url,
            person_rate=100_000,
            web_port=0,
            metrics_port=0,
        )
        app = await stack.enter_async_context(
            running(settings, clock=clock, links=internet(), helpers=IN_PROCESS)
        )
        stack.push_async_callback(emulator.close)
        emulator.webhooks.point_to(f"http://127.0.0.1:{app.port}/whatsapp")
        yield WhatsAppWorld(emulator, app, clock)


@cache
def _enrolled() -> Content:
    return filled(with_people(), _move)


def _move(tx: Transaction) -> None:
    for user_id, (name, _) in _PEOPLE.items():
        tx.execute(_MOVE, (user_id, name))
