"""The result of an announcement as a file: one row per recipient, harmless in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bot.attachments.broadcast_results import Results
from domain.announcing.audience import Audience
from handlers.words import load_words
from storage import audiences, broadcast_drafts
from storage.engine.transaction import Transaction
from tests.kit.databases import migrated, on_disk
from tests.kit.people import seed

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
async def results(tmp_path: Path) -> AsyncIterator[Results]:
    database = await on_disk(tmp_path / "desk.db", migrated())

    def unit(tx: Transaction) -> None:
        seed(tx, NOW)
        tx.execute("UPDATE contacts SET name = '=HYPERLINK(1)', phone = '+62811' WHERE name = 'Rina'")
        number = broadcast_drafts.create(
            tx, by=1, channel="telegram", address="1", now=NOW, draft=broadcast_drafts.NewDraft(text="x")
        )
        audiences.write_down(
            tx, number, audience=audiences.chosen(Audience(roles=frozenset({"focal_point"})), 1)
        )
        tx.execute(
            "UPDATE broadcast_recipients SET state = 'read', settled_at = ?, acked_at = ? WHERE "
            "contact_id = 1",
            ("2026-03-02T01:00:00.000000Z",) * 2,
        )

    await database.run(unit)
    names = iter(f"n{number}" for number in range(9))
    yield Results(
        database,
        load_words(),
        zone=ZoneInfo("Asia/Jakarta"),
        folder=tmp_path / "made",
        new_name=lambda: next(names),
    )
    await database.close()


def args(kind: str, language: str = "id") -> dict[str, object]:
    return {"broadcast": 1, "format": kind, "language": language}


async def test_the_workbook_has_a_row_per_recipient_and_no_formula(results: Results) -> None:
    path = await results.make(args("xlsx"))
    rows = list(openpyxl.load_workbook(path).active.values)
    assert rows[0] == ("Perangkat daerah", "Nama", "Telepon", "Hasil", "Keterangan", "Waktu", "Dibaca")
    assert len(rows) == 1 + 3 + 45
    (rina,) = [row for row in rows if row[1] == "=HYPERLINK(1)"]
    assert rina == (
        "Dinas Kesehatan",
        "=HYPERLINK(1)",
        "+62811",
        "dibaca",
        None,
        "02/03/2026 08:00",
        "02/03/2026 08:00",
    )
    sheet = openpyxl.load_workbook(path).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert path.stat().st_mode & 0o077 == 0


async def test_the_text_is_harmless_and_in_the_language_asked(results: Results) -> None:
    path = await results.make(args("csv", "en"))
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened, delimiter=";"))
    assert rows[0][0] == "Office"
    (rina,) = [row for row in rows if "HYPERLINK" in row[1]]
    assert rina[1:4] == ["'=HYPERLINK(1)", "'+62811", "read"]
    assert sum(row[4] == "no focal point has enrolled" for row in rows) == 45


async def test_a_second_channel_is_said_in_the_row(results: Results) -> None:
    await results._database.run(
        lambda tx: tx.execute(
            "UPDATE broadcast_recipients SET first_channel = 'telegram', channel = 'whatsapp' "
            "WHERE contact_id = 1"
        )
    )
    path = await results.make(args("csv"))
    with path.open(encoding="utf-8-sig", newline="") as opened:
        (rina,) = [row for row in csv.reader(opened, delimiter=";") if "HYPERLINK" in row[1]]
    assert rina[4] == "Telegram tidak dapat dikirimi, jadi lewat Whatsapp"
