"""Whether a text is hardly a name: a number, a date, a trial word, a no. It is asked about, never refused."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from domain.reading.dates import read_date
from domain.reading.lexicon import lexicon
from domain.reading.links import links_in
from domain.reading.numbers import read_number
from domain.reading.remarks import declines
from domain.reading.result import NotUnderstood, Understood
from domain.reading.told_names import wishes_to_hand_in

_ALPHABETIC = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+")
_FIGURE_FIRST = re.compile(r"(?:rp|tgl|tanggal)?\W*\d", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+\.\w+")  # of e-mail


def has_alphabetic(text: str) -> bool:
    """Whether a text has an alphabetic character of any script; a number, a date and signs have none."""
    return _ALPHABETIC.search(text) is not None


def is_hardly_name(text: str, *, today: date) -> bool:
    """Whether a text reads as something else than a name: an amount, a day, a row's number, an address, one
    letter, a word of trying out, a bare no. "e-KTP", "SI PANDA" and "Tim 7" are names; "112" may be one, and
    is asked.
    """
    chars = _ALPHABETIC.findall(text.casefold())
    if len(set(chars)) < 2:
        return not _is_char_with_figure(text, chars)
    if _FIGURE_FIRST.match(text):
        return _is_quantity(text) or _is_day(text, today)
    if len(text.split()) == 1 and ("/" in text or "@" in text):
        return bool(links_in(text)) or _ADDRESS.fullmatch(text) is not None
    first = _WORD.search(text.casefold())
    if first is None:
        return False
    if first[0] in _list_first() and (_is_trial(text) or declines(text)):  # as hardly any name begins
        return True
    return first[0] in _list_wishing() and wishes_to_hand_in(text)


@cache
def _list_first() -> frozenset[str]:
    """The words with which a trial or a no begins, courtesies before it among them."""
    remark = lexicon()["remark"]
    phrases = (*remark["declining"], *remark["none"], *remark["around_moves"])
    return frozenset({*(phrase.split()[0] for phrase in phrases), *_list_trying()})


@cache
def _list_wishing() -> frozenset[str]:
    """The words of which a wish to hand in is made."""
    return frozenset(word for kind in lexicon()["wish"].values() for word in kind)


@cache
def _list_trying() -> frozenset[str]:
    choice = lexicon()["choice"]
    return frozenset({*lexicon()["name"]["trying"], *choice["number"], *choice["page"]})


def _is_char_with_figure(text: str, chars: list[str]) -> bool:
    """Whether a text is one letter with its figure, as "K3" or "5R": short names that are in use."""
    return len(chars) == 1 and re.fullmatch(r"[^\W\d_]-?\d+|\d+-?[^\W\d_]", text.strip()) is not None


def _is_trial(text: str) -> bool:
    """Whether nothing is said but words of trying out, or which row or page is meant: "tes 123", "hal 2"."""
    others = set(_WORD.findall(text.casefold())) - _list_trying()
    return all(map(str.isdecimal, others))


def _is_quantity(text: str) -> bool:
    number = read_number(text)
    return isinstance(number, Understood) and number.sure


def _is_day(text: str, today: date) -> bool:
    return not isinstance(read_date(text, today=today, precision="month"), NotUnderstood)
