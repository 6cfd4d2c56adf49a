from __future__ import annotations

import pytest

from domain.buttons.base import Raw
from domain.message import BOLD_OFF, BOLD_ON, Attachment, Choice, Message
from domain.message_length import SPLIT_AT, fitted, split, units

CARRIED = Attachment("document", "file", {"sha256": "aa"}, "surat.pdf")


def test_a_message_with_an_attachment_comes_back_as_it_was() -> None:
    message = Message("x", ((Choice("Ya", Raw("a:1")),),), attachment=CARRIED)
    assert Message.from_json(message.to_json()) == message


def test_a_text_too_long_for_a_caption_goes_before_its_file() -> None:
    message = Message(
        "kata " * 1000, ((Choice("Ya", Raw("a:1")),),), attachment=CARRIED, callback_id="7", toast="ok"
    )
    *texts, last = split(message)
    assert "".join(part.text for part in texts).count("kata") == 1000
    assert all(part.attachment is None and not part.rows for part in texts)
    assert (last.text, last.attachment, last.rows) == ("", CARRIED, message.rows)
    assert [part.callback_id for part in (*texts, last)] == ["7"] + [""] * len(texts)


def test_a_short_caption_stays_with_its_file() -> None:
    message = Message("pendek", attachment=CARRIED)
    assert split(message) == (message,)


@pytest.mark.parametrize("letter", ["a", "ä", "😀", f"{BOLD_ON}b{BOLD_OFF}"])
def test_a_message_that_takes_anothers_place_is_never_too_long(letter: str) -> None:
    for length in (10, SPLIT_AT - 1, SPLIT_AT, SPLIT_AT + 1, 3 * SPLIT_AT):
        text = " ".join(letter * 9 for _ in range(length // 9))
        shown = fitted(Message(text, edit="9")).text
        assert units(shown) <= SPLIT_AT
        assert shown.count(BOLD_ON) == shown.count(BOLD_OFF)
        assert (shown == text) == (units(text) <= SPLIT_AT)
