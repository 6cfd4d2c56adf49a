"""A wrong form stops the start with one sentence: the file, the key, what stands there, what was expected."""

from __future__ import annotations

import pytest

from domain.rules.form import FormError, Question, Words, read_form

SPOKEN = tuple(
    name for name, field in Question.model_fields.items() if field.annotation is Words and field.is_required()
)


def written(changes: str = "", *, kind: str = "text", more: str = "") -> str:
    """Write a small form with one question `judul`, then whatever `more` says."""
    spoken = "\n".join(f'{part} = {{ id = "x", en = "y" }}' for part in SPOKEN)
    return (
        'version = 1\n[[section]]\nid = "s"\ntitle = { id = "x", en = "y" }\n'
        f'[[section.question]]\nid = "judul"\nkind = "{kind}"\nsource = "a test"\n{spoken}\n{changes}\n{more}'
    )


def another(changes: str) -> str:
    """Write a second question with `changes`."""
    return "[[section.question]]" + written(changes).split("[[section.question]]")[1]


FAULTS = (
    (written("max_chars = 'banyak'"), "form.toml: section.0.question.0.max_chars: found 'banyak'"),
    (written("panjang = 3"), "form.toml: section.0.question.0.panjang: found 3"),
    (written(kind="choice"), 'question "judul": options belong to choice and multi'),
    (written(kind="file"), 'question "judul": accepts belongs to file questions'),
    (written('words_group = "tiada"'), 'question "judul": words_group "tiada" is unknown'),
    (written('when = [{ question = "nanti", is = ["ya"] }]'), 'when names "nanti", expected an earlier one'),
    (written(more=another("")), 'question "judul" stands twice'),
    (written('options = [{ id = "Besar", label = { id = "x", en = "y" } }]', kind="choice"), "found 'Besar'"),
    ("version = ", "form.toml: Invalid value (at end of document)"),
)


def test_the_small_form_of_these_tests_is_sound() -> None:
    assert [question.id for question in read_form(written())] == ["judul"]


@pytest.mark.parametrize(("text", "sentence"), FAULTS)
def test_a_wrong_form_names_file_key_value_and_expectation(text: str, sentence: str) -> None:
    with pytest.raises(FormError) as refusal:
        read_form(text)
    assert str(refusal.value).startswith("form.toml: ")
    assert sentence in str(refusal.value)
