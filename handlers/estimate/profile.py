"""/profil: the desk keeps the regency's own rows, the target, the published results and the weights of
effort.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain import buttons
from domain.index import headline
from domain.index.judgement import predikat_of
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.reading.dates import PartialDate, say_date
from domain.rules.indicators import LEVELS
from domain.rules.load import RuleYear, SpdRow
from domain.texts import Marked, join, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_words, profile_asks
from storage import contacts, periods, profile, reports
from storage.engine.utc import utc_time
from storage.periods import Period
from storage.reports import PeriodFigures

ROWS_A_PAGE, EFFORTS_A_PAGE = 7, 8
LABEL_CHARS = 36  # of a row's or an indicator's name on its button
FIRST_NO = 16  # of the indicators
CHANGES_SHOWN = 10
EFFORTS = range(1, 10)
MARK = "✔"


def overview(ctx: Context, notice: str = "") -> list[Message]:
    """Show profile, target and published results, and the doors to change them."""
    contacts.close_dialogue(ctx.tx, ctx.person.id)
    period = figure_words.period(ctx)
    if period is None:
        return message(ctx.say("ui.no_period"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    rule, found = _standing(ctx, period)
    spd = ctx.say(
        "profile.spd" if rule.spd else "figure_pages.spd_unknown",
        points=figure_words.number(ctx, found.spd),
        maximum=figure_words.number(ctx, rule.index.spd_max, places=None),
        filled=len(found.levels),
        rows=len(rule.spd),
        rules=rule.year,
    )
    told = ctx.say(
        "profile.overview",
        year=period.year,
        spd=spd,
        target=figure_words.number(ctx, found.target),
        results=_results(ctx),
        index=headline.index(reports.judged(ctx.tx, ctx.desk_data, period=period, figures=found), ctx.say),
    )
    parts = (notice, told, _missing_result(ctx, period), figure_words.footer(ctx, period.rule_year))
    return message(join(parts), *_doors(ctx, rule))


def _missing_result(ctx: Context, period: Period) -> str:
    """Ask for the official result of the year before, as long as it is not entered."""
    before = period.year - 1
    there = any(one.year == before for one in profile.published(ctx.tx))
    return "" if there else ctx.say("profile.missing_result", year=before)


def _standing(ctx: Context, period: Period) -> tuple[RuleYear, PeriodFigures]:
    rule = ctx.desk_data.rules[period.rule_year]
    return rule, reports.period_figures(ctx.tx, period.id, rule=rule)


def _results(ctx: Context) -> Marked:
    """List the published results with the predikat of their own year, and where they come from."""
    lines = []
    for one in profile.published(ctx.tx):
        named = headline.predikat(predikat_of(one, ctx.desk_data.ladders), ctx.say)
        value = figure_words.number(ctx, one.value)
        lines.append(ctx.say("profile.result", year=one.year, value=value, predikat=named, source=one.source))
    return join(lines, by="\n") or ctx.say("profile.no_results")


def _doors(ctx: Context, rule: RuleYear) -> Rows:
    say = ctx.say
    rows = (
        Choice(say("profile.rows_button"), buttons.Profile("rows")),
        Choice(say("profile.moves_button"), buttons.Profile("moves")),
    )
    return (
        *((rows,) if rule.spd else ()),
        (
            Choice(say("profile.target_button"), buttons.Profile("target")),
            Choice(say("profile.results_button"), buttons.Profile("results")),
        ),
        (
            Choice(say("profile.efforts_button"), buttons.Profile("efforts")),
            Choice(say("opens.status"), buttons.Open("status")),
        ),
    )


def _back(ctx: Context, to: Literal["top", "rows", "efforts"] = "top") -> tuple[Choice, ...]:
    return (Choice(ctx.say("figure_words.back"), buttons.Profile(to)),)


# the rows


def _rows(ctx: Context, period: Period, *, at: int = 0) -> list[Message]:
    """Offer a page of the rows; those with a level carry a mark."""
    rule, found = _standing(ctx, period)
    pages = page_count(len(rule.spd), ROWS_A_PAGE)
    at = min(at, pages - 1)
    here = rule.spd[at * ROWS_A_PAGE : (at + 1) * ROWS_A_PAGE]
    earlier = _earlier(ctx, period)
    lines = [_row_line(ctx, row, levels=found.levels, earlier=earlier) for row in here]
    head = ctx.say(
        "profile.rows_title", points=figure_words.number(ctx, found.spd), maximum=rule.index.spd_max
    )
    rows = [(Choice(_row_label(ctx, row, levels=found.levels), buttons.ProfileRow(row.no)),) for row in here]
    turning = pager(ctx.say, lambda to: buttons.Profile("rows", to), page=at, pages=pages)
    return message(join((head, join(lines, by="\n"))), *rows, *turning, _back(ctx))


def _row_label(ctx: Context, row: SpdRow, *, levels: Mapping[str, int]) -> str:
    name = shortened(row.name.in_(ctx.say.language), LABEL_CHARS)
    return f"{MARK if row.no in levels else ''} {row.no} · {name}".lstrip()


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The profile of the period before: a start to look at, never a level of this one until the desk
    chooses it.
    """

    year: int
    levels: Mapping[str, int]


