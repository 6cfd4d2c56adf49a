"""Cleans text from outside: no invisible characters, nothing that breaks a line or a row.

Channels, spreadsheets and the command line pass every text through here; behind them all text is as it looks.
"""

from __future__ import annotations

import re
import unicodedata

from domain.message import MARKS

# Characters that look like a blank: Hangul fillers, the empty Braille cell, Khmer vowels that are not drawn.
_BLANK_CHARS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_LINE_ENDS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_VARIATIONS = "\ufe00-\ufe0f"
_TAGS = "\U000e0020-\U000e007f"

_TO_ONE_SIGN = str.maketrans(
    {**dict.fromkeys(_BLANK_CHARS, " "), **dict.fromkeys(_LINE_ENDS, "\n"), "\t": " ", "\u2011": "-"}
)
# A pictogram, perhaps coloured or dressed by what stands behind it; keys such as 1️⃣ are built on digits.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u231a-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_KEPT_UNSEEN = re.compile(
    # joined pictures: a family, a profession
    rf"(?<={_PICTURE})\ufe0f?[\U0001f3fb-\U0001f3ff]?\u200d(?={_PICTURE})"
    rf"|(?<={_PICTURE})[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    rf"|(?<=\U0001f3f4)[{_TAGS}]+"  # the flags of England, Scotland and Wales
)
_MAYBE_UNSEEN = re.compile(r"[^\x20-\x7e\n\u00a1-\u00ac\u00ae-\u02ff\u2013\u2014\u2018-\u201d\u2026]")
_UNSEEN_CATEGORIES = ("Cc", "Cf", "Cs")
_OTHER_UNSEEN = re.compile(
    rf"[\u034f\u180b-\u180f{_VARIATIONS}\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """Take off what cannot be seen and write the blanks and line ends of every kind as one.

    Kept: what builds an emoji. Lone surrogates become U+FFFD, pairs the sign they stand for.
    """
    if not _MAYBE_UNSEEN.search(text):
        return text
    text = well_formed(text).replace("\r\n", "\n").translate(_TO_ONE_SIGN)
    kept: list[str] = []
    at = 0
    for match in _KEPT_UNSEEN.finditer(text):
        kept += (_show(text[at : match.start()]), match[0])
        at = match.end()
    return "".join((*kept, _show(text[at:])))


def one_line(text: str) -> str:
    """Clean a text that stands in one line: a name, a title, a reason, the name of a file."""
    return " ".join(clean(text).split())


def code_text(text: str) -> str:
    """Clean a code or a number: also full-width letters and digits, and every kind of dash, become plain
    ones.
    """
    if text.isascii():
        return one_line(text)
    return " ".join(unicodedata.normalize("NFKC", one_line(text).translate(DASHES)).split())


DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043"), "-")


def well_formed(text: str) -> str:
    """Join surrogate pairs and replace lone halves, which no database and no network takes."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def sign_text(text: str) -> str:
    """Take a sign of a platform's own, such as an id, character by character; what no database keeps becomes
    U+FFFD: lone halves, and NUL.
    """
    if text.isascii() and "\0" not in text:
        return text
    return well_formed(text).replace("\0", _REPLACEMENT)


def _show(text: str) -> str:
    return "".join(_name_sign(character) for character in text)


def _name_sign(character: str) -> str:
    if character == "\n" or character == _REPLACEMENT:
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in _UNSEEN_CATEGORIES or character in MARKS or _OTHER_UNSEEN.match(character):
        return ""
    return character
