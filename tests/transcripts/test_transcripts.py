"""Whole conversations as files: what people do is read from them, what the bot says is compared with them.

`pytest tests/transcripts --update` writes them anew, and what differs on WhatsApp beside each of them; then
read the difference.

Lines that begin with a name and `>` are what a person does:
    rina> text             types it
    rina> [label]          taps the newest button whose label holds this
    rina> [label] lama     taps the oldest one
    rina> {pdf name}       sends a file the test makes; also {kosong}, {kunci}, {exe}, {besar}, {mp4} …;
                           a second word makes its bytes differ; {daftar name} one of `tests/kit/lists.py`
    rina> {surat SK.pdf sk_bupati_1}   sends a letter of `tests/kit/official_letters.toml`
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
`test_on_both.py` plays the same scripts on WhatsApp, and by turns on both.
Everything indented is the bot; lines with `=` are what stands on disk.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import parts
from tests.kit.audit_changes import half_told
from tests.kit.both_channels import WHATSAPP, both_in
from tests.kit.databases import reading
from tests.kit.in_process import IN_PROCESS
from tests.kit.loose_files import loose
from tests.kit.on_whatsapp import Commuter, differences
from tests.kit.player import Player, written
from tests.kit.score_drift import drift
from tests.kit.world import Person, World, world_in
from tests.transcripts.scripts import SCRIPTS, beside, on_disk_lines

# these are played as written beside the processes that inspect, draw, export and open lists; all that can be
# are with `--every`
APART = {"13_berkas_salah", "37_pimpinan_setahun", "48_daftar_dikirim", "57_hari_di_desk"}
HERE = {"94_surat_dipindai"}  # its letters stand behind their pictures, for the tests alone to read


@pytest.fixture
async def world(tmp_path: Path, script: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The world a script is played in."""
    every = request.config.getoption("--every")
    is_as_written = request.function is test_the_conversation_goes_as_written
    apart = (is_as_written and script.stem in APART) or (every and script.stem not in HERE)
    async with world_in(tmp_path / "data", helpers=parts.APART if apart else IN_PROCESS) as opened:
        yield opened


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(
    script: Path, world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    played = await Player(world).play(script.read_text(encoding="utf-8"))
    with reading(world.folder / "desk.db") as connection:
        assert drift(connection) == []
        assert half_told(connection) == []
        assert loose(connection, world.folder / "evidence") == []
    update = request.config.getoption("--update")
    assert played == written(script, played, update=update)
    if update:
        await _write_beside(script, tmp_path / "there")


async def _write_beside(script: Path, folder: Path) -> None:
    """Write what differs on WhatsApp, in the test that wrote the script: another process may run its own."""
    async with both_in(folder, known_on=WHATSAPP) as there:
        played = await Commuter(there, by_turns=False).play(script.read_text(encoding="utf-8"))
    beside(script).write_text(differences(played, script.read_text(encoding="utf-8")), encoding="utf-8")


TYPED = [
    pytest.param(one, id=one.stem, marks=[pytest.mark.every] if n % 5 else [])
    for n, one in enumerate(SCRIPTS)
]


@pytest.mark.parametrize("script", TYPED)
async def test_whoever_types_the_labels_comes_to_the_same(script: Path, world: World) -> None:
    written = script.read_text(encoding="utf-8")
    typed = await Typist(world).play(written)
    assert on_disk_lines(typed) == on_disk_lines(written)


def test_there_are_at_least_twelve() -> None:
    assert len(SCRIPTS) >= 12


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
