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
from handlers.estimate import figure_words, lines
from handlers.estimate.page_frame import back, made
from storage import reports
from storage.periods import Period
from storage.reports import PeriodFigures

ROWS_A_PAGE = 10


def components(ctx: Context, period: Period) -> list[Message]:
    """Explain the claimed index: one line for each component, which add up to it."""
    rule = ctx.desk_data.rules[period.rule_year]
    figures = reports.period_figures(ctx.tx, period.id, rule=rule)
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures)
    estimate_now, doors = figures.claimed, _make_doors(ctx, uncounted=lines.uncounted(figures))
    if judged.claimed is None:
        spd = estimate_now.line("spd")
        text = ctx.say(
            "figure_pages.why_none", points=figure_words.number(ctx, spd.points), maximum=spd.maximum
        )
        return made(ctx, period, (text,), *doors)
    total = ctx.say(
        "figure_pages.why_total",
        total=figure_words.number(ctx, estimate_now.total),
        index=headline.open_index(judged.claimed, ctx.say),
        maximum=figure_words.number(ctx, rule.index.total, places=None),
    )
    title = ctx.say("figure_pages.why_title", index=headline.span(judged.claimed, ctx.say))
    sums = (*_write_components(ctx, estimate_now), total, headline.missing(judged, ctx.say))
    parts = (title, join(sums, by="\n"), _name_affairs(ctx, estimate_now))
    return made(ctx, period, parts, *doors)


def _write_components(ctx: Context, estimate_now: Estimate) -> list[Marked]:
    return [
        ctx.say(
            key,
            points=figure_words.number(ctx, line.points),
            maximum=figure_words.number(ctx, line.maximum, places=None),
            share=figure_words.number(ctx, line.share),
            maturity=figure_words.number(ctx, estimate_now.sums.maturity, places=None),
            divisor=estimate_now.divisor,
            count=estimate_now.sums.count,
        )
        for key, line in zip(
            ("figure_pages.why_spd", "figure_pages.why_average", "figure_pages.why_count"),
            estimate_now.lines,
            strict=True,
        )
    ]


def _make_doors(ctx: Context, *, uncounted: int) -> Rows:
    left_out = (Choice(ctx.say("status.uncounted_button"), buttons.Status("uncounted")),)
    return (
        (Choice(ctx.say("figure_pages.spd_button"), buttons.Status("spd")),),
        *((left_out,) if uncounted else ()),
        (Choice(ctx.say("status.offices_button"), buttons.StatusOffices(0)),),
        back(ctx, buttons.Status("now")),
    )


def _name_affairs(ctx: Context, estimate_now: Estimate) -> Marked:
    """Name the basic-service affairs that are there and those that are not."""
    options = {option.id: option.label for option in ctx.desk_data.form.by_id["urusan_utama"].options}
    covered, missing = (
        ", ".join(options[name].in_(ctx.say.language) for name in names) or "–"
        for names in (estimate_now.basic, estimate_now.missing)
    )
    if estimate_now.needed is None:
        return ctx.say("figure_pages.affairs_unknown", there=covered, missing=missing)
    key = "figure_pages.affairs_met" if estimate_now.condition_met else "figure_pages.affairs_short"
    return ctx.say(key, there=covered, missing=missing, needed=estimate_now.needed)


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
    figures = reports.period_figures(ctx.tx, period.id, rule=rule)
    pages = page_count(len(rule.spd), ROWS_A_PAGE)
    at = min(at, pages - 1)
    on_page = rule.spd[at * ROWS_A_PAGE : (at + 1) * ROWS_A_PAGE]
    lines = [_write_row(ctx, row, figures=figures) for row in on_page]
    title = ctx.say(
        "figure_pages.spd_title", points=figure_words.number(ctx, figures.spd), maximum=rule.index.spd_max
    )
    starts = figures.starts
    note = ctx.say("figure_pages.spd_note", year=starts.year) if starts.levels else ""
    turning = pager(ctx.say, lambda to: buttons.Status("spd", to), page=at, pages=pages)
    parts = (join((title, note), by="\n"), join(lines, by="\n"))
    return made(ctx, period, parts, *turning, back(ctx, buttons.Status("why")))


def _write_row(ctx: Context, row: SpdRow, *, figures: PeriodFigures) -> Marked:
    starts, level = figures.starts, figures.levels.get(row.no, 0)
    named = {"no": row.no, "star": "*" if row.mandatory else "", "name": row.name.in_(ctx.say.language)}
    if row.no in starts.levels:
        return ctx.say("figure_pages.spd_unchecked", **named, level=starts.levels[row.no])
    # a level 0 that was chosen is an answer, no gap
    key = "figure_pages.spd_line" if row.no in figures.levels else "figure_pages.spd_empty"
    return ctx.say(
        key, **named, level=level, points=figure_words.number(ctx, row.weight * level, places=None)
    )
