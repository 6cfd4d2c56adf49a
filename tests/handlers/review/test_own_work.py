"""Nobody decides on their own work: not who belongs to the office, not who has written in it, by no path."""

from __future__ import annotations

import json

import pytest

from domain.people import Role
from storage import contacts, posts, reviews
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.in_review import judge, kept, says, state, taps
from tests.kit.people import RINA, SARI, WATI

DINKES, RINA_ID, SARI_ID = 5, 1, 5
DECIDING = [
    "q:v:1:16:2", "q:v:1:16:1", "q:g:1:tujuan", "q:u:1:tujuan", "q:w:1:level:i16:1:kurang",
    "q:w:1:profile:tujuan:0:kabur", "q:w:1:reject:#state:0:rutin", "q:d:1", "q:dv:1", "q:dr:1", "q:dx:1",
    "q:dvy:1", "q:dry:1", "q:dxy:1",
]  # fmt: skip
DECIDED = ("innovations", "answers", "history", "verdicts", "flags", "reviews")


def joins_office(tx: Transaction) -> None:
    """Let the desk officer serve the office too."""
    contacts.grant(tx, SARI_ID, role=Role.FOCAL_POINT, office_id=DINKES, now=MORNING)


def has_written(tx: Transaction) -> None:
    """Let the desk officer have written in it, and serve no office any more."""
    tx.execute(
        "INSERT INTO history (innovation_id, at, contact_id, question, new) VALUES (1, ?, ?, "
        "'tujuan', '\"x\"')",
        (MORNING.isoformat(), SARI_ID),
    )


def has_sent(tx: Transaction) -> None:
    """Let the desk officer have sent it."""
    tx.execute(
        "INSERT INTO history (innovation_id, at, contact_id, question, old, new) "
        "VALUES (1, ?, ?, '#state', 'draf', 'terkirim')",
        (MORNING.isoformat(), SARI_ID),
    )


OWN = [joins_office, has_written, has_sent]


@pytest.mark.parametrize("data", ["q:t:1", "q:x:1:5", *DECIDING])
@pytest.mark.parametrize("own", OWN)
def test_ones_own_is_not_taken_nor_decided(tx: Transaction, own: object, data: str) -> None:
    own(tx)  # type: ignore[operator]
    before, audited = kept(tx, *DECIDED), _audited(tx)
    assert taps(tx, SARI, data)
    assert kept(tx, *DECIDED) == before
    assert _audited(tx) == audited + 1


@pytest.mark.parametrize("data", DECIDING)
@pytest.mark.parametrize("own", OWN)
def test_what_becomes_ones_own_under_review_is_not_decided_by_an_old_button(
    tx: Transaction, own: object, data: str
) -> None:
    taps(tx, SARI, "q:t:1")
    own(tx)  # type: ignore[operator]
    before, audited = kept(tx, *DECIDED), _audited(tx)
    assert "dari perangkat daerah Bapak/Ibu sendiri" in taps(tx, SARI, data)[0].text
    assert kept(tx, *DECIDED) == before
    assert _audited(tx) == audited + 1


@pytest.mark.parametrize("own", OWN)
def test_a_reason_that_is_typed_when_it_has_become_ones_own_decides_nothing(
    tx: Transaction, own: object
) -> None:
    taps(tx, SARI, "q:t:1")
    taps(tx, SARI, "q:v:1:16:1")
    own(tx)  # type: ignore[operator]
    before = kept(tx, *DECIDED)
    assert says(tx, SARI, "buktinya belum ada")
    assert kept(tx, *DECIDED) == before


def test_it_can_be_let_go_of(tx: Transaction) -> None:
    taps(tx, SARI, "q:t:1")
    joins_office(tx)
    taps(tx, SARI, "q:r:1")
    assert state(tx) == "terkirim"


def test_a_desk_of_one_gives_a_reason_that_leaders_read(tx: Transaction) -> None:
    joins_office(tx)
    assert "q:a:1" in [choice.data for row in taps(tx, SARI, "q:t:1")[0].rows for choice in row]
    taps(tx, SARI, "q:a:1")
    assert "Mengapa" in says(tx, SARI, "ok")[0].text
    assert reviews.holder(tx, 1) is None
    says(tx, SARI, "Rekan sedang cuti sampai Senin")
    ((detail,),) = tx.execute("SELECT detail FROM audit WHERE action = 'review_alone'").fetchall()
    assert json.loads(detail) == {"innovation": 1, "reason": "Rekan sedang cuti sampai Senin"}
    ((told,),) = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(WATI),)).fetchall()
    assert "Rekan sedang cuti sampai Senin" in told
    judge(tx)
    taps(tx, SARI, "q:dvy:1")
    assert state(tx) == "terverifikasi"


def test_the_reason_no_longer_serves_once_a_colleague_is_there(tx: Transaction) -> None:
    joins_office(tx)
    taps(tx, SARI, "q:a:1")
    says(tx, SARI, "Rekan sedang cuti sampai Senin")
    contacts.grant(tx, RINA_ID, role=Role.ADMIN, office_id=None, now=MORNING)
    before = kept(tx, *DECIDED)
    taps(tx, SARI, "q:v:1:16:2")
    assert kept(tx, *DECIDED) == before


def test_a_reason_is_no_way_round_for_a_desk_of_two(tx: Transaction) -> None:
    contacts.grant(tx, RINA_ID, role=Role.ADMIN, office_id=None, now=MORNING)
    for data in ("q:a:1", "q:t:1"):
        told = taps(tx, RINA, data)
        assert "q:a:1" not in [choice.data for row in told[0].rows for choice in row]
    says(tx, RINA, "Rekan sedang cuti sampai Senin")
    assert state(tx) == "terkirim"


def test_who_has_written_does_not_decide_after_leaving_the_office(tx: Transaction) -> None:
    contacts.grant(tx, RINA_ID, role=Role.ADMIN, office_id=None, now=MORNING)
    posts.end(
        tx,
        RINA_ID,
        role=Role.FOCAL_POINT,
        office_id=DINKES,
        now=MORNING,
        actor=Actor(SARI_ID, "mutasi"),
    )
    taps(tx, RINA, "q:t:1")
    assert state(tx) == "terkirim"


def _audited(tx: Transaction) -> int:
    return int(tx.execute("SELECT count(*) FROM audit WHERE action LIKE 'refused%'").fetchone()[0])
