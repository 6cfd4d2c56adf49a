"""What a reviewer sees of an innovation: the summary, its sections, each answer."""

from __future__ import annotations

from domain import buttons
from domain.conversation.check_pages import LABEL_CHARS, LINE_CHARS, openings, parts_of, say_part_title
from domain.draft.evidence import pieces_of
from domain.draft.file_findings import finding_words
from domain.draft.path import part_sign
from domain.message import Choice, Message, Rows
from domain.message_length import split
from domain.pager import page_count, pager
from domain.review import Move, State, after
from domain.rules.form import Question
from domain.texts import Marked, beginning, bold, join, shortened
from handlers.context import Context
from handlers.review.changes import changed_places
from handlers.review.review_sheet import (
    Sheet,
    age,
    answer_words,
    back_row,
    counting,
    file_rows,
    flag_choice,
    flag_of,
    load,
    mark_line,
    mark_lines,
    marks_row,
    page,
    queue_row,
    title_of,
)
from storage import review_marks, reviews

SHOWN_CHARS = 600  # of an answer on a page of its own; the whole comes as a message
MARKS_A_PAGE = 5


def summary(ctx: Context, innovation_id: int, *, notice: str = "", toast: str = "") -> list[Message]:
    """Show where the innovation stands, both totals, and the ways into it."""
    sheet = load(ctx, innovation_id)
    if sheet is None:
        return page(ctx, ctx.say("review.not_there"), rows=[queue_row(ctx)])
    claims = len(sheet.indicators.levels(sheet.answers))
    text = join((
        notice,
        join((bold(title_of(ctx, sheet)), _write_standing(ctx, sheet), _say_age(ctx, sheet)), by="\n"),
        ctx.say("review.totals", claimed=sheet.claimed, verified=sheet.verified,
                maximum=sheet.indicators.maximum,
                judged=claims - len(sheet.unjudged), claims=claims, rules=sheet.innovation.rule_year),
        counting(ctx, sheet),
        mark_lines(ctx, sheet),
    ))  # fmt: skip
    return page(
        ctx, text, rows=[*_make_ways_in(ctx, sheet), *_make_acts(ctx, sheet), queue_row(ctx)], toast=toast
    )


def _write_standing(ctx: Context, sheet: Sheet) -> Marked:
    office = sheet.office.name if sheet.office else ""
    state = ctx.say(f"state.{sheet.innovation.state}")
    if sheet.holder is not None:
        state = ctx.say("review.held", name=sheet.holder.name, since=ctx.time(sheet.holder.since))
    return ctx.say("review.standing", office=office, receipt=sheet.innovation.receipt, state=state)


def _say_age(ctx: Context, sheet: Sheet) -> str:
    came = reviews.came_at(ctx.tx, sheet.innovation.id)
    waits = sheet.innovation.state in (State.SENT, State.CHANGED, State.IN_REVIEW)
    return ctx.say("review.waits", days=age(ctx, came), at=ctx.time(came)) if came and waits else ""


def _make_ways_in(ctx: Context, sheet: Sheet) -> Rows:
    number = sheet.innovation.id
    rows = [*marks_row(ctx, sheet), *_make_section_rows(ctx, sheet)]
    rows.append((Choice(ctx.say("review.indicators"), buttons.ReviewIndicators(number)),))
    if changes := len(changed_places(ctx, sheet)):
        rows.append((Choice(ctx.say("review.changes", count=changes), buttons.ReviewChanges(number)),))
    return tuple(rows)


def _make_section_rows(ctx: Context, sheet: Sheet) -> Rows:
    """Make a button for each section; it opens the first of its pages."""
    opens = [
        Choice(
            f"{part_sign(n)} · {section.title.in_(ctx.say.language)}",
            buttons.ReviewPart(sheet.innovation.id, first),
        )
        for n, (section, first) in enumerate(openings(_cut_parts(ctx, sheet), ctx.desk_data.form), 1)
    ]
    return tuple(tuple(opens[n : n + 2]) for n in range(0, len(opens), 2))


def _make_acts(ctx: Context, sheet: Sheet) -> Rows:
    number = sheet.innovation.id
    if sheet.is_own_review:
        return (
            (
                Choice(ctx.say("review.decide"), buttons.Review("d", number)),
                Choice(ctx.say("review.release"), buttons.Review("r", number)),
            ),
        )
    if sheet.partial:
        return _make_acts_on_own(ctx, sheet)
    if sheet.holder is not None:
        over = buttons.ReviewTakeOver(number, sheet.holder.contact_id)
        return ((Choice(ctx.say("review.take_over"), over),),)
    if sheet.innovation.state in (State.SENT, State.CHANGED):
        return ((Choice(ctx.say("review.take"), buttons.Review("t", number)),),)
    if sheet.innovation.state in (State.VERIFIED, State.REJECTED):
        return ((Choice(ctx.say("review.take_again"), buttons.Review("t", number)),),)
    return ()


def _make_acts_on_own(ctx: Context, sheet: Sheet) -> Rows:
    """What is left with what is one's own: to let it go, and for a desk of one to say why it goes on
    alone.
    """
    number, rows = sheet.innovation.id, []
    if sheet.alone and (sheet.is_held or after(sheet.innovation.state, Move.TAKE)):
        rows.append((Choice(ctx.say("review.alone"), buttons.Review("a", number)),))
    if sheet.is_held:
        rows.append((Choice(ctx.say("review.release"), buttons.Review("r", number)),))
    return tuple(rows)


def _cut_parts(ctx: Context, sheet: Sheet) -> tuple[tuple[Question, ...], ...]:
    return parts_of(sheet.questions, ctx.desk_data.form)


