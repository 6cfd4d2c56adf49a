"""What a leader asks in words is answered with the figures of the regency, not with help for a form."""

from __future__ import annotations

import pytest

from domain.people import Role
from storage import contacts
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, heard, says
from tests.kit.people import RINA, WATI


@pytest.mark.parametrize(
    ("said", "answer", "opens"),
    [
        ("bagaimana inovasi kita", "Perkiraan 2026", "k:status"),
        ("bagaimana perkembangan inovasi kita", "perangkat daerah sudah mengirim", "k:status"),
        ("gimana inovasi kabupaten kita", "Perkiraan 2026", "k:status"),
        ("siapa yang paling rajin", "ke-1 ", "st:r:points"),
        ("dinas mana paling aktif", "ke-1 ", "st:r:points"),
        ("peringkat", "ke-1 ", "st:r:points"),
        ("kirim tiap senin", "setiap Senin", "rs:on"),
        ("kirim rekap tiap senin", "setiap Senin", "rs:on"),
        ("setiap senin kirim laporan", "setiap Senin", "rs:on"),
        ("bandingkan dengan tahun lalu", "Hasil resmi", "k:status"),
        ("tahun lalu berapa", "Hasil resmi", "k:status"),
        ("berapa nilai 2024", "Hasil resmi", "k:status"),
        ("kalau dinkes naik jadi berapa", "Inovasi yang mana?", "wi:i"),
        ("kalau dinas kesehatan naik jadi berapa ya pak?", "Inovasi yang mana?", "wi:i"),
        ("gimana dinkes", "Dinas Kesehatan", "st:i"),
        ("bagaimana dinas kesehatan sekarang?", "Dinas Kesehatan", "st:i"),
        ("SIPANDU Posyandu Terpadu sudah diperiksa?", "sedang diperiksa", "st:"),
        ("kenapa skor cuma segitu", "Perkiraan 2026", "st:why"),
        ("kalau naik jadi berapa", "Simulasi perkiraan indeks", "wi:m"),
    ],
)
def test_a_leader_hears_of_the_regency(busy: SqliteTransaction, said: str, answer: str, opens: str) -> None:
    shown = says(busy, WATI, said)
    assert answer in heard(shown)
    assert any(data.startswith(opens) for data in buttons(shown)), buttons(shown)


@pytest.mark.parametrize("said", ["siapa yang paling rajin", "dinas mana paling aktif"])
def test_no_office_hears_of_the_order_of_others(busy: SqliteTransaction, said: str) -> None:
    shown = heard(says(busy, RINA, said))
    assert "hanya terbuka bagi pimpinan" in shown
    assert "ke-1" not in shown


def test_a_focal_point_hears_of_the_own_innovations(busy: SqliteTransaction) -> None:
    says(busy, RINA, "/batal")
    shown = heard(says(busy, RINA, "bagaimana inovasi kami"))
    assert "SIPANDU Posyandu Terpadu: sedang diperiksa" in shown


@pytest.mark.parametrize(
    "said", ["kenapa skornya 35", "kenapa skor saya cuma segitu", "skor inovasi kami berapa"]
)
def test_a_focal_point_hears_what_the_own_score_is_made_of(busy: SqliteTransaction, said: str) -> None:
    says(busy, RINA, "/batal")
    shown = says(busy, RINA, said)
    assert "SIPANDU Posyandu Terpadu: 34 dari 111 poin" in heard(shown)
    assert any(data.startswith("st:i:29") for data in buttons(shown)), buttons(shown)


def test_of_many_innovations_a_few_scores_are_said_and_the_way_to_all(busy: SqliteTransaction) -> None:
    """As of one person who serves several offices."""
    for office in range(1, 5):
        contacts.grant(busy, 1, role=Role.FOCAL_POINT, office_id=office, now=MORNING)
    says(busy, RINA, "/batal")
    opened = [data for data in buttons(says(busy, RINA, "kenapa skornya 35")) if data[:2] in ("st", "k:")]
    assert [data.startswith("st:i:") for data in opened] == [True] * 6 + [False]
    assert opened[-1] == "k:inovasi"


def test_how_another_office_stands_is_said_to_no_office(busy: SqliteTransaction) -> None:
    says(busy, RINA, "/batal")
    assert "poin" not in heard(says(busy, RINA, "gimana disdik"))


def test_no_focal_point_has_the_weekly_summary(busy: SqliteTransaction) -> None:
    shown = says(busy, RINA, "kirim rekap tiap senin")
    assert "pimpinan dan Desk Inovasi" in heard(shown)
    assert not any(data.startswith("rs:") for data in buttons(shown))


@pytest.mark.parametrize(
    "said",
    [
        "bagaimana inovasi kita",
        "siapa yang paling rajin",
        "kalau naik jadi berapa",
        "tahun lalu berapa",
        "kenapa skor cuma segitu",
        "siapa belum mengirim",
    ],
)
def test_whoever_has_no_post_any_more_hears_no_figures(busy: SqliteTransaction, said: str) -> None:
    busy.execute("UPDATE memberships SET until = '2026-01-01' WHERE role = 'leader'")
    shown = says(busy, WATI, said)
    assert "selama Bapak/Ibu bertugas" in heard(shown)
    assert "belum ada masa pelaporan" not in heard(shown)
    assert [data for data in buttons(shown) if not data.startswith("qd:")] == []


def test_whoever_has_no_post_any_more_hears_the_deadline(busy: SqliteTransaction) -> None:
    busy.execute("UPDATE memberships SET until = '2026-01-01' WHERE role = 'leader'")
    assert "Batas waktu: 15 Desember" in heard(says(busy, WATI, "batas waktu kapan"))
