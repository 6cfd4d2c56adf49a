"""Exports by chat: who may ask for what, and what the upload sheet keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import Any

import pytest

from domain import buttons
from domain.buttons.base import Button
from domain.draft.evidence import Letter, Piece
from domain.message import Inbound, Kind, Message
from domain.portal import entries, load_portals
from domain.rules.indicators import load_indicators
from domain.rules.load import load_form, load_rules
from handlers.assembly import build
from storage import innovations, portal_ticks, scores
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import Content, filled, in_memory, with_people
from tests.kit.desk_turns import says
from tests.kit.handed_in import ANSWERS, handed_in
from tests.kit.people import ORANG, PEOPLE, RINA, SARI, TONO, WATI

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
KEPT = ("exports", "uploads", "innovations", "answers")


@cache
def prepared() -> Content:
    """A database with one innovation of Dinkes handed in, and a draft."""

    def fill(tx: Transaction) -> None:
        handed_in(tx, "SIPANDU", now=MORNING)
        innovations.create(
            tx,
            innovations.NewInnovation(office_id=5, period_id=1, form_version=1, rule_year=2026),
            by=1,
            now=MORNING,
        )

    return filled(with_people(), fill)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(prepared())) as connection:
        yield connection


def taps(tx: Transaction, person: int, data: str) -> list[Message]:
    """Tap a button; `data` is whatever a client sends."""
    inbound = Inbound("telegram", str(person), Kind.BUTTON, button=data, callback_id="1", message_ref="9",
                      name=PEOPLE[person][0])  # fmt: skip
    return list(DESK.take(tx, inbound, fetched=None, now=MORNING))


def kept(tx: Transaction) -> list[list[Any]]:
    return [tx.execute(f"SELECT * FROM {table}").fetchall() for table in KEPT]


ALL = ["x:y:2026", "x:m:workbook:2026", "x:m:csv:2026", "x:m:evidence:2026", "x:l:record:2026:0",
       "x:l:upload:2026:0",
       "x:r:1", "x:u:1", "x:s:1:1:0", "x:k:1:nama:1:0", "x:v:1:nama", "x:pu:1", "x:ze:1"]  # fmt: skip
FOR_LEADERS = {"x:y:2026", "x:m:workbook:2026", "x:m:csv:2026", "x:l:record:2026:0", "x:r:1"}


@pytest.mark.parametrize("data", ALL)
@pytest.mark.parametrize("person", [RINA, TONO, ORANG])
def test_offices_and_strangers_export_nothing(tx: Transaction, person: int, data: str) -> None:
    before = kept(tx)
    told = taps(tx, person, data)
    assert told
    assert "SIPANDU" not in told[0].text + str(told[0].rows)
    assert kept(tx) == before


@pytest.mark.parametrize("data", sorted(set(ALL) - FOR_LEADERS))
def test_leaders_get_no_papers_and_tick_nothing_off(tx: Transaction, data: str) -> None:
    before = kept(tx)
    told = taps(tx, WATI, data)
    assert "SIPANDU" not in told[0].text + str(told[0].rows)
    assert kept(tx) == before
    assert tx.execute("SELECT action FROM audit ORDER BY id DESC").fetchone() == ("refused_button",)


def test_sent_means_the_same_as_for_the_period_and_what_went_back_is_named(tx: Transaction) -> None:
    handed_in(tx, "SIGAP", now=MORNING)
    assert "2 inovasi terkirim. 1 dari " in taps(tx, SARI, "x:y:2026")[0].text
    tx.execute("UPDATE innovations SET state = 'dikembalikan' WHERE id = 1")
    scores.refresh(tx, 1, now=MORNING)
    menu = taps(tx, SARI, "x:y:2026")[0].text
    assert "\n1 inovasi terkirim. Berkas juga memuat 1 inovasi yang dikembalikan" in menu
    assert "Terkirim: 1." in says(tx, SARI, "/periode")[0].text


def test_what_leaders_ask_for_carries_no_people(tx: Transaction) -> None:
    for person in (WATI, SARI):
        taps(tx, person, "x:m:workbook:2026")
    asked = [json.loads(args) for (args,) in tx.execute("SELECT args FROM exports ORDER BY id")]
    assert [one["contacts"] for one in asked] == [False, True]


def test_the_same_export_is_not_made_twice_at_once(tx: Transaction) -> None:
    taps(tx, SARI, "x:m:workbook:2026")
    assert "masih disiapkan" in taps(tx, SARI, "x:m:workbook:2026")[0].text
    assert tx.execute("SELECT count(*) FROM exports").fetchone() == (1,)


@pytest.mark.parametrize("data", ["x:", "x:zz", "x:m:secrets:2026", "x:m:workbook:1999",
                                  "x:l:workbook:2026:0", "x:r:2",
                                  "x:r:99", "x:u:", "x:s:1:99:99", "x:k:1:zzz:1:0", "x:k:1:nama",
                                  "x:k:1:nama:7:0",
                                  "x:k:1:koordinat:1:0", "x:v:1:zzz", "x:y:x",
                                  "x:m:record:2026"])  # fmt: skip
def test_made_up_buttons_change_nothing(tx: Transaction, data: str) -> None:
    before = kept(tx)
    assert taps(tx, SARI, data)
    assert kept(tx) == before


def test_a_tick_stands_for_what_stood_there(tx: Transaction) -> None:
    taps(tx, SARI, "x:k:1:tujuan:1:0")
    taps(tx, SARI, "x:k:1:tujuan:1:0")
    assert "☑ 2. Tujuan" in taps(tx, SARI, "x:s:1:4:0")[0].text
    innovations.write(tx, 1, changes={"tujuan": "Lain"}, before=innovations.answers(tx, 1), by=1, now=MORNING)
    told = taps(tx, SARI, "x:s:1:4:0")[0].text
    assert "☐ 2. Tujuan: Lain" in told
    assert "berubah sejak diunggah" in told
    taps(tx, SARI, "x:k:1:tujuan:1:0")
    taps(tx, SARI, "x:k:1:tujuan:0:0")
    assert portal_ticks.ticks(tx, 1) == {}


def fields(**answers: Any) -> dict[str, Any]:
    """The entries of an innovation with these answers, by id."""
    found = entries(
        load_portals()[2026],
        load_form(),
        indicators=load_indicators()[2026],
        answers={**ANSWERS, **answers},
        language="id",
    )
    return {entry.id: entry for entry in found}


def test_the_order_is_that_of_the_screens_and_the_indicators_come_last() -> None:
    order = list(fields(nama="SIPANDU"))
    assert order[:8] == [
        "nama",
        "tahapan",
        "inisiator",
        "nama_inisiator",
        "klasifikasi",
        "koordinat",
        "jenis",
        "bentuk",
    ]
    assert order[-20:] == [f"i{number}" for number in range(16, 36)]
    assert (
        order.index("rancang_bangun") < order.index("tujuan") < order.index("anggaran") < order.index("i16")
    )
    assert "waktu_pengembangan" not in order


def test_every_rule_year_has_its_screens_and_they_name_its_own_questions() -> None:
    form, portals = load_form(), load_portals()
    for year in load_rules():
        asked = {question.id for question in form.in_year(year)}
        named = {name for screen in portals[year].screens for item in screen.items for name in item.questions}
        assert named <= asked
        # ours alone: the portal does not ask for them
        assert asked - named == {"nilai_anggaran", "nomor_iid"}


@pytest.mark.parametrize(
    ("answers", "item", "key"),
    [
        ({"nama": "x" * 251}, "nama", "long"),
        ({"metode": "pendek", "dasar_hukum": "pendek"}, "rancang_bangun", "words"),
        ({"anggaran": [Piece("a", "pdf", "a.pdf", 2_000_001)]}, "anggaran", "big"),
        ({"haki": [Piece("a", "jpg", "a.jpg", 1)]}, "haki", "kind"),
        ({"i16": {"level": 1}}, "i16", "no_evidence"),
        ({}, "i35", "mandatory"),
        ({"i16": {"level": 1}, "e16": [Piece("a", "pdf", "a", 1)]}, "i16", "letter"),
        ({"i16": {"level": 1}, "e16": [Piece("a", "png", "a", 1)]}, "i16", "kind"),
    ],
)
def test_what_the_portal_will_not_take_is_said_beforehand(
    answers: dict[str, Any], item: str, key: str
) -> None:
    assert key in [misfit.key for misfit in fields(**answers)[item].misfits]


def test_what_fits_is_not_complained_about() -> None:
    letter = Letter("1", "2025-01-02", "x")
    found = fields(nama="SIPANDU", i16={"level": 1},
                   e16=[Piece("a", "pdf", "a.pdf", 9, letter=letter)])  # fmt: skip
    for name in ("nama", "rancang_bangun", "i16"):
        assert found[name].misfits == ()


@pytest.mark.parametrize(
    "button",
    [buttons.ExportMake("evidence", 2026), buttons.ExportOne("ze", 1)],
    ids=["a year", "one innovation"],
)
def test_what_is_too_big_to_be_sent_is_said_before_it_is_made(tx: Transaction, button: Button) -> None:
    for number in range(3):
        big = (str(number) * 64, f"{number}/{number}", 40_000_000)
        tx.execute("INSERT INTO files (sha256, path, kind, size, added_at) VALUES (?, ?, 'mp4', ?, '')", big)
        tx.execute("INSERT INTO evidence VALUES (?, 1, ?)", (big[0], f"e{16 + number}"))
    (said,) = taps(tx, SARI, button.data())
    assert "120 MB" in said.text
    assert "dalam 3 bagian" in said.text
    assert tx.execute("SELECT count(*) FROM exports").fetchone() == (0,)
    ways = [choice.data for row in said.rows for choice in row]
    assert buttons.ExportYear(2026).data() in ways
    in_parts = next(way for way in ways if way.startswith("x:z:"))
    for _ in range(2):  # a second tap asks for nothing more
        taps(tx, SARI, in_parts)
        asked = [json.loads(args)["part"] for (args,) in tx.execute("SELECT args FROM exports ORDER BY id")]
        assert [part["number"] for part in asked] == [1, 2, 3]
    assert [list(part["only"]) for part in asked] == [["1"]] * 3
    hashes = [sha256 for part in asked for sha256 in part["only"]["1"] if sha256]
    assert {str(number) * 64 for number in range(3)} <= set(hashes)
    assert len(hashes) == len(set(hashes)), "nothing lies in two parts"

    tx.execute("DELETE FROM exports")
    tx.execute("UPDATE files SET size = 10000000 WHERE kind = 'mp4'")
    taps(tx, SARI, button.data())
    assert tx.execute("SELECT kind FROM exports").fetchall() == [("evidence",)]


def test_so_much_that_the_chat_is_no_way_says_who_has_it(tx: Transaction) -> None:
    for number in range(40):
        big = (f"{number:064}", f"{number}/{number}", 45_000_000)
        tx.execute("INSERT INTO files (sha256, path, kind, size, added_at) VALUES (?, ?, 'mp4', ?, '')", big)
        tx.execute("INSERT INTO evidence VALUES (?, 1, ?)", (big[0], f"x{number}"))
    (said,) = taps(tx, SARI, buttons.ExportMake("evidence", 2026).data())
    assert "desk-inovasi export evidence --year 2026" in said.text
    taps(tx, SARI, buttons.ExportParts(2026, 0).data())
    assert tx.execute("SELECT count(*) FROM exports").fetchone() == (0,)


def test_parts_are_for_the_desk_alone(tx: Transaction) -> None:
    taps(tx, WATI, buttons.ExportParts(2026, 0).data())
    assert tx.execute("SELECT count(*) FROM exports").fetchone() == (0,)


def asked_which(tx: Transaction, person: int, kind: str) -> list[Message]:
    """Have it asked for which innovation a sheet is."""
    says(tx, person, "/ekspor")
    return taps(tx, person, f"x:l:{kind}:2026:0")


@pytest.mark.parametrize("said", ["SIPANDU", "sipandu", "DI-2026-0001", "di 2026 1", "posyandu"])
@pytest.mark.parametrize(("person", "kind"), [(SARI, "record"), (WATI, "record"), (SARI, "upload")])
def test_the_innovation_a_sheet_is_for_may_be_typed(
    tx: Transaction, said: str, person: int, kind: str
) -> None:
    handed_in(tx, "Posyandu Cerdas", now=MORNING)
    assert "Untuk inovasi mana" in asked_which(tx, person, kind)[0].text
    shown = says(tx, person, said)[0].text
    number = 3 if said == "posyandu" else 1
    if kind == "upload":
        assert "Sudah diunggah" in shown
        return
    assert "Sedang disiapkan" in shown
    assert tx.execute("SELECT args, progress FROM exports").fetchall() == [
        (f'{{"innovation": {number}}}', "")
    ]
    assert tx.execute("SELECT count(*) FROM dialogues").fetchone() == (0,)


def test_where_none_was_handed_in_none_is_asked_for(tx: Transaction) -> None:
    tx.execute("UPDATE innovations SET state = 'draf', receipt = NULL, sent_at = NULL")
    assert "Belum ada inovasi terkirim" in asked_which(tx, SARI, "record")[0].text
    assert tx.execute("SELECT count(*) FROM dialogues").fetchone() == (0,)


def test_what_names_no_innovation_is_said_and_several_are_offered(tx: Transaction) -> None:
    for title in ("Antre Daring Satu", "Antre Daring Dua"):
        handed_in(tx, title, now=MORNING)
    asked_which(tx, SARI, "record")
    (several,) = says(tx, SARI, "antre daring")
    assert [c.data for row in several.rows for c in row][:2] == ["x:r:3", "x:r:4"]
    assert "cocok dengan “zzz qqq”" in says(tx, SARI, "zzz qqq")[0].text
    assert "Ekspor 2026" in says(tx, SARI, "/ekspor")[0].text.replace("*", "")
    assert "Antrean" in str(says(tx, SARI, "DI-2026-0001")[0].rows), "no longer asked: the review opens"


def test_back_at_the_year_no_innovation_is_asked_for(tx: Transaction) -> None:
    asked_which(tx, SARI, "record")
    taps(tx, SARI, buttons.ExportYear(2026).data())
    assert tx.execute("SELECT count(*) FROM dialogues").fetchone() == (0,)
