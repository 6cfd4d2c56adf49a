"""What is open at a place is a value inside and JSON in the cursor; cursors of any age are read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.conversation.cursor import Cursor
from domain.conversation.pending import NOTHING, LetterAsked, Pending
from domain.draft.evidence import Piece

FILE = {"sha256": "a" * 64, "kind": "pdf", "name": "sk.pdf", "size": 120}


@pytest.mark.parametrize(
    ("kept", "meant"),
    [
        ({"values": ["2025-02-03", "2025-03-02"]}, Pending(values=("2025-02-03", "2025-03-02"))),
        ({"values": [["-2.5", "112.9"]]}, Pending(values=(["-2.5", "112.9"],))),
        ({"redo": True}, Pending(redo=True)),
        ({"drop": True}, Pending(drop=True)),
        ({"drop": True, "before": "{}"}, Pending(drop=True, before="{}")),
        ({"contest": ["nama", "SIPANDU"]}, Pending(contest=("nama", "SIPANDU"))),
        ({"values": ["A B"], "joins": "nama"}, Pending(values=("A B",), joins="nama")),
        ({"unchanged": True}, Pending(unchanged=True)),
        ({"letter": {"piece": 0, "part": "date"}}, Pending(letter=LetterAsked(0, "date"))),
        (
            {"letter": {"piece": 1, "part": "date", "marks": "a1b2c3"}},
            Pending(letter=LetterAsked(1, "date", marks="a1b2c3")),
        ),
        ({"numbers": ["25"], "one": ["c", "0"]}, Pending(numbers=("25",), meant=("c", "0"))),
        ({"replace": 0}, Pending(replaces=0)),
        ({"reuse": FILE, "replace": 2}, Pending(reuse=Piece.from_json(FILE), replaces=2)),
        ({"basis": True}, Pending(basis=True)),
    ],
)
def test_a_cursor_is_written_back_as_it_was(kept: dict[str, Any], meant: Pending) -> None:
    raw = json.dumps({"at": "i16", "revision": 3, "pending": kept})
    cursor = Cursor.from_json(raw)
    assert cursor == Cursor(at="i16", revision=3, pending=meant)
    assert json.loads(cursor.to_json()) == json.loads(raw)
    assert cursor.pending


def test_with_nothing_open_nothing_is_written() -> None:
    assert "pending" not in Cursor(at="nama", revision=1).to_json()
    assert Cursor.from_json('{"at":"nama","revision":1}').pending == NOTHING
    assert not NOTHING
