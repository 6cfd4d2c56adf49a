"""A wrong file at an indicator is taken back at the question about its letter, by a tap or by words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from domain.message import FetchedAlbum, FileRef, Inbound, Kind, Message, StoredFile
from tests.kit.direct import Direct
from tests.kit.files import pdf
from tests.kit.people import RINA

REMOVES = "Hapus berkas ini"
LETTER = "SK No. 188.45/12/2025 tgl 3-2-2025 ttg Tim Inovasi"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Direct]:
    """A desk where indicator 16, which asks of letters, is open."""
    opened = await Direct.open(tmp_path)
    try:
        await opened.says("/ajukan")
        await opened.says("SIPANDU")
        await opened.presses("f:1:i16:0:j:i16")
        yield opened
    finally:
        await opened.database.close()


async def sends(desk: Direct, caption: str = "") -> Sequence[Message]:
    """Send a PDF, with words beside it."""
    desk.content = pdf("surat")
    ref = FileRef("id", "document", "keliru.pdf", "", len(desk.content))
    return await desk.turn(Inbound("telegram", str(RINA), Kind.FILE, text=caption, file=ref))


async def sends_two(desk: Direct) -> Sequence[Message]:
    """Send two papers at once."""
    names = ("satu.pdf", "dua.pdf")
    files = tuple(FileRef(name, "document", name, "", 101) for name in names)
    stored = FetchedAlbum(tuple(StoredFile(name[0] * 64, "pdf", name, 101) for name in names))
    inbound = Inbound("telegram", str(RINA), Kind.FILE, file=files[0], album=files)
    return await desk.database.run(lambda tx: desk.desk.take(tx, inbound, fetched=stored, now=desk.now))


def button(said: Sequence[Message], label: str) -> str:
    """What the button of this label carries."""
    return next(choice.data for row in said[-1].rows for choice in row if choice.label == label)


@pytest.mark.parametrize("caption", ["", LETTER])
async def test_a_tap_removes_it(desk: Direct, caption: str) -> None:
    said = await sends(desk, caption)
    told = await desk.presses(button(said, REMOVES))
    assert "keliru.pdf sudah dilepas" in told[-1].text
    assert "e16" not in await desk.answers(1)


@pytest.mark.parametrize("caption", ["", LETTER])
@pytest.mark.parametrize("words", ["salah kirim", "Salah berkas.", "maaf, salah kirim pak", "salah upload"])
async def test_words_remove_it(desk: Direct, words: str, caption: str) -> None:
    await sends(desk, caption)
    told = await desk.says(words)
    assert "keliru.pdf sudah dilepas" in told[-1].text
    assert "e16" not in await desk.answers(1)


async def test_a_bare_word_is_about_the_file_unless_a_letter_is_read_back(desk: Direct) -> None:
    await sends(desk, LETTER)
    assert "Apa nomor, tanggal, dan perihal" in (await desk.says("keliru"))[-1].text
    assert "keliru.pdf sudah dilepas" in (await desk.says("keliru"))[-1].text


async def test_of_several_each_is_offered_and_the_letter_of_the_others_stays_asked(desk: Direct) -> None:
    await sends_two(desk)
    asked = await desk.says("salah kirim")
    assert len((await desk.answers(1))["e16"]) == 2
    told = await desk.presses(button(asked, "Hapus bukti 1"))
    assert "satu.pdf sudah dilepas" in told[-1].text
    assert "perihal surat pada dua.pdf" in told[-1].text
    assert [piece.name for piece in (await desk.answers(1))["e16"]] == ["dua.pdf"]


async def test_where_no_letter_is_asked_it_is_asked_first(desk: Direct) -> None:
    await sends(desk)
    await desk.says("lewati")
    asked = await desk.says("salah kirim")
    assert "Hapus bukti 1" in asked[-1].text
    assert "e16" in await desk.answers(1)
    await desk.presses(button(asked, "Ya, benar"))
    assert "e16" not in await desk.answers(1)
