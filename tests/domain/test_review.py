"""The states of an innovation: every one is reached, none is a dead end, and who may move it is the
table's word.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.draft.evidence import Piece
from domain.people import OF_OWN_OFFICE, RIGHTS, Contact, Right, Role, may
from domain.review import MOVES, QUEUES, Move, State, Verdict, after, changed, unjudged
from domain.rules.indicators import load_indicators
from domain.rules.reasons import Reasons, load_reasons

ALLOWED = {  # from, move -> to; written out a second time so that a change of the table has to be meant
    ("draf", "send"): "terkirim",
    ("terkirim", "edit"): "diubah",
    ("terkirim", "withdraw"): "ditarik",
    ("terkirim", "take"): "diperiksa",
    ("diubah", "withdraw"): "ditarik",
    ("diubah", "take"): "diperiksa",
    ("diperiksa", "edit"): "diubah",
    ("diperiksa", "withdraw"): "ditarik",
    ("diperiksa", "release"): "terkirim",
    ("diperiksa", "verify"): "terverifikasi",
    ("diperiksa", "return"): "dikembalikan",
    ("diperiksa", "reject"): "ditolak",
    ("terverifikasi", "edit"): "diubah",
    ("terverifikasi", "withdraw"): "ditarik",
    ("terverifikasi", "take"): "diperiksa",
    ("dikembalikan", "resend"): "terkirim",
    ("dikembalikan", "withdraw"): "ditarik",
    ("ditolak", "take"): "diperiksa",
    ("ditarik", "resend"): "terkirim",
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_each_move_leads_where_it_should_or_nowhere(state: State, move: Move) -> None:
    assert after(state, move) == ALLOWED.get((state.value, move.value))


def reached_from(state: State) -> set[State]:
    """Every state some row of moves leads to."""
    found, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        for rule in MOVES.values():
            if (there := rule.leads.get(here)) and there not in found:
                found.add(there)
                waiting.append(there)
    return found


def test_every_state_is_reached_and_leads_on_to_verified() -> None:
    assert reached_from(State.DRAFT) == set(State)
    for state in State:
        assert State.VERIFIED in reached_from(state), state


def test_what_was_decided_keeps_its_decision_when_a_second_look_is_let_go_of() -> None:
    for state in (State.VERIFIED, State.REJECTED):
        assert after(State.IN_REVIEW, Move.RELEASE, came_from=state) == state
    for state in (State.SENT, State.CHANGED):
        assert after(State.IN_REVIEW, Move.RELEASE, came_from=state) == State.SENT


@given(st.lists(st.sampled_from(Move), max_size=30))
def test_no_row_of_moves_leaves_the_table(moves: list[Move]) -> None:
    state, came_from = State.DRAFT, ""
    for move in moves:
        there = after(state, move, came_from=came_from)
        if there is None:
            assert (state.value, move.value) not in ALLOWED
            continue
        came_from = state.value if move is Move.TAKE else came_from
        state = there
    assert state in reached_from(State.DRAFT)


def test_the_queues_hold_every_state_but_drafts_once() -> None:
    held = [state for states in QUEUES.values() for state in states]
    assert sorted(held) == sorted(set(State) - {State.DRAFT})


def test_no_role_may_both_move_for_the_office_and_for_the_desk() -> None:
    rights = {rule.right for rule in MOVES.values()}
    assert rights == {Right.SUBMIT, Right.VERIFY}
    assert not RIGHTS[Right.SUBMIT] & RIGHTS[Right.VERIFY]


@given(
    roles=st.frozensets(st.sampled_from(Role)),
    offices=st.lists(st.integers(1, 3), max_size=2),
    office=st.one_of(st.none(), st.integers(1, 3)),
    right=st.sampled_from(Right),
)
def test_the_table_of_rights_is_what_decides(
    roles: frozenset[Role], offices: list[int], office: int | None, right: Right
) -> None:
    allowed = may(Contact(1, "x", "id", roles, tuple(offices)), right, office=office)
    if right is Right.TALK:
        assert allowed
        return
    if not roles & RIGHTS[right]:
        assert not allowed
    elif office is None:
        assert allowed
    elif right in OF_OWN_OFFICE:
        assert allowed == (office in offices)
    elif right is Right.VERIFY:
        assert allowed == (office not in offices)  # nobody verifies what their own office handed in
    else:
        assert allowed


def test_only_claimed_indicators_wait_for_a_verdict() -> None:
    indicators = load_indicators()[2026]
    answers = {"i16": {"level": 2}, "i17": {"level": 1}, "i33": {"basis": "a"}}
    assert unjudged(answers, {}, indicators=indicators) == (16, 17)
    assert unjudged(answers, {16: Verdict(0, "x")}, indicators=indicators) == (17,)


def test_a_change_of_level_or_evidence_is_a_change_of_the_indicator() -> None:
    before = {"nama": "A", "i16": {"level": 1}, "e17": [Piece(url="u")], "tujuan": "x"}
    now = {"nama": "A", "i16": {"level": 2}, "e17": [], "hasil": "y"}
    assert changed(before, now) == ("i16", "i17", "tujuan", "hasil")
    assert changed(now, now) == ()


def test_every_occasion_has_reasons_that_fit_a_button_and_a_notice() -> None:
    reasons = load_reasons()
    for use in ("profile", "indicator", "level", "reject"):
        assert len(reasons.of(use)) >= 3
    for reason in reasons.reasons:
        assert len(reason.label.id) <= 40
        assert reason.text.id.endswith(".")
    with pytest.raises(ValueError, match="stands twice"):
        Reasons.model_validate({"reason": [reasons.reasons[0].model_dump(), reasons.reasons[0].model_dump()]})
