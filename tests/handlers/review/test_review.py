"""Review at the desk itself: who may do what, what stays untouched, and that the history tells everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.people import Role
from domain.review import MOVES, QUEUES, Move, State, after
from domain.rules.indicators import load_indicators
from storage import contacts, handing_in, history, innovations, review_marks, reviews
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.handed_in import LEVELS, handed_in
from tests.kit.in_review import CLOCK, correct, judge, kept, says, send_back, state, taps
from tests.kit.people import BUDI, ORANG, RINA, SARI, TONO, WATI
from tests.kit.properties import SHARES_FIXTURE

ACTS = [
    "q:t:1", "q:x:1:5", "q:r:1", "q:v:1:16:2", "q:v:1:16:1", "q:g:1:tujuan", "q:u:1:tujuan",
    "q:w:1:level:i16:1:kurang",
    "q:w:1:profile:tujuan:0:kabur", "q:w:1:reject:#state:0:rutin", "q:n:1:tujuan", "q:d:1", "q:dv:1",
    "q:dr:1",
    "q:dx:1", "q:dvy:1", "q:dry:1", "q:dxy:1",
]  # fmt: skip
LOOKS = ["q:p:wait:0", "q:o:1", "q:s:1:1", "q:q:1:tujuan", "q:l:1", "q:i:1:16", "q:c:1", "q:f:1:e16:00000000"]
OFFICE = ["rk:go:1", "rk:at:1:tujuan", "rk:ask:1", "rk:yes:1", "rk:back:1", "rk:mine"]


@pytest.mark.parametrize("data", [*ACTS, *LOOKS])
@pytest.mark.parametrize("person", [RINA, BUDI, TONO, WATI, ORANG])
def test_only_the_desk_sees_or_moves_the_review(tx: Transaction, person: int, data: str) -> None:
    before = kept(tx)
    told = taps(tx, person, data)
    assert told
    assert kept(tx) == before
    assert "Diklaim" not in told[0].text


@pytest.mark.parametrize("data", [act for act in ACTS if act not in ("q:t:1", "q:x:1:5")])
def test_who_has_not_taken_it_changes_nothing(tx: Transaction, data: str) -> None:
    before = kept(tx)
    assert taps(tx, SARI, data)
    assert kept(tx)[1:] == before[1:]
    assert state(tx) == "terkirim"


@pytest.mark.parametrize("data", OFFICE)
@pytest.mark.parametrize("person", [TONO, WATI, SARI, ORANG])
def test_only_the_office_itself_corrects_and_withdraws(tx: Transaction, person: int, data: str) -> None:
    before = kept(tx)
    told = taps(tx, person, data)
    assert told
    assert "SIPANDU" not in told[0].text
    assert kept(tx) == before


MADE_UP = [
    "q:",
    "q:x",
    "q:o:",
    "q:o:9",
    "q:o:99999999999999999999",
    "q:f:1:e16",
    "q:f:1:nama:aa",
    "q:v:1:99:2",
    "q:v:1:16:7",
    "q:v:1:x:y",
    "q:w:1:a",
    "q:w:1:level:i99:2:kurang",
    "q:g:1:#state",
    "q:g:1:nothing",
    "q:u:1",
    "q:s:1:999",
    "q:i:1:",
    "q:q:1:zzz",
    "q:p:none:x",
    "q:x:1:x",
    "q:zz:1",
    "q:w:1:level:tujuan:2:kurang",
    "q:q:1",
    "q:i:1",
    "q:n:1",
]


@pytest.mark.parametrize("data", MADE_UP)
def test_made_up_buttons_are_met_with_the_state_as_it_is(tx: Transaction, data: str) -> None:
    taps(tx, SARI, "q:t:1")
    before = kept(tx)
    assert taps(tx, SARI, data)
    assert kept(tx) == before


def test_a_draft_is_the_office_s_own(tx: Transaction) -> None:
    number = innovations.create(
        tx,
        innovations.NewInnovation(office_id=1, period_id=1, form_version=1, rule_year=2026),
        by=1,
        now=MORNING,
    )
    assert "tidak ada" in (taps(tx, SARI, f"q:o:{number}")[0].toast)


def test_nobody_verifies_what_their_own_office_handed_in(tx: Transaction) -> None:
    rina = contacts.by_address(tx, "telegram", address=str(RINA))
    assert rina is not None
    contacts.grant(tx, rina.id, role=Role.ADMIN, office_id=None, now=MORNING)
    assert "perangkat daerah Bapak/Ibu sendiri" in taps(tx, RINA, "q:t:1")[0].text
    taps(tx, SARI, "q:t:1")
    sari = contacts.by_address(tx, "telegram", address=str(SARI))
    assert sari is not None
    taps(tx, RINA, f"q:x:1:{sari.id}")
    taps(tx, RINA, "q:v:1:16:2")
    assert kept(tx, "verdicts") == [[]]
    held = reviews.holder(tx, 1)
    assert held is not None
    assert held.contact_id == sari.id
    other = handed_in(tx, "Baamang Siaga", now=MORNING, office="kec_baamang")
    taps(tx, RINA, f"q:t:{other}")
    assert state(tx, other) == "diperiksa"


def test_both_levels_are_kept_and_both_totals_follow(tx: Transaction) -> None:
    judge(tx, {16: 1, 35: 0})
    indicators = load_indicators()[2026]
    verified = indicators.maturity({**LEVELS, 16: 1, 35: 0})
    claimed = indicators.maturity(LEVELS)
    assert tx.execute("SELECT claimed, verified FROM innovations WHERE id = 1").fetchone() == (
        claimed,
        verified,
    )
    assert innovations.answers(tx, 1)["i16"] == {"level": 2}
    rows = tx.execute("SELECT indicator, level, reason <> '' FROM verdicts").fetchall()
    assert {(16, 1, 1), (35, 0, 1), (19, 3, 0)} <= set(rows)
    assert f"Diklaim {claimed} · terverifikasi {verified}" in taps(tx, SARI, "q:o:1")[0].text


def test_verifying_waits_for_every_verdict_and_for_no_mark(tx: Transaction) -> None:
    taps(tx, SARI, "q:t:1")
    taps(tx, SARI, "q:dvy:1")
    assert state(tx) == "diperiksa"
    judge(tx)
    taps(tx, SARI, "q:w:1:profile:tujuan:0:kabur")
    taps(tx, SARI, "q:dvy:1")
    assert state(tx) == "diperiksa"
    taps(tx, SARI, "q:u:1:tujuan")
    taps(tx, SARI, "q:dvy:1")
    assert state(tx) == "terverifikasi"


def test_returning_and_rejecting_need_a_reason(tx: Transaction) -> None:
    taps(tx, SARI, "q:t:1")
    for data in ("q:dry:1", "q:dxy:1"):
        taps(tx, SARI, data)
        assert state(tx) == "diperiksa"
    taps(tx, SARI, "q:g:1:tujuan")
    says(tx, SARI, "   ")
    assert kept(tx, "flags") == [[]]
    says(tx, SARI, "x" * 401)
    assert kept(tx, "flags") == [[]]
    says(tx, SARI, "Sebutkan angkanya.")
    assert tx.execute("SELECT place, reason FROM flags").fetchall() == [("tujuan", "Sebutkan angkanya.")]


def test_a_text_after_tapping_on_is_no_reason(tx: Transaction) -> None:
    taps(tx, SARI, "q:t:1")
    taps(tx, SARI, "q:g:1:tujuan")
    taps(tx, SARI, "q:l:1")
    says(tx, SARI, "terima kasih")
    assert kept(tx, "flags") == [[]]


def test_only_the_flagged_items_are_asked_and_all_else_stays_byte_for_byte(tx: Transaction) -> None:
    send_back(tx, "hasil", "i16")
    before = dict(tx.execute("SELECT question, value FROM answers WHERE innovation_id = 1").fetchall())
    asked = [taps(tx, RINA, "rk:go:1")[0].text]
    asked.append(says(tx, RINA, "Naik menjadi 84 persen pada 2025.")[0].text)
    asked.append(says(tx, RINA, "lanjut")[0].text)
    asked.append(says(tx, RINA, "3")[0].text)
    asked.append(says(tx, RINA, "lanjut")[0].text)
    assert [
        "Perbaikan 1 dari 2" in asked[0],
        "Perbaikan 2 dari 2" in asked[2],
        "kirim ulang" in asked[4],
    ] == [True] * 3
    assert says(tx, RINA, "kirim")
    assert state(tx) == "terkirim"
    after_all = dict(tx.execute("SELECT question, value FROM answers WHERE innovation_id = 1").fetchall())
    assert {name for name in after_all if after_all[name] != before.get(name)} == {"hasil", "i16"}
    assert set(after_all) == set(before)


def test_the_mini_form_goes_back_and_forth_among_its_items(tx: Transaction) -> None:
    send_back(tx, "tujuan", "hasil")
    taps(tx, RINA, "rk:at:1:hasil")
    assert "Perbaikan 1 dari 2" in says(tx, RINA, "kembali")[0].text
    assert "Perbaikan 2 dari 2" in says(tx, RINA, "lanjut")[0].text
    assert "Kirim ulang" in str(says(tx, RINA, "lanjut")[0].rows)


def test_the_desk_then_sees_before_and_after(tx: Transaction) -> None:
    send_back(tx, "tujuan", "i16")
    correct(tx, "Menjadi 14 persen.", "lanjut", "lanjut")
    text = taps(tx, SARI, "q:c:1")[0].text
    assert "Menurunkan angka tengkes.\nSesudah: Menurunkan angka tengkes. Menjadi 14 persen." in text
    assert "Tidak berubah: tingkat 2; bukti: bukti-16.pdf" in text


def test_a_letter_that_was_completed_is_a_change_the_desk_sees(tx: Transaction) -> None:
    send_back(tx, "i16")
    answers = innovations.answers(tx, 1)
    first = answers["e16"][0]
    corrected = [replace(first, letter=replace(first.letter, number="188.45/99/2026"))]
    innovations.write(tx, 1, changes={"e16": corrected}, before=answers, by=1, now=CLOCK())
    correct(tx, "lanjut")
    text = taps(tx, SARI, "q:c:1")[0].text
    assert "188.4/16/2025" in text
    assert "188.45/99/2026" in text


def test_what_was_returned_can_be_corrected_after_the_period_has_closed(tx: Transaction) -> None:
    send_back(tx, "tujuan")
    tx.execute("UPDATE periods SET state = 'closed'")
    correct(tx, "Menjadi 14 persen.", "lanjut")
    assert state(tx) == "terkirim"


def test_the_notice_goes_to_each_focal_point_once_and_names_reason_and_item(tx: Transaction) -> None:
    send_back(tx, "tujuan", "i16")
    taps(tx, SARI, "q:dry:1")
    rows = tx.execute("SELECT address, payload FROM outbox").fetchall()
    assert sorted(row[0] for row in rows) == [str(RINA), str(BUDI)]
    for _, payload in rows:
        for told in ("Berkas tidak terbaca", "16 · Regulasi", "rk:at:1:tujuan"):
            assert told in payload


def test_an_edit_takes_the_verdict_of_what_changed_and_no_other(tx: Transaction) -> None:
    judge(tx)
    taps(tx, SARI, "q:dvy:1")
    taps(tx, RINA, "f:1:#list:0:list")
    says(tx, RINA, "6")
    says(tx, RINA, "16")
    says(tx, RINA, "3")
    assert state(tx) == "diubah"
    left = [row[0] for row in tx.execute("SELECT indicator FROM verdicts ORDER BY 1")]
    assert left == [no for no in LEVELS if no != 16]


def test_the_queue_is_oldest_first_and_a_release_does_not_reset_the_age(tx: Transaction) -> None:
    for n in range(8):
        handed_in(tx, f"Inovasi {n}", now=MORNING + timedelta(minutes=n), office="kec_baamang")
    taps(tx, SARI, "q:t:1")
    taps(tx, SARI, "q:r:1")
    first = taps(tx, SARI, "q:p:wait:0")[0]
    titles = ["SIPANDU", *[f"Inovasi {n}" for n in range(5)]]
    assert [row[0].label for row in first.rows[:6]] == [f"{n} · {title}" for n, title in enumerate(titles, 1)]
    second = taps(tx, SARI, "q:p:wait:1")[0]
    assert [row[0].label for row in second.rows[:3]] == ["1 · Inovasi 5", "2 · Inovasi 6", "3 · Inovasi 7"]


def test_a_rejection_keeps_its_reason_through_a_second_look(tx: Transaction) -> None:
    taps(tx, SARI, "q:t:1")
    taps(tx, SARI, "q:w:1:reject:#state:0:rutin")
    taps(tx, SARI, "q:dxy:1")
    for data in ("q:t:1", "q:r:1"):
        taps(tx, SARI, data)
    assert state(tx) == "ditolak"
    assert "kegiatan rutin" in taps(tx, SARI, "q:o:1")[0].text
    taps(tx, SARI, "q:t:1")
    judge(tx)
    taps(tx, SARI, "q:dvy:1")
    assert state(tx) == "terverifikasi"
    assert review_marks.flags(tx, 1) == []


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(moves=st.lists(st.sampled_from([m for m in Move if m is not Move.SEND]), min_size=1, max_size=12))
def test_history_and_audit_tell_every_move_and_every_refusal(tx: Transaction, moves: list[Move]) -> None:
    number = handed_in(tx, "Jalan-jalan", now=MORNING)
    expected, refused = ["draf", "terkirim"], 0
    count = "SELECT count(*) FROM audit WHERE action = 'refused_move'"
    before = tx.execute(count).fetchone()[0]
    for move in moves:
        innovation = innovations.load(tx, number)
        assert innovation is not None
        held = reviews.holder(tx, number)
        there = after(innovation.state, move, came_from=held.came_from if held else "")
        assert reviews.move(tx, innovation, to=move, by=1, now=CLOCK()) == there
        refused += there is None
        expected += [there.value] if there else []
        assert (reviews.holder(tx, number) is not None) == (state(tx, number) == State.IN_REVIEW)
    rows = history.moves(tx, number)
    assert [row.new for row in rows] == expected
    assert [row.old for row in rows] == [None, *expected[:-1]]
    assert tx.execute(count).fetchone()[0] - before == refused


def test_the_writes_of_the_form_follow_the_same_table(tx: Transaction) -> None:
    for found in State:
        tx.execute("UPDATE innovations SET state = ? WHERE id = 1", (found.value,))
        innovation = innovations.load(tx, 1)
        assert innovation is not None
        handing_in.reopen(tx, innovation, indicators=(), by=1, now=CLOCK())
        assert state(tx) == MOVES[Move.EDIT].leads.get(found, found)


def test_the_queue_counts_every_state_also_drafts_of_the_open_period(tx: Transaction) -> None:
    tx.execute("UPDATE innovations SET state = 'ditolak'")
    says(tx, RINA, "/ajukan")
    says(tx, RINA, "Antre Daring")
    assert "*draf 1 · ditolak 1*" in says(tx, SARI, "/antrean")[0].text.replace("\n", "*")
    tx.execute("UPDATE periods SET state = 'closed'")
    assert "*ditolak 1*" in says(tx, SARI, "/antrean")[0].text.replace("\n", "*")


@pytest.mark.parametrize("found", [State.SENT, State.RETURNED, State.VERIFIED])
def test_the_queue_names_the_year_of_what_a_closed_period_left(tx: Transaction, found: State) -> None:
    which = next(name for name, states in QUEUES.items() if found in states)
    tx.execute("UPDATE innovations SET state = ? WHERE id = 1", (found.value,))
    assert "SIPANDU (Dinkes) ·" in taps(tx, SARI, f"q:p:{which}:0")[0].text
    tx.execute("UPDATE periods SET state = 'closed'")
    assert "SIPANDU (Dinkes, masa 2026) ·" in taps(tx, SARI, f"q:p:{which}:0")[0].text
