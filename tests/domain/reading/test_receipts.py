"""Receipt numbers in every usual spelling, and nothing else taken for one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from domain.reading.receipts import numbered, receipt_in

ONE = [
    "DI-2026-0001",
    "di-2026-0001",
    "Di-2026-0001",
    " DI-2026-0001 ",
    "DI-2026-0001.",
    "DI 2026 0001",
    "DI - 2026 - 0001",
    "DI–2026–0001",
    "DI/2026/0001",
    "DI.2026.0001",
    "DI_2026_0001",
    "DI20260001",
    "di 20260001",
    "DI-2026-1",
    "di 2026 1",
    "DI-2026-001",
    "DI-2026-00001",
    "“DI-2026-0001”",
    "*DI-2026-0001*",
    "(DI-2026-0001)",
    "#DI-2026-0001",
    "DI-2026-0001?",
    "nomor DI-2026-0001",
    "No. DI-2026-0001",
    "nomor: DI-2026-0001",
    "tanda terima DI-2026-0001",
    "Resi: DI-2026-0001",
]
OTHER = {"DI-2026-0123": "DI-2026-0123", "di 2026 123": "DI-2026-0123", "DI-2025-10000": "DI-2025-10000"}
NONE = [
    "",
    "DI",
    "DI-2026",
    "di 2026",
    "DI-2026-",
    "DI-2026-0000",
    "DI-26-1",
    "DI-1",
    "2026-0001",
    "DIA-2026-0001",
    "di 2026 ada 12",
    "Rapat di 2026",
    "di 2026 1 kali",
    "DI-2026-0001 dan DI-2026-0002",
    "DI-2026-1234567",
    "DI-3026-0001",
    "sipandu DI-2026-0001",
]


@pytest.mark.parametrize("text", ONE)
def test_the_spellings_of_one_number(text: str) -> None:
    assert receipt_in(text) == "DI-2026-0001"


@pytest.mark.parametrize("text", OTHER)
def test_other_numbers(text: str) -> None:
    assert receipt_in(text) == OTHER[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_receipt(text: str) -> None:
    assert receipt_in(text) == ""


@dataclass(frozen=True)
class Entry:
    """Something that is on a list, handed in or not."""

    receipt: str


ENTRIES = [Entry(""), Entry("DI-2025-0029"), Entry("DI-2026-0029"), Entry("DI-2026-0129")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("di 2026 29", ["DI-2026-0029"]),
        ("0029", ["DI-2025-0029", "DI-2026-0029"]),
        ("nomor 0129", ["DI-2026-0129"]),
        ("29", []),
        ("000", []),
        ("DI-2026-0030", []),
        ("", []),
        ("SIPANDU", []),
    ],
)
def test_a_list_is_read_by_receipt_with_the_year_or_without(text: str, found: list[str]) -> None:
    assert [entry.receipt for entry in numbered(text, ENTRIES)] == found
