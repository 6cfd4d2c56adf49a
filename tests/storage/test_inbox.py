from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import inbox, inbox_counts
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.inbox import Arrival
from tests.kit.databases import in_memory, migrated
from tests.kit.people import enrol

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def arrive(tx: Transaction, *rows: tuple[int, str], channel: str = "telegram") -> int:
    arrivals = [Arrival(str(number), address, f'{{"n":{number}}}') for number, address in rows]
    return inbox.insert(tx, channel, arrivals=arrivals, now=NOW)


def claimed(tx: Transaction, *, now: datetime = NOW, limit: int = 64) -> list[str]:
    return [row.external_id for row in inbox.claim(tx, now=now, limit=limit)]


def states(tx: Transaction) -> list[str]:
    return [state for (state,) in tx.execute("SELECT state FROM inbox ORDER BY id")]


def plan(tx: Transaction, sql: str) -> str:
    return "\n".join(row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?")))


def test_an_update_delivered_again_is_kept_once(tx: Transaction) -> None:
    assert arrive(tx, (1, "a"), (2, "a")) == 2
    assert arrive(tx, (2, "a"), (3, "a"), (3, "a")) == 1
    assert arrive(tx) == 0
    assert arrive(tx, (1, "a"), channel="whatsapp") == 1


def test_each_address_has_its_oldest_row_taken(tx: Transaction) -> None:
    arrive(tx, (1, "a"), (2, "a"), (3, "b"), (4, "c"), (5, "b"))
    assert claimed(tx) == ["1", "3", "4"]
    assert claimed(tx, limit=2) == ["1", "3"]


def test_the_same_address_on_two_channels_is_two_people(tx: Transaction) -> None:
    arrive(tx, (1, "a"))
    arrive(tx, (1, "a"), channel="whatsapp")
    assert [row.channel for row in inbox.claim(tx, now=NOW, limit=9)] == ["telegram", "whatsapp"]


def test_a_postponed_row_keeps_its_own_address_waiting_and_nobody_else(tx: Transaction) -> None:
    arrive(tx, (1, "a"), (2, "a"), (3, "b"))
    inbox.postpone(tx, 1, until=NOW + 5 * SECOND, note="LookupError")
    assert claimed(tx) == ["3"]
    assert inbox_counts.next_due(tx, now=NOW) == "2026-03-02T01:00:05.000000Z"
    assert claimed(tx, now=NOW + 5 * SECOND) == ["3", "1"]  # what was put off comes by its time
    assert inbox.claim(tx, now=NOW + 5 * SECOND, limit=2)[1].attempts == 1
    arrive(tx, (4, "a"), (5, "b"))
    kept = tx.execute("SELECT external_id FROM inbox WHERE not_before IS NOT NULL ORDER BY id").fetchall()
    assert kept == [("1",), ("4",)], "what comes behind a row that was put off waits with it"


def test_a_row_held_back_is_not_counted_as_tried(tx: Transaction) -> None:
    arrive(tx, (1, "a"))
    inbox.hold(tx, inbox.claim(tx, now=NOW, limit=1)[0], until=NOW + SECOND)
    assert not inbox_counts.is_waiting(tx, now=NOW)
    assert inbox.claim(tx, now=NOW + SECOND, limit=1)[0].attempts == 0


def test_a_row_whose_file_is_fetched_keeps_its_address_waiting(tx: Transaction) -> None:
    arrive(tx, (1, "a"), (2, "a"), (3, "b"))
    inbox.mark_fetching(tx, 1)
    assert claimed(tx) == ["3"]
    inbox.store_fetched(tx, 1, fetched='{"is":"x"}')
    assert inbox.claim(tx, now=NOW, limit=1)[0].fetched == '{"is":"x"}'


def test_a_failed_fetch_comes_back_later_and_is_counted(tx: Transaction) -> None:
    arrive(tx, (1, "a"))
    inbox.mark_fetching(tx, 1)
    inbox.fetch_again(tx, 1, until=NOW + SECOND)
    assert claimed(tx) == []
    row = inbox.claim(tx, now=NOW + SECOND, limit=1)[0]
    assert (row.attempts, row.fetched) == (1, None)


def test_after_a_start_nobody_is_fetching(tx: Transaction) -> None:
    arrive(tx, (1, "a"), (2, "b"), (3, "c"))
    inbox.mark_fetching(tx, 1)
    inbox.mark_handled(tx, 3)
    assert inbox.release_fetching(tx) == 1
    assert claimed(tx) == ["1", "2"]


def test_a_closed_row_is_never_taken_and_never_opened_again(tx: Transaction) -> None:
    arrive(tx, (1, "a"), (2, "b"), (3, "c"))
    inbox.mark_handled(tx, 1)
    inbox.mark_unreadable(tx, 2, note="KeyError")
    inbox.give_up(tx, 3, note="LookupError")
    for row_id in (1, 2, 3):
        inbox.mark_fetching(tx, row_id)
        inbox.store_fetched(tx, row_id, fetched="{}")
        inbox.postpone(tx, row_id, until=NOW, note="")
    assert claimed(tx) == []
    assert states(tx) == ["handled", "unreadable", "given_up"]


def test_what_cannot_be_read_is_kept_with_its_note_and_never_taken(tx: Transaction) -> None:
    assert (
        inbox.insert(tx, "telegram", arrivals=[Arrival("7", "", "{", unreadable="no update_id")], now=NOW)
        == 1
    )
    assert claimed(tx) == []
    assert tx.execute("SELECT state, note, raw FROM inbox").fetchall() == [
        ("unreadable", "no update_id", "{")
    ]


def test_half_an_emoji_does_not_stop_the_batch(tx: Transaction) -> None:
    arrivals = [Arrival("1", "a", '{"t":"\ud83d"}'), Arrival("2", "b", '{"t":"é😀"}')]
    assert inbox.insert(tx, "telegram", arrivals=arrivals, now=NOW) == 2
    assert [row.raw for row in inbox.claim(tx, now=NOW, limit=9)] == ['{"t":"\\ud83d"}', '{"t":"é😀"}']


def test_the_poll_goes_on_behind_the_newest_row_even_where_numbers_began_anew(tx: Transaction) -> None:
    assert inbox.last_readable_id(tx, "telegram") is None
    arrive(tx, (900, "a"), (12, "a"))
    arrive(tx, (999, "a"), channel="whatsapp")
    inbox.insert(tx, "telegram", arrivals=[Arrival("#hash", "", "[]", unreadable="no update_id")], now=NOW)
    assert inbox.last_readable_id(tx, "telegram") == "12"


def test_the_sweep_takes_old_closed_rows_and_leaves_the_newest(tx: Transaction) -> None:
    arrive(tx, (1, "a"), (2, "a"), (3, "a"))
    inbox.mark_handled(tx, 1)
    inbox.mark_handled(tx, 3)
    assert inbox.sweep(tx, before=NOW).count == 0
    assert inbox.sweep(tx, before=NOW + SECOND).count == 1
    assert states(tx) == ["waiting", "handled"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(getattr(module, name), id=name)
        for module, names in (
            (inbox, ("_CLAIM", "_CLAIM_NEWEST", "_REFETCH")),
            (inbox_counts, ("_NEXT_DUE", "_OPEN", "_DUE")),
        )
        for name in names
    ],
)
def test_rows_long_handled_are_not_looked_at_again(tx: Transaction, sql: str) -> None:
    found = plan(tx, sql)
    assert any(index in found for index in ("inbox_open", "inbox_in_order", "inbox_due"))
    assert "SCAN inbox\n" not in f"{found}\n"


