"""A download that trickles ends, one that comes goes on."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels import NotSent
from bot.channels.downloading import in_time


async def test_what_trickles_is_given_up() -> None:
    async def trickle() -> None:
        async with in_time(begin=0.05, least=1_000_000) as download:
            while True:
                download.came(1)
                await asyncio.sleep(0.005)

    with pytest.raises(NotSent):
        await trickle()


async def test_every_piece_buys_the_time_of_the_next() -> None:
    async with in_time(begin=0.05, least=1_000_000) as download:
        for _ in range(20):
            download.came(1_000_000)
            await asyncio.sleep(0.005)
    assert download.size == 20_000_000
