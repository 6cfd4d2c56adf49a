"""What a file really is, by its content; decided without opening what could hurt."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ZIP_BYTES = 200_000_000  # of everything an archive holds once opened
ZIP_MEMBERS = 5_000
ZIP_RATIO = 200  # opened to packed
ZIP_DIRECTORY_BYTES = 2_000_000  # of an archive's list of members: reading it costs a multiple in memory
OLE_BYTES = 2_000_000  # of an old office file that are searched for its lock
BOXES = 10_000  # of a video's parts that are walked
PIXELS = 30_000_000  # of an image
TAIL_BYTES = 65_536  # where a PDF's trailer stands
_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_ENDINGS = {"jpeg": "jpg", "jpe": "jpg", "m4v": "mp4", "htm": "html"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The kind by content, and why it is refused; "" when it is not."""

    kind: str
    refusal: str = ""


def inspect(path: Path, *, name: str, mime: str, accepts: frozenset[str]) -> Inspection:
    """Look at a file; refusals are empty, damaged, locked, kind, liar and bomb."""
    if path.stat().st_size == 0:
        return Inspection("", "empty")
    kind = kind_of(path)
    claimed = _claimed(name)
    if kind not in accepts:
        lies = claimed in accepts
        return Inspection(kind, ("locked" if kind == "locked" else "liar") if lies else "kind")
    if claimed and claimed != kind and claimed in (*accepts, "exe", "html", "js", "svg"):
        return Inspection(kind, "liar")
    return Inspection(kind, _PARTS.get(kind, _nothing)(path))


def kind_of(path: Path) -> str:
    """Name the kind by content: pdf, jpg, png, mp4, docx …; "unknown" when it is none we know."""
    head = _start(path, 8192)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(_OLE):
        return "locked" if b"E\0n\0c\0r\0y\0p\0t" in _start(path, OLE_BYTES) else "ole"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    import filetype  # here: the start does not wait for it

    found = filetype.guess(head)
    return str(found.extension) if found is not None else "unknown"


def _start(path: Path, count: int) -> bytes:
    with path.open("rb") as opened:
        return opened.read(count)


def _claimed(name: str) -> str:
    ending = name.rsplit(".", 1)[-1].casefold() if "." in name else ""
    return _ENDINGS.get(ending, ending)


def _zip_kind(path: Path) -> str:
    if not _listable(path):
        return "zip"
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    if any(name.endswith("vbaProject.bin") for name in names):
        return "macro"
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "zip"


def _listable(path: Path) -> bool:
    """Whether an archive's list of members is of a size that may be read; its last record says so."""
    size = path.stat().st_size
    with path.open("rb") as opened:
        opened.seek(max(0, size - TAIL_BYTES))
        tail = opened.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return False
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    # a 64-bit record beside it would overrule this size, and nothing of 20 MB needs one
    return directory <= ZIP_DIRECTORY_BYTES and b"PK\x06\x07" not in tail[max(0, at - 20) : at]


def _pdf(path: Path) -> str:
    """A PDF has an end, a table, and no lock; read from its text, nothing is run."""
    content = path.read_bytes()
    tail = content[-TAIL_BYTES:]
    if b"startxref" not in tail or b"%%EOF" not in tail:
        return "damaged"
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", content) or re.search(rb"/Encrypt\s*<<", content):
        return "locked"
    return ""


def _image(path: Path) -> str:
    width, height = _dimensions(path)
    if not width or not height:
        return "damaged"
    return "bomb" if width * height > PIXELS else ""


def _dimensions(path: Path) -> tuple[int, int]:
    """Read width and height from the head, without decoding a pixel; (0, 0) when there are none."""
    head = _start(path, 262_144)
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    return _jpeg_dimensions(head)


def _jpeg_dimensions(head: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def _archive(path: Path) -> str:
    if not _listable(path):
        return "damaged"
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "damaged"
    if any(member.flag_bits & 1 for member in members):
        return "locked"
    opened, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if len(members) > ZIP_MEMBERS or opened > ZIP_BYTES or opened > ZIP_RATIO * max(packed, 1):
        return "bomb"
    return ""


def _video(path: Path) -> str:
    """A video has its table (moov) and its pictures (mdat), and no part reaches past its end."""
    size, at, found = path.stat().st_size, 0, set()
    with path.open("rb") as opened:
        for _ in range(BOXES):
            if at + 8 > size:
                break
            opened.seek(at)
            head = opened.read(16)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            length = length or size - at  # 0 reaches to the end
            if length < 8 or at + length > size:
                return "damaged"
            found.add(kind)
            at += length
    return "" if {b"moov", b"mdat"} <= found else "damaged"


def _nothing(path: Path) -> str:
    return ""


_PARTS: Mapping[str, Callable[[Path], str]] = {
    "pdf": _pdf,
    "jpg": _image,
    "png": _image,
    "mp4": _video,
    "docx": _archive,
    "xlsx": _archive,
    "pptx": _archive,
}
