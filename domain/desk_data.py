"""What is loaded once at the start: form, rules, texts, calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from domain.channel_facts import ChannelFacts
from domain.draft.eligibility import CountingRule, counting_rule
from domain.draft.path import Window
from domain.portal import Portal
from domain.rules.calendar import Calendar
from domain.rules.form import Form
from domain.rules.indicators import IndicatorSet
from domain.rules.load import Ladder, RuleYear
from domain.rules.reasons import Reasons
from domain.rules.reminder_rules import ReminderRules
from domain.templates import Templates
from domain.texts import Catalogue


@dataclass(frozen=True, slots=True)
class DeskData:
    """Data, words and calendar of one desk."""

    words: Catalogue
    form: Form
    rules: Mapping[int, RuleYear]  # by year
    ladders: Mapping[int, Ladder]  # the predikats of every year known, also of years without rules
    indicators: Mapping[int, IndicatorSet]  # by rule year
    calendar: Calendar
    portals: Mapping[int, Portal]  # by rule year
    reasons: Reasons  # the desk gives often
    reminders: ReminderRules
    templates: Templates  # by what they stand for
    timezone: ZoneInfo
    language: str
    bot_name: str
    new_code: Callable[[], str]
    retention_days: int = 30  # raw messages are kept
    contact: str = ""  # whom people may call, as they read it; "" names the unit alone
    channels: tuple[ChannelFacts, ...] = ()  # that are on
    boot: str = ""  # names this process: what was shown before a restart is confirmed anew

    def window(self, rule_year: int, own: tuple[date, date] | None) -> Window:
        """Return the implementation window: `own` of the period, or the rule year's when it is None."""
        rule = self.rules[rule_year].window
        return Window(rule_year, *(own or (rule.from_, rule.until)))

    def counting_rule(self, rule_year: int, own: tuple[date, date] | None) -> CountingRule:
        """What an innovation must fulfil to count; `own` is the period's window, as in `window`."""
        return counting_rule(
            self.rules[rule_year], self.indicators[rule_year], window=self.window(rule_year, own)
        )
