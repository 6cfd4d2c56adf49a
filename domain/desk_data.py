"""What is loaded once at the start: form, rules, texts, calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.channel_facts import ChannelFacts
from domain.draft.eligibility import CountingRule, counting_rule, mandatory_in
from domain.draft.path import Window
from domain.knowledge.finder import Knowledge
from domain.portal import Portal
from domain.rules.calendar import Calendar
from domain.rules.form import Form
from domain.rules.indicators import IndicatorSet
from domain.rules.load import Ladder, RuleYear
from domain.rules.reasons import Reasons
from domain.rules.reminder_rules import ReminderRules
from domain.templates import Templates
from domain.texts import Catalogue


class MadeUnder(Protocol):
    """Whatever is counted by the indicators of a year: an innovation, its line in a list, its export."""

    @property
    def rule_year(self) -> int:
        """The year of its rules."""

    @property
    def edition(self) -> int:
        """The edition of that year's indicators; 0 for the present one."""


@dataclass(frozen=True, slots=True)
class DeskData:
    """Data, words and calendar of one desk."""

    words: Catalogue
    form: Form
    rules: Mapping[int, RuleYear]  # by year
    ladders: Mapping[int, Ladder]  # the predikats of every year known, also of years without rules
    indicators: Mapping[int, IndicatorSet]  # by rule year, as they are now
    calendar: Calendar
    portals: Mapping[int, Portal]  # by rule year
    reasons: Reasons  # the desk gives often
    reminders: ReminderRules
    knowledge: Knowledge  # what people ask about
    templates: Templates  # by what they stand for
    timezone: ZoneInfo
    language: str
    new_code: Callable[[], str]
    retention_days: int = 30  # raw messages are kept
    contact: str = ""  # whom people may call, as they read it; "" names the unit alone
    channels: Sequence[ChannelFacts] = ()  # that are on
    # indicators that a change of the data files has replaced, by the number of their edition
    editions: Mapping[int, IndicatorSet] = field(default_factory=dict)
    boot: str = ""  # names this process: what was shown before a restart is confirmed anew

    @property
    def channels_to_come_by(self) -> Sequence[ChannelFacts]:
        """Return the channels people may be led to: one that has never opened has no link yet."""
        return [channel for channel in self.channels if channel.link]

    @property
    def deciding_rules(self) -> Mapping[int, tuple[RuleYear, IndicatorSet]]:
        """What moves the index, by rule year, as the data files have it now."""
        return {year: (rule, self.indicators[year]) for year, rule in self.rules.items()}

    def indicators_of(self, made: MadeUnder) -> IndicatorSet:
        """Return the indicators something was made with: those of its rule year, or the edition they
        replaced.
        """
        return self.editions[made.edition] if made.edition else self.indicators[made.rule_year]

    def window(self, rule_year: int, own: tuple[date, date] | None) -> Window:
        """Return the implementation window: `own` of the period, or the rule year's when it is None."""
        rule = self.rules[rule_year].window
        return Window(rule_year, *(own or (rule.from_, rule.until)))

    def mandatory(self, rule_year: int) -> tuple[int, ...]:
        """Number the indicators without which an innovation is in no verified figure."""
        return mandatory_in(self.rules[rule_year], self.indicators[rule_year])

    def counting_rule(self, rule_year: int, own: tuple[date, date] | None) -> CountingRule:
        """Return what an innovation must fulfil to count; `own` is the period's window, as in `window`."""
        return counting_rule(
            self.rules[rule_year], self.indicators[rule_year], window=self.window(rule_year, own)
        )
