"""One person at two phones in the same second, with kills; `python -m bench.two_phones` does it with 200."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.two_phones import run


@pytest.mark.serial
async def test_what_is_sent_on_both_phones_at_once_is_kept_or_answered_through_kills(tmp_path: Path) -> None:
    report = await run(tmp_path, people=2, kills=1, seed=1)
    assert report.finished == 2
    assert (report.drafts, report.submissions, report.silent) == ([1] * 2, [1] * 2, [])
    assert report.kept > report.answered
