"""What a person has open is read as the dataclass of its dialogue, whatever version wrote the row."""

from __future__ import annotations

from handlers.innovation.coach import Talk
from handlers.review.taking import ReasonAsked
from storage.dialogues import Dialogue, FormOpen


def test_a_row_of_this_version_is_read() -> None:
    kept = {"office": 4, "step": "paper", "innovation": 7, "dates": [], "papers": ["letter"]}
    assert Dialogue("coach", kept).state_as(Talk) == Talk(4, "paper", 7, papers=("letter",))


def test_what_an_older_row_lacks_takes_the_default() -> None:
    kept = {"innovation": 7, "use": "profile", "place": "tujuan", "level": 0}
    assert Dialogue("review", kept).state_as(ReasonAsked) == ReasonAsked(7, "profile", "tujuan")


def test_what_another_version_added_is_left_out() -> None:
    assert Dialogue("form", {"innovation": 7, "later": 1}).state_as(FormOpen) == FormOpen(7)
