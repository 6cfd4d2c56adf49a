"""Files the tests make: real ones, and ones that must be refused."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pypdf import PdfReader

from tests.kit.lists import sent
from tests.kit.official_letters import letter_named, letter_pdf


def pdf(text: str = "contoh") -> bytes:
    """The smallest PDF a reader opens, one page."""
    stream = f"BT /F1 12 Tf 20 20 Td ({text}) Tj ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    return _pdf_of(bodies, b"")


def locked_pdf() -> bytes:
    """A PDF whose trailer says it is encrypted with a password of its owner."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >>",
    ]
    return _pdf_of(bodies, b" /Encrypt 3 0 R /ID [<41> <41>]")


def _pdf_of(bodies: list[bytes], trailer: bytes) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(out), len(bodies) + 1
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, start)


@cache
def large_photo() -> bytes:
    """A photo as a phone keeps it, sent as a document: 4 million pixels of more than 2 MB, lying on its side,
    with location and camera in its head.
    """
    from PIL import Image

    noise = Image.frombytes("L", (1200, 900), random.Random(3).randbytes(1200 * 900))  # the same in each run
    image = noise.resize((2400, 1800), Image.Resampling.BICUBIC).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera Contoh"  # Orientation, Make
    exif.get_ifd(0x8825)[1] = "S"  # GPSLatitudeRef
    written = io.BytesIO()
    image.save(written, "JPEG", quality=92, exif=exif)
    return written.getvalue()


def png(width: int = 4, height: int = 4) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpg() -> bytes:
    """The head of a small JPEG with its size, enough to be one by content."""
    frame = struct.pack(">BHHBBBB", 8, 16, 16, 1, 1, 0x11, 0)
    jfif = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + jfif + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


BEHIND = b"\n-- behind the picture --\n"


def scanned_photo(name: str) -> bytes:
    """A photo of a letter: the letter's text stands behind the picture, for who reads without tesseract."""
    reader = PdfReader(io.BytesIO(letter_pdf(letter_named(name))))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return jpg() + BEHIND + text.encode()


def mp4() -> bytes:
    """The smallest video: its brand, an empty table, a few bytes of pictures."""

    def box(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data) + 8) + kind + data

    return box(b"ftyp", b"isom\0\0\2\0isomiso2") + box(b"moov", b"\0" * 16) + box(b"mdat", b"\0" * 64)


def docx() -> bytes:
    """A word-processor file as the office programs write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


def zip_of(size: int = 30) -> bytes:
    """An archive of text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("isi.txt", b"0" * size)
    return out.getvalue()


def huge_png() -> bytes:
    """A PNG of a few bytes that says it has 400 million pixels."""
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk


def locked_docx() -> bytes:
    """An office file with a password: the old container with a stream that says so."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 512
    )


def made(kind: str, rest: list[str]) -> tuple[bytes, str, dict[str, Any]]:
    """Make the file a transcript names: content, name, and how it is sent."""
    name = rest[0] if rest else f"{kind}.bin"
    mime = "application/pdf" if name.endswith(".pdf") else "application/octet-stream"
    text = rest[1] if len(rest) > 1 else "contoh"
    makers: Mapping[str, Callable[[], bytes]] = {
        "pdf": lambda: pdf(text),
        "kunci": locked_pdf,
        "kosong": lambda: b"",
        "exe": lambda: b"MZ\x90\x00" + b"\0" * 200 + b"PE\0\0" + b"\0" * 400,
        "rusak": lambda: b"%PDF-1.4\n" + b"\0" * 40,
        "docx": docx,
        "foto": jpg,
        "fotobesar": large_photo,
        "png": png,
        "mp4": mp4,
        "zip": zip_of,
        "raksasa": huge_png,
        "potong": lambda: mp4()[:-20],
        "kuncidocx": locked_docx,
        "besar": pdf,
        "gif": lambda: b"GIF89a" + b"\x10\x00\x10\x00\x00\x00\x00;",
        "daftar": lambda: sent(name),
        "pindaian": lambda: scanned_photo(text),
        "surat": lambda: letter_pdf(letter_named(text)),
    }
    content = makers[kind]()
    more: dict[str, Any] = {"mime": mime}
    if kind == "besar":
        more["size"] = 25_000_000
    if kind == "fotobesar":
        more["mime"] = "image/jpeg"
    if kind in ("foto", "pindaian"):
        more["mime"], more["kind"] = "image/jpeg", "photo"
    return content, name, more
