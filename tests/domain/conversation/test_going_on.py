"""Where "Lanjutkan isian" leads from the list of parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.conversation.conversation import open_at, respond
from domain.conversation.cursor import Cursor
from domain.conversation.pages import LIST
from domain.draft.facts import Said
from tests.kit.complete import COMPLETE
from tests.kit.draft_facts import facts


def at(place: str, answers: Mapping[str, Any] | None = None) -> tuple[Cursor, Mapping[str, Any]]:
    """Stand at a place."""
    return open_at(facts(), Cursor(), answers=answers or {}, place=place).cursor, answers or {}


def test_going_on_from_the_list_leaves_out_what_was_passed_over() -> None:
    answered = {name: value for name, value in COMPLETE.items() if name not in ("koordinat", "metode")}
    cursor, answers = at(LIST, answered)
    assert respond(facts(), cursor, answers=answers, said=Said(text="lanjutkan")).cursor.at == "metode"


def test_going_on_from_the_list_asks_what_comes_behind_the_last_answer() -> None:
    names = ("nama", "tahapan", "inisiator", "nama_inisiator", "klasifikasi")
    cursor, answers = at(LIST, {name: COMPLETE[name] for name in names})
    assert respond(facts(), cursor, answers=answers, said=Said(text="lanjutkan")).cursor.at == "koordinat"
