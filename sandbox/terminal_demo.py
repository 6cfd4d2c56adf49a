"""`demo`: the whole desk in a terminal, one phone at a time; no token, no network, no port.

What is typed goes to the bot. Lines that begin with a colon are the terminal's own; `:help` lists them.
Where standard input is a file, the lines of it are played and said, and the demo ends with them.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from threading import Thread

from bot import log, parts, startup
from bot.app import App
from bot.cancelling import cancel_and_wait
from bot.channels.registry import CHANNELS
from bot.cli import command_parser, sandbox_options, terminal
from bot.config import Settings
from bot.ownership import OwnedElsewhere, own
from bot.store.opening import open_store
from sandbox.data_folder import NotASandbox, OtherScenario, SandboxRuns, alone_in, folder, prepare
from sandbox.demo import TELEGRAM, people
from sandbox.filling import fill
from sandbox.terminal_channel import TerminalChannel
from sandbox.terminal_phones import NobodyCalled, Phones
from storage import rules_in_use
from storage.engine.database import Database, DatabaseRefused

REFUSED = (DatabaseRefused, NotASandbox, OtherScenario, OwnedElsewhere, SandboxRuns, NobodyCalled, OSError)
ENDS = ":quit"


def main(arguments: Sequence[str]) -> int:
    """Talk until the input ends; 1 with one sentence when it cannot start."""
    terminal.accept_any_encoding()
    options = command_parser.read(["demo", *arguments])
    sandbox = folder()
    data = sandbox.with_name(f"{sandbox.name}-demo")  # a sandbox may be open beside it
    os.umask(0o077)
    log.setup(level="error", form="text")
    try:
        with alone_in(data):
            usual = sandbox_options.USUAL
            scenario = prepare(data, fresh=options.fresh, scenario=options.scenario, usual=usual)
            asyncio.run(_talk(data, scenario, holder=options.who))
    except KeyboardInterrupt:
        print()
    except REFUSED as error:
        terminal.print_refusal(str(error))
        return 1
    return 0


async def _talk(data: Path, scenario: str, *, holder: str) -> None:
    """Take the lines one after the other: each is answered before the next is read."""
    phones = Phones(people()[TELEGRAM])
    phones.turn_to(holder)
    await fill(data, scenario, now=startup.utc_now())
    channel = TerminalChannel(phones.hear)
    async with _bot(data, channel) as app:
        phones.greet()
        async for line in _lines():
            if line.strip() == ENDS:
                print()  # else the shell's prompt would stand behind ours
                return
            arrival = phones.do(channel, line)
            if arrival is not None:
                await app.take_in(TELEGRAM, [arrival], somebody_waits=True)
            await app.idle()
            phones.show()


@asynccontextmanager
async def _bot(data: Path, channel: TerminalChannel) -> AsyncIterator[App]:
    """Run the bot as `run` does, without its web servers."""
    settings = Settings(data_dir=data, person_rate=100_000, link_seconds=0)
    async with AsyncExitStack() as stack:
        await own(settings, stack, seconds=parts.APART.waits.locked)
        database = await Database.open(settings.database)
        stack.push_async_callback(database.close)
        await startup.prepare(database, now=startup.utc_now())
        channels = {channel.name: channel}
        await startup.keep_channels_off(database, CHANNELS.keys() - channels.keys())
        editions = await database.read(rules_in_use.editions)
        desk = parts.build_desk(settings, channels, editions=editions, new_code=None)
        store = open_store(settings.store_site, links=True)
        app = App(
            parts.SharedParts(settings, database, channels, desk, startup.utc_now, log.logger(), store),
            links=None,
        )
        await _start(app, stack)
        yield app


async def _start(app: App, stack: AsyncExitStack) -> None:
    """Start what takes turns, sends, makes and reminds; the stack stops it."""
    stack.push_async_callback(app.maker.close)
    stack.push_async_callback(app.fetcher.close)
    await app.fetcher.prepare()
    await app.dispatcher.prepare()
    await app.sender.prepare()
    senders = [sender.run() for sender in app.sender.by_channel.values()]
    for work in (*senders, app.exporter.run(), app.dispatcher.run(), app.feeder.run(), app.remover.run()):
        stack.push_async_callback(cancel_and_wait, asyncio.create_task(work))
    app.scheduler.start()
    stack.callback(app.scheduler.stop)


async def _lines() -> AsyncIterator[str]:
    """Give the lines of standard input as they come; a thread waits for them, which ends with the program."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        for line in iter(sys.stdin.readline, ""):
            loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\r\n"))
        loop.call_soon_threadsafe(lines.put_nowait, ENDS)

    Thread(target=read, daemon=True).start()
    while True:
        yield await lines.get()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
