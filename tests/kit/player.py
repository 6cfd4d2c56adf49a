"""Plays the transcripts of `tests/transcripts`, whose own test says what their lines mean."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.importing.headings import ListKind
from domain.people import Role
from tests.kit.complete import fill_in
from tests.kit.files import made
from tests.kit.handed_in import handed_in, last_year
from tests.kit.lists import taken, told
from tests.kit.people import BUDI, FIRST_OF_ALL, ORANG, RINA, SARI, TONO, WATI, everywhere, invited
from tests.kit.regency import filled, like_kotim, verified
from tests.kit.world import Person, World

WIB = ZoneInfo("Asia/Jakarta")
NAMES = {"rina": RINA, "budi": BUDI, "tono": TONO, "wati": WATI, "sari": SARI, "orang": ORANG}
LEVELS_LAST_YEAR = {16: 1, 17: 2, 18: 2, 19: 3, 33: 2, 35: 3}


def written(script: Path, played: str, *, update: bool) -> str:
    """Return what a script says; with `update` that is what was played, which is written there.

    The test itself compares: pytest shows the difference of what a test module asserts.
    """
    if update:
        script.write_text(played, encoding="utf-8")
    return script.read_text(encoding="utf-8")


class Player:
    """Plays a script and writes down what happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shown: dict[int, dict[int, str]] = {}  # per person: message id -> as last shown
        self.toasts: dict[int, int] = {}
        self.history = 0
        self.albums = 0

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
        """Let something happen to the world; returns what is told about it, if anything."""
        for pattern, happening in HAPPENINGS:
            if match := re.fullmatch(pattern, what):
                told = await happening(self, *match.groups(default=""))
                if self.world.app is not None:
                    await self.world.app.idle()
                return told
        raise AssertionError(f"no such happening: {what}")

    def on_from_here(self) -> None:
        """Leave out of the transcript what is on the disk already."""
        self.history = self.world.rows("SELECT max(id) FROM history")[0][0]

    async def does(self, person: Person, what: str) -> None:
        """Do what a person does."""
        if match := re.fullmatch(r"(\{ganda\} )?\[(.+?)\]( lama)?", what):
            await self.taps(person, match[2], oldest=bool(match[3]), twice=bool(match[1]))
        elif match := re.fullmatch(r"\(ubah ([^)]+)\) (.+)", what):
            await person.edits(match[1], typed(match[2]))
        elif match := re.fullmatch(r"\(balas ([^)]+)\) (.+)", what):
            await person.replies(match[1], typed(match[2]))
        elif what == "{lihat}":
            return
        elif match := re.fullmatch(r"\{(.+)\}", what):
            await self.sends(person, match[1].split())
        else:
            await person.says(typed(what))

    async def taps(self, person: Person, label: str, *, oldest: bool, twice: bool) -> None:
        if not twice:
            await person.taps(label, oldest=oldest)
            return
        message = next(
            m for m in reversed(person.heard) if any(label in t for row in m.keyboard or () for t, _ in row)
        )
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
        elif kind == "album":
            await self.sends_album(person, " ".join(rest))
        elif kind == "terpotong":
            updates = [self.world.emulator.says(person.address, filler(int(count))) for count in rest]
            for update in updates:
                await self.world.quiet(update)
        elif kind == "lokasi":
            await person.shares_location(float(rest[0]), float(rest[1]))
        elif kind == "nomor":
            other = rest == ["orang", "lain"]
            await person.shares_contact("+628999", of=TONO) if other else await person.shares_contact()
        else:
            content, name, more = made(kind, rest)
            await person.sends(name, content, **more)

    async def sends_album(self, person: Person, what: str) -> None:
        listed, _, caption = what.partition(" # ")
        updates: list[int] = []
        self.albums += 1
        for one in listed.split(" | "):
            kind, *rest = one.split()
            content, name, more = made(kind, rest)
            more = {"mime": "application/octet-stream", **more, "group": f"album{self.albums}"}
            more["caption"] = "" if updates else caption
            updates.append(self.world.emulator.sends_file(person.address, name=name, content=content, **more))
        for update in updates:
            await self.world.quiet(update)

    def said_to(self, person: Person) -> list[str]:
        """Write what is new or changed on the person's phone."""
        seen, lines = self.shown.setdefault(person.address, {}), []
        for message in person.heard:
            now = drawn(message.text, message.keyboard or (), message.reply_labels or message.reply_keyboard)
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
                value
                if question == "#state"
                else json.dumps(json.loads(value), ensure_ascii=False)
                if value
                else "–"
            )
            lines.append(f"  = {innovation}.{question}: {plain if len(plain) < 100 else plain[:99] + '…'}")
        return lines


