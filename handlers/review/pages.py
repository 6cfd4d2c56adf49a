"""What a reviewer sees of an innovation: the summary, its sections, each answer."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.review import Move, State, after
from domain.rules.form import Question, Section
from domain.texts import Marked, bold, join, shortened
from handlers.context import Context
from handlers.review.changes import changed_places
from handlers.review.sheet import (
    NUMBERS_A_ROW,
    Sheet,
    age,
    answer_words,
    back_row,
    counting,
    file_rows,
    flag_choice,
    flag_of,
    load,
    page,
    queue_row,
    section_of,
    title_of,
)
from storage import reviews

LINE_CHARS = 160  # of an answer in its section
SHOWN_CHARS = 3000  # of an answer on a page of its own; the whole comes as a message


def summary(ctx: Context, innovation_id: int, *, notice: str = "", toast: str = "") -> list[Message]:
    """Show where the innovation stands, both totals, and the ways into it."""
    sheet = load(ctx, innovation_id)
    if sheet is None:
        return page(ctx, ctx.say("review.not_there"), [queue_row(ctx)])
    claims = len(sheet.indicators.levels(sheet.answers))
    text = join((
        notice,
        join((bold(title_of(ctx, sheet)), _standing(ctx, sheet), _age(ctx, sheet)), by="\n"),
        ctx.say("review.totals", claimed=sheet.claimed, verified=sheet.verified, maximum=sheet.indicators.maximum,
                judged=claims - len(sheet.unjudged), claims=claims, rules=sheet.innovation.rule_year),
        counting(ctx, sheet),
        _flag_lines(ctx, sheet),
    ))  # fmt: skip
    return page(ctx, text, [*_ways_in(ctx, sheet), *_acts(ctx, sheet), queue_row(ctx)], toast=toast)


def _standing(ctx: Context, sheet: Sheet) -> Marked:
    office = sheet.office.name if sheet.office else ""
    state = ctx.say(f"state.{sheet.innovation.state}")
    if sheet.holder is not None:
        state = ctx.say("review.held", name=sheet.holder.name, since=ctx.time(sheet.holder.since))
    return ctx.say("review.standing", office=office, receipt=sheet.innovation.receipt, state=state)


def _age(ctx: Context, sheet: Sheet) -> str:
    came = reviews.came_at(ctx.tx, sheet.innovation.id)
    waits = sheet.innovation.state in (State.SENT, State.CHANGED, State.IN_REVIEW)
    return ctx.say("review.waits", days=age(ctx, came), at=ctx.time(came)) if came and waits else ""


def _flag_lines(ctx: Context, sheet: Sheet) -> Marked:
    """Say what is marked now, else what the desk has told the office."""
    flags = sheet.marks or sheet.flags
    if not flags:
        return Marked("")
    lines = [ctx.say("review.flag_line", name=sheet.facts.place_name(f.place), reason=f.reason) for f in flags]
    key = "review.flags_collected" if sheet.marks else "review.flags_back"
    return join((ctx.say(key, count=len(lines)), *lines), by="\n")


def _ways_in(ctx: Context, sheet: Sheet) -> Rows:
    number, language = sheet.innovation.id, ctx.say.language
    sections = [
        Choice(f"{n} · {section.title.in_(language)}", buttons.ReviewSection(number, n))
        for n, section in enumerate(_sections(ctx, sheet), 1)
    ]
    rows = [tuple(sections[n : n + 2]) for n in range(0, len(sections), 2)]
    rows.append((Choice(ctx.say("review.indicators"), buttons.Review("l", number)),))
    if changes := len(changed_places(ctx, sheet)):
        rows.append((Choice(ctx.say("review.changes", count=changes), buttons.Review("c", number)),))
    return tuple(rows)


def _acts(ctx: Context, sheet: Sheet) -> Rows:
    number = sheet.innovation.id
    if sheet.mine:
        return (
            (
                Choice(ctx.say("review.decide"), buttons.Review("d", number)),
                Choice(ctx.say("review.release"), buttons.Review("r", number)),
            ),
        )
    if sheet.partial:
        return _acts_on_own(ctx, sheet)
    if sheet.holder is not None:
        over = buttons.ReviewTakeOver(number, sheet.holder.contact_id)
        return ((Choice(ctx.say("review.take_over"), over),),)
    if sheet.innovation.state in (State.SENT, State.CHANGED):
        return ((Choice(ctx.say("review.take"), buttons.Review("t", number)),),)
    if sheet.innovation.state in (State.VERIFIED, State.REJECTED):
        return ((Choice(ctx.say("review.take_again"), buttons.Review("t", number)),),)
    return ()


def _acts_on_own(ctx: Context, sheet: Sheet) -> Rows:
    """What is left with what is one's own: to let it go, and for a desk of one to say why it goes on alone."""
    number, rows = sheet.innovation.id, []
    if sheet.alone and (sheet.held or after(sheet.innovation.state, Move.TAKE)):
        rows.append((Choice(ctx.say("review.alone"), buttons.Review("a", number)),))
    if sheet.held:
        rows.append((Choice(ctx.say("review.release"), buttons.Review("r", number)),))
    return tuple(rows)


