"""Every export says what the judgement of the same state allows, and its rows add up to the judged sums."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from bot.exporting.process import make
from bot.exporting.result_message import counted_words
from domain.index import headline
from domain.index.judgement import Judgement
from domain.message import plain
from domain.rules.load import load_ladders, load_rules
from handlers.assembly import build
from handlers.words import load_words
from storage import periods, reports, scores
from storage.engine.engine_contract import Runner
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import in_memory
from tests.kit.in_review import taps, with_one_handed_in
from tests.kit.people import SARI
from tests.kit.situations import PERIOD, SITUATIONS, ineligible, situation

DESK_DATA = build(timezone="Asia/Jakarta", language="id", new_code=Codes()).desk_data
SAY = load_words().in_("id")
PREDIKATS = ("Sangat Inovatif", "Kurang Inovatif", "Inovatif")


@pytest.fixture(params=SITUATIONS, ids=lambda made: made.__name__)
def tx(request: pytest.FixtureRequest) -> Iterator[Runner]:
    with closing(in_memory(situation(request.param))) as connection:
        yield connection


def made(tx: Runner, kind: str, out: Path, **args: Any) -> Any:
    task = {
        "kind": kind, "out": str(out), "store": str(out.parent), "language": "id",
        "timezone": "Asia/Jakarta", "now": MORNING.isoformat(), "args": {"year": 2026, "contacts": False,
        **args},
    }  # fmt: skip
    return make(task, tx, progress=lambda done, of: None)


def judged(tx: Runner) -> Judgement:
    return reports.judged(tx, DESK_DATA, period=periods.load(tx, PERIOD))


def rows_of(book: Any, sheet: str) -> list[dict[str, Any]]:
    heading, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_the_workbook_says_what_status_says(tx: Runner, tmp_path: Path) -> None:
    counted = made(tx, "workbook", tmp_path / "x.xlsx")
    found, figures = judged(tx), scores.figures(tx, PERIOD)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    (row,) = rows_of(book, "Ringkasan")
    assert (row["Tahun"], row["Wajib"], row["Dikecualikan"]) == (2026, figures.offices, figures.exempt)
    assert row["Sudah mengirim"] == figures.done
    assert row["Belum mengirim"] == figures.offices - figures.done
    assert row["Inovasi dihitung"] == found.count
    said = {**row, **dict.fromkeys([name for name, cell in row.items() if cell is None], "")}
    assert said["Perkiraan indeks"] == plain(headline.index(found, SAY))
    assert any(name in said["Perkiraan indeks"] for name in PREDIKATS) is bool(
        found.claimed and found.claimed.predikat
    )
    assert said["Jarak ke target"] == plain(headline.distance(found, SAY))
    assert said["Yang masih kurang"] == plain(headline.missing(found, SAY))
    assert "58,09" in said["Hasil resmi"]
    assert f"Aturan {found.rule_year}" in said["Keterangan"]
    duties = [one["Kewajiban"] for one in rows_of(book, "Perangkat Daerah")]
    assert (duties.count("wajib"), duties.count("dikecualikan")) == (figures.offices, figures.exempt)
    assert counted.duty == (figures.offices, figures.exempt)
    _adds_up(tx, rows_of(book, "Inovasi"), counts="ya")


def _adds_up(tx: Runner, rows: Sequence[Mapping[str, Any]], *, counts: object) -> None:
    """The rows that count are the innovations and the points the judgement was made from."""
    sums = scores.figures(tx, PERIOD).claimed
    inside = [row for row in rows if row["Dihitung"] == counts]
    assert len(inside) == sums.count == judged(tx).count
    assert sum(int(row["Skor diklaim"]) for row in inside) == sums.maturity


def test_the_table_says_the_same(tx: Runner, tmp_path: Path) -> None:
    counted = made(tx, "csv", tmp_path / "x.csv")
    lines = (tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    _adds_up(tx, list(csv.DictReader(lines, delimiter=";")), counts="ya")
    figures = scores.figures(tx, PERIOD)
    said = plain(counted_words(SAY, {**_pairs(counted), "duty": counted.duty}))
    assert f"{figures.offices} perangkat daerah wajib mengirim, {figures.exempt} dikecualikan" in said


def _pairs(counted: Any) -> dict[str, tuple[int, int]]:
    return {name: getattr(counted, name) for name in ("offices", "innovations", "files")}


def test_machines_read_the_same(tx: Runner, tmp_path: Path) -> None:
    made(tx, "jsonl", tmp_path / "x.jsonl")
    found = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [{"Dihitung": one["counts"], "Skor diklaim": one["scores"]["claimed"]} for one in found]
    _adds_up(tx, rows, counts=True)
    kept = dict(tx.execute("SELECT innovation_id, reason FROM contributions").fetchall())
    assert {one["id"]: one["not_counted"] or "" for one in found} == {
        one["id"]: kept[one["id"]] for one in found
    }


def test_paper_says_whether_it_counts_and_never_an_index(tmp_path: Path) -> None:
    with closing(in_memory(situation(ineligible))) as tx:
        points = tx.execute("SELECT claimed FROM innovations WHERE id = 3").fetchone()[0]
        record, upload = (_printed(tx, kind, tmp_path / f"{kind}.pdf") for kind in ("record", "upload"))
    assert "Dihitung: tidak dihitung: diterapkan sesudah 31 Desember 2025" in record
    assert f"Diklaim {points} · terverifikasi" in record
    for text in (record, upload):
        assert not any(name in text for name in (*PREDIKATS, "Perkiraan 2026", "Hasil resmi"))


A4 = (595, 842)  # points


def test_one_sheet_holds_scores_evidence_and_history_on_a4(tmp_path: Path) -> None:
    """F84: both scores, every indicator, each paper with its letter, every state with its time."""
    with closing(in_memory(with_one_handed_in())) as tx:
        for data in ("q:t:1", "q:v:1:16:1", "q:w:1:level:i16:1:kurang"):
            taps(tx, SARI, data)
        made(tx, "record", tmp_path / "x.pdf", innovation=1)
        claimed, verified = tx.execute("SELECT claimed, verified FROM innovations").fetchone()
    pages = PdfReader(tmp_path / "x.pdf").pages
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {A4}
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert f"Diklaim {claimed} · terverifikasi {verified} dari 111" in text
    assert all(f"{item.no}* {item.name.id}" in text or f"{item.no} {item.name.id}" in text
               for item in DESK_DATA.indicators[2026].indicators)  # fmt: skip
    assert "bukti-16.pdf 1 kB 188.4/16/2025 · 3 Maret 2025" in text
    history = text.partition("Riwayat")[2]
    assert [state in history for state in ("draf", "terkirim", "sedang diperiksa")] == [True] * 3
    assert history.count("2 Maret 2026 pukul") >= 3


def _printed(tx: Runner, kind: str, out: Path) -> str:
    made(tx, kind, out, innovation=3)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(out).pages).split())


def test_the_table_says_what_keeps_an_innovation_from_counting(tmp_path: Path) -> None:
    with closing(in_memory(situation(ineligible))) as tx:
        made(tx, "csv", tmp_path / "x.csv")
    lines = (tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    said = [row["Dihitung"] for row in csv.DictReader(lines, delimiter=";") if row["Dihitung"] != "ya"]
    assert sorted(said) == [
        "tidak dihitung: diterapkan sebelum 1 Januari 2024 dan belum dikembangkan lagi",
        "tidak dihitung: diterapkan sesudah 31 Desember 2025",
        "tidak dihitung: tahapannya belum Penerapan",
    ]


def test_the_rules_of_an_export_are_those_of_the_desk() -> None:
    assert (DESK_DATA.rules, DESK_DATA.ladders) == (load_rules(), load_ladders(load_rules()))
