"""Roles are given and taken in chat by the desk alone, at once; the last one of the desk stays."""

from __future__ import annotations

import json

import pytest

from domain.people import Role
from storage import contacts, exports, personal, posts
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, refusals, says, taps
from tests.kit.people import BUDI, ORANG, RINA, SARI, TONO, WATI, invited

RINA_ID, BUDI_ID, WATI_ID, SARI_ID, DINKES = 1, 2, 4, 5, 5


def held(tx: Transaction, contact: int) -> list[tuple[str, int | None]]:
    """The roles somebody holds, with the office."""
    sql = (
        "SELECT role, office_id FROM memberships WHERE contact_id = ? AND until IS NULL ORDER BY "
        "role, office_id"
    )
    return tx.execute(sql, (contact,)).fetchall()


def confirmed(tx: Transaction, data: str, *said: str) -> str:
    """Begin a change, answer what is asked, and say yes; returns what is said at the end."""
    taps(tx, SARI, data)
    for text in said:
        says(tx, SARI, text)
    return says(tx, SARI, "ya")[0].text


def test_a_leader_is_listed_and_loses_the_role_at_once(tx: Transaction) -> None:
    assert "o:w:0" in buttons(says(tx, SARI, "/opd"))
    listed = taps(tx, SARI, "o:w:0")
    assert "Wati: pimpinan" in listed[0].text
    assert "Sari: Desk Inovasi" in listed[0].text
    assert f"o:take:{WATI_ID}:leader:0" in buttons(taps(tx, SARI, f"o:who:{WATI_ID}"))
    assert "tidak lagi" in confirmed(tx, f"o:take:{WATI_ID}:leader:0", "sudah pensiun")
    assert held(tx, WATI_ID) == []
    assert says(tx, WATI, "/ekspor")[0].text.startswith("Perintah itu tidak tersedia")
    ((told,),) = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(WATI),)).fetchall()
    assert "sudah pensiun" in told
    ((actor, detail),) = tx.execute("SELECT actor, detail FROM audit WHERE action = 'role_ended'").fetchall()
    assert (actor, json.loads(detail)["reason"]) == (SARI_ID, "sudah pensiun")


def test_what_a_former_leader_had_asked_for_is_not_sent(tx: Transaction) -> None:
    taps(tx, WATI, "x:m:csv:2026")
    assert exports.open_count(tx) == 1
    confirmed(tx, f"o:take:{WATI_ID}:leader:0", "sudah pensiun")
    assert tx.execute("SELECT state FROM exports").fetchall() == [("expired",)]


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("leader", ()),
        ("admin", ()),
        ("focal_point", ("kec_baamang",)),
    ],
)
def test_a_role_is_given_at_once(tx: Transaction, role: str, said: tuple[str, ...]) -> None:
    before = held(tx, RINA_ID)
    confirmed(tx, f"o:give:{RINA_ID}:{role}", *said, "menggantikan Pak Budi")
    (added,) = set(held(tx, RINA_ID)) - set(before)
    assert added[0] == role
    ((told,),) = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(RINA),)).fetchall()
    assert "menggantikan Pak Budi" in told


def test_what_may_not_be_held_together_is_not_offered_nor_given(tx: Transaction) -> None:
    assert f"o:give:{WATI_ID}:admin" not in buttons(taps(tx, SARI, f"o:who:{WATI_ID}"))
    assert "tidak dapat memegang" in taps(tx, SARI, f"o:give:{WATI_ID}:admin")[0].text


def test_the_last_of_the_desk_cannot_be_removed_leave_or_be_erased(tx: Transaction) -> None:
    assert "satu-satunya anggota" in taps(tx, SARI, f"o:take:{SARI_ID}:admin:0")[0].text
    for act in ("erase", "sure", "now"):
        assert "satu-satunya anggota" in taps(tx, SARI, f"me:{act}")[0].text
    with pytest.raises(posts.LastOfDesk):
        personal.erase(tx, SARI_ID, now=MORNING)
    assert held(tx, SARI_ID) == [("admin", None)]
    assert tx.execute("SELECT count(*) FROM audit WHERE action = 'refused_last_of_desk'").fetchone() == (4,)


def test_one_of_two_may_leave(tx: Transaction) -> None:
    contacts.grant(tx, BUDI_ID, role=Role.ADMIN, office_id=None, now=MORNING)
    assert "sudah diakhiri" in confirmed(tx, f"o:take:{SARI_ID}:admin:0", "pindah tugas")
    assert held(tx, SARI_ID) == []


def test_the_second_of_two_who_go_at_once_stays(tx: Transaction) -> None:
    contacts.grant(tx, BUDI_ID, role=Role.ADMIN, office_id=None, now=MORNING)
    taps(tx, SARI, f"o:take:{BUDI_ID}:admin:0")
    says(tx, SARI, "pindah tugas")
    taps(tx, BUDI, f"o:take:{SARI_ID}:admin:0")
    says(tx, BUDI, "pindah tugas")
    says(tx, SARI, "ya")
    says(tx, BUDI, "ya")
    assert held(tx, SARI_ID) == [("admin", None)]


def test_open_codes_of_every_role_are_listed_and_taken_back(tx: Transaction) -> None:
    for number, role in enumerate(Role):
        invited(tx, f"KodeYangBenar-0{number}", now=MORNING, role=role)
    assert "u:open:0" in buttons(says(tx, SARI, "/undang"))
    listed = taps(tx, SARI, "u:open:0")
    assert "pimpinan" in listed[0].text
    assert "Dinas Kesehatan" in listed[0].text
    for number in (1, 2, 3):
        assert "sudah dicabut" in taps(tx, SARI, f"u:off:{number}")[0].text
    assert "sudah dipakai atau tidak ada" in taps(tx, SARI, "u:off:1")[0].text
    assert "dicabut" in says(tx, ORANG, "KodeYangBenar-02")[0].text


@pytest.mark.parametrize("person", [RINA, WATI, TONO, ORANG])
@pytest.mark.parametrize(
    "data", ["o:w:0", "o:who:1", "o:give:1:admin", "o:take:5:admin:0", "u:open:0", "u:off:1", "u:off:9"]
)
def test_nobody_else_sees_or_changes_roles_and_codes(tx: Transaction, person: int, data: str) -> None:
    invited(tx, "KodeYangBenar-01", now=MORNING, role=Role.ADMIN)
    refused = refusals(tx)
    told = taps(tx, person, data)
    assert "Sari" not in told[0].text
    assert refusals(tx) == refused + 1
    assert tx.execute("SELECT revoked_at FROM invitations").fetchall() == [(None,)]
    assert held(tx, SARI_ID) == [("admin", None)]
