"""Reads the packaged data and puts the desk together."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from domain.channel_facts import ChannelFacts
from domain.desk_data import DeskData
from domain.index.estimate import agree
from domain.knowledge.entries import load_entries
from domain.knowledge.finder import make_knowledge
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


def build(
    *,
    timezone: str,
    language: str,
    contact: str = "",
    retention_days: int = 30,
    new_code: Callable[[], str] | None = None,
    boot: str = "",
    editions: Mapping[int, IndicatorSet] | None = None,
    channels: Sequence[ChannelFacts] = (),
) -> Desk:
    """Read the packaged data once and put the desk together; `contact` is whom people may call.

    `boot` names this process, by chance unless given.

    Raises FormError, RulesError or CatalogueError with a sentence naming file, key and value.
    """
    form = load_form()
    rules = load_rules()
    indicators = load_indicators()
    portals = load_portals()
    agree(rules, indicators, form=form)
    check_years(portals, rules)
    desk_data = DeskData(
        words=load_words(),
        form=form,
        rules=rules,
        ladders=load_ladders(rules),
        indicators=indicators,
        calendar=load_calendar(),
        reminders=load_reminders(),
        knowledge=make_knowledge(load_entries(form, indicators.values())),
        templates=load_templates(),
        portals=portals,
        reasons=load_reasons(),
        timezone=ZoneInfo(timezone),
        language=language,
        contact=contact,
        retention_days=retention_days,
        new_code=new_code or new_invitation_code,
        boot=boot or secrets.token_hex(4),
        editions=editions or {},
        channels=channels,
    )
    return Desk(desk_data, registry())


def new_invitation_code() -> str:
    """Draw an invitation code by chance that nobody can foresee."""
    return draw(secrets.choice)