def _earlier(ctx: Context, period: Period) -> _Earlier | None:
    before = next((one for one in periods.every(ctx.tx) if one.year < period.year), None)
    return _Earlier(before.year, profile.levels(ctx.tx, before.id)) if before else None


def _row_line(ctx: Context, row: SpdRow, *, levels: Mapping[str, int], earlier: _Earlier | None) -> Marked:
    """Say the level of a row; of one that is not filled in yet, what it was in the period before."""
    named = {"no": row.no, "name": row.name.in_(ctx.say.language)}
    if row.no in levels or earlier is None or row.no not in earlier.levels:
        return ctx.say("profile.row_line", **named, level=levels.get(row.no, "–"))
    return ctx.say("profile.row_line_earlier", **named, year=earlier.year, level=earlier.levels[row.no])


def _row(ctx: Context, period: Period, *, no: str, notice: str = "") -> list[Message]:
    """Ask the level of one row: the levels are chosen, for some bands overlap (iga.md section 3)."""
    rule, found = _standing(ctx, period)
    row = next((one for one in rule.spd if one.no == no), None)
    if row is None:
        return _rows(ctx, period)
    level, language = found.levels.get(no), ctx.say.language
    needs = [
        ctx.say(
            "figure_pages.level_chosen" if n == level else "figure_pages.level",
            level=n,
            text=words.in_(language),
        )
        for n, words in enumerate(row.levels, 1)
    ]
    head = ctx.say(
        "profile.row_title",
        no=row.no,
        name=row.name.in_(language),
        variable=row.variable,
        weight=figure_words.number(ctx, row.weight, places=None),
        mandatory=ctx.say("profile.mandatory") if row.mandatory else "",
    )
    choices = tuple(
        Choice(f"{MARK} {n}" if n == level else str(n), buttons.ProfileLevel(no, n)) for n in (0, *LEVELS)
    )
    earlier, offered = _earlier(ctx, period), ""
    if level is None and earlier and no in earlier.levels:
        offered = ctx.say("profile.row_earlier", year=earlier.year, level=earlier.levels[no])
    text = join((notice, head, join(needs, by="\n"), join((offered, ctx.say("profile.row_ask")), by="\n")))
    return message(text, choices, _neighbours(ctx, rule, row=row), _back(ctx, "rows"))


def _neighbours(ctx: Context, rule: RuleYear, *, row: SpdRow) -> tuple[Choice, ...]:
    at, every = rule.spd.index(row), rule.spd
    before, after = every[at - 1], every[(at + 1) % len(every)]
    return (
        Choice(f"◀ {before.no}", buttons.ProfileRow(before.no)),
        Choice(f"{after.no} ▶", buttons.ProfileRow(after.no)),
    )


def _set(ctx: Context, period: Period, *, no: str, level: int) -> list[Message]:
    """Keep a level and say how the number moved; then the next row that is empty."""
    rule, before = _standing(ctx, period)
    said_before = headline.short(
        reports.judged(ctx.tx, ctx.desk_data, period=period, figures=before), ctx.say
    )
    row = next((one for one in rule.spd if one.no == no), None)
    if row is None or level not in (0, *LEVELS):
        return _rows(ctx, period)
    profile.set_level(ctx.tx, period.id, row=no, level=level, by=ctx.person.id, now=ctx.now)
    _, after = _standing(ctx, period)
    moved = ctx.say(
        "profile.moved",
        no=no,
        level=level,
        spd_before=figure_words.number(ctx, before.spd),
        spd=figure_words.number(ctx, after.spd),
        before=said_before,
        after=headline.short(reports.judged(ctx.tx, ctx.desk_data, period=period, figures=after), ctx.say),
        rules=rule.year,
    )
    at = rule.spd.index(row)
    order = (*rule.spd[at + 1 :], *rule.spd[:at])
    coming = next((one for one in order if one.no not in after.levels), row)
    return _row(ctx, period, no=coming.no, notice=moved)


