"""Lists in the chat: rights are asked again at the tap, what was shown is what is written, nothing is
written twice.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.attachments.text_sheet import TextSheets
from bot.lists.list_file import sheets
from domain import buttons
from domain.importing.headings import MOST_ROWS, ListKind
from domain.importing.list_sheets import Sheet, sheets_json
from domain.message import FileRef, FileRefusal, Inbound, Kind, Message, ReadList
from domain.wants import WantsList
from storage import contacts, dialogues
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, says, taps
from tests.kit.desk_turns import buttons as shown
from tests.kit.lists import sheet, taken
from tests.kit.people import RINA, SARI, WATI

HEAD = ["Nama", "No. HP", "OPD", "Peran"]
SITI = ["Siti", "081234567891", "dinkes", "PIC"]
TONO = ["Tono", "+62 812-3456-7892", "dinas", "PIC"]


def sends(tx: Transaction, person: int, found: ReadList | FileRefusal | None) -> list[Message]:
    file = FileRef("id", "document", "daftar.csv", "text/csv", 100)
    inbound = Inbound("telegram", str(person), Kind.FILE, file=file)
    return list(DESK.take(tx, inbound, fetched=found, now=MORNING))


def of(*sent: Sheet) -> ReadList:
    return ReadList("daftar.csv", sheets_json(sent))


def previewed(tx: Transaction, *rows: list[str]) -> list[Message]:
    says(tx, SARI, "/opd")
    return sends(tx, SARI, of(sheet(HEAD, *rows)))


def yes(messages: list[Message]) -> str:
    return next(data for data in shown(messages) if data.startswith(buttons.ImportList("yes").data()))


def roster(tx: Transaction) -> list[str]:
    return [name for (name,) in tx.execute("SELECT name FROM roster ORDER BY id")]


def test_the_file_is_wanted_once_a_list_is_waited_for(tx: Transaction) -> None:
    says(tx, SARI, "/opd")
    with pytest.raises(WantsList):
        sends(tx, SARI, None)


def test_nothing_is_written_before_the_yes_and_nothing_twice(tx: Transaction) -> None:
    messages = previewed(tx, SITI)
    assert roster(tx) == []
    assert "1 baru" in messages[-1].text
    taps(tx, SARI, yes(messages))
    assert roster(tx) == ["Siti"]
    assert tx.execute("SELECT actor FROM audit WHERE action = 'list_imported'").fetchall() == [(5,)]
    assert "tidak terbuka" in taps(tx, SARI, yes(messages))[0].text
    again = previewed(tx, SITI)
    assert "1 sama" in again[-1].text
    assert not any(data.startswith("o:im:yes") for data in shown(again))


def test_the_right_is_asked_again_at_the_tap(tx: Transaction) -> None:
    tap = yes(previewed(tx, SITI))
    tx.execute("UPDATE memberships SET until = '2026-03-02T00:00:00Z' WHERE role = 'admin'")
    taps(tx, SARI, tap)
    assert roster(tx) == []


@pytest.mark.parametrize("person", [RINA, WATI])
def test_who_may_not_manage_offices_may_not_send_a_list(tx: Transaction, person: int) -> None:
    says(tx, person, "/opd")
    assert sends(tx, person, of(sheet(HEAD, SITI)))
    taps(tx, person, buttons.ImportList("ask").data())
    contact = contacts.by_address(tx, "telegram", address=str(person))
    assert contact is not None
    open_now = dialogues.load(tx, contact.id)
    assert open_now is None or open_now.name != "list"


def test_a_list_older_than_the_data_is_shown_anew(tx: Transaction) -> None:
    old = yes(previewed(tx, SITI))
    taken(tx, ListKind.CONTACTS, HEAD, ["S. A.", *SITI[1:]], now=MORNING)
    anew = taps(tx, SARI, old)
    assert "sudah berubah" in anew[-1].text
    assert roster(tx) == ["S. A."]
    taps(tx, SARI, yes(anew))
    assert roster(tx) == ["Siti"]


def test_a_yes_means_the_list_that_was_shown(tx: Transaction) -> None:
    old = yes(previewed(tx, SITI))
    previewed(tx, ["Budi", "081234567895", "dinsos", "PIC"])
    taps(tx, SARI, old)
    assert roster(tx) == []


def test_the_faulty_rows_come_back_as_a_sheet_that_can_be_sent_again(tx: Transaction, tmp_path: Path) -> None:
    told, preview = previewed(tx, SITI, TONO, ["@HYPERLINK", "0811", "dinkes", "PIC"])
    assert "1 baru, 0 berubah, 0 sama, 2 tidak dapat diambil" in preview.text
    made = told.attachment
    assert made is not None
    maker = TextSheets(folder=tmp_path, new_name=lambda: "x")
    path = asyncio.run(maker.make(made.args))
    (written,) = sheets(path, name=made.name)
    guarded = [tuple(HEAD), ("Tono", f"'{TONO[1]}", "dinas", "PIC"), ("'@HYPERLINK", "0811", "dinkes", "PIC")]
    assert [line.cells[2:] for line in written.lines] == guarded
    again = sends(tx, SARI, of(written))
    assert "2 tidak dapat diambil" in again[-1].text


def test_a_list_too_long_for_a_chat_is_told_so(tx: Transaction) -> None:
    rows = [[f"Orang {n}", f"0812{n:08}", "dinkes", "PIC"] for n in range(MOST_ROWS + 1)]
    assert f"{MOST_ROWS} baris" in previewed(tx, *rows)[0].text


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (FileRefusal("too_big", "x"), "5 MB"),
        (FileRefusal("empty", "x"), "Belum ada isinya"),
        (FileRefusal("gone", "x"), "kirim lagi"),
        (ReadList("x", refused="locked"), "kata sandi"),
        (of(sheet(SITI)), "Judul kolomnya belum ditemukan"),
    ],
)
def test_what_cannot_be_read_is_said_and_another_is_waited_for(
    tx: Transaction, found: ReadList | FileRefusal, told: str
) -> None:
    says(tx, SARI, "/opd")
    assert told in sends(tx, SARI, found)[0].text
    assert "1 baru" in sends(tx, SARI, of(sheet(HEAD, SITI)))[-1].text


def test_a_list_fills_the_ladder_of_an_office(tx: Transaction) -> None:
    secretary = ["Siti", "081234567891", "dinkes", "Sekretaris Dinas"]
    head = ["Hasan", "081234567892", "dinkes", "Kepala Dinas"]
    messages = previewed(tx, secretary, head)
    assert "2 baru" in messages[-1].text
    taps(tx, SARI, yes(messages))
    filled = tx.execute("SELECT post, name, phone FROM rungs ORDER BY post").fetchall()
    assert filled == [("head", "Hasan", "+6281234567892"), ("secretary", "Siti", "+6281234567891")]
    assert "2 sama" in previewed(tx, secretary, head)[-1].text
    moved = ["Hasan", "081234567892", "dinkes", "sekretaris"]
    assert "1 berubah" in previewed(tx, moved)[-1].text
    twice = previewed(tx, secretary, moved)[-1].text
    assert "satu orang untuk setiap jabatan" in twice
