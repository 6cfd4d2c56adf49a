"""Deciding on an innovation: verify, return or reject; and what the office hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from domain import buttons
from domain.knowledge.asking import asks_by_form
from domain.message import Choice, Kind, Message, plain
from domain.people import Right
from domain.review import Move
from domain.templates import with_template
from domain.texts import Marked, bold, bounded, join, quoted
from handlers.context import Context
from handlers.review.pages import summary
from handlers.review.review_sheet import (
    Sheet,
    back_row,
    counting,
    load,
    mark_line,
    mark_lines,
    marks_row,
    page,
    queue_row,
    title_of,
)
from handlers.review.taking import DIALOGUE, ReasonAsked, ask_reason, moved, not_mine, queue_message
from storage import dialogues, keyboards, review_marks, reviews

GAPS_SHOWN = 10
NOTICE_CHARS = 600  # of items and their reasons in the notice to the office; each place says its own in full
REASON_WORDS = 3  # from here on what is typed at other pages is a reason, and no word looked up
PLACES_SHOWN = 10  # on buttons of that notice


def decide(ctx: Context, sheet: Sheet, *, notice: str = "") -> list[Message]:
    """Show what speaks for each decision, and the decisions that are open now."""
    if not sheet.is_own_review:
        return not_mine(ctx, sheet)
    number = sheet.innovation.id
    open_ones = sheet.unjudged
    marks = sheet.marks
    text = join((notice, bold(title_of(ctx, sheet)), _write_totals(ctx, sheet), counting(ctx, sheet),
                 _say_still_open(ctx, open_ones), mark_lines(ctx, sheet) if marks else "",
                 _say_how(ctx, sheet)))  # fmt: skip
    rows: list[tuple[Choice, ...]] = []
    if sheet.to_judge:
        coming = sheet.to_judge[0]
        rows.append(
            (Choice(ctx.say("review.next_open", no=coming), buttons.ReviewIndicator(number, coming)),)
        )
    elif not marks:
        rows.append((Choice(ctx.say("review.verify"), buttons.Review("dv", number)),))
    if marks:
        rows.append((Choice(ctx.say("review.return", count=len(marks)), buttons.Review("dr", number)),))
    rows.append((Choice(ctx.say("review.reject"), buttons.Review("dx", number)),))
    return page(ctx, text, rows=[*rows, *(marks_row(ctx, sheet) if marks else ()), back_row(ctx, number)])


def _say_how(ctx: Context, sheet: Sheet) -> Marked:
    """Say how the decisions open that have no button yet."""
    verify = ctx.say("review.how_to_verify") if sheet.to_judge or sheet.marks else ""
    back = "" if sheet.marks else ctx.say("review.how_to_return", mark=ctx.say("review.flag"))
    return join((verify, back), by="\n")


def typed(ctx: Context) -> list[Message]:
    """Say where a reason is written that was typed at a page of one's own review where none is asked for;
    nothing for a question, and for what is typed anywhere else.
    """
    text = plain(ctx.inbound.text).strip() if ctx.inbound.kind is Kind.TEXT else ""
    if not ctx.may(Right.VERIFY) or not any(map(str.isalpha, text)) or "?" in text or asks_by_form(text):
        return []
    inbound = ctx.inbound
    offered = keyboards.newest(ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others)
    deciding = _find_page(offered, _decides_on)
    number = deciding or (_find_page(offered, _looks_at) if len(text.split()) >= REASON_WORDS else 0)
    sheet = load(ctx, number) if number else None
    if sheet is None or not sheet.is_own_review:
        return []
    said, mark = quoted(text), ctx.say("review.flag")
    if deciding:
        reject = ctx.say("review.reject")
        notice = ctx.say("review.no_reason_asked", said=said, mark=mark, reject=reject)
        return decide(ctx, sheet, notice=notice)
    return summary(ctx, number, notice=ctx.say("review.reason_elsewhere", said=said, mark=mark))


def _find_page(offered: Sequence[Choice], belongs: Callable[[str], int]) -> int:
    """Find the innovation whose page these buttons stand on; 0 where there is none."""
    return next((number for choice in offered if (number := belongs(choice.data))), 0)


def _decides_on(data: str) -> int:
    button = buttons.Review.parse(data)
    return button.innovation if button and button.act == "dx" else 0


def _looks_at(data: str) -> int:
    button = buttons.ReviewPart.parse(data) or buttons.ReviewIndicators.parse(data)
    return button.innovation if button else 0


def _write_totals(ctx: Context, sheet: Sheet) -> Marked:
    return ctx.say(
        "review.totals_short",
        claimed=sheet.claimed,
        verified=sheet.verified,
        maximum=sheet.indicators.maximum,
        rules=sheet.innovation.rule_year,
    )


def _say_still_open(ctx: Context, open_ones: Sequence[int]) -> str:
    if not open_ones:
        return ctx.say("review.all_judged")
    numbers = ", ".join(str(no) for no in open_ones[:GAPS_SHOWN]) + (
        "…" if len(open_ones) > GAPS_SHOWN else ""
    )
    return ctx.say("review.still_open", count=len(open_ones), numbers=numbers)


def sure(ctx: Context, sheet: Sheet, *, move: Move) -> list[Message]:
    """Ask once more before a decision leaves the house."""
    if not sheet.is_own_review:
        return not_mine(ctx, sheet)
    if move is Move.REJECT:
        return ask_reason(ctx, sheet, use="reject", place=review_marks.WHOLE, level=0)
    if not _is_ready(sheet, move):
        return _refuse(ctx, sheet, move=move)
    number = sheet.innovation.id
    key, yes = "return", buttons.Review("dry", number)
    if move is Move.VERIFY:
        key, yes = "verify", buttons.Review("dvy", number)
    text = join((bold(title_of(ctx, sheet)), _write_totals(ctx, sheet), counting(ctx, sheet),
                 ctx.say(f"review.sure_{key}", count=len(sheet.marks), people=_name_people(ctx,
                 sheet))))  # fmt: skip
    rows = [(Choice(ctx.say(f"review.yes_{key}"), yes),
             Choice(ctx.say("review.not_yet"), buttons.Review("d", sheet.innovation.id)))]  # fmt: skip
    return page(ctx, text, rows=rows)


def _refuse(ctx: Context, sheet: Sheet, *, move: Move) -> list[Message]:
    ctx.refuse("refused_move", innovation=sheet.innovation.id, move=move.value, state=sheet.innovation.state)
    return decide(ctx, sheet)


def _is_ready(sheet: Sheet, move: Move) -> bool:
    """Verifying waits for every verdict and for no mark; returning needs at least one mark."""
    if move is Move.VERIFY:
        return not sheet.marks and not sheet.unjudged
    return bool(sheet.marks)


def _name_people(ctx: Context, sheet: Sheet) -> str:
    count = len(reviews.people_of(ctx.tx, sheet.innovation.office_id))
    return ctx.say("review.people", count=count) if count else ctx.say("review.nobody")


def sure_of_reject(ctx: Context, sheet: Sheet, *, reason: str) -> list[Message]:
    """Ask once more before an innovation is rejected for this reason."""
    asked = ReasonAsked(sheet.innovation.id, "reject", review_marks.WHOLE, reason=reason)
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=asked)
    text = join(
        (
            bold(title_of(ctx, sheet)),
            ctx.say("review.sure_reject", reason=reason, people=_name_people(ctx, sheet)),
        )
    )
    number = sheet.innovation.id
    later = buttons.ReviewMark("n", number, review_marks.WHOLE)
    rows = [(Choice(ctx.say("review.yes_reject"), buttons.Review("dxy", number)),
             Choice(ctx.say("review.not_yet"), later))]  # fmt: skip
    return page(ctx, text, rows=rows)


def decided(ctx: Context, sheet: Sheet, *, move: Move) -> list[Message]:
    """Keep the decision and tell the office; both stand in one commit, and no delivery can undo it (F103)."""
    if not sheet.is_own_review:
        return not_mine(ctx, sheet)
    reason = _find_reason(ctx, sheet) if move is Move.REJECT else ""
    if not (reason if move is Move.REJECT else _is_ready(sheet, move)):
        return _refuse(ctx, sheet, move=move)
    reviews.settle(ctx.tx, sheet.innovation.id, now=ctx.now)
    if reason:
        review_marks.flag(
            ctx.tx,
            sheet.innovation.id,
            place=review_marks.WHOLE,
            reason=reason,
            by=ctx.person.id,
            now=ctx.now,
        )
    if moved(ctx, sheet, move=move) is None:
        return not_mine(ctx, sheet)
    dialogues.close(ctx.tx, ctx.person.id)
    count = _tell_office(ctx, sheet, move=move, reason=reason)
    done = ctx.say(f"review.done_{move.value}", title=title_of(ctx, sheet), count=len(sheet.marks))
    heard = ctx.say("review.told", count=count) if count else ctx.say("review.told_nobody")
    return page(ctx, join((done, _write_totals(ctx, sheet), heard)), rows=[queue_row(ctx)])


def _tell_office(ctx: Context, sheet: Sheet, *, move: Move, reason: str) -> int:
    """Tell every focal point of the office who can be reached; returns how many."""
    people = reviews.people_of(ctx.tx, sheet.innovation.office_id)
    for _, channel, address, speaks in people:
        theirs = replace(ctx, say=ctx.desk_data.words.in_(speaks))
        notice = _write_notice(theirs, sheet.said_in(theirs.say), move=move, reason=reason)
        if move is Move.RETURN:
            named = {"inovasi": title_of(theirs, sheet)}
            returned = ctx.desk_data.templates["returned"]
            fixes = buttons.Returned("go", sheet.innovation.id)
            notice = with_template(notice, returned, language=speaks, parameters=named, opens=fixes)
        queue_message(
            ctx, (channel, address, speaks), text=notice, kind=move.value, innovation=sheet.innovation
        )
    return len(people)


def _find_reason(ctx: Context, sheet: Sheet) -> str:
    """Find the reason that was given for rejecting this innovation; "" where none was."""
    asked = ctx.state(DIALOGUE, ReasonAsked)
    return asked.reason if asked and asked.innovation == sheet.innovation.id else ""


def _write_notice(ctx: Context, sheet: Sheet, *, move: Move, reason: str) -> Message:
    if move is Move.RETURN:
        return _write_return(ctx, sheet)
    if move is Move.REJECT:
        text = ctx.say("review.heard_reject", title=title_of(ctx, sheet), reason=reason)
    else:
        text = _write_verdicts(ctx, sheet)
    return Message(text, ((Choice(ctx.say("opens.innovations"), buttons.Open("inovasi")),),))


def _write_return(ctx: Context, sheet: Sheet) -> Message:
    """Say what has to be corrected, with a button to each place."""
    title, number = title_of(ctx, sheet), sheet.innovation.id
    items = [mark_line(ctx, sheet, flag=flag) for flag in sheet.marks]
    shown = bounded(items, NOTICE_CHARS, more=lambda left: ctx.say("review.flags_more", count=left))
    text = join((ctx.say("review.heard_return", title=title, count=len(items)), shown,
                 ctx.say("review.heard_return_end")))  # fmt: skip
    rows = [(Choice(ctx.say("returned.fix"), buttons.Returned("go", number)),)]
    rows += [
        (Choice(sheet.facts.place_name(flag.place), buttons.Returned("at", number, flag.place)),)
        for flag in sheet.marks[:PLACES_SHOWN]
    ]
    return Message(text, tuple(rows))


def _write_verdicts(ctx: Context, sheet: Sheet) -> Marked:
    """Say what was verified, and each level the desk accepts beside another that was claimed."""
    title = title_of(ctx, sheet)
    lines = [
        ctx.say("review.heard_level", name=sheet.facts.place_name(f"i{no}"), claimed=_sum_claim(sheet, no),
                level=verdict.level, reason=verdict.reason)
        for no, verdict in sheet.verdicts.items() if verdict.level != _sum_claim(sheet, no)
    ]  # fmt: skip
    text = ctx.say("review.heard_verify", title=title, claimed=sheet.claimed, verified=sheet.verified,
                   maximum=sheet.indicators.maximum, rules=sheet.innovation.rule_year)  # fmt: skip
    shown = bounded(lines, NOTICE_CHARS, more=lambda left: ctx.say("review.levels_more", count=left))
    return join((text, shown))


def _sum_claim(sheet: Sheet, no: int) -> int:
    return sheet.indicators.by_no[no].level(sheet.answers)
