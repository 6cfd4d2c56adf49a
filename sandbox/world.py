"""Everything of one sandbox under one clock: the two platforms, the bot beside them, and the data."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from domain.rules.calendar import load_calendar
from domain.rules.reminder_rules import load_reminders
from sandbox.bot_process import BotProcess
from sandbox.clock import WorldClock
from sandbox.clock_moves import Moves
from sandbox.clock_stops import Stops
from sandbox.demo import TELEGRAM, WHATSAPP, DemoPerson
from sandbox.filling import DATABASE, ZONE, fill
from sandbox.kept_phones import KeptPhones
from sandbox.platforms import PHONE_ID, TOKEN, emulate_telegram, emulate_whatsapp
from sandbox.serve import Line, open_line
from storage.engine.database import one_state, read_beside
from storage.engine.transaction import Transaction

_SETTINGS = {
    "DESK_TELEGRAM_TOKEN": TOKEN,
    "DESK_TELEGRAM_CHAT_RATE": "20",  # nobody should wait for a platform that is not there
    "DESK_TELEGRAM_CHAT_BURST": "20",
    "DESK_WHATSAPP_PHONE_ID": PHONE_ID,
    "DESK_PERSON_RATE": "100000",
    "DESK_LINK_SECONDS": "0",  # there may be no network
    "DESK_LOG_LEVEL": "warning",
}
T = TypeVar("T")


class World:
    """One regency to practise with."""

    def __init__(self, data: Path, crowd: Mapping[str, Sequence[DemoPerson]], *, scenario: str) -> None:
        """Nothing runs yet; the data folder is made. `scenario` is what a new folder begins with."""
        self.data = data
        self.scenario = scenario
        self.crowd = crowd
        self.clock = WorldClock(data)
        self.telegram = emulate_telegram(crowd[TELEGRAM], self.clock)
        self.whatsapp = emulate_whatsapp(crowd[WHATSAPP], self.clock)
        self.stops = Stops(load_calendar(), load_reminders(), ZONE)
        self.bot = BotProcess(data, settings={}, listens=self._point)
        self.phones = KeptPhones(data, self.telegram, self.whatsapp)
        self.lines: list[Line] = []  # from the bot to the platforms, while it runs
        self.filled = asyncio.Event()  # the database is there, with what the scenario puts in
        self.moves = Moves(self.clock, self.stops, ask=self.bot.ask)

    def _point(self, root: str) -> None:
        """Push webhooks to the bot that has just been started."""
        self.whatsapp.webhooks.point_to(f"{root}/whatsapp")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Fill a new folder, serve the platforms and keep the bot running until the block ends."""
        await self._fill()
        async with open_line(self.telegram.app) as telegram, open_line(self.whatsapp.app) as whatsapp:
            self.lines.extend((telegram, whatsapp))
            self.bot.settings = self._make_settings(telegram.address, whatsapp.address)
            self.phones.load()
            keeping = asyncio.create_task(self.bot.keep())
            saving = asyncio.create_task(self.phones.keep())
            try:
                yield
            finally:
                await self.moves.close()
                for task in (keeping, saving):  # what the bot still says belongs on the phones
                    task.cancel()
                    await asyncio.wait({task})
                await self.telegram.updates.close()
                await self.whatsapp.close()

    async def _fill(self) -> None:
        """Fill a new folder; a look at the database waits for it."""
        await fill(self.data, self.scenario, now=self.clock.now())
        self.filled.set()

    def _make_settings(self, telegram: str, whatsapp: str) -> Mapping[str, str]:
        return {
            **_SETTINGS,
            "DESK_TELEGRAM_API_URL": telegram,
            "DESK_WHATSAPP_API_URL": whatsapp,
            "DESK_WHATSAPP_TOKEN": self.whatsapp.token,
            "DESK_WHATSAPP_APP_SECRET": self.whatsapp.webhooks.secret,
            "DESK_WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(),
        }

    async def look(self, unit: Callable[[Transaction], T]) -> T:
        """Read the bot's database beside it, in one state, without holding up the page.

        Waits until there is one.
        """
        await self.filled.wait()

        def read() -> T:
            with read_beside(self.data / DATABASE) as tx, one_state(tx):
                return unit(tx)

        return await asyncio.to_thread(read)
