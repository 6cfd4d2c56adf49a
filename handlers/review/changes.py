"""What the office changed since the desk's last look, before and after."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain import buttons
from domain.draft.evidence import Piece, pieces_of
from domain.draft.letter_words import letter_words
from domain.message import Choice, Message
from domain.pager import page_count, pager
from domain.review import State, changed
from domain.rules.form import Answers
from domain.texts import Marked, bold, join, shortened
from handlers.context import Context
from handlers.review.review_sheet import Sheet, answer_words, back_row, page
from storage import history, innovations, review_marks

CHANGE_CHARS, REASON_CHARS = 110, 160  # of an answer before and after, and of the reason it was flagged for
CHANGES_A_PAGE = 3
JUST_BEFORE = timedelta(microseconds=1)


def _find_baseline(ctx: Context, sheet: Sheet) -> datetime | None:
    """The moment the desk last let it out of its hands, else when it was sent."""
    releases = [move for move in history.moves(ctx.tx, sheet.innovation.id) if move.old == State.IN_REVIEW]
    return releases[-1].at - JUST_BEFORE if releases else sheet.innovation.sent_at


def changed_places(ctx: Context, sheet: Sheet) -> tuple[str, ...]:
    """The places that differ from what the desk saw last, the flagged ones first, changed or not."""
    since = _find_baseline(ctx, sheet)
    if since is None:
        return ()
    before = innovations.answers_at(ctx.tx, sheet.innovation.id, moment=since)
    flagged = [flag.place for flag in review_marks.last_round(ctx.tx, sheet.innovation.id) if flag.returned_at
               and flag.returned_at - JUST_BEFORE >= since]  # fmt: skip
    return tuple(dict.fromkeys((*flagged, *changed(before, sheet.answers))))


def changes(ctx: Context, sheet: Sheet, *, at: int = 0) -> list[Message]:
    """Show before and after of what was flagged, then of what else has changed, a page of it; nothing when
    nothing.
    """
    since, places = _find_baseline(ctx, sheet), changed_places(ctx, sheet)
    if since is None or not places:
        return []
    before, number = innovations.answers_at(ctx.tx, sheet.innovation.id, moment=since), sheet.innovation.id
    reasons = {flag.place: flag.reason for flag in review_marks.last_round(ctx.tx, number)}
    pages = page_count(len(places), CHANGES_A_PAGE)
    at = min(max(at, 0), pages - 1)
    on_page = places[at * CHANGES_A_PAGE : (at + 1) * CHANGES_A_PAGE]
    blocks = [
        _write_change(ctx, sheet, place=place, before=before, reason=reasons.get(place, ""))
        for place in on_page
    ]
    rows = [(_make_way_to(ctx, sheet, place=place),) for place in on_page]
    turning = pager(ctx.say, lambda to: buttons.ReviewChanges(number, to), page=at, pages=pages)
    title = ctx.say("review.changes_title", count=len(places), at=ctx.time(since))
    return page(ctx, join((title, *blocks)), rows=[*rows, *turning, back_row(ctx, number)])


def _make_way_to(ctx: Context, sheet: Sheet, *, place: str) -> Choice:
    number, name = sheet.innovation.id, shortened(sheet.facts.place_name(place), 40)
    if place in ctx.desk_data.form.by_id:
        return Choice(name, buttons.ReviewQuestion(number, place))
    return Choice(name, buttons.ReviewIndicator(number, int(place[1:])))


def _write_change(ctx: Context, sheet: Sheet, *, place: str, before: Answers, reason: str) -> Marked:
    was, now = (
        value_words(ctx, sheet, place=place, answers=before),
        value_words(ctx, sheet, place=place, answers=sheet.answers),
    )
    lines = [bold(sheet.facts.place_name(place))]
    if reason:
        lines.append(ctx.say("review.asked", reason=shortened(reason, REASON_CHARS)))
    if was == now:
        lines.append(ctx.say("review.unchanged", now=now))
    else:
        lines += [ctx.say("review.was", was=was), ctx.say("review.now", now=now)]
    return join(lines, by="\n")


def value_words(ctx: Context, sheet: Sheet, *, place: str, answers: Answers) -> str:
    """Say what stands at a place: an answer, or level and evidence of an indicator."""
    question = ctx.desk_data.form.by_id.get(place)
    if question is not None:
        return shortened(answer_words(ctx, question, answers=answers), CHANGE_CHARS)
    level = (answers.get(place) or {}).get("level", 0)
    pieces = pieces_of(answers.get(f"e{place[1:]}"))
    names = "; ".join(_name_piece(piece, ctx.say.language) for piece in pieces)
    return str(
        ctx.say("review.level_words", level=level or "–", pieces=shortened(names, CHANGE_CHARS) or "–")
    )


def _name_piece(piece: Piece, language: str) -> str:
    """Name a piece with its letter: a number that was missing may be all that has changed."""
    letter = letter_words(piece.letter, language)
    return f"{piece.label} ({letter})" if letter else piece.label
