"""The indicators of each rule year: what typed answers mean, and every flag against the rule file itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor
from domain.conversation.indicator_page import measure_of
from domain.conversation.pending import NOTHING, LetterAsked, Pending
from domain.draft.evidence import Piece
from domain.draft.facts import DraftFacts, Said
from domain.draft.path import Window
from domain.message import StoredFile
from domain.rules.indicators import Indicator, load_indicators, mismatches
from domain.rules.load import load_form
from handlers.words import load_words
from tests.kit.draft_facts import pressed

SETS, FORM, SAY = load_indicators(), load_form(), load_words().in_("id")
TABLES = {
    entry.name: tomllib.loads(entry.read_text(encoding="utf-8"))
    for entry in (files("domain") / "data" / "indicators").iterdir()
    if entry.name.endswith(".toml")
}
CASES = [(name, table) for name, table in sorted(TABLES.items())]
TODAY = date(2026, 3, 2)


def facts(year: int) -> DraftFacts:
    """A conversation under the rules of a year."""
    window = Window(year, date(year - 2, 1, 1), date(year - 1, 12, 31))
    return DraftFacts(FORM, SAY, TODAY, window, SETS[year], innovation=1)


def at(indicator: Indicator) -> Cursor:
    """Standing at an indicator."""
    return Cursor(at=indicator.level_question, revision=1)


def pieces(count: int) -> list[Piece]:
    """So many pieces of evidence."""
    return [Piece(f"{n:064x}", "pdf", f"{n}.pdf", 1) for n in range(count)]


def flags_by_the_table(row: Mapping[str, Any], level: int, have: int) -> set[str]:
    """Work the flags out from the rule file alone: F24 in its own words."""
    if not level:
        return ({"mandatory"} if row.get("mandatory") else set()) | ({"no_level"} if have else set())
    wanted = row.get("pieces", [1, 1, 1])[level - 1]
    if have >= wanted:
        return set()
    return {"few_evidence"} if have else {"no_evidence"}


@pytest.mark.parametrize(("name", "table"), CASES, ids=[name for name, _ in CASES])
def test_flags_are_as_the_rule_file_says(name: str, table: Mapping[str, Any]) -> None:
    """Twenty indicators x four levels x zero to four pieces of evidence."""
    indicators = SETS[table["years"][0]]
    seen = 0
    for row in table["indicator"]:
        indicator = indicators.by_no[row["no"]]
        for level in range(4):
            for have in range(5):
                answers: dict[str, Any] = {}
                if level:
                    answers[f"i{row['no']}"] = {"level": level}
                if have:
                    answers[f"e{row['no']}"] = pieces(have)
                assert set(mismatches(indicator, answers)) == flags_by_the_table(row, level, have), (
                    row["no"],
                    level,
                    have,
                )
                seen += 1
    assert seen == 20 * 4 * 5


BANDS = [  # year, indicator, basis, what is typed, level
    (2026, 17, "", {"1": 1, "10": 1, "11": 2, "30 orang": 2, "31 orang": 3, "sebelas orang": 2, "250": 3}),
    (2026, 20, "", {"1": 1, "2 kali": 2, "3": 3, "12": 3}),
    (2026, 22, "", {"3": 1, "4 aktor": 2, "5": 3, "6 aktor": 3}),
    (2026, 24, "", {"2": 1, "3": 2, "4 perangkat daerah": 2, "5": 3}),
    (2023, 24, "", {"1": 1, "2": 1, "3": 2, "5 perangkat daerah": 3}),
    (2026, 27, "", {"1": 1, "2 cara": 2, "3": 3, "4": 3}),
    (2026, 28, "", {"1 hari": 3, "2": 2, "5": 2, "6 hari": 1, "30 hari": 1}),
    (2026, 29, "", {"0": 1, "50%": 1, "51": 2, "90%": 2, "91": 3, "100%": 3}),
    (2023, 29, "", {"50": 1, "51": 2, "85%": 2, "86": 3}),
    (2026, 31, "", {"1": 1, "2 daerah": 2, "3": 3, "4": 3}),
    (2026, 32, "", {"1 bulan": 3, "4": 3, "5": 2, "8": 2, "9 bulan": 1, "24 bulan": 1}),
    (2026, 35, "", {"1": 1, "2 unsur": 1, "3": 2, "4": 2, "5 unsur": 3}),
    (2026, 33, "a", {"1": 1, "200 orang": 1, "201": 2, "500": 2, "501": 3}),
    (2023, 33, "a", {"100": 1, "101": 2, "200": 2, "201 orang": 3}),
    (2026, 33, "b", {"5": 1, "20,00": 1, "20,01": 2, "50%": 2, "50,01": 3, "100": 3}),
    (2026, 33, "c", {"0,01": 1, "10": 1, "10,01%": 2, "20%": 2, "20,01": 3, "30%": 3, "30,01": 3, "100": 3}),
    (2026, 33, "d", {"9,99": 1, "10": 2, "19,99": 2, "20%": 3}),
    (2023, 33, "d", {"49,99": 1, "50": 2, "99,99": 2, "100%": 3}),
    (2026, 33, "e", {"100": 1, "101 produk": 2, "200": 2, "201": 3}),
    (2026, 33, "f", {"1": 1, "2 periode": 2, "3": 3}),
]
TYPED = [(year, no, basis, text, level) for year, no, basis, texts in BANDS for text, level in texts.items()]


@pytest.mark.parametrize(("year", "no", "basis", "text", "level"), TYPED)
def test_a_number_earns_its_level(year: int, no: int, basis: str, text: str, level: int) -> None:
    indicator = SETS[year].by_no[no]
    answers = {f"i{no}": {"basis": basis}} if basis else {}
    turn = respond(facts(year), at(indicator), answers=answers, said=Said(text=text))
    assert turn.changes.get(f"i{no}", {}).get("level") == level


@pytest.mark.parametrize(("no", "text"), [(17, "20"), (17, "35"), (20, "16"), (28, "30"), (32, "24.")])
def test_a_bare_number_that_is_another_indicators_is_asked_back(no: int, text: str) -> None:
    indicator = SETS[2026].by_no[no]
    asked = respond(facts(2026), at(indicator), answers={}, said=Said(text=text))
    assert not asked.changes
    count, other = (row[0] for row in asked.messages[0].rows[:2])
    number = text.rstrip(".")
    assert (count.label.split()[0], f"Buka {number} · " in other.label) == (number, True)
    kept = respond(facts(2026), asked.cursor, answers={}, said=pressed(count.data))
    assert kept.changes[f"i{no}"]["number"] == number
    assert respond(facts(2026), asked.cursor, answers={}, said=pressed(other.data)).cursor.at == f"i{number}"


@pytest.mark.parametrize(
    ("no", "basis", "text", "people"),
    [
        (33, "a", "2 juta", 105_400), (33, "a", "110.000", 105_400), (33, "a", "450 ribu", 448_180),
        (17, "", "900", 0), (31, "", "600", 0), (32, "", "200 bulan", 0),
    ],
)  # fmt: skip
def test_a_count_out_of_proportion_is_asked_back(no: int, basis: str, text: str, people: int) -> None:
    indicator = SETS[2026].by_no[no]
    given = replace(facts(2026), people=lambda: people)
    answers = {f"i{no}": {"basis": basis}} if basis else {}
    asked = respond(given, at(indicator), answers=answers, said=Said(text=text))
    assert not asked.changes
    assert "besar sekali" in asked.messages[0].text
    assert respond(given, asked.cursor, answers=answers, said=Said(text="ya")).changes[f"i{no}"]["level"]


def test_a_count_in_proportion_is_kept_at_once() -> None:
    given = replace(facts(2026), people=lambda: 105_400)
    answers = {"i33": {"basis": "a"}}
    turn = respond(given, at(SETS[2026].by_no[33]), answers=answers, said=Said(text="30000 orang"))
    assert turn.changes["i33"]["level"] == 3


OUTSIDE = [
    (2026, 17, "", "0"),
    (2026, 22, "", "2"),
    (2026, 24, "", "1"),
    (2026, 29, "", "90,5"),
    (2026, 29, "", "101"),
    (2026, 31, "", "0"),
    (2026, 33, "b", "4,99"),
    (2026, 33, "b", "20,123"),
    (2026, 33, "c", "100,01"),
    (2026, 35, "", "6"),
    (2023, 33, "f", "1"),
]


@pytest.mark.parametrize(("year", "no", "basis", "text"), OUTSIDE)
def test_a_number_outside_every_band_earns_nothing(year: int, no: int, basis: str, text: str) -> None:
    indicator = SETS[year].by_no[no]
    answers = {f"i{no}": {"basis": basis}} if basis else {}
    turn = respond(facts(year), at(indicator), answers=answers, said=Said(text=text))
    assert turn.changes == {}
    assert turn.messages[0].rows


@pytest.mark.parametrize("year", [2023, 2026])
def test_every_level_can_be_typed_and_tapped(year: int) -> None:
    """Label, "level n", synonym and button mean the same, at every indicator and basis (F7)."""
    for indicator in SETS[year].indicators:
        starts: list[dict[str, Any]] = [{f"i{indicator.no}": {"basis": b.id}} for b in indicator.bases] or [
            {}
        ]
        for start in starts:
            answers = {**start, "jenis": "digital"}
            words = (indicator.basis(answers) or indicator).levels
            for level in (1, 2, 3):
                said = [
                    Said(text=f"level {level}"),
                    Said(text=f"Tingkat {level}."),
                    Said(text=words[level - 1].id),
                    Said(text=words[level - 1].en.upper()),
                    Said(action="lv", value=str(level), at=indicator.level_question, revision=1),
                    *(Said(text=synonym) for synonym in indicator.synonyms[level - 1]),
                ]
                if measure_of(indicator, answers) is None:
                    said.append(Said(text=str(level)))
                for one in said:
                    turn = respond(facts(year), at(indicator), answers=answers, said=one)
                    assert turn.changes[f"i{indicator.no}"]["level"] == level, (indicator.no, one)


def test_a_hostile_name_stays_a_word() -> None:
    indicator = SETS[2026].by_no[19]
    file = StoredFile("a" * 64, "png", "*tebal* {count} _x_.png", 10)
    turn = respond(facts(2026), at(indicator), answers={}, said=Said(file=file))
    assert "*tebal* {count} _x_.png" in turn.messages[0].text


@pytest.mark.parametrize("year", [2023, 2026])
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_fits_a_phone(year: int, language: str) -> None:
    """At most 900 characters and buttons of at most 64 bytes, whatever is open and answered
    (conversation.md 1).
    """
    where = facts(year)
    for indicator in SETS[year].indicators:
        basis = {"basis": "a"} if indicator.bases else {}
        for answers in ({}, {"jenis": "digital", f"i{indicator.no}": {"level": 2, **basis}}):
            turn = respond(
                where,
                at(indicator),
                answers=answers,
                said=Said(action="go", at=indicator.level_question, revision=1),
            )
            message = turn.messages[0]
            assert len(message.text) <= 900, indicator.no
            assert all(len(choice.data.encode()) <= 64 for row in message.rows for choice in row)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "😀",
        "ya",
        "bukan",
        "x" * 5000,
        "999999999999999999999",
        "https://",
        "level 9",
        "-3",
        "½",
        "a.b/c",
    ],
)
def test_every_reply_leads_on(text: str) -> None:
    pendings = [
        NOTHING,
        Pending(letter=LetterAsked(0, "date")),
        Pending(replaces=5),
        Pending(reuse=pieces(1)[0]),
        Pending(meant=("c", "0")),
    ]
    for indicator in SETS[2026].indicators:
        for pending in pendings:
            cursor = Cursor(at=indicator.level_question, revision=1, pending=pending)
            turn = respond(facts(2026), cursor, answers={f"e{indicator.no}": pieces(1)}, said=Said(text=text))
            assert turn.messages[0].rows, (indicator.no, pending)


def test_a_link_of_the_profile_serves_again_in_one_tap() -> None:
    """Nobody is asked twice for the video: the page offers what the profile has, until it is used."""
    indicator, link = SETS[2026].by_no[35], Piece(url="https://youtu.be/sipandu")
    answers = {"video": [link]}
    go = Said(action="go", at="i35", revision=1)
    shown = respond(facts(2026), at(indicator), answers=answers, said=go).messages[0]
    (data,) = [choice.data for row in shown.rows for choice in row if ":use:" in choice.data]
    said = Said(action="use", value=data.rsplit(":", 1)[1], at="i35", revision=1)
    turn = respond(facts(2026), at(indicator), answers=answers, said=said)
    assert turn.changes == {"e35": [link]}
    assert not [choice for row in turn.messages[0].rows for choice in row if ":use:" in choice.data]
    assert respond(facts(2026), at(indicator), answers={**answers, "e35": [link]}, said=said).changes == {}


def test_a_reading_that_cannot_be_meant_is_not_offered() -> None:
    """So "1,250" people are 1250 and never one and a quarter; it is still read back."""
    indicator = SETS[2026].by_no[33]
    turn = respond(facts(2026), at(indicator), answers={"i33": {"basis": "a"}}, said=Said(text="1,250"))
    assert turn.changes == {}
    assert "1.250 orang" in turn.messages[0].text
    taken = respond(facts(2026), turn.cursor, answers={"i33": {"basis": "a"}}, said=Said(text="ya"))
    assert taken.changes["i33"] == {"level": 3, "basis": "a", "number": "1250"}


def test_a_number_that_is_no_level_opens_the_indicator_it_names() -> None:
    assert respond(facts(2026), at(SETS[2026].by_no[16]), answers={}, said=Said(text="35")).cursor.at == "i35"
    assert (
        respond(facts(2026), at(SETS[2026].by_no[17]), answers={}, said=Said(text="35")).cursor.at == "i17"
    )  # people here


@pytest.mark.parametrize(
    ("no", "text", "level", "offered"),
    [
        (17, "> 30", 3, ()),
        (17, ">30 orang", 3, ()),
        (17, "lebih dari 30 orang", 3, ()),
        (17, "30 orang lebih", 3, ()),
        (17, "31+", 3, ()),
        (17, "minimal 31", 3, ()),
        (17, "maks 10", 1, ()),
        (17, "kurang dari 11", 1, ()),
        (17, "30+", None, ("2", "3")),
        (17, "≥ 30", None, ("2", "3")),
        (17, "lebih dari 10", None, ("2", "3")),
        (17, "maksimal 30", None, ("1", "2")),
        (17, "± 30", None, ("30",)),
        (17, "30%", None, ("30",)),
        (17, "Rp 30", None, ("30",)),
        (17, "30 orang/tahun", None, ("30",)),
        (17, "> 30%", None, ("30",)),
    ],
)
def test_a_bound_takes_the_level_its_label_says_or_is_asked(
    no: int, text: str, level: int | None, offered: tuple[str, ...]
) -> None:
    turn = respond(facts(2026), at(SETS[2026].by_no[no]), answers={}, said=Said(text=text))
    if level is not None:
        assert turn.changes == {f"i{no}": {"level": level}}
        return
    assert turn.changes == {}
    if len(offered) > 1:
        labels = [choice.label for row in turn.messages[0].rows for choice in row]
        assert [label[0] for label in labels if label[:3] in [f"{n} ·"[:3] for n in offered]] == list(offered)
    else:
        assert f"{offered[0]} orang" in turn.messages[0].text


def test_more_than_ninety_per_cent_is_the_level_of_more_than_ninety() -> None:
    for basis in SETS[2026].by_no[33].bases:
        if basis.measure.unit.id != "%":
            continue
        edge = basis.measure.bands[1].to
        assert edge is not None
        text = f">{edge}%".replace(".", ",")
        turn = respond(
            facts(2026), at(SETS[2026].by_no[33]), answers={"i33": {"basis": basis.id}}, said=Said(text=text)
        )
        assert turn.changes == {"i33": {"level": 3, "basis": basis.id}}, basis.id


@pytest.mark.parametrize("year", [2023, 2026])
def test_the_second_misreading_shows_the_example_and_the_third_another_way(year: int) -> None:
    for indicator in SETS[year].indicators:
        cursor, said, explained = at(indicator), [], indicator.explained
        for _ in range(3):
            turn = respond(facts(year), cursor, answers={}, said=Said(text="zzz qqq"))
            cursor = turn.cursor
            said.append(turn.messages[0].text)
        assert explained is not None
        assert [explained.example.id in text for text in said] == [False, True, False], indicator.no
        assert "Desk Inovasi" in said[2]
