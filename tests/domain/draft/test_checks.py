"""What keeps a draft from being sent, and how many questions apply to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.conversation.conversation import open_at, respond
from domain.conversation.cursor import Cursor
from domain.conversation.pages import CHECK
from domain.draft.checks import gaps
from domain.draft.path import applicable, progress
from tests.kit.complete import COMPLETE
from tests.kit.draft_facts import FORM, WINDOW, facts, pressed

DEVELOPED = {"ada_perkembangan": "ya", "waktu_pengembangan": "2025-08-01"}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"waktu_penerapan": "2025-01-01"}, [("gap_before", "waktu_penerapan")]),  # tried on 3 February 2025
        ({"waktu_penerapan": "2025-02-03"}, []),  # on the very day
        ({"waktu_penerapan": "2026-03-03"}, [("gap_future", "waktu_penerapan")]),  # tomorrow
        ({"waktu_penerapan": "2026-03-02"}, [("gap_after_window", "waktu_penerapan")]),  # today
        (
            {"waktu_uji_coba": "2027-01-01"},
            [("gap_future", "waktu_uji_coba"), ("gap_before", "waktu_penerapan")],
        ),
        (
            {"waktu_uji_coba": "2022-01-01", "waktu_penerapan": "2023-12-31"},
            [("gap_too_old", "ada_perkembangan")],
        ),
        ({"waktu_uji_coba": "2022-01-01", "waktu_penerapan": "2024-01-01"}, []),  # the window's first day
        # what was answered before the stage was changed is asked no more, and is compared with nothing
        ({"tahapan": "uji_coba", "waktu_penerapan": "2019-01-01"}, []),
        ({"tahapan": "inisiatif", "waktu_penerapan": "2030-01-01", **DEVELOPED}, []),
    ],
)
def test_dates_follow_each_other_are_past_and_no_older_than_the_period_takes(
    changed: Mapping[str, Any], found: list[tuple[str, str]]
) -> None:
    """F38; the window of 2026 is 2024 and 2025."""
    problems = gaps({**COMPLETE, **changed}, facts())
    assert [(problem.key, problem.question.id) for problem in problems] == found


MISSING = ("tujuan", "manfaat", "hasil")


def test_three_gaps_are_three_lines_and_each_tap_leads_there() -> None:
    """F41: and none for a draft that lacks nothing."""
    draft = {name: value for name, value in COMPLETE.items() if name not in MISSING}
    shown = open_at(facts(), Cursor(), answers=draft, place=CHECK)
    text, rows = shown.messages[0].text, shown.messages[0].rows
    required = text.partition("Ini boleh menyusul")[0]
    assert required.count("\n• ") == 3
    assert "3 hal" in required
    for place, row in zip(MISSING, rows, strict=False):
        assert respond(facts(), shown.cursor, answers=draft, said=pressed(row[0].data)).cursor.at == place
    whole = open_at(facts(), Cursor(), answers=COMPLETE, place=CHECK).messages[0].text
    assert whole.partition("Ini boleh menyusul")[0].count("\n• ") == 0


@pytest.mark.parametrize(
    ("answers", "number", "count"),
    [
        ({}, 5, 5),
        ({"tahapan": "inisiatif"}, 5, 5),
        ({"tahapan": "uji_coba"}, 6, 6),
        ({"tahapan": "penerapan"}, 7, 7),
        ({"tahapan": "penerapan", "ada_perkembangan": "ya"}, 7, 9),
        ({"tahapan": "inisiatif", "ada_perkembangan": "ya"}, 5, 7),
    ],
)
def test_questions_grow_and_shrink_with_what_applies(
    answers: Mapping[str, Any], number: int, count: int
) -> None:
    """F9: the part about theme and dates, by hand."""
    asked = applicable(FORM, answers, window=WINDOW)
    stands = [progress(asked, FORM, at=question.id) for question in asked]
    of_part = [(stand.number, stand.count) for stand in stands if stand.section.id == "tema"]
    assert of_part == [(n, count) for n in range(1, count + 1)]
    said = open_at(facts(), Cursor(), answers=answers, place="ada_perkembangan").messages[0].text
    assert f"Bagian B · Tema, urusan, waktu · Langkah {number} dari {count}" in said
