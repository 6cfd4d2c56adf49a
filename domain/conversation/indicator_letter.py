"""The letter in a piece of evidence: its number, date and subject, asked one after the other (F23)."""

from __future__ import annotations

from dataclasses import replace

from domain.conversation.cursor import Scene, Turn, here
from domain.conversation.indicator_page import letter_message
from domain.conversation.indicator_turn import SAID_CHARS, calm, indicator_of, kept, tags, which
from domain.conversation.pending import LetterAsked, Pending
from domain.draft.evidence import LETTER_PARTS, Part, Piece
from domain.message import plain
from domain.reading.dates import PartialDate, read_date, say_date
from domain.reading.result import Ambiguous, NotUnderstood, Understood
from domain.rules.indicators import Indicator

LETTER_CHARS = 200  # of a letter's number or subject


def ask(scene: Scene, indicator: Indicator, at: int, *, part: Part = LETTER_PARTS[0], notice: str = "") -> Turn:
    """Ask one part of the letter in piece `at`, counted from 0."""
    cursor = replace(scene.cursor, pending=Pending(letter=LetterAsked(at, part)))
    message = letter_message(
        indicator, scene.answers, scene.ground, revision=cursor.revision, number=at, part=part, notice=notice
    )
    return Turn(cursor, (message,))


def answered(indicator: Indicator, scene: Scene) -> Turn:
    """Read number, date or subject; each is kept at once."""
    asked = scene.cursor.pending.letter
    if asked is None:
        return here(scene)
    at, part = asked.piece, asked.part
    if at >= len(_held(indicator, scene)):
        return here(calm(scene))
    text, words = " ".join(plain(scene.said.text).split()), scene.ground.words
    if part == "date":
        return _date(indicator, at, text, scene)
    if not text:
        return ask(scene, indicator, at, part=part, notice=words("want_text"))
    if len(text) > LETTER_CHARS:
        long = words("text_too_long", length=len(text), limit=LETTER_CHARS, over=len(text) - LETTER_CHARS)
        return ask(scene, indicator, at, part=part, notice=long)
    return _kept(indicator, at, part, text, scene)


def _date(indicator: Indicator, at: int, text: str, scene: Scene) -> Turn:
    match read_date(text, today=scene.ground.today):
        case Understood(value=value, sure=True) if value.value > scene.ground.today:
            ahead = scene.ground.words("gap_future", date=say_date(value, scene.ground.say.language, weekday=True))
            return ask(scene, indicator, at, part="date", notice=ahead)
        case Understood(value=value, sure=True):
            return _kept(indicator, at, "date", value.to_text(), scene)
        case Understood(value=value):
            return _which((value.to_text(),), scene)
        case Ambiguous(candidates=candidates):
            return _which(tuple(candidate.to_text() for candidate in candidates), scene)
        case NotUnderstood(reason=reason):
            return ask(scene, indicator, at, part="date", notice=scene.ground.words(f"date_{reason}"))


def _which(values: tuple[str, ...], scene: Scene) -> Turn:
    cursor = replace(scene.cursor, pending=replace(scene.cursor.pending, dates=values))
    language, tag = scene.ground.say.language, tags(scene)
    days = [(say_date(PartialDate.from_text(v), language, weekday=True), tag("c", n)) for n, v in enumerate(values)]
    return which(replace(scene, cursor=cursor), days)


def chosen(scene: Scene) -> Turn:
    """Take one of several readings of the date."""
    pending, indicator, value = scene.cursor.pending, indicator_of(scene), scene.said.value
    dates, asked = pending.dates, pending.letter
    if indicator is None or asked is None or not value.isdecimal() or int(value) >= len(dates):
        return here(scene)
    return _kept(indicator, asked.piece, asked.part, dates[int(value)], scene)


def again(scene: Scene) -> Turn:
    """None of the readings was right: ask the date anew."""
    asked, indicator = scene.cursor.pending.letter, indicator_of(scene)
    if indicator is None or asked is None or asked.piece >= len(_held(indicator, scene)):
        return here(calm(scene))
    return ask(scene, indicator, asked.piece, part="date", notice=scene.ground.words("say_again"))


def skipped(scene: Scene) -> Turn:
    """Pass one part; what is missing can be seen by the desk."""
    asked = scene.cursor.pending.letter
    return _onward(scene, asked.piece, asked.part, "") if asked else here(scene)


def _held(indicator: Indicator, scene: Scene) -> list[Piece]:
    return list(scene.answers.get(indicator.evidence_question) or ())


def _kept(indicator: Indicator, at: int, part: Part, value: str, scene: Scene) -> Turn:
    held = _held(indicator, scene)
    if at >= len(held):
        return here(calm(scene))
    held[at] = replace(held[at], letter=held[at].letter.having(part, value))
    changed = replace(scene, answers={**scene.answers, indicator.evidence_question: held})
    language = scene.ground.say.language
    told = say_date(PartialDate.from_text(value), language, weekday=True) if part == "date" else value[:SAID_CHARS]
    notice = scene.ground.words(f"letter_kept_{part}", value=told)
    turn = _onward(changed, at, part, notice)
    return replace(turn, changes={indicator.evidence_question: held})


def _onward(scene: Scene, at: int, part: Part, notice: str) -> Turn:
    """Ask the next part of the letter; after the last read all of it back."""
    indicator = indicator_of(scene)
    coming = LETTER_PARTS[LETTER_PARTS.index(part) + 1 :]
    if indicator is None or at >= len(_held(indicator, scene)):
        return here(calm(scene))
    if coming:
        return ask(scene, indicator, at, part=coming[0], notice=notice)
    return kept(calm(scene), notice)
