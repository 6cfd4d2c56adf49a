"""Whole conversations as files: what people do is read from them, what the bot says is compared with them.

`pytest tests/transcripts --update` writes them anew; then read the difference.

Lines that begin with a name and `>` are what a person does:
    rina> text             types it
    rina> [label]          taps the newest button whose label holds this
    rina> [label] lama     taps the oldest one
    rina> {pdf name}       sends a file the test makes; also {kosong}, {kunci}, {exe}, {besar}, {mp4} …;
                           a second word makes its bytes differ; {daftar name} one of `tests/kit/lists.py`
    rina> {album pdf A.pdf | jpg B.jpg # tulisan}   sends several files at once, with a caption
    rina> {terpotong 4096 300}   sends a text of so many letters in as many messages, as an app cuts it
    rina> {stiker} {suara} {lokasi -2.5 112.9} {nomor saya} {nomor orang lain}
    rina> {ganda} [label]  taps twice
    rina> (balas KATA) x   replies with x to the newest message that holds KATA
    rina> (ubah KATA) x    edits their newest message that holds KATA into x
    rina> {lihat} {blokir} looks at the phone; blocks the bot
Lines that begin with `!` happen to the world; `HAPPENINGS` at the end of this file says what each does:
    ! mulai ulang                      the bot stops and starts again
    ! N hari · ! N menit               so much time passes
    ! jam 23.30                        it becomes the next 23.30
    ! pukul 2026-05-04 08.00           it becomes this moment
    ! pengingat                        the ticks of this moment do their work
    ! tutup periode                    the period is closed
    ! kode NAMA [PERAN]                there is an invitation with this code
    ! isi lengkap                      everything that sending needs is answered in innovation 1
    ! terkirim JUDUL KODE_OPD          an innovation of that office is handed in, complete
    ! tahun lalu JUDUL                 one was handed in in the year before
    ! 28 inovasi                       the regency of the worked example
    ! profil N                         the first N rows of the regency's profile have their levels
    ! profil tahun lalu N              those of the year before, which handed something in
    ! diverifikasi N                   the desk verifies the N oldest innovations that wait
    ! impor kontak BARIS · ! impor opd BARIS   a list is taken in (`;` between cells, `\\n` between rows)
    ! semua sudah mulai                everybody has started the bot
    ! semua PIC                        there is somebody in every office
    ! Telegram menahan setelah N PIC   the platform asks for a pause for all the others
The same scripts are played on WhatsApp, and by turns on both: what is on the disk afterwards is the same.
A third of them is played there every day, all with `--every`.
Everything indented is the bot; lines with `=` are what stands on disk.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import parts
from domain.importing.headings import ListKind
from domain.people import Role
from tests.kit.both_channels import BothWorld, both_in
from tests.kit.complete import fill_in
from tests.kit.files import made
from tests.kit.handed_in import handed_in, last_year
from tests.kit.in_process import IN_PROCESS
from tests.kit.lists import taken, told
from tests.kit.loose_files import loose
from tests.kit.people import BUDI, FIRST_OF_ALL, ORANG, RINA, SARI, TONO, WATI, everywhere, invited
from tests.kit.regency import filled, like_kotim, verified
from tests.kit.score_drift import drift
from tests.kit.world import Person, World, world_in

WIB = ZoneInfo("Asia/Jakarta")
HERE = Path(__file__).parent
NAMES = {"rina": RINA, "budi": BUDI, "tono": TONO, "wati": WATI, "sari": SARI, "orang": ORANG}
LEVELS_LAST_YEAR = {16: 1, 17: 2, 18: 2, 19: 3, 33: 2, 35: 3}
SCRIPTS = sorted(HERE.glob("*.txt"))


# these are played beside the processes that inspect, draw and export; all are with `--every`
APART = {"13_berkas_salah", "37_pimpinan_setahun", "57_hari_di_desk"}


@pytest.fixture
async def world(tmp_path: Path, script: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The world a script is played in."""
    apart = script.stem in APART or request.config.getoption("--every")
    async with world_in(tmp_path / "data", helpers=parts.APART if apart else IN_PROCESS) as opened:
        yield opened


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """Everybody on both platforms."""
    async with both_in(tmp_path / "data") as opened:
        yield opened


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(
    script: Path, world: World, request: pytest.FixtureRequest
) -> None:
    written = script.read_text(encoding="utf-8")
    played = await Player(world).play(written)
    with closing(sqlite3.connect(world.folder / "desk.db")) as connection:
        assert drift(connection) == []
        assert loose(connection, world.folder / "evidence") == []
    if request.config.getoption("--update"):
        script.write_text(played, encoding="utf-8")
        return
    assert played == written


@pytest.mark.parametrize("script", SCRIPTS[::5], ids=lambda path: path.stem)
async def test_whoever_types_the_labels_comes_to_the_same(script: Path, world: World) -> None:
    written = script.read_text(encoding="utf-8")
    typed = await Typist(world).play(written)
    assert _on_disk(typed) == _on_disk(written)


