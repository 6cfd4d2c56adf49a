"""What a file really is, whatever it calls itself."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bot.inbound.inspection import inspect
from tests.kit.files import docx, huge_png, jpg, locked_pdf, mp4, pdf, png

PDF, IMAGES, OFFICE, VIDEO = (
    frozenset({"pdf"}),
    frozenset({"jpg", "png"}),
    frozenset({"docx", "xlsx"}),
    frozenset({"mp4"}),
)


def zipped(members: dict[str, bytes], *, locked: bool = False) -> bytes:
    """A zip archive; `locked` marks its members as encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    raw = bytearray(out.getvalue())
    if locked:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = raw.find(mark)
            while at >= 0:
                raw[at + offset] |= 1
                at = raw.find(mark, at + 4)
    return bytes(raw)


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
MP4 = mp4()
EXE = b"MZ\x90\x00" + b"\0" * 800


@pytest.mark.parametrize(
    ("content", "name", "accepts", "kind"),
    [
        pytest.param(pdf(), "surat.pdf", PDF, "pdf", id="pdf"),
        pytest.param(pdf(), "surat", PDF, "pdf", id="pdf without an ending"),
        pytest.param(jpg(), "foto.JPEG", IMAGES, "jpg", id="jpg"),
        pytest.param(png(), "foto.png", IMAGES, "png", id="png"),
        pytest.param(docx(), "naskah.docx", OFFICE, "docx", id="docx"),
        pytest.param(MP4, "video.mp4", VIDEO, "mp4", id="mp4"),
    ],
)
def test_a_good_file_is_taken(
    tmp_path: Path, content: bytes, name: str, accepts: frozenset[str], kind: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = inspect(path, name=name, accepts=accepts)
    assert (found.kind, found.refusal) == (kind, "")


@pytest.mark.parametrize(
    ("content", "name", "accepts", "refusal"),
    [
        pytest.param(b"", "surat.pdf", PDF, "empty", id="empty"),
        pytest.param(locked_pdf(), "surat.pdf", PDF, "locked", id="locked pdf"),
        pytest.param(EXE, "surat.pdf", PDF, "liar", id="a program named pdf"),
        pytest.param(b"<html><script>1</script>", "surat.pdf", PDF, "liar", id="a page named pdf"),
        pytest.param(b"<svg onload='x'/>", "foto.jpg", IMAGES, "liar", id="a drawing named jpg"),
        pytest.param(docx(), "naskah.docx", PDF, "kind", id="an honest file of another kind"),
        pytest.param(pdf()[:200], "surat.pdf", PDF, "damaged", id="half a pdf"),
        pytest.param(jpg()[:12], "foto.jpg", IMAGES, "damaged", id="half a photo"),
        pytest.param(huge_png(), "foto.png", IMAGES, "bomb", id="an image that explodes"),
        pytest.param(
            zipped({**WORD, "word/x.xml": b"\0" * 50_000_000}),
            "a.docx",
            OFFICE,
            "bomb",
            id="an archive that explodes",
        ),
        pytest.param(zipped(WORD, locked=True), "a.docx", OFFICE, "locked", id="a locked archive"),
        pytest.param(zipped({**WORD, "word/vbaProject.bin": b"x"}), "a.docx", OFFICE, "liar", id="macros"),
        pytest.param(zipped({"a.txt": b"x"}), "a.zip", OFFICE, "kind", id="an archive"),
    ],
)
def test_each_bad_file_is_refused_for_its_own_reason(
    tmp_path: Path, content: bytes, name: str, accepts: frozenset[str], refusal: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert inspect(path, name=name, accepts=accepts).refusal == refusal
