"""A table of files as people and programs make them, by the libraries: good, odd but fine, and bad."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from bot.inbound.inspection import PIXELS, inspect, under_true_ending
from bot.inbound.inspector import Inspector
from tests.kit import files

ALL = frozenset({"pdf", "jpg", "png", "docx", "xlsx", "pptx", "mp4"})
PAPER = frozenset({"pdf", "docx", "xlsx"})
Make = Callable[[], bytes]


def pdf(change: Callable[[PdfWriter], object] = lambda writer: None, *, pages: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    change(writer)
    writer.write(out)
    return out.getvalue()


def encrypted(user: str, algorithm: str) -> bytes:
    return pdf(lambda writer: writer.encrypt(user, "pemilik", algorithm=algorithm))


def opening(action: str, key: str, value: str) -> bytes:
    """A PDF that does something when it is opened."""
    does = DictionaryObject({NameObject("/S"): NameObject(action), NameObject(key): TextStringObject(value)})
    return pdf(lambda writer: writer.root_object.__setitem__(NameObject("/OpenAction"), does))


@cache
def picture(kind: str, mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, kind, **how)
    return out.getvalue()


def photo(**how: object) -> bytes:
    """A JPEG as a phone writes it: with a thumbnail in its head that has an end of its own."""
    out, thumbnail = io.BytesIO(), picture("JPEG")
    head = b"Exif\x00\x00" + thumbnail
    noise = Image.effect_noise((400, 300), 60)
    noise.save(out, "JPEG", exif=head, **how)
    return out.getvalue()


def animated(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame says another size: what a head reader sees of a photo of so many pixels."""
    raw = bytearray(picture("JPEG"))
    at = raw.index(b"\xff\xc0")
    raw[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(raw)


def png_of(width: int, height: int) -> bytes:
    raw = bytearray(picture("PNG"))
    raw[16:24] = struct.pack(">II", width, height)
    raw[29:33] = struct.pack(">I", zlib.crc32(raw[12:29]))
    return bytes(raw)


def after_start(raw: bytes, more: bytes) -> bytes:
    return raw[:2] + more + raw[2:]


def app_segments(count: int) -> bytes:
    return (b"\xff\xe2" + struct.pack(">H", 65_535) + b"\0" * 65_533) * count


def png_with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "dipindai " * 500)
    return picture("PNG", pnginfo=info)


