"""The rows of the regency's profile: their levels one by one, and the earlier year as a marked start."""

from __future__ import annotations

from collections.abc import Container

from domain import buttons
from domain.index import headline
from domain.index.judgement import Starts
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.rules.indicators import LEVELS
from domain.rules.load import RuleYear, SpdRow
from domain.texts import Marked, join, shortened
from handlers.context import Context, message
from handlers.estimate import figure_words
from storage import periods, profile, profile_starts, reports
from storage.periods import Period
from storage.reports import PeriodFigures

ROWS_A_PAGE = 7
LABEL_CHARS = 36  # of a row's name on its button
MARK, UNCHECKED = "✔", "…"
EVERY_ROW = "all"


def rows(ctx: Context, period: Period, *, at: int = 0, notice: str = "") -> list[Message]:
    """Offer a page of the rows; those with a level carry a mark, those to be checked another."""
    rule, figures = _load_standing(ctx, period)
    pages = page_count(len(rule.spd), ROWS_A_PAGE)
    at = min(at, pages - 1)
    on_page = rule.spd[at * ROWS_A_PAGE : (at + 1) * ROWS_A_PAGE]
    offered = _find_offered(ctx, period, figures=figures)
    lines = [_write_row(ctx, row, figures=figures, offered=offered) for row in on_page]
    head = ctx.say(
        "profile.rows_title", points=figure_words.number(ctx, figures.spd), maximum=rule.index.spd_max
    )
    labels = [
        (Choice(_write_row_label(ctx, row, figures=figures), buttons.ProfileRow(row.no)),) for row in on_page
    ]
    turning = pager(ctx.say, lambda to: buttons.Profile("rows", to), page=at, pages=pages)
    doors = (*_make_start_of_all(ctx, offered), *labels, *turning, _make_back(ctx, buttons.Profile("top")))
    return message(join((notice, head, join(lines, by="\n"))), *doors)


def _load_standing(ctx: Context, period: Period) -> tuple[RuleYear, PeriodFigures]:
    rule = ctx.desk_data.rules[period.rule_year]
    return rule, reports.period_figures(ctx.tx, period.id, rule=rule)


def _make_back(ctx: Context, to: buttons.Profile) -> tuple[Choice, ...]:
    return (Choice(ctx.say("figure_words.back"), to),)


def _find_offered(ctx: Context, period: Period, *, figures: PeriodFigures) -> Starts:
    """Find the levels of the period before for rows that have none and are the same in both rule years."""
    before = next((other for other in periods.every(ctx.tx) if other.year < period.year), None)
    if before is None:
        return Starts()
    known, then = ctx.desk_data.rules[period.rule_year].spd, ctx.desk_data.rules[before.rule_year].spd
    same = {row.no for row in known if row in then} - set(figures.levels) - set(figures.starts.levels)
    levels = profile.levels(ctx.tx, before.id)
    return Starts(before.year, {no: level for no, level in levels.items() if no in same})


def _make_start_of_all(ctx: Context, offered: Starts) -> Rows:
    if not offered.levels:
        return ()
    label = ctx.say("profile.start_all", count=len(offered.levels), year=offered.year)
    return ((Choice(label, buttons.ProfileStart(EVERY_ROW)),),)


def _write_row_label(ctx: Context, row: SpdRow, *, figures: PeriodFigures) -> str:
    name = shortened(row.name.in_(ctx.say.language), LABEL_CHARS)
    mark = UNCHECKED if row.no in figures.starts.levels else ""
    return f"{MARK if row.no in figures.levels else mark} {row.no} · {name}".lstrip()


def _write_row(ctx: Context, row: SpdRow, *, figures: PeriodFigures, offered: Starts) -> Marked:
    """Say the level of a row: chosen, taken over and not checked, or what it was in the period before."""
    named = {"no": row.no, "name": row.name.in_(ctx.say.language)}
    starts = figures.starts
    if row.no in starts.levels:
        return ctx.say("profile.row_line_started", **named, year=starts.year, level=starts.levels[row.no])
    if row.no in offered.levels:
        return ctx.say("profile.row_line_offered", **named, year=offered.year, level=offered.levels[row.no])
    return ctx.say("profile.row_line", **named, level=figures.levels.get(row.no, "–"))


