"""Letters as the offices of a regency write them, set as PDFs: the rows of `official_letters.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from fpdf import FPDF

TABLE = Path(__file__).with_suffix(".toml")
LINE = 6.0  # millimetres
SET_ON = datetime(2025, 3, 3, tzinfo=UTC)  # the same bytes every day
HEAD = "PEMERINTAH KABUPATEN KOTAWARINGIN TIMUR"
LAWS = (
    "1. Undang-Undang Nomor 27 Tahun 1959 tentang Penetapan Undang-Undang Darurat Nomor 3 Tahun 1953;",
    "2. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;",
    "3. Peraturan Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah;",
)


@dataclass(frozen=True)
class OfficialLetter:
    """A letter and what is rightly read of it: "" where it cannot be told from its text."""

    name: str
    form: str
    number: str
    date: str  # as it is written
    subject: str
    signer: str = "BUPATI KOTAWARINGIN TIMUR"
    office: str = "DINAS KESEHATAN"
    other_number: str = ""  # of the second party, or of a letter it encloses
    other_date: str = ""  # of promulgation, of the event, of a letter it encloses
    shown_number: str | None = None  # as it is set, where that is not the right value
    shown_date: str | None = None
    shown_subject: str | None = None
    is_letter: bool = True

    @property
    def right(self) -> tuple[str, str, str]:
        """Number, date and subject that may be proposed."""
        return self.number, self.date, self.subject

    @property
    def set_number(self) -> str:
        """The number as it stands on the paper."""
        return self.number if self.shown_number is None else self.shown_number

    @property
    def set_date(self) -> str:
        """The date as it stands on the paper."""
        return self.date if self.shown_date is None else self.shown_date

    @property
    def set_subject(self) -> str:
        """The subject as it stands on the paper."""
        return self.subject if self.shown_subject is None else self.shown_subject


@cache
def official_letters() -> tuple[OfficialLetter, ...]:
    """Load every row of the table."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["letter"]
    return tuple(OfficialLetter(**row) for row in rows)


def letter_named(name: str) -> OfficialLetter:
    """Find a row."""
    return next(letter for letter in official_letters() if letter.name == name)


def letter_pdf(letter: OfficialLetter) -> bytes:
    """Set a letter as its office would."""
    paper = _Paper()
    FORMS[letter.form](paper, letter)
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self) -> None:
        super().__init__(format="A4")
        self.set_margins(25, 20, 25)
        self.set_creation_date(SET_ON)
        self.add_page()
        self.set_font("Times", size=11)

    def centred(self, *lines: str) -> None:
        for line in lines:
            self.multi_cell(0, LINE, line, align="C", new_x="LMARGIN", new_y="NEXT")

    def flowing(self, *lines: str) -> None:
        for line in lines:
            self.multi_cell(0, LINE, line, align="J", new_x="LMARGIN", new_y="NEXT")

    def right(self, *lines: str) -> None:
        for line in lines:
            self.set_x(115)
            self.multi_cell(0, LINE, line, align="L", new_x="LMARGIN", new_y="NEXT")

    def columns(self, *rows: tuple[str, str]) -> None:
        """Set what stands left and right on one line, as in the head of a letter."""
        for left, right in rows:
            self.cell(95, LINE, left)
            self.cell(0, LINE, right, new_x="LMARGIN", new_y="NEXT")


def _considering(paper: _Paper) -> None:
    paper.flowing(
        "Menimbang : a. bahwa untuk meningkatkan kinerja pemerintahan perlu dibentuk tim;",
        "b. bahwa berdasarkan pertimbangan tersebut perlu menetapkan keputusan;",
        "Mengingat :",
        *LAWS,
    )


def _deciding(paper: _Paper, letter: OfficialLetter, kind: str) -> None:
    paper.centred("MEMUTUSKAN:")
    paper.flowing(
        f"Menetapkan : {kind} TENTANG {letter.set_subject}.",
        "KESATU : Membentuk tim sebagaimana terlampir.",
        "KEDUA : Keputusan ini mulai berlaku pada tanggal ditetapkan.",
    )


def _signed(paper: _Paper, letter: OfficialLetter, verb: str = "Ditetapkan") -> None:
    paper.right(
        f"{verb} di Sampit", f"pada tanggal {letter.set_date}", f"{letter.signer},", "ttd", "HALIKIN NOOR"
    )


