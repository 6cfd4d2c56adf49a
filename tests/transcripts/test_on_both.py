"""Every transcript on WhatsApp, and by turns on both channels by one person.

What WhatsApp shows otherwise stands beside each script, as `01_lurus.whatsapp.txt`: the acts whose answers
differ, drawn with reply buttons, lists as they open and the words of the footer.
What lies on the disk is the same.
`pytest tests/transcripts --update --every` writes these files anew; then read the difference.
One script in ten is played every day, all with `--every`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.kit.both_channels import BothWorld, both_in
from tests.kit.on_whatsapp import Commuter, differences
from tests.transcripts.scripts import SCRIPTS, on_disk_lines

# what only Telegram has: an edit of one's own message, a block that is told at once, its own pause, and
# a number that is shared by a button, which WhatsApp has proved already; a reminder is a template there
ONE_PLATFORM = re.compile(
    r"^! (Telegram|semua sudah mulai|pengingat)|> \{(blokir|nomor|terpotong)|> \(ubah ", re.M
)
ON_BOTH = [path for path in SCRIPTS if not ONE_PLATFORM.search(path.read_text(encoding="utf-8"))]
# whoever comes in by a code is known on one of the two phones only, and a reply stays where its message is
ONE_PHONE = re.compile(r"^orang> |> \(balas ", re.M)
BY_TURNS = [path for path in ON_BOTH if not ONE_PHONE.search(path.read_text(encoding="utf-8"))]
EVERYDAY = 10


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """Everybody on both platforms."""
    async with both_in(tmp_path / "data") as opened:
        yield opened


def _every_day(scripts: Sequence[Path], *, first: int) -> list[object]:
    return [
        pytest.param(one, id=one.stem, marks=[] if n % EVERYDAY == first else [pytest.mark.every])
        for n, one in enumerate(scripts)
    ]


@pytest.mark.parametrize("script", _every_day(ON_BOTH, first=0))
async def test_on_whatsapp_it_goes_as_written_beside(
    script: Path, both: BothWorld, request: pytest.FixtureRequest
) -> None:
    written, beside = script.read_text(encoding="utf-8"), script.with_suffix(".whatsapp.txt")
    played = await Commuter(both, by_turns=False).play(written)
    told = differences(played, written)
    if request.config.getoption("--update"):
        beside.write_text(told, encoding="utf-8")
    assert told == beside.read_text(encoding="utf-8")
    assert on_disk_lines(played) == on_disk_lines(written)


@pytest.mark.parametrize("script", _every_day(BY_TURNS, first=5))
async def test_one_person_on_both_channels_by_turns_comes_to_the_same(script: Path, both: BothWorld) -> None:
    written = script.read_text(encoding="utf-8")
    played = await Commuter(both, by_turns=True).play(written)
    assert on_disk_lines(played) == on_disk_lines(written)


def test_nothing_lies_beside_a_script_that_is_not_played() -> None:
    beside = {path.name.partition(".")[0] for path in SCRIPTS[0].parent.glob("*.whatsapp.txt")}
    assert beside <= {path.stem for path in ON_BOTH}
