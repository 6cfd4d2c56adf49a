from __future__ import annotations

import re

import pytest

from storage import inbox, outbox, outbox_leases, outbox_outcomes
from storage.engine.sqlite import SqliteTransaction


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "sql",
    [outbox._QUEUE, outbox_outcomes._SETTLE, outbox_leases._DEPART, inbox._INSERT, inbox._HANDLED],
    ids=["queue", "settle", "depart", "keep", "handle"],
)
def test_no_table_is_made_anew_to_check_a_row(tx: SqliteTransaction, sql: str) -> None:
    """SQLite makes one for each list of more than two that a check or a partial index compares with."""
    numbered = max((int(number) for number in re.findall(r"\?(\d+)", sql)), default=sql.count("?"))
    instructions = [row[1] for row in tx.execute(f"EXPLAIN {sql}", (None,) * numbered)]
    assert "Halt" in instructions
    assert "OpenEphemeral" not in instructions
