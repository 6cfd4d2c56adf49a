"""Values a conversation about one innovation takes and gives: its facts, what was said, what can be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.draft.path import Window
from domain.message import Choice, FileRefusal, StoredFile
from domain.reading.regency import regency
from domain.rules.form import Form, Question
from domain.rules.indicators import IndicatorSet
from domain.texts import Marked, Say


def _say_no_outlook(before: int, after: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class BeforeSending:
    """What sending would do to the regency, in words, and the places whose next level turns it."""

    text: Marked
    places: tuple[tuple[str, str], ...] = ()  # label and place of each


def _foresee_nothing(answers: Mapping[str, Any]) -> BeforeSending | None:
    return None


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another innovation of the office in this period, as far as a new title has to be told from it."""

    id: int
    title: str
    state: str
    receipt: str = ""  # "" of a draft


def _list_no_siblings() -> tuple[Sibling, ...]:
    return ()


def _count_people() -> int:
    return regency().people


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class DraftFacts:
    """Input of a conversation about one innovation, beside its answers; `respond` reads nothing else."""

    form: Form
    say: Say
    today: date  # local
    window: Window
    indicators: IndicatorSet  # of the rule year
    mandatory: tuple[int, ...] = ()  # indicators without which it is not in the verified figure
    innovation: int = 0
    sent: bool = False  # whether it was handed in before: changes go back to the desk by themselves
    returned: bool = False  # whether the desk sent it back: it goes to the desk again when it is sent again
    untouched: bool = False  # whether nothing has changed since the desk sent it back
    flagged: Mapping[str, str] = field(
        default_factory=dict
    )  # what the desk sent it back for, with its reason
    repaired: frozenset[str] = frozenset()  # of these, the places that have changed since
    recheck: Mapping[str, str] = field(default_factory=dict)  # places to look at again, each with its reason
    people: Callable[[], int] = _count_people  # says how many people the office serves at most
    siblings: Callable[[], tuple[Sibling, ...]] = (
        _list_no_siblings  # lists the office's other innovations this period
    )
    outlook: Callable[[int, int], str] = _say_no_outlook  # what a moved score means for the regency, in words
    foresee: Callable[[Mapping[str, Any]], BeforeSending | None] = _foresee_nothing  # what sending would do

    def words(self, name: str, /, **params: Any) -> Marked:
        """Say one of the conversation's own texts."""
        return self.say(f"conversation.{name}", **params)

    def place_name(self, place: str) -> str:
        """Name a question, an indicator by its number and name, or the innovation as a whole."""
        language = self.say.language
        if (question := self.form.by_id.get(place)) is not None:
            return question.label.in_(language)
        indicator = next(
            (listed for listed in self.indicators.indicators if listed.level_question == place), None
        )
        return (
            f"{indicator.no} · {indicator.name.in_(language)}"
            if indicator
            else str(self.words("whole_innovation"))
        )


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Said:
    """What a person did at the form."""

    text: str = ""
    action: str = ""  # of a button, e.g. "o" (option) or "back"
    value: str = ""
    at: str = ""  # the place the button was made for, and its revision
    revision: int = 0
    file: StoredFile | FileRefusal | None = None
    album: tuple[StoredFile | FileRefusal, ...] = ()  # all files that were sent at once; `file` is the first
    caption: str = ""  # written below a file
    location: tuple[float, float] | None = None  # degrees: latitude, longitude
    unreadable: bool = False  # sticker, voice note …
    links: tuple[str, ...] = ()  # addresses that lie behind words of the text
    follows: str = ""  # the question this person answered by a text a moment ago
    link: str = ""  # how the link that was typed was found: live, dead, private; "" not looked at
    confirmed: bool = False  # said to be the answer when it was asked
    repeated: bool = False  # typed once more after it was asked back

    @property
    def text_and_links(self) -> str:
        """What was typed, with the addresses behind its words."""
        return " ".join((self.text, *self.links))

    @property
    def files(self) -> tuple[StoredFile | FileRefusal, ...]:
        """Everything that was sent in this act."""
        if self.album or self.file is None:
            return self.album
        return (self.file,)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that can be kept. `stay` keeps the question open for more."""

    value: Any
    stay: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Readings the person has to choose from; one alone is asked as yes or no."""

    candidates: tuple[Any, ...]
    why: str = ""
    way: Choice | None = None  # to what the doubt is about


@dataclass(frozen=True, slots=True)
class Refused:
    """Why it cannot be kept: a text of the conversation and its parameters."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


Reading = Accepted | Doubt | Refused


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps an innovation from being sent."""

    question: Question
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def describe(self, facts: DraftFacts) -> Marked:
        """Say the problem in one line."""
        return facts.words(self.key, **self.params)
