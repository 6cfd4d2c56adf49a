"""How each period stands, as a row of a table: who has a duty, and what may be said of its index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.exporting.columns import Cell, Style
from bot.exporting.facts import ExportFacts
from domain.index import headline, index_words
from domain.index.judgement import Judgement
from domain.message import plain
from domain.texts import Say
from storage import periods, reports, scores
from storage.engine.transaction import Transaction
from storage.periods import Period
from storage.scores import Figures


@dataclass(frozen=True, slots=True)
class PeriodStanding:
    """One period with its counts and its judged index."""

    period: Period
    figures: Figures
    judged: Judgement


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """One column: its heading, its width in characters, and the cell of a period."""

    heading: str
    width: int
    style: Style
    of: Callable[[PeriodStanding], Cell]


def standings(facts: ExportFacts, tx: Transaction, *, year: int | None) -> Sequence[PeriodStanding]:
    """Read how the periods of a year stand, or all of them, the newest first."""
    return [
        PeriodStanding(period, scores.figures(tx, period.id), reports.judged(tx, facts, period=period))
        for period in periods.every(tx)
        if year in (None, period.year) and period.rule_year in facts.rules
    ]


def period_columns(facts: ExportFacts) -> tuple[PeriodColumn, ...]:
    """List the columns; whatever is said of an index is what `/status` says of it."""
    say = facts.say
    return (
        PeriodColumn(say("exported.col_year"), 8, "plain", lambda row: row.period.year),
        PeriodColumn(say("exported.col_on_duty"), 10, "number", lambda row: row.figures.offices),
        PeriodColumn(say("exported.col_exempt"), 14, "number", lambda row: row.figures.exempt),
        PeriodColumn(say("exported.col_have_sent"), 16, "number", lambda row: row.figures.done),
        PeriodColumn(
            say("exported.col_have_not"), 16, "number", lambda row: row.figures.offices - row.figures.done
        ),
        PeriodColumn(say("exported.col_counted"), 18, "number", lambda row: row.judged.count),
        PeriodColumn(
            say("exported.col_index"), 34, "text", lambda row: plain(headline.index(row.judged, say))
        ),
        PeriodColumn(
            say("exported.col_verified_index"), 40, "text", lambda row: plain(_say_verified(row.judged, say))
        ),
        PeriodColumn(
            say("exported.col_distance"), 30, "text", lambda row: plain(headline.distance(row.judged, say))
        ),
        PeriodColumn(
            say("exported.col_missing"), 60, "text", lambda row: plain(headline.missing(row.judged, say))
        ),
        PeriodColumn(
            say("exported.col_official"), 40, "text", lambda row: plain(headline.official(row.judged, say))
        ),
        PeriodColumn(say("exported.col_as_of"), 60, "text", lambda row: _write_footer(facts, row)),
    )


def _say_verified(judged: Judgement, say: Say) -> str:
    return headline.verified(judged, say) if judged.claimed else headline.index(judged, say)


def _write_footer(facts: ExportFacts, standing: PeriodStanding) -> str:
    at = facts.now.astimezone(facts.timezone)
    return plain(index_words.footer(facts.say, standing.judged.rule_year, at=at))
