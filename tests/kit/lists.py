"""Lists of offices and people as tests write them: lines of cells, files of text, workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import openpyxl

from bot.cli.imports import lines as said
from domain.importing.check import Checked, check
from domain.importing.headings import ListKind, find_list
from domain.importing.list_sheets import Line, Sheet
from handlers.words import load_words
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


def _hidden() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    rows = (
        ("Nama Lengkap", "No. HP/WA", "Instansi", "Peran"),
        ("Wati Lestari", "0812 3456 7895", "dinsos", "PIC"),
        ("Hadi", "0812 3456 7896", "dinsos", "PIC"),
        ("Yang lama", "0812 3456 7897", "dinsos", "PIC"),
    )
    for row in rows:
        book.active.append(row)
    book.active.row_dimensions[4].hidden = True
    book.save(out)
    return out.getvalue()


SENT: Mapping[str, Callable[[], bytes]] = {
    "pic.csv": lambda: (
        b"DAFTAR PIC INOVASI;;;\n"
        b"Nama Lengkap;No. HP/WA;OPD;Peran\n"
        b"Drs. Budi, M.Si;0812 3456 7890;Dinas Sosial;PIC\n"
        b'"Siti;0812 3456 7891;dinkes;PIC\n'
        b"Tono;tidak ada;dinkes;PIC\n"
        b"Hj. Wati;'+62 812-3456-7892;dinkes;pimpinan daerah\n"
        b"Rina;0812 3456 7893;Dinas Pendidikan;PIC\n"
        b"H. Karim;0812 3456 7894;;pimpinan\n"
    ),
    "pic_diperbaiki.xlsx": lambda: workbook(
        ("Baris", "Yang perlu diperbaiki", "Nama Lengkap", "No. HP/WA", "OPD", "Peran"),
        (4, "tanda kutip", "Siti", "081234567891", "dinkes", "PIC"),
        (5, "nomor", "Tono", "081234567898", "dinkes", "PIC"),
        (6, "peran", "Hj. Wati", "'+6281234567892", "dinkes", "PIC"),
    ),
    "tersembunyi.xlsx": _hidden,
    "kantor.csv": lambda: (
        b"Kode;Nama Perangkat Daerah;Singkatan;Jenis\n"
        b"brida;Badan Riset dan Inovasi Daerah;BRIDA;badan\n"
        b"dinkes_baru;KESEHATAN, DINAS;Kes;dinas\n"
    ),
    "tanpa_judul.csv": lambda: b"Siti;081234567891;dinkes;PIC\n",
}


def sent(name: str) -> bytes:
    """The content of the list that a transcript sends by this name."""
    return SENT[name]()
