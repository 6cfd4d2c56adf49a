"""A part of the conversations on PostgreSQL every day; all: `pytest tests/transcripts --engine postgresql`.

What people read and what stands on the disk is the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.replay import replay
from sandbox.replay_run import Wanted
from tests.kit import on_server
from tests.kit.databases import reading
from tests.kit.loose_files import loose
from tests.kit.player import Player
from tests.kit.score_drift import drift
from tests.kit.world import World, world_in
from tests.sandbox.test_replay import KEPT
from tests.transcripts.scripts import SCRIPTS

pytestmark = pytest.mark.skipif("not on_server.is_used()", reason="runs with --engine postgresql")

ONE_IN = 9
# what hangs on the order of rows, on numbers and on dates, beside one in nine
TELLING = {"09_dua_orang_satu_kantor", "26_salin_tahun_lalu", "44_periode_ditutup", "70_siaran"}
PLAYED = [script for n, script in enumerate(SCRIPTS) if n % ONE_IN == 0 or script.stem in TELLING]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world whose bot has its database on the server."""
    async with world_in(tmp_path / "data") as opened:
        yield opened


@pytest.mark.parametrize("script", PLAYED, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written_there_too(script: Path, world: World) -> None:
    assert on_server.is_used()
    written = script.read_text(encoding="utf-8")
    assert await Player(world).play(written) == written
    with reading(world.folder / "desk.db") as connection:
        assert drift(connection) == []
        assert loose(connection, world.folder / "evidence") == []


async def test_a_replayed_period_is_heard_as_it_is_kept(tmp_path: Path) -> None:
    site = on_server.site_at(tmp_path / "desk.db")
    replayed = await replay(tmp_path, Wanted(seed=7, days=120), site=site)
    assert replayed.log == KEPT.read_text(encoding="utf-8")


async def test_who_writes_while_the_server_is_lost_is_answered_once(world: World) -> None:
    """Every connection of the bot is ended again and again while people hand in."""
    rina = world.person(1001)
    await rina.says("/ajukan")
    for number in range(6):
        ended = on_server.end_connections(world.folder / "desk.db")
        assert ended
        await rina.says(f"Layanan Keliling {number}")
        await rina.says("kembali")
    assert world.answers()["nama"] == "Layanan Keliling 5"
    heard = [message.text for message in rina.heard]
    assert not any("maaf" in text.lower() and "gagal" in text.lower() for text in heard)
    assert world.rows("SELECT count(*) FROM inbox WHERE state <> 'handled' OR attempts > 0") == [(0,)]