def _moves(ctx: Context, period: Period) -> list[Message]:
    """List the latest changes of the rows."""
    lines = [
        ctx.say(
            "profile.change" if one.old != one.new else "profile.change_none",
            day=say_date(
                PartialDate(utc_time(one.at).astimezone(ctx.desk_data.timezone).date()), ctx.say.language
            ),
            name=one.name,
            row=one.row,
            old=one.old,
            new=one.new,
        )
        for one in profile.changes(ctx.tx, period.id, limit=CHANGES_SHOWN)
    ]
    text = join((ctx.say("profile.changes_title"), join(lines, by="\n") or ctx.say("profile.no_changes")))
    return message(text, _back(ctx))


# efforts


def _efforts(ctx: Context, period: Period, *, at: int = 0, notice: str = "") -> list[Message]:
    """Offer a page of the indicators, with the effort one step up of each takes."""
    weights, every = profile.efforts(ctx.tx), ctx.desk_data.indicators[period.rule_year].indicators
    pages = page_count(len(every), EFFORTS_A_PAGE)
    at = min(at, pages - 1)
    rows = []
    for one in every[at * EFFORTS_A_PAGE : (at + 1) * EFFORTS_A_PAGE]:
        name = shortened(one.name.in_(ctx.say.language), LABEL_CHARS)
        rows.append((Choice(f"{one.no} · {name}: {weights.get(one.no, 1)}", buttons.ProfileEffort(one.no)),))
    turning = pager(ctx.say, lambda to: buttons.Profile("efforts", to), page=at, pages=pages)
    return message(join((notice, ctx.say("profile.efforts_title"))), *rows, *turning, _back(ctx))


def _effort(ctx: Context, period: Period, *, no: int, weight: int) -> list[Message]:
    """Ask the effort of one indicator, or keep it."""
    indicator = ctx.desk_data.indicators[period.rule_year].by_no.get(no)
    if indicator is None:
        return _efforts(ctx, period)
    name = indicator.name.in_(ctx.say.language)
    if weight in EFFORTS:
        profile.set_effort(ctx.tx, indicator.no, weight=weight, by=ctx.person.id, now=ctx.now)
        notice = ctx.say("profile.effort_set", no=indicator.no, name=name, weight=weight)
        return _efforts(ctx, period, at=(indicator.no - FIRST_NO) // EFFORTS_A_PAGE, notice=notice)
    choices = [Choice(str(n), buttons.ProfileEffort(indicator.no, n)) for n in EFFORTS]
    rows = [tuple(choices[n : n + 3]) for n in range(0, len(choices), 3)]
    return message(ctx.say("profile.effort_ask", no=indicator.no, name=name), *rows, _back(ctx, "efforts"))


Page = buttons.Profile | buttons.ProfileRow | buttons.ProfileLevel | buttons.ProfileEffort


def tapped(ctx: Context, button: Page) -> list[Message]:
    """Open a door of the profile in the place of the page it was tapped on."""
    period = figure_words.period(ctx)
    if period is not None and isinstance(button, buttons.Profile) and button.page in ("target", "results"):
        return profile_asks.begin(ctx, button.page)
    return ui.in_place(ctx, _page(ctx, period, button=button) if period else overview(ctx))


def _page(ctx: Context, period: Period, *, button: Page) -> list[Message]:
    match button:
        case buttons.Profile(page="rows", at=at):
            return _rows(ctx, period, at=at)
        case buttons.Profile(page="moves"):
            return _moves(ctx, period)
        case buttons.Profile(page="efforts", at=at):
            return _efforts(ctx, period, at=at)
        case buttons.ProfileRow(row=no):
            return _row(ctx, period, no=no)
        case buttons.ProfileLevel(row=no, level=level):
            return _set(ctx, period, no=no, level=level)
        case buttons.ProfileEffort(indicator=number, effort=effort):
            return _effort(ctx, period, no=number, weight=effort)
        case _:
            return overview(ctx)


def said(ctx: Context) -> list[Message]:
    """Take what was typed while a target or a published result is asked for."""
    done = profile_asks.said(ctx)
    return overview(ctx, done) if isinstance(done, Marked) else done
