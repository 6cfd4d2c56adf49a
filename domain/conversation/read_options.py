"""Reads the options of a question: one or several, by number, by name, or by the word of a sentence."""

from __future__ import annotations

from typing import Any

from domain.conversation.option_pages import number_page
from domain.draft.facts import Accepted, Doubt, DraftFacts, Reading, Refused, Said
from domain.message import plain
from domain.reading import enumeration
from domain.reading.named_within import named_within
from domain.reading.names import Name, find
from domain.reading.receipts import bare_receipt
from domain.reading.remarks import remark_in, without_courtesies
from domain.reading.result import Ambiguous, NotUnderstood, Understood
from domain.rules.form import Question


def _name_options(question: Question) -> tuple[Name, ...]:
    return tuple(Name(o.id, (o.label.id, o.label.en, *o.synonyms)) for o in question.options)


def names_option(question: Question, text: str) -> bool:
    """Whether a text may be the name of an option, slips included, or holds one where several are asked."""
    names = _name_options(question)
    parts = [text, *(enumeration.cut(text) if question.kind == "multi" else ())]
    names_whole = any(not isinstance(find(plain(part), names), NotUnderstood) for part in parts)
    return names_whole or (question.kind == "choice" and named_within(plain(text), names) != "")


def read_page_numbers(question: Question, text: str, *, page: int, current: Any) -> Reading | None:
    """Read nothing but numbers, as those of a page of a long list; None for any other text."""
    parts = [part.rstrip(".)") for part in enumeration.cut(plain(text))]
    if not parts or not all(part.isdecimal() and not bare_receipt(part) for part in parts):
        return None
    by_number = {str(number): option.id for number, option in number_page(question, page)}
    if not all(part in by_number for part in parts):
        return Refused("choice_page_number", {"count": len(by_number)})
    if question.kind == "multi":
        chosen = [*(current or ()), *(by_number[part] for part in parts)]
        return Accepted(_sort(question, chosen), stay=True)
    return Accepted(by_number[parts[0]]) if len(parts) == 1 else Refused("choice_single")


def _read_option(question: Question, text: str) -> Reading:
    """Read one option: its number in a list numbered as a whole, label or synonym; a near miss has to be
    confirmed.
    """
    text = plain(text).strip()
    number = text.rstrip(".)").strip()
    if number.isdecimal() and not bare_receipt(number):
        if not question.is_numbered:
            return Refused("choice_name_unknown")
        if 1 <= int(number) <= len(question.options):
            return Accepted(question.options[int(number) - 1].id)
        return Refused("choice_number", {"count": len(question.options)})
    match find(text, _name_options(question)):
        case Understood(value=value):
            return Accepted(value)
        case Ambiguous(candidates=candidates):
            return Doubt(tuple(candidates))
    return Refused("choice_unknown" if question.is_numbered else "choice_name_unknown")


def read_choice(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    """Read the one option that is asked for, tapped or typed."""
    if said.action == "o":
        return Accepted(said.value) if said.value in question.option_by_id else Refused("choice_unknown")
    return _read_one_option(question, said.text) if said.text else Refused("choice_unknown")


def _read_one_option(question: Question, text: str) -> Reading:
    """Read the one option that is asked for, also with courtesies around it; several are said to be too
    many.
    """
    reading = _read_option(question, text)
    if not isinstance(reading, Refused):
        return reading
    bare = without_courtesies(plain(text).strip().casefold())
    without = _read_option(question, bare) if remark_in(text) is None else reading  # "oke ya" says nothing
    if not isinstance(without, Refused):
        return without
    parts = enumeration.cut(text, signs=",;\n/&", or_too=True)
    if all(map(str.isdecimal, text.split())):
        parts = text.split()
    read_parts = (_read_option(question, part) for part in parts if not part.isdecimal())
    if len(parts) > 1 and not any(isinstance(reading_of, Refused) for reading_of in read_parts):
        return Refused("choice_single")
    within = named_within(text, _name_options(question))
    return Doubt((within,)) if within else reading


def read_multi(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    """Read several options, one tap at a time or named together."""
    chosen = list(current or ())
    if said.action in ("on", "off"):
        if said.value not in question.option_by_id:
            return Refused("choice_unknown")
        return Accepted(_sort(question, _switch(chosen, said)), stay=True)
    return _read_several(question, said.text, chosen=chosen)


def _switch(chosen: list[str], said: Said) -> list[str]:
    without = [option for option in chosen if option != said.value]
    return [*without, said.value] if said.action == "on" else without


def _read_several(question: Question, text: str, *, chosen: list[str]) -> Reading:
    """Read a list such as `1, 3, 5`; one unclear part leaves everything as it was.

    The whole is tried first, since some names carry a comma themselves.
    """
    whole = _read_option(question, text)
    if isinstance(whole, Accepted):
        return Accepted(_sort(question, [*chosen, whole.value]), stay=True)
    parts = enumeration.cut(text)
    if len(parts) < 2:
        return whole
    for part in parts:
        match _read_option(question, part):
            case Accepted(value=value):
                chosen = [*chosen, value]
            case Doubt(candidates=candidates):
                return Doubt(candidates, part)
            case _:
                key = "choice_part" if question.is_numbered else "choice_part_by_name"
                return Refused(key, {"part": part, "count": len(question.options)})
    return Accepted(_sort(question, chosen), stay=True)


def _sort(question: Question, chosen: list[str]) -> list[str]:
    return [option.id for option in question.options if option.id in chosen]
