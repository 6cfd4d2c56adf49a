"""Finds what a file really is by its content; `inspector` runs this in a process of its own."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.inbound.pdf_look import look_at_pdf

ZIP_BYTES = 200_000_000  # of everything an archive holds once opened
ZIP_MEMBERS = 5_000
ZIP_RATIO = 200  # opened to packed
ZIP_DIRECTORY_BYTES = 2_000_000  # of an archive's list of members: reading it costs a multiple in memory
OLE_BYTES = 2_000_000  # of an old office file that are searched for its lock
BOXES = 10_000  # of a video's parts that are walked
ZIP_SMALL_BYTES = 20_000_000  # opened; below this no ratio is suspicious: tables pack a hundredfold and more
PIXELS = 200_000_000  # of an image: phones take 108 million, nothing of ours decodes them
TAIL_BYTES = 65_536  # where an archive's last record stands
PDF_HEAD_BYTES = 1024  # readers look for the head of a PDF within these (ISO 32000, appendix H)
SEGMENTS = 2_000  # of a JPEG that are walked
ENDING_CHARS = 5
_FRAMES = frozenset(bytes([code]) for code in range(0xC0, 0xD0) if code not in (0xC4, 0xC8, 0xCC))
_PROGRAMS = frozenset(
    ("exe", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "js", "jar", "apk", "html", "svg", "hta", "lnk")
)
_CLIPS = frozenset({"mov", "3gp", "m4v", "avi", "mkv", "webm", "wmv", "mpg", "flv"})
_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_ENDINGS = {"jpeg": "jpg", "jpe": "jpg", "m4v": "mp4", "htm": "html"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The kind by content, and why it is refused; "" when it is not."""

    kind: str
    refusal: str = ""
    findings: tuple[str, ...] = ()  # what a reviewer should know: script, launch, embedded, not_all_read


def inspect(path: Path, *, name: str, accepts: frozenset[str]) -> Inspection:
    """Look at a file; refusals are empty, damaged, locked, kind, liar, as_video and bomb.

    A welcome kind under another ending is taken: people rename, and the file is kept under its true ending.
    The ending of a program, or a program under the ending of a paper, stays a lie.
    """
    if path.stat().st_size == 0:
        return Inspection("", "empty")
    kind, claimed = kind_of(path), _read_claimed(name)
    if kind not in accepts:
        return Inspection(kind, _name_refusal(kind, claimed, accepts=accepts))
    if claimed in _PROGRAMS:
        return Inspection(kind, "liar")
    if kind == "pdf":
        return Inspection(kind, *look_at_pdf(path))
    return Inspection(kind, _PARTS.get(kind, _find_nothing)(path))


def _name_refusal(kind: str, claimed: str, *, accepts: frozenset[str]) -> str:
    if kind in _CLIPS and "mp4" in accepts:
        return "as_video"
    if claimed not in accepts:
        return "kind"
    return "locked" if kind == "locked" else "liar"


def under_true_ending(name: str, kind: str) -> str:
    """Give a name the ending of its kind, unless it has it already; "berkas" becomes "berkas.pdf"."""
    if _read_claimed(name) == kind:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem if dot and stem and len(ending) <= ENDING_CHARS else name}.{kind}"


def kind_of(path: Path) -> str:
    """Name the kind by content: pdf, jpg, png, mp4, docx …; "unknown" when it is none we know."""
    head = _read_start(path, 8192)
    if head.startswith(_OLE):
        return "locked" if b"E\0n\0c\0r\0y\0p\0t" in _read_start(path, OLE_BYTES) else "ole"
    if head.startswith(b"PK\x03\x04"):
        return _name_zip(path)
    import filetype  # here: the start does not wait for it

    guess = filetype.guess(head)
    kind = str(guess.extension) if guess is not None else _name_clip(head)
    kind = "png" if kind == "apng" else kind  # an animated one is a PNG to every viewer
    before, mark, _ = head[:PDF_HEAD_BYTES].partition(b"%PDF-")
    # a page of the web, a script or a program that hides a PDF's head is what it begins with
    if kind in ("pdf", "unknown") and mark and not before.lstrip().startswith((b"<", b"#!", b"MZ")):
        return "pdf"
    return kind


def _name_clip(head: bytes) -> str:
    """Name a recording by the brand in its first box, where the library does not know it."""
    if head[4:8] != b"ftyp":
        return "unknown"
    brand = head[8:12]
    return "3gp" if brand.startswith((b"3gp", b"3g2")) else "unknown"


