"""Every refused move leaves its line in the audit: who, what and when, and nothing of what somebody wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.people import RIGHTS, Right, Role
from handlers.registry import registry
from storage import contacts
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory
from tests.kit.desk_turns import ROLES, refusals
from tests.kit.in_review import says, taps, with_one_handed_in
from tests.kit.people import BUDI, ORANG, RINA, SARI, TONO, WATI


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_one_handed_in())) as connection:
        yield connection


# What is refused, by whom: a button of each kind of thing that is somebody else's, over, or not ready.
MOVES = [
    (TONO, "f:1:@list:0:go"),
    (TONO, "rk:go:1"),
    (TONO, "rk:at:1:tujuan"),
    (TONO, "rk:yes:1"),
    (TONO, "rk:back:1"),
    (TONO, "y:1"),
    (TONO, "v:1:2026"),
    (TONO, "d:back:1"),
    (TONO, "st:i:1"),
    (TONO, "st:o:5:0"),
    (TONO, "st:n:1:16"),
    (TONO, "wi:i:1"),
    (TONO, "rm:z:5:besok"),
    (TONO, "rm:t:5"),
    (RINA, "rk:go:1"),
    (RINA, "rk:back:1"),
    (RINA, "y:1"),
    (RINA, "q:t:1"),
    (RINA, "o:close:5"),
    (RINA, "w:y:1234"),
    (RINA, "w:n"),
    (RINA, "w:c:office:1"),
    (RINA, "u:r:admin"),
    (WATI, "o:close:5"),
    (WATI, "o:name:5"),
    (WATI, "o:end:1:5"),
    (WATI, "w:y:1234"),
    (WATI, "w:c:office:1"),
    (WATI, "x:u:1"),
    (WATI, "x:ze:1"),
    (WATI, "q:o:1"),
    (SARI, "q:d:1"),
    (SARI, "q:dvy:1"),
    (SARI, "q:dry:1"),
    (SARI, "q:dxy:1"),
    (SARI, "q:v:1:16:2"),
    (SARI, "q:g:1:tujuan"),
    (SARI, "q:r:1"),
    (SARI, "q:o:99"),
    (SARI, "f:1:@list:0:go"),
    (ORANG, "q:t:1"),
    (ORANG, "w:y:1234"),
    (ORANG, "u:r:admin"),
    (ORANG, "f:1:@list:0:go"),
    (BUDI, "s:role:yes:1"),
    (ORANG, "s:role:yes:1"),
    (BUDI, "nothing:1"),
]


@pytest.mark.parametrize(("person", "data"), MOVES)
def test_a_refused_button_leaves_a_line(tx: Transaction, person: int, data: str) -> None:
    before = refusals(tx)
    assert taps(tx, person, data.replace("@", "#"))
    assert refusals(tx) == before + 1


HELD = ["q:dvy:1", "q:dv:1", "q:dry:1", "q:dr:1", "q:dxy:1"]


@pytest.mark.parametrize("data", HELD)
def test_a_decision_that_is_not_ready_leaves_a_line(tx: Transaction, data: str) -> None:
    taps(tx, SARI, "q:t:1")
    before = refusals(tx)
    taps(tx, SARI, data)
    assert refusals(tx) == before + 1


def test_who_comes_second_to_a_review_is_noted(tx: Transaction) -> None:
    contacts.grant(tx, 3, role=Role.ADMIN, office_id=None, now=MORNING)
    taps(tx, SARI, "q:t:1")
    before = refusals(tx)
    taps(tx, TONO, "q:t:1")
    assert refusals(tx) == before + 1


@pytest.mark.parametrize("person", ROLES)
def test_every_command_and_family_that_is_not_the_roles_leaves_a_line(tx: Transaction, person: int) -> None:
    role = ROLES[person]
    for command in registry().commands:
        before = refusals(tx)
        says(tx, person, f"/{command.name}")
        assert refusals(tx) - before == (
            command.right is not Right.TALK and role not in RIGHTS[command.right]
        )


def test_a_dialogue_whose_right_was_lost_leaves_a_line(tx: Transaction) -> None:
    says(tx, SARI, "/siaran")
    taps(tx, SARI, "sr:new")
    tx.execute("UPDATE memberships SET until = '2026-01-01' WHERE contact_id = 5")
    before = refusals(tx)
    says(tx, SARI, "Rapat hari Senin")
    assert refusals(tx) == before + 1


def test_no_line_of_a_refusal_carries_what_somebody_wrote(tx: Transaction) -> None:
    says(tx, TONO, "DI-2026-0001")
    says(tx, RINA, "/antrean rahasia saya")
    taps(tx, BUDI, "rahasia:saya")
    rows = tx.execute("SELECT detail FROM audit WHERE action LIKE 'refused%'").fetchall()
    assert len(rows) == 3
    for (detail,) in rows:
        assert "rahasia" not in detail
        assert set(json.loads(detail)) <= {"innovation", "name", "button"}
