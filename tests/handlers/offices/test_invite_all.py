"""One workbook invites every office without a person; a code works once, an older one ends."""

from __future__ import annotations

from pathlib import Path

from bot.attachments.text_sheet import TextSheets
from domain.message import Message
from storage import invitations
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, refusals, says, taps
from tests.kit.people import ORANG, RINA, SARI


def made(tx: Transaction) -> Message:
    ask = next(data for data in buttons(says(tx, SARI, "/undang")) if data.startswith("u:a"))
    yes = next(data for data in buttons(taps(tx, SARI, ask)) if data.startswith("u:a:yes"))
    return taps(tx, SARI, yes)[0]


def test_every_office_without_a_person_gets_a_code_that_works(tx: Transaction) -> None:
    sheet = made(tx).attachment
    assert sheet is not None
    rows = sheet.args["rows"]
    assert len(rows) > 30
    assert "Dinas Kesehatan" not in {row[0] for row in rows}  # Rina serves it
    assert len({row[1] for row in rows}) == len(rows)
    office, code, *_, text = next(row for row in rows if row[0] == "Inspektorat")
    assert code in text
    assert office in text
    assert "Inspektorat" in says(tx, ORANG, f"saya dapat kode {code}")[0].text


def test_a_second_table_ends_the_codes_of_the_first(tx: Transaction) -> None:
    def code_of_inspectorate() -> str:
        sheet = made(tx).attachment
        assert sheet is not None
        return str(next(row[1] for row in sheet.args["rows"] if row[0] == "Inspektorat"))

    first, second = code_of_inspectorate(), code_of_inspectorate()
    old, new = (invitations.by_code(tx, code) for code in (first, second))
    assert old is not None
    assert new is not None
    assert not old.is_open(MORNING)
    assert new.is_open(MORNING)


def test_a_yes_to_another_count_or_of_somebody_else_makes_nothing(tx: Transaction) -> None:
    taps(tx, SARI, "u:a:yes:3")
    before = refusals(tx)
    taps(tx, RINA, "u:a:yes:44")
    assert refusals(tx) == before + 1
    assert not invitations.every_open(tx, now=MORNING)


async def test_the_table_is_a_workbook_of_text(tx: Transaction, tmp_path: Path) -> None:
    sheet = made(tx).attachment
    assert sheet is not None
    path = await TextSheets(folder=tmp_path, new_name=lambda: "x").make(sheet.args)
    assert path.read_bytes().startswith(b"PK")
