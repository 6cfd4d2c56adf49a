"""Words that stand on a page lead where they point, whether on a button or beside it."""

from __future__ import annotations

from itertools import count

import pytest

from domain.message import Message
from storage import outbox
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, heard, says
from tests.kit.people import RINA, SARI, WATI

NUMBERS = count(1_000_000)  # of rows of the inbox that nothing else has


def looks(tx: SqliteTransaction, person: int, text: str) -> list[Message]:
    """Type a text, and have the answer on the phone, so that its buttons count for what is typed next."""
    answered, number = says(tx, person, text), next(NUMBERS)
    outbox.answer(tx, number, channel="telegram", address=str(person), messages=answered, now=MORNING)
    tx.execute("UPDATE outbox SET state = 'sent' WHERE dedupe_key LIKE ?", (f"{outbox.ANSWER}{number}:%",))
    return answered


@pytest.mark.parametrize(
    ("person", "page", "typed", "answer"),
    [
        (SARI, "/opd", "belum terjangkau", "Terjangkau lewat bot"),
        (SARI, "/opd", "Sudah mengirim", "Perangkat daerah, sudah mengirim: "),
        (SARI, "/opd", "yang belum", "Perangkat daerah, belum: "),
        (SARI, "/opd", "dikecualikan", "Perangkat daerah, dikecualikan: tidak ada"),
        (SARI, "/opd", "impor", "Kirim daftarnya di sini"),
        (SARI, "/opd", "dinkes", "Dinas Kesehatan (Dinkes)"),
        (WATI, "/status", "perlu dihubungi", "Perangkat daerah dengan inovasi"),
        (WATI, "/status", "sudah mengirim", "Perangkat daerah dengan inovasi"),
        (WATI, "/status", "inovasi dihitung", "Mengapa "),
        (WATI, "/status", "angka", "Mengapa "),
        (SARI, "/antrean", "menunggu", "Menunggu pemeriksaan: "),
        (SARI, "/antrean", "dikembalikan", "Sedang diperbaiki perangkat daerah: "),
        (SARI, "/antrean", "sudah diputuskan", "Selesai: "),
        (SARI, "/ekspor", "cetak", "Untuk inovasi mana lembar cetak ini?"),
        (SARI, "/ekspor", "portal", "Untuk inovasi mana lembar unggah ini?"),
    ],
)
def test_words_of_a_page_lead_where_they_point(
    busy: SqliteTransaction, person: int, page: str, typed: str, answer: str
) -> None:
    looks(busy, person, page)
    assert answer in heard(looks(busy, person, typed))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("terakhir", "Hal. 1 dari 8 ▶"),
        ("halaman terakhir", "Hal. 1 dari 8 ▶"),
        ("hal 5", "Hal. 6 dari 8 ▶"),
        ("halaman 1", "Hal. 2 dari 8 ▶"),
        ("Hal. 8", "Hal. 1 dari 8 ▶"),
        ("berikutnya", "Hal. 3 dari 8 ▶"),
        ("lanjut", "Hal. 3 dari 8 ▶"),
        ("halaman berikutnya", "Hal. 3 dari 8 ▶"),
        ("the next page", "Hal. 3 dari 8 ▶"),
        ("sebelumnya", "Hal. 1 dari 8 ▶"),
    ],
)
def test_a_page_is_turned_to_by_its_number_and_the_last_one_by_a_word(
    busy: SqliteTransaction, typed: str, shown: str
) -> None:
    looks(busy, SARI, "/opd")
    turned = looks(busy, SARI, typed)
    assert shown in [choice.label for row in turned[-1].rows for choice in row]
    again = looks(busy, SARI, "hal 2")  # also from there
    assert "Hal. 3 dari 8 ▶" in [choice.label for row in again[-1].rows for choice in row]


def test_a_word_of_a_button_that_takes_something_away_is_asked_about(busy: SqliteTransaction) -> None:
    busy.execute("UPDATE invitations SET expires_at = '2026-01-01' WHERE id <> 22")
    looks(busy, SARI, "/undang")
    looks(busy, SARI, "undangan terbuka")
    asked = looks(busy, SARI, "cabut")
    assert "Maksud Bapak/Ibu “Cabut nomor 1”?" in heard(asked)
    assert buttons(asked) == ["u:off:22"]
    assert "dicabut" in heard(looks(busy, SARI, "Cabut nomor 1"))


@pytest.mark.parametrize(("typed", "shown"), [("hal 9", "Hal. 1 dari 8 ▶"), ("hal 0", "Hal. 2 dari 8 ▶")])
def test_of_a_page_there_is_none_of_the_nearest_is_shown(
    busy: SqliteTransaction, typed: str, shown: str
) -> None:
    looks(busy, SARI, "/opd")
    turned = looks(busy, SARI, typed)
    assert "Daftar ini hanya sampai halaman 8." in heard(turned)
    assert shown in [choice.label for row in turned[-1].rows for choice in row]


def test_in_the_form_only_what_names_a_page_turns_it(busy: SqliteTransaction) -> None:
    looks(busy, RINA, "/ajukan")
    for answer in ("LAPOR CEPAT", "penerapan", "1", "Bupati", "1", "lewati", "digital", "2", "4", "non pkpn"):
        asked = looks(busy, RINA, answer)
    assert "Urusan pemerintahan utama" in heard(asked)
    turned = looks(busy, RINA, "halaman berikutnya")
    assert "Hal. 3 dari 8 ▶" in [choice.label for row in turned[-1].rows for choice in row]
    assert "beririsan" in heard(looks(busy, RINA, "berikutnya"))


def test_the_audience_of_an_announcement_takes_the_words_of_its_buttons(busy: SqliteTransaction) -> None:
    looks(busy, SARI, "/siaran")
    looks(busy, SARI, "Ini uji.")
    assert "Ketuk sekali: ikut" in heard(looks(busy, SARI, "kelompok"))
    assert "langkah 2 dari 3" in heard(looks(busy, SARI, "kembali"))
    assert "Penerima siaran" in heard(looks(busy, SARI, "penerima"))


def test_behind_status_the_offices_that_fit_are_offered(busy: SqliteTransaction) -> None:
    for said in ("/status mentaya hilir", "status mentaya hilir"):
        asked = looks(busy, WATI, said)
        assert "mana yang Bapak/Ibu maksud?" in heard(asked)
        labels = [choice.label for row in asked[-1].rows for choice in row]
        assert "Kecamatan Mentaya Hilir Selatan" in labels
        assert "Kecamatan Mentaya Hilir Utara" in labels
    assert "Mentaya Hilir Utara" in heard(looks(busy, WATI, "Kecamatan Mentaya Hilir Utara"))


def test_behind_status_what_is_nothing_is_said_to_be_neither(busy: SqliteTransaction) -> None:
    answer = heard(looks(busy, RINA, "/status qwertz"))
    assert "perangkat daerah, inovasi, dan tanggal" in answer
    assert "sebagai tanggal" in heard(looks(busy, RINA, "/status 99 qwertz"))


def test_words_of_a_button_that_decides_are_asked_about(busy: SqliteTransaction) -> None:
    """Nothing that cannot be taken back happens by a part of its label."""
    looks(busy, RINA, "/draf")
    asked = looks(busy, RINA, "buang")
    assert buttons(asked)
    assert busy.execute("SELECT count(*) FROM innovations WHERE discarded_at IS NOT NULL").fetchone() == (0,)
