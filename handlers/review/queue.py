"""/antrean: what waits for the desk, who waits longest first; an innovation is taken, judged and decided
from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain import buttons
from domain.draft.evidence import pieces_of
from domain.message import Attachment, Choice, Kind, Message
from domain.pager import page_count, pager
from domain.reading.receipts import receipt_in
from domain.review import QUEUES, Move, State
from domain.texts import Marked, join, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.review import decisions, taking, together, verdicts
from handlers.review.changes import changes
from handlers.review.indicators import indicator, indicator_list
from handlers.review.pages import marks, part, question, summary
from handlers.review.review_sheet import Sheet, age, load, page
from handlers.review.taking import DIALOGUE, ReasonAsked
from storage import dialogues, innovations, review_marks, reviews
from storage.reviews import Waiting

PAGE = 6  # innovations on a screen
TITLE_CHARS = 48  # of an innovation in the list and on its button


def reads_receipt(ctx: Context, said: str) -> bool:
    """Whether a text is the number of a receipt."""
    return bool(receipt_in(said))


def queue(ctx: Context) -> list[Message]:
    """Show the counts by state and who waits longest; a receipt number behind the command opens its
    innovation.
    """
    if receipt := receipt_in(ctx.args):
        return of_receipt(ctx, receipt)
    dialogues.close(ctx.tx, ctx.person.id)
    return [replace(shown, edit="") for shown in _show_queue(ctx, "wait", number=0)]


def of_receipt(ctx: Context, receipt: str) -> list[Message]:
    """Open the innovation of a receipt number for the desk, in whatever period and state."""
    innovation = innovations.of_receipt(ctx.tx, receipt)
    if innovation is not None:
        return summary(ctx, innovation.id)
    shown = _show_queue(ctx, "wait", number=0)
    text = ctx.say("review.no_receipt", receipt=receipt)
    return [replace(shown[0], text=join((text, Marked(shown[0].text))), edit=""), *shown[1:]]


def _show_queue(ctx: Context, which: str, *, number: int) -> list[Message]:
    counts = reviews.counts(ctx.tx)
    total = sum(counts.get(state.value, 0) for state in QUEUES[which])
    pages = page_count(total, PAGE)
    number = min(number, pages - 1)
    waiting = reviews.queue(ctx.tx, which, limit=PAGE, offset=number * PAGE)
    # numbered on each page alone: a number above 15 is an indicator's
    lines = [_write_line(ctx, n, waiting=line) for n, line in enumerate(waiting, 1)]
    shown = join(lines, by="\n") if lines else ctx.say(f"review.none_{which}")
    head = ctx.say("review.title", counts=_say_counts(ctx, counts))
    rows = [(Choice(f"{n} · {shortened(ui.title(ctx.say, line.title), TITLE_CHARS)}", buttons.Review("o",
    line.id)),)
            for n, line in enumerate(waiting, 1)]  # fmt: skip
    text = join((head, ctx.say(f"review.list_{which}", count=total), shown))
    return page(
        ctx,
        text,
        rows=[
            *rows,
            *pager(ctx.say, lambda to: buttons.ReviewQueue(which, to), page=number, pages=pages),
            _make_tabs(ctx, which),
        ],
    )


def _say_counts(ctx: Context, counts: Mapping[str, int]) -> str:
    parts = [
        f"{ctx.say(f'state.{state.value}')} {counts[state.value]}"
        for state in State
        if counts.get(state.value)
    ]
    return " · ".join(parts) or ctx.say("review.no_counts")


def _write_line(ctx: Context, number: int, *, waiting: Waiting) -> Marked:
    days = age(ctx, waiting.since) if waiting.since else 0
    state = ctx.say(f"state.{waiting.state}")
    if waiting.reviewer:
        state = ctx.say("review.by", name=waiting.reviewer)
    waits = waiting.state in QUEUES["wait"]
    if waits and waiting.is_repaired:
        state = ctx.say("review.repaired", state=state)
    return ctx.say(
        "review.line" if waits else "review.line_done",
        n=number,
        title=shortened(ui.title(ctx.say, waiting.title), TITLE_CHARS),
        office=_name_office(ctx, waiting),
        state=state,
        days=days,
    )


def _name_office(ctx: Context, waiting: Waiting) -> Marked | str:
    """Name the office, with the year where that is closed: another year's stand in the same queue."""
    if not waiting.closed_year:
        return waiting.office
    return ctx.say("review.office_and_year", office=waiting.office, year=waiting.closed_year)


