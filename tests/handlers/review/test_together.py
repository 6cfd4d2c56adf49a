"""What is complete is accepted together: listed first, each with its line in the audit, and taken back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from domain.buttons import Button, ReviewTogether
from domain.draft.evidence import Letter, Piece
from domain.message import Message, plain
from storage import innovations, review_marks
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.in_review import taps
from tests.kit.people import RINA, SARI

PAPER = Piece("a" * 64, "pdf", "sk.pdf", 2000, letter=Letter("800/1", "2025-03-03", "Tim"))
LIST = ReviewTogether("l", 1).data()


def in_review(tx: Transaction) -> None:
    """Sari reviews claims of 16, 17, 22 and 30; 22 lacks evidence, and 30 has a script in it."""
    before = innovations.answers(tx, 1)
    kept = {name: None for name in before if name[:1] in "ei" and name[1:].isdecimal()}
    claims = {f"i{no}": {"level": 1} for no in (16, 17, 22, 30)}
    evidence = {"e16": [PAPER], "e17": [PAPER], "e30": [replace(PAPER, findings=("script",))]}
    innovations.write(tx, 1, changes={**kept, **claims, **evidence}, before=before, by=1, now=MORNING)
    taps(tx, SARI, "q:t:1")


def together(messages: list[Message], act: str) -> ReviewTogether:
    buttons = (ReviewTogether.parse(c.data) for m in messages for row in m.rows for c in row if c.data)
    return next(button for button in buttons if button is not None and button.act == act)


def verdict_lines(tx: Transaction) -> list[tuple[int, int | None]]:
    rows = tx.execute("SELECT detail FROM audit WHERE action = 'verdict' ORDER BY id").fetchall()
    return [(json.loads(row[0])["indicator"], json.loads(row[0])["after"]) for row in rows]


def test_two_taps_accept_what_was_listed_and_nothing_else(tx: Transaction) -> None:
    in_review(tx)
    listed = taps(tx, SARI, together(taps(tx, SARI, "q:l:1:0"), "l").data())
    text = plain(listed[0].text)
    assert "16 Regulasi" in text
    assert "satu per satu: 22, 30" in text
    assert not review_marks.verdicts(tx, 1)
    taps(tx, SARI, together(listed, "y").data())
    assert {no: verdict.level for no, verdict in review_marks.verdicts(tx, 1).items()} == {16: 1, 17: 1}
    assert verdict_lines(tx) == [(16, 1), (17, 1)]


def test_it_is_taken_back_from_its_page_with_a_line_each(tx: Transaction) -> None:
    in_review(tx)
    accepted = taps(tx, SARI, together(taps(tx, SARI, LIST), "y").data())
    undo = together(accepted, "u").data()
    taps(tx, SARI, undo)
    assert not review_marks.verdicts(tx, 1)
    assert verdict_lines(tx) == [(16, 1), (17, 1), (16, None), (17, None)]
    taps(tx, SARI, undo)
    assert len(verdict_lines(tx)) == 4


def test_what_was_judged_anew_since_stays(tx: Transaction) -> None:
    in_review(tx)
    undo = together(taps(tx, SARI, together(taps(tx, SARI, LIST), "y").data()), "u").data()
    taps(tx, SARI, "q:v:1:17:1")
    taps(tx, SARI, undo)
    assert list(review_marks.verdicts(tx, 1)) == [17]


def test_what_changed_since_it_was_listed_is_listed_anew(tx: Transaction) -> None:
    in_review(tx)
    yes = together(taps(tx, SARI, LIST), "y").data()
    before = innovations.answers(tx, 1)
    innovations.write(tx, 1, changes={"e17": None}, before=before, by=1, now=MORNING)
    shown = taps(tx, SARI, yes)
    assert "Terima tingkat yang diklaim pada 1" in plain(shown[0].text)
    assert not review_marks.verdicts(tx, 1)


def test_a_level_that_was_not_listed_is_not_accepted(tx: Transaction) -> None:
    """The office changes what is under review, and the same reviewer takes it again: the old list is over."""
    in_review(tx)
    yes = together(taps(tx, SARI, LIST), "y").data()
    before = innovations.answers(tx, 1)
    innovations.write(tx, 1, changes={"i17": {"level": 3}}, before=before, by=1, now=MORNING)
    shown = taps(tx, SARI, yes)
    assert not review_marks.verdicts(tx, 1)
    assert "tingkat 3" in plain(shown[0].text)
    taps(tx, SARI, together(shown, "y").data())
    assert {no: verdict.level for no, verdict in review_marks.verdicts(tx, 1).items()} == {16: 1, 17: 3}


def test_a_list_from_before_a_review_was_let_go_is_over(tx: Transaction) -> None:
    in_review(tx)
    yes = together(taps(tx, SARI, LIST), "y").data()
    for data in ("q:r:1", "q:t:1", yes):
        shown = taps(tx, SARI, data)
    assert not review_marks.verdicts(tx, 1)
    assert together(shown, "y").data() != yes


def test_a_second_tap_leaves_the_way_back_where_it_is(tx: Transaction) -> None:
    in_review(tx)
    yes = together(taps(tx, SARI, LIST), "y").data()
    taps(tx, SARI, yes)
    again = taps(tx, SARI, yes)[0]
    assert (again.text, again.toast) == ("", "Sudah dicatat.")
    assert len(verdict_lines(tx)) == 2


@pytest.mark.parametrize(
    "piece",
    [
        replace(PAPER, findings=("script",)),
        replace(PAPER, letter=Letter("800/1", "2025-03-03")),
        Piece(url="https://sampit.example/a", dead=True),
        Piece(url="https://sampit.example/a", login=True),
    ],
    ids=["a script in it", "no subject of the letter", "a dead link", "a link behind a login"],
)
def test_what_has_to_be_looked_at_is_not_offered_together(tx: Transaction, piece: Piece) -> None:
    in_review(tx)
    before = innovations.answers(tx, 1)
    beside = {"i30": {"level": 1}, "e30": [PAPER], "e16": [PAPER, piece]}
    innovations.write(tx, 1, changes=beside, before=before, by=1, now=MORNING)
    text = plain(taps(tx, SARI, LIST)[0].text)
    assert ("17" in text.partition("satu per satu")[0], "16 Regulasi" in text) == (True, False)


def test_only_the_one_who_reviews_may(tx: Transaction) -> None:
    in_review(tx)
    yes = together(taps(tx, SARI, LIST), "y").data()
    taps(tx, SARI, "q:r:1")
    for person in (SARI, RINA):
        taps(tx, person, yes)
    assert not review_marks.verdicts(tx, 1)


def test_whatever_numbers_and_second_are_sent_nothing_is_accepted(tx: Transaction) -> None:
    in_review(tx)
    hostile: list[Button] = [ReviewTogether("y", 1, 1 << 40, 0), ReviewTogether("y", 1, (1 << 20) - 1, 0)]
    hostile += [ReviewTogether("u", 1, 3, 10**17), ReviewTogether("u", 1, 3, 0)]
    for button in hostile:
        assert taps(tx, SARI, button.data())
    assert not review_marks.verdicts(tx, 1)