def filler(count: int) -> str:
    """A text of so many characters, a word of nine and a blank after another."""
    return ("inovasiku " * (count // 10 + 1))[:count]


async def restarted(player: Player) -> None:
    await player.world.restart()


async def days_pass(player: Player, days: str) -> None:
    player.world.clock.passes(days=int(days))


async def minutes_pass(player: Player, minutes: str) -> None:
    player.world.clock.passes(minutes=int(minutes))


async def clock_strikes(player: Player, hour: str, minute: str) -> None:
    clock = player.world.clock
    local = clock.now.astimezone(WIB).replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    clock.now = (local if local > clock.now else local + timedelta(days=1)).astimezone(UTC)


async def moment_comes(player: Player, moment: str) -> None:
    player.world.clock.now = datetime.strptime(moment, "%Y-%m-%d %H.%M").replace(tzinfo=WIB)


async def reminded(player: Player) -> None:
    await player.world.reminds()


async def period_closed(player: Player) -> None:
    await player.world.write(lambda tx: tx.execute("UPDATE periods SET state = 'closed'"))


async def code_made(player: Player, code: str, role: str) -> None:
    now = player.world.clock()
    given = Role(role) if role else Role.FOCAL_POINT
    await player.world.write(lambda tx: invited(tx, code, now=now, role=given))


async def filled_in(player: Player) -> None:
    now = player.world.clock()
    await player.world.write(lambda tx: fill_in(tx, 1, by=1, now=now))
    player.on_from_here()


async def sent(player: Player, title: str, office: str) -> None:
    now, folder = player.world.clock(), player.world.folder / "evidence"
    await player.world.write(lambda tx: handed_in(tx, title, now=now, office=office, folder=folder))
    player.on_from_here()


async def sent_last_year(player: Player, title: str) -> None:
    now, folder = player.world.clock(), player.world.folder / "evidence"
    await player.world.write(lambda tx: last_year(tx, title, now=now, folder=folder, levels=LEVELS_LAST_YEAR))
    player.on_from_here()


async def regency_made(player: Player) -> None:
    now = player.world.clock()
    await player.world.write(lambda tx: like_kotim(tx, now=now))
    player.on_from_here()


async def profile_filled(player: Player, rows: str) -> None:
    now = player.world.clock()
    await player.world.write(lambda tx: filled(tx, int(rows), now=now))
    player.on_from_here()


async def profile_filled_last_year(player: Player, rows: str) -> None:
    now, year = player.world.clock(), "SELECT id FROM periods WHERE year = 2025"
    ((period,),) = player.world.rows(year)
    await player.world.write(lambda tx: filled(tx, int(rows), now=now, period=period))
    player.on_from_here()


async def some_verified(player: Player, count: str) -> None:
    now = player.world.clock()
    await player.world.write(lambda tx: verified(tx, int(count), now=now))
    player.on_from_here()


async def list_taken(player: Player, kind: str, lines: str) -> list[str]:
    rows = [line.split(";") for line in typed(lines).splitlines()]
    now, of = player.world.clock(), ListKind.CONTACTS if kind == "kontak" else ListKind.OFFICES
    return told(await player.world.write(lambda tx: taken(tx, of, *rows, now=now)))


async def everybody_started(player: Player) -> None:
    for known in player.world.emulator.people.values():
        known.started = True


async def every_office_manned(player: Player) -> None:
    world, now = player.world, player.world.clock()
    for address, name in await world.write(lambda tx: everywhere(tx, now)):
        await world.meets(address, name)


async def platform_holds_back(player: Player, after: str) -> None:
    """Let the platform ask for a pause once for all but so many of the people who stand for offices."""
    people = player.world.emulator.people
    await player.world.holds_back([number for number in people if number >= FIRST_OF_ALL + int(after)])


Happening = Callable[..., Awaitable[list[str] | None]]
HAPPENINGS: Sequence[tuple[str, Happening]] = (
    (r"mulai ulang", restarted),
    (r"(\d+) hari", days_pass),
    (r"(\d+) menit", minutes_pass),
    (r"jam (\d+)\.(\d+)", clock_strikes),
    (r"pukul (\S+ \S+)", moment_comes),
    (r"pengingat", reminded),
    (r"tutup periode", period_closed),
    (r"kode (\S+)(?: (\S+))?", code_made),
    (r"isi lengkap", filled_in),
    (r"terkirim (.+) (\S+)", sent),
    (r"tahun lalu (.+)", sent_last_year),
    (r"28 inovasi", regency_made),
    (r"profil tahun lalu (\d+)", profile_filled_last_year),
    (r"profil (\d+)", profile_filled),
    (r"diverifikasi (\d+)", some_verified),
    (r"impor (kontak|opd) (.+)", list_taken),
    (r"semua sudah mulai", everybody_started),
    (r"semua PIC", every_office_manned),
    (r"Telegram menahan setelah (\d+) PIC", platform_holds_back),
)


def drawn(text: str, rows: object, keyboard: object) -> str:
    lines = [f"  {line}".rstrip() for line in text.splitlines()]
    lines += ["  " + " ".join(f"[{label}]" for label, _ in row) for row in rows]  # type: ignore[attr-defined]
    if keyboard:
        lines.append(f"  ⌨ {keyboard}")
    return "\n".join(lines)


def typed(what: str) -> str:
    """Write out `KATA 60`, which stands for sixty words, and line breaks."""
    if match := re.fullmatch(r"KATA (\d+)", what):
        return " ".join(f"kata{n}" for n in range(1, int(match[1]) + 1))
    return what.replace("\\n", "\n")
