"""Dates are read as Indonesians write them, and never guessed in silence."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.dates import PartialDate, Precision, read_date, say_date, say_datetime
from domain.reading.lexicon import lexicon
from domain.reading.result import Ambiguous, NotUnderstood, Understood

CORPUS = Path(__file__).parent / "corpus"
TODAY = date(2025, 8, 20)  # a Wednesday
LATE = date(2031, 1, 1)  # from here every year up to 2035 can be written


def corpus(name: str) -> list[tuple[str, str]]:
    lines = [line for line in (CORPUS / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(text, expected) for text, expected in (line.split("\t") for line in lines)]


def summed_up(result: object) -> str:
    match result:
        case Understood(value=value, sure=sure):
            return f"{'=' if sure else '?'} {value.to_text()}"
        case Ambiguous(candidates=candidates):
            return f"| {' '.join(value.to_text() for value in candidates)}"
        case NotUnderstood(reason=reason):
            return f"- {reason}"
    raise AssertionError(result)


@pytest.mark.parametrize(("text", "expected"), corpus("dates.tsv"))
def test_it_reads_the_corpus_of_days(text: str, expected: str) -> None:
    assert summed_up(read_date(text, today=TODAY)) == expected


@pytest.mark.parametrize(("text", "expected"), corpus("months.tsv"))
def test_it_reads_the_corpus_of_months(text: str, expected: str) -> None:
    assert summed_up(read_date(text, today=TODAY, precision="month")) == expected


def test_it_takes_a_year_where_a_year_is_enough() -> None:
    assert summed_up(read_date("tahun 2019", today=TODAY, precision="year")) == "= 2019"
    assert summed_up(read_date("akhir 2019", today=TODAY, precision="year")) == "? 2019"
    assert summed_up(read_date("2023-2024", today=TODAY, precision="year")) == "| 2023 2024"


def test_it_hands_back_what_was_said() -> None:
    for text in ("3 Agustus 2025 ", "03/08", " nanti", " "):
        assert read_date(text, today=TODAY).said == text


def test_it_tells_silence_from_nonsense() -> None:
    assert summed_up(read_date(" \n", today=TODAY)) == "- empty"
    assert summed_up(read_date("3 Agustus 2025 " * 50, today=TODAY)) == "- unreadable"


def test_every_spelling_of_a_month_is_read_as_that_month() -> None:
    for number, entry in enumerate(lexicon()["month"], 1):
        for spelling in entry["read"]:
            assert summed_up(read_date(f"4 {spelling} 2024", today=TODAY)) == f"= 2024-{number:02d}-04", (
                spelling
            )


def test_minggu_lalu_on_a_sunday_has_one_reading() -> None:
    assert summed_up(read_date("minggu lalu", today=date(2025, 8, 24))) == "? 2025-08-17"


def test_a_month_told_from_january_falls_into_the_year_before() -> None:
    assert summed_up(read_date("bulan lalu", today=date(2025, 1, 31), precision="month")) == "? 2024-12"


@given(
    day=st.dates(date(1945, 1, 1), date(2035, 12, 31)),
    language=st.sampled_from(["id", "en"]),
    weekday=st.booleans(),
)
def test_what_is_said_is_read_back_the_same(day: date, language: str, weekday: bool) -> None:
    said = say_date(PartialDate(day), language, weekday=weekday)
    assert read_date(said, today=LATE) == Understood(PartialDate(day), True, said)


@given(
    day=st.dates(date(1945, 1, 1), date(2035, 12, 31)),
    language=st.sampled_from(["id", "en"]),
    precision=st.sampled_from(["month", "year"]),
)
def test_coarse_dates_are_read_back_the_same(day: date, language: str, precision: Precision) -> None:
    month = day.month if precision == "month" else 1
    known = PartialDate(date(day.year, month, 1), precision)
    said = say_date(known, language)
    assert read_date(said, today=LATE, precision=precision) == Understood(known, True, said)
    assert isinstance(read_date(said, today=LATE), NotUnderstood)
    assert PartialDate.from_text(known.to_text()) == known


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert summed_up(read_date(text, today=TODAY))


PIECES = (
    "3 03 31 12 25 8 2025 2024 1945 99 agustus agt nop februari mei jun senin minggu "
    "kemarin hari ini lalu depan bulan "
    "tahun tanggal tgl pada sejak sekitar awal akhir dua tiga puluh belas s.d. dan "
    "sampai jam 10 08.00 wib orang "
    "3/8 03/08/2025 3-8-25 2025-08-03 iv , . - / ( ) ' ² ½ ? rd"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=7), st.sampled_from(["", " "]))
def test_a_sure_day_stands_in_the_text(pieces: list[str], glue: str) -> None:
    """Whatever is taken without asking back was written out: its day, its month and its year."""
    text = glue.join(pieces)
    result = read_date(text, today=TODAY)
    if not (isinstance(result, Understood) and result.sure):
        return
    if result.value.value in (TODAY, date(2025, 8, 19)) and re.search("hari ?ini|kemarin", text):
        return
    day = result.value.value
    numbers = re.findall(r"[0-9]+", text)
    spelled = lexicon()["month"][day.month - 1]["read"]
    assert any(int(n) == day.day for n in numbers), text
    assert any(n in (str(day.year), f"{day.year % 100:02d}") for n in numbers), text
    assert any(int(n) == day.month for n in numbers) or any(name in text.lower() for name in spelled), text
    assert not any(
        doubt in text for doubt in ("sekitar", "awal", "akhir", "lalu", "depan", "iv", "²", "?")
    ), text


def test_dates_are_said_in_both_languages() -> None:
    day = PartialDate(date(2025, 8, 3))
    assert say_date(day, "id") == "3 Agustus 2025"
    assert say_date(day, "id", weekday=True) == "Minggu, 3 Agustus 2025"
    assert say_date(day, "en", weekday=True) == "Sunday, 3 August 2025"
    assert say_date(PartialDate(date(2025, 8, 1), "month"), "id", weekday=True) == "Agustus 2025"
    assert say_date(PartialDate(date(2025, 1, 1), "year"), "en") == "2025"


def test_moments_are_said_with_their_zone() -> None:
    moment = datetime(2025, 8, 3, 8, 0)
    assert say_datetime(moment, "id", zone="WIB") == "3 Agustus 2025 pukul 08.00 WIB"
    assert say_datetime(moment, "en", zone="WIB") == "3 August 2025 at 08:00 WIB"


@pytest.mark.parametrize("text", ["", "2025-8-3", "2025-13", "3 Agustus 2025", "2025-02-30"])
def test_kept_dates_are_refused_in_any_other_shape(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.from_text(text)
