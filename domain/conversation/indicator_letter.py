"""The letter in a piece of evidence: its number, date and subject (F23), proposed as they were read or asked
in one message; what is missing then, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from domain.conversation.cursor import Scene, Turn, show_place
from domain.conversation.indicator_page import letter_message
from domain.conversation.indicator_pieces import mark_of, removal_rows
from domain.conversation.indicator_turn import (
    calm,
    caption_unused,
    completed,
    indicator_of,
    kept,
    tags,
    which,
)
from domain.conversation.pending import LetterAsked, Pending
from domain.draft.evidence import ABSENT, LETTER_PARTS, Letter, Part, Piece
from domain.draft.letter_words import say_part
from domain.message import Choice, Message, plain
from domain.reading.dates import PartialDate, read_date, say_date
from domain.reading.letter_said import letter_said
from domain.reading.letters import is_absent, letter_parts
from domain.reading.remarks import agrees, declines
from domain.reading.result import Ambiguous, NotUnderstood, Understood
from domain.rules.indicators import Indicator
from domain.texts import join, shortened

LETTER_CHARS = 200  # of a letter's number or subject


def begun(
    scene: Scene, indicator: Indicator, *, asked: LetterAsked, notice: str, read: Mapping[str, str]
) -> Turn:
    """Begin with a new piece: what its caption or its own text (`read`) says of the letter is confirmed, else
    all parts are asked.
    """
    said = _choose_certain(letter_parts(plain(scene.said.caption)), scene)
    parts = {**_choose_certain(read, scene), **said}
    unused = "" if said else caption_unused(scene)
    notice = join((notice, unused), by="\n")
    if not parts:
        return ask(scene, indicator, asked=replace(asked, whole=True), notice=notice)
    return _propose(scene, asked, letter=Letter(**parts), notice=notice)


def _propose(scene: Scene, asked: LetterAsked, *, letter: Letter, notice: str) -> Turn:
    """Read a letter back: one tap accepts it, one message corrects it."""
    cursor = replace(scene.cursor, pending=Pending(letter=_pin(asked, scene), caption=letter))
    words = scene.facts.words
    tag = tags(scene)
    language = scene.facts.say.language
    lines = [
        words(f"letter_read_{part}", value=shortened(say_part(part, value, language=language, weekday=True)))
        for part in LETTER_PARTS
        if (value := letter.parts.get(part))
    ]
    text = join((notice, join((words("letter_proposed"), *lines, words("letter_is_right")), by="\n")))
    both = (Choice(words("yes"), tag("yes")), Choice(words("no"), tag("no")))
    removal = removal_rows(pieces_asked(scene, asked), first=asked.piece, facts=scene.facts, tag=tag)
    return Turn(cursor, (Message(text, (both, *removal, (Choice(words("skip"), tag("skip")),))),))


def pieces_asked(scene: Scene, asked: LetterAsked) -> list[Piece]:
    """List the files a letter is asked of; none where others stand at their positions now."""
    indicator = indicator_of(scene)
    pieces = _pieces_of(indicator, scene)[asked.piece :][: asked.pieces] if indicator else []
    return pieces if asked.marks in ("", _write_marks(pieces)) else []


def _pin(asked: LetterAsked, scene: Scene) -> LetterAsked:
    return replace(asked, marks=_write_marks(pieces_asked(scene, asked)))


def _write_marks(pieces: Sequence[Piece]) -> str:
    return ".".join(map(mark_of, pieces))


def asked_still(scene: Scene, pending: Pending, *, notice: str) -> Turn | None:
    """Ask again what was open of a letter before something else was chosen here; None when nothing was."""
    asked, indicator = pending.letter, indicator_of(scene)
    if indicator is None or asked is None or not pieces_asked(scene, asked):
        return None
    if pending.caption:
        return _propose(scene, asked, letter=pending.caption, notice=notice)
    return ask(scene, indicator, asked=asked, notice=notice)


def caption_confirmed(scene: Scene) -> Turn:
    """Keep what was read, then ask the remaining parts."""
    pending, indicator = scene.cursor.pending, indicator_of(scene)
    if indicator is None or pending.letter is None or pending.caption is None:
        return show_place(calm(scene))
    certain = pending.caption.parts
    return _keep_all(indicator, pending.letter, certain=certain, scene=scene, then=completed)


def caption_declined(scene: Scene) -> Turn:
    """Ask all parts in one message instead."""
    pending, indicator = scene.cursor.pending, indicator_of(scene)
    if indicator is None or pending.letter is None or not pieces_asked(scene, pending.letter):
        return show_place(calm(scene))
    return ask(scene, indicator, asked=replace(pending.letter, whole=True))


def ask(scene: Scene, indicator: Indicator, *, asked: LetterAsked, notice: str = "") -> Turn:
    """Ask one part of the letter, or all of them at once."""
    cursor = replace(scene.cursor, pending=Pending(letter=_pin(asked, scene)))
    revision = cursor.revision
    message = letter_message(
        indicator, scene.answers, facts=scene.facts, revision=revision, asked=asked, notice=notice
    )
    return Turn(cursor, (message,))


def answered(indicator: Indicator, scene: Scene) -> Turn:
    """Read number, date or subject, or several at once, and keep each."""
    asked = scene.cursor.pending.letter
    if asked is None:
        return show_place(scene)
    if not pieces_asked(scene, asked):
        return show_place(calm(scene))
    said = plain(scene.said.text).strip()
    text = " ".join(said.split())
    if asked.whole or scene.cursor.pending.caption:
        return _take_several(indicator, asked, said=said, scene=scene)
    if is_absent(text):
        return _keep_all(indicator, asked, certain={asked.part: ABSENT}, scene=scene)
    if whole := _read_parts(said, asked.part, scene=scene):
        return _keep_all(indicator, asked, certain=whole, scene=scene)
    if asked.part == "date":
        return _take_date(indicator, asked, text=text, scene=scene)
    return _take_text(indicator, asked, text=text, scene=scene)


def _take_text(indicator: Indicator, asked: LetterAsked, *, text: str, scene: Scene) -> Turn:
    """Take a number or a subject as it was typed, unless it is empty or too long."""
    words = scene.facts.words
    if not text:
        return ask(scene, indicator, asked=asked, notice=words("want_text"))
    if len(text) > LETTER_CHARS:
        long = words("text_too_long", length=len(text), limit=LETTER_CHARS, over=len(text) - LETTER_CHARS)
        return ask(scene, indicator, asked=asked, notice=long)
    return _take_bare_number(asked, text, scene=scene) or _keep_all(
        indicator, asked, certain={asked.part: text}, scene=scene
    )


def _take_bare_number(asked: LetterAsked, text: str, *, scene: Scene) -> Turn | None:
    """Ask back a bare number: a subject is said in words, and a letter's number may be meant as the number
    of an indicator; None for any other text.
    """
    indicator, number = indicator_of(scene), text.rstrip(".)")
    if indicator is None or not number.isdecimal():
        return None
    if asked.part == "subject":
        return ask(
            scene, indicator, asked=asked, notice=scene.facts.words("letter_subject_bare", said=number)
        )
    if int(number[:4]) not in scene.facts.indicators.by_no:
        return None
    return _propose(scene, asked, letter=Letter(number=text), notice="")


def _take_several(indicator: Indicator, asked: LetterAsked, *, said: str, scene: Scene) -> Turn:
    """Take the parts one message gives; those of a proposal that it leaves alone are proposed again with
    them.
    """
    proposed, words = scene.cursor.pending.caption, scene.facts.words
    bare = agrees(said) or declines(said)  # "bukan" is no subject
    certain = {} if bare else _choose_certain(letter_said(said, today=scene.facts.today), scene)
    if proposed is None and not certain:
        return ask(scene, indicator, asked=asked, notice=words("letter_not_read"))
    if proposed is None and list(certain) == ["subject"] and "subject" not in letter_parts(said):
        return _propose(scene, asked, letter=Letter(**certain), notice="")  # it may be anything that was said
    if proposed is None or len(certain) == len(LETTER_PARTS):
        return _keep_all(indicator, asked, certain=certain, scene=scene)
    notice = "" if certain else words("letter_not_read")
    return _propose(scene, asked, letter=Letter(**{**proposed.parts, **certain}), notice=notice)


def _read_parts(text: str, part: Part, *, scene: Scene) -> Mapping[str, str]:
    """Find the parts where several were said at once, or where the one that was asked stands behind its
    word.
    """
    strewn = letter_said(text, today=scene.facts.today) if part != "subject" else {}
    if {"number", "date"} <= set(strewn):
        return _choose_certain(strewn, scene)
    parts = letter_parts(text, first="" if part == "subject" else part)  # a subject may hold all the words
    several = len(parts) > (1 if part != "subject" else 2)
    return (
        _choose_certain(parts, scene) if several or (part == "number" and list(parts) == ["number"]) else {}
    )


def _choose_certain(parts: Mapping[str, str], scene: Scene) -> dict[str, str]:
    """Return the parts that are certain: an unambiguous date in the past, texts within their length."""
    read = {part: value for part, value in parts.items() if part != "date" and len(value) <= LETTER_CHARS}
    if parts.get("date") == ABSENT:
        return {**read, "date": ABSENT}
    match read_date(parts["date"], today=scene.facts.today) if "date" in parts else None:
        case Understood(value=value, sure=True) if value.value <= scene.facts.today:
            read["date"] = value.to_text()
    return read


def _take_date(indicator: Indicator, asked: LetterAsked, *, text: str, scene: Scene) -> Turn:
    match read_date(text, today=scene.facts.today):
        case Understood(value=value, sure=True) if value.value > scene.facts.today:
            ahead = scene.facts.words(
                "gap_future", date=say_date(value, scene.facts.say.language, weekday=True)
            )
            return ask(scene, indicator, asked=asked, notice=ahead)
        case Understood(value=value, sure=True):
            return _keep_all(indicator, asked, certain={"date": value.to_text()}, scene=scene)
        case Understood(value=value):
            return _ask_which((value.to_text(),), scene)
        case Ambiguous(candidates=candidates):
            return _ask_which(tuple(candidate.to_text() for candidate in candidates), scene)
        case NotUnderstood(reason=reason):
            return ask(scene, indicator, asked=asked, notice=scene.facts.words(f"date_{reason}"))


def _ask_which(values: tuple[str, ...], scene: Scene) -> Turn:
    cursor = replace(scene.cursor, pending=replace(scene.cursor.pending, dates=values))
    language, tag = scene.facts.say.language, tags(scene)
    days = [
        (say_date(PartialDate.from_text(v), language, weekday=True), tag("c", str(n)))
        for n, v in enumerate(values)
    ]
    return which(replace(scene, cursor=cursor), days)


def chosen(scene: Scene) -> Turn:
    """Keep one of several readings of the date."""
    pending = scene.cursor.pending
    indicator = indicator_of(scene)
    value = scene.said.value
    dates, asked = pending.dates, pending.letter
    if indicator is None or asked is None or not value.isdecimal() or int(value) >= len(dates):
        return show_place(scene)
    return _keep_all(indicator, asked, certain={asked.part: dates[int(value)]}, scene=scene)


def again(scene: Scene) -> Turn:
    """Ask for the date again, as no reading was right."""
    asked, indicator = scene.cursor.pending.letter, indicator_of(scene)
    if indicator is None or asked is None or not pieces_asked(scene, asked):
        return show_place(calm(scene))
    return ask(scene, indicator, asked=replace(asked, part="date"), notice=scene.facts.words("say_again"))


def skipped(scene: Scene) -> Turn:
    """Skip one part of the letter, or all that were asked at once; the desk sees that they are missing."""
    asked, pending = scene.cursor.pending.letter, scene.cursor.pending
    if asked and (asked.whole or pending.caption):
        return kept(calm(scene), "")
    return _go_on(scene, asked, done=frozenset({asked.part}), notice="") if asked else show_place(scene)


def _pieces_of(indicator: Indicator, scene: Scene) -> list[Piece]:
    return list(scene.answers.get(indicator.evidence_question) or ())


def _keep_all(
    indicator: Indicator,
    asked: LetterAsked,
    *,
    certain: Mapping[str, str],
    scene: Scene,
    then: Callable[[Scene, str], Turn] = kept,
) -> Turn:
    """Keep parts of a letter with every file that shows it; `then` goes on when all of them are there."""
    pieces, language = _pieces_of(indicator, scene), scene.facts.say.language
    if not pieces_asked(scene, asked):
        return show_place(calm(scene))
    parts = [part for part in LETTER_PARTS if part in certain]
    _put_parts(pieces, asked, certain=certain)
    changed = replace(scene, answers={**scene.answers, indicator.evidence_question: pieces})
    said_parts = {
        part: shortened(say_part(part, certain[part], language=language, weekday=True)) for part in parts
    }
    notice = join(
        (scene.facts.words(f"letter_kept_{part}", value=said_parts[part]) for part in parts), by="\n"
    )
    turn = _go_on(changed, asked, done=frozenset(parts), notice=notice, then=then)
    return replace(turn, changes={indicator.evidence_question: pieces})


def _put_parts(pieces: list[Piece], asked: LetterAsked, *, certain: Mapping[str, str]) -> None:
    """Put parts of a letter into the pieces that were asked of; of several only papers have them."""
    for at in range(asked.piece, min(asked.piece + asked.pieces, len(pieces))):
        if asked.pieces > 1 and not pieces[at].is_paper:
            continue
        for part in LETTER_PARTS:
            if part in certain:
                pieces[at] = replace(pieces[at], letter=pieces[at].letter.having(part, certain[part]))


def _go_on(
    scene: Scene,
    asked: LetterAsked,
    *,
    done: frozenset[Part],
    notice: str,
    then: Callable[[Scene, str], Turn] = kept,
) -> Turn:
    """Ask the next part of the letter that was not just given; after the last read all of it back."""
    indicator = indicator_of(scene)
    if indicator is None or not pieces_asked(scene, asked):
        return show_place(calm(scene))
    letter = _pieces_of(indicator, scene)[asked.piece].letter
    ahead = _list_ahead(asked, done=done, letter=letter)
    if ahead:
        return ask(scene, indicator, asked=replace(asked, part=ahead[0], whole=False), notice=notice)
    return then(calm(scene), notice)


def _list_ahead(asked: LetterAsked, *, done: frozenset[Part], letter: Letter) -> list[Part]:
    """List the parts nobody gave that are still asked; those before the present one only where several came
    at once, as each was skipped otherwise.
    """
    at_once = asked.whole or len(done) > 1
    parts = LETTER_PARTS if at_once else LETTER_PARTS[LETTER_PARTS.index(asked.part) :]
    return [part for part in parts if part not in done and part not in letter.parts]
