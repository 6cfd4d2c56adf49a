"""A draft of a period that is closed: it can be read, and carried over to the period that is open."""

from __future__ import annotations

from domain import buttons
from domain.conversation.check_pages import parts_of
from domain.conversation.read_answer import say_answer
from domain.draft.path import applicable
from domain.message import Choice, Message, Rows
from domain.pager import pager
from domain.people import Right
from domain.rules.form import Answers, Question
from domain.texts import Marked, bold, join, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.innovation import copying
from storage import innovations, periods
from storage.innovations import Innovation
from storage.periods import Period

ANSWER_CHARS = 90  # of an answer in its line: eight of them fill a screen
DRAFTS_SHOWN = 6


def of_offices(ctx: Context) -> list[tuple[Innovation, Period]]:
    """List what the person's offices left as drafts in closed periods and have not carried over, the newest
    first.
    """
    now = periods.current(ctx.tx)
    left = innovations.left_behind(
        ctx.tx, ctx.person.offices, period_id=now.id if now else None, limit=DRAFTS_SHOWN
    )
    return [(draft, periods.load(ctx.tx, draft.period_id)) for draft in left]


def ways(ctx: Context) -> Rows:
    """Make a button for each of them."""
    return tuple(
        (
            Choice(
                ctx.say("closed_draft.read", title=ui.title(ctx.say, draft.title), year=period.year),
                buttons.ClosedDraft(draft.id),
            ),
        )
        for draft, period in of_offices(ctx)
    )


def tapped(ctx: Context, button: buttons.ClosedDraft) -> list[Message]:
    """Show a page of its answers; one that is not closed, or somebody else's, is not shown here."""
    draft = innovations.load(ctx.tx, button.innovation)
    if draft is None or not ctx.may(Right.SUBMIT, office=draft.office_id):
        ctx.refuse("refused_button", innovation=button.innovation)
        return message(ctx.say("form.nothing_open"), _make_drafts(ctx))
    period = periods.load(ctx.tx, draft.period_id)
    if period.open or not draft.is_draft:
        ctx.refuse("refused_move", innovation=draft.id, move="read_closed", state=draft.state)
        return message(ctx.say("form.nothing_open"), _make_drafts(ctx))
    return ui.in_place(ctx, _show_page(ctx, draft, period=period, number=button.page))


def _show_page(ctx: Context, draft: Innovation, *, period: Period, number: int) -> list[Message]:
    answers = innovations.answers(ctx.tx, draft.id)
    window = ctx.desk_data.window(draft.rule_year, period.window)
    asked = applicable(ctx.desk_data.form, answers, window=window)
    parts = parts_of([question for question in asked if question.id in answers], ctx.desk_data.form)
    number = min(number, max(len(parts) - 1, 0))
    head = ctx.say("closed_draft.head", title=shortened(draft.title), year=period.year, desk=ctx.desk)
    turning = pager(
        ctx.say, lambda to: buttons.ClosedDraft(draft.id, to), page=number, pages=max(len(parts), 1)
    )
    inside = _write_answers(ctx, parts[number], answers=answers) if parts else Marked("")
    return message(join((head, inside)), *turning, *_make_carry(ctx, draft), _make_drafts(ctx))


def _write_answers(ctx: Context, part: tuple[Question, ...], *, answers: Answers) -> Marked:
    language = ctx.say.language
    title = bold(ctx.desk_data.form.section_of[part[0].id].title.in_(language))
    lines = [
        ctx.say(
            "closed_draft.line",
            label=shortened(question.label.in_(language), ANSWER_CHARS),
            answer=shortened(say_answer(question, answers[question.id], language=language), ANSWER_CHARS),
        )
        for question in part
    ]
    return join((title, *lines), by="\n")


def _make_carry(ctx: Context, draft: Innovation) -> Rows:
    """Offer to carry it over, where a later period is open."""
    now = periods.current(ctx.tx)
    if now is None or not copying.may_be_copied(ctx, draft, period=now):
        return ()
    return ((Choice(ctx.say("closed_draft.carry", year=now.year), buttons.Copy(draft.id)),),)


def _make_drafts(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),)
