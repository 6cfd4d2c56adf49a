"""Letters of offices as scans and photos: drawn as pixels, slightly turned, with the noise of a scanner."""

from __future__ import annotations

import io
import random
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.kit.official_letters import FORMS, OfficialLetter

DPI = 200
MM = DPI / 25.4
WIDTH, HEIGHT = round(210 * MM), round(297 * MM)
LEFT, TOP, LINE = 25.0, 20.0, 6.0  # millimetres
POINTS = 11
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "STIXGeneral.ttf"


class _Page:
    """What a form sets on, drawn as pixels: the same moves as a printed paper has."""

    def __init__(self) -> None:
        self.font = ImageFont.truetype(str(FONT), round(POINTS * DPI / 72))
        self.pages: list[Image.Image] = []
        self.add_page()

    def add_page(self) -> None:
        self.pages.append(Image.new("L", (WIDTH, HEIGHT), 255))
        self.draw, self.at = ImageDraw.Draw(self.pages[-1]), TOP

    def centred(self, *lines: str) -> None:
        for line in lines:
            for part in self._break(line, 160):
                wide = self.draw.textlength(part, font=self.font)
                self._write((WIDTH - wide) / 2, part)

    def flowing(self, *lines: str) -> None:
        for line in lines:
            for part in self._break(line, 160):
                self._write(LEFT * MM, part)

    def right(self, *lines: str) -> None:
        for line in lines:
            for part in self._break(line, 70):
                self._write(115 * MM, part)

    def columns(self, *rows: tuple[str, str]) -> None:
        for left, right in rows:
            self.draw.text((LEFT * MM, self.at * MM), left, font=self.font, fill=20)
            self._write((LEFT + 95) * MM, right)

    def rect(self, *sides: float) -> None:
        x, y, wide, high = (side * MM for side in sides)
        self.draw.rectangle((x, y, x + wide, y + high), outline=60, width=3)

    def _write(self, x: float, text: str) -> None:
        self.draw.text((x, self.at * MM), text, font=self.font, fill=20)
        self.at += LINE

    def _break(self, text: str, millimetres: float) -> list[str]:
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip() if lines[-1] else word
            if lines[-1] and self.draw.textlength(longer, font=self.font) > millimetres * MM:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


def letter_pages(letter: OfficialLetter, *, seed: int) -> list[Image.Image]:
    """Draw a letter and degrade its pages: turned by up to a degree, blurred, grey, with noise."""
    chance, page = random.Random(seed), _Page()
    FORMS[letter.form](page, letter)  # type: ignore[arg-type]
    return [_degrade(image, chance) for image in page.pages]


def _degrade(image: Image.Image, chance: random.Random) -> Image.Image:
    turned = image.rotate(chance.uniform(-1.0, 1.0), resample=Image.Resampling.BICUBIC, fillcolor=255)
    blurred = turned.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 0.9)))
    noise = Image.frombytes("L", blurred.size, chance.randbytes(blurred.width * blurred.height))
    return Image.blend(blurred, noise, chance.uniform(0.05, 0.15))


def scan_pdf(letter: OfficialLetter, *, seed: int = 0) -> bytes:
    """The scan as scanners write it: a PDF with one picture on each page."""
    first, *others = letter_pages(letter, seed=seed)
    written = io.BytesIO()
    first.save(written, "PDF", resolution=DPI, save_all=True, append_images=others)
    return written.getvalue()


def letter_photo(letter: OfficialLetter, *, seed: int = 0) -> bytes:
    """The first page as a phone sends it."""
    written = io.BytesIO()
    letter_pages(letter, seed=seed)[0].convert("RGB").save(written, "JPEG", quality=70)
    return written.getvalue()
