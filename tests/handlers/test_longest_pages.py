"""No page is refused by a platform, whatever the form allows to be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from bot.channels.fitting import parts
from bot.channels.whatsapp.channel import WhatsAppChannel
from domain.draft.evidence import Letter, Piece
from domain.message import Message
from domain.message_length import split, units
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_calls import message_of
from sandbox.whatsapp_media import StoredMedia
from storage import innovations, review_marks
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import COMPLETE
from tests.kit.databases import Content, filled, in_memory, with_every_office
from tests.kit.desk_turns import DESK, says, taps
from tests.kit.handed_in import handed_in
from tests.kit.page_walk import Walk
from tests.kit.people import ORANG, RINA, SARI, WATI

MOST_UNITS, MOST_BUTTONS, MOST_BYTES = 4096, 100, 64  # of a message: https://core.telegram.org/bots/api
TITLE = ("Pelayanan terpadu 😀 " * 20)[:250]
LONG = "Kata-kata panjang tentang pelayanan. " * 400
REASON = ("Mohon dilengkapi sampai jelas. " * 20)[:400]
NAME = "Dinas " + "Pemberdayaan Masyarakat dan Desa " * 6
INNOVATIONS = 60
TYPED = tuple(f"/{name}" for name in DESK.registry.by_name)


@cache
def overfull(language: str) -> Content:
    """60 innovations of one office with the longest titles, one of them with everything as long as it can
    be.
    """

    def fill(tx: SqliteTransaction) -> None:
        tx.execute("UPDATE offices SET name = ? || id", (NAME,))
        tx.execute("UPDATE contacts SET language = ?, name = ?", (language, NAME))
        numbers = [handed_in(tx, f"{n} {TITLE}"[:250], now=MORNING) for n in range(INNOVATIONS)]
        answers: dict[str, Any] = {q.id: LONG for q in DESK.desk_data.form if q.kind == "long"}
        letter = Letter("188.45/" + "1" * 90, "2025-03-03", TITLE)
        evidence = [
            Piece(f"{n:064d}", "pdf", f"{n}{'b' * 110}.pdf", 10_000_000, letter=letter) for n in range(10)
        ]
        for no in range(16, 36):
            answers |= {f"i{no}": {"level": 3}, f"e{no}": evidence}
        kept = {**COMPLETE, **answers, "nama": TITLE}
        innovations.write(
            tx, numbers[0], changes=kept, before=innovations.answers(tx, numbers[0]), by=1, now=MORNING
        )
        taps(tx, SARI, f"q:t:{numbers[0]}")
        for place in (*(q.id for q in DESK.desk_data.form), *(f"i{no}" for no in range(16, 36))):
            review_marks.flag(tx, numbers[0], place=place, reason=REASON, by=1, now=MORNING)
        says(tx, RINA, "/ajukan")
        draft = int(tx.execute("SELECT max(id) FROM innovations").fetchone()[0])
        innovations.write(tx, draft, changes=kept, before=innovations.answers(tx, draft), by=1, now=MORNING)

    return filled(with_every_office(), fill)


@pytest.fixture(params=["id", "en"])
def full(request: pytest.FixtureRequest) -> Iterator[SqliteTransaction]:
    """The same in one language, opened."""
    with closing(in_memory(overfull(request.param))) as tx:
        tx.execute("BEGIN")
        yield tx


WHATSAPP = WhatsAppChannel("token", phone_id="1", app_secret="s", verify_token="v", root="http://127.0.0.1:9")
PLATFORM = WhatsAppEmulator(account=EmulatedAccount(token="token", phone_id="1", app_secret="s"))
# the id of a file that is not uploaded yet
PLATFORM.media.stored["0"] = StoredMedia("gambar.png", "image/png", b"x")


def whatsapp_takes(message: Message) -> None:
    """Write a message as WhatsApp's requests, every page of its choices; raises what the platform refuses."""
    pages = range(1 + sum(map(len, message.rows)) // 9)
    for page in pages:
        for part in parts(replace(message, page=page), limits=WHATSAPP.limits, can=WHATSAPP.can):
            for call in WHATSAPP.render("1", part):
                message_of(PLATFORM, {"type": call.method, call.method: call.parameters})


@pytest.mark.parametrize("person", [RINA, WATI, SARI, ORANG])
def test_the_platform_takes_every_page(full: SqliteTransaction, person: int) -> None:
    for page in Walk(full, DESK, person, alike=3).pages(TYPED):
        texts = [part.text for part in split(page.message)]  # what takes another's place is one, however long
        assert all(units(text) <= MOST_UNITS for text in texts), (page.way, page.units, page.text[:200])
        assert len(page.labels) <= MOST_BUTTONS, (page.way, len(page.labels))
        assert all(label.strip() for label in page.labels), page.way
        assert all(len(data.encode()) <= MOST_BYTES for data in page.data), page.way
        whatsapp_takes(page.message)
