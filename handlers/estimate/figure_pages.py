"""The pages below the summary, shown in place: offices, one office, innovation, indicator."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain import buttons
from domain.index.estimate import half_up
from domain.message import Choice, Message
from domain.pager import page_count, pager
from domain.people import Right
from domain.review import State
from domain.rules.indicators import Indicator
from domain.texts import Marked, bold, join, shortened
from handlers import ui
from handlers.context import Context
from handlers.estimate import counting_words, figure_words, index_explained, office_list, ranking
from handlers.estimate.page_frame import back, made
from storage import innovations, office_sums, scores
from storage.office_sums import Entry, OfficeSums
from storage.periods import Period

UNCOUNTED_A_PAGE = 6  # a reason takes a line of its own
INNOVATIONS_A_PAGE = 6
INDICATORS_A_PAGE = 7  # as buttons; the text names all twenty, which add up
LINE_CHARS, HEAD_CHARS = 20, 48  # of an indicator in its line, of a title above them
NAME_CHARS = 40  # of an indicator, on a button
TITLE_CHARS = 34  # of an innovation, on a button


Page = (
    buttons.Status
    | buttons.StatusOffices
    | buttons.StatusRanking
    | buttons.StatusOffice
    | buttons.StatusInnovation
    | buttons.StatusIndicator
)


def page(ctx: Context, button: Page) -> list[Message]:
    """Make a page; nothing where it does not exist or is not this person's to see."""
    period = figure_words.period(ctx)
    return _make_page(ctx, period, button=button) if period else []


def _make_page(ctx: Context, period: Period, *, button: Page) -> list[Message]:
    match button:
        case buttons.Status(page="why"):
            return index_explained.components(ctx, period)
        case buttons.Status(page="spd", at=at):
            return index_explained.rows(ctx, period, at=at)
        case buttons.Status(page="uncounted", at=at):
            return _list_uncounted(ctx, period, at=at)
        case buttons.StatusOffices(page=at):
            return office_list.list_offices(ctx, period, at=at)
        case buttons.StatusRanking():
            return ranking.page(ctx, period, button=button)
        case buttons.StatusOffice(office=office, page=at):
            return _show_office(ctx, period, office_id=office, at=at)
        case buttons.StatusInnovation(innovation=number, page=at):
            return _show_innovation(ctx, period, number=number, at=at)
        case buttons.StatusIndicator(innovation=number, indicator=no):
            return _show_indicator(ctx, period, number=number, no=no)
        case _:
            return []


def _refuse(ctx: Context, **ids: int) -> list[Message]:
    ctx.refuse("refused_button", **ids)
    return []


def _may_see(ctx: Context, office_id: int) -> bool:
    return ctx.may(Right.SEE_OFFICES) or office_id in ctx.person.offices


# offices


def _list_uncounted(ctx: Context, period: Period, *, at: int) -> list[Message]:
    """List what was handed in and is not in the estimate, with the way to each."""
    if not ctx.may(Right.SEE_OFFICES):
        return _refuse(ctx)
    pages = page_count(office_sums.count_uncounted(ctx.tx, period.id), UNCOUNTED_A_PAGE)
    at = min(at, pages - 1)
    entries = office_sums.uncounted(ctx.tx, period.id, limit=UNCOUNTED_A_PAGE, offset=at * UNCOUNTED_A_PAGE)
    rows = [(Choice(_write_label(ctx, entry), buttons.StatusInnovation(entry.id)),) for entry in entries]
    title = ctx.say("figure_pages.uncounted_title" if entries else "figure_pages.uncounted_none")
    lines = [
        ctx.say("figure_pages.uncounted_line", title=shortened(ui.title(ctx.say, entry.title), TITLE_CHARS),
                why=counting_words.reason(ctx.tx, ctx.desk_data, entry=entry,
                                          say=ctx.say)) for entry in entries
    ]  # fmt: skip
    turning = pager(ctx.say, lambda to: buttons.Status("uncounted", to), page=at, pages=pages)
    return made(ctx, period, (title, join(lines, by="\n")), *rows, *turning, back(ctx, buttons.Status("why")))


def _show_office(ctx: Context, period: Period, *, office_id: int, at: int) -> list[Message]:
    """List one office's innovations with their scores."""
    if not _may_see(ctx, office_id):
        return _refuse(ctx, office=office_id)
    return office_page(ctx, period, office_id=office_id, at=at)


