"""Receipt numbers as people write them: DI-2026-0001, in any case, with blanks, or without the zeros."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

_BETWEEN = r"[\s\-–—./_]"
_RECEIPT = re.compile(
    r"(?:(?:no|nomor|nomer|resi|tanda\s+terima|receipt)\.?\s*:?\s*)*"
    rf"DI{_BETWEEN}*(?P<year>20\d\d)(?:{_BETWEEN}+(?P<number>\d{{1,6}})|(?P<joined>\d{{4}}))",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\bDI[-–]20\d\d[-–]\d{4}\b", re.IGNORECASE)
_BARE = re.compile(r"(?:(?:no|nomor|nomer|resi|tanda\s+terima|receipt)\.?\s*:?\s*)*0\d{2,5}", re.IGNORECASE)
_AROUND = " \t\n.,;:!?\"'`*()<>[]“”‘’#"


class Numbered(Protocol):
    """What has the number of a receipt; "" before it is handed in."""

    @property
    def receipt(self) -> str: ...


Entry = TypeVar("Entry", bound=Numbered)


def receipt_in(text: str) -> str:
    """Read a text that is a receipt number and nothing else, as `DI-2026-0001`; "" for any other text."""
    match = _RECEIPT.fullmatch(text.strip(_AROUND))
    number = int(match["number"] or match["joined"]) if match else 0
    return f"DI-{match['year']}-{number:04d}" if match and number else ""


def bare_receipt(text: str) -> int:
    """Read the number of a receipt written without its year, as "0029"; 0 for any other text."""
    text = text.strip(_AROUND)
    return int(re.sub(r"\D", "", text)) if _BARE.fullmatch(text) else 0


def numbered(text: str, entries: Iterable[Entry]) -> list[Entry]:
    """List what has the receipt that a text is, with its year or without; [] for any other text."""
    receipt, number = receipt_in(text), bare_receipt(text)
    if number:
        return [entry for entry in entries if entry.receipt.endswith(f"-{number:04d}")]
    return [entry for entry in entries if entry.receipt == receipt] if receipt else []


def receipt_within(text: str) -> str:
    """Find the first receipt number in a sentence, written as we write it; "" where there is none."""
    match = _INSIDE.search(text)
    return receipt_in(match[0]) if match else ""


def without_receipts(text: str) -> str:
    """Leave the receipt numbers of a sentence away; "" where it is nothing else."""
    return "" if receipt_in(text) else " ".join(_INSIDE.sub(" ", text).split()).strip(_AROUND)
