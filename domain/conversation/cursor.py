"""Where a person is in the form, the turn that follows, and the functions that show a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from domain.conversation.check_pages import check_message
from domain.conversation.indicator_list import list_message as indicator_list
from domain.conversation.indicator_page import INDICATORS, indicator_at, page_message
from domain.conversation.pages import CHECK, LIST, list_message
from domain.conversation.pending import NOTHING, Pending
from domain.conversation.question_message import Tags, question_message
from domain.draft.facts import DraftFacts, Said
from domain.draft.path import applicable, following
from domain.kept_json import read_json, write_json
from domain.message import Choice, Message
from domain.rules.form import Answers, Question
from domain.texts import Marked, join


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Cursor:
    """The place of a person in an innovation, with what is pending there."""

    at: str = ""  # a question's id, LIST or CHECK; "" before the first turn
    revision: int = 0
    page: int = 0
    failures: int = 0
    pending: Pending = NOTHING
    back_to: str = ""  # CHECK while one answer is changed from there; INDICATORS: opened from their list
    tapped: str = ""  # the last tap that did something, to know its double
    seen: int = 0  # the newest line of history when the place was shown last
    asked: str = ""  # the message in which what is pending was asked, as JSON: it is asked again as it was

    def answered(self) -> Cursor:
        """Return it with nothing pending and nothing failed."""
        return replace(self, pending=NOTHING, failures=0) if self.pending or self.failures else self

    def to_json(self) -> str:
        """Write the cursor as the store keeps it."""
        fields = {
            name: value for name in self.__slots__ if (value := getattr(self, name)) or name == "revision"
        }
        if "pending" in fields:
            fields["pending"] = self.pending.to_json()
        return write_json(fields)

    @classmethod
    @lru_cache(maxsize=64)  # several parts of one turn read the same place
    def from_json(cls, raw: str) -> Cursor:
        """Read back what `to_json` wrote; of "" the place before the first turn."""
        if not raw:
            return cls()
        fields = read_json(raw)
        pending = Pending.from_json(fields.pop("pending", None))
        return cls(**fields, pending=pending)


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Turn:
    """What follows: answers to keep (None deletes one), the new cursor, the messages."""

    cursor: Cursor
    messages: tuple[Message, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""  # "leave", "send" or "discard"; "" goes on
    in_place: bool = False  # the tapped message is changed instead of a new one sent


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Scene:
    """Input of every move: the facts, the cursor, the answers and what the person did."""

    facts: DraftFacts
    cursor: Cursor
    answers: Answers
    said: Said

    @property
    def question(self) -> Question:
        return self.facts.form.by_id[self.cursor.at]

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that apply."""
        return applicable(self.facts.form, self.answers, window=self.facts.window)


def settled(scene: Scene) -> Scene:
    """Move the cursor to a question that still applies."""
    at, form = scene.cursor.at, scene.facts.form
    if at in (LIST, CHECK, INDICATORS) or indicator_at(at, scene.facts) or form.by_id.get(at) in scene.asked:
        return scene
    following_one = following(scene.asked, form, at=at) if at in form.by_id else first_open(scene)
    place = following_one.id if following_one else CHECK
    return replace(scene, cursor=replace(scene.cursor, at=place, pending=NOTHING, page=0, failures=0))


def first_open(scene: Scene) -> Question | None:
    """Take the first applicable question without an answer; one that may be left empty was passed over where
    a later one is answered.
    """
    last = max((at for at, q in enumerate(scene.asked) if q.id in scene.answers), default=-1)
    open_ones = (
        q for at, q in enumerate(scene.asked) if q.id not in scene.answers and (q.required or at > last)
    )
    return next(open_ones, None)


def show_place(scene: Scene, *, notice: str = "", toast: str = "") -> Turn:
    """Show the present place again; nothing changes."""
    message = shown(scene, scene.cursor, notice=notice)
    return Turn(scene.cursor, (replace(message, toast=toast),))


def shown(scene: Scene, cursor: Cursor, *, notice: str = "", tries: int = 0) -> Message:
    """Return the message of the place of a cursor."""
    facts, answers = scene.facts, scene.answers
    if cursor.at == LIST:
        return list_message(answers, facts, revision=cursor.revision, notice=notice)
    if cursor.at == CHECK:
        return check_message(answers, facts, revision=cursor.revision, page=cursor.page, notice=notice)
    if cursor.at == INDICATORS:
        return indicator_list(answers, facts, revision=cursor.revision, page=cursor.page, notice=notice)
    if (indicator := indicator_at(cursor.at, facts)) is not None:
        return page_message(
            indicator, answers, facts=facts, revision=cursor.revision, notice=notice, tries=tries
        )
    question = facts.form.by_id[cursor.at]
    message = question_message(
        question, answers, facts=facts, revision=cursor.revision, page=cursor.page, tries=tries
    )
    return Message(join((notice, message.text)), message.rows) if notice else message


def go_to(scene: Scene, place: str, *, notice: str = "", back_to: str = "", page: int = 0) -> Turn:
    """Move to a place under a new revision and show it."""
    old = scene.cursor
    cursor = Cursor(at=place, revision=old.revision + 1, page=page, back_to=back_to, tapped=old.tapped)
    return Turn(cursor, (shown(scene, cursor, notice=notice),))


def asked_again(scene: Scene, *, notice: str = "", toast: str = "") -> Turn | None:
    """Ask what is pending again, its buttons as good as before; None when nothing is."""
    if not scene.cursor.pending or not scene.cursor.asked:
        return None
    message = Message.from_json(scene.cursor.asked)
    return Turn(scene.cursor, (replace(message, text=join((notice, Marked(message.text))), toast=toast),))


def remembering(before: Cursor, turn: Turn) -> Turn:
    """Note in the cursor in which message something new was asked back."""
    after = turn.cursor
    if not after.pending:
        return replace(turn, cursor=replace(after, asked="")) if after.asked else turn
    if turn.outcome or not turn.messages or after.pending == before.pending:
        return turn
    bare = replace(turn.messages[-1], callback_id="", toast="", edit="")
    return replace(turn, cursor=replace(after, asked=bare.to_json()))


def onward(scene: Scene, *, notice: str = "") -> Turn:
    """Go to the check page when the person came from there, else to the next question."""
    if scene.cursor.back_to == CHECK:
        return go_to(scene, CHECK, notice=notice)
    coming = following(scene.asked, scene.facts.form, at=scene.cursor.at)
    return go_to(scene, coming.id if coming else CHECK, notice=notice)


def sure(scene: Scene, cursor: Cursor, *, text: str) -> Message:
    """Ask yes or no about what is pending."""
    tag = Tags(scene.facts.innovation, cursor.at, cursor.revision)
    yes, no = "yes", "no"
    if cursor.pending.drop:
        yes, no = "discard_yes", "discard_no"
    elif cursor.pending.unchanged:
        yes, no = "resend_yes", "resend_no"
    return Message(
        text, ((Choice(scene.facts.words(yes), tag("yes")), Choice(scene.facts.words(no), tag("no"))),)
    )
