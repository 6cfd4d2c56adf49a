"""Replays a whole reporting period in seconds: the real ticks, storage, sender and words under a clock of
our own.

    uv run python -m sandbox.replay --seed 7 --days 120

What everybody hears is printed in order; the same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from math import inf
from pathlib import Path
from typing import Any

from bot import log as logging
from bot.attachments.making import Maker
from bot.channels import Blocked
from bot.channels.telegram.channel import TelegramChannel
from bot.outbound.pace import Pace
from bot.outbound.sender import RECOVER_SECONDS, Hooks, Sender
from domain.delivery import Departure
from domain.desk_data import DeskData
from domain.message import MARKS, Message
from domain.reading.dates import say_datetime
from handlers.desk import build
from sandbox.replay_events import CAST, DESK, LEADER, OPENS, Event, down, events, fill
from scheduler import remind, summarise
from scheduler.leaving import judge_row
from storage import outbox
from storage.engine.database import Database
from storage.engine.transaction import Transaction

ZONE = "Asia/Jakarta"
BESIDE = (
    time(7, 55),
    time(8),
    time(10, 5),
    time(11, 30),
    time(13, 30),
    time(16),
    time(22),
)  # looks beside everybody's minute
NAMES = {address: name for people in CAST.values() for address, name in people} | {
    DESK: "Sari (desk)",
    LEADER: "Wati",
}
_HAPPENED = "CREATE TABLE IF NOT EXISTS replayed (key TEXT PRIMARY KEY) STRICT"
_HAPPENS = "INSERT INTO replayed (key) VALUES (?) ON CONFLICT DO NOTHING"


class Phones(TelegramChannel):
    """A channel that writes down what everybody hears."""

    def __init__(self, replay: Replay) -> None:
        super().__init__("0:replay", root="")
        self._replay = replay

    async def send(
        self, address: str, message: Message, file: Path | None = None, *, tracker: int = 0
    ) -> str:
        """Deliver; somebody who blocked the bot hears nothing."""
        if address in self._replay.blocked:
            raise Blocked
        self._replay.heard(address, message)
        return address


class Replay:
    """One period under one clock."""

    def __init__(
        self, database: Database, desk_data: DeskData, *, seed: int, days: int, beside: bool
    ) -> None:
        """Draw the life of the offices; `run` lives through it, `beside` another replay of the same
        database.
        """
        self.database = database
        self.desk_data = desk_data
        self._days = days
        self._beside = beside
        self.now = datetime.combine(OPENS, time(7), tzinfo=desk_data.timezone).astimezone(UTC)
        self.lines: list[str] = []
        self.blocked: set[str] = set()
        self._arrived: list[tuple[int, str]] = []
        self._events = events(seed, days=days, zone=desk_data.timezone)
        self._down = down(days=days, zone=desk_data.timezone)

    def heard(self, address: str, message: Message) -> None:
        """Write down one message as it is read."""
        text = message.text.translate({ord(mark): None for mark in MARKS})
        rows = ["".join(f"[{choice.label}]" for choice in row) for row in message.rows]
        if message.attachment is not None:
            rows.insert(0, f"({message.attachment.name})")
        body = "\n".join(f"    {line}".rstrip() for line in (*text.splitlines(), *rows))
        self._arrived.append((int(address), f"{self._say_time()} → {NAMES.get(address, address)}\n{body}\n"))

    def _arrive(self) -> None:
        """Write down what arrived at one moment by person: the network knows no order."""
        self.lines += [line for _, line in sorted(self._arrived, key=lambda arrival: arrival[0])]
        self._arrived.clear()

    def _say_time(self) -> str:
        local = self.now.astimezone(self.desk_data.timezone)
        return say_datetime(local, "id", zone=local.tzname() or "", weekday=True)

    async def run(self) -> str:
        """Live through every day and return the log."""
        sender = self._make_sender()
        if not self._beside:
            await sender.prepare()
        sending = asyncio.create_task(sender.run())
        try:
            for moment in self._list_moments():
                self.now = moment.astimezone(UTC)
                await self._happen()
                if self._down[0] <= moment < self._down[1]:
                    continue
                await summarise(self.database, self.desk_data, now=self.now)
                await remind(self.database, self.desk_data, now=self.now)
                if await self.database.read(outbox.open_count):
                    sender.wake()
                    await sender.idle()
                    self._arrive()
        finally:
            sending.cancel()
            await asyncio.wait({sending})
        return "\n".join(self.lines)

    def _list_moments(self) -> Sequence[datetime]:
        """Every look of every day, and the moment of every event."""
        zone = self.desk_data.timezone
        days = (OPENS + timedelta(days=n) for n in range(self._days))
        rules, people = self.desk_data.reminders, range(1, len(NAMES) + 1)
        clocks = {rules.slot(OPENS, person, zone).time() for person in people} | set(BESIDE)
        looks = [datetime.combine(day, clock, tzinfo=zone) for day in days for clock in sorted(clocks)]
        return sorted([*looks, *(event.at for event in self._events)])

    async def _happen(self) -> None:
        while self._events and self._events[0].at <= self.now:
            event = self._events.pop(0)
            said = await self.database.run(self._run_unit(event))
            self.lines.append(f"{self._say_time()} · {event.key}: {said or 'sudah terjadi'}\n")
            if event.blocks:
                self.blocked.add(event.blocks)

    def _run_unit(self, event: Event) -> Any:
        def unit(tx: Transaction) -> str:
            if tx.execute(_HAPPENS, (event.key,)).rowcount != 1:
                return ""
            return event.deed(tx, self.desk_data, event.at)

        return unit

    def _make_sender(self) -> Sender:
        def judged(tx: Transaction, row: int, priority: int, now: datetime) -> Departure:
            return judge_row(tx, self.desk_data, outbox_id=row, priority=priority, now=now)

        return Sender(
            self.database,
            Phones(self),
            clock=lambda: self.now,
            pace=Pace(1e6, 1e6, 1e6),
            maker=Maker(self.database, evidence=Path("evidence"), more={"chart": _draw_nothing}),
            log=logging.logger(),
            hooks=Hooks(judge_departure=judged),
            # to a replay that is days ahead, what the other has just leased looks lost
            recover_seconds=inf if self._beside else RECOVER_SECONDS,
        )


async def _draw_nothing(args: Mapping[str, Any]) -> Path:
    """Stand for a picture that nobody looks at here."""
    return Path("picture.png")


async def replay(folder: Path, *, seed: int, days: int, beside: bool = False) -> str:
    """Replay a period on the database of a folder, from where it stands, and return the log."""
    desk_data = build(timezone=ZONE, language="id").desk_data
    database = await Database.open(folder / "desk.db")
    try:

        def prepare(tx: Transaction) -> None:
            tx.execute(_HAPPENED)
            fill(tx, days=days, zone=desk_data.timezone)

        await database.run(prepare)
        return await Replay(database, desk_data, seed=seed, days=days, beside=beside).run()
    finally:
        await database.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the log of a replayed period."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.replay", description="Replay a whole period in seconds."
    )
    parser.add_argument("--seed", type=int, default=7, help="what happens to whom (default 7)")
    parser.add_argument("--days", type=int, default=120, help="length of the replay (default 120)")
    parser.add_argument(
        "--folder", type=Path, help="keep the database here and go on from it; else it is thrown away"
    )
    parser.add_argument("--beside", action="store_true", help="another replay runs on the same folder")
    options = parser.parse_args(arguments)
    if not 50 <= options.days <= 400:
        print(f"replay: --days: found {options.days}, expected 50 to 400", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        place = options.folder or Path(folder)
        print(asyncio.run(replay(place, seed=options.seed, days=options.days, beside=options.beside)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
