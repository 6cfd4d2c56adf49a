"""The ladder of an office: named by the desk in chat, by a list or by invitation, told by the reminders."""

from __future__ import annotations

import pytest

from domain.message import WITHOUT_MARKS, Message
from domain.people import OfficePost, Role
from storage import (
    contacts,
    invitations,
    office_moves,
    offices,
    periods,
    personal,
    posts,
    reminder_facts,
    roster,
    rungs,
)
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, buttons, refusals, says, taps
from tests.kit.people import ORANG, RINA, SARI, WATI

RINA_ID, BUDI_ID, DINKES = 1, 2, 5
SITI = "0812 3456 7891"


def named(tx: Transaction, post: str, said: str) -> list[Message]:
    """Let the desk put somebody on the ladder of Dinkes."""
    taps(tx, SARI, f"o:j:name:{post}:{DINKES}")
    says(tx, SARI, said)
    says(tx, SARI, "surat penunjukan")
    return says(tx, SARI, "ya")


def on_ladder(tx: Transaction) -> list[tuple[str, str, str, int | None]]:
    every = rungs.of_office(tx, DINKES)
    return [(rung.post.value, rung.name, rung.phone, rung.contact_id) for rung in every]


def test_the_page_says_which_rungs_are_skipped(tx: Transaction) -> None:
    assert f"o:rungs:{DINKES}" in buttons(taps(tx, SARI, f"o:i:{DINKES}"))
    page = taps(tx, SARI, f"o:rungs:{DINKES}")
    assert page[0].text.count("belum ada (dilewati)") == 3
    assert f"o:j:name:head:{DINKES}" in buttons(page)
    assert f"o:j:end:head:{DINKES}" not in buttons(page)


def test_somebody_with_a_number_is_named_invited_and_found_when_they_come_in(tx: Transaction) -> None:
    done = named(tx, "secretary", f"Siti Aminah, {SITI}")
    assert "Siti Aminah dicatat sebagai sekretaris Dinas Kesehatan" in done[0].text
    assert on_ladder(tx) == [("secretary", "Siti Aminah", "+6281234567891", None)]
    assert "belum masuk ke bot" in taps(tx, SARI, f"o:rungs:{DINKES}")[0].text
    assert tx.execute("SELECT name FROM roster").fetchall() == [("Siti Aminah",)]
    contacts.set_phone(tx, BUDI_ID, phone="+6281234567891")
    assert on_ladder(tx)[0][3] == BUDI_ID
    assert "belum masuk" not in taps(tx, SARI, f"o:rungs:{DINKES}")[0].text


def test_the_invitation_leads_onto_the_rung(tx: Transaction) -> None:
    done = named(tx, "head", "Hasan Basri")
    assert on_ladder(tx) == [("head", "Hasan Basri", "", None)]
    assert "Undangan untuk PIC inovasi Dinas Kesehatan" in done[0].text.translate(WITHOUT_MARKS)
    (number,) = tx.execute("SELECT invitation_id FROM rungs").fetchone()
    says(tx, SARI, "/undang")
    taps(tx, SARI, f"u:v:{number}")  # a new code in the place of the one that was lost
    (number,) = tx.execute("SELECT invitation_id FROM rungs").fetchone()
    invitation = invitations.by_id(tx, number)
    assert invitation
    assert invitations.use(tx, invitation, by=BUDI_ID, now=MORNING)
    assert on_ladder(tx) == [("head", "Hasan Basri", "", BUDI_ID)]


def test_who_serves_the_office_already_is_a_tap_away_and_taken_off_again(tx: Transaction) -> None:
    asked = taps(tx, SARI, f"o:j:name:second:{DINKES}")
    assert f"w:c:person:{BUDI_ID}" in buttons(asked)
    taps(tx, SARI, f"w:c:person:{BUDI_ID}")
    says(tx, SARI, "berbagi tugas")
    assert "undangan" not in says(tx, SARI, "ya")[0].text
    assert on_ladder(tx) == [("second", "Budi", "", BUDI_ID)]
    taps(tx, SARI, f"o:j:end:second:{DINKES}")
    says(tx, SARI, "pindah tugas")
    assert "dilewati" in says(tx, SARI, "ya")[0].text
    assert on_ladder(tx) == []
    actions = [row[0] for row in tx.execute("SELECT action FROM audit WHERE action LIKE 'rung%' ORDER BY id")]
    assert actions == ["rung_named", "rung_removed"]


