"""Words are enough: commands, offices and innovations by what people call them, whoever asks."""

from __future__ import annotations

import pytest

from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, heard, refusals, says
from tests.kit.handed_in import handed_in
from tests.kit.people import ORANG, RINA, SARI, TONO, WATI

ASKED = "atau ini jawabannya?"


@pytest.mark.parametrize(
    ("person", "said", "answer"),
    [
        (RINA, "ajukan inovasi", "Ada draf SIPANDU"),
        (RINA, "AJUKAN INOVASI!", "Ada draf SIPANDU"),
        (RINA, "saya mau ajukan inovasi", "Ada draf SIPANDU"),
        (RINA, "selamat siang, ulun handak manyampaikan inovasi", "Ada draf SIPANDU"),
        (RINA, "kami mau menyampaikan inovasi", "Ada draf SIPANDU"),
        (RINA, "pak saya mau lapor inovasi kecamatan", "Ada draf SIPANDU"),
        (RINA, "mau ngirim inovasi baru", "Ada draf SIPANDU"),
        (RINA, "I'd like to submit an innovation", "Ada draf SIPANDU"),
        (WATI, "kasih contoh dong", "Silakan tulis pertanyaannya"),
        (RINA, "sttus", "Perkiraan Indeks"),
        (RINA, "tugass", "Desk Inovasi · Dinas Kesehatan"),
        (RINA, "inovasi kami", "Data Satu Pintu 1"),
        (RINA, "dinas kesehatan", "OPD (Perangkat Daerah)?"),  # asked: who began it
        (SARI, "antrean", "Antrean pemeriksaan"),
        (SARI, "Antrian", "Antrean pemeriksaan"),
        (SARI, "mohon buka antrean pak", "Antrean pemeriksaan"),
        (SARI, "siarn", "Siaran · langkah 1"),
        (SARI, "grafik", "Perkiraan Indeks"),
        (SARI, "siapa yang terjangkau", "Terjangkau lewat bot"),
        (WATI, "capaian", "menurut poin yang dihitung"),
        (WATI, "capaian dinkes", "Data Satu Pintu 1"),
        (SARI, "lihat capaian", "menurut poin yang dihitung"),
        (RINA, "capaian", "Perkiraan Indeks"),
        (RINA, "capaian dinas", "Perkiraan Indeks"),
        (RINA, "achievements", "Perkiraan Indeks"),
        (RINA, "capain", "Perkiraan Indeks"),
        (SARI, "0029", "SIPANDU Posyandu Terpadu\nDinas Kesehatan\nDI-2026-0029"),
        (SARI, "no. 0029", "DI-2026-0029"),
        (SARI, "di 2026 29", "DI-2026-0029"),
        (SARI, "sipandu", "DI-2026-0029"),
        (SARI, "SIPANDU Posyandu Trpadu", "DI-2026-0029"),
        (SARI, "dinkes", "Dinas Kesehatan (Dinkes)"),
        (SARI, "baamang", "Kecamatan Baamang"),
        (SARI, "kec. Bamang", "Kecamatan Baamang"),
        (WATI, "dinkes", "Dinas Kesehatan\nTerkirim 3"),
        (WATI, "0029", "SIPANDU Posyandu Terpadu (Dinkes)"),
        (WATI, "staus", "Perkiraan Indeks"),
        (WATI, "undang", "tidak tersedia untuk peran"),
        # a command with what it reads behind its word
        (SARI, "bahasa en", "we speak English"),
        (SARI, "Bahasa Inggris, pak", "we speak English"),
        (SARI, "ganti bahasa ke inggris", "we speak English"),
        (SARI, "english please", "we speak English"),
        (SARI, "/bahasa inggris", "we speak English"),
        (SARI, "bahasa indonesia", "kita memakai Bahasa Indonesia"),
        (SARI, "/bahasa indonesia", "kita memakai Bahasa Indonesia"),
        (SARI, "bahasa jerman", "Ketik /bahasa"),
        (SARI, "opd dinkes", "Dinas Kesehatan (Dinkes)"),
        (SARI, "undang dinkes", "PIC inovasi Dinas Kesehatan"),
        (SARI, "status 1 Maret 2026", "keadaan akhir 1 Maret 2026"),
        (SARI, "status gizi", "Sudah sampai mana"),  # no day
        (SARI, "tanya bagaimana membuat kopi", "Mungkin ini"),
        (SARI, "antrean DI-2026-0029", "SIPANDU Posyandu Terpadu"),
        (WATI, "inovasi DI-2026-0029", "SIPANDU Posyandu Terpadu"),
        (WATI, "inovasi dinas kesehatan", "Dinas Kesehatan\nTerkirim 3"),
        (SARI, "inovasi dinkes", "Dinas Kesehatan\nTerkirim 3"),
        (SARI, "status dinas kesehatan", "Dinas Kesehatan\nTerkirim 3"),
        (WATI, "inovasi sipandu posyandu terpadu", "SIPANDU Posyandu Terpadu (Dinkes)"),
        (ORANG, "english please", "once you have enrolled"),
        (ORANG, "mulai KDE22-UJA99", "Kode itu tidak kami kenali"),
    ],
)
def test_a_name_is_enough(busy: SqliteTransaction, person: int, said: str, answer: str) -> None:
    assert answer in heard(says(busy, person, said))


