"""The offices by counted points and by what they gained since last year, for leaders and desk; fit to be
announced.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain import buttons
from domain.index import ranking
from domain.index.ranking import Ranked, Standing
from domain.message import Choice, Message, Rows
from domain.pager import pager
from domain.people import Right
from domain.texts import Marked, join
from handlers.context import Context
from handlers.estimate.page_frame import back, made
from storage import audit, office_sums, periods
from storage.periods import Period

RANKS_A_PAGE = 10
NAMED_FIRST = 5  # offices in the answer to who does best
NAMES_A_PAGE = 30  # of offices that have sent nothing yet


def page(ctx: Context, period: Period, *, button: buttons.StatusRanking) -> list[Message]:
    """Make a page of the list, or the form for an announcement; nothing for whoever may not see all
    offices.
    """
    if not ctx.may(Right.SEE_OFFICES):
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id)
        return []
    before = _find_period_before(ctx, period)
    offices = _load_standings(ctx, period, before=before)
    if button.by == "announce":
        return _write_announcement(ctx, period, offices=offices, before=before)
    bodies = (
        _write_by_points(ctx, offices)
        if button.by == "points"
        else _write_by_growth(ctx, offices, before=before)
    )
    at = min(button.page, len(bodies) - 1)
    key = "ranking.points_title" if button.by == "points" else "ranking.growth_title"
    title = ctx.say(key, year=period.year, before=period.year - 1)
    turns = pager(
        ctx.say, lambda number: buttons.StatusRanking(button.by, number), page=at, pages=len(bodies)
    )
    return made(ctx, period, (title, bodies[at]), *turns, *_make_doors(ctx, button.by))


def name_first(ctx: Context, period: Period) -> Marked:
    """Name the first few offices by points."""
    return join(
        _write_lines(ctx, _load_standings(ctx, period, before=None))[:NAMED_FIRST], by="\n"
    ) or ctx.say("ranking.none")


def _find_period_before(ctx: Context, period: Period) -> Period | None:
    return next((earlier for earlier in periods.every(ctx.tx) if earlier.year == period.year - 1), None)


def _load_standings(ctx: Context, period: Period, *, before: Period | None) -> list[Standing]:
    earlier = {sums.id: sums.claimed for sums in office_sums.offices(ctx.tx, before.id)} if before else {}
    return [
        Standing(
            sums.short, sums.sent, sums.counted, sums.claimed, earlier.get(sums.id, 0), bool(sums.on_duty)
        )
        for sums in office_sums.offices(ctx.tx, period.id)
    ]


def _make_doors(ctx: Context, by: str) -> Rows:
    growth = Choice(ctx.say("ranking.growth_button"), buttons.StatusRanking("growth", 0))
    points = Choice(ctx.say("ranking.points_button"), buttons.StatusRanking("points", 0))
    announce = Choice(ctx.say("ranking.announce_button"), buttons.StatusRanking("announce", 0))
    return ((points, announce) if by == "growth" else (growth,), back(ctx, buttons.Status("now")))


def _write_by_points(ctx: Context, offices: Sequence[Standing]) -> list[Marked]:
    """Write the pages of the list by points; the last ones name who has sent nothing yet."""
    names = [ranked.name for ranked in ranking.without(offices)]
    pages = _write_pages(_write_lines(ctx, offices))
    for first in range(0, len(names), NAMES_A_PAGE):
        named = ", ".join(names[first : first + NAMES_A_PAGE])
        pages.append(ctx.say("ranking.without", count=len(names), names=named))
    return pages or [ctx.say("ranking.none")]


def _write_lines(ctx: Context, offices: Sequence[Standing]) -> list[Marked]:
    return [
        ctx.say("ranking.points_line", rank=ranked.rank, name=ranked.office.name,
                points=ranked.office.points,
                count=ranked.office.counted) for ranked in ranking.by_points(offices)
    ]  # fmt: skip


def _write_by_growth(ctx: Context, offices: Sequence[Standing], *, before: Period | None) -> list[Marked]:
    if before is None:
        return [ctx.say("ranking.no_year_before")]
    return _write_pages([_write_growth(ctx, ranked) for ranked in ranking.by_growth(offices)]) or [
        ctx.say("ranking.no_growth")
    ]


def _write_growth(ctx: Context, ranked: Ranked) -> Marked:
    office = ranked.office
    figures = {"growth": office.growth, "before": office.points_before, "points": office.points}
    return ctx.say("ranking.growth_line", rank=ranked.rank, name=office.name, **figures)


def _write_pages(lines: Sequence[Marked]) -> list[Marked]:
    return [join(lines[n : n + RANKS_A_PAGE], by="\n") for n in range(0, len(lines), RANKS_A_PAGE)]


def _write_announcement(
    ctx: Context, period: Period, *, offices: Sequence[Standing], before: Period | None
) -> list[Message]:
    """Write what can be announced as it stands: who gained most, with thanks; nobody is compared with
    anybody.
    """
    named = ranking.foremost(ranking.by_growth(offices)) if before else ()
    if not named:
        return made(
            ctx, period, (_write_by_growth(ctx, offices, before=before)[0],), back(ctx, buttons.Status("now"))
        )
    lines = [
        ctx.say("ranking.announce_line", name=ranked.office.name, growth=ranked.office.growth)
        for ranked in named
    ]
    text = ctx.say("ranking.announce", count=len(named), year=period.year, before=period.year - 1,
                   lines=join(lines, by="\n"))  # fmt: skip
    rows = ((Choice(ctx.say("ranking.growth_button"), buttons.StatusRanking("growth", 0)),),)
    return made(ctx, period, (text,), *rows, back(ctx, buttons.Status("now")))
