"""Keeps a spreadsheet from taking anybody's text for a formula."""

from __future__ import annotations

import re

# a formula may hide behind white space, a mark of the encoding or a full-width sign:
# owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[\s\ufeff\u200b\u00a0\u3000\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def guarded(value: object) -> object:
    """Put an apostrophe before text a spreadsheet would compute."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def harmless(cell: str) -> object:
    """Guard a cell; a phone number keeps its plus."""
    return cell if cell[:1] == "+" and cell[1:].isdecimal() else guarded(cell)
