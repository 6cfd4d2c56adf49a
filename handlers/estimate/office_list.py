"""The offices with their innovations: a page of them below the summary, and the whole list."""

from __future__ import annotations

from collections.abc import Sequence

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.people import Right
from domain.texts import Marked
from handlers.context import Context
from handlers.estimate import figure_words, lines
from handlers.estimate.page_frame import back, made
from storage import office_sums
from storage.office_sums import OfficeSums
from storage.periods import Period

OFFICES_A_PAGE, OFFICES_A_ROW = 8, 2
OFFICES_BELOW_SUMMARY = 4  # beside its own doors


def list_offices(ctx: Context, period: Period, *, at: int) -> list[Message]:
    """List the offices: those with innovations as buttons, the others in words."""
    if not ctx.may(Right.SEE_OFFICES):
        ctx.refuse("refused_button")
        return []
    with_innovations = _load_listed(ctx, period)
    pages = page_count(len(with_innovations), OFFICES_A_PAGE)
    at = min(at, pages - 1)
    rows = _make_rows(with_innovations[at * OFFICES_A_PAGE : (at + 1) * OFFICES_A_PAGE])
    title = ctx.say(
        "figure_pages.offices_title" if with_innovations else "figure_pages.offices_none",
        year=period.year,
        count=len(with_innovations),
    )
    pager_rows = pager(ctx.say, buttons.StatusOffices, page=at, pages=pages)
    return made(
        ctx,
        period,
        (title, *lines.name_without(ctx, period), _say_in_both(ctx, with_innovations)),
        *rows,
        *pager_rows,
        back(ctx, buttons.Status("now")),
    )


def _load_listed(ctx: Context, period: Period) -> list[OfficeSums]:
    return [office for office in office_sums.offices(ctx.tx, period.id) if office.listed]


def every_door(ctx: Context) -> list[Choice]:
    """List the doors of all pages of offices, for whoever may see them."""
    period = figure_words.period(ctx) if ctx.may(Right.SEE_OFFICES) else None
    return [_make_door(office) for office in _load_listed(ctx, period)] if period else []


def _make_door(office: OfficeSums) -> Choice:
    return Choice(f"{office.short} · {office.listed}", buttons.StatusOffice(office.id, 0))


def _make_rows(shown: Sequence[OfficeSums]) -> list[tuple[Choice, ...]]:
    choices = [_make_door(office) for office in shown]
    return [tuple(choices[n : n + OFFICES_A_ROW]) for n in range(0, len(choices), OFFICES_A_ROW)]


def office_rows(ctx: Context, period: Period, *, at: int) -> Rows:
    """Make the buttons of the offices that stand below the summary, a page of them."""
    listed = _load_listed(ctx, period)
    pages = page_count(len(listed), OFFICES_BELOW_SUMMARY)
    at = min(at, pages - 1)
    rows = _make_rows(listed[at * OFFICES_BELOW_SUMMARY : (at + 1) * OFFICES_BELOW_SUMMARY])
    turning = pager(ctx.say, lambda page: buttons.Status("now", page), page=at, pages=pages)
    return (*rows, *turning)


def find_top(ctx: Context, period: Period, office_id: int) -> buttons.Status:
    """The page above an office: the summary, turned to where the office stands below it."""
    if not ctx.may(Right.SEE_OFFICES):
        return buttons.Status("now")
    listed = [office.id for office in _load_listed(ctx, period)]
    position = listed.index(office_id) if office_id in listed else 0
    return buttons.Status("now", position // OFFICES_BELOW_SUMMARY)


def _say_in_both(ctx: Context, offices: Sequence[OfficeSums]) -> Marked | str:
    """Say why some stand on a button and among those that have not sent."""
    count = sum(office.on_duty and not office.sent for office in offices)
    return ctx.say("figure_pages.in_both", count=count) if count else ""
