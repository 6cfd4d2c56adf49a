"""Each start keeps which channels are off."""

from __future__ import annotations

from pathlib import Path

from tests.kit.both_channels import both_in
from tests.kit.world import World, world_in

KEPT = "SELECT channel FROM channels_off"


def kept(world: World) -> list[str]:
    return [row[0] for row in world.rows(KEPT)]


async def test_a_start_keeps_which_channels_are_off(tmp_path: Path) -> None:
    async with world_in(tmp_path / "telegram") as world:
        assert kept(world) == ["whatsapp"]


async def test_none_is_off_where_both_are_configured(tmp_path: Path) -> None:
    async with both_in(tmp_path / "both") as world:
        assert kept(world) == []
