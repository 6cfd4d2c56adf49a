"""The workbook: offices, innovations, indicators, evidence and scores; opens rightly in Excel and
LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from bot.exporting.columns import Cell, Style, innovation_columns
from bot.exporting.evidence import Exported, pieces
from bot.exporting.facts import Counted, ExportFacts, whole
from bot.exporting.period_summary import PeriodStanding, period_columns, standings
from domain.draft.file_findings import finding_words
from domain.draft.letter_words import say_part
from domain.reading.dates import PartialDate
from domain.rules.indicators import IndicatorSet
from domain.texts import Say
from storage import export_records
from storage.engine.transaction import Transaction
from storage.export_records import Record, Selection

ROWS_AT_MOST = 1_048_575  # below the heading: support.microsoft.com, Excel specifications and limits
CELL_CHARS = 32_767
PROGRESS_ROWS = 200
# The month is written in Indonesian whatever the reader's Excel speaks: 0421 is Indonesia's language number.
FORMATS: dict[Style, str] = {
    "text": "@",
    "number": "#,##0",
    "plain": "0",  # a year or a number of order has no thousands
    "date": "[$-421]d mmmm yyyy",
    "month": "[$-421]mmmm yyyy",
    "time": "[$-421]d mmm yyyy hh:mm",
}


class TooManyRows(RuntimeError):
    """a sheet cannot hold so many rows"""


class _Sheet:
    """One sheet, written row by row."""

    def __init__(self, book: _Book, name: str, *, headings: Sequence[tuple[str, int, Style]]) -> None:
        self._book = book
        self._sheet = book.file.add_worksheet(name)
        self._row = 0
        for number, (heading, width, _) in enumerate(headings):
            self._sheet.set_column(number, number, width)
            self._sheet.write_string(0, number, heading, book.bold)
        self._sheet.freeze_panes(1, 1)
        self._styles = [style for _, _, style in headings]
        self.autofilter = (0, len(headings) - 1)

    def add(self, cells: Sequence[Cell]) -> None:
        """Write one row; raises TooManyRows where the format ends."""
        self._row += 1
        if self._row > ROWS_AT_MOST:
            raise TooManyRows(f"more than {ROWS_AT_MOST} rows; export one office or one year at a time")
        for number, (cell, style) in enumerate(zip(cells, self._styles, strict=True)):
            self._write(number, cell, style=style)

    def _write(self, number: int, cell: Cell, *, style: Style) -> None:
        book = self._book
        sheet = self._sheet
        row = self._row
        if cell is None or cell == "":
            return
        if isinstance(cell, datetime | date):
            sheet.write_datetime(row, number, cell, book.formats[style])
        elif isinstance(cell, int | Decimal):
            sheet.write_number(row, number, cell, book.formats[style])
        else:
            sheet.write_string(row, number, _cut(str(cell)))

    def close(self) -> None:
        """Let the reader filter by every column."""
        self._sheet.autofilter(0, 0, max(1, self._row), self.autofilter[1])


def _cut(text: str) -> str:
    """Cut what no cell can hold; the whole stands in the JSON export."""
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"


class _Book:
    """The file, its formats, and text that is never a formula or a link."""

    def __init__(self, path: Path) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(path.parent),
        }
        self.file = xlsxwriter.Workbook(str(path), options)
        self.bold = self.file.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.formats: dict[Style, Any] = {
            style: self.file.add_format({"num_format": written}) for style, written in FORMATS.items()
        }


def write(facts: ExportFacts, tx: Transaction, *, out: Path, selection: Selection) -> Counted:
    """Write the workbook; returns how many rows were written and how many there are."""
    expected = export_records.count(tx, selection)
    with whole(out) as part:
        book = _Book(part)
        written = _write_innovations(facts, tx, book=book, selection=selection, expected=expected)
        offices = _write_offices(facts, tx, book=book, selection=selection)
        standings_of_year = standings(facts, tx, year=selection.year)
        _write_periods(facts, book, offices=standings_of_year)
        book.file.close()
    figures = standings_of_year[0].figures if selection.year is not None and standings_of_year else None
    duty = (figures.offices, figures.exempt) if figures else (0, 0)
    return Counted((written, expected), (offices, export_records.office_count(tx)), duty=duty)


def _write_periods(facts: ExportFacts, book: _Book, *, offices: Sequence[PeriodStanding]) -> None:
    columns = period_columns(facts)
    sheet = _Sheet(
        book,
        facts.say("exported.sheet_periods"),
        headings=[(width.heading, width.width, width.style) for width in columns],
    )
    for standing in offices:
        sheet.add([column.of(standing) for column in columns])
    sheet.close()


def _head_offices(facts: ExportFacts, selection: Selection) -> list[tuple[str, int, Style]]:
    """List the columns of the offices: their titles, widths and styles."""
    say = facts.say
    headings: list[tuple[str, int, Style]] = [
        (say("exported.col_code"), 16, "text"),
        (say("exported.col_office"), 60, "text"),
        *(((say("exported.col_duty"), 14, "text"),) if selection.year is not None else ()),
        (say("exported.col_drafts"), 8, "number"),
        (say("exported.col_handed_in"), 10, "number"),
        (say("exported.col_done"), 14, "number"),
    ]
    if selection.contacts:
        headings += [(say("exported.col_people"), 30, "text"), (say("exported.col_phones"), 24, "text")]
    return headings


def _write_offices(facts: ExportFacts, tx: Transaction, *, book: _Book, selection: Selection) -> int:
    say, headings = facts.say, _head_offices(facts, selection)
    sheet, count = _Sheet(book, say("exported.sheet_offices"), headings=headings), 0
    for line in export_records.office_lines(tx, selection):
        people: list[Cell] = [
            ", ".join(n for n, _ in line.contacts),
            ", ".join(p for _, p in line.contacts if p),
        ]
        duty = say("exported.exempt" if line.exempt else "exported.on_duty")
        counts = (line.drafts, line.sent, line.verified)
        of_year = (duty,) if selection.year is not None else ()  # without a year there are several periods
        sheet.add([line.code, line.name, *of_year, *counts, *(people if selection.contacts else ())])
        count += 1
    sheet.close()
    return count


def _write_innovations(
    facts: ExportFacts, tx: Transaction, *, book: _Book, selection: Selection, expected: int
) -> int:
    """Write the sheets side by side, one innovation after the other."""
    years = export_records.rule_years(tx, selection) or [max(facts.indicators)]
    columns = {year: innovation_columns(facts, year, contacts=selection.contacts) for year in years}
    sheets = {
        year: _Sheet(
            book,
            _name_sheet(facts, year, years=years),
            headings=[(c.heading, c.width, c.style) for c in columns[year]],
        )
        for year in years
    }
    details, written = _Details(facts, book), 0
    for record in export_records.records(tx, selection):
        sheets[record.rule_year].add([column.of(record) for column in columns[record.rule_year]])
        details.add(record)
        written += 1
        if written % PROGRESS_ROWS == 0:
            facts.progress(written, expected)
    for sheet in (*sheets.values(), *details.sheets):
        sheet.close()
    return written


def _name_sheet(facts: ExportFacts, year: int, *, years: Sequence[int]) -> str:
    """Name the sheet of a rule year; each has questions of its own."""
    name = facts.say("exported.sheet_innovations")
    return name if len(years) == 1 else f"{name} {year}"


class _Details:
    """Indicators, evidence and scores: what has several rows for one innovation."""

    def __init__(self, facts: ExportFacts, book: _Book) -> None:
        say = self._say = facts.say
        self._facts = facts
        identity: list[tuple[str, int, Style]] = [
            (say("exported.col_receipt"), 15, "text"),
            (say("exported.col_office"), 34, "text"),
            (say("exported.col_title"), 40, "text"),
        ]
        self._indicators = _Sheet(book, say("exported.sheet_indicators"), headings=[
            *identity, (say("exported.col_no"), 6, "plain"), (say("exported.col_indicator"), 34, "text"),
            (say("exported.col_weight"), 7, "number"), (say("exported.col_level_claimed"), 10, "number"),
            (say("exported.col_level_verified"), 13, "number"), (say("exported.col_reason"), 50, "text"),
            (say("exported.col_pieces"), 8, "number")])  # fmt: skip
        self._evidence = _Sheet(book, say("exported.sheet_evidence"), headings=[
            *identity, (say("exported.col_place"), 34, "text"), (say("exported.col_file"), 40, "text"),
            (say("exported.col_size"), 12, "number"), (say("exported.col_letter"), 20, "text"),
            (say("exported.col_letter_date"), 18, "date"), (say("exported.col_letter_about"), 40, "text"),
            (say("exported.col_sha"), 66, "text"), (say("exported.col_note"), 40, "text")])  # fmt: skip
        self._scores = _Sheet(book, say("exported.sheet_scores"), headings=[
            *identity,
            (say("exported.col_claimed"), 10, "number"), (say("exported.col_verified"), 13, "number"),
            (say("exported.col_difference"), 10, "number"), (say("exported.col_maximum"), 10,
            "number")])  # fmt: skip
        self.sheets = (self._indicators, self._evidence, self._scores)

    def add(self, record: Record) -> None:
        """Write what belongs to one innovation."""
        indicators = self._facts.indicators_of(record)
        identity: tuple[Cell, ...] = (record.receipt, record.office, record.title)
        self._scores.add(
            [*identity, record.claimed, record.verified, record.verified - record.claimed, indicators.maximum]
        )
        for row in _make_indicator_rows(record, indicators, language=self._say.language):
            self._indicators.add([*identity, *row])
        for piece in pieces(record, self._facts):
            self._evidence.add([*identity, *_make_piece_row(piece, self._facts.say)])


def _make_indicator_rows(
    record: Record, indicators: IndicatorSet, *, language: str
) -> Iterator[tuple[Cell, ...]]:
    """The indicators that have a level, a verdict or evidence."""
    for indicator in indicators.indicators:
        claimed, verdict = indicator.level(record.answers), record.verdicts.get(indicator.no)
        pieces = len(record.answers.get(indicator.evidence_question) or ())
        if claimed or verdict or pieces:
            yield (
                indicator.no,
                indicator.name.in_(language),
                indicator.weight,
                claimed or None,
                verdict.level if verdict else None,
                verdict.reason if verdict else None,
                pieces,
            )


def _make_piece_row(exported: Exported, say: Say) -> tuple[Cell, ...]:
    piece = exported.piece
    letter = exported.piece.letter
    language = say.language
    day: Cell = (
        PartialDate.from_text(letter.day).value
        if letter.day
        else say_part("date", letter.date, language=language)
    )
    number, subject = (
        say_part("number", letter.number, language=language),
        say_part("subject", letter.subject, language=language),
    )
    note = finding_words(piece, say)
    return exported.place, piece.label, piece.size or None, number, day or None, subject, piece.sha256, note
