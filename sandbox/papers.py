"""Papers and pictures for practice: made by code, small, and each says that it is made up."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.draft.evidence import Letter, Piece
from domain.message import StoredFile
from domain.reading.partial_date import PartialDate, say_date
from domain.rules.indicators import Indicator

NO_LETTER = Letter()
NOTICE = "CONTOH - BUKAN DOKUMEN RESMI"
MADE = "Dibuat oleh program untuk ruang latihan."
PICTURE_SIZE = (320, 200)
GROUNDS = ((31, 78, 95), (84, 57, 33), (46, 84, 48), (90, 45, 72), (60, 60, 96))
PAPERS = ("anggaran", "profil_bisnis", "haki", "penghargaan")  # questions of the form that take a paper
LINK = "https://contoh.invalid/latihan/{name}"  # a name that leads nowhere, by RFC 2606


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as an office would have sent it."""

    name: str
    kind: str  # pdf or jpg
    content: bytes
    letter: Letter = NO_LETTER

    @property
    def sha256(self) -> str:
        """The hash it is kept by."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def path(self) -> str:
        """Where it lies under the evidence folder."""
        return f"{self.sha256[:2]}/{self.sha256[:32]}"

    @property
    def stored(self) -> StoredFile:
        """The file as the tables keep it."""
        return StoredFile(sha256=self.sha256, kind=self.kind, name=self.name, size=len(self.content))

    @property
    def piece(self) -> Piece:
        """The file as a piece of evidence."""
        return Piece(
            sha256=self.sha256, kind=self.kind, name=self.name, size=len(self.content), letter=self.letter
        )

    def put(self, folder: Path) -> None:
        """Lay it into the evidence folder."""
        target = folder / self.path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(self.content)


def write_letter(title: str, office: str, *, about: str, number: int, day: date) -> Paper:
    """Write a letter of one page that has a number, a date and a subject."""
    subject = f"{about}: {title}"
    letter = Letter(f"{number:03d}/CONTOH/{day.year}", day.isoformat(), subject)
    lines = (
        NOTICE,
        MADE,
        "",
        office,
        f"Nomor: {letter.number}",
        f"Tanggal: {say_date(PartialDate(day), 'id')}",
        "",
        about,
    )
    name = f"contoh-{number:03d}-{_shorten(about)}.pdf"
    return Paper(name, "pdf", _make_pdf((*lines, title)), letter)


def draw_picture(title: str, office: str, *, about: str, number: int) -> Paper:
    """Draw a picture that says what a photo would show."""
    from PIL import Image, ImageDraw, ImageFont  # at each start but the first nothing is drawn

    image = Image.new("RGB", PICTURE_SIZE, GROUNDS[number % len(GROUNDS)])
    pen, font = ImageDraw.Draw(image), ImageFont.load_default()
    width, height = PICTURE_SIZE
    pen.rectangle((12, 12, width - 13, height - 13), outline="white")
    for row, line in enumerate((NOTICE, MADE, "", title, office, about[:48], f"Foto {number}")):
        pen.text((24, 24 + 20 * row), line, fill="white", font=font)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=60)
    return Paper(f"contoh-{number:03d}-{_shorten(about)}.jpg", "jpg", content.getvalue())


def make_link(title: str) -> Piece:
    """Make a link that leads nowhere, such as a video would have."""
    return Piece(url=LINK.format(name=_shorten(title)))


class EvidenceFolder:
    """Makes what one innovation has to show; no two papers are alike."""

    def __init__(self, title: str, office: str, *, first: int) -> None:
        """`first` is the number of the first paper."""
        self._title, self._office = title, office
        self._first = first
        self.papers: list[Paper] = []

    def attach(self, day: date) -> dict[str, list[Piece]]:
        """Make what the form asks for, by question: papers, a picture and a link."""
        attached = {question: [self._write(f"Lampiran {question}", day)] for question in PAPERS}
        return {**attached, "foto": [self._draw("Foto kegiatan")], "video": [make_link(self._title)]}

    def prove(self, indicator: Indicator, day: date) -> Piece:
        """Make a piece of evidence of the first kind an indicator takes."""
        kind = indicator.accepts({})[0]
        if kind == "mp4":
            return make_link(self._title)
        about = indicator.name.id
        return self._write(about, day) if kind == "pdf" else self._draw(about)

    def _write(self, about: str, day: date) -> Piece:
        number = self._first + len(self.papers)
        return self._keep(write_letter(self._title, self._office, about=about, number=number, day=day))

    def _draw(self, about: str) -> Piece:
        number = self._first + len(self.papers)
        return self._keep(draw_picture(self._title, self._office, about=about, number=number))

    def _keep(self, paper: Paper) -> Piece:
        self.papers.append(paper)
        return paper.piece


def _shorten(text: str) -> str:
    """Make a short name for a file."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())[:40]


def _make_pdf(lines: Sequence[str]) -> bytes:
    """Make the smallest PDF a reader opens: one page of text."""
    shown = " T* ".join(f"({_escape(line)}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td {shown} ET".encode("latin-1", "replace")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start, count = len(out), len(bodies) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
