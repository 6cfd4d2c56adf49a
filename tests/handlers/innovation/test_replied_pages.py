"""A number in a reply to an older page of options names what that page shows."""

from __future__ import annotations

from contextlib import closing

import pytest

from domain.message import Inbound, Kind
from storage import innovations, outbox
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import DESK, buttons, says, taps
from tests.kit.people import RINA


@pytest.mark.parametrize(("page", "number", "kept"), [(0, "2", 1), (2, "2", 11), (7, "3", 37)])
def test_a_reply_is_read_by_the_page_it_replies_to(page: int, number: str, kept: int) -> None:
    options = DESK.desk_data.form.by_id["urusan_utama"].options
    with closing(in_memory(with_people())) as tx:
        tx.execute("BEGIN")
        says(tx, RINA, "/ajukan")
        shown = taps(tx, RINA, "f:1:#list:0:j:urusan_utama")
        turn = next(data for data in buttons(shown) if ":p:" in data).rpartition(":")[0]
        shown = taps(tx, RINA, f"{turn}:{page}")
        outbox.answer(tx, 1_000, channel="telegram", address=str(RINA), messages=shown, now=MORNING)
        tx.execute("UPDATE outbox SET state = 'sent', message_ref = '77'")
        taps(tx, RINA, "f:1:#list:0:j:nama")
        reply = Inbound("telegram", str(RINA), Kind.TEXT, text=number, reply_to="77")
        DESK.take(tx, reply, fetched=None, now=MORNING)
        assert innovations.answers(tx, 1).get("urusan_utama") == options[kept].id