def _read_start(path: Path, count: int) -> bytes:
    with path.open("rb") as opened:
        return opened.read(count)


def _read_claimed(name: str) -> str:
    ending = name.rsplit(".", 1)[-1].casefold() if "." in name else ""
    return _ENDINGS.get(ending, ending)


def _name_zip(path: Path) -> str:
    if not _is_listable(path):
        return "zip"
    try:
        with zipfile.ZipFile(path) as archive:
            # some programs write Windows paths, or absolute ones; the office programs open them all
            names = [name.replace("\\", "/").lstrip("/") for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    if any(name.endswith("vbaProject.bin") for name in names):
        return "macro"
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "zip"


def _is_listable(path: Path) -> bool:
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


def _check_image(path: Path) -> str:
    from PIL import Image, UnidentifiedImageError  # here: the start does not wait for it

    Image.MAX_IMAGE_PIXELS = None  # our own bound follows
    if _count_png_pixels(path) > PIXELS:
        return "bomb"
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            width, height = image.size
            if width * height > PIXELS:
                return "bomb"
            image.verify()  # checksums of a PNG; no pixel is decoded
    except UnidentifiedImageError:
        width, height = _read_jpeg_dimensions(path)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError):
        return "damaged"
    if not width or not height or _is_cut_jpeg(path):
        return "damaged"
    return "bomb" if width * height > PIXELS else ""


def _is_cut_jpeg(path: Path) -> bool:
    """Whether a JPEG has no end behind its picture, as one that was cut on its way: half of it would be grey.

    The end of a thumbnail in its head is none, and what a phone writes behind the end does not matter.
    """
    with path.open("rb") as opened:
        if opened.read(2) != b"\xff\xd8":
            return False
        for _ in range(SEGMENTS):
            marker = opened.read(2)
            length = int.from_bytes(opened.read(2), "big")
            if marker[:1] != b"\xff" or length < 2:
                return False  # nothing we know how to walk: viewers decide
            if marker == b"\xff\xda":
                return b"\xff\xd9" not in opened.read()
            opened.seek(length - 2, 1)
    return False


def _count_png_pixels(path: Path) -> int:
    """Read the pixels a PNG says it has, also where nothing follows its head; 0 for anything else."""
    head = _read_start(path, 24)
    if not head.startswith(b"\x89PNG"):
        return 0
    return int.from_bytes(head[16:20], "big") * int.from_bytes(head[20:24], "big")


def _read_jpeg_dimensions(path: Path) -> tuple[int, int]:
    """Read width and height from a JPEG whose tables Pillow does not know, as viewers do; (0, 0) without a
    frame.
    """
    with path.open("rb") as opened:
        if opened.read(2) != b"\xff\xd8":
            return 0, 0
        for _ in range(SEGMENTS):
            marker = opened.read(1)
            if marker != b"\xff":
                return 0, 0
            while marker == b"\xff":  # fill bytes
                marker = opened.read(1)
            length = int.from_bytes(opened.read(2), "big")
            if marker in _FRAMES:
                frame = opened.read(5)
                return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
            if length < 2 or marker == b"\xda":
                return 0, 0
            opened.seek(length - 2, 1)
    return 0, 0


def _check_archive(path: Path) -> str:
    if not _is_listable(path):
        return "damaged"
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "damaged"
    if any(member.flag_bits & 1 for member in members):
        return "locked"
    opened, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    dense = opened > ZIP_SMALL_BYTES and opened > ZIP_RATIO * max(packed, 1)
    if len(members) > ZIP_MEMBERS or opened > ZIP_BYTES or dense:
        return "bomb"
    return ""


def _check_video(path: Path) -> str:
    """Name what is wrong with a video: it needs its table (moov) and its pictures (mdat), and no part may
    reach past its end.
    """
    size = path.stat().st_size
    at = 0
    boxes = set()
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
            boxes.add(kind)
            at += length
    return "" if {b"moov", b"mdat"} <= boxes else "damaged"


def _find_nothing(path: Path) -> str:
    return ""


_PARTS: Mapping[str, Callable[[Path], str]] = {
    "jpg": _check_image,
    "png": _check_image,
    "mp4": _check_video,
    "docx": _check_archive,
    "xlsx": _check_archive,
    "pptx": _check_archive,
}
