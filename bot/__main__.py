"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot import __version__, config

if TYPE_CHECKING:
    from bot.config import Settings

MIN_FREE_BYTES = 200_000_000  # below this `check` calls the disk full


class CommandRefused(RuntimeError):
    """the command cannot be carried out"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 refused with one sentence, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options, rest = _parser().parse_known_args(given)
    if rest and options.command != "sandbox":
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    os.umask(0o077)
    try:
        command = options.command or ("run" if config.load().telegram_token else "sandbox")
        return _COMMANDS[command](options, given)
    except KeyboardInterrupt:
        return 0
    except (RuntimeError, ValueError, LookupError, OSError) as error:
        print(f"desk-inovasi: {_sentence(error)}", file=sys.stderr)
        return 1


def _sentence(error: BaseException) -> str:
    text = str(error).strip().strip("'\"")
    return text.splitlines()[0] if text else type(error).__name__


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="desk-inovasi", description="A chat desk where the offices of a regency hand in their innovations."
    )
    parser.add_argument("--version", action="version", version=f"desk-inovasi {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="run the bot: intake, dispatcher, sender, scheduler, web")
    sandbox = commands.add_parser("sandbox", help="try the bot in a page, with no token and no network", add_help=False)
    sandbox.add_argument("--help", "-h", action="store_true", dest="sandbox_help")
    commands.add_parser("check", help="check settings, token, webhook, database, disk and clock")
    commands.add_parser("migrate", help="bring the database to this version")
    invite = commands.add_parser("invite", help="print a one-time code and its link")
    invite.add_argument("--role", required=True, choices=["focal_point", "leader", "admin"])
    invite.add_argument("--office", metavar="CODE", default="", help="office of a focal point, e.g. dinkes")
    invite.add_argument("--days", type=_days, default=14, help="days the code is good for (default 14)")
    return parser


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 365:
        raise argparse.ArgumentTypeError("expected 1 to 365 days")
    return days


def _run(options: argparse.Namespace, given: Sequence[str]) -> int:
    from bot import log

    settings = config.load()
    log.setup(level=settings.log_level, form=settings.log_format)
    return _loop().run(_running(settings))


def _loop() -> asyncio.Runner:
    """Make the loop's runner: uvloop where there is one, a third less CPU a turn (`bench/turns.py`)."""
    if sys.platform == "win32":
        return asyncio.Runner()
    import uvloop

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _running(settings: Settings) -> int:
    """Run until a signal comes or a part dies."""
    from bot.app import running

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(settings) as app:
        ended = asyncio.ensure_future(app.ended())
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if ended.done():
            ended.result()
            raise CommandRefused("a part of the bot ended by itself; see the log")
        ended.cancel()
    return 0


def _sandbox(options: argparse.Namespace, given: Sequence[str]) -> int:
    """Hand over to the sandbox, which stands above this package and is not imported from here."""
    rest = [argument for argument in given if argument != "sandbox"]
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *rest])


def _migrate(options: argparse.Namespace, given: Sequence[str]) -> int:
    settings = config.load()
    asyncio.run(_with_database(settings, lambda tx: None))
    print(f"{settings.database_path} is at this program's version")
    return 0


async def _with_database(settings: Settings, unit: Callable[[Any], Any]) -> Any:
    from bot.app import prepare
    from storage.database import Database

    database = await Database.open(settings.database_path)
    try:
        await prepare(database)
        return await database.run(unit)
    finally:
        await database.close()


def _invite(options: argparse.Namespace, given: Sequence[str]) -> int:
    from bot.app import utc_now
    from domain.people import Role
    from handlers import invite

    role = Role(options.role)
    if role is Role.FOCAL_POINT and not options.office:
        raise CommandRefused("a focal point needs --office CODE, for example --office dinkes")
    settings, code, now = config.load(), secrets.token_urlsafe(12), utc_now()

    def unit(tx: Any) -> str:
        try:
            return invite.create(tx, role=role, office_code=options.office, days=options.days, new_code=code, now=now)
        except invite.UnknownOffice:
            near = ", ".join(invite.near_codes(tx, options.office)) or "see the list of offices"
            raise CommandRefused(f'office "{options.office}" is not known; near: {near}') from None

    asyncio.run(_with_database(settings, unit))
    name = asyncio.run(_bot_name(settings))
    print(f"Code: {code}")
    print(f"Link: {invite.link(name, code)}" if name else "Link: not available, Telegram was not reached")
    return 0


async def _bot_name(settings: Settings) -> str:
    """Ask Telegram for the bot's name; "" when it cannot be reached."""
    from bot.channels import SendError
    from bot.channels.telegram import TelegramChannel

    if settings.telegram_token is None:
        return ""
    channel = TelegramChannel(settings.telegram_token.get_secret_value(), root=settings.telegram_api_url)
    try:
        await channel.open()
        return channel.username
    except SendError:
        return ""
    finally:
        await channel.close()


def _check(options: argparse.Namespace, given: Sequence[str]) -> int:
    """Say one line for each thing that has to be right."""
    settings = config.load()
    print("settings  ok")
    name = asyncio.run(_bot_name(settings))
    token = "ok, " + name if name else "not set" if settings.telegram_token is None else "refused or not reached"
    webhook = settings.telegram_webhook_url or "not used, long polling"
    lines = [("token", bool(name), token), ("webhook", True, webhook), _database_line(settings), _disk_line(settings)]
    lines.append(_clock_line(settings))
    for what, fine, told in lines:
        print(f"{what:9} {'' if fine else 'FAILED: '}{told}")
    return 0 if all(fine for _, fine, _ in lines) else 1


def _database_line(settings: Settings) -> tuple[str, bool, str]:
    try:
        found = asyncio.run(_with_database(settings, lambda tx: tx.execute("PRAGMA quick_check").fetchone()[0]))
    except RuntimeError as error:
        return "database", False, _sentence(error)
    return "database", found == "ok", f"{settings.database_path}, {found}"


def _disk_line(settings: Settings) -> tuple[str, bool, str]:
    free = shutil.disk_usage(settings.data_dir).free if settings.data_dir.exists() else 0
    return "disk", free >= MIN_FREE_BYTES, f"{free // 1_000_000} MB free"


def _clock_line(settings: Settings) -> tuple[str, bool, str]:
    from zoneinfo import ZoneInfo

    from bot.app import utc_now

    now = utc_now()
    return "clock", now.year >= 2026, f"{now.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M %Z}"


_COMMANDS: dict[str, Callable[[argparse.Namespace, Sequence[str]], int]] = {
    "run": _run,
    "sandbox": _sandbox,
    "check": _check,
    "migrate": _migrate,
    "invite": _invite,
}

if __name__ == "__main__":
    sys.exit(main())
