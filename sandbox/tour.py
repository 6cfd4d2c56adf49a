"""The guided tour: seven steps, each done as soon as the world shows it; it can be left and taken up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cli.sandbox_options import EMPTY
from domain.people import Role
from domain.texts import LANGUAGES
from handlers.words import load_words
from sandbox.demo import DemoPerson
from sandbox.looks import see_since
from sandbox.panel_words import PanelWords
from sandbox.tour_needs import NEEDS, is_known
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

FILE = "tour.json"  # in the data folder
OFFERED, RUNNING = "offered", "running"
LEFT, ENDED = "left", "ended"
NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does it, with what words and taps, and what shows that it is done."""

    name: str
    person: str = ""  # an office's code, or a role; "" where it is done at the panel
    channel: str = "telegram"
    say: str = ""  # what to write first
    taps: tuple[
        str, ...
    ] = ()  # the buttons to tap, first to last: keys of their words, or how a title begins
    button: str = ""  # of the panel
    checks: tuple[str, ...] = ()  # what the world has to show, by the names of the words


STEPS = (
    Step(
        "hand_in",
        "kec_cempaga",
        say="/ajukan",
        taps=("conversation.go_on", "conversation.skip", "conversation.send"),
        checks=("sent",),
    ),
    Step(
        "score",
        "kec_cempaga",
        taps=("form.complete_now", "conversation.ind_next", "2 · "),
        checks=("level",),
    ),
    Step("reminder", "kec_seranau", channel="whatsapp", button="morning", checks=("reminded",)),
    Step(
        "status", Role.LEADER.value, say="/status", taps=("status.why_button",), checks=("asked", "drilled")
    ),
    Step(
        "review",
        Role.ADMIN.value,
        say="/antrean",
        taps=(
            "1 · Contoh",
            "2 · Contoh",
            "review.decide",
            "review.verify",
            "review.return",
            "review.yes_verify",
            "review.yes_return",
            "review.to_queue",
        ),
        checks=("verified", "returned"),
    ),
    Step(
        "announce",
        Role.ADMIN.value,
        say="/siaran",
        taps=("broadcast_audience.role_focal_point", "broadcast_audience.on", "broadcast_send.go"),
        checks=("announced",),
    ),
    Step("kill", button="kill", checks=("back",)),
)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What was done that the database does not tell: by people of the page, and to the bot."""

    asked: bool = False  # a leader has asked for the status
    drilled: bool = False  # … and gone on from there by a button
    back: bool = False  # the bot was killed and is back with nothing lost


@dataclass(slots=True)
class Progress:
    """Where the tour stands, as the file keeps it."""

    state: str = OFFERED
    since: str = ""  # UTC text: what happened before does not count
    step: int = 0
    done: list[str] = field(default_factory=list)  # checks


class Tour:
    """One tour in one data folder."""

    def __init__(
        self, data: Path, crowd: Sequence[DemoPerson], *, now: Callable[[], datetime], scenario: str
    ) -> None:
        """`now` is the regency's local moment; an empty regency has nothing to walk through."""
        self._walkable = scenario != EMPTY
        self._file, self._now = data / FILE, now
        self._crowd = crowd
        self._lacking: Sequence[bool] = [False] * len(STEPS)  # by step
        self.progress = _read(self._file)

    def act(self, name: str) -> None:
        """Begin, go on to the next or the step before, leave, take up again or end."""
        progress = self.progress
        if name == "start":
            self.progress = Progress(RUNNING, utc_text(self._now()))
        elif name == "resume" and progress.since:
            progress.state = RUNNING
        elif name == "leave":
            progress.state = LEFT if progress.since else ENDED
        elif name == "next":
            progress.step += 1
            if progress.step >= len(STEPS):
                progress.step, progress.state = len(STEPS) - 1, ENDED
        elif name == "back":
            progress.step = max(0, progress.step - 1)
        self._keep()

    def observe(self, tx: Transaction, deeds: Deeds) -> None:
        """See what the world shows since the tour began, and what a step to come would not find in it; what
        was seen once stays done.
        """
        self._note_done(tx, deeds)
        self._lacking = [self._lacks(tx, step) for step in STEPS]

    def _note_done(self, tx: Transaction, deeds: Deeds) -> None:
        progress = self.progress
        if progress.state != RUNNING:
            return
        shown = see_since(tx, progress.since) | asdict(deeds)
        fresh = [check for check, is_done in shown.items() if is_done and check not in progress.done]
        if fresh:
            progress.done += fresh
            self._keep()

    def _lacks(self, tx: Transaction, step: Step) -> bool:
        """Say whether a step cannot be done; what a tour that is over has done would have to be done anew."""
        person = self._find(step)
        if person is None:
            return bool(step.person)
        done = self.progress.done if self.progress.state in (RUNNING, LEFT) else ()
        today = self._now().date()
        needs = [NEEDS[check] for check in step.checks if check in NEEDS and check not in done]
        return not (is_known(tx, person) and all(need(tx, person, today) for need in needs))

    def show(self, words: PanelWords) -> Mapping[str, Any]:
        """Say where the tour stands, with the step that is on."""
        progress = self.progress
        step = STEPS[progress.step]
        person = self._find(step)
        return {
            "state": progress.state if self._walkable else NOWHERE,
            "number": progress.step + 1,
            "count": len(STEPS),
            "done": [all(check in progress.done for check in each.checks) for each in STEPS],
            "titles": [words(f"tour.{each.name}_title") for each in STEPS],
            "title": words(f"tour.{step.name}_title"),
            "text": words(f"tour.{step.name}_text", who=person.name if person else ""),
            "after": words(f"tour.{step.name}_after"),
            "checks": [
                {"text": words(f"tour.check_{check}"), "done": check in progress.done}
                for check in step.checks
            ],
            "person": person.address if person else "",
            "say": step.say,
            "taps": label_beginnings(step.taps),
            "button": step.button,
            "lacks": self._lacking[progress.step],  # what this step needs
            "lacks_any": any(self._lacking),
        }

    def _find(self, step: Step) -> DemoPerson | None:
        """Find who does a step; None where it is done at the panel."""
        for person in self._crowd:
            if step.person and person.channel == step.channel and step.person in (person.office, person.role):
                return person
        return None

    def _keep(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self.progress)), encoding="utf-8")
        fresh.replace(self._file)


def label_beginnings(taps: Sequence[str]) -> list[list[str]]:
    """Say how the buttons begin that a step names, in every language a person may have chosen."""
    words = load_words()
    return [
        [str(words.in_(language)(tap)).partition("{")[0] for language in LANGUAGES] if "." in tap else [tap]
        for tap in taps
    ]


def _read(file: Path) -> Progress:
    try:
        progress = Progress(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress()
    progress.step = min(max(progress.step, 0), len(STEPS) - 1)
    return progress
