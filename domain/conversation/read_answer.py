"""Turns what a person said at a question into a value, a doubt or a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.buttons import StatusInnovation
from domain.conversation.read_files import name_sent, read_files, say_size
from domain.conversation.read_options import read_choice, read_multi, read_page_numbers
from domain.draft.evidence import Piece
from domain.draft.facts import Accepted, Doubt, DraftFacts, Reading, Refused, Said, Sibling
from domain.draft.titles import are_alike
from domain.message import Choice, plain
from domain.reading.dates import PartialDate, read_date, say_date
from domain.reading.hardly_names import has_alphabetic, is_hardly_name
from domain.reading.locations import Location, read_location
from domain.reading.number_surroundings import PERCENT, unit_of
from domain.reading.numbers import read_number, say_number
from domain.reading.regency import regency
from domain.reading.remarks import without_hedge
from domain.reading.result import Ambiguous, Bound, NotUnderstood, Understood
from domain.reading.told_names import told_name
from domain.rules.form import Question, Words

MAX_LONG_CHARS = 20_000  # one long answer; three pages of small print, far above what the portal shows
MAX_TEXT_CHARS = 1_000  # a short text without a limit of its own
HEDGED = ("choice", "date", "number")  # kinds of question at which "kalau tidak salah" is asked back
LATITUDE, LONGITUDE = 90, 180  # degrees, the ends of the earth


def read(
    question: Question, said: Said, *, current: Any, facts: DraftFacts, page: int | None = None
) -> Reading:
    """Read what was said at `question`, whose answer so far is `current` (None when empty); `page` of its
    options is what numbers are read by, None where nobody has it in view.
    """
    if said.unreadable:
        return Refused("not_readable")
    if question.kind != "file" and said.file is not None:
        return _refuse_file_here(said, facts)
    if question.kind in HEDGED and (bare := without_hedge(said.text)) != said.text:
        of_bare = read(question, replace(said, text=bare), current=current, facts=facts, page=page)
        return Doubt((of_bare.value,)) if isinstance(of_bare, Accepted) else of_bare
    if page is not None and question.options and not said.action and not question.is_numbered:
        by_number = read_page_numbers(question, said.text, page=page, current=current)
        if by_number is not None:
            return by_number
    return _READERS[question.kind](question, said, current, facts)


def say_answer(question: Question, value: Any, *, language: str) -> str:
    """Say an answer in words, for reading back and for the check page."""
    if question.kind == "choice":
        return (
            question.option_by_id[value].label.in_(language) if value in question.option_by_id else str(value)
        )
    if question.kind == "multi":
        return ", ".join(
            question.option_by_id[v].label.in_(language) for v in value if v in question.option_by_id
        )
    if question.kind == "date":
        return say_date(PartialDate.from_text(value), language, weekday=True)
    if question.kind == "number":
        unit = f" {question.unit.in_(language)}" if question.unit else ""
        return say_number(Decimal(value), language) + unit
    if question.kind == "location":
        return f"{value[0]}, {value[1]}"
    if question.kind == "file":
        return ", ".join(named(piece, language) for piece in value)
    return str(value)


def named(piece: Piece, language: str) -> str:
    """Return a file with its size, or a link, in words."""
    return f"{piece.name} ({say_size(piece.size, language)})" if piece.is_file else piece.url


def _read_text(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    text = " ".join(plain(said.text).split())
    limit = question.max_chars or MAX_TEXT_CHARS
    if not text:
        return Refused("want_text")
    if len(text) > limit:
        return Refused("text_too_long", {"length": len(text), "limit": limit, "over": len(text) - limit})
    if said.repeated or text == current:
        return Accepted(text)
    if "name" in question.check and not said.confirmed and is_hardly_name(text, today=facts.today):
        return Doubt((text,), facts.words("doubt_name"))
    if "title" not in question.check:
        return Accepted(text)
    name = told_name(text)
    for sibling in facts.siblings():
        if are_alike(name or text, sibling.title):
            return _doubt_title(name or text, sibling, facts=facts)
    return Doubt((name, text)) if name else Accepted(text)


def _doubt_title(text: str, older: Sibling, *, facts: DraftFacts) -> Doubt:
    """Show the innovation of the office that is called the same or nearly so, and ask (F39)."""
    standing = " · ".join(filter(None, (facts.say(f"state.{older.state}"), older.receipt)))
    why = facts.words("doubt_title", other=older.title, standing=standing)
    way = Choice(facts.words("doubt_title_older"), StatusInnovation(older.id))
    return Doubt((text,), why, way)


def _read_long(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    piece = plain(said.text).strip()
    if not piece:
        return Refused("want_text")
    if not (current or said.confirmed or has_alphabetic(piece)):
        return Doubt((piece,), facts.words("doubt_long"))
    whole = f"{current}\n\n{piece}" if current else piece
    if len(whole) > MAX_LONG_CHARS:
        over = len(whole) - MAX_LONG_CHARS
        return Refused("text_too_long", {"length": len(whole), "limit": MAX_LONG_CHARS, "over": over})
    return Accepted(whole, stay=True)


def _read_date(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    # what was handed in is complete, and stays so
    precision = "day" if facts.sent else question.precision
    match read_date(said.text, today=facts.today, precision=precision):
        case Understood(value=value, sure=sure):
            return Accepted(value.to_text()) if sure else Doubt((value.to_text(),))
        case Ambiguous(candidates=candidates):
            return Doubt(tuple(candidate.to_text() for candidate in candidates))
        case NotUnderstood(reason=reason):
            return Refused(f"date_{reason}")


def _read_number(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    unit = question.unit
    match read_number(said.text, units=(unit.id, unit.en) if unit else ()):
        case Understood(value=value, sure=sure) as understood:
            reading = _check_bounds(question, (value,), sure=sure, facts=facts)
            return (
                replace(reading, why=explain_number(understood, unit, facts=facts))
                if isinstance(reading, Doubt)
                else reading
            )
        case Ambiguous(candidates=candidates):
            return _check_bounds(question, tuple(candidates), sure=False, facts=facts)
    return Refused("want_number")


def explain_number(
    understood: Understood[Decimal], asked: Words | None, *, facts: DraftFacts, per: str = "number_per"
) -> str:
    """Say what was written beside a number that is not what is asked for, in the unit `asked`; "" when
    nothing was. `per` is the key of what is said of "per tahun".
    """
    remarks: list[str] = []
    if asked and understood.unit not in ("", unit_of(asked.id), unit_of(asked.en)):
        unit = "%" if understood.unit == PERCENT else understood.unit
        remarks.append(facts.words("number_unit", unit=unit, asked=asked.in_(facts.say.language)))
    if understood.per:
        remarks.append(facts.words(per, per=understood.per))
    if understood.bound is Bound.ABOUT:
        remarks.append(facts.words("number_about"))
    elif understood.bound is not Bound.NONE:
        remarks.append(facts.words("number_bound"))
    return " ".join(remarks)


def _check_bounds(
    question: Question, values: tuple[Decimal, ...], *, sure: bool, facts: DraftFacts
) -> Reading:
    low, high = question.minimum, question.maximum
    fitting = [
        v for v in values if (low is None or v >= Decimal(low)) and (high is None or v <= Decimal(high))
    ]
    if not fitting:
        language = facts.say.language
        bounds = [say_number(Decimal(b), language) if b is not None else "…" for b in (low, high)]
        return Refused("number_bounds", {"minimum": bounds[0], "maximum": bounds[1]})
    texts = tuple(format(value, "f") for value in fitting)
    return Accepted(texts[0]) if sure and len(texts) == 1 else Doubt(texts)


_ADDRESS = re.compile(r"[^\W\d_]{3}")
_NO_LOCATION = {
    "short_link": "location_short_link",
    "link": "location_link",
    "plus_code": "location_plus_code",
}


def _read_location(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    if said.location is not None:
        return _take_location(said.location, True, facts=facts)
    match read_location(said.text):
        case Understood(value=location, sure=sure):
            return _take_location(location, sure, facts=facts)
        case NotUnderstood(reason=reason):
            other = "location_address" if _ADDRESS.search(said.text) else "want_location"
            return Refused(_NO_LOCATION.get(reason, other))


def _refuse_file_here(said: Said, facts: DraftFacts) -> Refused:
    """Keep neither the files nor what stood beside it: that tells of the file rather than answers."""
    key = "no_file_nor_caption_here" if said.caption else "no_file_here"
    return Refused(key, {"files": name_sent(said, facts)})


def _take_location(location: Location, sure: bool, *, facts: DraftFacts) -> Reading:
    """Take a location inside the regency; what lies outside is asked back, with the slip it may be."""
    home = regency()
    if home.holds(location):
        return Accepted(_write_degrees(*location)) if sure else Doubt((_write_degrees(*location),))
    written = [location] if abs(location[0]) <= LATITUDE and abs(location[1]) <= LONGITUDE else []
    candidates = tuple(_write_degrees(*candidate) for candidate in (*home.likely(location), *written))
    if not candidates:
        return Refused("want_location")
    outside = (
        str(facts.words("location_outside", regency=home.name))
        if candidates == (_write_degrees(*location),)
        else ""
    )
    return Doubt(candidates, outside)


def _write_degrees(latitude: float, longitude: float) -> list[str]:
    return [f"{latitude:.6f}".rstrip("0").rstrip("."), f"{longitude:.6f}".rstrip("0").rstrip(".")]


_READERS: Mapping[str, Callable[[Question, Said, Any, DraftFacts], Reading]] = {
    "text": _read_text,
    "long": _read_long,
    "choice": read_choice,
    "multi": read_multi,
    "date": _read_date,
    "number": _read_number,
    "location": _read_location,
    "file": read_files,
}
