"""`templates`: our templates beside those of the account, and handing in what it does not hold yet."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot import config
from bot.config import Settings

if TYPE_CHECKING:
    from bot.channels.contract import HoldsTemplates
    from bot.templates import Compared
    from domain.templates import Templates


class TemplatesRefused(RuntimeError):
    """the templates cannot be looked at or handed in"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    below = commands.add_parser("templates", help="WhatsApp templates against the account").add_subparsers(
        dest="act", metavar="ACT", required=True
    )
    below.add_parser(
        "list", help="list our templates with their text, and how the account holds each, where there is one"
    )
    below.add_parser("submit", help="hand in those the account does not hold")
    below.add_parser("check", help="compare with the account; fails when one cannot be used")


def run(options: argparse.Namespace) -> int:
    """List, hand in or compare; raises TemplatesRefused, or RulesError naming file and key of a template
    of ours.
    """
    lines, fine = asyncio.run(_act(config.load(), options.act))
    print(*lines, sep="\n")
    return 0 if fine else 1


async def _act(settings: Settings, act: str) -> tuple[Sequence[str], bool]:
    from bot.channels.contract import HoldsTemplates
    from bot.channels.registry import configured
    from domain.templates import load_templates

    ours = load_templates()
    holders = (channel for channel in configured(settings).values() if isinstance(channel, HoldsTemplates))
    holder = next(holders, None)
    if holder is None:
        if act == "list":
            return _list_ours(ours), True
        raise TemplatesRefused("WhatsApp is not configured; set its four DESK_WHATSAPP_… settings")
    comparisons = await _compare(settings, holder, ours=ours, submit=act == "submit")
    texts = act == "list"
    lines = [
        f"{comparison}\n    {comparison.template.in_(comparison.language).text}" if texts else str(comparison)
        for comparison in comparisons
    ]
    return lines, act != "check" or all(comparison.is_usable for comparison in comparisons)


def _list_ours(ours: Templates) -> list[str]:
    """List what the project holds where there is no account to compare it with."""
    from bot.templates import each

    return [
        *(
            f"{template.name:20} {language}  {template.category}\n    {template.in_(language).text}"
            for template, language in each(ours)
        ),
        "WhatsApp is not configured: how the account holds them is not known",
    ]


async def _compare(
    settings: Settings, holder: HoldsTemplates, *, ours: Templates, submit: bool
) -> Sequence[Compared]:
    from bot.channels import SendError
    from bot.cli.opened_database import open_at_this_version
    from bot.startup import utc_now
    from bot.templates import compared, keep, recall

    database = await open_at_this_version(settings)
    try:
        await recall(database, holder)
        comparisons = compared(ours, await holder.templates())
        if submit:
            for comparison in comparisons:
                if comparison.of_account is None:
                    await holder.submit_template(comparison.template, comparison.language)
            comparisons = compared(ours, await holder.templates())
        await database.run(lambda tx: keep(tx, holder.name, comparisons=comparisons, now=utc_now()))
        return comparisons
    except SendError as error:
        raise TemplatesRefused(f"the account refuses: {error}") from None
    finally:
        await holder.close()
        await database.close()
