from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import buttons
from domain.buttons.base import Raw
from domain.message import Choice, Message
from domain.typed_choice import How, Pick, Reads, is_tap, numbers, pick

PLAIN = (
    Choice("Ajukan inovasi", buttons.Open("ajukan")),
    Choice("Perkiraan indeks", buttons.Open("status")),
    Choice("Bantuan", buttons.Open("bantuan")),
    Choice("◀", Raw("page"), navigates=True),
)
NUMBERED = tuple(
    Choice(f"{n} · {name}", Raw(f"o{n}")) for n, name in ((9, "Dinas Sosial"), (10, "Dinas Kesehatan"))
)
LETTERED = (Choice("A · Profil", Raw("profil")), Choice("B · Tema", Raw("tema")))
CUT = (
    Choice("1 · Bantu temukan inovasinya", Raw("k:pelatih")),
    Choice("Undangan terbuka (22)", Raw("u:open:0")),
    Choice("Status", Raw("k:status")),
)
BESIDE = (
    *(Choice(str(level), Raw(f"l{level}")) for level in range(4)),
    *(Choice(label, Raw(label)) for label in ("◀ 2a", "3 ▶")),
)
TICKED = tuple(
    Choice(label, buttons.CoachPaper(paper, "on"))
    for label, paper in (("✔ SK", "letter"), ("Foto", "photo"), ("Video", "video"))
)


@pytest.mark.parametrize(
    ("text", "choices", "data", "how"),
    [
        ("Ajukan inovasi", PLAIN, "k:ajukan", How.LABEL),
        ("AJUKAN  INOVASI.", PLAIN, "k:ajukan", How.LABEL),
        ("ajukn inovasi", PLAIN, "k:ajukan", How.SLIP),
        ("1", PLAIN, "k:ajukan", How.NUMBER),
        ("1.", PLAIN, "k:ajukan", How.NUMBER),
        ("2)", PLAIN, "k:status", How.NUMBER),
        ("nomor 2", PLAIN, "k:status", How.NUMBER),
        ("No. 2", PLAIN, "k:status", How.NUMBER),
        ("pilihan 2", PLAIN, "k:status", How.NUMBER),
        ("bantuan", PLAIN, "k:bantuan", How.LABEL),
        ("temukan inovasi", CUT, "k:pelatih", How.LABEL),  # as a small button says it
        ("Undangan (22)", CUT, "u:open:0", How.LABEL),
        ("bantu temukan inovasinya", CUT, "k:pelatih", How.LABEL),
        ("10", NUMBERED, "o10", How.NUMBER),
        ("dinas kesehatan", NUMBERED, "o10", How.LABEL),
        ("10 dinas kesehatan", NUMBERED, "o10", How.LABEL),
        ("yang nomor 10", NUMBERED, "o10", How.NUMBER),
        ("saya pilih yang no 10 saja pak", NUMBERED, "o10", How.NUMBER),
        ("sk", TICKED, "c:letter:on", How.LABEL),
        ("3", BESIDE, "l3", How.LABEL),  # the level, not the neighbour
        ("2a", BESIDE, "◀ 2a", How.LABEL),
        ("b", LETTERED, "tema", How.NUMBER),
        ("A", LETTERED, "profil", How.NUMBER),
        ("tema", LETTERED, "tema", How.LABEL),
        ("profl", LETTERED, "profil", How.SLIP),
    ],
)
def test_a_number_or_a_label_names_one_choice(
    text: str, choices: tuple[Choice, ...], data: str, how: How
) -> None:
    picked = pick(text, choices)
    assert picked is not None
    assert ([choice.data for choice in picked.choices], picked.how) == ([data], how)


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("", PLAIN),
        ("   ", PLAIN),
        ("3", PLAIN),  # navigation has no number
        ("0", PLAIN),
        ("ajukan", PLAIN),  # half a label may be an answer
        ("1", NUMBERED),  # the numbers of the labels are the ones that count
        ("1, 2", PLAIN),  # only one may be chosen
        ("1, 9", TICKED),
        ("1 2", TICKED),
        ("1,5 juta", TICKED),
        ("◀", PLAIN),
        ("x" * 500, PLAIN),
        ("Ajukan inovasi", (*PLAIN, Choice("ajukan inovasi", Raw("another")))),
        ("Dinas Kesehatab", (Choice("Dinas Kesehatan", Raw("1")), Choice("Dinas Kesehatam", Raw("2")))),
        ("Ajukan inovasi", ()),
    ],
)
def test_what_names_nothing_or_two_is_no_choice(text: str, choices: tuple[Choice, ...]) -> None:
    assert pick(text, choices) is None


