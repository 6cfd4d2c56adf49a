"""A long text that the app sent in pieces: each message holds at most 4,096 UTF-16 units
(core.telegram.org/bots/api#sendmessage), and an app cuts behind a paragraph, a sentence or a word where it
can.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from domain.message_length import units

MOST = 4_096  # units of one message
CUT_FROM = MOST // 2  # units; an app looks for a good place in the second half
TRIMMED = 100  # units of blanks that a cut may have cost
APART = 3.0  # seconds between two pieces, which an app sends one behind the other
ENDS = '.!?:;…”"'  # behind which a piece begins a new line


def may_go_on(text: str) -> bool:
    """Tell whether a text is long enough to be the first piece of a longer one."""
    if len(text) <= CUT_FROM // 2:
        return False  # a sign has two units at most
    return units(text) > CUT_FROM and not text.startswith("/")


def goes_on(before: str, after: str, *, sent: Sequence[datetime | None]) -> bool:
    """Tell whether `after` is the next piece of `before`: sent at once, and both too long for one message.

    `sent` are the two moments; a channel that tells none lets the lengths decide.
    """
    first, second = sent
    if first is not None and second is not None and abs((second - first).total_seconds()) > APART:
        return False
    too_long = units(before) + units(after) > MOST - TRIMMED
    return may_go_on(before) and too_long and not after.startswith("/")


def joined(pieces: Sequence[str]) -> str:
    """Put the pieces together as they were: a word that was cut is whole again."""
    whole = pieces[0]
    for before, after in pairwise(pieces):
        whole += _between(before, after) + after
    return whole


def _between(before: str, after: str) -> str:
    if units(before + after[:1]) > MOST:  # no room for the next sign: cut inside a word
        return ""
    return "\n" if before[-1:] in ENDS else " "
