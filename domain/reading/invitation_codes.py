"""Invitation codes in what people paste: bare, named, in a link, or somewhere in a whole forwarded
invitation.

A code has 16 signs of A–Z, a–z, 0–9, "-" and "_" (`secrets.token_urlsafe(12)`), and may be written in any
case.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

CODE = re.compile(r"[A-Za-z0-9_-]{16}")
_ALONE = r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{16})(?![A-Za-z0-9_-])"
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
    codes = [*_SOMEWHERE.findall(unquote_plus(text)), *_SOMEWHERE.findall(text)]
    return tuple(dict.fromkeys(codes))[:MOST_POSSIBLE]


def _is_word(text: str) -> bool:
    return text.isalpha() and not looks_made(text)


def looks_made(word: str) -> bool:
    """Tell whether a word of 16 signs was drawn by chance: words that people write have runs of one kind
    of letter.
    """
    mixed = word != word.lower() and word != word.upper()
    return mixed and _WORDS_ALONE.fullmatch(word) is None
