"""The situations a leader may meet, word for word in both languages: what `/status` says of each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from domain.message import Inbound, Kind, plain
from handlers.assembly import build
from storage.engine.transaction import Transaction
from tests.kit import situations
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import in_memory
from tests.kit.people import PEOPLE, WATI
from tests.kit.situations import situation

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
HERE = Path(__file__).parent / "situations"
LATER = timedelta(days=3)
NOW, ON_A_DAY = "/status", "/status 3 Maret 2026"
TOLD: tuple[tuple[str, Callable[[Transaction], None], str], ...] = (
    ("empty", situations.empty, NOW),
    ("profile_empty", situations.profile_empty, NOW),
    ("profile_half", situations.profile_half, NOW),
    ("profile_started", situations.profile_started, NOW),
    ("below_the_divisor", situations.below_the_divisor, NOW),
    ("one_of_28_verified", situations.one_verified, NOW),
    ("nothing_counted", situations.all_withdrawn, NOW),
    ("after_a_withdrawal", situations.one_withdrawn, NOW),
    ("exempt_offices", situations.exempt_offices, NOW),
    ("ineligible", situations.ineligible, NOW),
    ("a_past_date", situations.changed_since, ON_A_DAY),
)


@pytest.mark.parametrize(("name", "made", "asks"), TOLD, ids=[name for name, _, _ in TOLD])
def test_status_says_what_is_written(
    name: str, made: Callable[[Transaction], None], asks: str, request: pytest.FixtureRequest
) -> None:
    said = "\n\n----\n\n".join(_asked(made, asks, language) for language in ("id", "en")) + "\n"
    path = HERE / f"{name}.txt"
    if request.config.getoption("--update"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def _asked(made: Callable[[Transaction], None], asks: str, language: str) -> str:
    """Ask as a leader, in one language, some days later."""
    with closing(in_memory(situation(made))) as tx:
        tx.execute("UPDATE contacts SET language = ?", (language,))
        inbound = Inbound("telegram", str(WATI), Kind.TEXT, text=asks, message_ref="9", name=PEOPLE[WATI][0])
        page = DESK.take(tx, inbound, fetched=None, now=MORNING + LATER)[0]
    rows = "\n".join(" ".join(f"[{choice.label}]" for choice in row) for row in page.rows)
    return f"{plain(page.text)}\n{rows}"