def part(ctx: Context, sheet: Sheet, *, number: int) -> list[Message]:
    """Show one page of the answers: each in a line, and a way into each."""
    parts, language = _cut_parts(ctx, sheet), ctx.say.language
    number = min(max(number, 1), len(parts))
    inside = parts[number - 1]
    lines = [_write_answer(ctx, sheet, question=question) for question in inside]
    title = say_part_title(parts, number, form=ctx.desk_data.form, say=ctx.say)
    rows = [
        (Choice(
            f"{shortened(q.label.in_(language), LABEL_CHARS)}{_choose_mark(sheet, q.id)}",
            buttons.ReviewQuestion(sheet.innovation.id, q.id),
        ),)
        for q in inside
    ]  # fmt: skip
    text = join((title, join(lines, by="\n"), ctx.say("review.section_end")))
    return page(
        ctx,
        text,
        rows=[
            *rows,
            _make_turning(ctx, sheet, number=number, pages=len(parts)),
            back_row(ctx, sheet.innovation.id),
        ],
    )


def _make_turning(ctx: Context, sheet: Sheet, *, number: int, pages: int) -> tuple[Choice, ...]:
    """The ways to the pages before and after; behind the last one come the indicators."""
    innovation_id, say = sheet.innovation.id, ctx.say
    ways = []
    if number > 1:
        ways.append(
            Choice(say("pager.before", page=number - 1), buttons.ReviewPart(innovation_id, number - 1))
        )
    if number < pages:
        after = say("pager.after", page=number + 1, pages=pages)
        ways.append(Choice(after, buttons.ReviewPart(innovation_id, number + 1)))
    else:
        ways.append(Choice(say("review.indicators"), buttons.ReviewIndicators(innovation_id)))
    return tuple(ways)


def _choose_mark(sheet: Sheet, place: str) -> str:
    return " ⚑" if sheet.flag(place) else ""


def _write_answer(ctx: Context, sheet: Sheet, *, question: Question) -> Marked:
    answer = answer_words(ctx, question, answers=sheet.answers)
    return ctx.say(
        "review.answer_line",
        label=shortened(question.label.in_(ctx.say.language), LABEL_CHARS),
        answer=shortened(answer, LINE_CHARS),
        mark=_choose_mark(sheet, question.id),
    )


def question(ctx: Context, sheet: Sheet, *, question_id: str, whole: bool = False) -> list[Message]:
    """Show one answer on a page of its own; the whole of a long one comes as messages of their own."""
    asked = next((q for q in sheet.questions if q.id == question_id), None)
    if asked is None:
        return summary(ctx, sheet.innovation.id)
    answer = answer_words(ctx, asked, answers=sheet.answers)
    long = len(answer) > SHOWN_CHARS and not whole
    shown = beginning(answer, SHOWN_CHARS) if long else answer
    warned = _write_warnings(ctx, sheet, question_id=question_id)
    text = join(
        (bold(asked.label.in_(ctx.say.language)), shown, warned, flag_of(ctx, sheet, place=question_id))
    )
    rows = file_rows(ctx, sheet, question_id=question_id)
    innovation_id = sheet.innovation.id
    if long:
        rows.append(
            (Choice(ctx.say("review.read_whole"), buttons.ReviewQuestion(innovation_id, question_id, "n")),)
        )
    number = next(n for n, part in enumerate(_cut_parts(ctx, sheet), 1) if asked in part)
    to_part = Choice(ctx.say("review.to_section"), buttons.ReviewPart(innovation_id, number))
    rows.append((*flag_choice(ctx, sheet, place=question_id), to_part))
    return list(split(Message(text, tuple(rows)))) if whole else page(ctx, text, rows=rows)


def _write_warnings(ctx: Context, sheet: Sheet, *, question_id: str) -> Marked:
    """Say of each file what should be known before it is opened."""
    pieces = enumerate(pieces_of(sheet.answers.get(question_id)), 1)
    return join(
        (join((f"{n}.", finding_words(piece, ctx.say)), by=" ") for n, piece in pieces if piece.findings),
        by="\n",
    )


def marks(ctx: Context, sheet: Sheet, *, number: int) -> list[Message]:
    """List the marked items with their whole reasons, a page of them, each with the way to it."""
    flags = sheet.marks or sheet.flags
    pages = page_count(len(flags), MARKS_A_PAGE)
    number = min(max(number, 0), pages - 1)
    on_page = flags[number * MARKS_A_PAGE : (number + 1) * MARKS_A_PAGE]
    head = ctx.say("review.flags_collected" if sheet.marks else "review.flags_back", count=len(flags))
    rows = [
        (_make_way_to_mark(ctx, sheet, place=flag.place),)
        for flag in on_page
        if flag.place != review_marks.WHOLE
    ]
    turning = pager(
        ctx.say, lambda to: buttons.ReviewMarks(sheet.innovation.id, to), page=number, pages=pages
    )
    text = join((bold(title_of(ctx, sheet)), head, *(mark_line(ctx, sheet, flag=flag) for flag in on_page)))
    return page(ctx, text, rows=[*rows, *turning, back_row(ctx, sheet.innovation.id)])


def _make_way_to_mark(ctx: Context, sheet: Sheet, *, place: str) -> Choice:
    name, number = shortened(sheet.facts.place_name(place), LABEL_CHARS), sheet.innovation.id
    if place in ctx.desk_data.form.by_id:
        return Choice(name, buttons.ReviewQuestion(number, place))
    return Choice(name, buttons.ReviewIndicator(number, int(place[1:])))
