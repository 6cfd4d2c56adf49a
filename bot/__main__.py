"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot import config
from bot.cli import (
    backups,
    cli_export,
    cli_templates,
    command_parser,
    completion,
    imports,
    moving,
    people,
    proof_packs,
    rule_changes,
    terminal,
    unknown_files,
)
from bot.cli.opened_database import opened
from bot.log import redacted
from bot.ownership import owned

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Settings
    from storage.engine.engine_contract import Opening


class CommandRefused(RuntimeError):
    """the command cannot be carried out"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done, 1 refused with one sentence, 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    terminal.accept_any_encoding()
    options = command_parser.read(words)
    os.umask(0o077)
    try:
        return _COMMANDS[options.command or _choose_command()](options, words)
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        # whatever it was: one sentence, and never a traceback
        terminal.print_refusal(_describe(error))
        return 1


def _choose_command() -> str:
    """Choose what is done without a command: `run` where a channel is configured, else `sandbox`."""
    from bot.channels.registry import configured

    return "run" if configured(config.load()) else "sandbox"


def _describe(error: Exception) -> str:
    said = error.args[0] if isinstance(error, KeyError) and error.args else error  # its own text is quoted
    text = redacted(str(said)).strip()
    line = text.splitlines()[0] if text else type(error).__name__
    ours = isinstance(error, RuntimeError | ValueError | LookupError | OSError)
    return line if ours or not text else f"{type(error).__name__}: {line}"


def _run(options: argparse.Namespace, words: Sequence[str]) -> int:
    from bot import lifetime, log

    settings = config.load()
    log.setup(level=settings.log_level, form=settings.log_format, secrets=config.secrets_of(settings))
    for sentence in config.unknown():
        log.logger().warning("setting_unknown", told=sentence)
    return lifetime.run(settings, beside=_greet)


async def _greet(app: App) -> None:
    """Say on a terminal what has started; the log has said it too."""
    facts = app.start_facts()
    terminal.print_banner(f"Desk Inovasi {facts.pop('version')}", facts)


def _start_sandbox(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Hand over to the sandbox, which stands above this package and is not imported from here."""
    rest = words[1:] if words else []
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *rest])


def _start_demo(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Hand over to the sandbox's terminal."""
    os.execv(sys.executable, [sys.executable, "-m", "sandbox.terminal_demo", *words[1:]])


def _migrate(options: argparse.Namespace, words: Sequence[str]) -> int:
    settings = config.load()
    with owned(settings) as opening, terminal.progress() as tell:
        tell("migrating", 0, 0)
        lines = asyncio.run(_run_migration(settings, opening, has_new_bot=options.new_bot))
    for line in lines:
        print(line)
    print(f"{settings.database} is at this program's version")
    return 0


async def _run_migration(settings: Settings, opening: Opening, *, has_new_bot: bool) -> tuple[str, ...]:
    """Bring the database to this version; returns what the migrations have to say."""
    from bot.belonging import take_over
    from bot.startup import utc_now

    async with opened(settings, opening=opening) as database:
        if has_new_bot:
            now = utc_now()
            await database.run(lambda tx: take_over(tx, settings, now=now))
        return database.migrated


async def _use_database(settings: Settings, unit: Callable[[Any], Any]) -> Any:
    async with opened(settings) as database:
        return await database.run(unit)


def _invite(options: argparse.Namespace, words: Sequence[str]) -> int:
    from bot.startup import utc_now
    from domain.people import Role
    from handlers.assembly import new_invitation_code
    from handlers.offices import invite as offices_invite
    from storage import invitations

    role = Role(options.role)
    if role is not Role.FOCAL_POINT and options.office:
        raise CommandRefused("only a focal point has an office; leave --office out")
    if role is Role.FOCAL_POINT and not options.office:
        raise CommandRefused("a focal point needs --office CODE, for example --office dinkes")
    settings = config.load()
    code = new_invitation_code()
    now = utc_now()

    def unit(tx: Any) -> None:
        try:
            office = offices_invite.find_office(tx, options.office) if options.office else None
            new = offices_invite.new_invitation(role, office, days=options.days)
            invitations.create(tx, code, new=new, by=None, now=now)
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
    from storage.engine.presence import refuse_nothing

    now, settings = utc_now(), config.load()
    refuse_nothing(settings.database)
    terminal.print_table(asyncio.run(_use_database(settings, lambda tx: people.done(tx, options, now=now))))
    return 0


def _check(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Say one line for each thing that has to be right."""
    from bot.cli.check import check
    from bot.startup import utc_now

    lines = asyncio.run(check(config.load(), clock=utc_now))
    terminal.print_findings(lines)
    return 0 if all(line.fine for line in lines) else 1


def _complete(options: argparse.Namespace, words: Sequence[str]) -> int:
    """Print a shell's script of completion."""
    print(completion.write(command_parser.make_parser(), options.shell))
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace, Sequence[str]], int]] = {
    "run": _run,
    "sandbox": _start_sandbox,
    "demo": _start_demo,
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
    "completion": _complete,
    "export": lambda options, words: cli_export.run(options),
}

if __name__ == "__main__":
    sys.exit(main())
