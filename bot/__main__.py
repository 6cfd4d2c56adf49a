"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot import __version__, config
from bot.cli import (
    backups,
    cli_export,
    cli_templates,
    imports,
    moving,
    people,
    proof_packs,
    rule_changes,
    unknown_files,
)
from bot.cli.opened_database import opened
from bot.log import redacted
from bot.ownership import owned
from domain.reading.clean_text import code_text

if TYPE_CHECKING:
    from bot.config import Settings


class CommandRefused(RuntimeError):
    """the command cannot be carried out"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 refused with one sentence, 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options, rest = _make_parser().parse_known_args(words)
    if rest and options.command != "sandbox":
        _make_parser().error(f"unrecognized arguments: {' '.join(rest)}")
    os.umask(0o077)
    try:
        command = options.command or ("run" if config.load().telegram_token else "sandbox")
        return _COMMANDS[command](options, words)
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        # whatever it was: one sentence, and never a traceback
        print(f"desk-inovasi: {_describe(error)}", file=sys.stderr)
        return 1


def _describe(error: Exception) -> str:
    said = error.args[0] if isinstance(error, KeyError) and error.args else error  # its own text is quoted
    text = redacted(str(said)).strip()
    line = text.splitlines()[0] if text else type(error).__name__
    ours = isinstance(error, RuntimeError | ValueError | LookupError | OSError)
    return line if ours or not text else f"{type(error).__name__}: {line}"


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="desk-inovasi",
        description="A chat desk where the offices of a regency hand in their innovations.",
    )
    parser.add_argument("--version", action="version", version=f"desk-inovasi {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="run the bot: intake, dispatcher, sender, scheduler, web")
    sandbox = commands.add_parser(
        "sandbox", help="try the bot in a page, with no token and no network", add_help=False
    )
    sandbox.add_argument("--help", "-h", action="store_true", dest="sandbox_help")
    commands.add_parser("check", help="check settings, token, webhook, database, disk and clock")
    commands.add_parser("migrate", help="bring the database to this version")
    invite = commands.add_parser("invite", help="print a one-time code and its link")
    invite.add_argument("--role", required=True, choices=["focal_point", "leader", "admin"])
    invite.add_argument(
        "--office", metavar="CODE", type=code_text, default="", help="office of a focal point, e.g. dinkes"
    )
    invite.add_argument("--days", type=_read_days, default=14, help="days the code is good for (default 14)")
    imports.add_parser(commands)
    backups.add_parser(commands)
    moving.add_parser(commands)
    proof_packs.add_parser(commands)
    people.add_parser(commands)
    unknown_files.add_parser(commands)
    rule_changes.add_parser(commands)
    cli_export.add_parser(commands)
    cli_templates.add_parser(commands)
    return parser


def _read_days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 365:
        raise argparse.ArgumentTypeError("expected 1 to 365 days")
    return days


def _run(options: argparse.Namespace, words: Sequence[str]) -> int:
    from bot import lifetime, log

    settings = config.load()
    log.setup(level=settings.log_level, form=settings.log_format)
    for sentence in config.unknown():
        log.logger().warning("setting_unknown", told=sentence)
    return lifetime.run(settings)


def _start_sandbox(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Hand over to the sandbox, which stands above this package and is not imported from here."""
    rest = [argument for argument in words if argument != "sandbox"]
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *rest])


def _migrate(options: argparse.Namespace, words: Sequence[str]) -> int:
    settings = config.load()
    with owned(settings):
        lines = asyncio.run(_run_migration(settings))
    for line in lines:
        print(line)
    print(f"{settings.database} is at this program's version")
    return 0


async def _run_migration(settings: Settings) -> tuple[str, ...]:
    """Bring the database to this version; returns what the migrations have to say."""
    async with opened(settings) as database:
        return database.migrated


async def _use_database(settings: Settings, unit: Callable[[Any], Any]) -> Any:
    async with opened(settings) as database:
        return await database.run(unit)


def _invite(options: argparse.Namespace, words: Sequence[str]) -> int:
    from bot.startup import utc_now
    from domain.people import Role
    from handlers.assembly import new_invitation_code
    from handlers.offices import invite as offices_invite

    role = Role(options.role)
    if role is not Role.FOCAL_POINT and options.office:
        raise CommandRefused("only a focal point has an office; leave --office out")
    if role is Role.FOCAL_POINT and not options.office:
        raise CommandRefused("a focal point needs --office CODE, for example --office dinkes")
    settings = config.load()
    code = new_invitation_code()
    now = utc_now()

    def unit(tx: Any) -> str:
        try:
            return offices_invite.create(
                tx, role=role, office_code=options.office, days=options.days, new_code=code, now=now
            )
        except offices_invite.UnknownOffice:
            near = ", ".join(offices_invite.near_codes(tx, options.office)) or "see the list of offices"
            raise CommandRefused(f'office "{options.office}" is not known; near: {near}') from None

    asyncio.run(_use_database(settings, unit))
    print(f"Code: {code}")
    print(*asyncio.run(_write_links(settings, code)), sep="\n")
    return 0


async def _write_links(settings: Settings, code: str) -> list[str]:
    """Write the link of each channel that carries a code; its name there is asked of the platform."""
    from bot.channels import SendError
    from bot.channels.registry import configured
    from domain.channel_facts import ChannelFacts

    lines = []
    for channel in configured(settings).values():
        try:
            await channel.open()
            link = ChannelFacts(channel.name, channel.title, channel.link).link_with(code)
            lines.append(f"Link: {link}")
        except SendError:
            lines.append(f"Link: not known, {channel.title} was not reached")
        finally:
            await channel.close()
    return lines or ["Link: not known, no channel is configured"]


def _change_people(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Say or change who holds which role."""
    from bot.startup import utc_now

    now = utc_now()
    print(*asyncio.run(_use_database(config.load(), lambda tx: people.done(tx, options, now=now))), sep="\n")
    return 0


def _check(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Say one line for each thing that has to be right."""
    from bot.cli.check import check
    from bot.startup import utc_now

    lines = asyncio.run(check(config.load(), clock=utc_now))
    print(*lines, sep="\n")
    return 0 if all(line.fine for line in lines) else 1


_COMMANDS: dict[str, Callable[[argparse.Namespace, Sequence[str]], int]] = {
    "run": _run,
    "sandbox": _start_sandbox,
    "check": _check,
    "migrate": _migrate,
    "invite": _invite,
    "offices": lambda options, words: imports.run(options),
    "contacts": lambda options, words: imports.run(options),
    "people": _change_people,
    "files": lambda options, words: unknown_files.run(options),
    "rules": lambda options, words: rule_changes.run(options),
    "proof": lambda options, words: proof_packs.run(options),
    "backup": lambda options, words: backups.make(options),
    "move": lambda options, words: moving.run(options),
    "restore": lambda options, words: backups.restore(options),
    "templates": lambda options, words: cli_templates.run(options),
    "export": lambda options, words: cli_export.run(options),
}

if __name__ == "__main__":
    sys.exit(main())
