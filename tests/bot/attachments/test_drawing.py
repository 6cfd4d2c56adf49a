"""Pictures are drawn by a process of their own, which starts when needed, ends when idle, and may die."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.attachments.drawing import CannotDraw, Drawing
from bot.attachments.making import CannotMake, Maker
from bot.parts import APART
from bot.store.folder import FolderStore
from bot.store.local_copies import LocalCopies
from domain.message import Attachment
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import migrated, on_disk
from tests.kit.patience import PATIENCE
from tests.kit.people import RINA, WATI
from tests.kit.regency import like_kotim
from tests.kit.world import world_in

TREND = [(f"2026-03-{day:02d}", str(day), str(day + 9), None) for day in range(1, 13)]
BARS = [
    {"name": "Diklaim", "shares": ["16.20", "30.27", "4.26"], "open": "9.00", "said": "50,73 sampai 59,73"},
    {"name": "Terverifikasi", "shares": [], "open": "0", "said": "belum ada"},
]
ARGS: dict[str, Any] = {
    "title": "Perkiraan Indeks Inovasi Daerah 2026",
    "components": ["Profil SPD", "Kematangan", "Jumlah inovasi"],
    "bars": BARS,
    "target": "65.01",
    "target_said": "Target 65,01",
    "trend": TREND,
    "days": [day for day, *_ in TREND],
    "trend_title": "Pekan demi pekan",
    "note": "Perkiraan internal",
}


class HeldBack(Drawing):
    """Draws at once, and hands over only when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def draw(self, what: str, args: Mapping[str, Any], *, path: Path) -> None:
        await super().draw(what, args, path=path)
        await self.may.wait()


async def closed(drawing: Drawing) -> None:
    await drawing.close()
    assert not drawing.running


@pytest.fixture
async def drawing() -> AsyncIterator[Drawing]:
    made = Drawing(idle_seconds=0.1)
    yield made
    await closed(made)


@pytest.mark.serial
async def test_a_picture_is_small_readable_and_drawn_by_a_process_that_ends_when_idle(
    drawing: Drawing, tmp_path: Path
) -> None:
    assert not drawing.running
    path = tmp_path / "a.png"
    await drawing.draw("chart", ARGS, path=path)
    assert drawing.running
    assert path.stat().st_size < 300_000
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.width >= 1000
        corners = {picture.convert("RGB").getpixel((x, y)) for x in (0, picture.width - 1) for y in (0, 5)}
        assert corners == {(255, 255, 255)}, "a card of its own, in a light chat as in a dark one"
    async with asyncio.timeout(PATIENCE):
        while drawing.running:
            await asyncio.sleep(0.02)


@pytest.mark.serial
async def test_what_cannot_be_drawn_or_dies_does_not_stop_the_next(tmp_path: Path) -> None:
    drawing = Drawing(idle_seconds=60)
    with pytest.raises(CannotDraw, match="KeyError"):
        await drawing.draw("chart", {}, path=tmp_path / "a.png")
    await drawing.draw("chart", {**ARGS, "trend": [], "days": [], "target": None}, path=tmp_path / "a.png")
    assert drawing.process_id is not None
    os.kill(drawing.process_id, signal.SIGKILL)
    async with asyncio.timeout(PATIENCE):
        while drawing.running:
            await asyncio.sleep(0.01)
    await drawing.draw("chart", ARGS, path=tmp_path / "b.png")
    assert (tmp_path / "b.png").exists()
    await closed(drawing)


@pytest.mark.serial
async def test_a_drawing_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    drawing = Drawing(draw_seconds=0.01)
    with pytest.raises(CannotDraw, match="TimeoutError"):
        await drawing.draw("chart", ARGS, path=tmp_path / "a.png")
    assert not drawing.running


async def test_the_maker_draws_once_and_clears_up(tmp_path: Path) -> None:
    database = await on_disk(tmp_path / "desk.db", migrated())
    left = tmp_path / "drawn" / "left.png"  # by a process that was killed
    left.parent.mkdir()
    left.touch()
    maker = Maker(
        database, copies=LocalCopies(FolderStore(tmp_path), tmp_path / "sending"), drawn=tmp_path / "drawn"
    )
    try:
        attachment = Attachment("photo", "chart", ARGS, "perkiraan-2026.png")
        path = await maker.make(attachment)
        drawn = path.stat().st_mtime_ns
        assert await maker.make(attachment) == path
        assert path.stat().st_mtime_ns == drawn
        assert path.suffix == ".png"
        assert not left.exists()
        with pytest.raises(CannotMake, match="nobody makes"):
            await maker.make(Attachment("photo", "painting", {}, "a.png"))
    finally:
        await maker.close()
        await database.close()
    assert not path.exists()


@pytest.mark.serial
async def test_the_chart_reaches_the_phone_while_others_go_on(tmp_path: Path) -> None:
    """The picture is made after the turn: whoever writes meanwhile does not wait for it."""
    drawing = HeldBack()
    async with world_in(tmp_path / "data", helpers=replace(APART, drawing=lambda: drawing)) as world:
        await world.write(lambda tx: like_kotim(tx, now=MORNING))
        leader, office = world.person(WATI), world.person(RINA)
        await leader.says("/status")
        message = leader.last
        drawn = world.emulator.taps(WATI, message.message_id, "st:chart")
        typed = world.emulator.says(RINA, "/status")
        await world.emulator.confirmed(typed, timeout=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while not office.heard:
                await asyncio.sleep(0.005)
        assert leader.last.file is None, "the office was answered before the picture was there"
        drawing.may.set()
        await world.quiet(drawn)
        assert "50,73" in leader.last.text
        name, content = world.emulator.files[leader.heard[-1].file.file_id]
        assert name == "perkiraan-2026.png"
        assert isinstance(content, bytes)
        with Image.open(BytesIO(content)) as picture:
            assert picture.format == "PNG"
