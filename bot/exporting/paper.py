"""A page of paper: A4, one font that knows every letter of ours, headings, lines and tables."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

FONT = "DejaVu"
MARGIN = 16  # mm
SIZE, SMALL = 9.5, 8  # points
GREY = (110, 110, 110)


def _fonts() -> Path:
    """The folder of the fonts that come with matplotlib, found without importing it."""
    found = find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("matplotlib is not installed; its fonts are needed for printed sheets")
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


class Paper(FPDF):
    """An A4 document with a footer on every page."""

    def __init__(self, footer: str, *, page_words: str) -> None:
        """`footer` stands on every page; `page_words` takes n and all."""
        super().__init__(format="A4")
        self._footer, self._page_words = footer, page_words
        self.add_font(FONT, "", _fonts() / "DejaVuSans.ttf")
        self.add_font(FONT, "B", _fonts() / "DejaVuSans-Bold.ttf")
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + 4)
        self.set_font(FONT, "", SIZE)
        self.add_page()

    def footer(self) -> None:
        """Say what this is, and the page."""
        self.set_y(-MARGIN)
        self.set_font(FONT, "", SMALL)
        self.set_text_color(*GREY)
        self.cell(0, 5, printable(self._footer))
        self.set_x(MARGIN)
        self.cell(0, 5, self._page_words.format(n=self.page_no(), all="{nb}"), align="R")
        self.set_text_color(0, 0, 0)
        self.set_font(FONT, "", SIZE)

    def head(self, text: str, under: str) -> None:
        """Head the document."""
        self.set_font(FONT, "B", 15)
        self.multi_cell(0, 7, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(FONT, "", SIZE)
        self.set_text_color(*GREY)
        self.multi_cell(0, 5, printable(under), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(0, 0, 0)
        self.ln(2)

    def heading(self, text: str) -> None:
        """Begin a part, never alone at the foot of a page."""
        if self.will_page_break(24):
            self.add_page()
        self.ln(2)
        self.set_font(FONT, "B", 11)
        self.multi_cell(0, 6, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(FONT, "", SIZE)

    def pair(self, label: str, text: str) -> None:
        """Write a label and what stands there, below each other and never a label alone at the foot of a page."""
        if self.will_page_break(12):
            self.add_page()
        self.set_font(FONT, "B", SMALL)
        self.multi_cell(0, 4.4, printable(label), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(FONT, "", SIZE)
        self.multi_cell(0, 4.8, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1.2)

    def lines(self, headings: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """Write a table; its heading comes again on every page."""
        self.set_font(FONT, "", SMALL)
        bold = FontFace(emphasis="BOLD", fill_color=(235, 238, 242))
        with self.table(col_widths=tuple(widths), headings_style=bold, line_height=4.4, padding=1,
                        text_align="LEFT", borders_layout="HORIZONTAL_LINES") as table:  # fmt: skip
            for row in (headings, *rows):
                line = table.row()
                for text in row:
                    line.cell(printable(text))
        self.set_font(FONT, "", SIZE)
        self.ln(1)


def printable(text: str) -> str:
    """Leave out what the font has no picture for (emoji), rather than print boxes."""
    return "".join(
        c for c in text if c == "\n" or (c.isprintable() and ord(c) < 0x10000 and not 0xD800 <= ord(c) < 0xE000)
    )
