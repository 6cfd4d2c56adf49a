"""Reads the packaged data and puts the desk together."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from zoneinfo import ZoneInfo

from domain.channel_facts import ChannelFacts
from domain.desk_data import DeskData
from domain.index.estimate import agree
from domain.knowledge.entries import load_entries
from domain.knowledge.finder import Knowledge, make_knowledge
from domain.portal import check_years, load_portals
from domain.reading.invitation_codes import draw
from domain.rules.calendar import load_calendar
from domain.rules.indicators import IndicatorSet, load_indicators
from domain.rules.load import load_form, load_ladders, load_rules
from domain.rules.reasons import load_reasons
from domain.rules.reminder_rules import load_reminders
from domain.templates import load_templates
from handlers.desk import Desk
from handlers.registry import registry
from handlers.words import load_words


@dataclass(frozen=True, slots=True)
class Installation:
    """What one desk has of its own beside the packaged data."""

    contact: str = ""  # whom people may call, as they read it
    retention_days: int = 30  # raw messages are kept
    channels: Sequence[ChannelFacts] = ()  # that are on
    editions: Mapping[int, IndicatorSet] = field(default_factory=dict)  # that a change of the data replaced


def build(
    *,
    timezone: str,
    language: str,
    installation: Installation | None = None,
    new_code: Callable[[], str] | None = None,
    boot: str = "",
) -> Desk:
    """Read the packaged data once and put the desk together; `boot` names this process, by chance unless
    given.

    Raises FormError, RulesError or CatalogueError with a sentence naming file, key and value.
    """
    own = installation or Installation()
    desk_data = replace(
        _load_packaged(timezone, language, new_code=new_code or new_invitation_code),
        contact=own.contact,
        retention_days=own.retention_days,
        channels=own.channels,
        editions=own.editions,
        boot=boot or secrets.token_hex(4),
    )
    return Desk(desk_data, registry())


def _load_packaged(timezone: str, language: str, *, new_code: Callable[[], str]) -> DeskData:
    """Load the files of the package, and refuse those that contradict each other."""
    form = load_form()
    rules = load_rules()
    indicators = load_indicators()
    portals = load_portals()
    agree(rules, indicators, form=form)
    check_years(portals, rules)
    return DeskData(
        words=load_words(),
        form=form,
        rules=rules,
        ladders=load_ladders(rules),
        indicators=indicators,
        calendar=load_calendar(),
        reminders=load_reminders(),
        knowledge=_load_knowledge(),
        templates=load_templates(),
        portals=portals,
        reasons=load_reasons(),
        timezone=ZoneInfo(timezone),
        language=language,
        new_code=new_code,
    )


@cache
def _load_knowledge() -> Knowledge:
    """Prepare the packaged entries for finding, once in a process: it takes longer than all the rest."""
    return make_knowledge(load_entries(load_form(), load_indicators().values()))


def new_invitation_code() -> str:
    """Draw an invitation code by chance that nobody can foresee."""
    return draw(secrets.choice)
