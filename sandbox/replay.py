"""Replays a whole reporting period in seconds: the real ticks, storage, sender and words under a clock of
our own.

    uv run python -m sandbox.replay --seed 7 --days 120 --channel both

What everybody hears is printed in order; the same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.channel_facts import ChannelFacts
from handlers.assembly import Installation, build
from sandbox.replay_events import TELEGRAM, WHATSAPP, fill
from sandbox.replay_log import NAMES
from sandbox.replay_run import BOTH, Replay, Wanted, begins_at
from sandbox.replay_whatsapp import WhatsAppPhones, approve_templates, whatsapp_phones
from storage.engine.database import Database
from storage.engine.site import Site
from storage.engine.transaction import Transaction

ZONE = "Asia/Jakarta"
_HAPPENED = "CREATE TABLE IF NOT EXISTS replayed (key TEXT PRIMARY KEY)"
UNIT_SECONDS = 300.0  # a replay answers nobody; on a slow machine it takes the time it takes


@dataclass(frozen=True, slots=True)
class Replayed:
    """A period that was replayed: what everybody heard, and how the platform took our messages."""

    log: str
    refused: Mapping[int, int]  # sends that WhatsApp refused, by its code
    failed: Mapping[int, int]  # sends that it accepted and could not deliver, by its code


async def replay(folder: Path, wanted: Wanted, *, site: Site | None = None) -> Replayed:
    """Replay a period on a database, by default that of the folder, from where it stands."""
    installation = Installation(channels=_describe_channels(wanted))
    desk = build(timezone=ZONE, language="id", boot="replay", installation=installation)
    (drawn := folder / "picture.png").write_bytes(b"nobody looks at it")
    living: list[Replay] = []

    def seconds() -> float:
        return living[0].seconds() if living else begins_at(desk).timestamp()

    async with (
        _opened(site or folder / "desk.db") as database,
        _opened_whatsapp(wanted, seconds) as whatsapp,
    ):

        def prepare(tx: Transaction) -> None:
            tx.execute(_HAPPENED)
            fill(tx, days=wanted.days, zone=desk.desk_data.timezone, channel_of=wanted.channel_of)

        await database.run(prepare)
        if whatsapp is not None:
            await approve_templates(
                whatsapp.channel, database, ours=desk.desk_data.templates, now=begins_at(desk)
            )
        living.append(Replay(database, desk, wanted, whatsapp=whatsapp, drawn=drawn))
        log = await living[0].run()
        if whatsapp is None:
            return Replayed(log, {}, {})
        return Replayed(log, whatsapp.emulator.refused, whatsapp.emulator.failed)


def _describe_channels(wanted: Wanted) -> list[ChannelFacts]:
    """Tell the desk of WhatsApp and its window where it is replayed."""
    if wanted.channels == TELEGRAM:
        return []
    lasts = WhatsAppPhones.window_seconds
    whatsapp = ChannelFacts(WHATSAPP, "WhatsApp", "https://wa.me/6253121000?text={words}", lasts, True)
    telegram = ChannelFacts(TELEGRAM, "Telegram", "https://t.me/desk?start={words}")
    return [whatsapp] if wanted.channels == WHATSAPP else [telegram, whatsapp]


@asynccontextmanager
async def _opened(site: Site) -> AsyncIterator[Database]:
    database = await Database.open(site, unit_seconds=UNIT_SECONDS)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def _opened_whatsapp(
    wanted: Wanted, seconds: Callable[[], float]
) -> AsyncIterator[WhatsAppPhones | None]:
    if wanted.channels == TELEGRAM:
        yield None
        return
    async with whatsapp_phones(seconds, seed=wanted.seed) as phones:
        for number, name in NAMES.items():
            if wanted.channel_of(number) == WHATSAPP:
                phones.add(number, name)
        yield phones


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.replay", description="Replay a whole period in seconds."
    )
    parser.add_argument("--seed", type=int, default=7, help="what happens to whom (default 7)")
    parser.add_argument("--days", type=int, default=120, help="length of the replay (default 120)")
    parser.add_argument(
        "--channel",
        choices=(TELEGRAM, WHATSAPP, BOTH),
        default=TELEGRAM,
        help="where people are; both: half of them on each (default telegram)",
    )
    parser.add_argument(
        "--troubled", action="store_true", help="with outages, deadlines moved at night and announcements"
    )
    parser.add_argument(
        "--folder", type=Path, help="keep the database here and go on from it; else it is thrown away"
    )
    parser.add_argument("--beside", action="store_true", help="another replay runs on the same folder")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the log of a replayed period."""
    options = _make_parser().parse_args(arguments)
    if not 50 <= options.days <= 400:
        print(f"replay: --days: found {options.days}, expected 50 to 400", file=sys.stderr)
        return 2
    if options.channel != TELEGRAM and (options.folder or options.beside):
        print("replay: --folder and --beside: expected --channel telegram", file=sys.stderr)
        return 2
    wanted = Wanted(options.seed, options.days, options.channel, options.beside, options.troubled)
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(replay(options.folder or Path(folder), wanted)).log)
    return 0


if __name__ == "__main__":
    sys.exit(main())
