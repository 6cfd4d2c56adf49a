"""Whole conversations as files: what people do is read from them, what the bot says is compared with them.

`pytest tests/transcripts --update` writes them anew; then read the difference.

Lines that begin with a name and `>` are what a person does:
    rina> text             types it
    rina> [label]          taps the newest button whose label holds this
    rina> [label] lama     taps the oldest one
    rina> {pdf name}       sends a file the test makes; also {kosong}, {kunci}, {exe}, {besar}, {mp4} …;
                           a second word makes its bytes differ
    rina> {stiker} {suara} {lokasi -2.5 112.9} {nomor saya} {nomor orang lain}
    rina> {ganda} [label]  taps twice
    rina> (balas KATA) x   replies with x to the newest message that holds KATA
    rina> {lihat} {blokir} looks at the phone; blocks the bot
Lines that begin with `!` happen to the world: `! mulai ulang`, `! 31 hari`, `! tutup periode`, `! kode NAMA`,
`! isi lengkap`, `! terkirim JUDUL KODE_OPD` (an innovation of that office is handed in, complete),
`! impor kontak BARIS` (`;` between cells),
`! jam 23.30`, `! semua sudah mulai`, `! semua PIC` (somebody in every office), `! Telegram menahan setelah 18 PIC`.
Everything indented is the bot; lines with `=` are what stands on disk.
"""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.imports import take_contacts, take_offices
from domain.people import Role
from tests.kit.complete import fill_in
from tests.kit.files import made
from tests.kit.handed_in import handed_in, last_year
from tests.kit.loose_files import loose
from tests.kit.people import BUDI, FIRST_OF_ALL, ORANG, RINA, SARI, TONO, WATI, everywhere, invited
from tests.kit.regency import like_kotim
from tests.kit.score_drift import drift
from tests.kit.world import Person, World

