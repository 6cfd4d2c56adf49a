"""What counts as the button of an announcement when it is typed below it."""

from __future__ import annotations

import pytest

from domain.buttons import BroadcastRead
from domain.message import Choice, Inbound, Kind, Message
from handlers import typed_choice
from handlers.speaking import context_of
from storage import outbox
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import DESK
from tests.kit.people import RINA


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("sudah saya baca", True),
        ("Siap, sudah kami baca semua, terima kasih Bu 🙏", True),
        ("baik, sudah diterima", True),
        ("siap laksanakan pak", True),
        ("Noted", True),
        ("i have read it, thank you", True),
        ("👍", True),
        ("belum saya baca", False),
        ("sudah saya kirim inovasinya", False),
        ("diterima?", False),
        ("saya", False),
        ("siap, besok saya isi", False),
    ],
)
def test_words_of_having_read_are_the_button(text: str, is_read: bool) -> None:
    tx = in_memory(with_people())
    announced = Message("Siaran", ((Choice("Sudah dibaca", BroadcastRead(7)),),))
    outbox.insert(tx, channel="telegram", address=str(RINA), message=announced, now=MORNING)
    tx.execute("UPDATE outbox SET state = 'sent'")
    inbound = Inbound("telegram", str(RINA), Kind.TEXT, text=text)
    ctx = context_of(tx, DESK.desk_data, inbound=inbound, fetched=None, now=MORNING)
    choices = typed_choice.standing(ctx)
    assert choices is not None
    tapped, _ = typed_choice.meant(ctx, None, choices)
    assert (tapped == (BroadcastRead(7).data(),)) is is_read
