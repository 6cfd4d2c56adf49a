"""Starts the emulated platforms, the page of phones, a regency to practise with, and the bot as a child
process.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.cli import command_parser, sandbox_options, terminal
from bot.ownership import OwnedElsewhere
from sandbox.data_folder import NotASandbox, OtherScenario, SandboxRuns, alone_in, folder, list_notes, prepare
from sandbox.demo import TELEGRAM, WHATSAPP, people
from sandbox.panel import Panel
from sandbox.serve import PortTaken, serve
from sandbox.telegram_page import TelegramPage
from sandbox.web import application
from sandbox.whatsapp_page import WhatsAppPage
from sandbox.world import World
from storage.engine.database import DatabaseRefused

REFUSED = (PortTaken, DatabaseRefused, NotASandbox, OtherScenario, OwnedElsewhere, SandboxRuns, OSError)


def main(arguments: Sequence[str]) -> int:
    """Run until interrupted; 1 with one sentence when it cannot start."""
    terminal.accept_any_encoding()
    options = command_parser.read(["sandbox", *arguments])
    data = folder()
    os.umask(0o077)
    try:
        with alone_in(data):
            scenario = prepare(
                data, fresh=options.fresh, scenario=options.scenario, usual=sandbox_options.USUAL
            )
            port = options.port
            while (again := asyncio.run(_run_sandbox(options.host, port, scenario=scenario))) is not None:
                prepare(data, fresh=True, scenario=scenario)
                port = again
            return 0
    except REFUSED as error:
        terminal.print_refusal(str(error))
        return 1


async def _run_sandbox(host: str, port: int, *, scenario: str) -> int | None:
    """Run until interrupted, or until the page asks to begin anew: then the port to go on at is returned."""
    stop, anew = asyncio.Event(), asyncio.Event()

    def begin_anew() -> None:
        anew.set()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    crowd = people()
    world = World(folder(), crowd, scenario=scenario)
    pages = (TelegramPage(world.telegram, crowd[TELEGRAM]), WhatsAppPage(world.whatsapp, crowd[WHATSAPP]))
    hosts = (host, "localhost", "127.0.0.1", "[::1]")
    app = application(pages, hosts=hosts, routes=Panel(world, begin_anew=begin_anew).routes())
    async with serve(app, host, port=port) as address, world.running():
        print(f"Desk Inovasi, sandbox: open {address}  (Ctrl-C ends it)", flush=True)
        for note in list_notes(folder()):
            print(note, file=sys.stderr, flush=True)
        await stop.wait()
    return (urlsplit(address).port or port) if anew.is_set() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