def office_page(ctx: Context, period: Period, *, office_id: int, at: int) -> list[Message]:
    """One page of an office's innovations; drafts only before their own office."""
    office = office_sums.office(ctx.tx, period.id, office_id=office_id)
    if office is None:
        return []
    own = office_id in ctx.person.offices
    every = office.listed + (office.drafts if own else 0)
    pages = page_count(every, INNOVATIONS_A_PAGE)
    at = min(at, pages - 1)
    entries = office_sums.entries(
        ctx.tx,
        period.id,
        office_id=office_id,
        drafts=own,
        limit=INNOVATIONS_A_PAGE,
        offset=at * INNOVATIONS_A_PAGE,
    )
    rows = [(Choice(_write_label(ctx, entry), buttons.StatusInnovation(entry.id)),) for entry in entries]
    top = office_list.find_top(ctx, period, office_id)
    pager_rows = pager(ctx.say, lambda page: buttons.StatusOffice(office_id, page), page=at, pages=pages)
    if own and office.listed:
        rows.append((Choice(ctx.say("opens.returned"), buttons.Returned("mine")),))
    if own:
        rows.append((Choice(ctx.say("opens.submit"), buttons.Open("ajukan")),))
    lines = join([_write_listed(ctx, entry) for entry in entries], by="\n")
    return made(ctx, period, (_write_office_title(ctx, office), lines), *rows, *pager_rows, back(ctx, top))


def _write_office_title(ctx: Context, office: OfficeSums) -> Marked:
    average = half_up(Decimal(office.claimed) / office.counted) if office.counted else None
    said = (
        ctx.say("figure_pages.office_average", average=figure_words.number(ctx, average))
        if average is not None
        else ""
    )
    counts = ctx.say(
        "figure_pages.office_counts", sent=office.sent, drafts=office.drafts, returned=office.returned
    )
    return join((bold(office.name), join((counts, said), by=" ")), by="\n")


def _write_listed(ctx: Context, entry: Entry) -> Marked:
    said = ctx.say(
        "figure_pages.entry",
        title=ui.title(ctx.say, entry.title),
        state=ctx.say(f"state.{entry.state}"),
        claimed=entry.claimed,
        verified=entry.verified,
        receipt=f" · {entry.receipt}" if entry.receipt else "",
    )
    return join((said, counting_words.line(ctx.tx, ctx.desk_data, entry=entry, say=ctx.say)), by=" – ")


def _write_label(ctx: Context, entry: Entry) -> str:
    return f"{shortened(ui.title(ctx.say, entry.title), TITLE_CHARS)} · {entry.claimed}"


# one innovation


def _load_entry(ctx: Context, number: int) -> Entry | None:
    """Load the innovation a button names, if this person may see it."""
    entry = office_sums.entry(ctx.tx, number)
    if entry is None:
        return None
    drafts = entry.state == State.DRAFT and entry.office_id not in ctx.person.offices
    if drafts or not _may_see(ctx, entry.office_id):
        _refuse(ctx, innovation=entry.id)
        return None
    return entry


def _show_innovation(ctx: Context, period: Period, *, number: int, at: int) -> list[Message]:
    """Show the twenty indicators of one innovation, which add up to its maturity, a page of
    them as buttons.
    """
    entry = _load_entry(ctx, number)
    if entry is None:
        return []
    indicators = ctx.desk_data.indicators_of(entry)
    accepted = scores.verdicts(ctx.tx, entry.id)
    pages = page_count(len(indicators.indicators), INDICATORS_A_PAGE)
    at = min(at, pages - 1)
    shown = indicators.indicators[at * INDICATORS_A_PAGE : (at + 1) * INDICATORS_A_PAGE]
    lines = [
        _write_indicator_line(ctx, entry, indicator=i, verified=accepted.get(i.no))
        for i in indicators.indicators
    ]
    head = _write_head(ctx, entry, maximum=indicators.maximum)
    counts = _name_lacking(ctx, entry, accepted=accepted) if entry.counts else _say_why_not(ctx, entry)
    turning = pager(ctx.say, lambda to: buttons.StatusInnovation(entry.id, to), page=at, pages=pages)
    return made(
        ctx,
        period,
        (join((head, counts), by="\n"), join(lines, by="\n")),
        *(_make_indicator_row(ctx, entry, indicator=indicator) for indicator in shown),
        *turning,
        (Choice(ctx.say("opens.whatif"), buttons.Whatif("i", entry.id)),),
        back(ctx, buttons.StatusOffice(entry.office_id, 0)),
    )


