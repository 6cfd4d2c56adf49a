"""Offices: nothing is lost by a merger, nobody keeps access after a handover, and who is out of reach is
named.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.people import Role
from storage import (
    contacts,
    handing_in,
    handovers,
    innovations,
    invitations,
    office_moves,
    offices,
    periods,
    posts,
    scores,
)
from storage.audit import Actor
from storage.engine.transaction import Transaction
from storage.offices import Names
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import fill_in
from tests.kit.desk_turns import buttons, says, taps
from tests.kit.people import BUDI, ORANG, RINA, SARI, TONO, WATI, invited
from tests.kit.properties import SHARES_FIXTURE

DINKES, SARI_ID = 5, 5


def office_id(tx: Transaction, code: str) -> int:
    return int(tx.execute("SELECT id FROM offices WHERE code = ?", (code,)).fetchone()[0])


def merge(tx: Transaction, one: int, into: int) -> None:
    first, second = offices.load(tx, one), offices.load(tx, into)
    assert first is not None
    assert second is not None
    office_moves.merge(tx, first, into=second, reason="perda", by=SARI_ID, now=MORNING)


def hand_in(tx: Transaction, office: int, *, send: bool) -> int:
    """Put an innovation in, sent or still a draft."""
    period = periods.load(tx, 1)
    made = innovations.create(
        tx,
        innovations.NewInnovation(office_id=office, period_id=1, form_version=1, rule_year=period.rule_year),
        by=1,
        now=MORNING,
    )
    fill_in(tx, made, by=1, now=MORNING)
    there = innovations.load(tx, made)
    assert there is not None
    if send:
        handing_in.send(tx, there, year=2026, by=1, now=MORNING)
    scores.refresh(tx, made, now=MORNING)
    return made


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(
    sent=st.integers(0, 3),
    drafts=st.integers(0, 3),
    there=st.integers(0, 2),
    own=st.sampled_from([None, date(2026, 12, 20), date(2026, 12, 31)]),
    other=st.sampled_from([None, date(2026, 12, 20), date(2026, 12, 31)]),
)
def test_a_merger_loses_nothing(
    tx: Transaction, sent: int, drafts: int, there: int, own: date | None, other: date | None
) -> None:
    tx.execute("SAVEPOINT one")
    try:
        into = office_id(tx, "dinsos")
        made = [hand_in(tx, DINKES, send=n < sent) for n in range(sent + drafts)]
        made += [hand_in(tx, into, send=True) for _ in range(there)]
        for office, until in ((DINKES, own), (into, other)):
            if until:
                periods.extend(
                    tx,
                    periods.load(tx, 1),
                    office_id=office,
                    until=until,
                    now=MORNING,
                    actor=Actor(SARI_ID, "x"),
                )
        before = offices.innovation_counts(tx, 1)
        merge(tx, DINKES, into)
        assert {row[0] for row in tx.execute("SELECT office_id FROM innovations")} <= {into}
        after = offices.innovation_counts(tx, 1).get(into, offices.InnovationCounts(0, 0, 0))
        was = [before.get(office, offices.InnovationCounts(0, 0, 0)) for office in (DINKES, into)]
        assert (after.sent, after.drafts) == (sum(one.sent for one in was), sum(one.drafts for one in was))
        assert len(made) == tx.execute("SELECT count(*) FROM innovations").fetchone()[0]
        assert [one.name for one in posts.of_office(tx, into)] == ["Rina", "Budi"]
        wanted = max((until for until in (own, other) if until), default=periods.load(tx, 1).deadline)
        assert periods.deadline_for(tx, periods.load(tx, 1), office_id=into) == wanted
    finally:
        tx.execute("ROLLBACK TO one")
        tx.execute("RELEASE one")


def test_whoever_serves_both_offices_serves_the_one_that_stays_once(tx: Transaction) -> None:
    contacts.grant(tx, 1, role=Role.FOCAL_POINT, office_id=office_id(tx, "dinsos"), now=MORNING)
    merge(tx, DINKES, office_id(tx, "dinsos"))
    person = contacts.by_address(tx, "telegram", address=str(RINA))
    assert person is not None
    assert person.offices == (office_id(tx, "dinsos"),)


def test_an_old_name_finds_the_office_after_two_mergers_and_a_rename(tx: Transaction) -> None:
    merge(tx, DINKES, office_id(tx, "dinsos"))
    merge(tx, office_id(tx, "dinsos"), office_id(tx, "kec_baamang"))
    stays = offices.load(tx, office_id(tx, "kec_baamang"))
    assert stays is not None
    offices.rename(tx, stays, named=Names("Kecamatan Baru", "Kec. Baru"), reason="x", by=SARI_ID, now=MORNING)
    for said in (
        "dinkes",
        "Dinas Kesehatan",
        "dinsos",
        "Dinas Sosial",
        "kecamatan baamang",
        "Kecamatan Baru",
    ):
        assert "Kecamatan Baru" in says(tx, SARI, f"/opd {said}")[0].text, said
    assert offices.former_names(tx, stays.id) == ["Dinas Kesehatan", "Dinas Sosial", "Kecamatan Baamang"]


def test_the_packaged_list_does_not_undo_what_the_desk_named(tx: Transaction) -> None:
    from domain.rules.load import load_offices

    dinkes = offices.load(tx, DINKES)
    assert dinkes is not None
    offices.rename(
        tx, dinkes, named=Names("Dinas Kesehatan dan KB", "DinkesKB"), reason="x", by=SARI_ID, now=MORNING
    )
    assert offices.upsert(tx, load_offices()) == 0
    assert offices.load(tx, DINKES) != dinkes


def test_a_leader_sees_the_offices_and_no_number_and_changes_nothing(tx: Transaction) -> None:
    contacts.set_phone(tx, 1, phone="+628111222333")
    assert "+628111222333" in says(tx, SARI, "/opd dinkes")[0].text
    shown = says(tx, WATI, "/opd dinkes")
    assert "Rina" in shown[0].text
    assert "+62811" not in shown[0].text
    assert buttons(shown) == ["o:l:0"]
    assert "+62811" not in taps(tx, WATI, f"o:p:1:{DINKES}")[0].text


def test_who_blocked_and_who_never_started_are_never_one_list(tx: Transaction) -> None:
    invited(tx, "KodeYangBenar-01", now=MORNING, office="dinsos")
    contacts.block(tx, "telegram", address=str(TONO), now=MORNING)
    every = [one.id for one in offices.active(tx)]
    found = posts.reach(tx, every, now=MORNING)
    baamang, dinsos = office_id(tx, "kec_baamang"), office_id(tx, "dinsos")
    assert (found.reachable, found.blocked, found.invited) == ((DINKES,), (baamang,), (dinsos,))
    assert len(found.nobody) == len(every) - 3
    contacts.block(tx, "telegram", address=str(RINA), now=MORNING)
    assert posts.reach(tx, every, now=MORNING).reachable == (DINKES,)  # Budi is still there
    text = taps(tx, SARI, "o:r")[0].text
    assert text.index("Kec. Baamang") < text.index("Diundang") < text.index("Dinsos")


def test_a_handover_names_both_in_history_and_audit(tx: Transaction) -> None:
    made = hand_in(tx, DINKES, send=False)
    handovers.create(
        tx,
        handovers.NewHandover(DINKES, 1, 2, None, "x"),
        by=SARI_ID,
        now=MORNING,
    )
    found = tx.execute("SELECT old, new FROM history WHERE question = '#pic'").fetchall()
    assert found == [("1", "2")]
    detail = tx.execute("SELECT detail FROM audit WHERE action = 'post_handed_over'").fetchone()[0]
    assert (json.loads(detail)["before"], json.loads(detail)["after"]) == (1, 2)
    assert innovations.answers_at(tx, made, moment=MORNING) == innovations.answers(tx, made)


def test_a_renewed_link_ends_the_old_one_and_keeps_the_handover_waiting(tx: Transaction) -> None:
    taps(tx, SARI, f"o:hand:1:{DINKES}")
    taps(tx, SARI, "w:c:to:new")
    said = says(tx, SARI, "pindah tugas")
    told = taps(tx, SARI, next(data for data in buttons(said) if data.startswith("w:y:")))
    old = told[1].text.split("Kode: ")[1].split()[0]
    number = tx.execute("SELECT max(id) FROM invitations").fetchone()[0]
    new = taps(tx, SARI, f"u:v:{number}")[0].text.split("Kode: ")[1].split()[0]
    assert "habis" in says(tx, ORANG, f"/start {old}")[0].text
    says(tx, ORANG, f"/start {new}")
    assert "Rina" in says(tx, ORANG, "setuju")[0].text
    assert tx.execute("SELECT to_contact FROM handovers").fetchone() == (6,)
    assert "sudah dipakai" in taps(tx, SARI, f"u:v:{number + 1}")[0].text


def test_only_the_desk_renews_a_link(tx: Transaction) -> None:
    invited(tx, "KodeYangBenar-01", now=MORNING)
    for person in (RINA, WATI, ORANG):
        taps(tx, person, "u:v:1")
    assert invitations.by_code(tx, "KodeYangBenar-01") == invitations.by_id(tx, 1)
    assert tx.execute("SELECT count(*) FROM invitations").fetchone() == (1,)


def test_whoever_serves_two_offices_says_for_which_and_sees_both(tx: Transaction) -> None:
    dinsos = office_id(tx, "dinsos")
    contacts.grant(tx, 1, role=Role.FOCAL_POINT, office_id=dinsos, now=MORNING + timedelta(days=1))
    asked = says(tx, RINA, "/ajukan")
    assert buttons(asked) == [f"a:o:{DINKES}", f"a:o:{dinsos}"]
    taps(tx, RINA, f"a:o:{dinsos}")
    assert tx.execute("SELECT office_id FROM innovations").fetchall() == [(dinsos,)]
    taps(tx, BUDI, f"a:o:{dinsos}")  # not his office
    assert tx.execute("SELECT count(*) FROM innovations WHERE office_id = ?", (dinsos,)).fetchone() == (1,)


def test_the_list_pages_all_offices_once(tx: Transaction) -> None:
    shown = [
        data
        for page in range(8)
        for data in buttons(taps(tx, SARI, f"o:l:{page}"))
        if data.startswith("o:i:")
    ]
    assert len(shown) == len(set(shown)) == len(offices.active(tx))


@pytest.mark.parametrize("said", ["DINAS KESEHATAN", "Dinas-Kesehatan", "Kesehatan, Dinas"])
def test_a_name_is_taken_whatever_its_case_marks_and_order(tx: Transaction, said: str) -> None:
    taps(tx, SARI, "o:add")
    assert "Dinas Kesehatan" in says(tx, SARI, said)[0].text
    assert tx.execute("SELECT count(*) FROM offices WHERE name = ?", (said,)).fetchone() == (0,)
    assert "Badan Riset" in says(tx, SARI, "Badan Riset")[0].text


def test_who_can_be_reached_stands_below_the_note_that_leads_there(tx: Transaction) -> None:
    asked_elsewhere, within = taps(tx, SARI, "o:out")[0], taps(tx, SARI, "o:r")[0]
    assert asked_elsewhere.text == within.text
    assert (asked_elsewhere.edit, within.edit) == ("", "9")
