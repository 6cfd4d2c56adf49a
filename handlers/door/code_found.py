"""Finding the code of an invitation or of a link in what somebody writes."""

from __future__ import annotations

import re

from domain.message import Kind
from domain.reading.invitation_codes import CODE, LONG, code_in, code_within, looks_made, possible_codes
from domain.reading.link_codes import link_code_in
from handlers.context import Context
from storage import invitations

# a piece of one, or one with a letter too many
_NEARLY = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9_-]{8,40}")


def reads_code(ctx: Context, said: str) -> bool:
    """Whether a text is the code of an invitation or of a link."""
    return bool(code_in(said) or link_code_in(said))


def pasted_code(ctx: Context) -> str:
    """Find the code in a text, from whoever it comes; what could be a word is one only where it is known.

    From a stranger whatever looks like a code counts as a try, right or wrong: else a sentence would tell
    which codes there are.
    """
    text = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
    if sure := code_in(text) or (code_within(text) if ctx.contact is None else ""):
        return sure
    return next((code for code in possible_codes(text) if invitations.by_code(ctx.tx, code)), "")


def is_nearly_code(text: str) -> bool:
    """Whether a text alone looks like a code that was copied badly."""
    return _NEARLY.fullmatch(text.strip()) is not None


def find_bare_code(text: str) -> str:
    """Find what a stranger sends alone and of the right length: it was meant as a code, right or wrong."""
    word = text.strip()
    is_long = len(word) == LONG and not word.isalpha()
    return word if CODE.fullmatch(word) and (is_long or looks_made(word)) else ""
