"""A question with one answer: courtesies around its name are passed over, several are said to be too many."""

from __future__ import annotations

import pytest

from domain.conversation.read_answer import read
from domain.conversation.read_options import names_option
from domain.draft.facts import Accepted, Refused, Said
from tests.kit.draft_facts import FORM, facts


@pytest.mark.parametrize("text", ["opd aja pak", "OPD saja bu", "3", "opd"])
def test_the_name_is_taken_with_a_courtesy_beside_it(text: str) -> None:
    reading = read(FORM.by_id["inisiator"], Said(text=text), current=None, facts=facts())
    assert reading == Accepted("opd")


@pytest.mark.parametrize("text", ["tidak digital", "belum digital", "bukan digital"])
def test_a_no_before_digital_is_the_other_kind(text: str) -> None:
    reading = read(FORM.by_id["jenis"], Said(text=text), current=None, facts=facts())
    assert reading == Accepted("non_digital")


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        ("inisiator", "1, 3", "choice_single"),
        ("inisiator", "4 5", "choice_single"),
        ("inisiator", "asn dan opd", "choice_single"),
        ("inisiator", "1 atau 3", "choice_single"),
        ("inisiator", "asn/opd", "choice_single"),
        ("urusan_utama", "kesehatan, pendidikan", "choice_single"),
        ("urusan_utama", "1 3", "choice_single"),
        ("inisiator", "batu, kayu", "choice_unknown"),
    ],
)
def test_several_are_told_that_one_is_chosen(question: str, text: str, key: str) -> None:
    reading = read(FORM.by_id[question], Said(text=text), current=None, facts=facts())
    assert isinstance(reading, Refused)
    assert reading.key == key


@pytest.mark.parametrize(
    ("question", "text", "is_named"),
    [
        ("inisiator", "yang bikin pak camat di desa sini", True),
        ("inisiator", "saya mau lihat yang lain dulu", False),
        ("urusan_lain", "yang pakai kesehatan warga sini", False),
    ],
)
def test_the_word_of_a_sentence_names_one_option_where_one_is_asked(
    question: str, text: str, is_named: bool
) -> None:
    assert names_option(FORM.by_id[question], text) == is_named
