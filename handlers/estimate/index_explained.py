"""Why the index is what it is: its components, the basic-service affairs, the rows of the regency's own
profile.
"""

from __future__ import annotations

from domain import buttons
from domain.index import headline
from domain.index.estimate import Estimate
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.rules.load import SpdRow
from domain.texts import Marked, join
from handlers.context import Context
from handlers.estimate import figure_words
from handlers.estimate.page_frame import back, made
from storage import reports
from storage.periods import Period
from storage.reports import PeriodFigures

ROWS_A_PAGE = 10


def components(ctx: Context, period: Period) -> list[Message]:
    """Explain the claimed index: one line for each component, which add up to it."""
    standing = reports.period_figures(ctx.tx, period.id, rule=ctx.desk_data.rules[period.rule_year])
    judged, found = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=standing), standing.claimed
    if judged.claimed is None:
        spd = found.line("spd")
        told = ctx.say(
            "figure_pages.why_none", points=figure_words.number(ctx, spd.points), maximum=spd.maximum
        )
        return made(ctx, period, (told,), *_doors(ctx))
    lines = [
        ctx.say(
            key,
            points=figure_words.number(ctx, line.points),
            maximum=figure_words.number(ctx, line.maximum, places=None),
            share=figure_words.number(ctx, line.share),
            maturity=figure_words.number(ctx, found.sums.maturity, places=None),
            divisor=found.divisor,
            count=found.sums.count,
        )
        for key, line in zip(
            ("figure_pages.why_spd", "figure_pages.why_average", "figure_pages.why_count"),
            found.lines,
            strict=True,
        )
    ]
    total = ctx.say(
        "figure_pages.why_total",
        total=figure_words.number(ctx, found.total),
        index=headline.open_index(judged.claimed, ctx.say),
        maximum=figure_words.number(ctx, ctx.desk_data.rules[period.rule_year].index.total, places=None),
    )
    title = ctx.say("figure_pages.why_title", index=headline.span(judged.claimed, ctx.say))
    parts = (title, join((*lines, total, headline.missing(judged, ctx.say)), by="\n"), _affairs(ctx, found))
    return made(ctx, period, parts, *_doors(ctx))


def _doors(ctx: Context) -> Rows:
    return (
        (Choice(ctx.say("figure_pages.spd_button"), buttons.Status("spd")),),
        back(ctx, buttons.Status("now")),
    )


def _affairs(ctx: Context, found: Estimate) -> Marked:
    """Name the basic-service affairs that are there and those that are not."""
    options = {option.id: option.label for option in ctx.desk_data.form.by_id["urusan_utama"].options}
    there, missing = (
        ", ".join(options[name].in_(ctx.say.language) for name in names) or "–"
        for names in (found.basic, found.missing)
    )
    if found.needed is None:
        return ctx.say("figure_pages.affairs_unknown", there=there, missing=missing)
    key = "figure_pages.affairs_met" if found.condition_met else "figure_pages.affairs_short"
    return ctx.say(key, there=there, missing=missing, needed=found.needed)


def rows(ctx: Context, period: Period, *, at: int = 0) -> list[Message]:
    """List a page of the rows of the regency's own profile."""
    rule = ctx.desk_data.rules[period.rule_year]
    if not rule.spd:
        return made(
            ctx,
            period,
            (ctx.say("figure_pages.spd_unknown", rules=rule.year),),
            back(ctx, buttons.Status("why")),
        )
    found = reports.period_figures(ctx.tx, period.id, rule=rule)
    pages = page_count(len(rule.spd), ROWS_A_PAGE)
    at = min(at, pages - 1)
    here = rule.spd[at * ROWS_A_PAGE : (at + 1) * ROWS_A_PAGE]
    lines = [_row_line(ctx, row, figures=found) for row in here]
    title = ctx.say(
        "figure_pages.spd_title", points=figure_words.number(ctx, found.spd), maximum=rule.index.spd_max
    )
    starts = found.starts
    note = ctx.say("figure_pages.spd_note", year=starts.year) if starts.levels else ""
    turning = pager(ctx.say, lambda to: buttons.Status("spd", to), page=at, pages=pages)
    parts = (join((title, note), by="\n"), join(lines, by="\n"))
    return made(ctx, period, parts, *turning, back(ctx, buttons.Status("why")))


def _row_line(ctx: Context, row: SpdRow, *, figures: PeriodFigures) -> Marked:
    starts, level = figures.starts, figures.levels.get(row.no, 0)
    named = {"no": row.no, "star": "*" if row.mandatory else "", "name": row.name.in_(ctx.say.language)}
    if row.no in starts.levels:
        return ctx.say("figure_pages.spd_unchecked", **named, level=starts.levels[row.no])
    # a level 0 that was chosen is an answer, no gap
    key = "figure_pages.spd_line" if row.no in figures.levels else "figure_pages.spd_empty"
    return ctx.say(
        key, **named, level=level, points=figure_words.number(ctx, row.weight * level, places=None)
    )
