"""Conversations of people who have two phones in hand, and join what the desk knows of each.

The scripts of `dua_kanal` are written as those beside this file; a name that ends in `_wa` is the same person
at their WhatsApp, where nobody is enrolled at the beginning. `KODE` stands for the newest code shown to
anybody.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kit.both_channels import TELEGRAM, BothWorld, WhatsAppPhone, both_in
from tests.kit.player import NAMES, Player, drawn, written
from tests.kit.world import Person

SCRIPTS = sorted((Path(__file__).parent / "dua_kanal").glob("*.txt"))
ON_WHATSAPP = "_wa"
_SHOWN = "SELECT payload FROM outbox WHERE payload LIKE '%tautkan-%' ORDER BY id DESC LIMIT 1"


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """Two platforms; the desk knows everybody on Telegram."""
    async with both_in(tmp_path / "data", known_on=TELEGRAM) as opened:
        yield opened


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(
    script: Path, phones: BothWorld, request: pytest.FixtureRequest
) -> None:
    played = await TwoPhones(phones).play(script.read_text(encoding="utf-8"))
    assert played == written(script, played, update=request.config.getoption("--update"))


class TwoPhones(Player):
    """Plays a script in which everybody has a phone on each channel."""

    def __init__(self, world: BothWorld) -> None:
        super().__init__(world)
        self.world: BothWorld = world
        self.seen_there: dict[int, int] = {}  # per person: messages of WhatsApp that were written down

    async def line(self, line: str) -> list[str]:
        """Do what a line says at the phone its name stands for."""
        name, _, what = line.partition("> ")
        what = re.sub(r"\bKODE\b", lambda _: self._newest_code(), what)
        if not name.endswith(ON_WHATSAPP):
            return await super().line(f"{name}> {what}" if what else line)
        phone = self.world.on_whatsapp(NAMES[name.removesuffix(ON_WHATSAPP)])
        await self.does(phone, what)
        return [*self.said_to(phone), *self.on_disk()]

    def _newest_code(self) -> str:
        found = re.search(r"tautkan-\w{10}", self.world.rows(_SHOWN)[0][0])
        assert found
        return found[0]

    def said_to(self, person: Person) -> list[str]:
        """Write what is new on the phone."""
        if not isinstance(person, WhatsAppPhone):
            return super().said_to(person)
        lines: list[str] = []
        for message in person.shown[self.seen_there.get(person.address, 0) :]:
            rows = [[(title, "") for title, _ in message.buttons]] if message.buttons else []
            rows += [[(title, "")] for title, _, _ in message.rows]
            lines += [*drawn(message.text, rows, "").splitlines(), ""]
        self.seen_there[person.address] = len(person.shown)
        while lines and not lines[-1]:
            lines.pop()
        return lines


def test_there_is_a_script_of_every_kind() -> None:
    assert len(SCRIPTS) >= 7