def office(
    folder: str = "word",
    *,
    rename: Callable[[str], str] = lambda name: name,
    more: dict[str, bytes] | None = None,
) -> bytes:
    members = {
        "[Content_Types].xml": b"<Types/>",
        f"{folder}/document.xml": b"<document/>",
        "_rels/.rels": b"<r/>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, **(more or {})}.items():
            entry = zipfile.ZipInfo()
            entry.filename = name if name.startswith("[") else rename(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def clip(brand: bytes) -> bytes:
    return files.mp4().replace(b"isom", brand).replace(b"iso2", brand)


FINE: dict[str, tuple[Make, str, str]] = {  # how it is made, its name, its kind
    "pdf": (pdf, "a.pdf", "pdf"),
    "pdf of 300 pages": (lambda: pdf(pages=300), "a.pdf", "pdf"),
    "pdf in capitals": (pdf, "A.PDF", "pdf"),
    "pdf without an ending": (pdf, "surat", "pdf"),
    "pdf of our own": (files.pdf, "a.pdf", "pdf"),
    "owner password, RC4": (lambda: encrypted("", "RC4-128"), "a.pdf", "pdf"),
    "owner password, AES-128": (lambda: encrypted("", "AES-128"), "a.pdf", "pdf"),
    "owner password, AES-256": (lambda: encrypted("", "AES-256"), "a.pdf", "pdf"),
    "line break before the head": (lambda: b"\r\n" + pdf(), "a.pdf", "pdf"),
    "mark of UTF-8 before the head": (lambda: b"\xef\xbb\xbf" + pdf(), "a.pdf", "pdf"),
    "500 bytes before the head": (lambda: b"X-Printer: 1\n" * 40 + pdf(), "a.pdf", "pdf"),
    "zeros behind the end": (lambda: pdf() + b"\0" * 4096, "a.pdf", "pdf"),
    "many zeros behind the end": (lambda: pdf() + b"\0" * 200_000, "a.pdf", "pdf"),
    "without its last line": (lambda: pdf().replace(b"%%EOF", b""), "a.pdf", "pdf"),
    "cut in its last line": (lambda: pdf().rstrip()[:-2], "a.pdf", "pdf"),
    "line breaks behind the end": (lambda: pdf() + b"\r\n" * 50, "a.pdf", "pdf"),
    "jpeg": (lambda: picture("JPEG"), "a.jpg", "jpg"),
    "progressive jpeg": (lambda: picture("JPEG", progressive=True), "a.jpeg", "jpg"),
    "grey jpeg": (lambda: picture("JPEG", "L"), "a.jpg", "jpg"),
    "cmyk jpeg": (lambda: picture("JPEG", "CMYK"), "a.jpg", "jpg"),
    "photo of a phone": (photo, "a.jpg", "jpg"),
    "photo with a film behind it": (lambda: photo() + files.mp4(), "a.jpg", "jpg"),
    "animated png": (lambda: animated("PNG"), "a.png", "png"),
    "png of 16 bits": (lambda: picture("PNG", "I;16"), "a.png", "png"),
    "jpeg with a comment": (lambda: picture("JPEG", comment=b"scan"), "a.JPE", "jpg"),
    "jpeg of 48 megapixels": (lambda: jpeg_of(8000, 6000), "a.jpg", "jpg"),
    "jpeg of 108 megapixels": (lambda: jpeg_of(12_000, 9000), "a.jpg", "jpg"),
    "jpeg of 200 megapixels": (lambda: jpeg_of(16_320, 12_240), "a.jpg", "jpg"),
    "A4 at 600 dpi": (lambda: jpeg_of(4960, 7016), "a.jpg", "jpg"),
    "A4 at 600 dpi, png": (lambda: picture("PNG", "1"), "a.png", "png"),
    "large APP segments": (lambda: after_start(picture("JPEG"), app_segments(8)), "a.jpg", "jpg"),
    "fill bytes": (lambda: after_start(picture("JPEG"), b"\xff" * 7), "a.jpg", "jpg"),
    "bytes behind a jpeg": (lambda: picture("JPEG") + b"\0" * 900, "a.jpg", "jpg"),
    "tables pillow does not know": (files.jpg, "a.jpg", "jpg"),
    "png": (lambda: picture("PNG"), "a.png", "png"),
    "png with a palette": (lambda: picture("PNG", "P"), "a.png", "png"),
    "png with transparency": (lambda: picture("PNG", "RGBA"), "a.png", "png"),
    "png with a long text": (png_with_text, "a.png", "png"),
    "jpeg called png": (lambda: picture("JPEG"), "a.png", "jpg"),
    "png called jpg": (lambda: picture("PNG"), "a.jpg", "png"),
    "photo called pdf": (lambda: picture("JPEG"), "a.pdf", "jpg"),
    "pdf called jpg": (pdf, "a.jpg", "pdf"),
    "pdf called docx": (pdf, "a.docx", "pdf"),
    "docx called pdf": (office, "a.pdf", "docx"),
    "docx": (office, "a.docx", "docx"),
    "docx called doc": (office, "a.doc", "docx"),
    "xlsx": (lambda: office("xl"), "a.xlsx", "xlsx"),
    "pptx": (lambda: office("ppt"), "a.pptx", "pptx"),
    "entries with backslashes": (
        lambda: office(rename=lambda name: name.replace("/", "\\")),
        "a.docx",
        "docx",
    ),
    "entries from the root": (lambda: office(rename=lambda name: f"/{name}"), "a.docx", "docx"),
    "bytes behind an archive": (lambda: office() + b"\0" * 100, "a.docx", "docx"),
    "a dense table": (lambda: office("xl", more={"xl/s.xml": b"<c/>" * 3_000_000}), "a.xlsx", "xlsx"),
    "mp4": (files.mp4, "a.mp4", "mp4"),
    "mp4 of another brand": (lambda: clip(b"mp42"), "a.mp4", "mp4"),
    "mp4 called mov": (files.mp4, "a.mov", "mp4"),
}

BAD: dict[str, tuple[Make, str, str]] = {  # how it is made, its name, why it is refused
    "nothing": (lambda: b"", "a.pdf", "empty"),
    "user password, RC4": (lambda: encrypted("rahasia", "RC4-128"), "a.pdf", "locked"),
    "user password, AES-128": (lambda: encrypted("rahasia", "AES-128"), "a.pdf", "locked"),
    "user password, AES-256": (lambda: encrypted("rahasia", "AES-256"), "a.pdf", "locked"),
    "half a pdf": (lambda: pdf()[:150], "a.pdf", "damaged"),
    "most of a pdf": (lambda: (raw := pdf(pages=40))[: len(raw) * 3 // 4], "a.pdf", "damaged"),
    "head of a pdf and zeros": (lambda: b"%PDF-1.4\n" + b"\0" * 4000, "a.pdf", "damaged"),
    "pdf without a page": (lambda: pdf(pages=0), "a.pdf", "damaged"),
    "program called pdf": (lambda: b"MZ\x90\0" + b"\0" * 600, "a.pdf", "liar"),
    "program that carries a pdf": (lambda: b"MZ\x90\0" + b"\0" * 60 + pdf(), "a.pdf", "liar"),
    "page that carries a pdf": (lambda: b"<html><script>1</script>\n" + pdf(), "a.pdf", "liar"),
    "elf called docx": (lambda: b"\x7fELF" + b"\0" * 600, "a.docx", "liar"),
    "script called pdf": (lambda: b"#!/bin/sh\n" + pdf(), "a.pdf", "liar"),
    "pdf called exe": (pdf, "a.exe", "liar"),
    "pdf called html": (pdf, "a.html", "liar"),
    "picture called svg": (lambda: picture("PNG"), "a.svg", "liar"),
    "half a jpeg": (lambda: picture("JPEG")[:12], "a.jpg", "damaged"),
    "png with a broken chunk": (lambda: picture("PNG")[:-20] + b"\1" * 20, "a.png", "damaged"),
    "photo cut in half": (lambda: photo()[: len(photo()) // 2], "a.jpg", "damaged"),
    "photo without its last part": (lambda: photo()[:-900], "a.jpg", "damaged"),
    "progressive photo, cut": (lambda: photo(progressive=True)[:-900], "a.jpg", "damaged"),
    "animated gif": (lambda: animated("GIF"), "a.gif", "kind"),
    "webp": (lambda: picture("WEBP"), "a.webp", "kind"),
    "jpeg of 4 billion pixels": (lambda: jpeg_of(65_500, 65_500), "a.jpg", "bomb"),
    "png of 400 megapixels": (lambda: png_of(20_000, 20_000), "a.png", "bomb"),
    "archive that explodes": (lambda: office(more={"word/x.xml": b"\0" * 50_000_000}), "a.docx", "bomb"),
    "macros": (lambda: office(more={"word/vbaProject.bin": b"x"}), "a.docx", "liar"),
    "macros with backslashes": (lambda: office(more={"word\\vbaProject.bin": b"x"}), "a.docx", "liar"),
    "locked docx": (files.locked_docx, "a.docx", "locked"),
    "zip": (files.zip_of, "a.zip", "kind"),
    "zip called docx": (files.zip_of, "a.docx", "liar"),
    "mov": (lambda: clip(b"qt  "), "a.mov", "as_video"),
    "3gp": (lambda: clip(b"3gp4"), "a.3gp", "as_video"),
    "half an mp4": (lambda: files.mp4()[:-20], "a.mp4", "damaged"),
    "gif": (lambda: picture("GIF", "P"), "a.gif", "kind"),
    "gif called jpg": (lambda: picture("GIF", "P"), "a.jpg", "liar"),
}


def packed_pdf(data: bytes, first: int, *, objects: int) -> bytes:
    """A PDF of one page beside a stream that packs so many objects: a few bytes that open to many."""
    out, starts = io.BytesIO(b"%PDF-1.7\n"), {}
    out.seek(0, io.SEEK_END)
    z = zlib.compress(data, 9)
    for number, body in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
            % (objects, first, len(z), z),
        ),
        1,
    ):
        starts[number] = out.tell()
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    starts[5] = out.tell()
    rows = [b"\0" * 7, *(struct.pack(">BIH", 1, starts[number], 0) for number in range(1, 6))]
    rows += [struct.pack(">BIH", 2, 4, index) for index in range(objects)]
    table = b"".join(rows)
    head = b"<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Length %d>>" % (len(rows), len(table))
    out.write(
        b"5 0 obj\n%bstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, table, starts[5])
    )
    return out.getvalue()


def slow_pdf() -> bytes:
    """Its one object is a text of three million letters, each written as a number."""
    return packed_pdf(b"6 0 \n<" + b"41 " * 3_000_000 + b">", 5, objects=1)


def fat_pdf() -> bytes:
    """Its one object is a text of 70 MB."""
    return packed_pdf(b"6 0 \n(" + b"A" * 70_000_000 + b")", 5, objects=1)


def lay(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("case", FINE)
def test_what_programs_write_and_people_rename_is_taken(tmp_path: Path, case: str) -> None:
    make, name, kind = FINE[case]
    found = inspect(lay(tmp_path, make()), name=name, accepts=ALL)
    assert (found.kind, found.refusal, found.findings) == (kind, "", ())


@pytest.mark.parametrize("case", BAD)
def test_what_is_bad_keeps_its_own_reason(tmp_path: Path, case: str) -> None:
    make, name, refusal = BAD[case]
    assert inspect(lay(tmp_path, make()), name=name, accepts=ALL).refusal == refusal


@pytest.mark.parametrize(
    ("make", "findings"),
    [
        (lambda: opening("/JavaScript", "/JS", "app.alert(1)"), ("script",)),
        (lambda: opening("/Launch", "/F", "cmd.exe"), ("launch",)),
        (lambda: pdf(lambda writer: writer.add_attachment("a.exe", b"MZ")), ("embedded",)),
    ],
)
def test_a_pdf_that_acts_is_taken_and_marked(tmp_path: Path, make: Make, findings: tuple[str, ...]) -> None:
    found = inspect(lay(tmp_path, make()), name="a.pdf", accepts=PAPER)
    assert (found.refusal, set(findings) <= set(found.findings)) == ("", True)


def test_a_clip_where_no_video_is_asked_for_is_another_kind(tmp_path: Path) -> None:
    assert inspect(lay(tmp_path, clip(b"qt  ")), name="a.mov", accepts=PAPER).refusal == "kind"


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("surat.pdf", "jpg", "surat.jpg"),
        ("foto.JPEG", "jpg", "foto.JPEG"),
        ("surat", "pdf", "surat.pdf"),
        ("No. 5/Kep", "pdf", "No. 5/Kep.pdf"),
        (".pdf", "jpg", ".pdf.jpg"),
    ],
)
def test_a_file_is_kept_under_its_true_ending(name: str, kind: str, kept: str) -> None:
    assert under_true_ending(name, kind) == kept


def test_a_pdf_whose_parts_cannot_all_be_read_is_marked(tmp_path: Path) -> None:
    """A script may stand where the library gives up and a program of the reader does not."""
    endless = packed_pdf(b"6 0 \n[" + b"0 " * 200_000 + b"]", 5, objects=1)
    found = inspect(lay(tmp_path, endless), name="a.pdf", accepts=PAPER)
    assert (found.kind, found.refusal, found.findings) == ("pdf", "", ("not_all_read",))


async def test_a_file_that_kills_its_process_costs_nobody_else(tmp_path: Path) -> None:
    """A process that was killed is started anew; one that takes too long is ended and its file refused."""
    path = lay(tmp_path, pdf())
    inspector = Inspector(at_once=1)
    try:
        assert (await inspector.inspect(path, name="a.pdf", accepts=PAPER)).kind == "pdf"
        (process,) = inspector._warm
        process.kill()
        await process.wait()
        assert (await inspector.inspect(path, name="a.pdf", accepts=PAPER)).refusal == ""
    finally:
        await inspector.close()
    hasty = Inspector(seconds=0.001)
    try:
        assert (await hasty.inspect(path, name="a.pdf", accepts=PAPER)).refusal == "bomb"
    finally:
        await hasty.close()
    assert PIXELS >= 108_000_000


@pytest.mark.serial
@pytest.mark.parametrize(
    ("hostile", "limits"),
    [(slow_pdf, {"cpu_seconds": 1}), (fat_pdf, {"memory_bytes": 230_000_000})],
    ids=["time", "memory"],
)
async def test_a_file_that_exhausts_its_process_is_refused_and_the_next_is_read(
    tmp_path: Path, hostile: Make, limits: dict[str, int]
) -> None:
    inspector = Inspector(at_once=1, **limits)
    try:
        assert (await inspector.inspect(lay(tmp_path, pdf()), name="a.pdf", accepts=PAPER)).refusal == ""
        (process,) = inspector._warm
        found = await inspector.inspect(lay(tmp_path, hostile()), name="a.pdf", accepts=PAPER)
        assert found.refusal == "bomb"
        assert await process.wait() != 0
        assert (await inspector.inspect(lay(tmp_path, pdf()), name="a.pdf", accepts=PAPER)).refusal == ""
    finally:
        await inspector.close()
