"""The bot's process under the sandbox's clock: `bot run`, with another clock and somebody who moves it.

It is told what to do as lines of JSON on standard input and answers each with one on standard output.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from datetime import datetime
from typing import TextIO

from bot import config, lifetime, log
from bot.app import App
from sandbox.bot_process import BotAnswer
from sandbox.clock import LIVE, WorldClock
from storage import broadcasts, inbox_counts, outbox_counts, outbox_leases
from storage.engine.transaction import Transaction

SETTLE_SECONDS = 4.0  # what is still under way then, such as a message nobody takes, is left to itself
LOOK_SECONDS = 0.01


def main() -> int:
    """Run the bot until it ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr  # nothing but answers goes the answers' way
    os.umask(0o077)
    settings = config.load()
    log.setup(level=settings.log_level, form=settings.log_format, secrets=config.secrets_of(settings))
    clock = WorldClock(settings.data_dir)

    async def beside(app: App) -> None:
        await _Listener(app, clock, answers).run()

    return lifetime.run(settings, clock=clock.now, beside=beside)


class _Listener:
    """Does what the sandbox asks of a running bot."""

    def __init__(self, app: App, clock: WorldClock, answers: TextIO) -> None:
        self._app, self._clock = app, clock
        self._answers = answers

    async def run(self) -> None:
        """Say that the bot is up, then answer until nobody asks any more."""
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
        )
        self._answer({"up": True})
        while line := await lines.readline():
            asked = json.loads(line)
            if asked["ask"] == LIVE:
                await self._live()
            settled, due = await self._settle(), await self._find_next()
            self._answer({"number": asked["number"], "settled": settled, "next": due})

    def _answer(self, said: BotAnswer) -> None:
        self._answers.write(json.dumps(said) + "\n")
        self._answers.flush()

    async def _live(self) -> None:
        """Take the clock over, and do what has fallen due by it."""
        self._clock.read()
        await self._settle()  # what came in belongs before what the bot says by itself
        await self._app.scheduler.tick()
        self._app.sender.wake()
        self._app.dispatcher.wake()

    async def _settle(self) -> bool:
        """Wait until nothing that may be done now is left; False when it takes too long."""
        app, database = self._app, self._app.database
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                while True:
                    await app.dispatcher.idle()
                    await app.sender.idle()
                    if await database.read(lambda tx: broadcasts.active(tx, now=self._clock.now())):
                        await app.feeder.idle()
                    if not await database.read(self._is_busy):
                        return True
                    app.sender.wake()
                    await asyncio.sleep(LOOK_SECONDS)
        return False

    def _is_busy(self, tx: Transaction) -> bool:
        now = self._clock.now()
        return inbox_counts.due_count(tx, now=now) > 0 or outbox_counts.oldest_due(tx, now=now) is not None

    async def _find_next(self) -> str | None:
        """Find when the next message that was put off may leave."""
        now, channels = self._clock.now(), list(self._app.channels)

        def unit(tx: Transaction) -> list[datetime]:
            return [at for name in channels if (at := outbox_leases.next_due(tx, name, now=now)) is not None]

        return min((at.isoformat() for at in await self._app.database.read(unit)), default=None)


if __name__ == "__main__":
    sys.exit(main())
