"""Starts the emulated platforms, the page of phones, a regency to practise with, and the bot as a child
process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from sandbox.data_folder import NotASandbox, OtherScenario, SandboxRuns, alone_in, folder, prepare
from sandbox.demo import TELEGRAM, WHATSAPP, people
from sandbox.panel import Panel
from sandbox.scenarios import SCENARIOS, USUAL
from sandbox.serve import PortTaken, serve
from sandbox.telegram_page import TelegramPage
from sandbox.web import application
from sandbox.whatsapp_page import WhatsAppPage
from sandbox.world import World
from storage.engine.database import DatabaseRefused

REFUSED = (PortTaken, DatabaseRefused, NotASandbox, OtherScenario, SandboxRuns, OSError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted; 1 with one sentence when it cannot start."""
    options = _make_parser().parse_args(arguments)
    data = folder()
    os.umask(0o077)
    try:
        with alone_in(data):
            scenario = prepare(data, fresh=options.fresh, scenario=options.scenario, usual=USUAL)
            return asyncio.run(_run_sandbox(options.host, options.port, scenario=scenario))
    except REFUSED as error:
        print(f"desk-inovasi: {error}", file=sys.stderr)
        return 1


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="desk-inovasi sandbox", description="Try the bot in a page, with no token and no network."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of the page (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8080, help="port of the page (default 8080)")
    parser.add_argument(
        "--scenario",
        choices=SCENARIOS,
        help=f"what a new sandbox begins with (default {USUAL}): the regency as the newspapers described it,"
        " an empty one, or a week of the deadline with a full queue",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew: forget what was done in the sandbox"
    )
    return parser


async def _run_sandbox(host: str, port: int, *, scenario: str) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    crowd = people()
    world = World(folder(), crowd, scenario=scenario)
    pages = (TelegramPage(world.telegram, crowd[TELEGRAM]), WhatsAppPage(world.whatsapp, crowd[WHATSAPP]))
    hosts = (host, "localhost", "127.0.0.1", "[::1]")
    app = application(pages, hosts=hosts, routes=Panel(world).routes())
    async with serve(app, host, port=port) as address, world.running():
        print(f"Desk Inovasi, sandbox: open {address}  (Ctrl-C ends it)", flush=True)
        await stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
