"""Numbers are read as Indonesians write them; what could be two things is read back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.numbers import read_number, say_number, scaled_like
from domain.reading.result import Ambiguous, NotUnderstood, Understood

CORPUS = Path(__file__).parent / "corpus" / "numbers.tsv"
ONES = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)


def corpus() -> list[tuple[str, str, tuple[Decimal, ...] | str]]:
    lines = [line for line in CORPUS.read_text("utf-8").splitlines() if not line.startswith("#")]
    cases: list[tuple[str, str, tuple[Decimal, ...] | str]] = []
    for text, expected in (line.split("\t") for line in lines):
        sign, _, rest = expected.partition(" ")
        cases.append((text, sign, rest if sign == "-" else tuple(map(Decimal, rest.split()))))
    return cases


@pytest.mark.parametrize(("text", "sign", "expected"), corpus())
def test_it_reads_the_corpus_of_numbers(text: str, sign: str, expected: tuple[Decimal, ...] | str) -> None:
    match read_number(text):
        case Understood(value=value, sure=sure):
            assert ("=" if sure else "?", (value,)) == (sign, expected)
        case Ambiguous(candidates=candidates):
            assert ("|", candidates) == (sign, expected)
        case NotUnderstood(reason=reason):
            assert ("-", reason) == (sign, expected)


def asked_corpus() -> list[tuple[str, str, str]]:
    lines = (CORPUS.parent / "numbers_asked.tsv").read_text("utf-8").splitlines()
    return [
        (unit, text, expected)
        for unit, text, expected in (line.split("\t") for line in lines if line[0] != "#")
    ]


def summed_up(result: object) -> str:
    match result:
        case Understood(value=value, sure=sure, unit=unit, per=per, bound=bound):
            around = {"unit": unit, "per": per, "bound": bound}
            told = [f"{name}={said.replace(' ', '_')}" for name, said in around.items() if said]
            return " ".join(["=" if sure else "?", format(value, "f"), *told])
        case Ambiguous(candidates=candidates):
            return f"| {' '.join(format(value, 'f') for value in candidates)}"
        case NotUnderstood(reason=reason):
            return f"- {reason}"
    raise AssertionError(result)


@pytest.mark.parametrize(("unit", "text", "expected"), asked_corpus())
def test_it_reads_numbers_with_what_stands_around_them(unit: str, text: str, expected: str) -> None:
    assert summed_up(read_number(text, units=(unit,))) == expected


@pytest.mark.parametrize(
    ("typed", "offered", "meant"),
    [
        ("3", ("2000000", "3000000"), "3000000"),
        ("2,5", ("2000000", "3000000"), "2500000"),
        ("4", ("2000000", "3000000"), None),
        ("3000000", ("2000000", "3000000"), None),
        ("15", ("10", "20"), None),
        ("750", ("500000", "1000000"), "750000"),
        ("0", ("0", "1000"), None),
    ],
)
def test_a_number_behind_a_range_keeps_its_scale(
    typed: str, offered: tuple[str, ...], meant: str | None
) -> None:
    read = read_number(typed)
    assert isinstance(read, Understood)
    assert scaled_like(read.value, map(Decimal, offered)) == (None if meant is None else Decimal(meant))


AROUND = "25 juta Rp 30 orang % $ € / per tahun bulan ± ~ > ≥ < + lebih dari sekitar maks sd an ( ) x @ # ."
HARMLESS = frozenset({"25", "30", "juta", "Rp", "lebih", "dari", "sd", "an", "(", ")", "."})


@given(st.lists(st.sampled_from(AROUND.split()), min_size=1, max_size=6), st.sampled_from(["", " "]))
def test_whatever_stands_around_a_sure_sum_says_nothing_else(pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    result = read_number(text, units=("rupiah",))
    if isinstance(result, Understood) and result.sure:
        assert set(pieces) <= HARMLESS, text


@pytest.mark.parametrize(
    ("text", "unit"), [("25%", "percent"), ("25 per cent", "percent"), ("25 orang", "orang"), ("25", "")]
)
def test_it_tells_what_stands_behind_the_number(text: str, unit: str) -> None:
    assert read_number(text) == Understood(Decimal(25), True, text, unit)


def test_it_keeps_amounts_without_idle_zeros() -> None:
    result = read_number("Rp 1.500.000,00")
    assert isinstance(result, Understood)
    assert format(result.value, "f") == "1500000"


def test_whole_numbers_refuse_fractions() -> None:
    assert read_number("2,5", whole=True) == NotUnderstood("not_whole", "2,5")
    assert read_number("2,5 juta", whole=True) == Understood(Decimal(2_500_000), True, "2,5 juta")
    assert read_number("1,250", whole=True) == Understood(Decimal(1250), False, "1,250")


def test_silence_is_not_a_number() -> None:
    assert read_number(" \t") == NotUnderstood("empty", " \t")
    assert read_number("9" * 500) == NotUnderstood("unreadable", "9" * 500)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_is_said_is_read_back_the_same(value: Decimal) -> None:
    said = say_number(value, "id")
    match read_number(said):
        case Understood(value=read, sure=sure):
            assert read == value
            assert sure or "." in said
        case other:
            pytest.fail(f"{said}: {other}")


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_three_decimals_are_read_back_or_offered(value: Decimal) -> None:
    match read_number(say_number(value, "id")):
        case Understood(value=read):
            assert read == value
        case Ambiguous(candidates=candidates):
            assert value in candidates
        case other:
            pytest.fail(str(other))


def in_words(number: int) -> str:
    """Spell a number below a million, independently of the reader."""
    if number < 12:
        return ONES[number]
    if number < 20:
        return f"{ONES[number - 10]} belas"
    for size, name, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus"), (10, "puluh", "")):
        if number >= size:
            head = one if number < 2 * size and one else f"{in_words(number // size)} {name}"
            return f"{head} {in_words(number % size)}" if number % size else head
    raise AssertionError(number)


@given(st.integers(0, 999_999))
def test_every_spelled_number_is_read(number: int) -> None:
    assert read_number(in_words(number)) == Understood(Decimal(number), True, in_words(number))


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert read_number(text).said == text


PIECES = "1 25 250 1.250 1,5 0,5 2.5 rb ribu jt juta m k rp % persen dua puluh - , . orang se min ?"


@given(st.lists(st.sampled_from(PIECES.split()), max_size=6), st.sampled_from(["", " "]))
def test_a_sure_number_has_no_second_reading(pieces: list[str], glue: str) -> None:
    """Two numbers side by side, a lone dot group or a single-letter scale are never taken as they are."""
    text = glue.join(pieces)
    result = read_number(text)
    if isinstance(result, Understood) and result.sure:
        assert glue == "" or sum(piece[0].isdigit() for piece in pieces) <= 1 + sum(
            p in SCALES for p in pieces
        ), text
        assert "1.250" not in pieces or glue == "" or "rp" in pieces, text
        assert not (glue == " " and {"m", "k", "min", "?"} & set(pieces)), text


SCALES = {"rb", "ribu", "jt", "juta", "puluh"}


def test_numbers_are_said_in_both_languages() -> None:
    assert say_number(Decimal("1250.50"), "id") == "1.250,5"
    assert say_number(Decimal("1250.50"), "en") == "1,250.5"
    assert say_number(Decimal("1250"), "id", places=2) == "1.250,00"
    assert say_number(Decimal("1E+6"), "id") == "1.000.000"
    assert say_number(Decimal("-0.04"), "id", places=1) == "0,0"
