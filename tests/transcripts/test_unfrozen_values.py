"""Nobody changes a value, nor those that are not frozen: of their many fields a turn sets hundreds."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import domain
import handlers
import storage
from domain.buttons import Form
from domain.conversation.cursor import Cursor, Scene, Turn
from domain.draft.facts import DraftFacts, Said
from domain.message import Choice, Inbound, Message
from handlers.context import Context
from storage.innovations import Innovation
from storage.outbox_leases import Outgoing
from tests.kit.in_process import IN_PROCESS
from tests.kit.player import Player
from tests.kit.world import world_in
from tests.transcripts.scripts import SCRIPTS

UNFROZEN = (
    Choice, Context, Cursor, DraftFacts, Form, Inbound, Innovation, Message, Outgoing, Said, Scene, Turn,
)  # fmt: skip
PLAYED = ("12_omong_kosong", "24_ganti_dan_hapus_bukti")  # much typed, much tapped


def test_all_other_values_are_frozen() -> None:
    rooms = (domain, handlers, storage)
    found = [
        part.name for room in rooms for part in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
    ]
    modules = [importlib.import_module(name) for name in found]
    assert {part for module in modules for part in vars(module).values() if _is_unfrozen(part)} == {*UNFROZEN}


def _is_unfrozen(part: Any) -> bool:
    """Whether it is a value, as it can be told by its fields from another, and not frozen."""
    made = getattr(part, "__dataclass_params__", None) if isinstance(part, type) else None
    return made is not None and made.unsafe_hash and not made.frozen


@pytest.mark.parametrize("script", [pytest.param(one, id=one.stem) for one in SCRIPTS if one.stem in PLAYED])
async def test_none_is_changed_in_a_conversation(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for family in UNFROZEN:
        monkeypatch.setattr(family, "__setattr__", _set_once, raising=False)
    written = script.read_text(encoding="utf-8")
    async with world_in(tmp_path / "data", helpers=IN_PROCESS) as world:
        assert await Player(world).play(written) == written


def _set_once(value: object, name: str, to: Any) -> None:
    """Give a field its first value, and refuse it another."""
    if hasattr(value, name):
        raise AttributeError(f"{type(value).__name__}.{name} is set a second time")
    object.__setattr__(value, name, to)
