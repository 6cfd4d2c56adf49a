"""What a person answers in the moment the desk closes the period is kept in the draft, once, and nothing else
is.
"""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from domain.message import Inbound, Kind
from storage import periods
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import fill_in
from tests.kit.desk_turns import DESK, buttons, refusals, says, taps
from tests.kit.people import BUDI, RINA, TONO

CLOSE = "UPDATE periods SET state = 'closed'"
KEPT = "Jawaban terakhir Bapak/Ibu tetap kami simpan"


def answers(tx: Transaction) -> dict[str, str]:
    rows = tx.execute("SELECT question, value FROM answers WHERE innovation_id = 1").fetchall()
    return {question: json.loads(value) for question, value in rows}


@pytest.fixture
def at_the_stage(tx: Transaction) -> list[str]:
    """The buttons of the second question."""
    says(tx, RINA, "/ajukan")
    return buttons(says(tx, RINA, "SIPANDU"))


def test_a_typed_answer_is_kept_once(tx: Transaction, at_the_stage: list[str]) -> None:
    tx.execute(CLOSE)
    assert KEPT in says(tx, RINA, "penerapan")[0].text
    assert answers(tx) == {"nama": "SIPANDU", "tahapan": "penerapan"}
    says(tx, RINA, "opd")
    assert answers(tx) == {"nama": "SIPANDU", "tahapan": "penerapan"}


def test_a_tapped_answer_is_kept_once(tx: Transaction, at_the_stage: list[str]) -> None:
    option = at_the_stage[2]
    tx.execute(CLOSE)
    assert KEPT in taps(tx, RINA, option)[0].text
    kept = answers(tx)
    assert set(kept) == {"nama", "tahapan"}
    assert KEPT not in taps(tx, RINA, option)[0].text
    assert answers(tx) == kept


@pytest.mark.parametrize("said", ["terima kasih", "apa maksudnya?", "/bantuan"])
def test_what_is_no_answer_changes_nothing(tx: Transaction, at_the_stage: list[str], said: str) -> None:
    tx.execute(CLOSE)
    assert KEPT not in says(tx, RINA, said)[0].text
    assert answers(tx) == {"nama": "SIPANDU"}


def test_a_button_of_somebody_who_has_it_not_open_writes_nothing(
    tx: Transaction, at_the_stage: list[str]
) -> None:
    option = at_the_stage[2]
    tx.execute(CLOSE)
    for person in (BUDI, TONO):
        before = refusals(tx)
        taps(tx, person, option)
        assert refusals(tx) == before + 1
    assert answers(tx) == {"nama": "SIPANDU"}


def test_only_its_own_office_reads_a_draft_of_a_closed_period(
    tx: Transaction, at_the_stage: list[str]
) -> None:
    assert "SIPANDU" not in taps(tx, RINA, "cd:1")[0].text  # it is open: it is filled in, not read
    tx.execute(CLOSE)
    (page,) = taps(tx, BUDI, "cd:1")
    assert "SIPANDU" in page.text
    before = refusals(tx)
    assert "SIPANDU" not in taps(tx, TONO, "cd:1")[0].text
    assert refusals(tx) == before + 1


LATE = datetime.fromisoformat("2026-12-16T09:00+07:00")  # the day after the deadline


@pytest.mark.parametrize(("is_closed", "now"), [(True, MORNING), (False, LATE)])
def test_sending_is_refused_with_the_date_and_whom_to_ask_and_nothing_is_lost(
    tx: Transaction, is_closed: bool, now: datetime
) -> None:
    """F87: by the desk's closing, and by the deadline alone."""
    says(tx, RINA, "/ajukan")
    fill_in(tx, 1, by=1, now=MORNING)
    before = answers(tx)
    send = next(data for data in buttons(taps(tx, RINA, "f:1:#check:0:check")) if data.endswith(":send"))
    if is_closed:
        tx.execute(CLOSE)
    inbound = Inbound("telegram", str(RINA), Kind.BUTTON, button=send, callback_id="1", name="Rina")
    (told, *_) = DESK.take(tx, inbound, fetched=None, now=now)
    assert "15 Desember 2026" in told.text
    assert "hubungi Desk Inovasi di Bapperida" in told.text
    assert "tersimpan" in told.text
    assert told.rows
    assert tx.execute("SELECT state FROM innovations").fetchall() == [("draf",)]
    assert answers(tx) == before


@pytest.mark.parametrize("after_deadline", [False, True])
def test_whoever_is_refused_reads_when_and_why_it_was_closed(tx: Transaction, after_deadline: bool) -> None:
    """F87: closed early the day is the closing's, not the deadline's that is still to come."""
    says(tx, RINA, "/ajukan")
    period = periods.current(tx)
    assert period is not None
    now = LATE if after_deadline else MORNING
    periods.set_open(tx, period, is_open=False, reason="Portal nasional sudah ditutup.", by=1, now=now)
    day = "batas waktunya 15 Desember 2026." if after_deadline else "ditutup pada 2 Maret 2026, sebelum batas"
    for typed in ("SIPANDU", "/draf", "/ajukan", "/tugas", "/status", "kapan batas waktunya?"):
        told = says(tx, RINA, typed)[0].text
        assert day in told, typed
        assert "Alasan: Portal nasional sudah ditutup." in told, typed
    period = periods.load(tx, period.id)
    periods.set_open(tx, period, is_open=True, reason="Diperpanjang.", by=1, now=now)
    assert periods.load(tx, period.id).closing is None
