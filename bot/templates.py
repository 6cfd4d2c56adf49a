"""Our templates beside those of the account: learned at the start, compared and handed in from the command
line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from bot.cancelling import cancel_and_wait
from bot.channels import Channel, SendError
from bot.channels.contract import AccountTemplate, HoldsTemplates
from domain.event_log import EventLog
from domain.templates import MessageTemplate, TemplateNews, Templates
from domain.texts import LANGUAGES
from storage import templates
from storage.engine.database import Database
from storage.engine.transaction import Transaction

MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Compared:
    """One template of ours in one language, and how the account holds it."""

    template: MessageTemplate
    language: str
    of_account: AccountTemplate | None

    @property
    def status(self) -> str:
        """How it stands: as the account says, MISSING, or DIFFERS where another text is approved than
        ours.
        """
        if self.of_account is None:
            return MISSING
        ours = self.template.in_(self.language).text
        return "DIFFERS" if self.of_account.text and self.of_account.text != ours else self.of_account.status

    @property
    def is_usable(self) -> bool:
        """Whether it may be sent."""
        return (
            self.status == templates.APPROVED
            and self.of_account is not None
            and self.of_account.category == templates.UTILITY
        )

    def __str__(self) -> str:
        """Write the line as it is printed."""
        category = self.of_account.category if self.of_account else self.template.category
        return f"{self.template.name:20} {self.language}  {self.status:10} {category}"


def compared(ours: Templates, of_account: Sequence[AccountTemplate]) -> list[Compared]:
    """Put each of ours beside what the account holds under its name and language."""
    by_name = {(template.name, template.language): template for template in of_account}
    return [
        Compared(template, language, by_name.get((template.name, language)))
        for template, language in each(ours)
    ]


def each(ours: Templates) -> Iterator[tuple[MessageTemplate, str]]:
    """Go through ours, each in every language."""
    return ((template, language) for template in ours.values() for language in LANGUAGES)


def keep(tx: Transaction, channel: str, *, comparisons: Sequence[Compared], now: datetime) -> None:
    """Keep how the account holds our templates, for the sender."""
    for comparison in comparisons:
        category = comparison.of_account.category if comparison.of_account else comparison.template.category
        news = TemplateNews(comparison.template.name, comparison.language, comparison.status, category)
        templates.note(tx, channel, news=news, now=now)


async def learn(
    database: Database, channel: Channel, *, ours: Templates, now: datetime, log: EventLog
) -> bool:
    """Ask the account at the start; where it does not answer, what was known before holds.

    Tells whether it answered.
    """
    if not isinstance(channel, HoldsTemplates):
        return True
    await recall(database, channel)
    try:
        comparisons = compared(ours, await channel.templates())
    except SendError as error:
        log.warning("templates_not_learned", channel=channel.name, kind=type(error).__name__, told=str(error))
        return False
    await database.run(lambda tx: keep(tx, channel.name, comparisons=comparisons, now=now))
    if waiting := [
        f"{comparison.template.name}.{comparison.language}"
        for comparison in comparisons
        if not comparison.is_usable
    ]:
        log.warning("templates_not_usable", channel=channel.name, names=", ".join(waiting))
    return True


async def learn_everywhere(
    database: Database,
    channels: Mapping[str, Channel],
    *,
    stack: AsyncExitStack,
    ours: Templates,
    clock: Callable[[], datetime],
    log: EventLog,
) -> None:
    """Learn how the accounts hold our templates; where the account is not known yet, as soon as it is."""
    for channel in channels.values():
        if not await learn(database, channel, ours=ours, now=clock(), log=log):
            later = learn_later(database, channel, ours=ours, clock=clock, log=log)
            task = asyncio.create_task(later, name=f"{channel.name} templates")
            stack.push_async_callback(cancel_and_wait, task)


async def learn_later(
    database: Database,
    channel: Channel,
    *,
    ours: Templates,
    clock: Callable[[], datetime],
    log: EventLog,
) -> None:
    """Ask again once an update has told which account is ours."""
    if isinstance(channel, HoldsTemplates):
        await channel.recognised()
        name, account = channel.name, channel.account_id
        now = clock()
        await database.run(lambda tx: templates.note_account(tx, name, account=account, now=now))
        await learn(database, channel, ours=ours, now=clock(), log=log)


async def recall(database: Database, channel: HoldsTemplates) -> None:
    """Tell the channel which account is ours, where that was noted before."""
    name = channel.name
    if noted := await database.read(lambda tx: templates.our_account(tx, name)):
        channel.recognise(noted)
