"""A state of a recipient says no more than is known."""

from __future__ import annotations

import pytest

from domain.announcing.recipient_state import say_state
from handlers.words import load_words
from tests.kit.two_accounts import TELEGRAM, WHATSAPP

SAY = load_words().in_("id")


@pytest.mark.parametrize(
    ("state", "channel", "said"),
    [
        ("sent", "telegram", "terkirim"),
        ("sent", "whatsapp", "diterima WhatsApp, belum pasti sampai"),
        ("delivered", "whatsapp", "sampai"),
        ("read", "whatsapp", "dibaca"),
        ("sent", "kurir", "terkirim"),  # a channel that is not on any more
        ("skipped", "", "tidak dikirim"),
    ],
)
def test_taken_is_said_apart_from_arrived_where_arrivals_are_told(
    state: str, channel: str, said: str
) -> None:
    assert say_state(SAY, state, channel=channel, channels=(TELEGRAM, WHATSAPP)) == said
