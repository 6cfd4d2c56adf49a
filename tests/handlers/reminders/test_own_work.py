"""What the desk's morning note says of its own work."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta

import pytest

from storage import contacts, periods, questions
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import filled, in_memory, with_people
from tests.kit.desk_turns import says
from tests.kit.handed_in import handed_in
from tests.kit.people import RINA, SARI

TITLES = ("Antre Daring", "Bank Sampah", "Posyandu Remaja", "Kelas Ibu", "Lapor Jalan")
SUNDAY_BEFORE, MONDAY_BEFORE = 8, 7  # days; since then six and five working days have passed


@pytest.mark.parametrize(("days", "is_late"), [(SUNDAY_BEFORE, True), (MONDAY_BEFORE, False), (0, False)])
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_waits_longer_than_five_working_days_is_named(days: int, is_late: bool, language: str) -> None:
    """F46; of many the first three are named and the others counted, as the queue has them."""
    with closing(in_memory(filled(with_people(), lambda tx: None))) as tx:
        for title in TITLES:
            handed_in(tx, title, now=MORNING)
        came = MORNING - timedelta(days=days)
        for number in range(1, 5):
            at = utc_text(came + timedelta(minutes=number))
            tx.execute("UPDATE innovations SET came_at = ? WHERE id = ?", (at, number))
        tx.execute("UPDATE contacts SET language = ?", (language,))
        note = says(tx, SARI, "/tugas")[0].text
        assert ("5 inovasi menunggu diperiksa" if language == "id" else "5 innovations wait") in note
        late = {
            "id": "Lebih dari 5 hari kerja: Antre Daring (Dinkes, 6 hari kerja); "
            "Bank Sampah (Dinkes, 6 hari kerja); Posyandu Remaja (Dinkes, 6 hari kerja); dan 1 lagi.",
            "en": "Over 5 working days: Antre Daring (Dinkes, 6 working days); "
            "Bank Sampah (Dinkes, 6 working days); Posyandu Remaja (Dinkes, 6 working days); and 1 more.",
        }[language]
        assert (late in note) is is_late
        assert ("Lebih dari" in note or "Over 5" in note) is is_late


def test_what_a_closed_period_left_is_named_with_its_year() -> None:
    with closing(in_memory(filled(with_people(), lambda tx: None))) as tx:
        handed_in(tx, "Antre Daring", now=MORNING - timedelta(days=SUNDAY_BEFORE))
        period = periods.current(tx)
        assert period is not None
        periods.set_open(tx, period, is_open=False, reason="lengkap", by=1, now=MORNING)
        year = period.year + 1
        opens = date(year, 1, 5)
        new = periods.NewPeriod(year=year, rule_year=2026, opens_on=opens, deadline=date(year, 12, 15))
        periods.open_period(tx, new, now=MORNING)
        assert "Antre Daring (Dinkes, masa 2026, 6 hari kerja)" in says(tx, SARI, "/tugas")[0].text


def test_the_work_of_the_desk_is_one_message_its_questions_first_to_tap() -> None:
    with closing(in_memory(filled(with_people(), lambda tx: None))) as tx:
        asks(tx, "bolehkah rapat di aula kecamatan")
        (told,) = says(tx, SARI, "/tugas")
        assert "Catatan pagi" in told.text
        assert "Menunggu jawaban Desk: 1 pertanyaan" in told.text
        assert told.rows[0][0].label.startswith("bolehkah")


def asks(tx: Transaction, text: str) -> None:
    """Let the PIC of Dinkes pass a question on to the desk."""
    rina = contacts.by_address(tx, "telegram", address=str(RINA))
    assert rina is not None
    number = questions.note(tx, rina.id, text=text, innovation_id=0, place="", now=MORNING)
    questions.send(tx, number, by=rina.id)
