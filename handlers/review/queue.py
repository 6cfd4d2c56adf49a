"""/antrean: what waits for the desk, who waits longest first; an innovation is taken, judged and decided from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from domain.draft.evidence import pieces_of
from domain.message import Attachment, Choice, Kind, Message
from domain.review import QUEUES, Move, State
from domain.texts import Marked, join
from handlers.context import Context, message, whole, whole_at
from handlers.review import decisions, verdicts
from handlers.review import whole as whole_review
from handlers.review.changes import changes
from handlers.review.indicators import indicator, indicator_list
from handlers.review.pages import question, section, summary
from handlers.review.sheet import Sheet, age, load, page
from handlers.review.whole import DIALOGUE
from storage import contacts, reviews
from storage.reviews import Waiting

PAGE = 6  # innovations on a screen


def queue(ctx: Context) -> list[Message]:
    """Show the counts by state and who waits longest."""
    contacts.close_dialogue(ctx.tx, ctx.person.id)
    return [replace(shown, edit="") for shown in _queue(ctx, "wait", 0)]


def _queue(ctx: Context, which: str, number: int) -> list[Message]:
    counts = reviews.counts(ctx.tx)
    total = sum(counts.get(state.value, 0) for state in QUEUES[which])
    pages = max(1, -(-total // PAGE))
    number = min(number, pages - 1)
    waiting = reviews.queue(ctx.tx, which, limit=PAGE, offset=number * PAGE)
    lines = [_line(ctx, n, one) for n, one in enumerate(waiting, number * PAGE + 1)]
    shown = join(lines, by="\n") if lines else ctx.say(f"review.none_{which}")
    head = ctx.say("review.title", counts=_counts(ctx, counts))
    rows = [(Choice(f"{n} · {one.title or ctx.say('conversation.untitled')}", f"q:o:{one.id}"),)
            for n, one in enumerate(waiting, number * PAGE + 1)]  # fmt: skip
    text = join((head, ctx.say(f"review.list_{which}", count=total), shown))
    return page(ctx, text, [*rows, *_pager(ctx, which, number, pages), _tabs(ctx, which)])


def _counts(ctx: Context, counts: Mapping[str, int]) -> str:
    told = [
        f"{ctx.say(f'innovations.state_{state.value}')} {counts[state.value]}"
        for state in State
        if state is not State.DRAFT and counts.get(state.value)
    ]
    return " · ".join(told) or ctx.say("review.no_counts")


def _line(ctx: Context, number: int, one: Waiting) -> Marked:
    days = age(ctx, one.since) if one.since else 0
    state = ctx.say(f"innovations.state_{one.state}")
    if one.reviewer:
        state = ctx.say("review.by", name=one.reviewer)
    waits = one.state in QUEUES["wait"]
    return ctx.say(
        "review.line" if waits else "review.line_done",
        n=number,
        title=one.title or ctx.say("conversation.untitled"),
        office=one.office,
        state=state,
        days=days,
    )


def _pager(ctx: Context, which: str, number: int, pages: int) -> Sequence[tuple[Choice, ...]]:
    if pages == 1:
        return ()
    here = ctx.say("conversation.page", page=number + 1, pages=pages)
    return (
        (
            Choice("◀", f"q:p:{which}:{(number - 1) % pages}"),
            Choice(here, f"q:p:{which}:{number}"),
            Choice("▶", f"q:p:{which}:{(number + 1) % pages}"),
        ),
    )


def _tabs(ctx: Context, which: str) -> tuple[Choice, ...]:
    return tuple(Choice(ctx.say(f"review.tab_{name}"), f"q:p:{name}:0") for name in QUEUES if name != which)


# buttons


def tapped(ctx: Context) -> list[Message]:
    """Take a button of the queue or of an innovation; its data is untrusted."""
    action, _, rest = ctx.args.partition(":")
    parts = rest.split(":")
    if ctx.dialogue is not None and ctx.dialogue.name == DIALOGUE:
        # whoever taps on has left the question for a reason: the next text must not become one
        contacts.close_dialogue(ctx.tx, ctx.person.id)
    if action == "p":
        return _queue(ctx, parts[0] if parts[0] in QUEUES else "wait", whole(parts[-1]))
    sheet = load(ctx, number) if (number := whole_at(parts)) else None
    if sheet is None:
        return [replace(shown, toast=ctx.say("review.not_there")) for shown in _queue(ctx, "wait", 0)]
    if action in _LOOKS:
        return _LOOKS[action](ctx, sheet, parts[1:]) or summary(ctx, sheet.innovation.id)
    if action in _ACTS:
        return _ACTS[action](ctx, sheet, parts[1:])
    return summary(ctx, sheet.innovation.id)


def _open_indicator(ctx: Context, sheet: Sheet, parts: Sequence[str]) -> list[Message]:
    return indicator(ctx, sheet, whole_at(parts), new=parts[-1:] == ["n"])


def _open_question(ctx: Context, sheet: Sheet, parts: Sequence[str]) -> list[Message]:
    return question(ctx, sheet, parts[0] if parts else "", whole=parts[-1:] == ["n"])


def _file(ctx: Context, sheet: Sheet, parts: Sequence[str]) -> list[Message]:
    """Deliver one piece of evidence; what is no longer there shows the page anew."""
    name, prefix = (parts[0], parts[1]) if len(parts) == 2 else ("", "")
    held = pieces_of(sheet.answers.get(name))
    piece = next((piece for piece in held if len(prefix) == 8 and piece.sha256.startswith(prefix)), None)
    if piece is None:
        return summary(ctx, sheet.innovation.id)
    place = name if name in ctx.house.form.by_id else f"i{name[1:]}"
    back = f"q:q:{sheet.innovation.id}:{place}:n" if place == name else f"q:i:{sheet.innovation.id}:{place[1:]}:n"
    caption = ctx.say("review.file", name=piece.name, place=sheet.ground.place_name(place))
    carried = Attachment("document", "file", {"sha256": piece.sha256}, piece.name)
    return message(caption, (Choice(ctx.say("review.to_item"), back),), attachment=carried)


def _reason_tapped(ctx: Context, sheet: Sheet, parts: Sequence[str]) -> list[Message]:
    if len(parts) != 4 or parts[3] not in ctx.house.reasons.by_id or not _is_place(ctx, sheet, parts[1]):
        return summary(ctx, sheet.innovation.id)
    reason = ctx.house.reasons.by_id[parts[3]].text.id  # the desk and the office share one wording: the official one
    return verdicts.reasoned(ctx, sheet, {"use": parts[0], "place": parts[1], "level": whole_at(parts, 2)}, reason)


def _is_place(ctx: Context, sheet: Sheet, place: str) -> bool:
    asked = any(question.id == place for question in sheet.questions)
    return asked or place == reviews.WHOLE or place in {i.level_question for i in sheet.indicators.indicators}


def _flag(ctx: Context, sheet: Sheet, parts: Sequence[str]) -> list[Message]:
    place = parts[0] if parts else ""
    if not _is_place(ctx, sheet, place) or place == reviews.WHOLE:
        return summary(ctx, sheet.innovation.id)
    return whole_review.ask_reason(ctx, sheet, "profile" if place in ctx.house.form.by_id else "indicator", place, 0)


def _unflag(ctx: Context, sheet: Sheet, parts: Sequence[str]) -> list[Message]:
    if not parts or not _is_place(ctx, sheet, parts[0]):
        return summary(ctx, sheet.innovation.id)
    reviews.unflag(ctx.tx, sheet.innovation.id, parts[0], by=ctx.person.id, now=ctx.now)
    return verdicts.show_place(ctx, sheet.innovation.id, parts[0])


def _no_reason(ctx: Context, sheet: Sheet, parts: Sequence[str]) -> list[Message]:
    contacts.close_dialogue(ctx.tx, ctx.person.id)
    place = parts[0] if parts and _is_place(ctx, sheet, parts[0]) else reviews.WHOLE
    return verdicts.show_place(ctx, sheet.innovation.id, place)


Act = Callable[[Context, Sheet, Sequence[str]], list[Message]]


def _held(act: Act) -> Act:
    """Let an act happen only for the one who has the innovation under review."""
    return lambda ctx, sheet, parts: act(ctx, sheet, parts) if sheet.mine else whole_review.not_mine(ctx, sheet)


_LOOKS: Mapping[str, Act] = {
    "o": lambda ctx, sheet, parts: summary(ctx, sheet.innovation.id),
    "s": lambda ctx, sheet, parts: section(ctx, sheet, whole_at(parts)),
    "q": _open_question,
    "l": lambda ctx, sheet, parts: indicator_list(ctx, sheet),
    "i": _open_indicator,
    "c": lambda ctx, sheet, parts: changes(ctx, sheet),
    "f": _file,
}
_ACTS: Mapping[str, Act] = {
    "t": lambda ctx, sheet, parts: whole_review.take(ctx, sheet),
    "x": lambda ctx, sheet, parts: whole_review.take_over(ctx, sheet, whole_at(parts)),
    "r": lambda ctx, sheet, parts: whole_review.release(ctx, sheet),
    "v": _held(lambda ctx, sheet, parts: verdicts.judge(ctx, sheet, whole_at(parts), whole_at(parts, 1))),
    "g": _held(_flag),
    "u": _held(_unflag),
    "w": _held(_reason_tapped),
    "n": _held(_no_reason),
    "d": _held(lambda ctx, sheet, parts: decisions.decide(ctx, sheet)),
    "dv": _held(lambda ctx, sheet, parts: decisions.sure(ctx, sheet, Move.VERIFY)),
    "dr": _held(lambda ctx, sheet, parts: decisions.sure(ctx, sheet, Move.RETURN)),
    "dx": _held(lambda ctx, sheet, parts: decisions.sure(ctx, sheet, Move.REJECT)),
    "dvy": _held(lambda ctx, sheet, parts: decisions.decided(ctx, sheet, Move.VERIFY)),
    "dry": _held(lambda ctx, sheet, parts: decisions.decided(ctx, sheet, Move.RETURN)),
    "dxy": _held(lambda ctx, sheet, parts: decisions.decided(ctx, sheet, Move.REJECT)),
}


def said(ctx: Context) -> list[Message]:
    """Take a reason that was typed while one is asked for."""
    state = dict(ctx.dialogue.state) if ctx.dialogue else {}
    text = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
    return verdicts.typed_reason(ctx, state, text)