def test_a_number_somebody_has_proved_brings_no_invitation(tx: Transaction) -> None:
    """A leader hears as they are; whoever serves another office becomes a focal point of this one."""
    (wati,) = tx.execute("SELECT id FROM contacts WHERE name = 'Wati'").fetchone()
    (tono,) = tx.execute("SELECT id FROM contacts WHERE name = 'Tono'").fetchone()
    contacts.set_phone(tx, wati, phone="+6281234567891")
    contacts.set_phone(tx, tono, phone="+6281234567892")
    taps(tx, SARI, f"o:j:name:head:{DINKES}")
    says(tx, SARI, f"Bu Wati {SITI}")
    looked = says(tx, SARI, "surat penunjukan")[0].text
    assert "Bu Wati (+6281234567891) dicatat sebagai kepala" in looked.translate(WITHOUT_MARKS)
    assert "undangan" not in looked
    assert "Undangan" not in says(tx, SARI, "ya")[0].text
    assert DINKES not in contacts.load(tx, wati).offices
    taps(tx, SARI, f"o:j:name:second:{DINKES}")
    says(tx, SARI, "Tono 0812 3456 7892")
    assert "milik Tono, yang sudah masuk ke bot" in says(tx, SARI, "berbagi tugas")[0].text
    assert "Undangan" not in says(tx, SARI, "ya")[0].text
    assert DINKES in contacts.load(tx, tono).offices
    assert [(name, contact) for _, name, _, contact in on_ladder(tx)] == [("Tono", tono), ("Bu Wati", wati)]
    assert tx.execute("SELECT count(*) FROM invitations").fetchone() == (0,)


def test_whoever_left_the_office_is_named_for_its_ladder_again(tx: Transaction) -> None:
    """What is said is done: the list has had the number bound since the first time."""
    (tono,) = tx.execute("SELECT id FROM contacts WHERE name = 'Tono'").fetchone()
    contacts.set_phone(tx, tono, phone="+6281234567892")
    listed = roster.Entry("Tono", "+6281234567892", Role.FOCAL_POINT, DINKES)
    roster.take_in(tx, listed, by=None, now=MORNING)
    desk = Actor(None, "pindah tugas")
    assert posts.end(tx, tono, role=Role.FOCAL_POINT, office_id=DINKES, actor=desk, now=MORNING)
    named(tx, "second", "Tono 0812 3456 7892")
    assert DINKES in contacts.load(tx, tono).offices
    granted = tx.execute("SELECT detail FROM audit WHERE action = 'role_granted' ORDER BY id").fetchall()[-1]
    assert "surat penunjukan" in granted[0]


@pytest.mark.parametrize("person", [RINA, WATI, ORANG])
def test_nobody_but_the_desk_sees_or_changes_a_ladder(tx: Transaction, person: int) -> None:
    before = refusals(tx)
    for data in (f"o:j:name:head:{DINKES}", f"o:j:end:head:{DINKES}", f"o:rungs:{DINKES}"):
        assert "Jenjang pengingat" not in taps(tx, person, data)[0].text
    says(tx, person, "Hasan 081234567891")
    assert on_ladder(tx) == []
    assert refusals(tx) >= before


def test_what_is_no_name_is_asked_again(tx: Transaction) -> None:
    taps(tx, SARI, f"o:j:name:head:{DINKES}")
    assert "belum kami pahami" in says(tx, SARI, "081234567891")[0].text
    assert on_ladder(tx) == []


def test_reminders_go_to_the_first_rung_and_the_next_one_hears_of_its_own_office(tx: Transaction) -> None:
    """The second PIC gets no step of the deadline; where nobody else serves, the first rung is skipped."""
    period = periods.current(tx)
    assert period is not None
    named(tx, "second", "Budi")
    tx.execute("UPDATE rungs SET contact_id = ?", (BUDI_ID,))
    look = reminder_facts.look_at(DESK.desk_data, period, now=MORNING)

    def served_by(office: int) -> list[int]:
        every = {subject.office: subject for subject in reminder_facts.load(tx, look)}
        return [person.id for person in every[office].people]

    assert served_by(DINKES) == [RINA_ID]
    tx.execute("UPDATE memberships SET until = since WHERE contact_id = ?", (RINA_ID,))
    assert served_by(DINKES) == [BUDI_ID]


def test_a_ladder_moves_with_its_office_and_goes_with_its_person(tx: Transaction) -> None:
    named(tx, "second", "Budi")
    tx.execute("UPDATE rungs SET contact_id = ?", (BUDI_ID,))
    named(tx, "head", f"Hasan {SITI}")
    dinkes, other = offices.load(tx, DINKES), offices.load(tx, DINKES + 1)
    assert dinkes
    assert other
    held = personal.kept_about(tx, BUDI_ID)["on_the_ladder"]
    assert [row["post"] for row in held] == ["second"]
    office_moves.merge(tx, dinkes, into=other, reason="digabung", by=5, now=MORNING)
    assert [rung.post for rung in rungs.of_office(tx, other.id)] == [OfficePost.SECOND, OfficePost.HEAD]
    personal.erase(tx, BUDI_ID, now=MORNING)
    assert [rung.post for rung in rungs.of_office(tx, other.id)] == [OfficePost.HEAD]
