"""Templates are data that cannot be wrong: both texts have the same parameters, each with an example."""

from __future__ import annotations

import re

import pytest

from domain import buttons
from domain.message import Choice, Message
from domain.rules.load import RulesError, read
from domain.templates import KINDS, MessageTemplate, load_templates, value_of, with_template

GOOD = """
name = "desk_uji"
category = "UTILITY"
follows = false
[parameters]
nama = "Rina"
[id]
text = "Bapak/Ibu {{nama}}, ada tugas."
button = "Lihat"
[en]
text = "Dear {{nama}}, there is a task."
button = "See"
"""


def test_every_kind_has_its_template_under_a_name_of_its_own() -> None:
    held = load_templates()
    assert set(held) == set(KINDS)
    assert len({one.name for one in held.values()}) == len(KINDS)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("there is a task", "there is {{x}} task"), "en.text has the parameters nama, x, expected nama"),
        (("Bapak/Ibu {{nama}}, ada", "Ada"), "id.text has the parameters none, expected nama"),
        (("ada tugas.", "ada {{nama}}"), "expected words before the first and behind the last parameter"),
        (('"UTILITY"', '"MARKETING"'), 'category: found "MARKETING"'),
        (('button = "See"', f'button = "{"x" * 21}"'), "en.button"),
        (('nama = "Rina"', 'nama = ""'), "parameters.nama"),
    ],
)
def test_a_wrong_one_is_named_with_file_and_key(wrong: tuple[str, str], said: str) -> None:
    with pytest.raises(RulesError, match=re.escape(said)) as caught:
        read(MessageTemplate, GOOD.replace(*wrong), name="uji.toml")
    assert str(caught.value).startswith("uji.toml: ")


def test_a_parameter_that_is_missing_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="found none, expected nama"):
        with_template(
            Message("x"),
            read(MessageTemplate, GOOD, name="uji.toml"),
            language="id",
            opens=buttons.Open("tugas"),
        )


def test_its_button_opens_the_page_that_is_named_and_answers_nothing() -> None:
    answer = Message("Siapa?", ((Choice("Kepala Daerah", buttons.Form(1, "inisiator", 0, "o", "kepala")),),))
    template = with_template(
        answer,
        read(MessageTemplate, GOOD, name="uji.toml"),
        language="en",
        parameters={"nama": "Rina"},
        opens=buttons.Open("tugas"),
    ).template
    assert template is not None
    assert (template.payload, template.language) == ("k:tugas", "en")


def test_a_button_that_leads_nowhere_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="no page for its button"):
        with_template(
            Message("x"),
            read(MessageTemplate, GOOD, name="uji.toml"),
            language="id",
            parameters={"nama": "Rina"},
        )


def test_a_value_is_one_line_and_never_empty() -> None:
    assert value_of("  satu\n dua\t tiga ") == "satu dua tiga"
    assert value_of("\n") == "–"
    assert len(value_of("x" * 500)) == 60


def test_a_message_keeps_its_template_in_the_outbox() -> None:
    held = load_templates()["reminder"]
    named = {"nama": "Rina", "tahun": "2026"}
    message = with_template(Message("x"), held, language="id", parameters=named, opens=buttons.Open("tugas"))
    assert Message.from_json(message.to_json()) == message
