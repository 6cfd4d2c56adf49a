"""/profil: the desk keeps the regency's own rows, the target, the published results and the weights of
effort.
"""

from __future__ import annotations

from typing import Literal

from domain import buttons
from domain.index import headline
from domain.index.judgement import Starts, predikat_of
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.reading.dates import PartialDate, say_date
from domain.rules.load import RuleYear
from domain.texts import Marked, join, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_words, profile_asks, profile_rows
from storage import dialogues, profile, reports, results_asked
from storage.engine.utc import utc_time
from storage.periods import Period
from storage.reports import PeriodFigures

EFFORTS_A_PAGE = 8
LABEL_CHARS = 36  # of an indicator's name on its button
FIRST_NO = 16  # of the indicators
CHANGES_SHOWN = 10
EFFORTS = range(1, 10)


def overview(ctx: Context, notice: str = "") -> list[Message]:
    """Show profile, target and published results, and the doors to change them."""
    dialogues.close(ctx.tx, ctx.person.id)
    period = figure_words.period(ctx)
    if period is None:
        return message(ui.no_period(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    rule, figures = _load_standing(ctx, period)
    text = ctx.say(
        "profile.overview",
        year=period.year,
        spd=_say_spd(ctx, rule, figures=figures),
        target=figure_words.number(ctx, figures.target),
        results=_list_results(ctx, period),
        index=headline.index(reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures), ctx.say),
    )
    missing, ask = _ask_missing_result(ctx, period)
    parts = (notice, text, missing, figure_words.footer(ctx, period.rule_year))
    return message(join(parts), *ask, *_make_doors(ctx, rule))


def _say_spd(ctx: Context, rule: RuleYear, *, figures: PeriodFigures) -> Marked:
    """Say the points of the profile, how many of its rows are filled in, and what is not checked yet."""
    started = figures.starts
    return ctx.say(
        _choose_spd_key(rule, started),
        unchecked=len(started.levels),
        year=started.year,
        points=figure_words.number(ctx, figures.spd),
        maximum=figure_words.number(ctx, rule.index.spd_max, places=None),
        filled=len(figures.levels),
        rows=len(rule.spd),
        rules=rule.year,
    )


def _ask_missing_result(ctx: Context, period: Period) -> tuple[str, Rows]:
    """Ask, once, for the official result of a past year that is not entered, with the way to enter it."""
    year = _find_missing_year(ctx, period)
    if year is None or not results_asked.ask_once(ctx.tx, year, now=ctx.now):
        return "", ()
    ways = (
        Choice(ctx.say("profile.enter_result", year=year), buttons.ProfileResult(year)),
        Choice(ctx.say("profile.put_off"), buttons.Profile("top")),
    )
    return ctx.say("profile.missing_result", year=year), (ways,)


def _find_missing_year(ctx: Context, period: Period) -> int | None:
    """Find the latest past year without an official result, since the first year that has one."""
    known = {result.year for result in profile.published(ctx.tx)}
    first = min(known, default=period.year - 1)
    return max((year for year in range(first, period.year) if year not in known), default=None)


def _load_standing(ctx: Context, period: Period) -> tuple[RuleYear, PeriodFigures]:
    rule = ctx.desk_data.rules[period.rule_year]
    return rule, reports.period_figures(ctx.tx, period.id, rule=rule)


def _choose_spd_key(rule: RuleYear, started: Starts) -> str:
    if not rule.spd:
        return "figure_pages.spd_unknown"
    return "profile.spd_started" if started.levels else "profile.spd"


def _list_results(ctx: Context, period: Period) -> Marked:
    """List the published results with the predikat of their own year, and where they come from."""
    lines = []
    if (year := _find_missing_year(ctx, period)) is not None:
        lines.append(ctx.say("profile.result_missing", year=year))
    for result in profile.published(ctx.tx):
        named = headline.predikat(predikat_of(result, ctx.desk_data.ladders), ctx.say)
        value = figure_words.number(ctx, result.value)
        lines.append(
            ctx.say("profile.result", year=result.year, value=value, predikat=named, source=result.source)
        )
    return join(lines, by="\n") or ctx.say("profile.no_results")


def _make_doors(ctx: Context, rule: RuleYear) -> Rows:
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


def _make_back(ctx: Context, to: Literal["top", "efforts"] = "top") -> tuple[Choice, ...]:
    return (Choice(ctx.say("figure_words.back"), buttons.Profile(to)),)


def _list_moves(ctx: Context, period: Period) -> list[Message]:
    """List the latest changes of the rows."""
    lines = [
        ctx.say(
            "profile.change" if change.old != change.new else "profile.change_none",
            day=say_date(
                PartialDate(utc_time(change.at).astimezone(ctx.desk_data.timezone).date()), ctx.say.language
            ),
            name=change.name,
            row=change.row,
            old=change.old,
            new=change.new,
        )
        for change in profile.changes(ctx.tx, period.id, limit=CHANGES_SHOWN)
    ]
    text = join((ctx.say("profile.changes_title"), join(lines, by="\n") or ctx.say("profile.no_changes")))
    return message(text, _make_back(ctx))


# efforts


def _show_efforts(ctx: Context, period: Period, *, at: int = 0, notice: str = "") -> list[Message]:
    """Offer a page of the indicators, with the effort one improvement of each takes."""
    weights, every = profile.efforts(ctx.tx), ctx.desk_data.indicators[period.rule_year].indicators
    pages = page_count(len(every), EFFORTS_A_PAGE)
    at = min(at, pages - 1)
    rows = []
    for indicator in every[at * EFFORTS_A_PAGE : (at + 1) * EFFORTS_A_PAGE]:
        name = shortened(indicator.name.in_(ctx.say.language), LABEL_CHARS)
        rows.append(
            (
                Choice(
                    f"{indicator.no} · {name}: {weights.get(indicator.no, 1)}",
                    buttons.ProfileEffort(indicator.no),
                ),
            )
        )
    turning = pager(ctx.say, lambda to: buttons.Profile("efforts", to), page=at, pages=pages)
    return message(join((notice, ctx.say("profile.efforts_title"))), *rows, *turning, _make_back(ctx))


def _take_effort(ctx: Context, period: Period, *, no: int, weight: int) -> list[Message]:
    """Ask the effort of one indicator, or keep it."""
    indicator = ctx.desk_data.indicators[period.rule_year].by_no.get(no)
    if indicator is None:
        return _show_efforts(ctx, period)
    name = indicator.name.in_(ctx.say.language)
    if weight in EFFORTS:
        profile.set_effort(ctx.tx, indicator.no, weight=weight, by=ctx.person.id, now=ctx.now)
        notice = ctx.say("profile.effort_set", no=indicator.no, name=name, weight=weight)
        return _show_efforts(ctx, period, at=(indicator.no - FIRST_NO) // EFFORTS_A_PAGE, notice=notice)
    choices = [Choice(str(n), buttons.ProfileEffort(indicator.no, n)) for n in EFFORTS]
    rows = [tuple(choices[n : n + 3]) for n in range(0, len(choices), 3)]
    return message(
        ctx.say("profile.effort_ask", no=indicator.no, name=name), *rows, _make_back(ctx, "efforts")
    )


Page = (
    buttons.Profile
    | buttons.ProfileRow
    | buttons.ProfileLevel
    | buttons.ProfileStart
    | buttons.ProfileResult
    | buttons.ProfileEffort
)


def tapped(ctx: Context, button: Page) -> list[Message]:
    """Open a door of the profile in the place of the page it was tapped on."""
    period = figure_words.period(ctx)
    if period is not None and isinstance(button, buttons.Profile) and button.page in ("target", "results"):
        return profile_asks.begin(ctx, button.page)
    if isinstance(button, buttons.ProfileResult):
        return profile_asks.begin_result(ctx, button.year)
    return ui.in_place(ctx, _show_page(ctx, period, button=button) if period else overview(ctx))


def _show_page(ctx: Context, period: Period, *, button: Page) -> list[Message]:
    match button:
        case buttons.Profile(page="rows", at=at):
            return profile_rows.rows(ctx, period, at=at)
        case buttons.Profile(page="moves"):
            return _list_moves(ctx, period)
        case buttons.Profile(page="efforts", at=at):
            return _show_efforts(ctx, period, at=at)
        case buttons.ProfileRow(row=no):
            return profile_rows.row_page(ctx, period, no=no)
        case buttons.ProfileLevel(row=no, level=level):
            return profile_rows.chosen(ctx, period, no=no, level=level)
        case buttons.ProfileStart(row=no):
            return profile_rows.start(ctx, period, no=no)
        case buttons.ProfileEffort(indicator=number, effort=effort):
            return _take_effort(ctx, period, no=number, weight=effort)
        case _:
            return overview(ctx)


def said(ctx: Context) -> list[Message]:
    """Take what was typed while a target or a published result is asked for."""
    done = profile_asks.said(ctx)
    return overview(ctx, done) if isinstance(done, Marked) else done
