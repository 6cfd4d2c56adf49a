"""The states of an innovation, and who may move it from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.people import Right
from domain.rules.form import Answers
from domain.rules.indicators import IndicatorSet


class State(StrEnum):
    """Where an innovation stands on its way from the office to the desk and back."""

    DRAFT = "draf"
    SENT = "terkirim"
    CHANGED = "diubah"  # the office edited what it had sent: a new check is due (F31)
    IN_REVIEW = "diperiksa"
    VERIFIED = "terverifikasi"
    RETURNED = "dikembalikan"
    REJECTED = "ditolak"
    WITHDRAWN = "ditarik"


class Standing(StrEnum):
    """Where an office stands in a period: one of these at a time, the furthest it has come."""

    NONE = "belum"
    DRAFT = State.DRAFT.value
    RETURNED = State.RETURNED.value
    DONE = "sudah"  # at least one innovation meets the duty


class Move(StrEnum):
    """What can be done with an innovation as a whole."""

    SEND = "send"
    EDIT = "edit"
    RESEND = "resend"
    WITHDRAW = "withdraw"
    TAKE = "take"
    RELEASE = "release"
    VERIFY = "verify"
    RETURN = "return"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may make a move, and where it leads from each state it may begin in."""

    right: Right
    leads: Mapping[State, State]


MEETS_DUTY = (State.SENT, State.CHANGED, State.IN_REVIEW, State.VERIFIED)  # the states in the claimed figure
OPEN = (State.DRAFT, *MEETS_DUTY, State.RETURNED)  # states in which the office may write

_WAITING = (State.SENT, State.CHANGED)
_ENDED = (State.VERIFIED, State.REJECTED)

MOVES: Mapping[Move, Rule] = {
    Move.SEND: Rule(Right.SUBMIT, {State.DRAFT: State.SENT}),
    Move.EDIT: Rule(
        Right.SUBMIT, dict.fromkeys((State.SENT, State.IN_REVIEW, State.VERIFIED), State.CHANGED)
    ),
    Move.RESEND: Rule(Right.SUBMIT, dict.fromkeys((State.RETURNED, State.WITHDRAWN), State.SENT)),
    Move.WITHDRAW: Rule(
        Right.SUBMIT,
        dict.fromkeys((*_WAITING, State.IN_REVIEW, State.VERIFIED, State.RETURNED), State.WITHDRAWN),
    ),
    Move.TAKE: Rule(Right.VERIFY, dict.fromkeys((*_WAITING, *_ENDED), State.IN_REVIEW)),
    Move.RELEASE: Rule(Right.VERIFY, {State.IN_REVIEW: State.SENT}),
    Move.VERIFY: Rule(Right.VERIFY, {State.IN_REVIEW: State.VERIFIED}),
    Move.RETURN: Rule(Right.VERIFY, {State.IN_REVIEW: State.RETURNED}),
    Move.REJECT: Rule(Right.VERIFY, {State.IN_REVIEW: State.REJECTED}),
}

QUEUES: Mapping[str, tuple[State, ...]] = {  # what the desk looks at together
    "wait": (State.SENT, State.CHANGED, State.IN_REVIEW),
    "back": (State.RETURNED,),
    "done": (State.VERIFIED, State.REJECTED, State.WITHDRAWN),
}


def after(state: str, move: Move, *, came_from: str = "") -> State | None:
    """Say where a move leads; None when it is not allowed from here.

    A review that is let go of gives back what it had taken: an innovation that was already decided keeps its
    decision (`came_from`), everything else waits again.
    """
    leads = MOVES[move].leads.get(State(state))
    if move is Move.RELEASE and leads is not None and came_from in _ENDED:
        return State(came_from)
    return leads


@dataclass(frozen=True, slots=True)
class Verdict:
    """The desk's own level of one indicator, and why it differs from the claimed one."""

    level: int
    reason: str = ""


def unjudged(
    answers: Answers, verdicts: Mapping[int, Verdict], *, indicators: IndicatorSet
) -> tuple[int, ...]:
    """List the claimed indicators the desk has not looked at; one without a claim counts 0 without a
    verdict.
    """
    return tuple(i.no for i in indicators.indicators if i.level(answers) and i.no not in verdicts)


def changed(before: Answers, now: Answers) -> tuple[str, ...]:
    """List the places whose answers differ: question ids, and `i16` for level or evidence of indicator 16."""
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return tuple(dict.fromkeys(map(place_of_answer, names)))


def place_of_answer(question: str) -> str:
    """Return the place an answer belongs to: evidence to its indicator, any other to itself."""
    return f"i{question[1:]}" if is_evidence(question) else question


def is_evidence(question: str) -> bool:
    """Whether an answer is the evidence of an indicator (`e16`)."""
    return question[:1] == "e" and question[1:].isdecimal()
