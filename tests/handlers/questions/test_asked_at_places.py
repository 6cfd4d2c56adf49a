"""Seven hundred questions and remarks, each typed where people stood: what answers, and what is stored."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from domain.buttons import Ask
from domain.knowledge.entries import Entry
from domain.message import Message, plain
from storage.engine.transaction import Transaction
from tests.kit.desk_turns import DESK, says
from tests.kit.people import ORANG, RINA, SARI, WATI

DATA = tomllib.loads((Path(__file__).parent / "asked_at_places.toml").read_text("utf-8"))
ENTRIES = DESK.desk_data.knowledge.entries
WHO = {"pic": RINA, "leader": WATI, "desk": SARI, "stranger": ORANG}
LIKELY = str(DESK.desk_data.words.in_("id")("ask.likely"))
MAY_BE_KEPT = {"hasilnya blm keliatan"}  # at the question for the results it is an answer as well


def stand_at(tx: Transaction, place: str) -> None:
    says(tx, RINA, "/ajukan")
    number = ENTRIES[place].title.id.split(" ")[0]
    at = place.removeprefix("q.") if place.startswith("q.") else f"i{number}"
    kept = tx.execute("SELECT contact_id, state FROM cursors").fetchall()
    for contact, state in kept:
        changed = json.dumps(json.loads(state) | {"at": at, "pending": None})
        tx.execute("UPDATE cursors SET state = ? WHERE contact_id = ?", (changed, contact))


def play(
    tx: Transaction, rows: Sequence[Sequence[str]]
) -> Iterator[tuple[Sequence[str], list[Message], int]]:
    """Type each text where it was asked, and give what is said and how many answers are kept then."""
    for row in rows:
        role, place, text, *_ = row
        tx.execute("SAVEPOINT row")
        if place:
            stand_at(tx, place)
        messages = says(tx, WHO[role], text)
        yield row, messages, int(tx.execute("SELECT count(*) FROM answers").fetchone()[0])
        tx.execute("ROLLBACK TO row")


def is_shown(entry: Entry, messages: Sequence[Message]) -> bool:
    texts = [plain(message.text).removeprefix(LIKELY).lstrip() for message in messages]
    return any(text.startswith(f"{entry.title.id}\n") for text in texts)


def is_said(place: str, messages: Sequence[Message]) -> bool:
    """Whether the help of a place is in what is said."""
    help_of_place = ENTRIES[place].answer
    assert help_of_place is not None
    first_line = help_of_place.id.partition("\n")[0]
    return any(first_line in plain(message.text) for message in messages)


def is_right(row: Sequence[str], messages: Sequence[Message]) -> bool:
    _, place, _, *keys = row
    if any(is_shown(ENTRIES[key], messages) for key in keys if key in ENTRIES and key != "di_sini"):
        return True
    if place and is_said(place, messages) and not {place, "di_sini"}.isdisjoint(keys):
        return True
    offered = any(
        choice.data and Ask.parse(choice.data)
        for message in messages
        for line in message.rows
        for choice in line
    )
    return "-" in keys and not offered


@pytest.mark.parametrize("said", ["siapa yang bisa saya tanya", "harus tanya siapa", "batakun wan siapa"])
@pytest.mark.parametrize("place", ["q.tahapan", "q.nama_inisiator", "q.metode", "i.sdm"])
def test_who_seeks_somebody_to_ask_is_told_whom_at_any_place(tx: Transaction, place: str, said: str) -> None:
    ((_, messages, count),) = play(tx, [("pic", place, said)])
    assert is_shown(ENTRIES["kontak"], messages)
    assert not count


@pytest.mark.parametrize(
    ("name", "share"),
    [("first", 0.93), ("second", 0.93), ("third", 0.7), ("blind", 0.8), ("blind_again", 0.78)],
)
def test_most_are_answered_at_once_by_the_right_entry_and_none_is_stored(
    tx: Transaction, name: str, share: float
) -> None:
    rows = DATA[name]
    assert len(rows) >= 50
    wrong, stored = [], []
    for row, messages, count in play(tx, rows):
        if count and row[2] not in MAY_BE_KEPT:
            stored.append(row)
        if not is_right(row, messages):
            wrong.append(row)
    assert not stored
    assert len(wrong) <= len(rows) * (1 - share), wrong
