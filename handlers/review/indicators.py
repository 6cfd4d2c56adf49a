"""What a reviewer sees of the indicators: claimed beside verified, the levels, every piece of evidence."""

from __future__ import annotations

from domain import buttons
from domain.conversation.indicator_page import levels_of, say_counted
from domain.conversation.read_answer import named
from domain.draft.evidence import Piece, pieces_of
from domain.draft.file_findings import finding_words
from domain.draft.letter_words import letter_words
from domain.message import Choice, Kind, Message, Rows
from domain.pager import page_count, pager
from domain.people import Right
from domain.review import Verdict
from domain.rules.indicators import LEVELS, Indicator
from domain.texts import Marked, bold, bounded, join, shortened
from handlers.context import Context
from handlers.review.review_sheet import (
    Sheet,
    back_row,
    file_rows,
    flag_choice,
    flag_of,
    load,
    page,
    title_of,
)
from storage import keyboards

A_PAGE = 6
TYPED_DIGITS = 2  # of the number of an indicator, 16 to 35
LABEL_CHARS = 36  # of an indicator's name on its button
EVIDENCE_CHARS, PIECE_CHARS = 1200, 160  # of the list of evidence, and of a piece or its letter in it


def indicator_list(ctx: Context, sheet: Sheet, *, at: int = 0, first: Rows = ()) -> list[Message]:
    """Show how the indicators stand, and a page of them with the claimed and the verified level of each,
    below the rows given in `first`.
    """
    number, every = sheet.innovation.id, sheet.indicators.indicators
    pages = page_count(len(every), A_PAGE)
    at = min(max(at, 0), pages - 1)
    on_page = every[at * A_PAGE : (at + 1) * A_PAGE]
    lines = join((_write_indicator_line(ctx, sheet, indicator=indicator) for indicator in on_page), by="\n")
    rows = [*first, *next_open(ctx, sheet)]
    rows += [
        (Choice(_write_open_label(ctx, sheet, indicator=i), buttons.ReviewIndicator(number, i.no)),)
        for i in on_page
    ]
    rows += pager(ctx.say, lambda to: buttons.ReviewIndicators(number, to), page=at, pages=pages)
    decide = (Choice(ctx.say("review.decide"), buttons.Review("d", number)),) if sheet.is_own_review else ()
    rows.append((*back_row(ctx, number), *decide))
    return page(ctx, join((bold(title_of(ctx, sheet)), _write_standing(ctx, sheet), lines)), rows=rows)


def next_open(ctx: Context, sheet: Sheet, *, after: int = 0) -> Rows:
    """The way to the next indicator behind `after` that waits for a verdict, else to the first, for the one
    who reviews.
    """
    if not sheet.is_own_review or not sheet.to_judge:
        return ()
    coming = next((no for no in sheet.to_judge if no > after), sheet.to_judge[0])
    name = shortened(sheet.indicators.by_no[coming].name.in_(ctx.say.language), LABEL_CHARS)
    button = buttons.ReviewIndicator(sheet.innovation.id, coming)
    return ((Choice(ctx.say("review.next", no=coming, name=name), button),),)


def _write_open_label(ctx: Context, sheet: Sheet, *, indicator: Indicator) -> str:
    name = shortened(indicator.name.in_(ctx.say.language), LABEL_CHARS)
    return f"{_say_judged(sheet, indicator)} {indicator.no} · {name}".lstrip()


def _write_standing(ctx: Context, sheet: Sheet) -> Marked:
    """Name the indicators by how they stand before the desk."""
    by_standing: dict[str, list[str]] = {"judged": [], "marked": [], "waiting": [], "unclaimed": []}
    for indicator in sheet.indicators.indicators:
        by_standing[_name_standing(sheet, indicator)].append(str(indicator.no))
    return join(
        (
            ctx.say(f"review.are_{name}", numbers=", ".join(numbers))
            for name, numbers in by_standing.items()
            if numbers
        ),
        by="\n",
    )


def _name_standing(sheet: Sheet, indicator: Indicator) -> str:
    if sheet.flag(indicator.level_question):
        return "marked"
    if indicator.no in sheet.verdicts:
        return "judged"
    return "waiting" if indicator.level(sheet.answers) else "unclaimed"


def _say_judged(sheet: Sheet, indicator: Indicator) -> str:
    if sheet.flag(indicator.level_question):
        return "⚑"
    return "✔" if indicator.no in sheet.verdicts else ""


def _write_indicator_line(ctx: Context, sheet: Sheet, *, indicator: Indicator) -> Marked:
    claimed, verdict = indicator.level(sheet.answers), sheet.verdicts.get(indicator.no)
    if not claimed and verdict is None:
        return ctx.say("review.indicator_empty", no=indicator.no, name=indicator.name.in_(ctx.say.language))
    return ctx.say(
        "review.indicator_line",
        mark=_say_judged(sheet, indicator) or "○",
        no=indicator.no,
        name=indicator.name.in_(ctx.say.language),
        claimed=claimed or "–",
        verified=verdict.level if verdict else "–",
    )


def typed(ctx: Context) -> list[Message]:
    """Open the indicator whose number was typed while pages of an innovation lie open before the desk;
    nothing for any other text.
    """
    text = ctx.inbound.text.strip().rstrip(".)") if ctx.inbound.kind is Kind.TEXT else ""
    if not ctx.may(Right.VERIFY) or not (text.isascii() and text.isdecimal() and len(text) == TYPED_DIGITS):
        return []
    inbound = ctx.inbound
    offered = keyboards.newest(ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others)
    listed = (buttons.ReviewIndicators.parse(choice.data) for choice in offered)
    number = next((button.innovation for button in listed if button is not None), 0)
    sheet = load(ctx, number) if number else None
    if sheet is None or int(text) not in sheet.indicators.by_no:
        return []
    return indicator(ctx, sheet, no=int(text))