@pytest.mark.sqlite
def test_the_newest_row_is_found_without_sorting_them_all(tx: Transaction) -> None:
    assert "TEMP B-TREE" not in plan(tx, inbox._LAST)


@given(
    addresses=st.lists(st.sampled_from("abc"), min_size=1, max_size=12),
    fates=st.lists(st.sampled_from(["handled", "postponed", "fetched", "given_up"]), max_size=60),
)
def test_one_persons_rows_keep_their_order_whatever_happens_to_them(
    addresses: list[str], fates: list[str]
) -> None:
    tx = in_memory(migrated())
    arrive(tx, *enumerate(addresses))
    now, taken, ends = NOW, [], iter(fates)
    while rows := inbox.claim(tx, now=now, limit=2):
        for row in rows:
            fate = next(ends, "handled")
            if fate == "postponed":
                inbox.postpone(tx, row.id, until=now + SECOND, note="")
            elif fate == "fetched":
                inbox.mark_fetching(tx, row.id)
                inbox.store_fetched(tx, row.id, fetched="{}")
            else:
                taken.append((row.address, row.id))
                (inbox.mark_handled if fate == "handled" else _give_up)(tx, row.id)
        now += SECOND
    assert sorted(taken, key=lambda pair: pair[0]) == sorted(taken)
    assert len(taken) == len(addresses)
    tx.close()


