"""Invitation codes in what people paste: bare, named, in a link, or somewhere in a whole forwarded
invitation.

A code has two groups of five signs, none of which is taken for another, with letter and digit in each:
7KQMP-4XRTH. It may be written in any case, together or with a blank. Codes of before have 16 signs of A–Z,
a–z, 0–9, "-" and "_", and still open what they opened.

How long guessing takes: of 31^5 groups 77.4 % are mixed, so there are (2.22 · 10^7)^2 = 4.9 · 10^14 codes.
An address has five wrong ones an hour and twenty a day (`storage/invitations.py`), whether a turn looks at
them or the line of strangers does (`bot/inbound/stranger_turns.py`). Who holds 1,000 numbers, each on both
channels, makes 2.4 · 10^6 tries in 60 days, and meets one of 47 open codes with a chance of 2.3 in ten
million.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_plus

from domain.reading.link_codes import link_code_in

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 and O, 1, I and L
GROUP = 5  # signs; a code has two groups
_SIGN = f"[{SIGNS}{SIGNS[8:].lower()}]"
_SHORT = rf"{_SIGN}{{{GROUP}}}[- ]?{_SIGN}{{{GROUP}}}"
LONG = 16  # signs of a code of before
_LONG = f"[A-Za-z0-9_-]{{{LONG}}}"
CODE = re.compile(rf"{_LONG}|{_SHORT}")
_IS_SHORT = re.compile(_SHORT)
_ALONE = rf"(?<![A-Za-z0-9_-])({_LONG}|{_SHORT})(?![A-Za-z0-9_-])"
_SHORT_ALONE = re.compile(rf"(?<![A-Za-z0-9_-])(?=({_SHORT})(?![A-Za-z0-9_-]))")
_SOMEWHERE = re.compile(_ALONE)
_IN_LINK = re.compile(
    r"(?:\b(?:t|telegram)\.(?:me|dog)/\w{3,}/?|\btg:/*resolve)\?(?:[^\s&]*&)*?start(?:app)?=" + _ALONE,
    re.IGNORECASE,
)
_WITH_TEXT = re.compile(
    r"(?:\bwa\.me/\+?\d*/?|\bapi\.whatsapp\.com/send/?|\bwhatsapp:/*send/?)\?(?:[^\s&]*&)*?text=([^\s&]+)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:kode|code)(?:nya)?(?:\s+(?:undangan|anda|saya|ini|is|adalah))*"
    r"\s*(?:[:=]|\s[-–—]\s)\s*[\"'`*_(<\[“‘«]*" + _ALONE,
    re.IGNORECASE,
)
_COMMAND = re.compile(r"/(?:start|mulai)(?:@\w+)?\s+" + _ALONE, re.IGNORECASE)
_WRAPPING = " \t\n.,;:!?\"'`*()<>[]{}«»“”‘’…"
_WORDS_ALONE = re.compile(r"(?:(?<![A-Za-z0-9])[a-z](?=[A-Z-])|[A-Z]?[a-z]{2,}|[A-Z]{2,}|[0-9]+|[-_])+")
MOST_POSSIBLE = 8  # code-shaped words of one text that are looked up


def draw(choose: Callable[[str], str]) -> str:
    """Draw a new code; `choose` picks one sign by chance.

    It is drawn anew where it reads like a word, or like a code that joins two addresses.
    """
    while True:
        first, second = ("".join(choose(SIGNS) for _ in range(GROUP)) for _ in range(2))
        code = f"{first}-{second}"
        if looks_made(code) and not link_code_in(code):
            return code


def plain_code(code: str) -> str:
    """Write a code as it is kept: a short one without its hyphen, any in small letters."""
    if _IS_SHORT.fullmatch(code):
        code = code.replace("-", "").replace(" ", "")
    return code.casefold()


def code_within(text: str) -> str:
    """Find the first short code that stands in a sentence; "" where there is none."""
    return next((match[1] for match in _SHORT_ALONE.finditer(text) if looks_made(match[1])), "")


def code_in(text: str) -> str:
    """Find the code that is surely meant; "" where there is none, or where it could be an ordinary word."""
    for pattern in (_IN_LINK, _COMMAND, _NAMED):
        if (match := pattern.search(text)) and not _is_word(match[1]):
            return match[1]
    if carried := _WITH_TEXT.search(text):
        return _read_code_of_link(unquote_plus(carried[1]))
    bare = text.strip(_WRAPPING)
    return bare if CODE.fullmatch(bare) and looks_made(bare) else ""


def _read_code_of_link(text: str) -> str:
    """Find the code in a message that a link has ready: nobody puts anything else there."""
    match = _SOMEWHERE.search(text)
    return code_in(text) or (match[1] if match else "")


def possible_codes(text: str) -> tuple[str, ...]:
    """List what has the shape of a code: only the table of invitations can tell whether it is one."""
    plain = unquote_plus(text) if "%" in text or "+" in text else text  # as of a link
    codes = _SOMEWHERE.findall(plain)
    if plain != text:
        codes += _SOMEWHERE.findall(text)
    long = [code for code in codes if not _IS_SHORT.fullmatch(code)]
    within = code_within(plain)
    return tuple(dict.fromkeys([*((within,) if within else ()), *long]))[:MOST_POSSIBLE]


def _is_word(text: str) -> bool:
    if _IS_SHORT.fullmatch(text):
        return not looks_made(text)
    return text.isalpha() and not looks_made(text)


def looks_made(word: str) -> bool:
    """Tell whether a word was drawn by chance: a short code mixes letters and digits in both groups; words of
    16 signs that people write have runs of one kind of letter.
    """
    if _IS_SHORT.fullmatch(word):
        signs = plain_code(word)
        return all(_is_mixed(group) for group in (signs[:GROUP], signs[GROUP:]))
    mixed = word != word.lower() and word != word.upper()
    return mixed and _WORDS_ALONE.fullmatch(word) is None


def _is_mixed(group: str) -> bool:
    return any(sign.isdigit() for sign in group) and any(sign.isalpha() for sign in group)
