"""Fields of a raw update, each taken as the type that its platform documents, or not at all.

Every function raises ValueError, naming the field, for a value of another type: nothing else gets past the
parser.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, TypeVar

from domain.reading.clean_text import clean, one_line, sign_text

RawObject = Mapping[str, Any]  # of JSON, as a platform delivers it
T = TypeVar("T")
BITS_64 = 2**63  # ids have at most 52 significant bits, core.telegram.org/bots/api#user


def part(raw: RawObject, name: str) -> RawObject | None:
    """Take an object; None where there is none."""
    value = raw.get(name)
    if value is not None and not isinstance(value, dict):
        raise ValueError(f'"{name}" is no object')
    return value


def needed(raw: RawObject, name: str) -> RawObject:
    """Take an object that must be there."""
    return _require(part(raw, name), name)


def whole(raw: RawObject, name: str) -> int | None:
    """Take a whole number of 64 bits; None where there is none."""
    value = raw.get(name)
    if value is not None and not is_whole(value):
        raise ValueError(f'"{name}" is no whole number')
    return value


def needed_whole(raw: RawObject, name: str) -> int:
    """Take a whole number that must be there."""
    return _require(whole(raw, name), name)


def _require(value: T | None, name: str) -> T:
    if value is None:
        raise ValueError(f'"{name}" is missing')
    return value


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number of 64 bits; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and -BITS_64 <= value < BITS_64


def size(raw: RawObject, name: str) -> int | None:
    """Take a number of bytes or pixels."""
    value = whole(raw, name)
    return None if value is None or value < 0 else value


def token(raw: RawObject, name: str) -> str:
    """Take a sign of the platform's own, such as a file's id or a button's data; "" for none."""
    return sign_text(_read_string(raw, name))


def needed_token(raw: RawObject, name: str) -> str:
    """Take a sign of the platform's own that must be there."""
    if not (value := token(raw, name)):
        raise ValueError(f'"{name}" is missing')
    return value


def text(raw: RawObject, name: str) -> str:
    """Take what a person wrote, cleaned; "" where there is nothing to be seen."""
    cleaned = clean(_read_string(raw, name))
    return cleaned if cleaned.strip() else ""


def line(raw: RawObject, name: str) -> str:
    """Take what stands in one line, cleaned: a name, the name of a file."""
    return one_line(_read_string(raw, name))


def degrees(raw: RawObject, name: str, *, most: int) -> float:
    """Take a latitude or longitude between `-most` and `most` degrees."""
    value = raw.get(name)
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not isfinite(value)
        or abs(value) > most
    ):
        raise ValueError(f'"{name}" is no point on earth')
    return float(value)


def _read_string(raw: RawObject, name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f'"{name}" is no text')
    return value
