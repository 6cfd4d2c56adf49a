"""What a turn and a status may cost, in what can be counted: statements, calls of Python functions, and pages
of the database that a commit writes.

They run thousands of times a day; whoever lets a feature look at every text or row finds it here, not months
later in a measurement. Where something is saved, lower the figure, so that it stays.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from bot.channels.contract import Channel, Request, SendStatus, StatusArrival
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.whatsapp.arrivals import SIGNATURE_HEADER
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.inbound.send_status import keep_statuses
from bot.inbound.turns import Turns
from domain.buttons.base import Raw
from domain.delivery import Progress
from domain.message import Choice, Inbound, Message
from storage import outbox, outbox_leases, outbox_outcomes
from storage.engine.group import run_group
from storage.engine.sqlite import SqliteTransaction
from storage.engine.transaction import Rows, Transaction
from storage.inbox import Arrival
from storage.outbox_leases import Outgoing
from storage.outbox_outcomes import Outcome
from tests.kit import on_server
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import DESK, buttons, says, taps
from tests.kit.dispatching import Chat, Post
from tests.kit.people import RINA
from tests.kit.scripted_server import scripted

TEXT_STATEMENTS = 13
TEXT_CALLS = 376  # 375 with Python 3.11 for the word of a command at a place read first, else 368
STATUS_STATEMENTS = 4  # of all that come together
WEBHOOK_CALLS = {"messages": 62, "statuses": 82}  # of a body with one of them, to the rows it becomes
PAGES_ALONE = 14.6  # of a text turn, an answer and a step back by turns
LOG_HEAD, LOG_FRAME = 32, 24 + 4096  # bytes; https://www.sqlite.org/fileformat2.html#walformat
SEND_CALLS = {"telegram": 53, "whatsapp": 85}  # of one message, from the text of its row to the answer
SENT = {"telegram": b'{"ok":true,"result":{"message_id":71}}', "whatsapp": b'{"messages":[{"id":"71"}]}'}


class Counting:
    """A transaction that counts its statements."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.statements: list[str] = []

    def execute(self, sql: str, *parameters: Any) -> Rows:
        self.statements.append(sql)
        return self._tx.execute(sql, *parameters)

    def executemany(self, sql: str, rows: Any) -> Rows:
        self.statements.append(sql)
        return self._tx.executemany(sql, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


@pytest.fixture
def counting() -> Iterator[Any]:
    tx = in_memory(with_people())
    yield Counting(tx)
    tx.close()


@contextmanager
def counted_calls(*, but: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Count calls of Python functions, by their names; none of files whose path holds one of `but`."""
    names: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        name, path = frame.f_code.co_qualname, frame.f_code.co_filename
        if event == "call" and not name.startswith("Counting.") and not any(part in path for part in but):
            names.append(name)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield names
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("answer", ["Inovasi terpadu", "Posyandu terpadu"])
def test_an_answer_in_words_costs_no_more(counting: Any, answer: str) -> None:
    """Also one that begins with the word of a command, which is dearest where no other was read before."""
    says(counting, RINA, "/ajukan")
    for number in range(3):  # what is prepared once, the first does
        counting.statements.clear()
        with counted_calls() as calls:
            shown = says(counting, RINA, f"{answer} ke-{number}")
        statements = tuple(counting.statements)
        taps(counting, RINA, next(data for data in buttons(shown) if ":back" in data))
    assert len(statements) <= TEXT_STATEMENTS, statements
    assert on_server.is_used() or len(calls) <= TEXT_CALLS, Counter(calls).most_common(20)


class Letters(Chat):
    """A channel whose updates have a number, as a message that may be corrected has."""

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        return replace(super().parse(raw), message_ref=raw["no"])


class Arriving(Post):
    """A sender whose messages have arrived by the next turn, which writes that down."""

    def __init__(self) -> None:
        super().__init__()
        self._leased: list[Outgoing] = []

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        arrived = [row.outcome("sent", message_ref=str(row.id)) for row in self._leased]
        outbox_outcomes.settle(tx, arrived, now=now)
        self._leased = super().claim(tx, now)
        return self._leased


class OnDisk:
    """Rina's turns, each in a commit of its own, on a database whose log is never folded."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(with_people())  # type: ignore[arg-type]
        self.tx = sqlite3.connect(path, factory=SqliteTransaction, isolation_level=None)
        for pragma in ("journal_mode = WAL", "wal_autocheckpoint = 0", "foreign_keys = ON"):
            self.tx.execute(f"PRAGMA {pragma}")
        self._log = path.with_name(f"{path.name}-wal")
        self._turns = Turns(DESK, channels={"telegram": Letters()}, sender=Arriving())
        self._numbers = count(1)

    def says(self, text: str) -> None:
        number = str(next(self._numbers))
        raw = json.dumps({"no": number, "from": str(RINA), "text": text})
        now = MORNING + timedelta(seconds=int(number))
        taken = partial(
            self._turns.take_in, channel="telegram", arrivals=[Arrival(number, str(RINA), raw)], now=now
        )
        [(_, error)] = run_group(self.tx, [taken], seconds=60)
        assert error is None

    def written(self) -> int:
        """Count the pages the log holds."""
        return (self._log.stat().st_size - LOG_HEAD) // LOG_FRAME


@pytest.mark.sqlite
def test_a_text_turn_alone_in_its_commit_writes_no_more_pages(tmp_path: Path) -> None:
    desk = OnDisk(tmp_path / "desk.db")
    with closing(desk.tx):
        desk.says("/ajukan")
        for number in range(20):
            if number == 10:
                before = desk.written()
            desk.says(f"Posyandu ke-{number}")
            desk.says("kembali")
        pages = (desk.written() - before) / 20
    assert pages <= PAGES_ALONE, pages


def test_statuses_that_come_together_are_a_few_statements(counting: Any) -> None:
    for number in range(20):
        outbox.insert(counting, channel="kurir", address=f"{number}", message=Message("x"), now=MORNING)
    rows = outbox_leases.claim(counting, "kurir", now=MORNING, until=MORNING, limit=20)
    outbox_outcomes.settle(counting, [Outcome(row.id, "sent", f"r-{row.id}") for row in rows], now=MORNING)
    told = [
        StatusArrival(f"{row.id}:{progress}", row.address, "{}", status=SendStatus(row.id, progress))
        for row in rows
        for progress in (Progress.SENT, Progress.DELIVERED, Progress.READ)
    ]
    counting.statements.clear()
    assert keep_statuses(counting, "kurir", told, now=MORNING, desk=DESK) == 60
    assert len(counting.statements) <= STATUS_STATEMENTS


@pytest.mark.parametrize("channel", SEND_CALLS)
async def test_a_message_sent_costs_no_more(channel: str) -> None:
    """Counted from the row's text to the answer; the server's part and the loop's are none of ours."""
    sent = SENT[channel]
    answers = [(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(sent), sent),)] * 2
    question = Message("Apa nama inovasinya?", ((Choice("Kembali", Raw("a")), Choice("Lewati", Raw("b"))),))
    row = question.to_json()
    async with scripted(*answers) as (_, root):
        opened = _make_channel(channel, root)
        for _ in answers:  # the first opens the connection
            with counted_calls(but=("/asyncio/", "/selectors.py", "/tests/")) as calls:
                assert await opened.send("12", Message.from_json(row), tracker=1) == "71"
        await opened.close()
    assert len(calls) <= SEND_CALLS[channel], Counter(calls).most_common(20)


def _make_channel(name: str, root: str) -> Channel:
    if name == "telegram":
        return TelegramChannel("1:x", root=root)
    return WhatsAppChannel("t", phone_id="1", app_secret="s", verify_token="v", root=root)


@pytest.mark.parametrize("kind", WEBHOOK_CALLS)
def test_a_webhook_of_whatsapp_costs_no_more(kind: str) -> None:
    item = {"id": "wamid.1", "timestamp": "1790000000", "biz_opaque_callback_data": "7"}
    said = {"from": "6281200001001", "from_user_id": "ID.1", "type": "text", "text": {"body": "halo"}}
    told = {"status": "read", "recipient_id": "6281200001001", "pricing": {"billable": False}}
    value = {
        "metadata": {"phone_number_id": "1"},
        "contacts": [{"wa_id": "6281200001001", "user_id": "ID.1", "profile": {"name": "Rina"}}],
        kind: [item | (said if kind == "messages" else told)],
    }
    entry = {"id": "2", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    signed = b"sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest().encode()
    channel = WhatsAppChannel(
        "t", phone_id="1", app_secret="s", verify_token="v", root="http://x", account_id="2"
    )
    (take,) = [route.answer for route in channel.routes() if route.method == "POST"]
    for _ in range(2):
        with counted_calls() as calls:
            answer = take(Request({SIGNATURE_HEADER: signed}, b"", body))
    assert (answer.status, len(answer.arrivals)) == (200, 1)
    assert len(calls) <= WEBHOOK_CALLS[kind], Counter(calls).most_common(20)
