"""Lists of offices and people as tests write them: lines of cells, files of text, workbooks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import openpyxl

from bot.cli.imports import lines as said
from domain.importing.check import Checked, check
from domain.importing.headings import ListKind, find_list
from domain.importing.sheet import Line, Sheet
from handlers.desk import load_words
from storage import lists
from storage.engine.transaction import Transaction

SAY = load_words().in_("en")


def sheet(*rows: Sequence[str]) -> Sheet:
    """A sheet of these rows, each as wide as the widest."""
    width = max(map(len, rows))
    lines = [Line(n, (*row, *[""] * (width - len(row)))) for n, row in enumerate(rows, start=1)]
    return Sheet("daftar.csv", tuple(line for line in lines if any(line.cells)))


def taken(tx: Transaction, kind: ListKind, *rows: Sequence[str], now: datetime) -> Checked:
    """Check a list and write it."""
    checked = check(find_list([sheet(*rows)], (kind,)), lists.known(tx), hidden=True)
    lists.take_in(tx, checked, by=None, now=now)
    return checked


def told(checked: Checked) -> list[str]:
    """What the command line says of it."""
    return said(checked, SAY)


def workbook(*rows: Sequence[object]) -> bytes:
    """A workbook of one sheet."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()
