from __future__ import annotations

from datetime import datetime

import pytest

from domain.reading.future_moment import read_moment
from domain.reading.result import Ambiguous, NotUnderstood, Understood

NOW = datetime(2026, 3, 2, 9, 15)  # a Monday


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("besok 08.30", "2026-03-03T08:30"),
        ("Besok jam 9", "2026-03-03T09:00"),
        ("08.30 besok", "2026-03-03T08:30"),
        ("3 Agustus 2026", "2026-08-03T08:00"),
        ("3 Agustus 2026 pukul 9 pagi WIB", "2026-08-03T09:00"),
        ("03.08.2026 14:05", "2026-08-03T14:05"),
        ("03-08-2026 14.05", "2026-08-03T14:05"),
        ("16.00", "2026-03-02T16:00"),
        ("hari ini jam 4 sore", "2026-03-02T16:00"),
        ("jam 1 siang", "2026-03-02T13:00"),
        ("senin depan pukul 7.30", "2026-03-09T07:30"),
        ("jumat 10.00", "2026-03-06T10:00"),
        ("5 Maret, 10.00", "2026-03-05T10:00"),
        ("pada 5 Maret 2026", "2026-03-05T08:00"),
    ],
)
def test_a_moment_to_come_is_read(text: str, moment: str) -> None:
    found = read_moment(text, now=NOW)
    assert isinstance(found, Understood)
    assert found.value == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("08.30", "past"),
        ("kemarin 10.00", "past"),
        ("1 Januari 2026", "past"),
        ("31 Februari 2026 08.00", "impossible_date"),
        ("25.00", "unreadable"),
        ("08.75", "unreadable"),
        ("", "unreadable"),
        ("nanti saja", "unreadable"),
    ],
)
def test_what_is_no_moment_to_come_says_why(text: str, reason: str) -> None:
    found = read_moment(text, now=NOW)
    assert isinstance(found, NotUnderstood)
    assert found.reason == reason


def test_two_days_to_come_are_offered() -> None:
    found = read_moment("minggu depan 10.00", now=NOW)
    assert isinstance(found, Ambiguous)
    assert [moment.hour for moment in found.candidates] == [10, 10]
