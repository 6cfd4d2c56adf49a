"""Letters are read by the process that inspects; what it cannot read leaves the file as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.inbound import pdf_text
from bot.inbound.inspector import Inspector
from bot.inbound.pdf_text import CHARS, read_letter
from tests.kit.files import locked_pdf, pdf
from tests.kit.official_letters import letter_named, letter_pdf


@pytest.mark.serial
async def test_a_process_of_its_own_reads_a_letter_and_goes_on(tmp_path: Path) -> None:
    inspector, letter = Inspector(at_once=1), letter_named("sk_bupati_1")
    path, broken = tmp_path / "sk.pdf", tmp_path / "rusak.pdf"
    path.write_bytes(letter_pdf(letter))
    broken.write_bytes(b"%PDF-1.4\n" + b"\0" * 40)
    try:
        assert await inspector.read_letter(broken, kind="pdf") is None
        read = await inspector.read_letter(path, kind="pdf")
        inspection = await inspector.inspect(path, name="sk.pdf", accepts=frozenset({"pdf"}))
    finally:
        await inspector.close()
    assert read is not None
    assert (read.number, read.date, read.subject) == letter.right
    assert inspection.kind == "pdf"


@pytest.mark.serial
async def test_a_process_that_dies_of_a_text_costs_the_proposal_alone(tmp_path: Path) -> None:
    inspector = Inspector(at_once=1, memory_bytes=1)
    path = tmp_path / "sk.pdf"
    path.write_bytes(letter_pdf(letter_named("sk_bupati_1")))
    try:
        assert await inspector.read_letter(path, kind="pdf") is None
    finally:
        await inspector.close()


@pytest.mark.parametrize("content", [locked_pdf(), b"", b"%PDF-1.4\n" + b"\0" * 40, pdf("contoh")])
def test_nothing_is_read_where_nothing_can_be(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    assert read_letter(path) is None


def test_no_more_text_is_read_than_a_letter_has(tmp_path: Path) -> None:
    path = tmp_path / "panjang.pdf"
    path.write_bytes(pdf("kata " * CHARS))
    assert len(pdf_text._read_text(path)) <= CHARS
