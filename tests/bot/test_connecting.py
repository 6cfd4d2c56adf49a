"""The channels at the start: one that is away or refuses us holds up no other, and is tried again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.health import STALLED_SECONDS, list_stalled
from bot.parts import Helpers
from bot.running import running
from bot.start_facts import NOT_OPEN
from bot.startup import StartRefused
from bot.waits import Waits
from tests.kit.both_channels import BothWorld, both_in
from tests.kit.people import RINA, SARI
from tests.kit.troubles import app_of, has_lasted, heard_on_whatsapp, look, shown, until
from tests.kit.world import TOKEN, World

SOON = Helpers(waits=Waits(longest=0.05, refused=0.05))  # what failed is tried again at once


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """The bot on two platforms."""
    async with both_in(tmp_path / "data") as opened:
        yield opened


@asynccontextmanager
async def started_with(both: BothWorld, **settings: Any) -> AsyncIterator[App]:
    """Start the bot on two platforms, one of which may refuse it."""
    await both.stop()
    async with running(both.settings.model_copy(update=settings), clock=both.clock, helpers=SOON) as app:
        both.app = app
        both.whatsapp.webhooks.point_to(f"http://127.0.0.1:{app.port}/whatsapp")
        yield app
    both.app = None


async def test_a_token_revoked_while_we_were_away_leaves_the_other_platform(both: BothWorld) -> None:
    await both.on_whatsapp(SARI).says("/bantuan")
    await both.stop()
    both.emulator.take_token("another")
    async with started_with(both) as app:
        assert app.start_facts()["telegram"] == NOT_OPEN
        await both.on_whatsapp(SARI).says("/undang")
        await both.on_whatsapp(SARI).taps("Pimpinan")
        assert heard_on_whatsapp(both, "wa.me/") == 1
        assert heard_on_whatsapp(both, "t.me/") == 0, "nobody is led to where we are not"
        for _ in range(2):
            has_lasted(app.meters.polls_down_since, "telegram")
            await look(both)
        await until(lambda: heard_on_whatsapp(both, "Telegram tidak dapat dihubungi") == 1)
        assert (await shown(both))[:2] == (503, {"channel:telegram": "red"})

        both.emulator.take_token(TOKEN)
        await until(lambda: bool(app.channels["telegram"].link))
        await until(lambda: "telegram" not in app.meters.polls_down_since)
        app.sender.by_channel["telegram"]._account.down_until = 0  # its half minute of rest is over
        await look(both)
        await both.person(RINA).says("/bantuan")
        assert (await shown(both))[0] == 200
        assert app.start_facts()["telegram"] != NOT_OPEN


async def test_a_webhook_that_is_not_taken_leaves_the_other_platform(both: BothWorld) -> None:
    await both.stop()
    both.emulator.faults.add("setWebhook", status=400, times=3)
    url, secret = "https://desk.example/telegram", SecretStr("s" * 32)
    async with started_with(both, telegram_webhook_url=url, telegram_webhook_secret=secret):
        await look(both)
        assert (await shown(both))[:2] == (503, {"webhook:telegram": "red"})
        await until(lambda: both.emulator.updates.webhook == url)
        await look(both)
        assert (await shown(both))[0] == 200
        both.emulator.updates.webhook = "https://elsewhere.example"
        await look(both)
        assert (await shown(both))[1] == {"webhook:telegram": "red"}


async def test_two_refused_tokens_end_the_start_with_one_sentence(both: BothWorld) -> None:
    both.emulator.take_token("another")
    both.whatsapp.token = "another"
    with pytest.raises(
        StartRefused,
        match=r"Telegram refuses DESK_TELEGRAM_TOKEN: .*; WhatsApp refuses DESK_WHATSAPP_TOKEN: ",
    ):
        async with started_with(both):
            pass


async def test_a_platform_that_is_away_for_long_is_no_part_that_stands_still(world: World) -> None:
    """Or the service would be killed and started anew as long as Telegram is away."""
    app = app_of(world)
    poller = app.pollers["telegram"]
    poller.last_round = monotonic() - STALLED_SECONDS - 1
    world.emulator.take_token("another")
    world.emulator.says(RINA, "/bantuan")  # ends the poll that was under way
    await until(lambda: "telegram" in app.meters.polls_down_since)
    assert list_stalled(app) == []
