"""A name typed at a list that asks which one is the answer to that list, and opens nothing else.

Lists that open a dialogue of their own (whom to invite, whose sheet to print) are tested in their rooms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from domain.buttons import Written
from domain.message import Message
from domain.people import Role
from storage import contacts, innovations, outbox
from storage.engine.sqlite import SqliteTransaction
from tests.handlers.test_words_of_pages import NUMBERS, looks
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, heard, taps
from tests.kit.handed_in import handed_in
from tests.kit.people import RINA, SARI, WATI


@dataclass(frozen=True)
class Asks:
    """A list that asks which one: who sees it, how it is opened, what is typed, and what that must open."""

    person: int
    opens: str  # the data of a button, or a command
    typed: str
    heard: str = ""
    offers: tuple[str, ...] = ()  # the data of what is asked about, where the row has several buttons


OF_SIPANDU = ("f:29:#list:0:list", "rk:ask:29")
LISTS = [
    Asks(RINA, "rk:mine", "SIPANDU Posyandu Terpadu", offers=OF_SIPANDU),
    Asks(RINA, "rk:mine", "DI-2026-0029", offers=OF_SIPANDU),
    Asks(RINA, "rk:mine", "data satu pintu 4", offers=("f:20:#list:0:list", "rk:ask:20")),
    Asks(RINA, "/simulasi", "SIPANDU Posyandu", "Langkah terbaik: SIPANDU Posyandu Terpadu"),
    Asks(RINA, "/simulasi", "0029", "Langkah terbaik: SIPANDU Posyandu Terpadu"),
    Asks(RINA, "y:list", "remaja sehat", "Posyandu Remaja Sehat disalin dari tahun 2025"),
    Asks(RINA, "/draf", "jemput", "Jemput Bola KTP\n\nA. Profil"),
    Asks(RINA, "/draf", "Jemput Bola KTP", "Jemput Bola KTP\n\nA. Profil"),
    Asks(RINA, "a:new", "baamang", "Bagian A · Profil · Langkah 1"),
    Asks(RINA, "/inovasi", "baamang", "Kecamatan Baamang\nTerkirim"),
    Asks(SARI, "/inovasi", "dinkes", "Dinas Kesehatan\nTerkirim"),
    Asks(SARI, "/inovasi", "Dinas Kesehatan", "Dinas Kesehatan\nTerkirim"),
    Asks(SARI, "/status", "setda", "Sekretariat Daerah\nTerkirim"),
    Asks(SARI, "/status", "dinkes", "Dinas Kesehatan\nTerkirim"),
    Asks(WATI, "/status", "dinkes", "Dinas Kesehatan\nTerkirim"),
]


def opened(tx: SqliteTransaction, person: int, how: str) -> list[Message]:
    """Open a page by a command or by a button, and have it on the phone."""
    if how.startswith("/"):
        return looks(tx, person, how)
    shown, number = [replace(message, edit="") for message in taps(tx, person, how)], next(NUMBERS)
    outbox.answer(tx, number, channel="telegram", address=str(person), messages=shown, now=MORNING)
    tx.execute("UPDATE outbox SET state = 'sent' WHERE dedupe_key LIKE ?", (f"{outbox.ANSWER}{number}:%",))
    return shown


@pytest.mark.parametrize("asks", LISTS, ids=lambda asks: f"{asks.opens} {asks.typed}")
def test_a_name_typed_at_a_list_is_its_row(busy: SqliteTransaction, asks: Asks) -> None:
    prepare(busy)
    opened(busy, asks.person, asks.opens)
    said = looks(busy, asks.person, asks.typed)
    assert asks.heard in heard(said)
    if asks.offers:
        assert tuple(buttons(said)) == asks.offers


def prepare(tx: SqliteTransaction) -> None:
    """Give one person two offices and two drafts, and an innovation of last year the name of one of now."""
    tx.execute("DELETE FROM dialogues")
    (baamang,) = tx.execute("SELECT id FROM offices WHERE short LIKE '%Baamang%'").fetchone()
    contacts.grant(tx, 1, role=Role.FOCAL_POINT, office_id=baamang, now=MORNING)
    handed_in(tx, "Posyandu Remaja Sehat", now=MORNING)
    draft = innovations.NewInnovation(office_id=5, period_id=1, form_version=1, rule_year=2026)
    number = innovations.create(tx, draft, by=1, now=MORNING)
    innovations.write(tx, number, changes={"nama": "Jemput Bola KTP"}, before={}, by=1, now=MORNING)


def test_a_name_is_asked_about_where_it_may_be_the_answer_to_an_open_question(
    busy: SqliteTransaction,
) -> None:
    taps(busy, RINA, "a:o:5")
    opened(busy, RINA, "rk:mine")
    said = buttons(looks(busy, RINA, "Data Satu Pintu 4"))
    assert said[:2] == ["f:20:#list:0:list", "rk:ask:20"]
    assert said[2].startswith(Written.head)
    taken = heard(opened(busy, RINA, said[2]))
    assert "Maksud Bapak/Ibu Data Satu Pintu 4?" in taken, "the answer is a title that is there already"


@pytest.mark.parametrize("typed", ["terima kasih", "sipandu itu apa?", "kenapa belum diperiksa"])
def test_what_names_no_row_is_heard_as_ever(busy: SqliteTransaction, typed: str) -> None:
    prepare(busy)
    opened(busy, RINA, "rk:mine")
    assert not set(OF_SIPANDU) & set(buttons(looks(busy, RINA, typed)))


def test_only_the_rows_of_the_newest_page_are_meant(busy: SqliteTransaction) -> None:
    prepare(busy)
    opened(busy, RINA, "rk:mine")
    looks(busy, RINA, "/bantuan")
    assert not set(OF_SIPANDU) & set(buttons(looks(busy, RINA, "SIPANDU Posyandu Terpadu")))


def test_a_row_of_another_page_is_meant_too(busy: SqliteTransaction) -> None:
    prepare(busy)
    for number in range(6):
        handed_in(busy, f"Layanan {'ABCDEF'[number] * 4}", now=MORNING)
    assert "FFFF" not in str([c.label for m in opened(busy, RINA, "rk:mine") for r in m.rows for c in r])
    assert [data.partition(":")[0] for data in buttons(looks(busy, RINA, "layanan ffff"))] == ["f", "rk"]