def indicator(ctx: Context, sheet: Sheet, *, no: int, new: bool = False, toast: str = "") -> list[Message]:
    """Show one indicator: the levels, what was claimed, every piece of evidence, the verdict."""
    asked = sheet.indicators.by_no.get(no)
    if asked is None:
        return indicator_list(ctx, sheet)
    parts = (
        _write_indicator_head(ctx, sheet, asked=asked),
        _write_levels(ctx, sheet, asked=asked),
        _write_evidence(ctx, sheet, asked=asked),
        flag_of(ctx, sheet, place=asked.level_question),
    )
    text = join(parts)
    rows = [
        *file_rows(ctx, sheet, question_id=asked.evidence_question),
        *_make_verdict_rows(ctx, sheet, asked=asked),
        *_make_next_row(ctx, sheet, asked=asked),
        _make_neighbours(ctx, sheet, no=no),
    ]
    return [Message(text, tuple(rows), toast=toast)] if new else page(ctx, text, rows=rows, toast=toast)


def _make_neighbours(ctx: Context, sheet: Sheet, *, no: int) -> tuple[Choice, ...]:
    """Make the row to the indicator before and behind, and to the page of the list this one stands on."""
    numbers, innovation = [indicator.no for indicator in sheet.indicators.indicators], sheet.innovation.id
    at = numbers.index(no)
    before, after = numbers[at - 1], numbers[(at + 1) % len(numbers)]
    return (
        Choice(f"◀ {before}", buttons.ReviewIndicator(innovation, before)),
        Choice(ctx.say("review.to_list"), buttons.ReviewIndicators(innovation, at // A_PAGE)),
        Choice(f"{after} ▶", buttons.ReviewIndicator(innovation, after)),
    )


def _write_indicator_head(ctx: Context, sheet: Sheet, *, asked: Indicator) -> Marked:
    claimed, verdict = asked.level(sheet.answers), sheet.verdicts.get(asked.no)
    title = bold(f"{asked.no}{'*' if asked.mandatory else ''} · {asked.name.in_(ctx.say.language)}")
    said = ctx.say(
        "review.claimed",
        level=claimed or "–",
        points=asked.weight * claimed,
        maximum=asked.weight * LEVELS[-1],
    )
    judged = ctx.say("review.not_judged")
    if verdict is not None:
        judged = ctx.say(
            "review.judged",
            level=verdict.level,
            points=asked.weight * verdict.level,
            reason=_say_why(verdict),
        )
    return join((title, said, judged), by="\n")


def _say_why(verdict: Verdict) -> str:
    return f" – {verdict.reason}" if verdict.reason else ""


def _write_levels(ctx: Context, sheet: Sheet, *, asked: Indicator) -> Marked:
    language, basis = ctx.say.language, asked.basis(sheet.answers)
    named = [ctx.say("conversation.ind_basis", basis=basis.label.in_(language))] if basis else []
    words = [f"{n} · {level.in_(language)}" for n, level in enumerate(levels_of(asked, sheet.answers), 1)]
    number = say_counted(asked, sheet.answers, language)
    counted = [ctx.say("review.number", number=number)] if number else []
    return join([*named, *words, *counted], by="\n")


def _write_evidence(ctx: Context, sheet: Sheet, *, asked: Indicator) -> Marked:
    pieces = pieces_of(sheet.answers.get(asked.evidence_question))
    if not pieces:
        return ctx.say("review.no_evidence")
    lines = [_write_piece(ctx, n, piece=piece) for n, piece in enumerate(pieces, 1)]
    shown = bounded(lines, EVIDENCE_CHARS, more=lambda left: ctx.say("review.evidence_more", count=left))
    return join((ctx.say("review.evidence"), shown), by="\n")


def _write_piece(ctx: Context, number: int, *, piece: Piece) -> Marked:
    letter = shortened(letter_words(piece.letter, ctx.say.language), PIECE_CHARS)
    shown = shortened(named(piece, ctx.say.language), PIECE_CHARS)
    more = join((letter, finding_words(piece, ctx.say)), by=" · ")
    return ctx.say("review.piece", n=number, name=shown, letter=f" · {more}" if more else "")


def _make_verdict_rows(ctx: Context, sheet: Sheet, *, asked: Indicator) -> Rows:
    """A button for each level, two in a row; each begins with the number that may be typed for it."""
    if not sheet.is_own_review:
        return ()
    claimed, verdict = asked.level(sheet.answers), sheet.verdicts.get(asked.no)
    levels = [
        Choice(
            _write_level_label(ctx, n, claimed=claimed, verdict=verdict),
            buttons.ReviewLevel(sheet.innovation.id, asked.no, n),
        )
        for n in (0, *LEVELS)
    ]
    return (tuple(levels[:2]), tuple(levels[2:]), flag_choice(ctx, sheet, place=asked.level_question))


def _write_level_label(ctx: Context, level: int, *, claimed: int, verdict: Verdict | None) -> str:
    if not level:
        label = str(ctx.say("review.level_none"))
    elif level == claimed:
        label = str(ctx.say("review.level_claimed", level=level))
    else:
        label = str(ctx.say("review.level_offered", level=level))
    return f"✔ {label}" if verdict is not None and verdict.level == level else label


def _make_next_row(ctx: Context, sheet: Sheet, *, asked: Indicator) -> Rows:
    """Where this one is dealt with, the way to the next that is not."""
    return () if asked.no in sheet.to_judge else next_open(ctx, sheet, after=asked.no)