@pytest.mark.parametrize("text", ["1, 3", "1,3", "1 dan 3", "1; 3", "no 1, no 3"])
def test_several_are_named_by_their_numbers_where_several_may_be_chosen(text: str) -> None:
    picked = pick(text, TICKED)
    assert picked is not None
    assert [choice.label for choice in picked.choices] == ["✔ SK", "Video"]


def test_numbers_go_by_the_labels_where_one_carries_its_own() -> None:
    assert list(numbers(NUMBERED)) == [9, 10]
    assert list(numbers(PLAIN)) == [1, 2]
    assert list(numbers((Choice("3 Agustus 2025", Raw("day")),))) == [1]
    assert list(numbers((Choice("1.500", Raw("a")), Choice("09:00", Raw("b"))))) == [1, 2]
    assert list(numbers((Choice("16*", Raw("i")), Choice("Langkah terbaik", Raw("b"))))) == [16]


TAP, ANSWER, ASK = True, False, None


@pytest.mark.parametrize(
    ("how", "reads", "own", "navigates", "wanted"),
    [
        (How.LABEL, Reads.NOTHING, False, False, TAP),
        (How.LABEL, Reads.NAMES, False, False, TAP),
        (How.LABEL, Reads.NUMBERS, True, False, TAP),
        (How.LABEL, Reads.TEXT, False, False, ASK),
        (How.LABEL, Reads.TEXT, True, True, TAP),
        (How.NUMBER, Reads.NOTHING, False, False, TAP),
        (How.NUMBER, Reads.NAMES, False, False, TAP),
        (How.NUMBER, Reads.NUMBERS, True, False, ANSWER),
        (How.NUMBER, Reads.NUMBERS, False, False, ASK),
        (How.NUMBER, Reads.TEXT, False, False, ASK),
        (How.SLIP, Reads.NOTHING, False, False, TAP),
        (How.SLIP, Reads.NAMES, False, False, ANSWER),
        (How.SLIP, Reads.TEXT, False, False, ANSWER),
        (How.SLIP, Reads.TEXT, True, True, ASK),
        (How.SLIP, Reads.NAMES, True, True, TAP),
        (How.SLIP, Reads.NUMBERS, False, False, TAP),
        (How.SLIP, Reads.NUMBERS, True, False, ANSWER),
        (How.NUMBER, Reads.ROWS, True, False, TAP),
        (How.NUMBER, Reads.ROWS, False, False, TAP),
        (How.LABEL, Reads.ROWS, True, False, TAP),
        (How.SLIP, Reads.ROWS, True, False, ANSWER),
    ],
)
def test_it_is_a_tap_unless_the_open_question_takes_it(
    how: How, reads: Reads, own: bool, navigates: bool, wanted: bool | None
) -> None:
    picked = Pick((Choice("x", Raw("x"), navigates=navigates),), how)
    assert is_tap(picked, reads, own=own) is wanted


def test_a_number_of_a_page_hands_nothing_in_unasked() -> None:
    picked = Pick((Choice("Kirim sekarang", buttons.Form(1, "#check", 3, "send")),), How.NUMBER)
    assert is_tap(picked, Reads.ROWS, own=True) is ASK


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=30), max_size=12))
def test_whatever_is_typed_names_choices_that_were_offered(text: str, labels: list[str]) -> None:
    offered = [Choice(label, Raw(f"d{n}")) for n, label in enumerate(labels)]
    picked = pick(text, offered)
    assert picked is None or (len(picked.choices) == 1 and picked.choices[0] in offered)


def test_a_choice_keeps_what_it_is_in_the_outbox() -> None:
    rows = ((PLAIN[0], PLAIN[3]), (TICKED[1],))
    back = Message.from_json(Message("x", rows).to_json()).rows
    assert back == rows