WIB = ZoneInfo("Asia/Jakarta")
HERE = Path(__file__).parent
NAMES = {"rina": RINA, "budi": BUDI, "tono": TONO, "wati": WATI, "sari": SARI, "orang": ORANG}
SCRIPTS = sorted(HERE.glob("*.txt"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(script: Path, world: World, request: pytest.FixtureRequest) -> None:
    written = script.read_text(encoding="utf-8")
    played = await Player(world).play(written)
    with closing(sqlite3.connect(world.folder / "desk.db")) as connection:
        assert drift(connection) == []
        assert loose(connection, world.folder / "evidence") == []
    if request.config.getoption("--update"):
        script.write_text(played, encoding="utf-8")
        return
    assert played == written


def test_there_are_at_least_twelve() -> None:
    assert len(SCRIPTS) >= 12


class Player:
    """Plays a script and writes down what happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shown: dict[int, dict[int, str]] = {}  # per person: message id -> as last shown
        self.toasts: dict[int, int] = {}
        self.history = 0

    async def play(self, written: str) -> str:
        """Play every line that is not the bot's."""
        out: list[str] = []
        for line in written.splitlines():
            if line.startswith(("#", "!")) or re.match(r"\w+> ", line):
                if out and out[-1] != "":
                    out.append("")
                out.append(line)
                out += await self.line(line)
        return "\n".join(out) + "\n"

    async def line(self, line: str) -> list[str]:
        """Do what one line says and tell what the bot did."""
        if line.startswith("#"):
            return []
        if line.startswith("!"):
            told = await self.happens(line[1:].strip())
            return [*(f"  {one}" for one in told or ()), *self.on_disk()]
        name, _, what = line.partition("> ")
        person = self.world.person(NAMES[name])
        await self.does(person, what)
        return [*self.said_to(person), *self.on_disk()]

    async def happens(self, what: str) -> list[str] | None:
        """Let something happen to the world."""
        world, words = self.world, what.split()
        if what == "mulai ulang":
            await world.restart()
        elif words[-1] == "hari":
            world.clock.passes(days=int(words[0]))
        elif words[-1] == "menit":
            world.clock.passes(minutes=int(words[0]))
        elif words[0] == "jam":
            hour, minute = words[1].split(".")
            local = world.clock.now.astimezone(WIB).replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
            world.clock.now = (local if local > world.clock.now else local + timedelta(days=1)).astimezone(UTC)
        elif what == "semua sudah mulai":
            for known in world.emulator.people.values():
                known.started = True
        elif what == "semua PIC":
            now = world.clock()
            for address, name in await world.write(lambda tx: everywhere(tx, now)):
                world.emulator.add_person(address, name)
                world.emulator.people[address].started = True
        elif what.startswith("Telegram menahan setelah"):
            self.hold_back(int(words[3]))
        elif what == "28 inovasi":
            now = world.clock()
            await world.write(lambda tx: like_kotim(tx, now=now))
            self.history = world.rows("SELECT max(id) FROM history")[0][0]
        elif words[0] == "pukul":
            local = datetime.strptime(" ".join(words[1:]), "%Y-%m-%d %H.%M")
            world.clock.now = local.replace(tzinfo=WIB)
        elif what == "pengingat":
            await world.reminds()
        elif what == "tutup periode":
            await world.write(lambda tx: tx.execute("UPDATE periods SET state = 'closed'"))
        elif what == "isi lengkap":
            now = world.clock()
            await world.write(lambda tx: fill_in(tx, 1, by=1, now=now))
            self.history = world.rows("SELECT max(id) FROM history")[0][0]
        elif words[0] == "kode":
            role = Role(words[2]) if len(words) > 2 else Role.FOCAL_POINT
            now = world.clock()
            await world.write(lambda tx: invited(tx, words[1], now=now, role=role))
        elif what.startswith("tahun lalu "):
            now, folder = world.clock(), world.folder / "evidence"
            levels = {16: 1, 17: 2, 18: 2, 19: 3, 33: 2, 35: 3}
            await world.write(lambda tx: last_year(tx, " ".join(words[2:]), now=now, folder=folder, levels=levels))
            self.history = world.rows("SELECT max(id) FROM history")[0][0]
        elif words[0] == "terkirim":
            now, folder = world.clock(), world.folder / "evidence"
            title, office = " ".join(words[1:-1]), words[-1]
            await world.write(lambda tx: handed_in(tx, title, now=now, office=office, folder=folder))
            self.history = world.rows("SELECT max(id) FROM history")[0][0]
        elif words[0] == "impor":
            rows = [(n, line.split(";")) for n, line in enumerate(_typed(what.split(" ", 2)[2]).splitlines(), start=1)]
            now, take = world.clock(), take_contacts if words[1] == "kontak" else take_offices
            return list((await world.write(lambda tx: take(tx, rows, now=now))).lines())
        else:
            raise AssertionError(f"no such happening: {what}")
        if world.app is not None:
            await world.app.idle()
        return None

    def hold_back(self, after: int) -> None:
        """Let Telegram ask for a pause once for all but so many of the people who stand for offices."""
        for address in self.world.emulator.people:
            if address >= FIRST_OF_ALL + after:
                self.world.emulator.faults.add("sendMessage", chat_id=address, status=429, retry_after=1)

    async def does(self, person: Person, what: str) -> None:
        """Do what a person does."""
        if match := re.fullmatch(r"(\{ganda\} )?\[(.+?)\]( lama)?", what):
            await self.taps(person, match[2], oldest=bool(match[3]), twice=bool(match[1]))
        elif match := re.fullmatch(r"\(balas ([^)]+)\) (.+)", what):
            await person.replies(match[1], _typed(match[2]))
        elif what == "{lihat}":
            return
        elif match := re.fullmatch(r"\{(.+)\}", what):
            await self.sends(person, match[1].split())
        else:
            await person.says(_typed(what))

    async def taps(self, person: Person, label: str, *, oldest: bool, twice: bool) -> None:
        if not twice:
            await person.taps(label, oldest=oldest)
            return
        message = next(m for m in reversed(person.heard) if any(label in t for row in m.keyboard or () for t, _ in row))
        data = next(d for row in message.keyboard for t, d in row if label in t)
        first = self.world.emulator.taps(person.address, message.message_id, data)
        second = self.world.emulator.taps(person.address, message.message_id, data)
        await self.world.quiet(first)
        await self.world.quiet(second)

    async def sends(self, person: Person, words: list[str]) -> None:
        kind, rest = words[0], words[1:]
        if kind == "blokir":
            await self.world.quiet(self.world.emulator.blocks(person.address))
        elif kind in ("stiker", "suara"):
            emulated = {"stiker": "sticker", "suara": "voice"}[kind]
            await person.sends("x", b"not read", kind=emulated)
        elif kind == "lokasi":
            await person.shares_location(float(rest[0]), float(rest[1]))
        elif kind == "nomor":
            other = rest == ["orang", "lain"]
            await person.shares_contact("+628999", of=TONO) if other else await person.shares_contact()
        else:
            content, name, more = made(kind, rest)
            await person.sends(name, content, **more)

    def said_to(self, person: Person) -> list[str]:
        """Write what is new or changed on the person's phone."""
        seen, lines = self.shown.setdefault(person.address, {}), []
        for message in person.heard:
            now = _drawn(message.text, message.keyboard or (), message.reply_labels or message.reply_keyboard)
            before = seen.get(message.message_id)
            if now != before:
                lines += ["  (pesan diubah)"] if before is not None else []
                lines += now.splitlines()
                lines.append("")
            seen[message.message_id] = now
        toasts = self.world.emulator.toasts(person.address)
        lines += [f"  (catatan: {toast})" for toast in toasts[self.toasts.get(person.address, 0) :] if toast]
        self.toasts[person.address] = len(toasts)
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def on_disk(self) -> list[str]:
        """Read back from the disk what was written since the last line."""
        new = self.world.rows(
            "SELECT id, innovation_id, question, new FROM history WHERE id > ? ORDER BY id", self.history
        )
        lines = []
        for row_id, innovation, question, value in new:
            self.history = row_id
            plain = (
                value if question == "#state" else json.dumps(json.loads(value), ensure_ascii=False) if value else "–"
            )
            lines.append(f"  = {innovation}.{question}: {plain if len(plain) < 100 else plain[:99] + '…'}")
        return lines


def _drawn(text: str, rows: object, keyboard: object) -> str:
    lines = [f"  {line}".rstrip() for line in text.splitlines()]
    lines += ["  " + " ".join(f"[{label}]" for label, _ in row) for row in rows]  # type: ignore[attr-defined]
    if keyboard:
        lines.append(f"  ⌨ {keyboard}")
    return "\n".join(lines)


def _typed(what: str) -> str:
    """Write out `KATA 60`, which stands for sixty words, and line breaks."""
    if match := re.fullmatch(r"KATA (\d+)", what):
        return " ".join(f"kata{n}" for n in range(1, int(match[1]) + 1))
    return what.replace("\\n", "\n")
