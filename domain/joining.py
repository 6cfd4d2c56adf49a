"""Two records of one person: whether they may become one, and what is to be said before they do (F6).

The written rules:
1. Roles that nobody may hold together keep them apart, until the desk has ended one.
2. A person has one address on each channel; somebody who has another there already is told to let go of it.
3. Posts, drafts, history, wishes and reviews of both are kept, each once.
4. Of two open questions the one stays that is open where the person agrees; the other's draft is kept.
5. Whoever has asked for silence on either keeps it; of two consents the older text holds.
6. Of two records that cover the same (a place in a draft, a postponement, a recipient's row) the later or
   stricter one stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.people import Role, may_add


class Apart(StrEnum):
    """Why two records cannot become one."""

    ROLES = "roles"  # they hold roles that exclude each other
    CHANNEL = "channel"  # both have an address on one channel


class Note(StrEnum):
    """What is said before somebody agrees; the endings of text keys."""

    POSTS = "posts"  # what they hold together afterwards
    QUESTION_HERE = "question_here"  # the question that is open here stays, the other one closes
    QUESTION_THERE = "question_there"  # the question that is open there goes on here
    SILENT = "silent"  # one of them has asked for silence, so both are silent


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as far as the rules look at them; a stranger has an address and nothing else."""

    channels: frozenset[str]
    roles: frozenset[Role] = frozenset()
    has_question: bool = False
    is_silent: bool = False


def why_apart(this: Side, other: Side) -> Apart | None:
    """Tell what keeps two records from becoming one; None when they may."""
    if not all(may_add(this.roles, role) for role in other.roles):
        return Apart.ROLES
    return Apart.CHANNEL if this.channels & other.channels else None


def notes(this: Side, other: Side) -> tuple[Note, ...]:
    """List what is said before the person agrees `here`."""
    said = [Note.POSTS] if this.roles and other.roles else []
    if other.has_question:
        said.append(Note.QUESTION_HERE if this.has_question else Note.QUESTION_THERE)
    if this.is_silent or other.is_silent:
        said.append(Note.SILENT)
    return tuple(said)
