"""Asking to check where nothing is open: the only thing that lies there, or what of several is meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage.engine.sqlite import SqliteTransaction
from tests.kit.databases import in_memory
from tests.kit.desk_turns import buttons, heard, says
from tests.kit.in_review import send_back, with_one_handed_in
from tests.kit.people import RINA


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    with closing(in_memory(with_one_handed_in())) as connection:
        yield connection


def begins_draft(tx: SqliteTransaction) -> None:
    says(tx, RINA, "/ajukan")
    says(tx, RINA, "Jemput Bola KTP")
    tx.execute("DELETE FROM dialogues")


def test_the_only_draft_is_checked(tx: SqliteTransaction) -> None:
    begins_draft(tx)
    assert "Jemput Bola KTP" in heard(shown := says(tx, RINA, "periksa"))
    assert "f:2:#list:0:list" not in buttons(shown)


def test_beside_one_that_was_sent_back_it_is_asked_which(tx: SqliteTransaction) -> None:
    begins_draft(tx)
    send_back(tx, "tujuan")
    tx.execute("DELETE FROM dialogues")
    shown = buttons(says(tx, RINA, "periksa"))
    assert {"rk:go:1", "f:2:#list:0:list"} <= set(shown)
