"""Reads scans and photographed papers as letters with tesseract, where it is installed; optional (OCR).

Runs inside the process that inspects files, under its limits of memory and time; tesseract gets the pixels
over a pipe and may write no file. Every page is read twice, in different sizes, and a part of the letter is
proposed only where both readings agree: a figure misread once is rarely misread alike.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bot.child_process import die_with_parent
from bot.inbound.pdf_look import open_pdf
from bot.inbound.picture_copy import eight_bits
from domain.message import LetterRead
from domain.reading.letter_text import read_letter_text

PROGRAM, LANGUAGE = "tesseract", "ind"
PACKAGES = "tesseract-ocr tesseract-ocr-ind"  # of Debian and Ubuntu
PAGES = 3  # a scanned decree is signed within these
PIXELS = 40_000_000  # of a page that is read: A4 at 600 dots an inch has 35 million
SIZES = (2000, 2600)  # pixels of the shorter side at the two readings: A4 at 240 and 315 dots an inch
PAGE_SECONDS = 30.0  # for one reading of one page, which takes about one; the limit of its work is inherited
CHARS = 20_000  # of all its text
_ONES = re.compile("1{2,}")


@cache
def is_installed() -> bool:
    """Whether tesseract and its Indonesian model are there; looked up once a process."""
    if shutil.which(PROGRAM) is None:
        return False
    listed = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, timeout=PAGE_SECONDS, check=False)
    return LANGUAGE in listed.stdout.decode(errors="replace").split()


def read_scan(path: Path, *, kind: str) -> LetterRead | None:
    """Read number, date and subject from the pixels of a PDF, JPEG or PNG; None where there is no letter, or
    tesseract is not installed.
    """
    if not is_installed():
        return None
    try:
        pages = list(_list_pages(path, kind=kind))
        first, second = (_read_letter(pages, size=size) for size in SIZES)
    except MemoryError:
        raise
    except Exception:  # the libraries raise whatever a broken picture makes them raise: nothing is proposed
        return None
    return agree(first, second) if first and second else None


def agree(first: LetterRead, second: LetterRead) -> LetterRead | None:
    """Keep the parts both readings have alike; None where nothing is left that is certain."""
    sure = first.number == second.number and not _may_be_misread(first.number)
    agreed = LetterRead(
        number=first.number if sure else "",
        date=first.date if first.date == second.date else "",
        subject=first.subject if first.subject == second.subject else "",
        is_letter=first.is_letter and second.is_letter,
        is_scanned=True,
    )
    return agreed if agreed.parts or not agreed.is_letter else None


def _may_be_misread(number: str) -> bool:
    """Whether a piece of a number mixes letters and figures, or has ones alone: II reads like I1 and 11."""
    pieces = [piece for piece in re.split(r"[^0-9A-Za-z]+", number) if piece]
    return any(not (piece.isdigit() or piece.isalpha()) or _ONES.fullmatch(piece) for piece in pieces)


def _list_pages(path: Path, *, kind: str) -> Iterator[Any]:
    """Yield the pictures of the first pages, upright and grey."""
    from PIL import Image, ImageOps

    if kind != "pdf":
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            if image.width * image.height <= PIXELS:
                yield eight_bits(ImageOps.exif_transpose(image)).convert("L")
        return
    reader = open_pdf(path)
    for page in reader.pages[:PAGES] if reader is not None else ():
        pictures = [picture.image for picture in page.images if picture.image is not None]
        if pictures:
            largest = max(pictures, key=lambda image: image.width * image.height)
            if largest.width * largest.height <= PIXELS:
                yield eight_bits(largest).convert("L").rotate(-page.rotation, expand=True)


def _read_letter(pages: list[Any], *, size: int) -> LetterRead | None:
    text = "\n".join(_read_page(page, size=size) for page in pages)[:CHARS]
    return read_letter_text(text)


def _read_page(page: Any, *, size: int) -> str:
    from PIL import Image

    scale = size / min(page.size)
    scaled = page.resize((round(page.width * scale), round(page.height * scale)), Image.Resampling.LANCZOS)
    pixels = io.BytesIO()
    scaled.save(pixels, "PPM")
    read = subprocess.run(
        [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--psm", "4"],
        input=pixels.getvalue(),
        capture_output=True,
        timeout=PAGE_SECONDS,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        preexec_fn=die_with_parent,
    )
    return read.stdout.decode(errors="replace")
