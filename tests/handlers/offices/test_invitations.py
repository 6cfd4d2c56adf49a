"""Codes end with the person who made them, whatever role they open and however that person went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.message import Inbound, Kind, Message
from domain.people import Role
from storage import contacts, invitations, personal, posts
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, says, taps
from tests.kit.people import ORANG, RINA, SARI

CODE, SARI_ID, BUDI_ID, DINKES = "KodeYangBenar-01", 5, 2, 5
LATER = MORNING + timedelta(minutes=5)


def made(tx: Transaction, role: Role) -> None:
    """Let Sari make a code for a role."""
    office = DINKES if role is Role.FOCAL_POINT else None
    valid = timedelta(days=14)
    invitations.create(
        tx,
        CODE,
        by=SARI_ID,
        now=MORNING,
        new=invitations.NewInvitation(role=role, office_id=office, valid_for=valid),
    )


def erased(tx: Transaction) -> None:
    """Erase her; somebody else is at the desk."""
    contacts.grant(tx, BUDI_ID, role=Role.ADMIN, office_id=None, now=MORNING)
    personal.erase(tx, SARI_ID, now=LATER)


def role_taken(tx: Transaction) -> None:
    """Take the role from her; somebody else is at the desk."""
    contacts.grant(tx, BUDI_ID, role=Role.ADMIN, office_id=None, now=MORNING)
    posts.end(tx, SARI_ID, role=Role.ADMIN, office_id=None, now=LATER, actor=Actor(reason="mutasi"))


def taken_and_given_back(tx: Transaction) -> None:
    """Take the role from her and give it back: she begins anew."""
    role_taken(tx)
    contacts.grant(tx, SARI_ID, role=Role.ADMIN, office_id=None, now=LATER)


def revoked(tx: Transaction) -> None:
    """Take the code back."""
    assert invitations.revoke(tx, 1, by=SARI_ID, now=LATER)


def opens(tx: Transaction, person: int) -> list[Message]:
    """Open the code."""
    inbound = Inbound("telegram", str(person), Kind.TEXT, text=f"/start {CODE}", name="Orang")
    return list(DESK.take(tx, inbound, fetched=None, now=LATER + timedelta(minutes=1)))


@pytest.mark.parametrize("how", [erased, role_taken, taken_and_given_back, revoked])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("person", [ORANG, SARI])
def test_a_code_ends_with_the_person_who_made_it(
    tx: Transaction, how: Callable[[Transaction], None], role: Role, person: int
) -> None:
    made(tx, role)
    how(tx)
    assert "dicabut" in opens(tx, person)[0].text
    assert tx.execute("SELECT count(*) FROM enrolments").fetchone() == (0,)
    assert invitations.every_open(tx, now=LATER) == []
    assert tx.execute("SELECT count(*) FROM audit WHERE action = 'refused_code'").fetchone() == (1,)


@pytest.mark.parametrize("how", [erased, role_taken, revoked])
def test_a_code_that_ends_between_the_notice_and_the_yes_opens_nothing(
    tx: Transaction, how: Callable[[Transaction], None]
) -> None:
    made(tx, Role.ADMIN)
    says(tx, ORANG, f"/start {CODE}")
    how(tx)
    assert "dicabut" in taps(tx, ORANG, "s:yes")[0].text
    assert contacts.by_address(tx, "telegram", address=str(ORANG)) is None


def test_a_code_of_the_command_line_ends_with_nobody(tx: Transaction) -> None:
    valid = timedelta(days=14)
    invitations.create(
        tx,
        CODE,
        by=None,
        now=MORNING,
        new=invitations.NewInvitation(role=Role.ADMIN, office_id=None, valid_for=valid),
    )
    role_taken(tx)
    assert "Kode diterima" in opens(tx, ORANG)[0].text


def test_who_opens_a_code_of_their_own_is_noted(tx: Transaction) -> None:
    invitations.create(
        tx,
        CODE,
        by=SARI_ID,
        now=MORNING,
        new=invitations.NewInvitation(role=Role.FOCAL_POINT, office_id=DINKES, valid_for=timedelta(days=14)),
    )
    opening = invitations.by_code(tx, CODE)
    assert opening is not None
    assert invitations.use(tx, opening, by=SARI_ID, now=LATER)
    assert tx.execute("SELECT actor FROM audit WHERE action = 'self_invited'").fetchall() == [(SARI_ID,)]
    assert not invitations.use(tx, opening, by=RINA, now=LATER)


@pytest.mark.parametrize("said", ["dinkes", "DINKES.", "dinas kesehatan", "dinkes kotim"])
@pytest.mark.parametrize("at_once", [True, False])
def test_an_office_named_whole_is_invited_at_once(tx: Transaction, said: str, *, at_once: bool) -> None:
    if not at_once:
        says(tx, SARI, "/undang")
    (letter,) = says(tx, SARI, f"/undang {said}" if at_once else said)
    assert "PIC inovasi Dinas Kesehatan" in letter.text
    assert len(invitations.every_open(tx, now=MORNING)) == 1


@pytest.mark.parametrize("said", ["kesehatan", "dinkess"])
def test_what_is_only_near_to_a_name_invites_nobody_unasked(tx: Transaction, said: str) -> None:
    says(tx, SARI, "/undang")
    (asked,) = says(tx, SARI, said)
    assert "Dinas Kesehatan" in str(asked.rows)
    assert invitations.every_open(tx, now=MORNING) == []
