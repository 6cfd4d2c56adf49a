"""Limits hold for a person, however many channels they are on; what fails on one goes to the other, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.message import Message
from storage import addresses, outbox
from tests.kit.both_channels import BothWorld, both_in
from tests.kit.people import RINA

WIB = ZoneInfo("Asia/Jakarta")
_UNASKED = """
SELECT o.channel, o.state, o.instead_of IS NOT NULL FROM outbox o
JOIN addresses a ON a.channel = o.channel AND a.address = o.address
WHERE a.contact_id = 1 AND o.priority > 0 ORDER BY o.id
"""


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """Everybody on both platforms; Rina has a draft, and wrote on WhatsApp the evening before a reminder."""
    async with both_in(tmp_path / "data") as opened:
        opened.clock.now = at(30, 17, month=11)
        await opened.person(RINA).says("/status")
        opened.clock.now = at(30, 18, month=11)
        phone = opened.on_whatsapp(RINA)
        await phone.says("/ajukan")
        await phone.says("SIPANDU")
        opened.clock.now = at(1, 9, minute=59)
        yield opened


def at(day: int, hour: int, *, minute: int = 0, month: int = 12) -> datetime:
    """A moment of the period's last weeks."""
    return datetime(2026, month, day, hour, minute, tzinfo=WIB).astimezone(UTC)


async def reminded(both: BothWorld) -> list[tuple[str, str, int]]:
    """Let the reminders of this moment leave and their statuses come; returns what Rina was sent unasked."""
    assert both.app is not None
    await both.reminds()
    await both.whatsapp.webhooks.until_all_taken()
    await both.app.idle()
    return both.rows(_UNASKED)


async def test_a_reminder_goes_where_the_person_wrote_last_and_nowhere_else(both: BothWorld) -> None:
    assert await reminded(both) == [("whatsapp", "sent", 0)]
    assert "Pengingat" in both.on_whatsapp(RINA).shown[-1].text
    assert _reminders(both) == 0


async def test_one_the_platform_cannot_bring_goes_to_the_other_channel_once(both: BothWorld) -> None:
    both.whatsapp.people.by_user_id[str(RINA)].blocked = True
    assert await reminded(both) == [("whatsapp", "failed", 0), ("telegram", "sent", 1)]
    assert _reminders(both) == 1
    assert await reminded(both) == [("whatsapp", "failed", 0), ("telegram", "sent", 1)]


async def test_what_was_heard_on_one_channel_counts_on_the_other(both: BothWorld) -> None:
    await both.write(
        lambda tx: outbox.insert(
            tx,
            channel="telegram",
            address=str(RINA),
            message=Message("Kabar"),
            now=both.clock(),
            terms=outbox.Terms(priority=outbox.REMINDER),
        )
    )
    assert await reminded(both) == [("telegram", "sent", 0)]


async def test_silence_on_one_channel_is_silence_on_both(both: BothWorld) -> None:
    await both.person(RINA).says("BERHENTI")
    assert await reminded(both) == []


async def test_what_telegram_refuses_goes_to_whatsapp(both: BothWorld) -> None:
    await both.write(lambda tx: addresses.spoke(tx, "telegram", address=str(RINA), at=at(30, 19, month=11)))
    both.emulator.people[RINA].started = False  # as somebody who has deleted the chat
    assert await reminded(both) == [("telegram", "failed", 0), ("whatsapp", "sent", 1)]


def _reminders(both: BothWorld) -> int:
    return sum("Pengingat Desk Inovasi" in message.text for message in both.person(RINA).heard)
