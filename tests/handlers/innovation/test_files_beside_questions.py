"""Files that are not taken are all named; a letter's data stay open while a level is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.message import FetchedAlbum, FileRef, FileRefusal, Inbound, Kind, Message
from tests.kit.direct import Direct
from tests.kit.files import pdf
from tests.kit.people import RINA

LETTER = "SK No. 188.45/12/2025 tgl 3-2-2025 ttg Tim Inovasi"


async def sends(desk: Direct, caption: str) -> Sequence[Message]:
    """Send a PDF with words beside it."""
    desk.content = pdf("surat")
    ref = FileRef("id", "document", "surat.pdf", "", len(desk.content))
    return await desk.turn(Inbound("telegram", str(RINA), Kind.FILE, text=caption, file=ref))


@pytest.mark.parametrize("at", ["nama", "nilai_anggaran", "tahapan"])
async def test_a_caption_is_no_answer_to_a_question_for_words(tmp_path: Path, at: str) -> None:
    desk = await Direct.open(tmp_path)
    try:
        await desk.says("/ajukan")
        await desk.says("SIPANDU")
        await desk.presses(f"f:1:{at}:0:j:{at}")
        before = await desk.answers(1)
        said = await sends(desk, "Ini RKA tahun 2025")
        assert await desk.answers(1) == before
        assert "“Ini RKA tahun 2025” tidak disimpan" in said[-1].text
    finally:
        await desk.database.close()


async def test_a_letter_is_still_asked_when_the_level_is_chosen_after_it(tmp_path: Path) -> None:
    desk = await Direct.open(tmp_path)
    try:
        await desk.says("/ajukan")
        await desk.says("SIPANDU")
        await desk.presses("f:1:i16:0:j:i16")
        proposed = await sends(desk, LETTER)
        assert "Tim Inovasi" in proposed[-1].text
        again = await desk.presses("f:1:i16:0:lv:1")
        assert "Tim Inovasi" in again[-1].text
        yes = next(c.data for row in again[-1].rows for c in row if c.data.endswith(":yes"))
        await desk.presses(yes)
        assert (await desk.answers(1))["e16"][0].letter.number == "188.45/12/2025"
    finally:
        await desk.database.close()


@pytest.mark.parametrize("at", ["anggaran", "i16"])
async def test_every_file_of_a_refused_album_is_named(tmp_path: Path, at: str) -> None:
    desk = await Direct.open(tmp_path)
    try:
        await desk.says("/ajukan")
        await desk.says("SIPANDU")
        await desk.presses(f"f:1:{at}:0:j:{at}")
        names = ("satu.pdf", "dua.pdf")
        files = tuple(FileRef(name, "document", name, "", 101) for name in names)
        inbound = Inbound("telegram", str(RINA), Kind.FILE, file=files[0], album=files)
        fetched = FetchedAlbum(tuple(FileRefusal("liar", name) for name in names))
        said = await desk.database.run(lambda tx: desk.desk.take(tx, inbound, fetched=fetched, now=desk.now))
        assert "satu.pdf" in said[-1].text
        assert "dua.pdf" in said[-1].text
    finally:
        await desk.database.close()