def row_page(ctx: Context, period: Period, *, no: str, notice: str = "") -> list[Message]:
    """Ask the level of one row: the levels are chosen, for some bands overlap (iga.md section 3)."""
    rule, figures = _load_standing(ctx, period)
    row = _find_row(rule, no)
    if row is None:
        return rows(ctx, period)
    level, language = figures.levels.get(no), ctx.say.language
    needs = figure_words.levels(ctx, row.levels, chosen=level)
    mandatory = ctx.say("profile.mandatory") if row.mandatory else ""
    head = ctx.say(
        "profile.row_title",
        no=row.no,
        name=join((row.name.in_(language), mandatory), by=" "),
        variable=row.variable,
        weight=figure_words.number(ctx, row.weight, places=None),
    )
    choices = tuple(
        Choice(f"{MARK} {n}" if n == level else str(n), buttons.ProfileLevel(no, n)) for n in (0, *LEVELS)
    )
    offered = _find_offered(ctx, period, figures=figures)
    asked = join((_say_start(ctx, no, figures=figures, offered=offered), ctx.say("profile.row_ask")), by="\n")
    doors = (*_make_start_of_row(ctx, no, offered=offered), _make_neighbours(ctx, rule, row=row))
    text = join((notice, head, needs, asked))
    return message(text, choices, *doors, _make_back(ctx, buttons.Profile("rows")))


def _find_row(rule: RuleYear, no: str) -> SpdRow | None:
    return next((row for row in rule.spd if row.no == no), None)


def _say_start(ctx: Context, no: str, *, figures: PeriodFigures, offered: Starts) -> str:
    """Say what the level was in the period before, and whether it waits to be checked."""
    starts = figures.starts
    if no in starts.levels:
        return ctx.say("profile.row_started", year=starts.year, level=starts.levels[no])
    if no in offered.levels:
        return ctx.say("profile.row_offered", year=offered.year, level=offered.levels[no])
    return ""


def _make_start_of_row(ctx: Context, no: str, *, offered: Starts) -> Rows:
    if no not in offered.levels:
        return ()
    label = ctx.say("profile.start_row", level=offered.levels[no], year=offered.year)
    return ((Choice(label, buttons.ProfileStart(no)),),)


def _make_neighbours(ctx: Context, rule: RuleYear, *, row: SpdRow) -> tuple[Choice, ...]:
    at, every = rule.spd.index(row), rule.spd
    before, after = every[at - 1], every[(at + 1) % len(every)]
    return (
        Choice(f"◀ {before.no}", buttons.ProfileRow(before.no)),
        Choice(f"{after.no} ▶", buttons.ProfileRow(after.no)),
    )


def chosen(ctx: Context, period: Period, *, no: str, level: int) -> list[Message]:
    """Keep a level and say how the number moved; then the next row that is empty or to be checked."""
    rule, before = _load_standing(ctx, period)
    if _find_row(rule, no) is None or level not in (0, *LEVELS):
        return rows(ctx, period)
    profile.set_level(ctx.tx, period.id, row=no, level=level, by=ctx.person.id, now=ctx.now)
    _, after = _load_standing(ctx, period)
    moved = ctx.say(
        "profile.moved",
        no=no,
        level=level,
        spd_before=figure_words.number(ctx, before.spd),
        spd=figure_words.number(ctx, after.spd),
        before=_shorten(ctx, period, figures=before),
        after=_shorten(ctx, period, figures=after),
        rules=rule.year,
    )
    return row_page(ctx, period, no=_find_next(rule, no, filled=after.levels), notice=moved)


def _shorten(ctx: Context, period: Period, *, figures: PeriodFigures) -> Marked:
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures)
    return headline.short(judged, ctx.say)


def _find_next(rule: RuleYear, no: str, *, filled: Container[str]) -> str:
    """Name the next row after one that is not filled in, or the same one when there is none."""
    numbers = [row.no for row in rule.spd]
    at = numbers.index(no)
    return next((other for other in (*numbers[at + 1 :], *numbers[:at]) if other not in filled), no)


def start(ctx: Context, period: Period, *, no: str) -> list[Message]:
    """Take over the level of the period before, for one row or for every row that is empty."""
    rule, figures = _load_standing(ctx, period)
    offered = _find_offered(ctx, period, figures=figures)
    wanted = {row: level for row, level in offered.levels.items() if no in (row, EVERY_ROW)}
    if not wanted:
        return rows(ctx, period)
    taken = Starts(offered.year, wanted)
    profile_starts.take(ctx.tx, period.id, starts=taken, by=ctx.person.id, now=ctx.now)
    if no == EVERY_ROW:
        return rows(ctx, period, notice=ctx.say("profile.started", count=len(wanted), year=offered.year))
    notice = ctx.say("profile.started_row", no=no, level=wanted[no], year=offered.year)
    coming = _find_next(rule, no, filled={*figures.levels, *figures.starts.levels, no})
    return row_page(ctx, period, no=coming, notice=notice)
