"""What an innovation lacks: the form's questions, and evidence of what it claims."""

from __future__ import annotations

from domain.conversation.missing import lack_of
from domain.draft.evidence import Piece
from tests.kit.draft_facts import facts


def test_a_claimed_level_without_its_evidence_is_missing_by_name() -> None:
    seen = facts()
    indicator = seen.indicators.indicators[0]
    claimed = {indicator.level_question: {"level": 1}}
    lack = lack_of(claimed, seen)
    assert lack.unproven == (f"bukti {seen.place_name(indicator.level_question)}",)
    assert lack.missing == (*lack.gaps, *lack.unproven)
    wanted = indicator.pieces[0]
    proven = claimed | {
        indicator.evidence_question: [Piece(url=f"https://a.go.id/{n}") for n in range(wanted)]
    }
    assert lack_of(proven, seen).unproven == ()


def test_what_claims_nothing_lacks_no_evidence() -> None:
    assert lack_of({}, facts()).unproven == ()