def _make_indicator_row(ctx: Context, entry: Entry, *, indicator: Indicator) -> tuple[Choice]:
    name = shortened(indicator.name.in_(ctx.say.language), NAME_CHARS)
    return (Choice(f"{indicator.no} · {name}", buttons.StatusIndicator(entry.id, indicator.no)),)


def _write_indicator_line(
    ctx: Context, entry: Entry, *, indicator: Indicator, verified: int | None
) -> Marked:
    level = entry.levels[indicator.no]
    return ctx.say(
        "figure_pages.indicator_line" if verified is None else "figure_pages.indicator_line_verified",
        no=indicator.no,
        name=shortened(indicator.name.in_(ctx.say.language), LINE_CHARS),
        level=level,
        points=indicator.weight * level,
        verified=verified or 0,
    )


def _write_head(ctx: Context, entry: Entry, *, maximum: int) -> Marked:
    office = office_sums.office(ctx.tx, entry.period_id, office_id=entry.office_id)
    return ctx.say(
        "figure_pages.innovation_title",
        title=shortened(ui.title(ctx.say, entry.title), HEAD_CHARS),
        office=office.short if office else "",
        state=ctx.say(f"state.{entry.state}"),
        receipt=f" · {entry.receipt}" if entry.receipt else "",
        claimed=entry.claimed,
        maximum=maximum,
        verified=entry.verified,
    )


def _write_indicator_head(ctx: Context, entry: Entry, *, indicator: Indicator) -> Marked:
    level = entry.levels[indicator.no]
    return ctx.say(
        "figure_pages.indicator_title",
        no=indicator.no,
        name=indicator.name.in_(ctx.say.language),
        title=ui.title(ctx.say, entry.title),
        level=level,
        points=indicator.weight * level,
        maximum=indicator.weight * 3,
    )


def _name_lacking(ctx: Context, entry: Entry, *, accepted: Mapping[int, int]) -> Marked:
    """Name the mandatory indicators that keep a verified innovation out of the verified figure."""
    if entry.state != State.VERIFIED:
        return Marked("")
    asked = ctx.desk_data.mandatory(entry.rule_year)
    return counting_words.lacking([no for no in asked if not accepted.get(no)], ctx.say)


def _say_why_not(ctx: Context, entry: Entry) -> Marked:
    """Say why an innovation is not in the estimate."""
    return counting_words.line(ctx.tx, ctx.desk_data, entry=entry, say=ctx.say) or ctx.say(
        "figure_pages.does_not_count"
    )


def _show_indicator(ctx: Context, period: Period, *, number: int, no: int) -> list[Message]:
    """Show one indicator of one innovation: what was chosen, what the levels need, the evidence, the
    desk's word.
    """
    entry = _load_entry(ctx, number)
    indicators = ctx.desk_data.indicators_of(entry) if entry else None
    indicator = indicators.by_no.get(no) if indicators else None
    if entry is None or indicators is None or indicator is None:
        return []
    answers = innovations.answers(ctx.tx, entry.id)
    basis, language = indicator.basis(answers), ctx.say.language
    levels = basis.levels if basis else indicator.levels
    chosen = entry.levels[indicator.no]
    head = _write_indicator_head(ctx, entry, indicator=indicator)
    verdict = _say_verdict(ctx, scores.verdicts(ctx.tx, entry.id).get(indicator.no))
    needs = figure_words.levels(ctx, levels, chosen=chosen)
    pieces = len(answers.get(indicator.evidence_question) or ())
    evidence = (basis or indicator).evidence.in_(language)
    proof = ctx.say("figure_pages.evidence", evidence=evidence, pieces=pieces)
    parts = (join((head, verdict), by="\n"), needs, proof)
    at = indicators.indicators.index(indicator) // INDICATORS_A_PAGE
    return made(ctx, period, parts, back(ctx, buttons.StatusInnovation(entry.id, at)))


def _say_verdict(ctx: Context, accepted: int | None) -> Marked:
    if accepted is None:
        return ctx.say("figure_pages.not_verified")
    return ctx.say("figure_pages.verified", level=accepted)
