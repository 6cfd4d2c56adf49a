"""Scanned letters are read where tesseract is installed; what two readings do not share is left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bot.inbound import scan_text
from bot.inbound.inspector import Inspector
from bot.inbound.scan_text import is_installed, read_scan
from domain.message import LetterRead
from tests.kit.official_letters import OfficialLetter, letter_named, official_letters
from tests.kit.scanned_letters import letter_photo, scan_pdf

needs_tesseract = pytest.mark.skipif(
    not is_installed(), reason="tesseract itself reads here, and is not installed"
)
LETTERS = [letter for letter in official_letters() if letter.form != "scan"]


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PATH", "")
    is_installed.cache_clear()
    yield
    is_installed.cache_clear()


def test_without_tesseract_a_scan_is_left_unread(nothing_installed: None, tmp_path: Path) -> None:
    path = tmp_path / "sk.jpg"
    path.write_bytes(letter_photo(letter_named("sk_bupati_1")))
    assert read_scan(path, kind="jpg") is None


@pytest.mark.parametrize(
    ("first", "second", "agreed"),
    [
        (("1/A/2025", "3 Maret 2025", "TIM"), ("1/A/2025", "3 Maret 2025", "TIM"), "1/A/2025"),
        (("1/A/2025", "3 Maret 2025", "TIM"), ("7/A/2025", "3 Maret 2025", "TIM"), ""),
        (("1/A/2025", "", ""), ("7/A/2025", "", ""), None),
        (("1/SK/I1/2025", "3 Maret 2025", ""), ("1/SK/I1/2025", "3 Maret 2025", ""), ""),  # II
        (("1/SK/11/2025", "3 Maret 2025", ""), ("1/SK/11/2025", "3 Maret 2025", ""), ""),
    ],
)
def test_only_what_two_readings_share_is_proposed(
    first: tuple[str, str, str], second: tuple[str, str, str], agreed: str | None
) -> None:
    read = scan_text.agree(LetterRead(*first), LetterRead(*second))
    assert (read.number if read else None) == agreed
    assert read is None or read.is_scanned


@needs_tesseract
@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n" + b"\0" * 40, b"\xff\xd8\xff\xe0" + b"\0" * 40])
def test_nothing_is_read_of_what_is_no_picture(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert read_scan(path, kind="pdf" if content.startswith(b"%PDF") else "jpg") is None


def test_a_scan_of_sixteen_bits_is_read_in_its_greys(tmp_path: Path) -> None:
    Image.new("I;16", (40, 30), 100 * 256).save(tmp_path / "sk.png")
    (page,) = scan_text._list_pages(tmp_path / "sk.png", kind="png")
    assert page.getextrema() == (100, 100)


@needs_tesseract
@pytest.mark.serial
async def test_the_process_that_inspects_reads_a_scan_under_its_limits(tmp_path: Path) -> None:
    inspector, letter = Inspector(at_once=1), letter_named("sk_bupati_1")
    path = tmp_path / "sk.pdf"
    path.write_bytes(scan_pdf(letter))
    try:
        read = await inspector.read_letter(path, kind="pdf")
    finally:
        await inspector.close()
    assert read is not None
    assert read.is_scanned
    assert set(read.parts.values()) <= set(letter.right)
    assert read.date == letter.date


@needs_tesseract
@pytest.mark.every
@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_nothing_wrong_is_proposed_of_a_scan(letter: OfficialLetter, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(scan_pdf(letter, seed=LETTERS.index(letter)))
    read = read_scan(path, kind="pdf") or LetterRead()
    wanted = dict(zip(("number", "date", "subject"), letter.right, strict=True))
    assert all(wanted[part] == value for part, value in read.parts.items())
