"""The buttons of what an answer speaks of: what it says to open is opened by a tap, by whoever may."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain import buttons
from domain.message import Choice, Rows
from domain.people import Right
from domain.texts import Catalogue
from handlers.context import Context

ACTS_MOST = 3  # buttons of one answer
_DOORS = (
    (buttons.Open("ajukan"), "opens.submit", Right.SUBMIT),
    (buttons.Open("draf"), "opens.drafts", Right.SUBMIT),
    (buttons.Open("tugas"), "opens.tasks", Right.SEE_TASKS),
    (buttons.Open("status"), "opens.status", Right.SEE_STATUS),
    (buttons.Open("simulasi"), "opens.whatif", Right.SIMULATE),
    (buttons.Open("bahasa"), "opens.language", Right.TALK),
    (buttons.Open("tautkan"), "opens.linking", Right.TALK),
    (buttons.Open("privasi"), "opens.privacy", Right.TALK),
    (buttons.Open("antrean"), "opens.review", Right.VERIFY),
    (buttons.Open("undang"), "opens.invite", Right.INVITE),
    (buttons.Open("opd"), "opens.offices", Right.SEE_OFFICES),
    (buttons.Open("periode"), "opens.period", Right.MANAGE_PERIODS),
    (buttons.Open("pengingat"), "opens.reminders", Right.MANAGE_REMINDERS),
    (buttons.Open("siaran"), "opens.broadcast", Right.BROADCAST),
    (buttons.Open("ekspor"), "opens.export", Right.EXPORT),
)
# By the name each is written with in an answer: the words of its button, and the right it needs.
ACTS: Mapping[buttons.Command, tuple[str, Right]] = {
    door.command: (label, right) for door, label, right in _DOORS
}
_NAMED = re.compile(r"(?<![\w/])/([a-z]+)\b")
_BY_LABEL: Sequence[buttons.Command] = ("ajukan",)  # named by the words of their button too


def names_in(answer: str, words: Catalogue) -> list[str]:
    """List the commands an answer in Indonesian speaks of, in its order, each once."""
    say = words.in_("id")
    labels = [(answer.find(str(say(ACTS[command][0]))), command) for command in _BY_LABEL]
    named = [(match.start(), match[1]) for match in _NAMED.finditer(answer)]
    return list(dict.fromkeys(name for at, name in sorted([*labels, *named]) if at >= 0))


def list_acts(ctx: Context, answer: str) -> Rows:
    """Make the buttons of what an answer in Indonesian speaks of, where the person has the right."""
    named = names_in(answer, ctx.desk_data.words)
    doors = {name: act for name, act in ACTS.items() if name in named}
    rows = [(name, label) for name, (label, right) in doors.items() if ctx.may(right)]
    return tuple((Choice(ctx.say(label), buttons.Open(name)),) for name, label in rows[:ACTS_MOST])
