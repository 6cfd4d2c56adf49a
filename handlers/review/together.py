"""Accepting together the indicators whose evidence is complete: listed first, taken back as long as nothing
else was judged since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from domain import buttons
from domain.draft.evidence import Piece, pieces_of
from domain.message import Choice, Message, Rows
from domain.review import Verdict
from domain.rules.indicators import NUMBERS, Indicator, mismatches
from domain.texts import Marked, bold, join, shortened
from handlers.context import Context
from handlers.review.indicators import indicator_list, next_open
from handlers.review.pages import summary
from handlers.review.review_sheet import Sheet, page, title_of
from storage import history, review_marks, scores

FEWEST = 2  # that are offered together
NAME_CHARS = 20  # of an indicator in the list


def list_complete(sheet: Sheet) -> tuple[int, ...]:
    """List the indicators that wait for a verdict and whose claim lacks nothing: enough evidence, whole
    letters, live links, and nothing in a file that a reviewer has to look at.
    """
    waiting = (sheet.indicators.by_no[no] for no in sheet.to_judge)
    return tuple(indicator.no for indicator in waiting if _is_complete(sheet, indicator))


def _is_complete(sheet: Sheet, indicator: Indicator) -> bool:
    pieces = pieces_of(sheet.answers.get(indicator.evidence_question))
    return not mismatches(indicator, sheet.answers) and all(_is_clean(indicator, piece) for piece in pieces)


def _is_clean(indicator: Indicator, piece: Piece) -> bool:
    wants_letter = indicator.letter and piece.is_paper and not piece.letter.is_whole
    return not (piece.findings or piece.dead or piece.login or wants_letter)


def offer(ctx: Context, sheet: Sheet) -> Rows:
    """The way to the list of what may be accepted together; nothing for who does not review it."""
    complete = list_complete(sheet) if sheet.is_own_review else ()
    if len(complete) < FEWEST:
        return ()
    button = buttons.ReviewTogether("l", sheet.innovation.id)
    return ((Choice(ctx.say("review.together", count=len(complete)), button),),)


def tapped(ctx: Context, sheet: Sheet, *, button: buttons.ReviewTogether) -> list[Message]:
    """List what may be accepted together, accept exactly what was listed, or take it back.

    A list holds until the innovation is written or moved: it names levels, and rests on evidence. A second
    tap leaves the page as it is, with the way to take back.
    """
    if button.act == "u":
        return _take_back(ctx, sheet, button=button)
    complete = list_complete(sheet)
    listed = _read_numbers(button.numbers)
    if button.act == "y" and listed and button.line == history.newest(ctx.tx, sheet.innovation.id):
        if set(listed) <= set(complete):
            return _accept(ctx, sheet, numbers=listed)
        if set(listed) <= sheet.verdicts.keys():
            return [Message("", toast=ctx.say("conversation.toast_double"))]
    if not complete:
        return indicator_list(ctx, sheet)
    return _ask(ctx, sheet, complete=complete)


def _ask(ctx: Context, sheet: Sheet, *, complete: Sequence[int]) -> list[Message]:
    """Say what would be accepted, and what is left to be looked at one by one."""
    number = sheet.innovation.id
    lines = [_write_line(ctx, sheet, sheet.indicators.by_no[no]) for no in complete]
    others = ", ".join(str(no) for no in sheet.to_judge if no not in complete)
    left = ctx.say("review.together_left", numbers=others) if others else ""
    asked = ctx.say("review.together_ask", count=len(complete))
    text = join((bold(title_of(ctx, sheet)), asked, join(lines, by="\n"), left))
    line = history.newest(ctx.tx, number)
    yes = buttons.ReviewTogether("y", number, _write_numbers(complete), line=line)
    rows = [
        (Choice(ctx.say("review.together_yes", count=len(complete)), yes),),
        (Choice(ctx.say("review.together_no"), buttons.ReviewIndicators(number)),),
    ]
    return page(ctx, text, rows=rows)


def _write_line(ctx: Context, sheet: Sheet, indicator: Indicator) -> Marked:
    return ctx.say(
        "review.together_line",
        no=indicator.no,
        name=shortened(indicator.name.in_(ctx.say.language), NAME_CHARS),
        level=indicator.level(sheet.answers),
    )


def _accept(ctx: Context, sheet: Sheet, *, numbers: Sequence[int]) -> list[Message]:
    """Keep the claimed level of each, with its line in the audit, and say how to go on and how to go back."""
    verdicts = {no: Verdict(sheet.indicators.by_no[no].level(sheet.answers)) for no in numbers}
    for no, verdict in verdicts.items():
        review_marks.judge(
            ctx.tx, sheet.innovation.id, indicator=no, verdict=verdict, by=ctx.person.id, now=ctx.now
        )
    _count(ctx, sheet)
    now = replace(sheet, verdicts={**sheet.verdicts, **verdicts})
    number = sheet.innovation.id
    undo = buttons.ReviewTogether("u", number, _write_numbers(numbers), int(ctx.now.timestamp()))
    decide = (Choice(ctx.say("review.decide"), buttons.Review("d", number)),)
    text = ctx.say(
        "review.together_done",
        count=len(numbers),
        numbers=", ".join(map(str, numbers)),
        verified=now.verified,
        maximum=sheet.indicators.maximum,
    )
    rows = [*(next_open(ctx, now) or (decide,)), (Choice(ctx.say("review.together_undo"), undo),)]
    return page(ctx, join((bold(title_of(ctx, sheet)), text)), rows=rows)


def _take_back(ctx: Context, sheet: Sheet, *, button: buttons.ReviewTogether) -> list[Message]:
    """Take back what was accepted together; what was judged anew since stays."""
    try:
        since = datetime.fromtimestamp(button.second, UTC)
    except (OverflowError, ValueError, OSError):  # the number is untrusted
        return summary(ctx, sheet.innovation.id)
    taken = review_marks.take_back(
        ctx.tx,
        sheet.innovation.id,
        indicators=_read_numbers(button.numbers),
        since=since,
        by=ctx.person.id,
        now=ctx.now,
    )
    if not taken:
        return summary(ctx, sheet.innovation.id)
    _count(ctx, sheet)
    kept = {no: verdict for no, verdict in sheet.verdicts.items() if no not in taken}
    now = replace(sheet, verdicts=kept)
    shown = indicator_list(ctx, now, first=offer(ctx, now))
    return [replace(message, toast=ctx.say("review.together_undone", count=len(taken))) for message in shown]


def _count(ctx: Context, sheet: Sheet) -> None:
    scores.keep(ctx.tx, sheet.innovation.id, answers=sheet.answers, indicators=sheet.indicators, now=ctx.now)


def _write_numbers(numbers: Sequence[int]) -> int:
    return sum(1 << (no - NUMBERS.start) for no in numbers)


def _read_numbers(bits: int) -> tuple[int, ...]:
    return tuple(no for no in NUMBERS if bits >> (no - NUMBERS.start) & 1)
