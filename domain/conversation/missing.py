"""What an innovation still lacks, and the place its button leads to."""

from __future__ import annotations

from dataclasses import dataclass

from domain.buttons import Form
from domain.conversation.pages import CHECK, title_of
from domain.conversation.question_message import Tags
from domain.draft.checks import gaps, unproven
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
    place: str = ""  # the question of the first thing missing; "" when nothing is
    unproven: tuple[str, ...] = ()  # claimed levels without enough evidence

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that is missing, the form's questions first; who counts or names it takes it here."""
        return (*self.gaps, *self.unproven)

    @property
    def button(self) -> Form:
        """The button to that place; it works from any message."""
        if not self.place:
            return Tags(self.innovation, CHECK, 0)("check")
        return Tags(self.innovation, self.place, 0)("j", self.place)


def lack_of(answers: Answers, facts: DraftFacts) -> Lack:
    """Return what is missing before the innovation can be sent."""
    questions = applicable(facts.form, answers, window=facts.window)
    problems, bare = gaps(answers, facts), unproven(answers, facts)
    places = [problem.question.id for problem in problems] + [indicator.level_question for indicator in bare]
    return Lack(
        facts.innovation,
        shortened(title_of(answers, facts), TITLE_CHARS),
        sum(question.id in answers for question in questions),
        len(questions),
        tuple(problem.question.label.in_(facts.say.language) for problem in problems),
        places[0] if places else "",
        tuple(str(facts.words("lack_evidence", name=facts.place_name(i.level_question))) for i in bare),
    )
