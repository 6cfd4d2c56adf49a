"""The levels of the indicators as people say them: taken at once, asked back, or not read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversation.level_words import SaidLevels, load_level_words, plainer_number, read_levels
from domain.rules.indicators import load_indicators

YEAR = 2026
DATA = tomllib.loads((Path(__file__).parent / "said_levels.toml").read_text("utf-8"))


@pytest.mark.parametrize(("key", "level", "said"), DATA["sure"])
def test_a_level_said_in_ordinary_words_is_taken(key: str, level: int, said: str) -> None:
    read = read_levels(key, said, year=YEAR)
    assert read is not None
    assert read.sure
    assert read.levels == (level,)


@pytest.mark.parametrize(("key", "level", "said"), DATA["asked"])
def test_with_a_doubt_or_another_word_it_is_asked_back(key: str, level: int, said: str) -> None:
    read = read_levels(key, said, year=YEAR)
    assert read is not None
    assert not read.sure
    assert level in read.levels


@pytest.mark.parametrize(("key", "said"), DATA["unread"])
def test_what_names_no_level_is_left_to_others(key: str, said: str) -> None:
    assert read_levels(key, said, year=YEAR) is None


@pytest.mark.parametrize(("unit", "said", "plain"), DATA["counted"])
def test_a_count_is_written_in_the_unit_that_is_asked_for(unit: str, said: str, plain: str) -> None:
    assert plainer_number(said, unit=unit) == plain


def test_each_way_to_say_a_level_says_that_one_alone() -> None:
    """It is taken at once, but where it holds a word of doubt."""
    words = load_level_words()
    ways = {
        (key, level, way): words.doubt.isdisjoint(way.split())
        for key, said in (words.__pydantic_extra__ or {}).items()
        for level, every in enumerate(said.said, 1)
        for way in every
    }
    read = {way: read_levels(way[0], way[2], year=YEAR) for way in ways}
    assert read == {way: SaidLevels((way[1],), sure) for way, sure in ways.items()}


def test_every_key_is_an_indicator_of_the_newest_rules() -> None:
    newest = load_indicators()[max(load_indicators())]
    keys = {item.key for item in newest.indicators}
    keys |= {f"{item.key}.{basis.id}" for item in newest.indicators for basis in item.bases}
    assert set(load_level_words().__pydantic_extra__ or {}) <= keys


@given(st.sampled_from(sorted(load_level_words().__pydantic_extra__ or {})), st.text(max_size=60))
def test_whatever_is_said_a_sure_reading_has_one_level(key: str, said: str) -> None:
    read = read_levels(key, said, year=YEAR)
    assert read is None or (read.levels and (len(read.levels) == 1 or not read.sure))
