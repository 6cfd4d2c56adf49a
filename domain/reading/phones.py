"""Phone numbers in one form: `08…`, `+62 (0)8…`, `0062 8…` and `628…` are the same person."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from domain.reading.clean_text import DASHES, code_text

REGION, COUNTRY = "ID", 62  # numbers without a country are of Indonesia
_BETWEEN = re.compile(r"[\s().'-]")  # also the ' that keeps a spreadsheet from taking a number for a figure
_GAP = rf"[\s().'{''.join(map(chr, DASHES))}-]{{0,3}}"  # between two digits of a number in a text
# what people and phones write beside the number, https://faq.whatsapp.com/5913398998672934 (wa.me)
_LABEL = re.compile(
    r"^\s*(?:(?:https?://)?wa\.me/|tel:|(?:no(?:mor|mer)?\.?\s*)?"
    r"(?:hp|wa|whatsapp|telp|telepon|tlp|ponsel)\b[\s.:/=]*)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\s*(?:\([^()0-9]*\)|[,;])\s*$")  # "(WA)", or a comma that was copied along
_DIGITS = re.compile(r"\+?[0-9]{7,20}")
_TWICE = re.compile(r"\+?62(?=\+?628)")  # "+62 62812…": the country was written twice
_TRUNK = re.compile(r"\+?0(?!0)")


def normal(number: str, *, from_platform: bool = False) -> str:
    """Write a number as E.164 with its plus; "" when nobody can have it.

    Of Indonesia a number that can be a mobile one, of another country a valid one.
    A platform gives its own numbers with their country, often without the plus (`from_platform`).
    """
    compact = _BETWEEN.sub("", _BESIDE.sub("", _LABEL.sub("", code_text(number))))
    if not _DIGITS.fullmatch(compact):
        return ""
    return next((read for said in _list_ways(compact, from_platform) if (read := _write_e164(said))), "")


def mended(number: str) -> str:
    """Read a stored number again, as far as it was stored wrongly; as it is where nothing can be made of
    it.
    """
    digits = number.removeprefix("+")
    return normal(number) or (normal(f"0{digits}") if digits.startswith("8") else "") or number


def significant(number: str) -> str:
    """Return the digits of an E.164 number that stand in every way of writing it."""
    return number.removeprefix(f"+{COUNTRY}" if _is_ours(number) else "+")


def written(number: str) -> re.Pattern[str]:
    """Make the pattern of the ways an E.164 number is written in a text, as `normal` reads them; a letter or
    a mark of slanted text may touch it.
    """
    prefix = rf"(?:(?:\+|00)?{COUNTRY}{_GAP}\(?0?\)?|0)?" if _is_ours(number) else r"(?:\+|00)?"
    return re.compile(rf"(?<![\d+]){prefix}{_GAP}{_GAP.join(significant(number))}(?!\d)")


def _is_ours(number: str) -> bool:
    return number.startswith(f"+{COUNTRY}")


def _list_ways(compact: str, from_platform: bool) -> tuple[str, ...]:
    """List what the digits can mean, likeliest first, each as `+country…` or as `0…` of Indonesia."""
    compact = _TWICE.sub("", compact)
    if compact.startswith("00"):
        return (f"+{compact[2:]}",)
    if _TRUNK.match(compact):
        return (compact.removeprefix("+"),)
    digits = compact.removeprefix("+")
    if compact.startswith("+") or from_platform:
        return (f"+{digits}",)
    # "8123…" is a mobile number that a spreadsheet took for a figure
    return (f"0{digits}", f"+{digits}") if digits.startswith("8") else (f"+{digits}",)


def _write_e164(said: str) -> str:
    try:
        read = phonenumbers.parse(said, REGION)
    except NumberParseException:
        return ""
    if read.country_code == COUNTRY:
        fits = str(read.national_number).startswith("8") and phonenumbers.is_possible_number_for_type(
            read, PhoneNumberType.MOBILE
        )
    else:
        fits = phonenumbers.is_valid_number(read)
    return phonenumbers.format_number(read, PhoneNumberFormat.E164) if fits else ""
