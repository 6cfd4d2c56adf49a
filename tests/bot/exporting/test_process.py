"""Every export is read back by another library and compared with the database, cell by cell."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exporting.evidence import safe
from bot.exporting.facts import Counted
from bot.exporting.process import make
from domain.draft.evidence import read_value
from domain.export_parts import FILE_BYTES, divide, number_parts
from domain.review import Verdict
from domain.rules.indicators import load_indicators
from domain.rules.load import load_form
from storage import contacts, export_records, innovations, review_marks
from storage.engine.database import read_beside
from storage.engine.engine_contract import Runner
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.handed_in import ANSWERS, LEVELS, handed_in
from tests.kit.people import seed

NASTY = [
    "SIPANDU",
    "=HYPERLINK(\"http://x\",\"klik\")",
    "+62 811 tanpa nomor",
    "-1 bukan angka",
    "@SUM(A1)",
    "{=1+1}",
    "Sehat 🌿 “Ñandú” – ﷼ 日本",
    "http://contoh.go.id/tautan",
    "00123",
    "  ruang  ",
    "a/b\\c:d*e?f<g>h|i",
    "CON",
    "baris\nbaru",
]  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with innovations of every unkind name, one draft, verdicts and evidence on disk."""
    folder = tmp_path_factory.mktemp("exports")
    with closing(sqlite3.connect(folder / "desk.db", factory=SqliteTransaction, isolation_level=None)) as tx:
        tx.execute("PRAGMA journal_mode = WAL")
        migrate(tx, folder / "desk.db")
        seed(tx, MORNING)
        contacts.set_phone(tx, 1, phone="+628110001001")
        for number, title in enumerate(NASTY):
            office = "dinkes" if number % 2 else "kec_baamang"
            one = handed_in(tx, title, now=MORNING, office=office, folder=folder / "evidence", answers={
                **ANSWERS, "tujuan": f"={title}", "nilai_anggaran": str(1_000_000 * number + 7)})  # fmt: skip
            review_marks.judge(
                tx, one, indicator=16, verdict=Verdict(number % 4, f"={number}"), by=5, now=MORNING
            )
        innovations.create(
            tx,
            innovations.NewInnovation(office_id=5, period_id=1, form_version=1, rule_year=2026),
            by=1,
            now=MORNING,
        )
    return folder


def made(house: Path, kind: str, out: Path, **args: Any) -> Counted:
    """Make an export as the process would."""
    task = {
        "kind": kind, "out": str(out), "store": str(house), "language": "id",
        "timezone": "Asia/Jakarta", "now": MORNING.isoformat(), "args": {"year": 2026, "contacts": True,
        **args},
    }  # fmt: skip
    with read_beside(house / "desk.db") as tx:
        return make(task, tx, progress=lambda done, of: None)


@pytest.fixture
def tx(house: Path) -> Iterator[Runner]:
    with read_beside(house / "desk.db") as connection:
        yield connection


def rows_of(book: Any, sheet: str) -> list[dict[str, Any]]:
    """A sheet as records by heading."""
    heading, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_the_workbook_holds_what_the_database_holds(house: Path, tx: Runner, tmp_path: Path) -> None:
    counted = made(house, "workbook", tmp_path / "x.xlsx")
    assert counted == Counted((13, 13), (47, 47), duty=(47, 0))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    rows = rows_of(book, "Inovasi")
    kept = tx.execute(
        "SELECT id, receipt, claimed, verified FROM innovations WHERE receipt IS NOT NULL"
    ).fetchall()
    by_receipt = {row["Nomor"]: row for row in rows}
    assert len(rows) == len(by_receipt) == len(kept) == 13
    form = load_form()
    for number, receipt, claimed, verified in kept:
        answers, row = innovations.answers(tx, number), by_receipt[receipt]
        assert row["Nama Inovasi"] == answers["nama"]
        assert (row["Skor diklaim"], row["Skor terverifikasi"], row["Aturan"]) == (claimed, verified, 2026)
        assert row["Dikirim"] == datetime(2026, 3, 2, 8, 0)
        for question in form.in_year(2026):
            cell, value = row[question.label.id], answers.get(question.id)
            if value is None:
                assert cell is None
            elif question.kind == "number":
                assert isinstance(cell, int)
                assert Decimal(cell) == Decimal(value)
            elif question.kind == "date":
                assert cell == datetime.fromisoformat(value)
            elif question.kind in ("text", "long"):
                assert cell == value
        for indicator in load_indicators()[2026].indicators:
            name = f"{indicator.no} {indicator.name.id}"
            verdict = review_marks.verdicts(tx, number).get(indicator.no)
            assert row[f"{name} (diklaim)"] == (LEVELS.get(indicator.no))
            assert row[f"{name} (terverifikasi)"] == (verdict.level if verdict else None)