def _make_tabs(ctx: Context, which: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(ctx.say(f"review.tab_{name}"), buttons.ReviewQueue(name, 0))
        for name in QUEUES
        if name != which
    )


# buttons


Looks = (
    buttons.Review
    | buttons.ReviewPart
    | buttons.ReviewIndicators
    | buttons.ReviewChanges
    | buttons.ReviewMarks
    | buttons.ReviewQuestion
    | buttons.ReviewIndicator
    | buttons.ReviewEvidence
    | buttons.ReviewTakeOver
    | buttons.ReviewLevel
    | buttons.ReviewTogether
    | buttons.ReviewMark
    | buttons.ReviewReason
)


def turned(ctx: Context, button: buttons.ReviewQueue) -> list[Message]:
    """Show the queue in an order, at a page."""
    _leave_question(ctx)
    return _show_queue(ctx, button.which if button.which in QUEUES else "wait", number=button.page)


def tapped(ctx: Context, button: Looks) -> list[Message]:
    """Look at an innovation, or act on it as the one who has it under review."""
    _leave_question(ctx)
    sheet = load(ctx, button.innovation)
    if sheet is None:
        ctx.refuse("refused_button", innovation=button.innovation)
        return [
            replace(shown, toast=ctx.say("review.not_there")) for shown in _show_queue(ctx, "wait", number=0)
        ]
    shown = _look(ctx, sheet, button=button)
    if shown is None:
        shown = _act(ctx, sheet, button=button) if sheet.is_own_review else taking.not_mine(ctx, sheet)
    return shown or summary(ctx, sheet.innovation.id)


def _leave_question(ctx: Context) -> None:
    """Close an open question: whoever taps on has left it for a reason, and the next text must not become
    one.
    """
    if ctx.dialogue is not None and ctx.dialogue.name == DIALOGUE:
        dialogues.close(ctx.tx, ctx.person.id)


def _look(ctx: Context, sheet: Sheet, *, button: Looks) -> list[Message] | None:
    """Do what everybody at the desk may do; None for what only the holder may."""
    match button:
        case buttons.Review(act=act) if act in _OPEN_TO_ALL:
            return _OPEN_TO_ALL[act](ctx, sheet)
        case (
            buttons.ReviewPart()
            | buttons.ReviewIndicators()
            | buttons.ReviewChanges()
            | buttons.ReviewMarks()
        ):
            return _show_page_of(ctx, sheet, button=button)
        case buttons.ReviewQuestion(question=name, new=new):
            return question(ctx, sheet, question_id=name, whole=bool(new))
        case buttons.ReviewIndicator(indicator=number, new=new):
            return indicator(ctx, sheet, no=number, new=bool(new))
        case buttons.ReviewEvidence(question=name, sha256=prefix):
            return _send_file(ctx, sheet, name=name, prefix=prefix)
        case buttons.ReviewTakeOver(holder=holder):
            return taking.take_over(ctx, sheet, from_=holder)
    return None


def _show_page_of(
    ctx: Context,
    sheet: Sheet,
    *,
    button: buttons.ReviewPart | buttons.ReviewIndicators | buttons.ReviewChanges | buttons.ReviewMarks,
) -> list[Message]:
    """Show a page of one of the lists of an innovation."""
    match button:
        case buttons.ReviewPart(page=number):
            return part(ctx, sheet, number=number)
        case buttons.ReviewIndicators(page=number):
            return indicator_list(ctx, sheet, at=number, first=together.offer(ctx, sheet))
        case buttons.ReviewChanges(page=number):
            return changes(ctx, sheet, at=number)
        case buttons.ReviewMarks(page=number):
            return marks(ctx, sheet, number=number)


def _act(ctx: Context, sheet: Sheet, *, button: Looks) -> list[Message]:
    """Do what only the one who has the innovation under review may."""
    match button:
        case buttons.Review(act=act) if act in _OF_HOLDER:
            return _OF_HOLDER[act](ctx, sheet)
        case buttons.ReviewLevel(indicator=number, level=level):
            return verdicts.judge(ctx, sheet, no=number, level=level)
        case buttons.ReviewTogether():
            return together.tapped(ctx, sheet, button=button)
        case buttons.ReviewMark(act="g", place=place):
            return _flag(ctx, sheet, place=place)
        case buttons.ReviewMark(act="u", place=place):
            return _unflag(ctx, sheet, place=place)
        case buttons.ReviewMark(place=place):
            return _refuse_reason(ctx, sheet, place=place)
        case buttons.ReviewReason():
            return _take_reason(ctx, sheet, button=button)
    return []


