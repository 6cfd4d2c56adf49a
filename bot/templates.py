"""Our templates beside those of the account: learned at the start, compared and handed in from the command
line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels import Channel, SendError
from bot.channels.contract import HeldTemplate, HoldsTemplates
from domain.event_log import EventLog
from domain.templates import MessageTemplate, Templates
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
    held: HeldTemplate | None

    @property
    def status(self) -> str:
        """How it stands: as the account says, MISSING, or DIFFERS where another text is approved than
        ours.
        """
        if self.held is None:
            return MISSING
        ours = self.template.in_(self.language).text
        return "DIFFERS" if self.held.text and self.held.text != ours else self.held.status

    @property
    def is_usable(self) -> bool:
        """Whether it may be sent."""
        return (
            self.status == templates.APPROVED
            and self.held is not None
            and self.held.category == templates.UTILITY
        )

    def __str__(self) -> str:
        """Write the line as it is printed."""
        category = self.held.category if self.held else self.template.category
        return f"{self.template.name:20} {self.language}  {self.status:10} {category}"


def compared(ours: Templates, held: Sequence[HeldTemplate]) -> list[Compared]:
    """Put each of ours beside what the account holds under its name and language."""
    by_name = {(one.name, one.language): one for one in held}
    return [Compared(one, language, by_name.get((one.name, language))) for one, language in each(ours)]


def each(ours: Templates) -> Iterator[tuple[MessageTemplate, str]]:
    """Go through ours, each in every language."""
    return ((one, language) for one in ours.values() for language in LANGUAGES)


def keep(tx: Transaction, channel: str, *, found: Sequence[Compared], now: datetime) -> None:
    """Keep how the account holds our templates, for the sender."""
    for one in found:
        category = one.held.category if one.held else one.template.category
        name = one.template.name
        templates.note(
            tx, channel, name=name, language=one.language, now=now, status=one.status, category=category
        )


async def learn(
    database: Database, channel: Channel, *, ours: Templates, now: datetime, log: EventLog
) -> None:
    """Ask the account at the start; where it does not answer, what was known before holds."""
    if not isinstance(channel, HoldsTemplates):
        return
    try:
        found = compared(ours, await channel.templates())
    except SendError as error:
        log.warning("templates_not_learned", channel=channel.name, kind=type(error).__name__, told=str(error))
        return
    await database.run(lambda tx: keep(tx, channel.name, found=found, now=now))
    if waiting := [f"{one.template.name}.{one.language}" for one in found if not one.is_usable]:
        log.warning("templates_not_usable", channel=channel.name, names=", ".join(waiting))
