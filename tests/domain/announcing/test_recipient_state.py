"""A state of a recipient says no more than is known."""

from __future__ import annotations

import pytest

from domain.announcing.recipient_state import say_state
from handlers.words import load_words
from tests.kit.two_accounts import TELEGRAM, WHATSAPP

SAY = load_words().in_("id")


@pytest.mark.parametrize(
    ("state", "channel", "is_confirmed", "said"),
    [
        ("sent", "telegram", False, "terkirim"),
        ("sent", "whatsapp", False, "diterima WhatsApp, belum pasti sampai"),
        ("delivered", "whatsapp", False, "sampai"),
        ("read", "whatsapp", False, "dibaca di WhatsApp, belum menekan Sudah dibaca"),
        ("read", "whatsapp", True, "dibaca"),
        ("read", "telegram", True, "dibaca"),
        ("sent", "kurir", False, "terkirim"),  # a channel that is not on any more
        ("skipped", "", False, "tidak dikirim"),
    ],
)
def test_what_a_platform_tells_is_said_apart_from_what_a_person_did(
    state: str, channel: str, is_confirmed: bool, said: str
) -> None:
    channels = (TELEGRAM, WHATSAPP)
    assert say_state(SAY, state, channel=channel, channels=channels, is_confirmed=is_confirmed) == said
