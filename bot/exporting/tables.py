"""The innovations as CSV and as lines of JSON."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from bot.attachments.csv_guard import guarded
from bot.exporting.columns import Cell, innovation_columns
from bot.exporting.facts import Counted, ExportFacts, whole
from bot.exporting.period_summary import standings
from storage import export_records
from storage.engine.transaction import Transaction
from storage.export_records import Selection

Dialect = Literal["machine", "excel"]


def write_csv(
    facts: ExportFacts, tx: Transaction, *, out: Path, selection: Selection, dialect: Dialect
) -> Counted:
    """Write one row for each innovation.

    `machine`: commas, decimal points, ISO dates. `excel`: what an Indonesian Excel opens by a double click,
    which expects a mark of the encoding, semicolons and decimal commas.
    """
    expected, written = export_records.count(tx, selection), 0
    excel = dialect == "excel"
    with whole(out) as part, part.open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";" if excel else ",")
        columns = innovation_columns(facts, None, contacts=selection.contacts)
        writer.writerow([column.heading for column in columns])
        for record in export_records.records(tx, selection):
            writer.writerow([guarded(_to_text(column.of(record), excel)) for column in columns])
            written += 1
            if written % 200 == 0:
                facts.progress(written, expected)
    return Counted((written, expected), duty=_count_duty(facts, tx, year=selection.year))


def _count_duty(facts: ExportFacts, tx: Transaction, *, year: int | None) -> tuple[int, int]:
    """Count the offices with a duty in a year and the exempt ones; nothing without a year."""
    offices = standings(facts, tx, year=year) if year is not None else ()
    return (offices[0].figures.offices, offices[0].figures.exempt) if offices else (0, 0)


def _to_text(cell: Cell, excel: bool) -> object:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y %H:%M") if excel else cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y") if excel else cell.isoformat()
    if isinstance(cell, Decimal):
        plain = format(cell, "f")
        return plain.replace(".", ",") if excel else plain
    return cell


def write_jsonl(tx: Transaction, *, out: Path, selection: Selection) -> Counted:
    """Write one JSON object a line."""
    expected, written = export_records.count(tx, selection), 0
    with whole(out) as part, part.open("w", encoding="utf-8") as file:
        for record in export_records.records(tx, selection):
            file.write(export_records.line(record) + "\n")
            written += 1
    return Counted((written, expected))