def test_the_other_sheets_hold_their_rows_too(house: Path, tx: Runner, tmp_path: Path) -> None:
    made(house, "workbook", tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["Inovasi", "Indikator", "Bukti", "Skor", "Perangkat Daerah", "Ringkasan"]
    offices = rows_of(book, "Perangkat Daerah")
    assert [row["Kode"] for row in offices] == [
        code for (code,) in tx.execute("SELECT code FROM offices ORDER BY id")
    ]
    dinkes = next(row for row in offices if row["Kode"] == "dinkes")
    assert (dinkes["Draf"], dinkes["Terkirim"], dinkes["Narahubung"]) == (1, 6, "Rina, Budi")
    assert len(rows_of(book, "Indikator")) == 13 * len(LEVELS)
    evidence = rows_of(book, "Bukti")
    assert len(evidence) == 26
    kept = {row[0] for row in tx.execute("SELECT DISTINCT sha256 FROM evidence")}
    assert {row["SHA-256"] for row in evidence} == kept
    assert all(row["Tanggal surat"] == datetime(2025, 3, 3) for row in evidence)
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "B2"


def test_no_text_of_anybody_becomes_a_formula_or_a_link(house: Path, tmp_path: Path) -> None:
    made(house, "workbook", tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                xml = parts.read(name).decode()
                assert "<f>" not in xml
                assert "<hyperlink" not in xml


def test_dates_and_numbers_say_themselves_the_indonesian_way(house: Path, tmp_path: Path) -> None:
    made(house, "workbook", tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Inovasi"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, headings["Waktu Penerapan"]).number_format == "[$-421]d mmmm yyyy"
    assert sheet.cell(2, headings["Besar anggaran (bila ada)"]).number_format == "#,##0"
    assert sheet.cell(2, headings["Aturan"]).number_format == "0"


def test_leaders_get_no_numbers_and_no_names_of_people(house: Path, tmp_path: Path) -> None:
    made(house, "workbook", tmp_path / "x.xlsx", contacts=False)
    made(house, "csv", tmp_path / "x.csv", contacts=False)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        told = "".join(parts.read(name).decode() for name in parts.namelist())
    told += (tmp_path / "x.csv").read_text(encoding="utf-8-sig")
    for word in ("Narahubung", "Telepon", "Rina", "Budi", "Tono", "628110001001"):
        assert word not in told
    made(house, "workbook", tmp_path / "y.xlsx", contacts=True)
    book = openpyxl.load_workbook(tmp_path / "y.xlsx")
    assert "+628110001001" in str(rows_of(book, "Inovasi"))


def test_the_csv_opens_in_an_indonesian_excel_and_carries_no_formula(house: Path, tmp_path: Path) -> None:
    counted = made(house, "csv", tmp_path / "x.csv")
    assert counted.innovations == (13, 13)
    raw = (tmp_path / "x.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True), delimiter=";")
    assert len(rows) == 13
    for row in rows:
        record = dict(zip(heading, row, strict=True))
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        assert record["Waktu Penerapan"] == "01/06/2025"
        assert record["Tujuan"].startswith("'=")
        assert record["Nama Inovasi"].removeprefix("'") in NASTY


def test_machines_read_one_record_a_line(house: Path, tx: Runner, tmp_path: Path) -> None:
    assert made(house, "jsonl", tmp_path / "x.jsonl", drafts=True, year=None).innovations == (14, 14)
    found = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["state"] for one in found].count("draf") == 1
    for one in found:
        kept = innovations.answers(tx, one["id"])
        assert {name: read_value(value) for name, value in one["answers"].items()} == kept
        scores = tx.execute("SELECT claimed, verified FROM innovations WHERE id = ?", (one["id"],)).fetchone()
        assert one["scores"] == {"claimed": scores[0], "verified": scores[1]}


def test_drafts_leave_the_house_only_by_the_command_line(house: Path, tmp_path: Path) -> None:
    made(house, "jsonl", tmp_path / "x.jsonl")
    lines = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert "draf" not in {json.loads(line)["state"] for line in lines}


def test_the_evidence_comes_in_readable_folders_with_true_hashes(
    house: Path, tx: Runner, tmp_path: Path
) -> None:
    counted = made(house, "evidence", tmp_path / "x.zip")
    assert counted == Counted((13, 13), files=(26, 26))
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.testzip() is None
        sums = dict(line.split("  ", 1)[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        files = [name for name in archive.namelist() if name not in ("SHA256SUMS", "DAFTAR.csv")]
        assert set(files) == set(sums)
        assert len({name.casefold() for name in files}) == 26
        for name in files:
            assert hashlib.sha256(archive.read(name)).hexdigest() == sums[name]
            assert archive.getinfo(name).compress_type == zipfile.ZIP_STORED
            assert not {"..", "", "CON"} & set(name.split("/"))
        listed = list(csv.reader(archive.read("DAFTAR.csv").decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(listed) - 1 == tx.execute("SELECT count(*) FROM evidence").fetchone()[0]
    folder = "Dinas Kesehatan/DI-2026-0002 =HYPERLINK( http x , klik )"
    assert f"{folder}/16 Regulasi Inovasi Daerah/01-bukti-16.pdf" in files


@pytest.mark.parametrize("room", [1, 5, 40], ids=["divided innovations", "some in each", "all in one"])
def test_parts_hold_together_what_one_archive_holds(
    house: Path, tx: Runner, tmp_path: Path, room: int
) -> None:
    made(house, "evidence", tmp_path / "all.zip")
    held = export_records.held_files(tx, 2026)
    limit = room * (FILE_BYTES + max(file.size for file in held))
    names: list[str] = []
    for part in number_parts(divide(held, limit=limit)):
        out = tmp_path / f"{part.number}.zip"
        counted = made(house, "evidence", out, part=part.to_args())
        assert counted.whole()
        assert out.stat().st_size <= limit + 20_000  # of the lists
        with zipfile.ZipFile(out) as archive:
            listed = archive.read("BAGIAN.csv").decode("utf-8-sig").splitlines()
            sums = archive.read("SHA256SUMS").decode().splitlines()
            inside = [name for name in archive.namelist() if "/" in name]
        rows = list(csv.reader(listed[1:], delimiter=";"))
        assert [row[4] for row in rows] == ["ya" if int(row[0]) == part.number else "tidak" for row in rows]
        assert {row[1] for row in rows} == {f"DI-2026-{number:04}" for number in range(1, 14)}
        assert len(sums) == len(inside) > 0
        names += inside
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert sorted(names) == sorted(name for name in archive.namelist() if "/" in name)


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip itself unpacks here, and is not installed")
def test_the_machines_own_tools_unpack_and_check_names_of_emoji(tmp_path: Path) -> None:
    title, folder, out = "🙂" * 150, tmp_path / "house", tmp_path / "x.zip"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "desk.db", factory=SqliteTransaction, isolation_level=None)) as tx:
        tx.execute("PRAGMA journal_mode = WAL")
        migrate(tx, folder / "desk.db")
        seed(tx, MORNING)
        handed_in(tx, title, now=MORNING, folder=folder / "evidence", answers={**ANSWERS, "nama": title})
    counted = made(folder, "evidence", out)
    assert counted.files is not None
    assert counted.files[0] > 0
    into = tmp_path / "unpacked"
    utf8 = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(["unzip", "-q", str(out), "-d", str(into)], check=True, env=utf8)
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=into, check=True, env=utf8, capture_output=True, text=True
    )
    assert checked.stdout.count(": OK") == counted.files[0]


def test_a_file_that_is_gone_or_changed_is_named_and_stops_nothing(house: Path, tmp_path: Path) -> None:
    evidence = sorted((house / "evidence").iterdir())
    gone, changed = evidence[0], evidence[1]
    kept = {path: path.read_bytes() for path in (gone, changed)}
    try:
        gone.unlink()
        changed.write_bytes(b"something else")
        counted = made(house, "evidence", tmp_path / "x.zip")
        assert counted.files == (24, 26)
        assert not counted.whole()
        with zipfile.ZipFile(tmp_path / "x.zip") as archive:
            listed = archive.read("DAFTAR.csv").decode("utf-8-sig")
        assert "tidak ditemukan" in listed
        assert "berbeda dari saat diterima" in listed
    finally:
        for path, content in kept.items():
            path.write_bytes(content)


@pytest.mark.parametrize("kind", ["record", "upload"])
def test_sheets_are_made_of_whatever_people_wrote(house: Path, tmp_path: Path, kind: str) -> None:
    for number in (1, 2, 7):
        assert made(house, kind, tmp_path / "x.pdf", innovation=number) == Counted((1, 1))
        assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")
        assert stat.S_IMODE((tmp_path / "x.pdf").stat().st_mode) == 0o600


def test_what_breaks_off_leaves_nothing_behind(house: Path, tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        made(house, "record", tmp_path / "x.pdf", innovation=99)

    def breaks(done: int, of: int) -> None:
        raise KeyboardInterrupt

    task = {"kind": "evidence", "out": str(tmp_path / "x.zip"), "store": str(house),
            "language": "id",
            "timezone": "Asia/Jakarta", "now": MORNING.isoformat(), "args": {"year": 2026}}  # fmt: skip
    with read_beside(house / "desk.db") as tx, pytest.raises(KeyboardInterrupt):
        make(task, tx, progress=breaks)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=300))
def test_a_name_is_one_name_on_every_system(text: str) -> None:
    name = safe(text)
    assert 1 <= len(name) <= 81
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert name not in (".", "..")
    assert name == name.strip(". ")
    assert name.split(".")[0].casefold() not in ("con", "nul", "prn", "aux", "com1", "lpt1")
    name.encode()
