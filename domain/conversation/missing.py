"""What an innovation still lacks, and the place its button leads to."""

from __future__ import annotations

from dataclasses import dataclass

from domain.buttons import Form
from domain.conversation.pages import CHECK, title_of
from domain.conversation.question_message import Tags
from domain.draft.checks import gaps
from domain.draft.facts import DraftFacts
from domain.draft.path import applicable
from domain.rules.form import Answers
from domain.texts import shortened

TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Lack:
    """How complete an innovation is; labels are in the person's language and in the order of the form."""

    innovation: int
    title: str
    filled: int
    asked: int
    gaps: tuple[str, ...] = ()  # what is missing; of a returned one what the desk has flagged
    place: str = ""  # the question of the first gap; "" when nothing is missing

    @property
    def button(self) -> Form:
        """The button to that place; it works from any message."""
        if not self.place:
            return Tags(self.innovation, CHECK, 0)("check")
        return Tags(self.innovation, self.place, 0)("j", self.place)


def lack_of(answers: Answers, facts: DraftFacts) -> Lack:
    """Return what is missing before the innovation can be sent."""
    questions = applicable(facts.form, answers, window=facts.window)
    problems = gaps(answers, facts)
    return Lack(
        facts.innovation,
        shortened(title_of(answers, facts), TITLE_CHARS),
        sum(question.id in answers for question in questions),
        len(questions),
        tuple(problem.question.label.in_(facts.say.language) for problem in problems),
        problems[0].question.id if problems else "",
    )
