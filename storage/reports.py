"""Figures of the whole regency: the estimate of the index now or at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.desk_data import DeskData
from domain.index.chart import WEEKS, Week
from domain.index.estimate import Estimate, estimate, spd
from domain.index.judgement import Judgement, Known, Starts, change, judge
from domain.rules.calendar import WEEK
from domain.rules.load import Ladder, Published, RuleYear
from storage import profile, profile_starts, scores
from storage.engine.transaction import Transaction
from storage.periods import Period
from storage.scores import Figures


class HasRules(Protocol):
    """The rule years and the predikats of every year, as the data of the desk and of an export hold them."""

    @property
    def rules(self) -> Mapping[int, RuleYear]:
        """The rules by year."""

    @property
    def ladders(self) -> Mapping[int, Ladder]:
        """The predikats by year."""


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """The figures of a period: the counts, the two estimates, the target."""

    figures: Figures
    levels: Mapping[str, int]  # of the SPD rows
    starts: Starts  # levels of an earlier year for rows that are not filled in
    claimed: Estimate  # by the levels the offices chose
    verified: Estimate  # by the levels the desk accepted, of the innovations it verified
    target: Decimal

    @property
    def spd(self) -> Decimal:
        """Points of the SPD rows."""
        return self.claimed.line("spd").points


def period_figures(tx: Transaction, period_id: int, *, rule: RuleYear) -> PeriodFigures:
    """Read how a period stands now, by the rules of a year.

    Costs one row for each office and for each SPD row, however many innovations there are.
    """
    filled = profile.levels(tx, period_id), profile_starts.unchecked(tx, period_id)
    return _compute_figures(tx, period_id, rule=rule, figures=scores.figures(tx, period_id), filled=filled)


def period_figures_at(
    tx: Transaction, period_id: int, *, rule: RuleYear, moment: datetime
) -> PeriodFigures | None:
    """Read how a period stood at a moment (to the hour), by the rules of a year; None before the first
    change.

    The target is today's: it is an aim, not a figure of the past.
    """
    figures = scores.figures_at(tx, period_id, moment=moment)
    if figures is None:
        return None
    levels = profile.levels_at(tx, period_id, moment=moment)
    starts = profile_starts.unchecked_at(tx, period_id, moment=moment)
    return _compute_figures(tx, period_id, rule=rule, figures=figures, filled=(levels, starts))


def judged(
    tx: Transaction, desk_data: HasRules, *, period: Period, figures: PeriodFigures | None = None
) -> Judgement:
    """Say what may be said of the index of a period as it stands now."""
    rule = desk_data.rules[period.rule_year]
    return _judge(
        desk_data,
        period,
        figures=figures or period_figures(tx, period.id, rule=rule),
        published=profile.published(tx),
    )


def judged_at(tx: Transaction, desk_data: DeskData, *, period: Period, moment: datetime) -> Judgement | None:
    """Say what could be said at a moment (to the hour); None before the first change.

    A result of the period's own year is left out until it was entered; those of earlier years were there.
    """
    figures = period_figures_at(tx, period.id, rule=desk_data.rules[period.rule_year], moment=moment)
    if figures is None:
        return None
    later = profile.entered_since(tx, moment)
    published = [
        result for result in profile.published(tx) if result.year < period.year or result.year not in later
    ]
    return _judge(desk_data, period, figures=figures, published=published)


def _judge(
    desk_data: HasRules, period: Period, *, figures: PeriodFigures, published: Sequence[Published]
) -> Judgement:
    known = Known(figures.levels, tuple(published), desk_data.ladders, figures.target, figures.starts)
    totals = figures.figures
    rule = desk_data.rules[period.rule_year]
    return judge(period.year, rule, claimed=totals.claimed, verified=totals.verified, known=known)


def trend(tx: Transaction, desk_data: DeskData, *, period: Period, now: datetime) -> tuple[Week, ...]:
    """Read what could be said at the same hour of the past weeks, the oldest first, then now."""
    moments = [now - weeks * WEEK for weeks in range(WEEKS, 0, -1)]
    stood = [(moment, judged_at(tx, desk_data, period=period, moment=moment)) for moment in moments]
    rows = [(moment, judgement) for moment, judgement in stood if judgement is not None]
    return tuple(
        Week.of(moment.astimezone(desk_data.timezone).date(), judgement)
        for moment, judgement in (*rows, (now, judged(tx, desk_data, period=period)))
    )


def change_of_week(tx: Transaction, desk_data: DeskData, *, period: Period, now: datetime) -> Decimal | None:
    """What the claimed index did in seven days; None where the two moments cannot be compared."""
    before = judged_at(tx, desk_data, period=period, moment=now - WEEK)
    return change(before, judged(tx, desk_data, period=period)) if before else None


def _compute_figures(
    tx: Transaction,
    period_id: int,
    *,
    rule: RuleYear,
    figures: Figures,
    filled: tuple[Mapping[str, int], Starts],
) -> PeriodFigures:
    levels, starts = filled
    rows = {row.no for row in rule.spd}
    # the rule year may have been changed
    known = {row: level for row, level in levels.items() if row in rows}
    points = spd(rule, known).points
    aim = profile.target(tx, period_id)
    return PeriodFigures(
        figures=figures,
        levels=known,
        starts=starts,
        claimed=estimate(rule, figures.claimed, spd_points=points),
        verified=estimate(rule, figures.verified, spd_points=points),
        target=rule.best if aim is None else aim,
    )
