"""At every question and every indicator alike: the way back, leaving, discarding, and what comes unasked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from domain import buttons
from domain.message import Choice, FileRef, Inbound, Kind, Message, StoredFile
from handlers.assembly import build
from handlers.desk import Desk
from scheduler import housekeeping, reminders
from storage import innovations, occurrences, outbox
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.complete import COMPLETE
from tests.kit.databases import Content, filled, in_memory, with_people
from tests.kit.desk_turns import DESK
from tests.kit.people import RINA

AFTER_RESTART = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
QUESTIONS = [question.id for question in DESK.desk_data.form.in_year(2026)]
PLACES = [*QUESTIONS, *(f"i{number}" for number in range(16, 36))]
DEADLINE_30 = datetime.fromisoformat("2026-11-13T10:00+07:00")  # H-30 of 15 December is a Sunday
PDF = StoredFile("cd" * 32, "pdf", "bukti.pdf", 9000)
PHOTO = StoredFile("ef" * 32, "jpg", "foto.jpg", 9000)
DEVELOPED = {"ada_perkembangan": "ya", "waktu_pengembangan": "2025-08-01", "penjelasan_kembang": "Aplikasi"}
TYPED = {
    "text": "Kata yang baru",
    "long": "Kata yang baru",
    "multi": "Sosial",
    "date": "4 Maret 2025",
    "number": "7",
    "location": "-2.5402, 112.9511",
}


@cache
def with_a_draft() -> Content:
    """A draft in which every question applies, and is answered."""

    def fill(tx: Transaction) -> None:
        does(tx, text="/ajukan")
        more = {
            "ada_perkembangan": "ya",
            "waktu_pengembangan": "2025-08-01",
            "penjelasan_kembang": "Aplikasi",
        }
        levels: dict[str, Any] = {f"i{no}": {"level": 1} for no in range(16, 36)}
        levels["i33"] = {"level": 1, "basis": "a", "number": "5"}
        innovations.write(tx, 1, changes={**COMPLETE, **more, **levels}, before={}, by=1, now=MORNING)

    return filled(with_people(), fill)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_a_draft())) as connection:
        connection.execute("BEGIN")
        yield connection


def does(
    tx: Transaction,
    *,
    text: str = "",
    tap: str = "",
    file: StoredFile | None = None,
    now: datetime = MORNING,
    desk: Desk = DESK,
) -> list[Message]:
    """Let Rina type, tap or send something; what is answered stands on her phone."""
    kind = Kind.FILE if file else Kind.BUTTON if tap else Kind.TEXT
    ref = FileRef("id", "document", file.name, "", file.size) if file else None
    inbound = Inbound(
        "telegram", str(RINA), kind, text=text, button=tap, callback_id="1", file=ref, name="Rina"
    )
    said = list(desk.take(tx, inbound, fetched=file, now=now))
    for message in said:
        arrives(tx, message, priority=outbox.REPLY, now=now)
    return said


def arrives(tx: Transaction, message: Message, *, priority: int, now: datetime) -> None:
    """Have a message of ours on her phone."""
    terms = outbox.Terms(priority=priority)
    outbox.insert(tx, channel="telegram", address=str(RINA), message=message, now=now, terms=terms)
    tx.execute("UPDATE outbox SET state = 'sent', sent_at = created_at WHERE state = 'waiting'")


def stands_at(tx: Transaction) -> str:
    """Where she stands in the draft."""
    return str(json.loads(tx.execute("SELECT state FROM cursors").fetchone()[0])["at"])


def each(tx: Transaction, places: Sequence[str], *, now: datetime = MORNING) -> Iterator[str]:
    """Go to one place after the other, each from the same beginning."""
    for place in places:
        tx.execute("SAVEPOINT place")
        does(tx, tap=f"f:1:#list:0:j:{place}", now=now)
        assert stands_at(tx) == place
        yield place
        tx.execute("ROLLBACK TO place")
        tx.execute("RELEASE place")


def test_back_shows_what_was_asked_before_with_its_answer_also_after_a_restart(tx: Transaction) -> None:
    before, form = innovations.answers(tx, 1), DESK.desk_data.form
    earlier = {place: one for one, place in pairwise(QUESTIONS)}
    for place in each(tx, QUESTIONS[1:]):
        shown = does(tx, text="kembali", desk=AFTER_RESTART)[-1].text
        assert stands_at(tx) == earlier[place]
        question = form.by_id[earlier[place]]
        assert question.ask.id in shown
        assert ("Jawaban sekarang" in shown) == (question.id in before), place
        assert innovations.answers(tx, 1) == before


def test_back_leads_from_an_indicator_to_the_one_before_also_after_a_restart(tx: Transaction) -> None:
    before, first, *later = innovations.answers(tx, 1), *PLACES[len(QUESTIONS) :]
    for place, earlier in zip(later, (first, *later), strict=False):
        does(tx, tap=f"f:1:#list:0:j:{place}")
        shown = does(tx, text="kembali", desk=AFTER_RESTART)[-1].text
        assert stands_at(tx) == earlier
        assert f"{earlier[1:]}" in shown
        assert "Jawaban sekarang: tingkat 1" in shown
        assert innovations.answers(tx, 1) == before
    does(tx, tap=f"f:1:#list:0:j:{first}")
    does(tx, text="kembali")
    assert stands_at(tx) == "#ind"


@pytest.mark.parametrize(("opening", "place"), [("25", "i25"), ("Bimtek inovasi", "i20")])
def test_back_leads_to_the_list_an_indicator_was_opened_from(
    tx: Transaction, opening: str, place: str
) -> None:
    does(tx, tap="f:1:#list:0:j:#ind")
    does(tx, text=opening)
    assert stands_at(tx) == place
    does(tx, text="kembali", desk=AFTER_RESTART)
    assert stands_at(tx) == "#ind"
    does(tx, text=opening)
    does(tx, text="lanjut")
    does(tx, text="kembali")
    assert stands_at(tx) == place, "behind the first one it leads through the indicators"


@pytest.mark.parametrize(("days", "is_back"), [(6, True), (8, False)])
def test_it_is_left_and_discarded_only_when_asked_twice_and_back_for_seven_days(
    tx: Transaction, days: int, is_back: bool
) -> None:
    before = innovations.answers(tx, 1)
    for place in each(tx, PLACES):
        does(tx, text="simpan & keluar")
        assert tx.execute("SELECT count(*) FROM dialogues").fetchone() == (0,), place
        assert innovations.answers(tx, 1) == before
        does(tx, tap=f"f:1:#list:0:j:{place}")
        asked = does(tx, text="buang draf")
        assert tx.execute("SELECT discarded_at FROM innovations").fetchone() == (None,), place
        does(tx, tap=next(c.data for row in asked[-1].rows for c in row if c.data.endswith(":yes")))
        assert tx.execute("SELECT discarded_at FROM innovations").fetchone() != (None,), place
        does(tx, tap=buttons.TakeBackDraft(1).data(), now=MORNING + timedelta(days=days))
        back = tx.execute("SELECT discarded_at FROM innovations").fetchone() == (None,)
        assert back is is_back, place
        assert innovations.answers(tx, 1) == before


def test_a_reminder_and_an_announcement_leave_the_open_question_open(tx: Transaction) -> None:
    """F17: whatever stands below it by now, the next answer lands where it was asked for."""
    hour = timedelta(hours=1)
    for place in each(tx, PLACES, now=DEADLINE_30 - hour):
        before = innovations.answers(tx, 1)
        remind(tx)
        read = ((Choice("✔ Sudah dibaca", buttons.BroadcastRead(1)),),)
        arrives(tx, Message("Bimtek hari Senin.", read), priority=outbox.BROADCAST, now=DEADLINE_30)
        assert (stands_at(tx), innovations.answers(tx, 1)) == (place, before)
        answer(tx, place)
        after = innovations.answers(tx, 1)
        changed = {name for name in after if after[name] != before.get(name)}
        assert changed == {place}, place


def remind(tx: Transaction) -> None:
    """Let the reminder of that morning arrive."""
    person = occurrences.candidate(tx, 1)
    assert person is not None
    since = DEADLINE_30 - timedelta(hours=3)
    told = reminders.tell(tx, DESK.desk_data, people=[person], since=since, now=DEADLINE_30)
    assert told.count == 1
    ((row,),) = tx.execute("SELECT id FROM outbox WHERE state = 'waiting'").fetchall()
    assert reminders.may_leave(tx, DESK.desk_data, outbox_id=row, now=DEADLINE_30)
    tx.execute("UPDATE outbox SET state = 'sent', sent_at = created_at WHERE id = ?", (row,))


def answer(tx: Transaction, place: str) -> None:
    """Answer a question with something else than what is kept, by a number wherever one will do."""
    now = DEADLINE_30 + timedelta(minutes=1)
    if place.removeprefix("i").isdecimal():
        does(tx, text="a" if place == "i33" else "3", now=now)
        if place == "i33":
            does(tx, text="900", now=now)
        return
    question = DESK.desk_data.form.by_id[place]
    if question.kind == "file":
        does(tx, file=PHOTO if "jpg" in question.accepts and "pdf" not in question.accepts else PDF, now=now)
    elif question.kind == "choice":
        kept = innovations.answers(tx, 1)[place]
        does(tx, text="1" if kept != question.options[0].id else "2", now=now)
    else:
        does(tx, text=TYPED[question.kind], now=now)


@pytest.mark.parametrize("after", [timedelta(hours=1), timedelta(days=1), timedelta(days=31)])
def test_who_returns_is_offered_to_go_on_to_look_or_to_begin_anew(tx: Transaction, after: timedelta) -> None:
    does(tx, tap="f:1:#list:0:j:tujuan")
    does(tx, text="simpan & keluar")
    shown = does(tx, text="/start", now=MORNING + after)[-1]
    labels = [choice.label for row in shown.rows for choice in row]
    assert labels == ["Lanjutkan isian", "Lihat isian", "Mulai baru"]


def test_a_draft_lies_there_as_long_as_the_period_whatever_is_swept(tx: Transaction) -> None:
    before, later = innovations.answers(tx, 1), MORNING + timedelta(days=45)
    for portion in housekeeping.portions(later, timedelta(days=30)).values():
        portion(tx, 0)
    does(tx, text="/draf", now=later)
    does(tx, text="lanjut", now=later)
    assert tx.execute("SELECT name FROM dialogues").fetchall() == [("form",)]
    assert innovations.answers(tx, 1) == before


def test_a_bare_yes_is_never_for_a_question_that_came_unasked(tx: Transaction) -> None:
    asked = Message("Hentikan pengingat?", ((Choice("Ya, hentikan", buttons.Privacy("silent")),),))
    for _ in each(tx, [place for place in QUESTIONS if DESK.desk_data.form.by_id[place].kind == "long"]):
        arrives(tx, asked, priority=outbox.REMINDER, now=MORNING)
        does(tx, text="ya")
        assert tx.execute("SELECT count(*) FROM silences").fetchone() == (0,)
