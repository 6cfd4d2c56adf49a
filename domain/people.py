"""People and offices, and the table of who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Role(StrEnum):
    """The function of a person at the desk or at an office."""

    FOCAL_POINT = "focal_point"
    LEADER = "leader"
    ADMIN = "admin"


class OfficePost(StrEnum):
    """Whom of an office the desk may name beside its focal point, to hear next when nobody answers."""

    SECOND = "second"  # a second PIC
    SECRETARY = "secretary"
    HEAD = "head"


class Right(StrEnum):
    """What can be done; every command and every button asks for one of these."""

    TALK = "talk"  # greet, help, language, privacy: also strangers
    SEE_STATUS = "see_status"
    SUBMIT = "submit"
    SIMULATE = "simulate"
    EDIT_PROFILE = "edit_profile"
    SEE_INNOVATIONS = "see_innovations"
    INVITE = "invite"
    MANAGE_PERIODS = "manage_periods"
    VERIFY = "verify"  # judge and decide; never what is one's own office's
    EXPORT = "export"
    EXPORT_ALL = "export_all"  # with people, papers and what is to be carried over to the portal
    SEE_OFFICES = "see_offices"  # of every office, not only of one's own
    MANAGE_OFFICES = "manage_offices"  # with phone numbers
    BROADCAST = "broadcast"
    SEE_TASKS = "see_tasks"
    MANAGE_REMINDERS = "manage_reminders"
    SEE_SUMMARY = "see_summary"
    ANSWER_QUESTIONS = "answer_questions"  # of people who ask the desk


OFFICE = Role.FOCAL_POINT
LEADER = Role.LEADER
DESK = Role.ADMIN

RIGHTS: Mapping[Right, frozenset[Role]] = {
    Right.SEE_STATUS: frozenset({OFFICE, LEADER, DESK}),
    Right.SIMULATE: frozenset({OFFICE, LEADER, DESK}),
    Right.EDIT_PROFILE: frozenset({DESK}),
    Right.SUBMIT: frozenset({OFFICE}),
    Right.SEE_INNOVATIONS: frozenset({OFFICE, LEADER, DESK}),
    Right.INVITE: frozenset({DESK}),
    Right.MANAGE_PERIODS: frozenset({DESK}),
    Right.VERIFY: frozenset({DESK}),
    Right.EXPORT: frozenset({LEADER, DESK}),
    Right.EXPORT_ALL: frozenset({DESK}),
    Right.SEE_OFFICES: frozenset({LEADER, DESK}),
    Right.MANAGE_OFFICES: frozenset({DESK}),
    Right.BROADCAST: frozenset({DESK}),
    Right.SEE_TASKS: frozenset({OFFICE, DESK}),
    Right.MANAGE_REMINDERS: frozenset({DESK}),
    Right.SEE_SUMMARY: frozenset({LEADER, DESK}),
    Right.ANSWER_QUESTIONS: frozenset({DESK}),
}

OF_OWN_OFFICE = frozenset({Right.SUBMIT})  # the office of the thing must be the person's own
# … must not be: nobody verifies what their own office handed in (F47)
NOT_OF_OWN_OFFICE = frozenset({Right.VERIFY})


@dataclass(frozen=True, slots=True)
class Office:
    """One perangkat daerah."""

    id: int
    code: str
    name: str
    short: str
    kind: str
    aliases: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """A person we know, whatever the channel."""

    id: int
    name: str
    language: str
    roles: frozenset[Role]
    offices: tuple[int, ...] = ()  # ids, of a focal point
    phone: str = ""


# Which roles one person may hold together, and why. What is not here is refused.
MAY_HOLD_BOTH: frozenset[frozenset[Role]] = frozenset(
    {
        frozenset({OFFICE, LEADER}),  # the head of an office may also hand in for it
        frozenset({OFFICE, DESK}),  # Bapperida is an office too; nobody decides on what is their own
    }
)
# Not leader and desk: leaders read why the desk decided alone, and nobody watches over themselves.
# A focal point may serve several offices: small ones share a person.


@cache
def rights_of(roles: frozenset[Role]) -> frozenset[Right]:
    """List what somebody with these roles may do, for one office at least."""
    return frozenset({Right.TALK, *(right for right, holders in RIGHTS.items() if roles & holders)})


def may_add(roles: frozenset[Role], role: Role) -> bool:
    """Tell whether somebody who holds these roles may have this one too."""
    return all(role_held is role or frozenset({role_held, role}) in MAY_HOLD_BOTH for role_held in roles)


def may_decide(contact: Contact, office: int, *, has_written: bool) -> bool:
    """Tell whether this person may judge and decide on an innovation of an office.

    Whoever belongs to the office, or has written in the innovation, would judge their own work.
    """
    return not has_written and may(contact, Right.VERIFY, office=office)


def may(contact: Contact | None, right: Right, *, office: int | None = None) -> bool:
    """Tell whether this person may do this, for this office when one is named."""
    if right is Right.TALK:
        return True
    if contact is None or not (contact.roles & RIGHTS[right]):
        return False
    if office is None:
        return True
    own = office in contact.offices
    return not (right in OF_OWN_OFFICE and not own) and not (right in NOT_OF_OWN_OFFICE and own)
