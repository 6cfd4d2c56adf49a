"""Files that are not taken are all named; a letter's data stay open while a level is chosen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.conversation.indicator_page import INDICATORS
from domain.message import NAMELESS_PHOTO, FetchedAlbum, FileRef, FileRefusal, Inbound, Kind, Message
from tests.kit.direct import Direct
from tests.kit.files import pdf
from tests.kit.people import RINA

TWO = ["satu.pdf", "dua.png"]
LISTED = "di bagian Lampiran atau indikator"  # where files are taken
LETTER = "SK No. 188.45/12/2025 tgl 3-2-2025 ttg Tim Inovasi"


async def sends(desk: Direct, caption: str) -> Sequence[Message]:
    """Send a PDF with words beside it."""
    desk.content = pdf("surat")
    ref = FileRef("id", "document", "surat.pdf", "", len(desk.content))
    return await desk.turn(Inbound("telegram", str(RINA), Kind.FILE, text=caption, file=ref))


async def stands_at(desk: Direct, there: str) -> None:
    """Begin a draft, and go to one of its places by a button or by words."""
    await desk.says("/ajukan")
    await desk.says("SIPANDU")
    await (desk.presses(there) if ":" in there else desk.says(there))


@pytest.mark.parametrize("at", ["nama", "nilai_anggaran", "tahapan"])
async def test_a_caption_is_no_answer_to_a_question_for_words(direct: Direct, at: str) -> None:
    await stands_at(direct, f"f:1:{at}:0:j:{at}")
    before = await direct.answers(1)
    said = await sends(direct, "Ini RKA tahun 2025")
    assert await direct.answers(1) == before
    assert "Tidak disimpan: surat.pdf, keterangannya “Ini RKA tahun 2025”" in said[-1].text


async def test_a_letter_is_still_asked_when_the_level_is_chosen_after_it(direct: Direct) -> None:
    await stands_at(direct, "f:1:i16:0:j:i16")
    proposed = await sends(direct, LETTER)
    assert "Tim Inovasi" in proposed[-1].text
    again = await direct.presses("f:1:i16:0:lv:1")
    assert "Tim Inovasi" in again[-1].text
    yes = next(c.data for row in again[-1].rows for c in row if c.data.endswith(":yes"))
    await direct.presses(yes)
    assert (await direct.answers(1))["e16"][0].letter.number == "188.45/12/2025"


@pytest.mark.parametrize("at", ["anggaran", "i16"])
async def test_every_file_of_a_refused_album_is_named(direct: Direct, at: str) -> None:
    await stands_at(direct, f"f:1:{at}:0:j:{at}")
    names = ("satu.pdf", "dua.pdf")
    files = tuple(FileRef(name, "document", name, "", 101) for name in names)
    inbound = Inbound("telegram", str(RINA), Kind.FILE, file=files[0], album=files)
    fetched = FetchedAlbum(tuple(FileRefusal("liar", name) for name in names))
    said = await direct.database.run(
        lambda tx: direct.desk.take(tx, inbound, fetched=fetched, now=direct.now)
    )
    assert "satu.pdf" in said[-1].text
    assert "dua.pdf" in said[-1].text


async def sends_at_once(desk: Direct, *names: str, caption: str = "") -> Sequence[Message]:
    """Send files at once, where they are not asked for."""
    files = tuple(FileRef(name, "document", name, "", 101) for name in names)
    album = files if len(files) > 1 else ()
    inbound = Inbound("telegram", str(RINA), Kind.FILE, text=caption, file=files[0], album=album)
    return await desk.database.run(lambda tx: desk.desk.take(tx, inbound, fetched=None, now=desk.now))


@pytest.mark.parametrize(
    ("there", "way", "names", "named"),
    [
        ("f:1:nama:0:j:nama", LISTED, ["satu.pdf"], "satu.pdf"),
        ("f:1:nama:0:j:nama", LISTED, [NAMELESS_PHOTO] * 3, "3 foto"),
        ("f:1:tahapan:0:j:tahapan", LISTED, ["satu.pdf", NAMELESS_PHOTO], "satu.pdf, foto"),
        ("daftar", "Buka dahulu tempatnya", TWO, "satu.pdf, dua.png"),
        ("periksa", "Buka dahulu tempatnya", TWO, "satu.pdf, dua.png"),
        (f"f:1:nama:0:j:{INDICATORS}", "Buka dahulu indikatornya", TWO, "satu.pdf, dua.png"),
    ],
)
@pytest.mark.parametrize("caption", ["", "Foto rapat"])
async def test_all_that_is_not_kept_is_named_with_the_place_that_takes_it(
    direct: Direct, there: str, way: str, names: list[str], named: str, caption: str
) -> None:
    await stands_at(direct, there)
    said = await sends_at_once(direct, *names, caption=caption)
    beside = f", keterangannya “{caption}”" if caption else ""
    assert f"Tidak disimpan: {named}{beside}." in said[-1].text
    assert way in said[-1].text


async def test_what_has_no_room_at_an_indicator_is_said_not_to_be_kept(direct: Direct) -> None:
    await stands_at(direct, "f:1:i27:0:j:i27")
    for number in range(10):
        await direct.says(f"https://sampit.example/{number}")
    said = await sends_at_once(direct, "satu.png", "dua.png")
    assert "Belum disimpan: paling banyak 10 berkas" in said[-1].text
