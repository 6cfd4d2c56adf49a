"""After any sequence of answers, files and crashes the stored score is the recomputed one and no file
hangs loose.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.evidence import lying_in
from bot.store.folder import FolderStore
from domain.message import Message
from domain.rules.indicators import load_indicators
from storage import innovations
from tests.kit import files
from tests.kit.databases import reading
from tests.kit.direct import Direct, Killed
from tests.kit.dying_desk import die_over_a_file
from tests.kit.loose_files import loose, unheld
from tests.kit.properties import SHARES_FIXTURE
from tests.kit.score_drift import drift
from tests.kit.warm_process import WarmProcess

INDICATORS = load_indicators()[2026]
ROOT = Path(__file__).parent.parent
NUMBERS = st.integers(16, 35)
TEXTS = ["1", "2", "3", "level 2", "0", "perda", "25 orang", "90%", "a", "b", "digital", "kembali", "lanjut",
         "lewati",
         "ya", "tidak", "3 Maret 2025", "188/2025", "https://youtu.be/a", "https://mati.example/", "http://10.0.0.1/",
         "daftar", "periksa", "simpan", "/draf", "/batal", "kirim", "entah"]  # fmt: skip
CONTENTS = [files.pdf("a"), files.pdf("b"), files.png(), files.jpg(), files.locked_pdf(), b"", files.mp4()]
STEPS = st.one_of(
    st.tuples(st.just("opens"), NUMBERS),
    st.tuples(st.just("says"), st.sampled_from(TEXTS)),
    st.tuples(st.just("sends"), st.sampled_from(range(len(CONTENTS)))),
    st.tuples(st.just("taps"), st.integers(0, 9)),
    st.tuples(st.just("taps before"), st.integers(0, 9)),
    st.tuples(st.just("dies"), st.sampled_from(["list", "put", "commit"])),
)


class Hand:
    """Taps what it sees."""

    def __init__(self, direct: Direct, innovation: int) -> None:
        self.direct, self.innovation = direct, innovation
        self.seen: list[Message] = []

    async def does(self, kind: str, what: Any) -> None:
        """Take one step."""
        direct = self.direct
        if kind == "opens":
            self.seen += await direct.presses(f"f:{self.innovation}:#ind:0:j:i{what}")
        elif kind == "says":
            self.seen += await direct.says(what)
        elif kind == "sends":
            self.seen += await direct.sends(f"berkas{what}.pdf", CONTENTS[what])
        elif kind == "dies":
            direct.crash_at = what
            with suppress(Killed):
                self.seen += await direct.sends("baru.pdf", files.pdf(f"{what}{len(self.seen)}"))
            await direct.starts_again()
        else:
            await self.taps(what, before=kind == "taps before")

    async def taps(self, number: int, *, before: bool) -> None:
        """Tap a button of the newest message with some, or of the one before."""
        shown = [message for message in self.seen if message.rows]
        message = shown[-2 if before and len(shown) > 1 else -1]
        buttons = [choice.data for row in message.rows for choice in row if choice.data]
        self.seen += await self.direct.presses(buttons[number % len(buttons)])


@pytest.fixture(scope="module")
def loop_and_desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with asyncio.Runner() as runner:
        direct = runner.run(Direct.open(tmp_path_factory.mktemp("desk")))
        yield runner, direct
        runner.run(direct.database.close())


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(steps=st.lists(STEPS, min_size=3, max_size=25))
def test_any_sequence_leaves_the_score_right_and_no_file_loose(
    loop_and_desk: Any, steps: list[tuple[str, Any]]
) -> None:
    runner, direct = loop_and_desk
    runner.run(_walk(direct, steps))


async def _walk(direct: Direct, steps: list[tuple[str, Any]]) -> None:
    begun = await direct.presses("a:new")
    await direct.says(f"Inovasi {direct.now:%H%M%S}")
    (innovation,) = (await direct.rows("SELECT max(id) FROM innovations"))[0]
    hand = Hand(direct, innovation)
    hand.seen += begun
    for kind, what in [("opens", 16), *steps]:
        await hand.does(kind, what)
    answers = await direct.answers(innovation)
    levels = {i.no: (answers.get(f"i{i.no}") or {}).get("level", 0) for i in INDICATORS.indicators}
    points = sum(INDICATORS.by_no[no].weight * level for no, level in levels.items())
    assert await direct.rows("SELECT claimed FROM innovations WHERE id = ?", innovation) == [(points,)]
    rebuilt = await direct.database.read(lambda tx: innovations.answers_at(tx, innovation, moment=direct.now))
    assert rebuilt == answers
    with reading(direct.folder / "desk.db") as connection:
        assert loose(connection, direct.folder / "evidence") == []
        assert unheld(connection) == []
        assert drift(connection) == []


@pytest.mark.serial
@pytest.mark.parametrize(("point", "left"), [("list", 1), ("put", 1), ("commit", 2)])
async def test_a_kill_between_download_and_commit_leaves_nothing_loose(
    tmp_path: Path, point: str, left: int
) -> None:
    """SIGKILL in a real process, before a file is listed, put into the store and named by its row."""
    process = WarmProcess(die_over_a_file, tmp_path, point, environment=os.environ)
    assert await asyncio.to_thread(process.wait) == -signal.SIGKILL
    evidence = tmp_path / "evidence"
    lying = [path for path in evidence.rglob("*") if path.is_file()]
    assert len(lying) == left  # or the kill came at another moment than it says
    direct = await Direct.open(tmp_path)
    try:
        with closing(sqlite3.connect(tmp_path / "desk.db")) as connection:
            assert loose(connection, evidence) == []
        assert len(lying_in(FolderStore(tmp_path))) == (1 if point == "commit" else 0)
        await direct.sends("perda.pdf", files.pdf("perda"))
        assert [piece.name for piece in (await direct.answers(1))["e16"]] == ["perda.pdf"]
        with closing(sqlite3.connect(tmp_path / "desk.db")) as connection:
            assert loose(connection, evidence) == []
    finally:
        await direct.database.close()


async def test_a_file_that_was_lost_comes_back_under_its_own_row(tmp_path: Path) -> None:
    direct = await Direct.open(tmp_path)
    try:
        for said in ("/ajukan", "SIPANDU", "daftar", "19"):
            await direct.says(said)
        await direct.sends("satu.pdf", files.pdf())
        (lying,) = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
        lying.unlink()
        await direct.says("kembali")
        await direct.says("22")
        await direct.sends("satu.pdf", files.pdf())
        with reading(tmp_path / "desk.db") as connection:
            assert loose(connection, tmp_path / "evidence") == []
        assert lying.is_file()
    finally:
        await direct.database.close()
