"""Questions typed anywhere by anybody are answered and never stored; the unknown goes to the desk once."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from domain.message import plain
from storage import personal, questions
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, refusals, says, taps
from tests.kit.people import BUDI, ORANG, RINA, SARI, WATI
from tests.kit.tables import columns

LIST = Path(__file__).parents[2] / "domain" / "knowledge" / "questions.toml"
DATA = tomllib.loads(LIST.read_text("utf-8"))
QUESTIONS = [question for asked in DATA["asked"].values() for question in asked]
REMARKS = DATA["idle"]["remarks"]
# one place of each kind of question, an indicator, the check page; "" stands at the first question, a text
PLACES = ["", "tahapan", "koordinat", "waktu_penerapan", "permasalahan", "asta_cita", "i17", "i33", "#check"]
UNKNOWN = "apakah hewan ternak boleh ikut lomba"


def count_answers(tx: Transaction) -> int:
    return int(tx.execute("SELECT count(*) FROM answers").fetchone()[0])


def stand_at(tx: Transaction, place: str) -> None:
    says(tx, RINA, "/ajukan")
    if place:
        set_cursor(tx, at=place, pending=None)


def set_cursor(tx: Transaction, **values: object) -> None:
    """Write into where everybody stands in the form."""
    for contact, state in tx.execute("SELECT contact_id, state FROM cursors").fetchall():
        changed = json.dumps(json.loads(state) | values)
        tx.execute("UPDATE cursors SET state = ? WHERE contact_id = ?", (changed, contact))


@pytest.mark.parametrize("place", PLACES)
def test_nothing_that_is_asked_in_the_form_is_stored(tx: Transaction, place: str) -> None:
    stand_at(tx, place)
    for text in (*QUESTIONS, *REMARKS):
        # a thumb answers yes to "is this your answer?", so none of them follows upon another
        set_cursor(tx, pending=None)
        says(tx, RINA, text)
        assert count_answers(tx) == 0, text


def test_a_true_answer_that_begins_with_a_doubt_is_asked_about_and_never_lost(tx: Transaction) -> None:
    stand_at(tx, "tujuan")
    begun = "tidak tahu kapan jadwal posyandu membuat ibu datang terlambat"
    for text, is_asked in ((begun, True), (f"{begun} sekali", True), (f"{begun} tiap bulan", False)):
        set_cursor(tx, pending=None)
        shown = says(tx, RINA, text)
        assert (f"Apakah “{text}” jawabannya?" in plain(shown[-1].text)) == is_asked
        if is_asked:
            taps(tx, RINA, buttons(shown[-1:])[0])
        kept = str(tx.execute("SELECT value FROM answers WHERE question = 'tujuan'").fetchall())
        assert text in kept


@pytest.mark.parametrize(
    "text", ["sy keliru milih level", "pengen brenti dapet notif", "kode undangannya salah"]
)
def test_a_text_that_speaks_to_the_desk_is_no_title_until_one_says_so(tx: Transaction, text: str) -> None:
    stand_at(tx, "")
    shown = says(tx, RINA, text)
    assert count_answers(tx) == 0
    assert f"Simpan “{text}” sebagai jawaban" in str(shown[-1].rows)


@pytest.mark.parametrize(
    "title",
    [
        "Video Tutorial Pajak",
        "Data Satu Pintu",
        "sipandu",
        "SIPANDU <b>baamang</b>",
        "SAPA PEMUDA sistim aduan dan pelayanan pemuda",
        "Layanan Aduan Cepat",
    ],
)
def test_a_title_is_kept_although_its_words_are_known(tx: Transaction, title: str) -> None:
    stand_at(tx, "")
    says(tx, RINA, title)
    assert count_answers(tx) == 1


def test_a_word_of_moving_on_asks_nothing_where_nothing_is_open(tx: Transaction) -> None:
    for word in ("lewati", "Lewati.", "skip", "kembali", "lanjut"):
        shown = says(tx, RINA, word)
        assert "Ajukan inovasi" in str(shown[-1].rows), word
        assert "Selamat datang, Rina" in shown[-1].text, word
    for text, title in (
        ("lewati?", "Melewati pertanyaan"),
        ("boleh dilewati", "Melewati pertanyaan"),
        ("kirim", "Cara mengirim"),
        ("simpan", "Berhenti dan melanjutkan"),
    ):
        assert plain(says(tx, RINA, text)[0].text).startswith(title), text


@pytest.mark.parametrize("promise", ["nanti saya isi", "I will fill it in later"])
def test_a_promise_is_no_wish_to_ask(tx: Transaction, promise: str) -> None:
    text = says(tx, RINA, promise)[0].text
    assert "Silakan tulis pertanyaannya" not in text
    assert "Selamat datang, Rina" in text


def test_what_a_letter_is_about_may_be_said_in_words_of_a_question(tx: Transaction) -> None:
    stand_at(tx, "i16")
    for text, asks in (("Penetapan Inovasi SAPA PEMUDA", False), ("sosialisasi inovasi daerah", True)):
        set_cursor(tx, pending={"letter": {"piece": 0, "part": "subject"}})
        shown = says(tx, RINA, text)
        assert (len(shown) > 1) is asks
        assert (f"Simpan “{text}” sebagai jawaban" in str(shown[-1].rows)) is asks


@pytest.mark.parametrize("person", [RINA, WATI, SARI])
def test_four_of_five_questions_are_answered_in_every_role_without_anything_open(
    tx: Transaction, person: int
) -> None:
    lost = [text for text in QUESTIONS if "belum kami pahami" in says(tx, person, text)[0].text]
    assert len(lost) <= len(QUESTIONS) // 20, lost
    assert count_answers(tx) == 0


@pytest.mark.parametrize("opens", ["/siaran", "/undang", "/opd", "/periode"])
def test_a_question_in_a_dialogue_of_the_desk_is_answered_and_the_dialogue_stays(
    tx: Transaction, opens: str
) -> None:
    says(tx, SARI, opens)
    before = tx.execute("SELECT name, state FROM dialogues").fetchall()
    assert "Replikasi" in says(tx, SARI, "apa itu replikasi?")[0].text
    assert tx.execute("SELECT name, state FROM dialogues").fetchall() == before


def test_only_leaders_and_the_desk_hear_who_has_not_sent(tx: Transaction) -> None:
    asked = "siapa yang belum mengirim?"
    assert "Inspektorat" not in says(tx, RINA, asked)[0].text
    assert "Inspektorat" in says(tx, WATI, asked)[0].text
    assert "Inspektorat" in says(tx, SARI, asked)[0].text


def ask_desk(tx: Transaction) -> int:
    offered = buttons(says(tx, RINA, f"/tanya {UNKNOWN}"))
    taps(tx, RINA, next(data for data in offered if data.startswith("qd:")))
    return questions.open_ones(tx, limit=9)[0].id


def test_a_question_goes_to_the_desk_once_and_only_by_who_asked(tx: Transaction) -> None:
    offered = buttons(says(tx, RINA, f"/tanya {UNKNOWN}"))
    send = next(data for data in offered if data.startswith("qd:"))
    taps(tx, BUDI, send)
    assert questions.open_count(tx) == 0
    for _ in range(2):
        taps(tx, RINA, send)
    assert questions.open_count(tx) == 1
    told = tx.execute("SELECT count(*) FROM outbox WHERE dedupe_key LIKE 'question:%'").fetchone()[0]
    assert told == 1


def test_an_office_cannot_answer_for_the_desk(tx: Transaction) -> None:
    number = ask_desk(tx)
    before = refusals(tx)
    taps(tx, BUDI, f"qa:{number}")
    taps(tx, BUDI, f"qk:{number}")
    assert refusals(tx) == before + 2
    assert questions.kept(tx) == []


def test_the_answer_returns_and_is_kept_without_a_name(tx: Transaction) -> None:
    number = ask_desk(tx)
    taps(tx, SARI, f"qa:{number}")
    says(tx, SARI, "Tanyakan kepada Dinas PMD.")
    taps(tx, SARI, f"qk:{number}")
    assert "Dinas PMD" in says(tx, BUDI, f"{UNKNOWN}?")[0].text
    assert columns(tx, "kept_answers") == ["id", "question", "answer", "kept_at"]


def test_erasing_takes_the_question_and_leaves_what_the_desk_keeps(tx: Transaction) -> None:
    number = ask_desk(tx)
    taps(tx, SARI, f"qa:{number}")
    says(tx, SARI, "Tanyakan kepada Dinas PMD.")
    taps(tx, SARI, f"qk:{number}")
    person = tx.execute("SELECT contact_id FROM questions").fetchone()[0]
    assert personal.kept_about(tx, person)["questions_asked"]
    personal.erase(tx, person, now=MORNING)
    assert tx.execute("SELECT text, answer FROM questions").fetchall() == [("–", "–")]
    assert len(questions.kept(tx)) == 1


def test_a_thumb_says_yes_where_yes_or_no_is_asked_and_nothing_else(tx: Transaction) -> None:
    says(tx, RINA, "/ajukan")
    says(tx, RINA, "👍")
    assert count_answers(tx) == 0
    assert "Apakah “terima kasih” jawabannya?" in says(tx, RINA, "terima kasih")[-1].text
    says(tx, RINA, "👍")
    assert count_answers(tx) == 1


def test_what_only_the_desk_does_is_answered_to_the_desk_as_its_own_work(tx: Transaction) -> None:
    asked = "bagaimana cara ekspor ke excel?"
    assert "Ketik /ekspor" in says(tx, SARI, asked)[0].text
    assert "Ketik /ekspor" not in says(tx, RINA, asked)[0].text


def test_help_at_a_question_and_a_question_about_it_say_the_same(tx: Transaction) -> None:
    stand_at(tx, "koordinat")
    answered = says(tx, RINA, "apa itu koordinat?")[0].text
    assert all(line in says(tx, RINA, "/bantuan")[0].text for line in answered.splitlines())
    stand_at(tx, "i17")
    lines = says(tx, RINA, "apa itu indikator 17?")[0].text.splitlines()
    assert all(line in says(tx, RINA, "/bantuan")[0].text for line in lines[1:])


@pytest.mark.parametrize("person", [RINA, WATI, SARI])
def test_the_figure_and_its_target_are_read_from_the_tables_in_every_role(
    tx: Transaction, person: int
) -> None:
    assert "target" in says(tx, person, "target kita berapa?")[0].text.casefold()


def test_the_desk_is_asked_once_whom_people_may_call_and_everybody_reads_it(tx: Transaction) -> None:
    assert "dc:ask" in buttons(says(tx, SARI, "/start"))
    taps(tx, SARI, "dc:ask")
    assert "Ibu Sari, 0812-3456-7890" in says(tx, SARI, "Ibu Sari, 0812-3456-7890")[0].text
    for person, asked in [(RINA, "hubungi siapa?"), (WATI, "/bantuan"), (ORANG, "/start")]:
        assert "Ibu Sari, 0812-3456-7890" in says(tx, person, asked)[0].text
    assert "dc:ask" not in buttons(says(tx, SARI, "/start"))
    assert "dc:ask" in buttons(says(tx, SARI, "kontak"))
    audited = tx.execute("SELECT detail FROM audit WHERE action = 'desk_contact_set'").fetchall()
    assert len(audited) == 1


def test_later_is_not_asked_again_and_nobody_else_may_say_it(tx: Transaction) -> None:
    assert "dc:ask" not in buttons(says(tx, WATI, "/start"))
    before = refusals(tx)
    taps(tx, RINA, "dc:ask")
    assert refusals(tx) == before + 1
    taps(tx, SARI, "dc:later")
    assert "dc:ask" not in buttons(says(tx, SARI, "/start"))
    assert "Desk Inovasi di Bapperida" in says(tx, RINA, "hubungi siapa?")[0].text