ONE_PLATFORM = re.compile(
    r"^! (semua|Telegram|pengingat|kode)"  # what only the emulated Telegram can do, and talk nobody began
    r"|> \{(ganda|blokir|album|terpotong|nomor|besar|suara|stiker|mp4|lihat)"
    r"|> \[.*\] lama|> \((ubah|balas) |/start",
    re.M,
)
ON_BOTH = [path for path in SCRIPTS if not ONE_PLATFORM.search(path.read_text(encoding="utf-8"))]
EVERYDAY = 3  # one script in so many is played on WhatsApp every day; `--every` plays all


def _every_day(scripts: Sequence[Path]) -> list[object]:
    return [
        pytest.param(one, id=one.stem, marks=[] if n % EVERYDAY == 0 else [pytest.mark.every])
        for n, one in enumerate(scripts)
    ]


@pytest.mark.parametrize("script", _every_day(ON_BOTH))
async def test_the_same_conversation_on_whatsapp_comes_to_the_same(script: Path, both: BothWorld) -> None:
    written = script.read_text(encoding="utf-8")
    played = await Commuter(both, by_turns=False).play(written)
    assert _on_disk(played) == _on_disk(written)


@pytest.mark.parametrize("script", ON_BOTH[:2], ids=lambda path: path.stem)
async def test_one_person_on_both_channels_by_turns_comes_to_the_same(script: Path, both: BothWorld) -> None:
    written = script.read_text(encoding="utf-8")
    played = await Commuter(both, by_turns=True).play(written)
    assert _on_disk(played) == _on_disk(written)


def _on_disk(played: str) -> list[str]:
    return [line for line in played.splitlines() if re.match(r"  = \d+\.\S+: ", line)]


def test_there_are_at_least_twelve() -> None:
    assert len(SCRIPTS) >= 12


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
            await person.edits(match[1], _typed(match[2]))
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
            updates = [self.world.emulator.says(person.address, _letters(int(count))) for count in rest]
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
                value
                if question == "#state"
                else json.dumps(json.loads(value), ensure_ascii=False)
                if value
                else "–"
            )
            lines.append(f"  = {innovation}.{question}: {plain if len(plain) < 100 else plain[:99] + '…'}")
        return lines


def _letters(count: int) -> str:
    """A text of so many letters, a word of nine and a blank after another."""
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
    rows = [line.split(";") for line in _typed(lines).splitlines()]
    now, of = player.world.clock(), ListKind.CONTACTS if kind == "kontak" else ListKind.OFFICES
    return told(await player.world.write(lambda tx: taken(tx, of, *rows, now=now)))


async def everybody_started(player: Player) -> None:
    for known in player.world.emulator.people.values():
        known.started = True


async def every_office_manned(player: Player) -> None:
    world, now = player.world, player.world.clock()
    for address, name in await world.write(lambda tx: everywhere(tx, now)):
        world.emulator.add_person(address, name)
        world.emulator.people[address].started = True


async def platform_holds_back(player: Player, after: str) -> None:
    """Let Telegram ask for a pause once for all but so many of the people who stand for offices."""
    emulator = player.world.emulator
    for address in emulator.people:
        if address >= FIRST_OF_ALL + int(after):
            emulator.faults.add("sendMessage", chat_id=address, status=429, retry_after=1)


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
    (r"profil (\d+)", profile_filled),
    (r"profil tahun lalu (\d+)", profile_filled_last_year),
    (r"diverifikasi (\d+)", some_verified),
    (r"impor (kontak|opd) (.+)", list_taken),
    (r"semua sudah mulai", everybody_started),
    (r"semua PIC", every_office_manned),
    (r"Telegram menahan setelah (\d+) PIC", platform_holds_back),
)


class Commuter(Player):
    """Plays a script on WhatsApp, or every other act of it."""

    def __init__(self, world: BothWorld, *, by_turns: bool) -> None:
        super().__init__(world)
        self.world: BothWorld = world
        self.by_turns, self.acts = by_turns, 0

    async def does(self, person: Person, what: str) -> None:
        """Do it on the phone whose turn it is; a button is tapped where it was shown last."""
        self.acts += 1
        other: Person = self.world.on_whatsapp(person.address)
        taps = re.fullmatch(r"\[(.+?)\]", what)
        if self.by_turns and self.acts % 2 and not taps:
            other = person
        if self.by_turns and taps and not self._spoke_there_last(person):
            other = person
        await super().does(other, what)

    def _spoke_there_last(self, person: Person) -> bool:
        newest = "SELECT channel FROM outbox WHERE address = ? ORDER BY id DESC LIMIT 1"
        return bool(self.world.rows(newest, str(person.address)) == [("whatsapp",)])

    def said_to(self, person: Person) -> list[str]:
        """What stands on the phones is compared elsewhere."""
        return []


class Typist(Player):
    """Plays a script without a finger on a button: the labels are typed instead."""

    async def taps(self, person: Person, label: str, *, oldest: bool, twice: bool) -> None:
        """Type the label where the newest keyboard has it."""
        keyboard = next((m.keyboard for m in reversed(person.heard) if m.keyboard), ())
        labels = [text for row in keyboard for text, _ in row if text == label or label in text]
        if oldest or twice or not labels or not any(letter.isalpha() for letter in labels[0]):
            await super().taps(person, label, oldest=oldest, twice=twice)
            return
        await person.says(labels[0])
        if any(text == "Ini jawabannya" for row in person.last.keyboard or () for text, _ in row):
            await super().taps(person, labels[0], oldest=False, twice=False)


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
