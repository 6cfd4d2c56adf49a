"""All reminders are held by a reason and a second tap; each text can be read as its receiver would."""

from __future__ import annotations

import json

import pytest

from domain.buttons import ChangeYes
from storage import occurrences
from storage.engine.sqlite import SqliteTransaction
from storage.engine.transaction import Transaction
from tests.handlers.test_words_of_pages import looks
from tests.kit.desk_turns import DESK, buttons, refusals, says, taps
from tests.kit.people import RINA, SARI


def test_holding_asks_for_a_reason_and_a_second_tap_and_is_audited(tx: Transaction) -> None:
    assert "alasan" in taps(tx, SARI, "rp:off")[0].text.casefold()
    assert occurrences.paused_since(tx) is None
    asked = says(tx, SARI, "Server dipindahkan malam ini")
    assert occurrences.paused_since(tx) is None
    taps(tx, SARI, next(data for data in buttons(asked) if data.startswith(ChangeYes.head)))
    assert occurrences.paused_since(tx) is not None
    detail = tx.execute("SELECT detail FROM audit WHERE action = 'reminders_paused'").fetchall()
    assert [json.loads(row[0])["reason"] for row in detail] == ["Server dipindahkan malam ini"]
    page = says(tx, SARI, "/pengingat")[0].text
    assert "Sari" in page
    assert "Server dipindahkan malam ini" in page
    assert "Berikutnya" not in page
    assert "Bila tidak ditahan, " in page
    taps(tx, SARI, "rp:on")
    assert "Berikutnya" in says(tx, SARI, "/pengingat")[0].text
    assert occurrences.paused_since(tx) is None


NAMED_PAGES = (
    ("/pengingat simulasi", "menerima pesan"),
    ("pengingat siapa", "menerima pesan"),
    ("/pengingat rencana", "Rencana"),
    ("/reminders out of reach", "terjangkau"),
    ("/pengingat Tahan semua", "alasan"),
    ("/jeda", "alasan"),
    ("/jeda ON", "alasan"),
    ("jeda on", "alasan"),
    ("/jeda off", "memang sedang berjalan"),
    ("/pengingat on", "memang sedang berjalan"),
    ("/pengingat apa saja", "Pengingat otomatis"),
)


@pytest.mark.parametrize(("typed", "told"), NAMED_PAGES)
def test_a_page_or_the_switch_is_opened_by_its_name(tx: Transaction, typed: str, told: str) -> None:
    assert told.casefold() in says(tx, SARI, typed)[0].text.casefold()


def test_the_switch_is_turned_by_its_name_and_by_nobody_else(tx: Transaction) -> None:
    says(tx, SARI, "/jeda on")
    asked = says(tx, SARI, "Server dipindahkan malam ini")
    taps(tx, SARI, next(data for data in buttons(asked) if data.startswith(ChangeYes.head)))
    assert "ditahan" in says(tx, SARI, "/jeda on")[0].text
    says(tx, RINA, "/jeda off")
    assert occurrences.paused_since(tx) is not None
    says(tx, SARI, "/jeda off")
    assert occurrences.paused_since(tx) is None


def test_the_reason_is_asked_once_and_dropped_where_reminders_go_on(tx: SqliteTransaction) -> None:
    asked = looks(tx, SARI, "/jeda on")
    assert "alasan" in asked[0].text
    assert looks(tx, SARI, "/jeda") == asked
    going = looks(tx, SARI, "/jeda off")
    assert len(going) == 1
    assert "memang sedang berjalan" in going[0].text


def test_nobody_but_the_desk_holds_or_reads_them(tx: Transaction) -> None:
    before = refusals(tx)
    taps(tx, RINA, "rp:off")
    taps(tx, RINA, "rw:0")
    assert refusals(tx) == before + 2
    assert occurrences.paused_since(tx) is None


TRIGGERS = tuple(
    dict.fromkeys(
        rule.trigger for rule in DESK.desk_data.reminders.by_id.values() if rule.readers == "office"
    )
)


@pytest.mark.parametrize("at", range(len(TRIGGERS)))
def test_every_reminder_is_shown_as_its_receiver_reads_it(tx: Transaction, at: int) -> None:
    text = taps(tx, SARI, f"rw:{at}")[0].text
    assert "Tidak ada yang dikirim" in text
    assert "{" not in text
    assert len(text) < 1500
    assert not {data for data in buttons(taps(tx, SARI, f"rw:{at}")) if data.startswith(("rm:", "nd:", "f:"))}
