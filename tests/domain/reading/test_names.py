"""Near misses of names are proposed, never chosen."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.names import Name, find, search
from domain.reading.result import Ambiguous, NotUnderstood, Understood

CORPUS = Path(__file__).parent / "corpus" / "offices.tsv"
STAGES = (
    Name("digital", ("Digital",)),
    Name("nondigital", ("Nondigital", "Non-digital", "Manual")),
    Name("technology", ("Teknologi", "Technology")),
)


@cache
def offices() -> tuple[Name, ...]:
    """Read the offices as the program ships them, keyed by their official names."""
    text = (files("domain") / "data" / "offices" / "kotim.toml").read_text("utf-8")
    return tuple(
        Name(office["name"], (office["name"], office["short"], *office.get("aliases", ())))
        for office in tomllib.loads(text)["office"]
    )


def corpus() -> list[tuple[str, str, str]]:
    lines = [line for line in CORPUS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(text, name, how) for text, name, how in (line.split("\t") for line in lines)]


@pytest.mark.parametrize(("text", "name", "how"), corpus())
def test_the_right_office_is_among_the_three_offered(text: str, name: str, how: str) -> None:
    """Where the corpus says "near", an alias in the data may make it sure, but never another office."""
    match find(text, offices()):
        case Understood(value=value, sure=sure):
            assert (value, sure) == (name, True)
        case Ambiguous(candidates=candidates):
            assert how == "near"
            assert name in candidates
            assert len(candidates) <= 3
        case NotUnderstood():
            assert name == "-"


def test_every_official_name_and_alias_finds_its_office() -> None:
    for office in offices():
        for label in office.labels:
            result = find(label.upper(), offices())
            match result:
                case Understood(value=value):
                    assert value == office.key, label
                case Ambiguous(candidates=candidates):
                    assert office.key in candidates, label
                case _:
                    pytest.fail(f"{label}: {result}")


def test_a_label_two_names_share_is_asked_back() -> None:
    names = (Name("a", ("Dinas Lama", "DPK")), Name("b", ("Dinas Baru", "DPK")))
    assert find("dpk", names) == Ambiguous(("a", "b"), "dpk")


def test_case_and_punctuation_do_not_matter() -> None:
    for text in ("non digital", "NON-DIGITAL!", " nondigital "):
        assert find(text, STAGES) == Understood("nondigital", True, text)


def test_a_slip_is_proposed() -> None:
    assert find("teknolgi", STAGES) == Ambiguous(("technology",), "teknolgi")
    result = find("digitl", STAGES)
    assert isinstance(result, Ambiguous)
    assert result.candidates[0] == "digital"


def test_silence_and_signs_name_nothing() -> None:
    assert find(" ", STAGES) == NotUnderstood("empty", " ")
    assert find("?!", STAGES) == NotUnderstood("unreadable", "?!")
    assert find("digital " * 100, STAGES).said == "digital " * 100
    assert find("digital", ()) == NotUnderstood("unreadable", "digital")


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert find(text, STAGES).said == text
    assert set(search(text, STAGES, limit=2)) <= {name.key for name in STAGES}


@given(st.text(alphabet="digtalno enksy", max_size=14))
def test_only_a_whole_label_is_sure(text: str) -> None:
    result = find(text, STAGES)
    letters = "".join(c for c in text if c.isalpha())
    labels = {"".join(c for c in label.lower() if c.isalpha()) for name in STAGES for label in name.labels}
    assert isinstance(result, Understood) == (letters in labels)


def test_search_gives_a_whole_name_alone_else_beginnings_before_parts_and_slips() -> None:
    names = (
        Name("in", ("Balai Kesehatan",)),
        Name("part", ("Prakesehatan",)),
        Name("begin", ("Kesehatan Hewan",)),
        Name("whole", ("Kesehatan",)),
        Name("far", ("Perhubungan",)),
    )
    assert search("kesehata", names, limit=10) == ["begin", "whole", "in", "part"]
    assert search("kesehatan", names, limit=10) == ["whole"]
    assert search("kesehata", names, limit=2) == ["begin", "whole"]
    assert search("keshatan", names, limit=1) == ["whole"]
    assert search("", names, limit=5) == []
