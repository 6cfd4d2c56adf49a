"""Every transcript on WhatsApp, by taps and by typing, and by turns on both channels by one person.

What WhatsApp shows otherwise stands beside each script, as `01_lurus.whatsapp.txt`: the acts whose answers
differ, drawn with reply buttons, lists as they open and the words of the footer.
What lies on the disk is the same.
`pytest tests/transcripts --update` writes these files anew, each with its script; then read the difference.
One script in three is played there every day (at least 30, F110), by turns one in ten, without those that
take longest; of those typed there one in forty; all with `--every`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.kit.both_channels import WHATSAPP, BothWorld, WhatsAppPhone, both_in
from tests.kit.on_whatsapp import NEVER_OFFERED, Commuter, differences
from tests.kit.world import Person
from tests.transcripts.scripts import SCRIPTS, beside, on_disk_lines

# What ends otherwise there: an edit's text is passed on only for a number that is used in an app too; the
# button of a reminder's template shows how everything stands now, where Telegram's has a question of its own.
ENDS_OTHERWISE = ("60_draf_dibiarkan", "83_diubah_dan_dibalas")
# what is said in two messages at once is written on one phone, and a message is edited where it was written
AT_ONE_SITTING = ("83_diubah_dan_dibalas", "87_satu_jawaban_dua_pesan")
BY_TURNS = [path for path in SCRIPTS if path.stem not in AT_ONE_SITTING]
EVERYDAY = 10
EVERYDAY_THERE, LEAST_THERE = 3, 30  # of the plain play on WhatsApp; the everyday ones at least
# ten seconds each, for the files that are opened: they are played on Telegram every day
LONG = ("13_berkas_salah", "48_daftar_dikirim", "91_surat_dibaca")


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """Everybody on WhatsApp alone."""
    async with both_in(tmp_path / "data", known_on=WHATSAPP) as opened:
        yield opened


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """Everybody on both platforms."""
    async with both_in(tmp_path / "data") as opened:
        opened.whatsapp.people.passes_edits = True
        yield opened


def _every_day(
    scripts: Sequence[Path], *, first: int, of: int = EVERYDAY, without: Sequence[str] = ()
) -> list[object]:
    return [
        pytest.param(
            one, id=one.stem, marks=[] if n % of == first and one.stem not in without else [pytest.mark.every]
        )
        for n, one in enumerate(scripts)
    ]


@pytest.mark.parametrize("script", _every_day(SCRIPTS, first=0, of=EVERYDAY_THERE, without=LONG))
async def test_on_whatsapp_it_goes_as_written_beside(
    script: Path, there: BothWorld, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--update"):
        pytest.skip("its file is written with its script")
    written = script.read_text(encoding="utf-8")
    played = await Commuter(there, by_turns=False).play(written)
    assert differences(played, written) == beside(script).read_text(encoding="utf-8")
    assert script.stem in ENDS_OTHERWISE or on_disk_lines(played) == on_disk_lines(written)


@pytest.mark.parametrize("script", _every_day(SCRIPTS, first=7, of=4 * EVERYDAY))
async def test_whoever_types_the_labels_there_comes_to_the_same(script: Path, there: BothWorld) -> None:
    written = script.read_text(encoding="utf-8")
    typed = await Typist(there, by_turns=False).play(written)
    assert script.stem in ENDS_OTHERWISE or on_disk_lines(typed) == on_disk_lines(written)


@pytest.mark.parametrize("script", _every_day(BY_TURNS, first=5, without=LONG))
async def test_one_person_on_both_channels_by_turns_comes_to_the_same(script: Path, both: BothWorld) -> None:
    written = script.read_text(encoding="utf-8")
    played = await Commuter(both, by_turns=True).play(written)
    assert on_disk_lines(played) == on_disk_lines(written)


def test_thirty_are_played_on_both_channels_every_day() -> None:
    assert sum(script.stem not in LONG for script in SCRIPTS[::EVERYDAY_THERE]) >= LEAST_THERE


def test_a_file_lies_beside_every_script_and_nothing_else() -> None:
    found = {path.name.partition(".")[0] for path in SCRIPTS[0].parent.glob("*.whatsapp.txt")}
    assert found == {path.stem for path in SCRIPTS}


class Typist(Commuter):
    """Plays a script on WhatsApp without a finger on a button: whole labels are typed instead."""

    async def taps(self, person: Person, label: str, *, oldest: bool, twice: bool) -> None:
        """Type the whole label that the newest choices have; again where it is asked which was meant."""
        assert isinstance(person, WhatsAppPhone)
        whole = person.newest_label(label)
        if oldest or twice or label in NEVER_OFFERED or not any(letter.isalpha() for letter in whole):
            await super().taps(person, label, oldest=oldest, twice=twice)
            return
        await person.says(whole)
        if person.newest_label("Ini jawabannya"):
            await person.says(whole)
