"""The same bytes under another name are found, in the innovation and at another office; a likeness is not
claimed (F25, B16).
"""

from __future__ import annotations

from domain.message import Message
from tests.kit.direct import Direct
from tests.kit.files import pdf
from tests.kit.people import RINA, SARI, TONO

COPY, SCAN = pdf("SK Tim"), pdf("SK Tim ")  # of one paper: the bytes of the scan are others


async def hands_in(direct: Direct, person: int, title: str, *, place: int) -> None:
    """Begin an innovation and stand at one of its indicators."""
    for said in ("/ajukan", title, "daftar", str(place)):
        await direct.says(said, by=person)


async def told_to_the_desk(direct: Direct) -> list[str]:
    sql = "SELECT payload FROM outbox WHERE address = ? AND dedupe_key LIKE 'same_file:%' ORDER BY id"
    return [Message.from_json(row[0]).text for row in await direct.rows(sql, str(SARI))]


async def test_a_renamed_copy_is_recognised_and_reused_and_a_scan_is_another_file(direct: Direct) -> None:
    await hands_in(direct, RINA, "SIPANDU", place=16)
    await direct.sends("SK Tim.pdf", COPY)
    await direct.says("kembali")
    await direct.says("17")
    asked = (await direct.sends("tim-final (2).pdf", COPY))[-1]
    assert "sudah ada di indikator 16" in asked.text
    assert "e17" not in await direct.answers(1)
    await direct.says("ya")
    assert [piece.sha256 for piece in (await direct.answers(1))["e17"]] == [
        piece.sha256 for piece in (await direct.answers(1))["e16"]
    ]
    await direct.says("kembali")
    await direct.says("23")
    assert "sudah ada" not in (await direct.sends("pindaian.pdf", SCAN))[-1].text


async def test_a_copy_among_the_attachments_is_recognised_too(direct: Direct) -> None:
    await hands_in(direct, RINA, "SIPANDU", place=16)
    await direct.sends("SK Tim.pdf", COPY)
    for said in ("kembali", "daftar", "Profil Bisnis"):
        await direct.says(said)
    for answer, is_kept in (("jangan", False), ("ya", True)):
        asked = (await direct.sends("rka-final.pdf", COPY))[-1]
        assert "Berkas rka-final.pdf sudah ada di indikator 16" in asked.text
        await direct.says(answer)
        assert ("profil_bisnis" in await direct.answers(1)) is is_kept


async def test_the_desk_hears_once_of_a_copy_at_another_office_and_not_of_a_scan(direct: Direct) -> None:
    await hands_in(direct, RINA, "SIPANDU", place=16)
    await direct.sends("SK Tim.pdf", COPY)
    await hands_in(direct, TONO, "Baamang Siaga", place=16)
    await direct.sends("pindaian.pdf", SCAN, by=TONO)
    assert await told_to_the_desk(direct) == []
    await direct.sends("punya kami.pdf", COPY, by=TONO)
    (told,) = await told_to_the_desk(direct)
    assert "Dinas Kesehatan" in told
    assert "punya kami.pdf" in told
