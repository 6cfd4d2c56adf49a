"""Judging an indicator and marking items to correct, each with its reason where one is due."""

from __future__ import annotations

from dataclasses import replace

from domain.message import Message, plain
from domain.review import Verdict
from domain.rules.reasons import REASON_CHARS
from domain.texts import Marked, join
from handlers.context import Context
from handlers.review.decisions import decide, sure_of_reject
from handlers.review.indicators import indicator
from handlers.review.pages import question as question_page
from handlers.review.pages import summary
from handlers.review.review_sheet import Sheet, load
from handlers.review.taking import ReasonAsked, alone, ask_alone, ask_reason, not_mine
from storage import dialogues, review_marks, scores

SHORTEST_ALONE = 10  # characters of the reason for deciding alone: "ok" explains nothing to leaders


def judge(ctx: Context, sheet: Sheet, *, no: int, level: int) -> list[Message]:
    """Accept the claimed level at once; another one needs a reason."""
    asked = sheet.indicators.by_no.get(no)
    if asked is None or level not in (0, 1, 2, 3):
        return summary(ctx, sheet.innovation.id)
    if level == asked.level(sheet.answers):
        return _keep_verdict(ctx, sheet, no=no, verdict=Verdict(level))
    return ask_reason(ctx, sheet, use="level", place=asked.level_question, level=level)


def _keep_verdict(ctx: Context, sheet: Sheet, *, no: int, verdict: Verdict) -> list[Message]:
    """Keep a verdict and go on to the next indicator that has none."""
    review_marks.judge(
        ctx.tx, sheet.innovation.id, indicator=no, verdict=verdict, by=ctx.person.id, now=ctx.now
    )
    scores.keep(ctx.tx, sheet.innovation.id, answers=sheet.answers, indicators=sheet.indicators, now=ctx.now)
    dialogues.close(ctx.tx, ctx.person.id)
    now = replace(sheet, verdicts={**sheet.verdicts, no: verdict})
    toast = ctx.say("review.kept_level", no=no, level=verdict.level)
    if not now.to_judge:
        return decide(ctx, now, notice=toast)
    coming = next((n for n in now.to_judge if n > no), now.to_judge[0])
    return indicator(ctx, now, no=coming, toast=toast)


def reasoned(ctx: Context, sheet: Sheet, *, asked: ReasonAsked, reason: str) -> list[Message]:
    """Carry on with what the desk had begun when a reason was asked for: a level, a mark, a decision."""
    place, level = asked.place, asked.level
    if asked.use == "level":
        if place[1:].isdecimal() and int(place[1:]) in sheet.indicators.by_no and level in (0, 1, 2, 3):
            return _keep_verdict(ctx, sheet, no=int(place[1:]), verdict=Verdict(level, reason))
        return summary(ctx, sheet.innovation.id)
    if asked.use == "reject":
        return sure_of_reject(ctx, sheet, reason=reason)
    return _keep_flag(ctx, sheet, place=place, reason=reason)


def typed_reason(ctx: Context, asked: ReasonAsked, *, text: str) -> list[Message]:
    """Take a reason that was typed; it stays open until one fits."""
    sheet = load(ctx, asked.innovation)
    if sheet is not None and sheet.partial and sheet.alone and asked.use == "alone":
        return _keep_reason_to_go_alone(ctx, sheet, text=text)
    if sheet is None or not sheet.is_own_review:
        dialogues.close(ctx.tx, ctx.person.id)
        return not_mine(ctx, sheet) if sheet else summary(ctx, 0)
    reason = " ".join(plain(text).split())
    is_in_words = any(map(str.isalpha, reason))  # a number was meant for something else
    if not is_in_words or len(reason) > REASON_CHARS:
        again = ask_reason(ctx, sheet, use=asked.use, place=asked.place, level=asked.level)
        key = "review.reason_length" if is_in_words else "review.reason_in_words"
        wanted = ctx.say(key, length=len(reason), limit=REASON_CHARS)
        return [replace(again[0], text=join((wanted, Marked(again[0].text))))]
    return reasoned(ctx, sheet, asked=asked, reason=reason)


def _keep_reason_to_go_alone(ctx: Context, sheet: Sheet, *, text: str) -> list[Message]:
    reason = " ".join(plain(text).split())
    if not SHORTEST_ALONE <= len(reason) <= REASON_CHARS:
        return ask_alone(ctx, sheet)
    return alone(ctx, sheet, reason=reason)


def _keep_flag(ctx: Context, sheet: Sheet, *, place: str, reason: str) -> list[Message]:
    review_marks.flag(ctx.tx, sheet.innovation.id, place=place, reason=reason, by=ctx.person.id, now=ctx.now)
    dialogues.close(ctx.tx, ctx.person.id)
    return show_place(ctx, sheet.innovation.id, place=place, toast=ctx.say("review.flag_kept"))


def show_place(ctx: Context, innovation_id: int, *, place: str, toast: str = "") -> list[Message]:
    """Show the item a place names, as it stands now."""
    sheet = load(ctx, innovation_id)
    if sheet is None or place == review_marks.WHOLE:
        return summary(ctx, innovation_id)
    if place in ctx.desk_data.form.by_id:
        return [replace(m, toast=toast) for m in question_page(ctx, sheet, question_id=place)]
    return indicator(ctx, sheet, no=int(place[1:]), toast=toast)
