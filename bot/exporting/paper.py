"""A page of paper: A4, headings, pairs and tables; whatever a person may type can be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from bot.exporting.paper_text import printable
from bot.exporting.row_pages import row_pages

FONT = "DejaVu"
FALLBACK = "STIX"  # has what DejaVu lacks of Latin and mathematics
MARGIN = 16.0  # mm
FOOT = MARGIN + 4  # mm at the foot that only the footer uses
SIZE, SMALL = 9.5, 8  # points
LINE, PADDING = 4.4, 1.0  # mm: of a line in a table, and around a cell's text
LINES_A_ROW = 24  # of a table; a longer cell goes on in a row of its own
GREY, SHADE = (110, 110, 110), (235, 238, 242)
Row = tuple[str, ...]


def _find_fonts() -> Path:
    """The folder of the fonts that come with matplotlib, found without importing it."""
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("matplotlib is not installed; its fonts are needed for printed sheets")
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


class Paper(FPDF):
    """An A4 document with a footer on every page."""

    def __init__(self, footer: str, *, page_words: str) -> None:
        """`footer` stands on every page; `page_words` takes n and all."""
        super().__init__(format="A4")
        self._footer, self._page_words = footer, page_words
        self.add_font(FONT, "", _find_fonts() / "DejaVuSans.ttf")
        self.add_font(FONT, "B", _find_fonts() / "DejaVuSans-Bold.ttf")
        self.add_font(FALLBACK, "", _find_fonts() / "STIXGeneral.ttf")
        self.set_fallback_fonts([FALLBACK], exact_match=False)
        self._code_points = frozenset().union(
            *(font.cmap for font in self.fonts.values() if isinstance(font, TTFFont))
        )
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, FOOT)
        self.set_font(FONT, "", SIZE)
        self.add_page()

    def _make_printable(self, text: str) -> str:
        return printable(text, code_points=self._code_points)

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(FONT, "", SMALL)
        self.set_text_color(*GREY)
        self.cell(0, 5, self._make_printable(self._footer))
        self.set_x(MARGIN)
        self.cell(0, 5, self._page_words.format(n=self.page_no(), all="{nb}"), align="R")
        self.set_text_color(0, 0, 0)
        self.set_font(FONT, "", SIZE)

    def head(self, text: str, under: str) -> None:
        self._write_paragraph(text, 7, style="B", size=15)
        self.set_text_color(*GREY)
        self._write_paragraph(under, 5)
        self.set_text_color(0, 0, 0)
        self.ln(2)

    def heading(self, text: str) -> None:
        """Begin a part, never alone at the foot of a page."""
        if self.will_page_break(24):
            self.add_page()
        self.ln(2)
        self._write_paragraph(text, 6, style="B", size=11)

    def pair(self, label: str, text: str) -> None:
        """Write a label and what stands there, below each other and never a label alone at the foot of a
        page.
        """
        if self.will_page_break(12):
            self.add_page()
        self._write_paragraph(label, 4.4, style="B", size=SMALL)
        self._write_paragraph(text, 4.8)
        self.ln(1.2)

    def _write_paragraph(self, text: str, height: float, *, style: str = "", size: float = SIZE) -> None:
        self.set_font(FONT, style, size)
        self.multi_cell(0, height, self._make_printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(FONT, "", SIZE)

    def lines(self, headings: Sequence[str], widths: Sequence[int], *, rows: Sequence[Sequence[str]]) -> None:
        """Write a table over as many pages as it needs; its heading stands on each.

        A cell longer than LINES_A_ROW goes on in the next row, and the last rows stay together.
        """
        self.set_font(FONT, "", SMALL)
        whole = self.epw / sum(widths)
        columns = [width * whole - 2 * PADDING for width in widths]
        top = tuple(self._make_printable(heading) for heading in headings)
        fitting = [part for row in rows for part in self._break_row(row, columns)]
        heights, head = [self._measure(row, columns) for row in fitting], self._measure(top, columns)
        full = self.h - FOOT - MARGIN - head
        for page, numbers in enumerate(row_pages(heights, first=self.h - FOOT - self.y - head, full=full)):
            if page:
                self.add_page()
                self.set_font(FONT, "", SMALL)
            if numbers or not fitting:
                self._write_block(top, widths, rows=[fitting[number] for number in numbers])
        self.set_font(FONT, "", SIZE)
        self.ln(1)

    def _write_block(self, top: Row, widths: Sequence[int], *, rows: Sequence[Row]) -> None:
        style = FontFace(emphasis="BOLD", fill_color=SHADE)
        with self.table(
            col_widths=tuple(widths),
            headings_style=style,
            line_height=LINE,
            padding=PADDING,
            text_align="LEFT",
            v_align="TOP",
            borders_layout="HORIZONTAL_LINES",
        ) as table:
            for row in (top, *rows):
                line = table.row()
                for text in row:
                    line.cell(text)

    def _wrap(self, text: str, width: float) -> list[str]:
        if not text:
            return [""]
        lines = self.multi_cell(width, LINE, text, dry_run=True, align="L", output=MethodReturnValue.LINES)
        return list(lines) if isinstance(lines, list) else [text]

    def _break_row(self, row: Sequence[str], columns: Sequence[float]) -> Iterator[Row]:
        """Break a row whose cells are longer than a row may be."""
        cells = [
            self._wrap(self._make_printable(text), width) for text, width in zip(row, columns, strict=True)
        ]
        for start in range(0, max(map(len, cells)), LINES_A_ROW):
            yield tuple("\n".join(cell[start : start + LINES_A_ROW]) for cell in cells)

    def _measure(self, row: Row, columns: Sequence[float]) -> float:
        lines = max(len(self._wrap(text, width)) for text, width in zip(row, columns, strict=True))
        return lines * LINE + 2 * PADDING