def test_several_that_may_be_meant_are_offered(busy: SqliteTransaction) -> None:
    shown = says(busy, SARI, "antre daring")
    assert "mana yang Bapak/Ibu maksud" in heard(shown)
    assert len(buttons(shown)) == 6
    assert all(data.startswith("q:o:") for data in buttons(shown))


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (TONO, "0029"),
        (TONO, "sipandu"),
        (TONO, "/inovasi sipandu"),
        (TONO, "status sipandu"),
        (ORANG, "0029"),
        (ORANG, "dinkes"),
    ],
)
def test_what_belongs_to_others_is_not_found(busy: SqliteTransaction, person: int, said: str) -> None:
    says(busy, person, "/batal")
    answer = heard(says(busy, person, said))
    assert "SIPANDU" not in answer
    assert "Dinas Kesehatan" not in answer


@pytest.mark.parametrize(
    "said",
    [
        "dinkes",
        "dinas kesehatan",
        "inovasi dinas kesehatan",
        "/inovasi dinkes",
        "status dinkes",
        "simulasi dinkes",
    ],
)
def test_an_office_of_others_is_refused_by_its_name_however_it_is_said(
    busy: SqliteTransaction, said: str
) -> None:
    """F89: with and without a command, and noted each time."""
    says(busy, TONO, "/batal")
    before = refusals(busy)
    answer = heard(says(busy, TONO, said))
    assert "Angka Dinas Kesehatan hanya terbuka bagi" in answer
    assert "SIPANDU" not in answer
    assert refusals(busy) == before + 1


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        *((said, ASKED) for said in ("status", "sttus", "ajukn", "tugas saya")),
        *(
            (said, f"✔ Nama Inovasi: {said}")
            for said in ("Status Gizi Terpadu", "Antre Status", "Dinkes", "kesehatan")
        ),
    ],
)
def test_where_any_text_is_an_answer_a_command_is_asked_about_and_a_name_taken(
    busy: SqliteTransaction, said: str, answer: str
) -> None:
    says(busy, TONO, "/ajukan")
    assert answer in heard(says(busy, TONO, said))


@pytest.mark.parametrize("said", ["lanjutkan", "kembali", "opd", "3"])
def test_the_open_question_reads_its_own_words(busy: SqliteTransaction, said: str) -> None:
    answer = heard(says(busy, RINA, said))
    assert "Langkah" in answer
    assert "Perangkat daerah:" not in answer


@pytest.mark.parametrize("said", ["0001", "0029"])
def test_a_receipt_is_no_option(busy: SqliteTransaction, said: str) -> None:
    before = busy.execute("SELECT count(*) FROM history").fetchone()
    says(busy, RINA, said)
    assert busy.execute("SELECT count(*) FROM history").fetchone() == before


@pytest.mark.parametrize("person", [WATI, SARI])
@pytest.mark.parametrize("said", ["sapa pemuda", "SAPA PEMUDA", "Sapa Pemuda"])
def test_the_short_name_of_a_title_that_explains_itself_is_enough(
    busy: SqliteTransaction, person: int, said: str
) -> None:
    handed_in(busy, "SAPA PEMUDA - Sistem Aduan dan Pelatihan Pemuda", now=MORNING)
    assert "SAPA PEMUDA - Sistem Aduan" in heard(says(busy, person, said))


@pytest.mark.parametrize("opening", ["/opd", "/undang"])
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("kontak", "Siapa yang dapat dihubungi"),  # near to "Kota Besi"
        ("petugas", "Siapa yang dapat dihubungi"),  # near to the title "Peta"
        ("batas waktu", "Perpanjangan waktu"),
        ("tugas", "Desk Inovasi"),  # a command
        ("kota besi", "Kecamatan Kota Besi"),  # a nickname
        ("bappeda", "Badan Perencanaan Pembangunan"),  # a nickname, and a known way to ask
        ("bukit", "Kecamatan Bukit Santuai"),  # a word of a name, near to "bukti"
        ("distan", "Dinas Pertanian"),  # a nickname, near to "instansi"
    ],
)
def test_a_known_way_to_ask_comes_before_what_is_only_near_to_a_name(
    busy: SqliteTransaction, opening: str, said: str, answer: str
) -> None:
    says(busy, SARI, opening)
    shown = says(busy, SARI, said)
    labels = [choice.label for message in shown for row in message.rows for choice in row]
    assert answer in "\n".join((heard(shown), *labels))


@pytest.mark.parametrize("said", ["bahasa inggris", "english please"])
def test_the_open_question_is_asked_again_in_the_language_that_was_named(
    busy: SqliteTransaction, said: str
) -> None:
    shown = heard(says(busy, RINA, said))
    assert "we speak English" in shown
    assert "Who started it?" in shown


@pytest.mark.parametrize("said", ["Bahasa Inggris", "opd dinkes"])
def test_where_any_text_is_an_answer_a_command_with_its_argument_is_never_taken_unasked(
    busy: SqliteTransaction, said: str
) -> None:
    says(busy, TONO, "/ajukan")
    assert "✔ Nama Inovasi" in heard(shown := says(busy, TONO, said)) or ASKED in heard(shown)
