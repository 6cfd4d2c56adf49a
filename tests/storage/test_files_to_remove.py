"""Files go by the list that is written when their row goes, and only while no row names their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.draft.evidence import Piece
from domain.message import StoredFile
from storage import discarding, exports, files, files_to_remove, innovations, personal
from storage.engine.sqlite import SqliteTransaction
from storage.engine.utc import utc_text
from storage.files_to_remove import EVIDENCE, EXPORTS, PURGED_KEPT, REPLACED_KEPT, UNNAMED_KEPT, Leaving
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.handed_in import handed_in

DAY = timedelta(days=1)
LETTER = StoredFile("ab" * 32, "pdf", "surat.pdf", 9)
PATH = f"ab/{LETTER.sha256}"


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    with closing(in_memory(with_people())) as opened:
        yield opened


def kept(tx: SqliteTransaction) -> str:
    """Keep the letter as the fetcher does; returns its path."""
    path = files.expect(tx, LETTER.sha256, now=MORNING)
    return files.insert(tx, LETTER, path=path, now=MORNING)


def taken(tx: SqliteTransaction, *, now: datetime) -> list[Leaving]:
    """Look at what is due as the bot does."""
    return files_to_remove.take(tx, now=now, in_hand=files_to_remove.read_in_hand(tx))


def answered(tx: SqliteTransaction, innovation: int, *pieces: Piece, before: tuple[Piece, ...] = ()) -> None:
    innovations.write(
        tx, innovation, changes={"e16": list(pieces)}, before={"e16": list(before)}, by=1, now=MORNING
    )


def lines(tx: SqliteTransaction) -> list[tuple[str, str, int]]:
    return tx.execute("SELECT path, look_at, going FROM files_to_remove ORDER BY path").fetchall()


def rows(tx: SqliteTransaction) -> list[str]:
    return [path for (path,) in tx.execute("SELECT path FROM files ORDER BY path")]


def test_what_no_answer_names_in_time_goes(tx: SqliteTransaction) -> None:
    assert kept(tx) == PATH
    assert taken(tx, now=MORNING + UNNAMED_KEPT - timedelta(seconds=1)) == []
    assert taken(tx, now=MORNING + UNNAMED_KEPT) == [Leaving(EVIDENCE, PATH)]
    assert rows(tx) == []
    files_to_remove.removed(tx, [Leaving(EVIDENCE, PATH)])
    assert lines(tx) == []


def test_what_an_answer_names_is_off_the_list_until_it_is_replaced(tx: SqliteTransaction) -> None:
    innovation = handed_in(tx, "SIPANDU", now=MORNING, evidence=())
    kept(tx)
    piece = Piece.of(LETTER)
    answered(tx, innovation, piece)
    assert taken(tx, now=MORNING + 400 * DAY) == []
    assert (rows(tx), lines(tx)) == ([PATH], [])
    answered(tx, innovation, before=(piece,))
    assert lines(tx) == [(PATH, utc_text(MORNING + REPLACED_KEPT), 0)]
    assert taken(tx, now=MORNING + REPLACED_KEPT) == [Leaving(EVIDENCE, PATH)]


def test_the_same_bytes_at_another_place_stay(tx: SqliteTransaction) -> None:
    first, second = (handed_in(tx, title, now=MORNING, evidence=()) for title in ("SIPANDU", "Antre"))
    kept(tx)
    piece = Piece.of(LETTER)
    for innovation in (first, second):
        answered(tx, innovation, piece)
    answered(tx, first, before=(piece,))
    assert taken(tx, now=MORNING + 400 * DAY) == []
    assert (rows(tx), lines(tx)) == ([PATH], [])


def test_only_what_an_answer_names_no_more_is_listed(tx: SqliteTransaction) -> None:
    innovation = handed_in(tx, "SIPANDU", now=MORNING, evidence=())
    kept(tx)
    piece = Piece.of(LETTER)
    answered(tx, innovation, piece)
    taken(tx, now=MORNING + 400 * DAY)
    answered(tx, innovation, replace(piece, name="lain.pdf"), before=(piece,))
    assert lines(tx) == []


def test_a_purged_draft_lists_its_files_in_the_same_transaction(tx: SqliteTransaction) -> None:
    draft = innovations.create(
        tx,
        innovations.NewInnovation(office_id=1, period_id=1, form_version=1, rule_year=2026),
        by=1,
        now=MORNING,
    )
    kept(tx)
    answered(tx, draft, Piece.of(LETTER))
    taken(tx, now=MORNING + 400 * DAY)
    discarding.discard(tx, draft, by=1, now=MORNING)
    later = MORNING + discarding.UNDO_DISCARD
    assert discarding.purge_discarded(tx, later).count == 1
    assert lines(tx) == [(PATH, utc_text(later + PURGED_KEPT), 0)]
    assert taken(tx, now=later + PURGED_KEPT) == [Leaving(EVIDENCE, PATH)]


IN_HAND: dict[str, Callable[[SqliteTransaction, str], object]] = {
    "a dialogue": lambda tx, text: tx.execute("INSERT INTO dialogues VALUES (1, 'broadcast', ?)", (text,)),
    "a turn to come": lambda tx, text: tx.execute(
        "INSERT INTO inbox (channel, external_id, address, raw, received_at, fetched)"
        " VALUES ('telegram', '7', '1001', '{}', '2026', ?)", (text,)),
    "a message to leave": lambda tx, text: tx.execute(
        "INSERT INTO outbox (channel, address, priority, payload, created_at)"
        " VALUES ('telegram', '1001', 0, ?, '2026')", (text,)),
}  # fmt: skip


@pytest.mark.parametrize("holder", IN_HAND)
def test_what_somebody_is_asked_about_is_looked_at_again_later(tx: SqliteTransaction, holder: str) -> None:
    kept(tx)
    IN_HAND[holder](tx, json.dumps({"sha256": LETTER.sha256}))
    due = MORNING + UNNAMED_KEPT
    assert taken(tx, now=due) == []
    assert lines(tx) == [(PATH, utc_text(due + UNNAMED_KEPT), 0)]
    assert rows(tx) == [PATH]


def test_the_attachment_of_an_announcement_stays(tx: SqliteTransaction) -> None:
    kept(tx)
    tx.execute(
        "INSERT INTO broadcasts (contact_id, channel, address, attachment, created_at)"
        " VALUES (1, 'telegram', '1', ?, '2026')", (json.dumps({"args": {"sha256": LETTER.sha256}}),),
    )  # fmt: skip
    assert taken(tx, now=MORNING + 400 * DAY) == []
    assert (rows(tx), lines(tx)) == ([PATH], [])


def test_what_was_marked_and_not_reported_is_removed_again(tx: SqliteTransaction) -> None:
    """A kill after the commit, and one after the bytes are gone, look the same to the next sweep."""
    kept(tx)
    due = MORNING + UNNAMED_KEPT
    assert taken(tx, now=due) == taken(tx, now=due)
    assert files_to_remove.due_count(tx, now=due) == 1


def test_bytes_that_come_again_while_they_are_removed_get_another_path(tx: SqliteTransaction) -> None:
    kept(tx)
    due = MORNING + UNNAMED_KEPT
    (leaving,) = taken(tx, now=due)
    path = files.expect(tx, LETTER.sha256, now=due)
    assert path == f"{PATH}-2"
    assert files.insert(tx, LETTER, path=path, now=due) == path
    files_to_remove.removed(tx, [leaving])
    assert rows(tx) == [path]
    assert [(line[0], line[2]) for line in lines(tx)] == [(path, 0)]


def test_bytes_that_come_again_before_their_time_wait_longer(tx: SqliteTransaction) -> None:
    kept(tx)
    again = MORNING + 5 * DAY
    assert files.expect(tx, LETTER.sha256, now=again) == PATH
    assert taken(tx, now=MORNING + UNNAMED_KEPT) == []


def exported(tx: SqliteTransaction, path: str) -> int:
    number = int(tx.execute(
        "INSERT INTO exports (contact_id, channel, address, language, kind, args, state, created_at)"
        " VALUES (1, 'telegram', '1', 'id', 'csv', '{}', 'running', ?) RETURNING id", (utc_text(MORNING),)
    ).fetchone()[0])  # fmt: skip
    assert exports.expect(tx, path, now=MORNING)
    assert exports.finish(tx, number, path=path, name="x.csv", now=MORNING)
    return number


def test_an_export_goes_after_its_day_unless_another_has_the_same_bytes(tx: SqliteTransaction) -> None:
    exported(tx, "aa.csv")
    assert taken(tx, now=MORNING + exports.KEPT) == []
    after = MORNING + exports.KEPT + timedelta(seconds=1)
    assert exports.sweep(tx, now=after) == 1
    exported(tx, "aa.csv")
    assert taken(tx, now=after + DAY) == []
    assert exports.sweep(tx, now=after) == 1
    assert taken(tx, now=after) == [Leaving(EXPORTS, "aa.csv")]
    assert not exports.expect(tx, "aa.csv", now=after)


def test_an_erased_persons_exports_and_unanswered_files_go_at_once(tx: SqliteTransaction) -> None:
    exported(tx, "aa.csv")
    kept(tx)
    tx.execute("INSERT INTO dialogues VALUES (1, 'broadcast', ?)", (LETTER.sha256,))
    personal.erase(tx, 1, now=MORNING)
    left = {Leaving(EXPORTS, "aa.csv"), Leaving(EVIDENCE, PATH)}
    assert set(taken(tx, now=MORNING)) >= left
    assert tx.execute("SELECT state, path FROM exports").fetchall() == [("expired", None)]


def test_an_export_nobody_wants_any_more_is_not_finished(tx: SqliteTransaction) -> None:
    number = exported(tx, "aa.csv")
    tx.execute("UPDATE exports SET state = 'expired' WHERE id = ?", (number,))
    assert not exports.finish(tx, number, path="bb.csv", name="x", now=MORNING)


def test_a_turn_that_is_undone_lists_nothing(tx: SqliteTransaction) -> None:
    innovation = handed_in(tx, "SIPANDU", now=MORNING, evidence=())
    kept(tx)
    answered(tx, innovation, Piece.of(LETTER))
    taken(tx, now=MORNING + 400 * DAY)

    def broken(tx: Any) -> None:
        answered(tx, innovation, before=(Piece.of(LETTER),))
        assert lines(tx) != []
        raise LookupError

    with pytest.raises(LookupError):
        tx.attempt(broken, seconds=5)
    assert lines(tx) == []
