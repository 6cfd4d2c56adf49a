"""Every transcript on WhatsApp, and by turns on both channels by one person.

What WhatsApp shows otherwise stands beside each script, as `01_lurus.whatsapp.txt`: the acts whose answers
differ, drawn with reply buttons, lists as they open and the words of the footer.
What lies on the disk is the same.
`pytest tests/transcripts --update --every` writes these files anew; then read the difference.
One script in ten is played every day, all with `--every`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.kit.both_channels import WHATSAPP, BothWorld, both_in
from tests.kit.on_whatsapp import Commuter, differences
from tests.transcripts.scripts import SCRIPTS, on_disk_lines

# What ends otherwise there: an edit's text is passed on only for a number that is used in an app too; the
# button of a reminder's template shows how everything stands now, where Telegram's has a question of its own.
ENDS_OTHERWISE = ("60_draf_dibiarkan", "83_diubah_dan_dibalas")
# what is said in two messages at once is written on one phone, and a message is edited where it was written
AT_ONE_SITTING = ("83_diubah_dan_dibalas", "87_satu_jawaban_dua_pesan")
BY_TURNS = [path for path in SCRIPTS if path.stem not in AT_ONE_SITTING]
EVERYDAY = 10


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


def _every_day(scripts: Sequence[Path], *, first: int) -> list[object]:
    return [
        pytest.param(one, id=one.stem, marks=[] if n % EVERYDAY == first else [pytest.mark.every])
        for n, one in enumerate(scripts)
    ]


@pytest.mark.parametrize("script", _every_day(SCRIPTS, first=0))
async def test_on_whatsapp_it_goes_as_written_beside(
    script: Path, there: BothWorld, request: pytest.FixtureRequest
) -> None:
    written, beside = script.read_text(encoding="utf-8"), script.with_suffix(".whatsapp.txt")
    played = await Commuter(there, by_turns=False).play(written)
    told = differences(played, written)
    if request.config.getoption("--update"):
        beside.write_text(told, encoding="utf-8")
    assert told == beside.read_text(encoding="utf-8")
    assert script.stem in ENDS_OTHERWISE or on_disk_lines(played) == on_disk_lines(written)


@pytest.mark.parametrize("script", _every_day(BY_TURNS, first=5))
async def test_one_person_on_both_channels_by_turns_comes_to_the_same(script: Path, both: BothWorld) -> None:
    written = script.read_text(encoding="utf-8")
    played = await Commuter(both, by_turns=True).play(written)
    assert on_disk_lines(played) == on_disk_lines(written)


def test_a_file_lies_beside_every_script_and_nothing_else() -> None:
    beside = {path.name.partition(".")[0] for path in SCRIPTS[0].parent.glob("*.whatsapp.txt")}
    assert beside == {path.stem for path in SCRIPTS}
