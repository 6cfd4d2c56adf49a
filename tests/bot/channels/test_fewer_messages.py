"""What a turn says becomes as few messages as fit, and nothing that was said or offered is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.fewer_messages import is_wanted, joined
from bot.channels.fitting import parts
from bot.channels.telegram.render import FREE
from bot.channels.whatsapp.render import CAN, LIMITS, RATES
from domain.buttons.base import Raw
from domain.message import Attachment, Choice, Message

PAPER = Attachment("document", "evidence", {}, "surat.pdf")


def asked(text: str, *labels: str, data: str = "a") -> Message:
    return Message(text, tuple((Choice(label, Raw(f"{data}:{n}")),) for n, label in enumerate(labels)))


def labels(message: Message) -> list[str]:
    return [choice.label for row in message.rows for choice in row]


def test_only_where_a_person_gets_few_messages() -> None:
    assert is_wanted(RATES)
    assert not is_wanted(FREE)


def test_receipt_note_and_next_question_are_one_message() -> None:
    turn = (Message("Tersimpan."), Message("Nilai naik."), asked("Apa namanya?", "Lewati"))
    (whole,) = joined(turn, limits=LIMITS)
    assert whole.text == "Tersimpan.\n\nNilai naik.\n\nApa namanya?"
    assert labels(whole) == ["Lewati"]


def test_the_choices_of_what_is_said_last_come_first() -> None:
    (whole,) = joined((asked("Status", "Perbarui", data="s"), asked("Tahap?", "Satu")), limits=LIMITS)
    assert labels(whole) == ["Satu", "Perbarui"]


def test_a_choice_that_reads_alike_is_offered_once_by_the_newer_message() -> None:
    (whole,) = joined((asked("Status", "Bantuan", data="s"), asked("Tahap?", "bantuan")), limits=LIMITS)
    assert [choice.data for row in whole.rows for choice in row] == ["a:0"]


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("two numberings", asked("Bagian", "1 · Profil", data="d"), asked("Tahap?", "1 · Uji Coba")),
        ("too many choices", asked("Daftar", *"abcdef", data="d"), asked("Tahap?", *"ghijk")),
        ("too long", Message("x" * 3_000), Message("y" * 1_000)),
        ("too long below a file", Message("", attachment=PAPER), Message("y" * 1_001)),
        ("too many choices below a file", Message("", attachment=PAPER), asked("Lalu?", *"abcd")),
        ("two files", Message("", attachment=PAPER), Message("", attachment=PAPER)),
        ("a preview", replace(asked("Siaran", "Sudah dibaca", data="r"), apart=True), asked("Kirim?", "Ya")),
    ],
)
def test_what_does_not_fit_goes_on_by_itself(why: str, first: Message, second: Message) -> None:
    assert joined((first, second), limits=LIMITS) == (first, second), why


def test_words_become_the_caption_of_a_file_and_its_buttons_stay() -> None:
    (whole,) = joined((Message("Grafik", attachment=PAPER), asked("Lalu?", "Lihat")), limits=LIMITS)
    assert (whole.attachment, whole.text, labels(whole)) == (PAPER, "Grafik\n\nLalu?", ["Lihat"])


def test_more_choices_than_a_file_takes_follow_it_in_a_message_of_their_own() -> None:
    chart = replace(asked("Grafik", *"abcde"), attachment=PAPER, callback_id="9")
    file, words = parts(chart, limits=LIMITS, can=CAN)
    assert (file.attachment, file.text, file.rows) == (PAPER, "", ())
    assert (words.attachment, words.text, labels(words)) == (None, "Grafik", list("abcde"))


OFFERED = ("Ya", "Tidak", "Lihat", "1 · Satu", "Bantuan")


def offering(text: str, labels: list[str]) -> Message:
    return Message(text, tuple((Choice(label, Raw(f"a:{OFFERED.index(label)}")),) for label in labels))


MESSAGES = st.builds(
    offering,
    st.text("abc", min_size=1, max_size=1_500),
    st.lists(st.sampled_from(OFFERED), unique=True, max_size=3),
)


@given(st.lists(MESSAGES, max_size=5))
def test_nothing_that_was_said_or_offered_is_lost(turn: list[Message]) -> None:
    made = joined(turn, limits=LIMITS)
    assert "\n\n".join(message.text for message in made) == "\n\n".join(message.text for message in turn)
    assert {label for message in made for label in labels(message)} == {
        label for message in turn for label in labels(message)
    }
