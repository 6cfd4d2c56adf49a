"""Starts the emulated platforms, the chat page, the demo data, and the bot as a child process."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.whatsapp.account import submission
from domain.templates import load_templates
from domain.texts import LANGUAGES
from sandbox.bot_process import BotProcess
from sandbox.data_folder import NotASandbox, folder, prepare
from sandbox.demo import TELEGRAM, WHATSAPP, DemoPerson, fill, people
from sandbox.serve import PortTaken, serve
from sandbox.telegram import TelegramEmulator
from sandbox.telegram_page import TelegramPage
from sandbox.web import application
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_page import WhatsAppPage
from storage.engine.database import Database, DatabaseRefused

TOKEN = "4200000002:SANDBOX-token-of-nobody-000000000000"
PHONE_ID = "100000000000001"
ZONE = ZoneInfo("Asia/Jakarta")
JOURNAL_KEPT = 2000
RETRY_SECONDS = (
    1.0  # until a webhook is tried again, at most: nobody should wait long for a bot that was killed
)
_SETTINGS = {
    "DESK_TELEGRAM_TOKEN": TOKEN,
    "DESK_TELEGRAM_CHAT_RATE": "20",  # nobody should wait for a platform that is not there
    "DESK_TELEGRAM_CHAT_BURST": "20",
    "DESK_WHATSAPP_PHONE_ID": PHONE_ID,
    "DESK_PERSON_RATE": "100000",
    "DESK_LINK_SECONDS": "0",  # there may be no network
    "DESK_LOG_LEVEL": "warning",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted; 1 with one sentence when it cannot start."""
    parser = argparse.ArgumentParser(
        prog="desk-inovasi sandbox", description="Try the bot in a page, with no token and no network."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of the page (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8080, help="port of the page (default 8080)")
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew: forget what was done in the sandbox"
    )
    options = parser.parse_args(arguments)
    try:
        return asyncio.run(_run_sandbox(options.host, options.port, fresh=options.fresh))
    except (PortTaken, DatabaseRefused, NotASandbox, OSError) as error:
        print(f"desk-inovasi: {error}", file=sys.stderr)
        return 1


async def _run_sandbox(host: str, port: int, *, fresh: bool) -> int:
    data = folder()
    prepare(data, fresh=fresh)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    crowd = people()
    telegram, whatsapp = _telegram(crowd), _whatsapp(crowd)
    bots: list[BotProcess] = []

    def kill() -> None:
        for bot in bots:
            bot.kill()

    pages = (
        TelegramPage(telegram, crowd[TELEGRAM], kill=kill),
        WhatsAppPage(whatsapp, crowd[WHATSAPP]),
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(telegram.updates.close)
        stack.push_async_callback(whatsapp.close)
        app = application(pages, hosts=(host, "localhost", "127.0.0.1", "[::1]"))
        address = await stack.enter_async_context(serve(app, host, port=port))
        await _fill(data)
        apis = [await stack.enter_async_context(serve(emulator.app)) for emulator in (telegram, whatsapp)]
        bots.append(_bot(data, apis, whatsapp=whatsapp))
        print(f"Desk Inovasi, sandbox: open {address}  (Ctrl-C ends it)", flush=True)
        keeping = asyncio.create_task(bots[0].keep())
        await stop.wait()
        keeping.cancel()
        await asyncio.wait({keeping})
    return 0


def _telegram(crowd: dict[str, tuple[DemoPerson, ...]]) -> TelegramEmulator:
    emulator = TelegramEmulator(token=TOKEN, journal_limit=JOURNAL_KEPT)
    for person in crowd[TELEGRAM]:
        emulator.add_person(int(person.address), person.name, phone=f"+{person.phone}")
        emulator.people[int(person.address)].started = person.role is not None
    return emulator


def _whatsapp(crowd: dict[str, tuple[DemoPerson, ...]]) -> WhatsAppEmulator:
    """A number whose templates are approved already; what its secrets are, only this process and the bot
    know.
    """
    emulator = WhatsAppEmulator(
        token=secrets.token_urlsafe(),
        phone_id=PHONE_ID,
        app_secret=secrets.token_urlsafe(),
        journal_limit=JOURNAL_KEPT,
        series=secrets.token_hex(8),  # the bot remembers the ids of an earlier sandbox
    )
    emulator.webhooks.longest_retry = RETRY_SECONDS
    for person in crowd[WHATSAPP]:
        emulator.people.add(person.address, person.name, phone=person.phone)
    for template in load_templates().values():
        for language in LANGUAGES:
            emulator.templates.create(submission(template, language))
    return emulator


def _bot(data: Path, apis: Sequence[str], *, whatsapp: WhatsAppEmulator) -> BotProcess:
    settings = {
        **_SETTINGS,
        "DESK_TELEGRAM_API_URL": apis[0],
        "DESK_WHATSAPP_API_URL": apis[1],
        "DESK_WHATSAPP_TOKEN": whatsapp.token,
        "DESK_WHATSAPP_APP_SECRET": whatsapp.webhooks.secret,
        "DESK_WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(),
    }
    return BotProcess(
        data, settings=settings, listens=lambda root: whatsapp.webhooks.point_to(f"{root}/whatsapp")
    )


async def _fill(data: Path) -> None:
    now = datetime.now(UTC)
    database = await Database.open(data / "desk.db")
    try:
        today = now.astimezone(ZONE).date()
        await database.run(lambda tx: fill(tx, now=now, today=today))
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
