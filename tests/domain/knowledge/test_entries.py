"""The store of knowledge says both languages, repeats the form, and names what cannot be used."""

from __future__ import annotations

import pytest

from domain.knowledge.entries import load_entries
from domain.rules.form import Form
from domain.rules.indicators import load_indicators
from domain.rules.load import RulesError, load_form
from tests.test_words import ENGLISH, PLACES

FORM, INDICATORS = load_form(), load_indicators()
ENTRIES = load_entries(FORM, INDICATORS.values())


def test_every_question_and_indicator_has_an_entry_that_repeats_its_help() -> None:
    for question in FORM:
        assert ENTRIES[f"q.{question.id}"].answer == question.help
    for indicator in INDICATORS[2026].indicators:
        answer = ENTRIES[f"i.{indicator.key}"].answer
        assert answer is not None
        assert indicator.explained is not None
        assert indicator.explained.help.id in answer.id


def test_every_answer_fits_a_short_message_in_both_languages() -> None:
    long = [
        key
        for key, entry in ENTRIES.items()
        for language in ("id", "en")
        for answer in (entry.answer, entry.for_desk)
        if answer is not None and not 0 < len(answer.in_(language)) <= 700
    ]
    assert not long


def test_no_answer_of_ours_carries_an_english_word() -> None:
    """F97: one word for one thing, in what is answered too; what people write may be any word."""
    found = {
        (key, match[0])
        for key, entry in ENTRIES.items()
        for said in (entry.title, entry.answer, entry.for_desk)
        if said is not None and (match := ENGLISH.search(PLACES.sub("", said.id)))
    }
    assert found == set()


def test_what_only_the_desk_does_is_said_to_the_desk_as_its_own_work() -> None:
    entry = ENTRIES["desk_ekspor"]
    to_desk, to_others = entry.answer_for(desk=True), entry.answer_for(desk=False)
    assert to_desk is not None
    assert "/ekspor" in to_desk.id
    assert to_others is not None
    assert "/ekspor" not in to_others.id
    assert ENTRIES["iid"].answer_for(desk=True) == ENTRIES["iid"].answer


def test_a_form_without_a_question_that_is_named_is_refused_by_file_and_key() -> None:
    small = Form.model_construct(version=1, sections=(), words_groups=())
    with pytest.raises(
        RulesError, match=r"knowledge/form_words.toml: question\.nama: found no such question"
    ):
        load_entries(small, INDICATORS.values())