def _decree(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(
        letter.signer,
        "PROVINSI KALIMANTAN TENGAH",
        f"KEPUTUSAN {letter.signer}",
        f"NOMOR : {letter.set_number}",
        "TENTANG",
        letter.set_subject,
        "DENGAN RAHMAT TUHAN YANG MAHA ESA",
        f"{letter.signer},",
    )
    _considering(paper)
    _deciding(paper, letter, "KEPUTUSAN BUPATI")
    _signed(paper, letter)


def _decree_with_attachment(paper: _Paper, letter: OfficialLetter) -> None:
    _decree(paper, letter)
    paper.add_page()
    paper.right(
        f"LAMPIRAN KEPUTUSAN {letter.signer}",
        f"NOMOR : {letter.set_number}",
        "TANGGAL : 9 September 2019",
        f"TENTANG {letter.set_subject}",
    )
    paper.flowing("SUSUNAN TIM", "Ketua : Kepala Dinas", "Sekretaris : Sekretaris Dinas")


def _office_decree(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(
        HEAD,
        letter.office,
        "Jalan Jenderal Sudirman Km 6, Sampit. Telepon (0531) 21234",
        f"KEPUTUSAN KEPALA {letter.office}",
        f"NOMOR {letter.set_number}",
        "TENTANG",
        letter.set_subject,
        f"KEPALA {letter.office},",
    )
    _considering(paper)
    _deciding(paper, letter, "KEPUTUSAN KEPALA DINAS")
    _signed(paper, letter)


def _spaced_decree(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(
        "K E P U T U S A N",
        f"KEPALA {letter.office}",
        f"Nomor: {letter.set_number}",
        "T E N T A N G",
        letter.set_subject,
        f"KEPALA {letter.office},",
    )
    _considering(paper)
    _signed(paper, letter)


def _regulation(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(
        letter.signer,
        "PROVINSI KALIMANTAN TENGAH",
        f"PERATURAN {letter.signer}",
        f"NOMOR {letter.set_number}",
        "TENTANG",
        letter.set_subject,
        "DENGAN RAHMAT TUHAN YANG MAHA ESA",
        f"{letter.signer},",
    )
    _considering(paper)
    paper.centred("BAB I", "KETENTUAN UMUM", "Pasal 1")
    paper.flowing(
        "Dalam Peraturan Bupati ini yang dimaksud dengan Daerah adalah Kabupaten Kotawaringin Timur."
    )
    _signed(paper, letter)
    if letter.other_date:
        paper.flowing(
            "Diundangkan di Sampit",
            f"pada tanggal {letter.other_date}",
            "SEKRETARIS DAERAH,",
            "BERITA DAERAH KABUPATEN KOTAWARINGIN TIMUR TAHUN 2025 NOMOR 12",
        )


def _regional_regulation(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(
        "SALINAN",
        "PERATURAN DAERAH KABUPATEN KOTAWARINGIN TIMUR",
        f"NOMOR {letter.set_number}",
        "TENTANG",
        letter.set_subject,
        "DENGAN RAHMAT TUHAN YANG MAHA ESA",
        f"{letter.signer},",
    )
    _considering(paper)
    _signed(paper, letter)
    paper.flowing("Diundangkan di Sampit", f"pada tanggal {letter.other_date}")


def _assignment(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(HEAD, letter.office, "SURAT TUGAS", f"NOMOR : {letter.set_number}")
    paper.flowing("Dasar : Surat Undangan Bapperida Nomor 005/77/Bapperida tanggal 2 Januari 2025")
    paper.centred("MENUGASKAN")
    paper.flowing(
        "Kepada : 1. Nama : Siti Aminah",
        "NIP : 198001012005012001",
        f"Untuk : {letter.set_subject}.",
        "Demikian surat tugas ini dibuat untuk dilaksanakan.",
    )
    _signed(paper, letter, "Dikeluarkan")


def _assignment_of_several(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(HEAD, letter.office, "SURAT PERINTAH TUGAS", f"Nomor : {letter.set_number}")
    paper.flowing(
        "Kepada : 1. Siti Aminah",
        "2. Budi Santoso",
        "Untuk : 1. Mengikuti bimbingan teknis inovasi;",
        "2. Melaporkan hasilnya kepada Kepala Dinas.",
        "Demikian untuk dilaksanakan.",
    )
    paper.right(f"Sampit, {letter.set_date}", f"Kepala {letter.office.title()},")


def _agreement(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(
        "NOTA KESEPAHAMAN",
        "ANTARA",
        HEAD,
        "DENGAN",
        "UNIVERSITAS PALANGKA RAYA",
        "TENTANG",
        letter.set_subject,
        f"NOMOR : {letter.set_number}",
        *((f"NOMOR : {letter.other_number}",) if letter.other_number else ()),
    )
    paper.flowing(
        f"Pada hari ini, Senin, tanggal tiga bulan Maret tahun dua ribu dua puluh lima ({letter.set_date}),",
        "yang bertanda tangan di bawah ini:",
        "1. HALIKIN NOOR, Bupati Kotawaringin Timur;",
        "2. SALAMPAK, Rektor Universitas Palangka Raya.",
        "PARA PIHAK sepakat bekerja sama.",
    )


def _letter_of_office(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(HEAD, letter.office)
    paper.right(f"Sampit, {letter.set_date}")
    paper.flowing(
        f"Nomor : {letter.set_number}",
        "Sifat : Penting",
        "Lampiran : 1 (satu) berkas",
        f"Hal : {letter.set_subject}",
        "Kepada",
        "Yth. Kepala Perangkat Daerah",
        "di -",
        "Sampit",
        "Dengan hormat, bersama ini kami mengundang Bapak/Ibu untuk hadir pada:",
        f"Tanggal : {letter.other_date or 'terlampir'}",
        "Tempat : Aula Bapperida",
        "Atas kehadirannya kami ucapkan terima kasih.",
    )


def _letter_in_columns(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(HEAD, letter.office)
    paper.columns(
        (f"Nomor : {letter.set_number}", f"Sampit, {letter.set_date}"),
        ("Sifat : Biasa", ""),
        ("Lampiran : -", "Kepada"),
        (f"Perihal : {letter.set_subject}", "Yth. Sekretaris Daerah"),
        ("", "di - Sampit"),
    )
    paper.flowing("Dengan hormat, bersama ini disampaikan laporan pelaksanaan inovasi untuk menjadi periksa.")


def _circular(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred(HEAD, "SURAT EDARAN", f"NOMOR {letter.set_number}", "TENTANG", letter.set_subject)
    paper.flowing(
        "Yth. Kepala Perangkat Daerah", "Dalam rangka meningkatkan inovasi daerah disampaikan hal berikut."
    )
    _signed(paper, letter, "Ditetapkan")


def _enclosing(paper: _Paper, letter: OfficialLetter) -> None:
    """A covering letter with the decree it encloses: two dates, so neither may be proposed."""
    paper.centred(HEAD, letter.office, "SURAT PENGANTAR", f"Nomor : {letter.set_number}")
    paper.right("Sampit, 10 Maret 2025")
    paper.flowing(
        "Kepada Yth. Kepala Bapperida di Sampit", "Bersama ini disampaikan keputusan untuk dipergunakan."
    )
    paper.add_page()
    paper.centred(
        "KEPUTUSAN BUPATI",
        f"NOMOR : {letter.other_number}",
        "TENTANG",
        "PEMBENTUKAN TIM LAIN",
        "DENGAN RAHMAT TUHAN YANG MAHA ESA",
    )
    paper.right("Ditetapkan di Sampit", f"pada tanggal {letter.other_date}")


def _minutes(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred("BERITA ACARA", f"NOMOR : {letter.set_number}", "TENTANG", letter.set_subject)
    paper.flowing(
        f"Pada hari ini, Selasa, tanggal empat bulan Maret ({letter.set_date}), kami yang hadir",
        "menyepakati hal-hal sebagaimana tersebut di bawah ini.",
    )


def _report(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred("LAPORAN PELAKSANAAN KEGIATAN", letter.set_subject, letter.office, "TAHUN 2025")
    paper.flowing(
        "A. Latar belakang",
        "Kegiatan ini dilaksanakan untuk menurunkan angka tengkes di kecamatan.",
        "B. Hasil",
        "Cakupan penimbangan naik dari 61 menjadi 84 persen pada akhir tahun.",
    )


def _attendance(paper: _Paper, letter: OfficialLetter) -> None:
    paper.centred("DAFTAR HADIR", letter.set_subject)
    paper.columns(
        ("No  Nama", "Tanda tangan"),
        ("1  Siti Aminah", "1 ........"),
        ("2  Budi Santoso", "2 ........"),
        ("3  Wati Lestari", "3 ........"),
        ("4  Tono Prasetyo", "4 ........"),
    )


def _scan(paper: _Paper, letter: OfficialLetter) -> None:
    paper.rect(20, 20, 170, 250)
    paper.centred("Scanned with CamScanner")


FORMS: Mapping[str, Callable[[_Paper, OfficialLetter], None]] = {
    "decree": _decree,
    "decree_with_attachment": _decree_with_attachment,
    "office_decree": _office_decree,
    "spaced_decree": _spaced_decree,
    "regulation": _regulation,
    "regional_regulation": _regional_regulation,
    "assignment": _assignment,
    "assignment_of_several": _assignment_of_several,
    "agreement": _agreement,
    "letter_of_office": _letter_of_office,
    "letter_in_columns": _letter_in_columns,
    "circular": _circular,
    "enclosing": _enclosing,
    "minutes": _minutes,
    "report": _report,
    "attendance": _attendance,
    "scan": _scan,
}
