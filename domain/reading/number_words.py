"""Number words and scales: "dua juta lima ratus ribu", "2,5 juta", "dua setengah"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from domain.reading.lexicon import lexicon

MILLION = 1_000_000
_GROUPERS = {"belas": 2, "puluh": 2, "ratus": 3}  # word -> digits of what it makes
_FRACTIONS = {"setengah": Decimal("0.5"), "separuh": Decimal("0.5"), "seperempat": Decimal("0.25")}
_OTHERS = frozenset({"koma", "perempat", *_GROUPERS, *_FRACTIONS})

Token = str | Decimal  # a word, or a number written in digits


@dataclass(frozen=True, slots=True)
class Worded:
    """What the words add up to; not `sure` where everyday speech leaves out a scale."""

    value: Decimal
    sure: bool


@cache
def _load_table(name: str) -> dict[str, int]:
    return {word: int(value) for word, value in lexicon()["number"][name].items()}


def apart(text: str) -> str:
    """Part number words that were written as one: "duapuluh", "limaratus"."""
    return _joined_words().sub(r"\1 \2", text)


@cache
def _joined_words() -> re.Pattern[str]:
    ones = "|".join(_load_table("ones"))
    return re.compile(rf"(?<![a-z])({ones})({'|'.join(_GROUPERS)})(?![a-z])")


@cache
def number_words() -> frozenset[str]:
    """List every word that can be part of a number."""
    return frozenset(
        {
            *_load_table("ones"),
            *_load_table("together"),
            *_load_table("scale"),
            *_load_table("one_of"),
            *_OTHERS,
        }
    )


def add_up(tokens: Sequence[Token]) -> Worded | None:
    """Add up a run of number words and digits; None when they do not make one number."""
    total = Decimal(0)
    last_scale = 0
    at = 0
    sure = True
    while at < len(tokens):
        scaled = _read_scaled(tokens, at)
        if scaled is None:
            return None
        group, scale, at = scaled
        if last_scale and (scale >= last_scale or group * scale >= last_scale):
            return None
        # "dua juta lima ratus" is 2.000.500 in books and 2.500.000 in the market.
        sure = sure and not (last_scale >= MILLION and group * scale < 1000)
        total, last_scale = total + group * scale, scale
        if scale == 1 and at < len(tokens):
            return None
    return Worded(total, sure) if tokens else None


def _read_scaled(tokens: Sequence[Token], at: int) -> tuple[Decimal, int, int] | None:
    """Read a group and its scale, "dua ratus ribu" or "sejuta"; returns also where the next one begins."""
    token = tokens[at]
    if isinstance(token, str) and token in _load_table("one_of"):
        return Decimal(1), _load_table("one_of")[token], at + 1
    read = _read_group(tokens, at)
    if read is None:
        return None
    group, at = read
    scale = _read_scale(tokens, at)
    return group, scale, at + (scale > 1)


def _read_scale(tokens: Sequence[Token], at: int) -> int:
    word = tokens[at] if at < len(tokens) else ""
    return _load_table("scale").get(word, 1) if isinstance(word, str) else 1


def _read_group(tokens: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """Read one group below a scale, from `at`; returns its value and where it ends."""
    value = Decimal(0)
    room = 4  # digits the next piece must stay below
    start = at
    while at < len(tokens):
        token = tokens[at]
        if isinstance(token, str) and token in _FRACTIONS:
            # "seratus setengah" is nobody's number; "dua setengah" is.
            return (value + _FRACTIONS[token], at + 1) if at == start or room <= 1 else None
        if token == "koma" and at > start:
            return _read_decimals(value, tokens, at=at + 1)
        piece = _read_piece(tokens, at)
        if piece is None or piece[1] >= room:
            break
        (amount, digits, used, last) = piece
        value = value + amount
        room = 0 if last else digits
        at = at + used
        if last:
            break
    if room == 0 and at < len(tokens) and (half := _read_half(tokens, at)):  # "dua belas setengah juta"
        return value + half, at + 1
    return (value, at) if at > start else None


def _read_half(tokens: Sequence[Token], at: int) -> Decimal | None:
    """The fraction that stands here before a scale; None where none does."""
    token = tokens[at]
    return _FRACTIONS.get(token) if isinstance(token, str) and _read_scale(tokens, at + 1) > 1 else None


def _read_piece(tokens: Sequence[Token], at: int) -> tuple[Decimal, int, int, bool] | None:
    """Read one piece: its amount, its digits, the tokens it took, and whether nothing may follow."""
    token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
    if isinstance(token, str) and token in _load_table("together"):
        amount = _load_table("together")[token]
        return Decimal(amount), len(str(amount)), 1, amount < 100
    digit = token if isinstance(token, Decimal) else _load_table("ones").get(token)
    if digit is None:
        return None
    if following == "perempat":
        return (Decimal(digit) / 4, 1, 2, True) if digit in (1, 3) else None
    if isinstance(following, str) and following in _GROUPERS and digit in range(1, 10):
        factor = {"belas": 1, "puluh": 10, "ratus": 100}[following]
        amount = int(digit) + 10 if following == "belas" else int(digit) * factor
        return Decimal(amount), _GROUPERS[following], 2, following == "belas"
    if isinstance(token, Decimal):
        return token, 1, 1, following not in _FRACTIONS and following != "koma"
    return Decimal(digit), 1, 1, False


def _read_decimals(value: Decimal, tokens: Sequence[Token], *, at: int) -> tuple[Decimal, int] | None:
    digits = ""
    while at < len(tokens) and isinstance(word := tokens[at], str) and word in _load_table("ones"):
        digits, at = digits + str(_load_table("ones")[word]), at + 1
    return (value + Decimal(f"0.{digits}"), at) if digits and value == int(value) else None