def _send_file(ctx: Context, sheet: Sheet, *, name: str, prefix: str) -> list[Message]:
    """Deliver one piece of evidence; what is no longer there shows the page anew."""
    pieces = pieces_of(sheet.answers.get(name))
    piece = next((piece for piece in pieces if len(prefix) == 8 and piece.sha256.startswith(prefix)), None)
    if piece is None:
        return summary(ctx, sheet.innovation.id)
    place = name if name in ctx.desk_data.form.by_id else f"i{name[1:]}"
    back: buttons.Button = buttons.ReviewQuestion(sheet.innovation.id, place, "n")
    if place != name:
        back = buttons.ReviewIndicator(sheet.innovation.id, int(place[1:]), "n")
    caption = ctx.say("review.file", name=piece.name, place=sheet.facts.place_name(place))
    carried = Attachment("document", "file", {"sha256": piece.sha256}, piece.name)
    return message(caption, (Choice(ctx.say("review.to_item"), back),), attachment=carried)


def _take_reason(ctx: Context, sheet: Sheet, *, button: buttons.ReviewReason) -> list[Message]:
    reason = ctx.desk_data.reasons.by_id.get(button.reason)
    if reason is None or not _is_place(ctx, sheet, place=button.place):
        return summary(ctx, sheet.innovation.id)
    asked = ReasonAsked(sheet.innovation.id, button.use, button.place, button.level)
    # the desk and the office share one wording: the official one
    return verdicts.reasoned(ctx, sheet, asked=asked, reason=reason.text.id)


def _is_place(ctx: Context, sheet: Sheet, *, place: str) -> bool:
    asked = any(question.id == place for question in sheet.questions)
    return (
        asked
        or place == review_marks.WHOLE
        or place in {i.level_question for i in sheet.indicators.indicators}
    )


def _flag(ctx: Context, sheet: Sheet, *, place: str) -> list[Message]:
    if not _is_place(ctx, sheet, place=place) or place == review_marks.WHOLE:
        return summary(ctx, sheet.innovation.id)
    return taking.ask_reason(
        ctx, sheet, use="profile" if place in ctx.desk_data.form.by_id else "indicator", place=place, level=0
    )


def _unflag(ctx: Context, sheet: Sheet, *, place: str) -> list[Message]:
    if not _is_place(ctx, sheet, place=place):
        return summary(ctx, sheet.innovation.id)
    review_marks.unflag(ctx.tx, sheet.innovation.id, place=place, by=ctx.person.id, now=ctx.now)
    return verdicts.show_place(ctx, sheet.innovation.id, place=place)


def _refuse_reason(ctx: Context, sheet: Sheet, *, place: str) -> list[Message]:
    dialogues.close(ctx.tx, ctx.person.id)
    return verdicts.show_place(
        ctx, sheet.innovation.id, place=place if _is_place(ctx, sheet, place=place) else review_marks.WHOLE
    )


Act = Callable[[Context, Sheet], list[Message]]
_OPEN_TO_ALL: Mapping[str, Act] = {
    "o": lambda ctx, sheet: summary(ctx, sheet.innovation.id),
    "t": taking.take,
    "r": taking.release,
    "a": taking.ask_alone,
}
_OF_HOLDER: Mapping[str, Act] = {
    "d": decisions.decide,
    "dv": lambda ctx, sheet: decisions.sure(ctx, sheet, move=Move.VERIFY),
    "dr": lambda ctx, sheet: decisions.sure(ctx, sheet, move=Move.RETURN),
    "dx": lambda ctx, sheet: decisions.sure(ctx, sheet, move=Move.REJECT),
    "dvy": lambda ctx, sheet: decisions.decided(ctx, sheet, move=Move.VERIFY),
    "dry": lambda ctx, sheet: decisions.decided(ctx, sheet, move=Move.RETURN),
    "dxy": lambda ctx, sheet: decisions.decided(ctx, sheet, move=Move.REJECT),
}


def said(ctx: Context) -> list[Message]:
    """Take a reason that was typed while one is asked for."""
    asked = ctx.state(DIALOGUE, ReasonAsked) or ReasonAsked()
    text = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
    return verdicts.typed_reason(ctx, asked, text=text)
