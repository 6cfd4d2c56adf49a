"""/status: the estimate of the index in one screen, now or on a day, with a way down to every figure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain import buttons
from domain.index import headline
from domain.index.judgement import Judgement
from domain.message import Choice, Message, Rows
from domain.people import Right
from domain.reading.dates import DateResult, PartialDate, read_date, say_date
from domain.reading.result import Ambiguous, NotUnderstood, Understood
from domain.texts import Marked, join, quoted
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import chart, figure_pages, figure_words, lines, of_office, office_list, seen_names
from storage import periods, reports, scores
from storage.periods import Period
from storage.reports import PeriodFigures

OFFERED = 6  # offices and innovations, where several may be meant
NEVER_DAYS = ("impossible_date", "out_of_range")  # of what is written as a day: not in the calendar, too far


def status(ctx: Context) -> list[Message]:
    """Say how the period stands, now or on the day named behind the command; or what is named there."""
    if opened := seen_names.opened(ctx) or seen_names.refused(ctx, ctx.args):
        return opened
    if ctx.args.strip():
        return _show_on_day(ctx)
    return _show_now(ctx)


def _show_now(ctx: Context, at: int = 0) -> list[Message]:
    """Say how the period stands, with a page of the offices below it: from there it is a tap to each level,
    down to any indicator (F72).
    """
    period = figure_words.period(ctx)
    if period is None:
        return message(ui.no_period(ctx), (Choice(ctx.say("status.again"), buttons.Status("now")),))
    figures = reports.period_figures(ctx.tx, period.id, rule=ctx.desk_data.rules[period.rule_year])
    if not ctx.may(Right.SEE_OFFICES):
        return of_office.show(ctx, period, figures=figures)
    return message(lines.summary(ctx, period, figures=figures), *_make_rows(ctx, period, at=at))


def _make_rows(ctx: Context, period: Period, *, at: int) -> Rows:
    """Make what is asked first its first row, then the offices, then the rest: a phone shows a few rows."""
    say = ctx.say
    return (
        (
            Choice(say("status.why_button"), buttons.Status("why")),
            Choice(say("status.offices_button"), buttons.StatusOffices(0)),
        ),
        *office_list.office_rows(ctx, period, at=at),
        (
            Choice(say("opens.whatif"), buttons.Open("simulasi")),
            Choice(say("status.chart_button"), buttons.Status("chart")),
        ),
        (
            Choice(say("ranking.button"), buttons.StatusRanking("points", 0)),
            Choice(say("status.again"), buttons.Status("now", at)),
        ),
    )


# on a day


def _show_on_day(ctx: Context) -> list[Message]:
    """Read the day behind the command and say how things stood at its end."""
    reading = read_date(ctx.args, today=ctx.today)
    meant, sure = _list_days(reading)
    if sure:
        return at_day(ctx, meant[0].value)
    if not meant and (asked := _ask_which(ctx)):
        return asked
    rows = [(Choice(say_date(day, ctx.say.language), buttons.StatusDay(day.value)),) for day in meant]
    key = "status.which_day" if rows else _name_fault(reading, ctx.args)
    return message(ctx.say(key, said=quoted(ctx.args)), *rows, _make_now(ctx))


def _ask_which(ctx: Context) -> list[Message]:
    """Ask which of the offices and innovations is meant whose names hold the words behind the command, or
    come near them; nothing where none does.
    """
    keys = seen_names.likely(ctx, ctx.args, limit=OFFERED + 1)
    more = [_make_now(ctx)]
    if len(keys) > OFFERED and ctx.may(Right.SEE_OFFICES):
        more.insert(0, (Choice(ctx.say("status.offices_button"), buttons.StatusOffices(0)),))
    return seen_names.ask_which(ctx, keys[:OFFERED], to=seen_names.figures_of, more=tuple(more))


def _name_fault(reading: DateResult, said: str) -> str:
    if not any(map(str.isdecimal, said)):
        return "status.nothing_named"
    impossible = isinstance(reading, NotUnderstood) and reading.reason == "impossible_date"
    return "status.no_such_day" if impossible else "status.day_wanted"


def reads_day_or_name(ctx: Context, said: str) -> bool:
    """Whether a text names an office, a word of several, an innovation, a day or days that may be meant, or a
    day that cannot be, which is then said.
    """
    if seen_names.is_named(ctx, said) or seen_names.holds_office(ctx, said):
        return True
    reading = read_date(said, today=ctx.today)
    if isinstance(reading, NotUnderstood):
        return reading.reason in NEVER_DAYS
    return bool(_list_days(reading)[0])


def _list_days(reading: DateResult) -> tuple[tuple[PartialDate, ...], bool]:
    """List the days a reading may mean, and whether it is surely the first."""
    match reading:
        case Understood(value=partial, sure=sure) if partial.precision == "day":
            return (partial,), sure
        case Ambiguous(candidates=candidates):
            return tuple(day for day in candidates if day.precision == "day"), False
    return (), False


def at_day(ctx: Context, day: date) -> list[Message]:
    """Say how the period of that day stood when the day ended."""
    said = say_date(PartialDate(day), ctx.say.language)
    if day > ctx.today:
        return message(ctx.say("status.future", day=said), _make_now(ctx))
    end = datetime.combine(day + timedelta(days=1), time.min, ctx.desk_data.timezone)
    stood = _load_at(ctx, end)
    if stood is None:
        return message(_say_before_first(ctx, said), _make_now(ctx))
    period, figures, judged = stood
    title = ctx.say("status.title_at", year=period.year, day=said)
    text = (
        join((title, *headline.headline(judged, ctx.say)), by="\n"),
        join(
            (lines.participation(ctx, figures), lines.states(ctx, figures), lines.affairs(ctx, judged)),
            by="\n",
        ),
        figure_words.footer(ctx, period.rule_year, at=min(end - timedelta(minutes=1), ctx.now)),
    )
    return message(join(text), _make_now(ctx))


def _load_at(ctx: Context, end: datetime) -> tuple[Period, PeriodFigures, Judgement] | None:
    """Load the period of a moment as it stood then; None before the first one."""
    number = scores.period_at(ctx.tx, end)
    period = periods.load(ctx.tx, number) if number else None
    if period is None:
        return None
    rule = ctx.desk_data.rules[period.rule_year]
    figures = reports.period_figures_at(ctx.tx, period.id, rule=rule, moment=end)
    judged = reports.judged_at(ctx.tx, ctx.desk_data, period=period, moment=end)
    return None if figures is None or judged is None else (period, figures, judged)


def _say_before_first(ctx: Context, said: str) -> Marked:
    first = scores.first_hour(ctx.tx)
    if first is None:
        return ctx.say("status.no_record", day=said)
    day = say_date(PartialDate(first.astimezone(ctx.desk_data.timezone).date()), ctx.say.language)
    return ctx.say("status.too_early", day=said, first=day)


def _make_now(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("status.now_button"), buttons.Status("now")),)


def tapped(ctx: Context, button: figure_pages.Page | buttons.StatusDay) -> list[Message]:
    """Open a page in the place of the one that was tapped; what does not exist leads back to the summary."""
    if isinstance(button, buttons.StatusDay):
        return ui.in_place(ctx, at_day(ctx, button.day))
    if button == buttons.Status("chart"):
        return chart.picture(ctx)
    if isinstance(button, buttons.Status) and button.page == "now":
        return ui.in_place(ctx, _show_now(ctx, button.at))
    return ui.in_place(ctx, figure_pages.page(ctx, button) or _show_now(ctx))