def _give_up(tx: Transaction, row_id: int) -> None:
    inbox.give_up(tx, row_id, note="")


def test_what_was_fetched_for_a_turn_goes_with_the_turn(tx: Transaction) -> None:
    """It may be a whole list of people."""
    arrive(tx, (1, "a"), (2, "b"), (3, "c"))
    for number in (1, 2, 3):
        inbox.mark_fetching(tx, number)
        inbox.store_fetched(tx, number, fetched='{"sheets":"Rina;0811"}')
    inbox.mark_handled(tx, 1)
    inbox.give_up(tx, 2, note="LookupError")
    inbox.drop_waiting(tx, "telegram", address="c")
    assert tx.execute("SELECT count(*) FROM inbox WHERE fetched IS NOT NULL").fetchone() == (0,)


def test_whoever_comes_while_a_heap_is_worked_off_does_not_wait_behind_it(tx: Transaction) -> None:
    arrive(tx, *((n, f"heap{n}") for n in range(100)))
    arrive(tx, (100, "rina"))
    assert claimed(tx, limit=8) == ["100", "99", "0", "1", "2", "3", "4", "5"]
    assert len(claimed(tx, limit=1000)) == 101


def test_who_came_last_and_first_has_one_turn(tx: Transaction) -> None:
    arrive(tx, *((n, f"{n}") for n in range(9)))
    assert sorted(claimed(tx, limit=8)) == [str(n) for n in (0, 1, 2, 3, 4, 5, 7, 8)]


def test_what_was_put_off_counts_as_waiting_from_its_time_on(tx: Transaction) -> None:
    """A switched-off channel or a stranger's turn does not make the queue look as if it stood still."""
    arrive(tx, (1, "a"))
    assert inbox_counts.oldest_due(tx, now=NOW + 70 * SECOND) == utc_text(NOW)
    tx.execute("UPDATE inbox SET not_before = ?", (utc_text(NOW + 60 * SECOND),))
    assert inbox_counts.oldest_due(tx, now=NOW) is None
    assert inbox_counts.oldest_due(tx, now=NOW + 70 * SECOND) == utc_text(NOW + 60 * SECOND)
    arrive(tx, (2, "a"))  # its turn comes behind the first of its address
    assert inbox_counts.oldest_due(tx, now=NOW + 30 * SECOND) is None


def test_people_we_know_come_before_a_heap_of_strangers(tx: Transaction) -> None:
    enrol(tx, "rina", name="Rina", now=NOW)
    enrol(tx, "wati", name="Wati", now=NOW)
    arrive(tx, *((n, f"heap{n}") for n in range(400)), (400, "rina"), (401, "rina"), (402, "wati"))
    arrive(tx, *((n, f"heap{n}") for n in range(403, 800)))
    assert claimed(tx, limit=8) == ["400", "402", "799", "798", "0", "1", "2", "3"]


def test_of_a_stranger_nothing_is_kept_but_that_something_came(tx: Transaction) -> None:
    enrol(tx, "rina", name="Rina", now=NOW)
    arrive(tx, *((n, address) for n, address in enumerate(("rina", "a", "b", "c", ""))))
    inbox.mark_handled(tx, 1)
    inbox.mark_handled(tx, 2)
    inbox.give_up(tx, 3, note="LookupError")
    inbox.mark_unreadable(tx, 4, note="Unreadable")
    inbox.mark_handled(tx, 5)
    kept = tx.execute("SELECT address FROM inbox WHERE raw <> '{}' ORDER BY id").fetchall()
    assert kept == [("rina",), ("",)], "of whom we know, and what no person wrote"


def test_a_strangers_flood_leaves_no_rows(tx: Transaction) -> None:
    arrive(tx, *((n, "a") for n in range(50)))
    inbox.drop_waiting(tx, "telegram", address="a")
    assert tx.execute("SELECT id, state, raw FROM inbox").fetchall() == [(50, "handled", "{}")]
    assert inbox.last_readable_id(tx, "telegram") == "49"
