"""How many actions a hand-in takes: every tap, message and file counts as one; nobody adds one unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.draft.evidence import Piece
from domain.message import FileRef, Inbound, Kind, Message
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import COMPLETE
from tests.kit.direct import Direct
from tests.kit.files import jpg, mp4
from tests.kit.handed_in import ANSWERS, last_year
from tests.kit.official_letters import letter_named, letter_pdf
from tests.kit.people import RINA

MOST_ACTIONS = 68  # of a complete innovation with its papers at hand
MOST_COPIED = 17  # of one that was handed in the year before, complete, and still holds
TEXTS: Mapping[str, str] = {
    "nama": "SIPANDU Sistem Posyandu Terpadu",
    "tahapan": "3",
    "inisiator": "opd",
    "nama_inisiator": "Tim Gizi",
    "klasifikasi": "1",
    "jenis": "digital",
    "bentuk": "1",
    "asta_cita": "4",
    "tematik": "1",
    "urusan_utama": "kesehatan",
    "waktu_uji_coba": "3 Februari 2025",
    "waktu_penerapan": "1 Juni 2025",
    "ada_perkembangan": "tidak",
    **{name: COMPLETE[name] for name in ("dasar_hukum", "permasalahan", "isu_strategis", "metode")},
    **{name: COMPLETE[name] for name in ("keunggulan", "cara_kerja", "tujuan", "manfaat", "hasil")},
}
# of each indicator: what is written below its file, and the letter or the kind the file is
EVIDENCE: Mapping[int, tuple[str, str]] = {
    16: ("1", "sk_bupati_1"),
    17: ("12 orang", "sk_kadis_1"),
    18: ("1", "sk_bupati_2"),
    19: ("3", "jpg"),
    20: ("1", "undangan_1"),
    21: ("1", "rkpd_1"),
    22: ("3", "surat_tugas_1"),
    23: ("3", "sk_bupati_titik"),
    24: ("2", "sk_bupati_spasi"),
    25: ("2", "jpg"),
    26: ("2", "jpg"),
    27: ("1", "jpg"),
    28: ("2", "sk_kadis_3"),
    29: ("2", "jpg"),
    30: ("2", "jpg"),
    31: ("2", "sk_kadis_4"),
    32: ("6 bulan", "laporan_1"),
    33: ("250 orang", "jpg"),
    34: ("2", "jpg"),
    35: ("3", "mp4"),
}

OTHERS = ("jpg", "mp4", "laporan_1")  # evidence that is no letter


class Hands:
    """A person who does one thing after the other, and the count of what they did."""

    def __init__(self, desk: Direct) -> None:
        self.desk, self.actions = desk, 0
        self.shown: Sequence[Message] = ()

    async def types(self, text: str) -> None:
        """Send a message."""
        self.actions += 1
        self.shown = await self.desk.says(text)

    async def taps(self, label: str) -> None:
        """Tap a button of what is shown."""
        self.actions += 1
        choices = [choice for message in self.shown for row in message.rows for choice in row]
        data = next((choice.data for choice in choices if label in choice.label), None)
        assert data is not None, (label, [c.label for c in choices], [m.text for m in self.shown])
        self.shown = await self.desk.presses(data)

    async def sends(self, name: str, content: bytes, *, caption: str) -> None:
        """Send a file with what is written below it."""
        self.actions += 1
        self.desk.content = content
        ref = FileRef("id", "document", name, "", len(content))
        self.shown = await self.desk.turn(Inbound("telegram", str(RINA), Kind.FILE, text=caption, file=ref))

    async def place(self) -> str:
        """Where the person stands."""
        (row,) = await self.desk.rows("SELECT state FROM cursors")
        return str(json.loads(row[0])["at"])


def _content(kind: str, number: int) -> tuple[str, bytes]:
    if kind == "jpg":
        return f"foto {number}.jpg", jpg() + bytes([number])
    if kind == "mp4":
        return "video.mp4", mp4()
    return f"{kind}.pdf", letter_pdf(letter_named(kind))


async def _fill_profile(hands: Hands) -> None:
    """Answer what is mandatory, skip the rest."""
    while (place := await hands.place()) != "nilai_anggaran":
        await hands.types(TEXTS.get(place, "lewati"))
        if await hands.place() == place:  # a long answer may go on
            await hands.taps("Lanjut")
        assert await hands.place() != place, (place, [m.text for m in hands.shown])


async def _fill_indicators(hands: Hands) -> None:
    for number, (caption, kind) in EVIDENCE.items():
        assert await hands.place() == f"i{number}", (number, [m.text for m in hands.shown])
        name, content = _content(kind, number)
        await hands.sends(name, content, caption=caption)
        if kind not in OTHERS:
            await hands.taps("Ya")


async def test_a_complete_innovation_takes_no_more_actions_than_it_may(tmp_path: Path) -> None:
    hands = Hands(await Direct.open(tmp_path))
    try:
        await hands.types("/ajukan")
        await _fill_profile(hands)
        profile = hands.actions
        await hands.types("daftar")
        await hands.types("16")
        await _fill_indicators(hands)
        indicators = hands.actions - profile
        await hands.taps("Periksa")
        await hands.taps("Kirim")
        answers = await hands.desk.answers(1)
        sent = await hands.desk.rows("SELECT state FROM innovations")
    finally:
        await hands.desk.database.close()
    print(f"actions: {hands.actions} (profile {profile}, indicators {indicators})")
    assert [tuple(row) for row in sent] == [("terkirim",)]
    assert sum(1 for name in answers if name[0] == "i" and name[1:].isdigit()) == len(EVIDENCE)
    letters = [piece for no in EVIDENCE for piece in answers[f"e{no}"] if piece.is_paper and no != 32]
    assert all(piece.letter.is_whole for piece in letters)
    assert hands.actions <= MOST_ACTIONS


async def test_a_copied_innovation_takes_no_more_actions_than_it_may(tmp_path: Path) -> None:
    hands = Hands(await Direct.open(tmp_path))
    letters = [no for no, (_, kind) in EVIDENCE.items() if kind not in OTHERS]
    others = {f"e{no}": [Piece.link(f"https://a.example/{no}", "")] for no in EVIDENCE if no not in letters}
    complete = {**ANSWERS, **others}
    await hands.desk.database.run(
        lambda tx: last_year(
            tx,
            "SIPANDU",
            now=MORNING,
            folder=tmp_path / "evidence",
            levels=dict.fromkeys(EVIDENCE, 1),
            evidence=letters,
            answers=complete,
        )
    )
    try:
        await hands.types("/ajukan")
        await hands.taps("Salin 2025")
        await hands.taps("Ya, selebihnya masih sama")
        while await hands.place() != "#check" and hands.actions < MOST_COPIED:
            await hands.types("masih sama")
        await hands.types("kirim")
        sent = await hands.desk.rows("SELECT state FROM innovations WHERE copied_from IS NOT NULL")
    finally:
        await hands.desk.database.close()
    print(f"actions of a copy: {hands.actions}")
    assert [tuple(row) for row in sent] == [("terkirim",)]
    assert hands.actions <= MOST_COPIED
