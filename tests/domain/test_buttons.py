from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import buttons
from domain.buttons.base import DIGITS, MAX_BYTES, Button, Raw
from domain.message import Choice, Message
from domain.typed_choice import Reads, is_tap, pick

FAMILIES: list[type[Button]] = [
    vars(buttons)[name] for name in buttons.__all__ if name not in ("Button", "Command", "Key")
]
WORDS = st.text("az09_#é-. ", max_size=5)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    return {int: st.integers(0, 10**6), str: WORDS, date: st.dates()}[hint]


def _examples(family: type[Button]) -> st.SearchStrategy[Button]:
    hints = get_type_hints(family)
    return st.builds(family, **{one.name: _values(hints[one.name]) for one in fields(family)})  # type: ignore[arg-type]


@given(st.sampled_from(FAMILIES).flatmap(_examples))
def test_every_button_comes_back_as_it_was(button: Button) -> None:
    data = button.data()
    assert len(data.encode()) <= MAX_BYTES
    assert type(button).parse(data) == button


@given(st.sampled_from(FAMILIES).flatmap(_examples))
def test_only_its_own_family_reads_a_button(button: Button) -> None:
    assert [one for one in FAMILIES if one.parse(button.data())] == [type(button)]


@given(st.sampled_from(FAMILIES).flatmap(_examples))
def test_whatever_cannot_be_taken_back_is_known_by_its_data(button: Button) -> None:
    assert buttons.is_final(button.data()) == button.final


@pytest.mark.parametrize("button", [buttons.InviteAll("yes", 31), buttons.Broadcast("stop", 1)])
def test_a_slip_of_the_finger_does_nothing_for_good(button: Button) -> None:
    slip = pick("Ya, bautkan kodenya", [Choice("Ya, buatkan kodenya", button)])
    assert slip is not None
    assert is_tap(slip, Reads.NOTHING, own=False) is None


@given(st.sampled_from(FAMILIES), st.text(max_size=70))
def test_whatever_comes_in_is_read_or_refused(family: type[Button], text: str) -> None:
    for data in (text, f"{family.head}{text}", f"{family.head}:{text}"):
        button = family.parse(data)
        assert button is None or isinstance(button, family)


@pytest.mark.parametrize(
    ("button", "data"),
    [
        (buttons.Open("bantuan"), "k:bantuan"),
        (buttons.StatusOffices(0), "st:off:0"),
        (buttons.StatusDay(date(2026, 8, 3)), "st:at:2026-08-03"),
        (buttons.NewDraft("new"), "a:new"),
        (buttons.NewDraft("o", 7), "a:o:7"),
        (buttons.Form(3, "#list", 0, "go"), "f:3:#list:0:go"),
        (buttons.Form(3, "tujuan", 2, "j", "#ind"), "f:3:tujuan:2:j:#ind"),
    ],
)
def test_the_data_is_what_older_messages_carry(button: Button, data: str) -> None:
    assert button.data() == data


def test_a_choice_keeps_the_data_and_an_older_one_is_read_back_as_it_was() -> None:
    older = Choice("Lama", Raw("zz:1"))
    message = Message("x", ((Choice("Status", buttons.Open("status")), older),))
    assert [choice.data for choice in message.rows[0]] == ["k:status", "zz:1"]
    assert Message.from_json(message.to_json()) == message


@pytest.mark.parametrize(
    "data",
    [
        "",
        "st",
        "st:o",
        "st:o:",
        "st:o:1",
        "st:o:1:x",
        "st:o:-1:0",
        "st:o:1:0:0",
        "st:o:²:0",
        f"st:o:{'9' * 16}:0",
    ],
)
def test_a_number_that_is_none_fits_nowhere(data: str) -> None:
    assert buttons.StatusOffice.parse(data) is None


def test_the_longest_number_is_read() -> None:
    assert buttons.StatusOffices.parse(f"st:off:{'9' * DIGITS}") == buttons.StatusOffices(10**DIGITS - 1)


@pytest.mark.parametrize(
    "button", [buttons.ProfileRow("x" * 60), buttons.ProfileRow("1:2"), buttons.Language("é" * 40)]
)
def test_data_that_could_not_come_back_is_not_written(button: Button) -> None:
    with pytest.raises(ValueError, match="button"):
        button.data()
