"""Turns taken straight at the desk: who may do what, and that nothing is ever met with silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.message import Inbound, Kind
from domain.people import RIGHTS, Right
from domain.reading.clean_text import sign_text
from handlers.registry import Registry, registry
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, ROLES, buttons, refusals, says, taps
from tests.kit.people import BUDI, ORANG, PEOPLE, RINA, SARI, TONO, WATI, invited
from tests.kit.properties import SHARES_FIXTURE
from tests.kit.tables import everything, tried_and_undone

STATE = ("innovations", "answers", "history", "invitations", "memberships", "contacts")


def state(tx: SqliteTransaction) -> list[list[object]]:
    """Everything that must not change by itself."""
    return [tx.execute(f"SELECT * FROM {table}").fetchall() for table in STATE]


@pytest.mark.parametrize("person", ROLES)
def test_each_command_acts_for_its_roles_alone(tx: SqliteTransaction, person: int) -> None:
    for command in registry().commands:
        allowed = command.right is Right.TALK or ROLES[person] in RIGHTS[command.right]
        for name in {command.name, command.also, *command.more} - {""}:
            before, refused = state(tx), refusals(tx)
            messages = says(tx, person, f"/{name}")
            assert messages, name
            assert refusals(tx) == refused + (not allowed), name
            if not allowed:
                assert state(tx) == before, name


def test_the_buttons_of_one_office_do_nothing_for_anybody_else(tx: SqliteTransaction) -> None:
    shown = buttons(says(tx, RINA, "/ajukan"))
    for text in ("SIPANDU", "penerapan", "opd", "Tim", "periksa kelengkapan", "periksa", "/draf"):
        shown += buttons(says(tx, RINA, text))
    shown += ["d:back:1", "f:1:nama:1:redo", "f:1:#check:9:send", "f:1:#list:9:drop", "f:1:#list:9:yes"]
    before = state(tx)
    for data in shown:
        if not data.startswith("k:"):
            for person in (TONO, WATI, SARI, ORANG):
                assert taps(tx, person, data), (person, data)
    after = state(tx)
    assert after[1:] == before[1:]
    assert [row for row in after[0] if row[1] == before[0][0][1]] == before[0]  # type: ignore[index]


def test_the_second_focal_point_of_the_office_may_go_on(tx: SqliteTransaction) -> None:
    says(tx, RINA, "/ajukan")
    says(tx, RINA, "SIPANDU")
    taps(tx, BUDI, "f:1:#list:0:go")
    says(tx, BUDI, "penerapan")
    assert tx.execute("SELECT value FROM answers WHERE question = 'tahapan'").fetchone() == ('"penerapan"',)
    assert tx.execute("SELECT count(*) FROM cursors").fetchone() == (2,)


def test_only_the_desk_makes_invitations(tx: SqliteTransaction) -> None:
    for person in (RINA, WATI, ORANG):
        for data in ("u:r:admin", "u:o:1", "u:p:0"):
            taps(tx, person, data)
    assert tx.execute("SELECT count(*) FROM invitations").fetchone() == (0,)
    taps(tx, SARI, "u:r:leader")
    assert tx.execute("SELECT role FROM invitations").fetchall() == [("leader",)]


def test_a_code_is_kept_as_its_hash_alone(tx: SqliteTransaction) -> None:
    taps(tx, SARI, "u:r:leader")
    told = says(tx, SARI, "/undang dinkes")
    dump = repr(everything(tx))
    assert "UJA2" not in dump
    assert told


def test_wrong_codes_are_limited_and_a_right_one_waits_too(tx: SqliteTransaction) -> None:
    invited(tx, "KodeYangBenar-01", now=MORNING)
    for number in range(5):
        says(tx, ORANG, f"/start KodeSalah-{number:06d}")
    assert "satu jam lagi" in says(tx, ORANG, "/start KodeYangBenar-01")[0].text
    later = Inbound("telegram", str(ORANG), Kind.TEXT, text="/start KodeYangBenar-01", name="Orang")
    (invitation, *_) = DESK.take(tx, later, fetched=None, now=MORNING + timedelta(hours=2))
    assert "Kode diterima" in invitation.text


def test_declining_leaves_no_personal_data(tx: SqliteTransaction) -> None:
    invited(tx, "KodeYangBenar-01", now=MORNING)
    says(tx, ORANG, "/start KodeYangBenar-01")
    says(tx, ORANG, "tidak setuju")
    assert tx.execute("SELECT count(*) FROM enrolments").fetchone() == (0,)
    assert "Orang Baru" not in repr(everything(tx))


def test_a_person_may_serve_two_offices(tx: SqliteTransaction) -> None:
    served = "SELECT office_id FROM memberships WHERE contact_id = 1 ORDER BY office_id"
    invited(tx, "KodeBaamang-0001", now=MORNING, office="kec_baamang")
    assert "Sekarang" in says(tx, RINA, "/start KodeBaamang-0001")[0].text
    assert tx.execute(served).fetchall() == [(5,)]
    taps(tx, RINA, "s:role:yes:1")
    assert tx.execute(served).fetchall() == [(5,), (36,)]


def test_a_person_who_lost_the_role_is_refused_in_the_middle_of_the_form(tx: SqliteTransaction) -> None:
    says(tx, RINA, "/ajukan")
    tx.execute("UPDATE memberships SET until = '2026-01-01' WHERE contact_id = 1")
    before = state(tx)
    assert says(tx, RINA, "SIPANDU")
    assert state(tx) == before


def test_history_rebuilds_every_moment(tx: SqliteTransaction) -> None:
    from storage.innovations import answers, answers_at

    says(tx, RINA, "/ajukan")
    says(tx, RINA, "SIPANDU")
    says(tx, RINA, "penerapan")
    says(tx, RINA, "kembali")
    says(tx, RINA, "uji coba")
    assert answers_at(tx, 1, moment=MORNING) == answers(tx, 1)
    changes = tx.execute("SELECT old, new FROM history WHERE question = 'tahapan' ORDER BY id").fetchall()
    assert changes == [(None, '"penerapan"'), ('"penerapan"', '"uji_coba"')]


def test_a_registry_refuses_a_second_entry_of_a_name() -> None:
    commands = registry().commands
    with pytest.raises(ValueError, match="stands twice"):
        Registry((*commands, commands[0]), ())


KINDS = st.sampled_from([Kind.TEXT, Kind.TEXT, Kind.OTHER, Kind.LOCATION, Kind.PHONE, Kind.BUTTON])
LASTING = ("memberships", "offices", "periods", "invitations", "opt_ins")
ON_BOTH = """
INSERT INTO addresses (channel, address, contact_id)
SELECT 'whatsapp', address, contact_id FROM addresses WHERE channel = 'telegram'
"""


def of_the_draft(tx: SqliteTransaction) -> list[object]:
    """What stood in the draft before anything of chance came, and that it is there."""
    sql = "SELECT value FROM answers WHERE innovation_id = 1 AND question = 'nama'"
    drafts = "SELECT state, discarded_at FROM innovations WHERE id = 1"
    return [tx.execute(one).fetchall() for one in (sql, drafts)]


@pytest.fixture
def amid(tx: SqliteTransaction) -> SqliteTransaction:
    """Everybody on both channels, and Rina in the middle of the form."""
    tx.execute(ON_BOTH)
    for said in ("/ajukan", "SIPANDU"):
        says(tx, RINA, said)
    return tx


@settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(
    kind=KINDS,
    text=st.text(max_size=60).map(sign_text),  # every channel replaces what no database keeps
    person=st.sampled_from(list(PEOPLE)),
    channel=st.sampled_from(["telegram", "whatsapp"]),
)
@example(kind=Kind.TEXT, text="B:N", person=SARI, channel="telegram")  # nearly a word the desk may ask about
@example(kind=Kind.OTHER, text="", person=ORANG, channel="whatsapp")  # a sticker or a voice note
def test_nobody_is_ever_met_with_silence_and_nothing_is_lost(
    amid: SqliteTransaction, kind: Kind, text: str, person: int, channel: str
) -> None:
    """F5: an answer with a button that leads on, whoever sends whatever; Rina has a question open."""
    tx = amid
    with tried_and_undone(tx):
        draft, lasting = (
            of_the_draft(tx),
            [tx.execute(f"SELECT * FROM {name}").fetchall() for name in LASTING],
        )
        inbound = Inbound(
            channel,
            str(person),
            kind,
            text=text if kind is Kind.TEXT else "",
            button=text if kind is Kind.BUTTON else "",
            location=(1.0, 2.0) if kind is Kind.LOCATION else None,
            phone="+62811" if kind is Kind.PHONE else "",
            name=PEOPLE[person][0],
        )
        messages = DESK.take(tx, inbound, fetched=None, now=MORNING)
        assert 1 <= len(messages) <= 3
        assert any(message.rows for message in messages)
        assert of_the_draft(tx) == draft
        assert [tx.execute(f"SELECT * FROM {name}").fetchall() for name in LASTING] == lasting
        opened = tx.execute("SELECT name FROM dialogues WHERE contact_id = 1").fetchone()
        assert opened is not None or person == RINA, "nobody else closes what she has open"