def _sections(ctx: Context, sheet: Sheet) -> list[Section]:
    return [s for s in ctx.house.form.sections if any(section_of(ctx, q) is s for q in sheet.questions)]


def section(ctx: Context, sheet: Sheet, number: int) -> list[Message]:
    """Show one section: every answer in a line, and a way into each."""
    sections = _sections(ctx, sheet)
    number = min(max(number, 1), len(sections))
    inside = [q for q in sheet.questions if section_of(ctx, q) is sections[number - 1]]
    lines = [_answer_line(ctx, sheet, n, question) for n, question in enumerate(inside, 1)]
    title = bold(f"{number}/{len(sections)} · {sections[number - 1].title.in_(ctx.say.language)}")
    opens = [
        Choice(f"{n}{_mark(sheet, q.id)}", buttons.ReviewQuestion(sheet.innovation.id, q.id))
        for n, q in enumerate(inside, 1)
    ]
    rows = [tuple(opens[n : n + NUMBERS_A_ROW]) for n in range(0, len(opens), NUMBERS_A_ROW)]
    here = sheet.innovation.id
    onward = (
        Choice("▶", buttons.ReviewSection(here, number + 1))
        if number < len(sections)
        else Choice("▶", buttons.Review("l", here))
    )
    rows.append((Choice("◀", buttons.ReviewSection(here, max(1, number - 1))), *back_row(ctx, here), onward))
    return page(ctx, join((title, join(lines, by="\n"), ctx.say("review.section_end"))), rows)


def _mark(sheet: Sheet, place: str) -> str:
    return " ⚑" if sheet.flag(place) else ""


def _answer_line(ctx: Context, sheet: Sheet, number: int, question: Question) -> Marked:
    answer = answer_words(ctx, question, sheet.answers)
    return ctx.say(
        "review.answer_line",
        n=number,
        label=question.label.in_(ctx.say.language),
        answer=shortened(answer, LINE_CHARS),
        mark=_mark(sheet, question.id),
    )


def question(ctx: Context, sheet: Sheet, question_id: str, *, whole: bool = False) -> list[Message]:
    """Show one answer on a page of its own; the whole of a long one comes as a message of its own."""
    found = next((q for q in sheet.questions if q.id == question_id), None)
    if found is None:
        return summary(ctx, sheet.innovation.id)
    answer = answer_words(ctx, found, sheet.answers)
    long = len(answer) > SHOWN_CHARS and not whole
    shown = answer[:SHOWN_CHARS] + "…" if long else answer
    text = join((bold(found.label.in_(ctx.say.language)), shown, flag_of(ctx, sheet, question_id)))
    number = _sections(ctx, sheet).index(section_of(ctx, found)) + 1
    rows = file_rows(ctx, sheet, question_id)
    if long:
        rows.append(
            (Choice(ctx.say("review.read_whole"), buttons.ReviewQuestion(sheet.innovation.id, question_id, "n")),)
        )
    rows.append((*flag_choice(ctx, sheet, question_id),
                 Choice(ctx.say("review.to_section"), buttons.ReviewSection(sheet.innovation.id, number))))  # fmt: skip
    return [Message(text, tuple(rows))] if whole else page(ctx, text, rows)
