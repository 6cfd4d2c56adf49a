"""A sum that is not what the question asks for is read back with what was understood, never kept silently."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor
from domain.conversation.pending import Pending
from domain.conversation.read_answer import read
from domain.draft.facts import Accepted, Doubt, Said
from domain.message import WITHOUT_MARKS
from tests.kit.draft_facts import FORM, facts

BUDGET = FORM.by_id["nilai_anggaran"]


@pytest.mark.parametrize(
    ("text", "value", "why"),
    [
        ("25%", "25", "satuan %; yang ditanyakan rupiah"),
        ("$500", "500", "satuan dolar"),
        ("25 orang", "25", "satuan orang"),
        ("25 juta/tahun", "25000000", "per tahun"),
        ("Rp 500.000/orang", "500000", "per orang"),
        ("± 25 juta", "25000000", "perkiraan"),
        ("2 jutaan", "2000000", "perkiraan"),
        ("s.d. 25 juta", "25000000", "batas"),
        ("> 25 juta", "25000000", "batas"),
        ("#25 juta", "25000000", ""),
    ],
)
def test_it_asks_back_and_says_why(text: str, value: str, why: str) -> None:
    reading = read(BUDGET, Said(text=text), current=None, facts=facts())
    assert isinstance(reading, Doubt)
    assert reading.candidates == (value,)
    assert why in reading.why
    assert bool(why) == bool(reading.why)


@pytest.mark.parametrize("text", ["25 juta", "Rp25.000.000,-", "Rp25.000.000,-(dua puluh lima juta rupiah)"])
def test_a_plain_sum_is_kept(text: str) -> None:
    assert read(BUDGET, Said(text=text), current=None, facts=facts()) == Accepted("25000000")


@pytest.mark.parametrize(
    ("typed", "kept"), [("3", "3000000"), ("3 juta", "3000000"), ("1", None), ("2", None)]
)
def test_a_number_behind_a_range_is_meant_in_its_scale(typed: str, kept: str | None) -> None:
    cursor = Cursor(at="nilai_anggaran", pending=Pending(values=("2000000", "3000000")))
    turn = respond(facts(), cursor, answers={}, said=Said(text=typed))
    if typed == "1":  # the first row
        assert turn.changes == {"nilai_anggaran": "2000000"}
    elif kept is None:  # two million, or the second row: asked
        assert not turn.changes
        assert turn.cursor.pending == Pending(values=("2000000",))
    else:
        assert Decimal(turn.changes["nilai_anggaran"]) == Decimal(kept)


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("30 orang/tahun", "id", "“per tahun” tidak ikut dihitung"),
        ("30 per bulan", "id", "“per bulan” tidak ikut dihitung"),
        ("30 people/year", "en", "“per year” is set aside"),
        ("30%", "id", "memakai satuan %; yang ditanyakan orang"),
        ("sekitar 30 orang", "id", "perkiraan"),
        ("about 30 people", "en", "estimate"),
    ],
)
def test_a_counted_indicator_says_what_it_sets_aside(text: str, language: str, why: str) -> None:
    turn = respond(facts(language=language), Cursor(at="i17"), answers={}, said=Said(text=text))
    asked = turn.messages[-1].text.translate(WITHOUT_MARKS)
    assert not turn.changes
    assert why in asked
    assert asked.endswith("Do you mean 30 people?" if language == "en" else "Maksud Bapak/Ibu 30 orang?")
    yes = Said(action="c", value="0", at=turn.cursor.at, revision=turn.cursor.revision)
    kept = respond(facts(language=language), turn.cursor, answers={}, said=yes)
    assert kept.changes["i17"]["number"] == "30"


@pytest.mark.parametrize(
    ("said", "typed", "asked"),
    [
        ("10-20", "1", ("1", "10")),
        ("10-20", "2.", ("2", "20")),
        ("16", "1", ("1", "16")),
        ("16", "2", ("2",)),  # and indicator 16
    ],
)
def test_a_number_behind_choices_is_asked_about_where_it_may_count_them(
    said: str, typed: str, asked: tuple[str, ...]
) -> None:
    first = respond(facts(), Cursor(at="i17"), answers={}, said=Said(text=said))
    turn = respond(facts(), first.cursor, answers={}, said=Said(text=typed))
    assert not turn.changes
    assert turn.cursor.pending.numbers == asked
    assert len(turn.messages[-1].rows) == 3  # the number, the choice, neither
    again = respond(facts(), turn.cursor, answers={}, said=Said(text=typed))
    assert again.changes["i17"]["number"] == typed.rstrip(".")


@pytest.mark.parametrize(("said", "typed"), [("10-20", "10"), ("10-20", "12"), ("17", "1"), ("16", "3")])
def test_a_number_that_counts_no_choice_is_kept(said: str, typed: str) -> None:
    first = respond(facts(), Cursor(at="i17"), answers={}, said=Said(text=said))
    turn = respond(facts(), first.cursor, answers={}, said=Said(text=typed))
    assert turn.changes["i17"]["number"] == typed
