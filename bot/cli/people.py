"""`people`: who holds which role, roles given and taken, open codes listed and taken back; the way back
in.
"""

from __future__ import annotations

import argparse
from datetime import datetime

from bot.cli.terminal import Table
from bot.cli.usage import typed, whole_number
from domain.people import Role
from domain.reading.clean_text import code_text, one_line
from storage import contacts, invitations, offices, posts
from storage.audit import Actor
from storage.engine.transaction import Transaction

SHORTEST_REASON = 5  # characters


class PeopleRefused(RuntimeError):
    """the roles cannot be changed so"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    description = "who holds which role; roles given and taken; open codes"
    below = commands.add_parser("people", help=description).add_subparsers(
        dest="act", metavar="ACT", required=True
    )
    below.add_parser("list", help="list everybody with their number and roles")
    for act, said in (("grant", "give a person a role"), ("revoke", "take a role from a person")):
        parser = below.add_parser(act, help=said)
        parser.add_argument("person", metavar="NUMBER", type=whole_number, help="as `people list` shows it")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument(
            "--office", metavar="CODE", type=code_text, default="", help="office of a focal point"
        )
        parser.add_argument("--reason", required=True, type=one_line, help="kept in the audit")
        if act == "revoke":
            parser.add_argument("--force", action="store_true", help="also the last one of the desk")
    below.add_parser("codes", help="list the codes that still open something")
    code = below.add_parser("revoke-code", help="take a code back")
    code.add_argument("code", metavar="NUMBER", type=whole_number, help="as `people codes` shows it")


def done(tx: Transaction, options: argparse.Namespace, *, now: datetime) -> Table:
    """Do what was asked; returns what to print. Raises PeopleRefused with one sentence."""
    if options.act == "list":
        return _list_everybody(tx)
    if options.act == "codes":
        return _list_codes(tx, now)
    if options.act == "revoke-code":
        if not invitations.revoke(tx, options.code, by=None, now=now):
            raise PeopleRefused(f"code {options.code} is not open; see {typed('people codes')}")
        return Table((), (), f"code {options.code} is taken back")
    change = _grant if options.act == "grant" else _revoke
    return Table((), (), change(tx, options, now=now))


def _list_everybody(tx: Transaction) -> Table:
    rows = [(str(number), name, _describe_roles(tx, number)) for number, name in contacts.known(tx).items()]
    return Table(
        ("number", "name", "roles"),
        rows,
        f"nobody is enrolled; {typed('invite --role admin')} makes the first code",
    )


def _describe_roles(tx: Transaction, contact_id: int) -> str:
    holders = posts.of_contact(tx, contact_id)
    named = ", ".join(_describe_role(tx, holder.role, office_id=holder.office_id) for holder in holders)
    if holders and not holders[0].channels:
        return f"{named} (out of reach)"
    return named or "no role"


def _describe_role(tx: Transaction, role: Role, *, office_id: int | None) -> str:
    office = offices.load(tx, office_id) if office_id else None
    return f"{role.value} {office.code}" if office else role.value


def _list_codes(tx: Transaction, now: datetime) -> Table:
    rows = []
    for invitation in invitations.every_open(tx, now=now):
        role = _describe_role(tx, invitation.role, office_id=invitation.office_id)
        maker = invitation.made_by or "the command line"
        until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
        rows.append((str(invitation.id), role, f"by {maker}", f"until {until}"))
    return Table(("number", "role", "made", "good"), rows, "no code is open")


def _read_request(tx: Transaction, options: argparse.Namespace) -> tuple[Role, int | None]:
    """Read role and office, and make sure of the person and the reason."""
    role = Role(options.role)
    if (role is Role.FOCAL_POINT) != bool(options.office):
        raise PeopleRefused("a focal point needs --office CODE; leaders and the desk have none")
    office = offices.by_code(tx, options.office) if options.office else None
    if options.office and office is None:
        raise PeopleRefused(f'office "{options.office}" is not known')
    if options.person not in contacts.known(tx):
        raise PeopleRefused(f"person {options.person} is not known; see {typed('people list')}")
    if len(options.reason) < SHORTEST_REASON:
        raise PeopleRefused(
            f"the reason has {len(options.reason)} characters, expected at least {SHORTEST_REASON}"
        )
    return role, office.id if office else None


def _grant(tx: Transaction, options: argparse.Namespace, *, now: datetime) -> str:
    role, office_id = _read_request(tx, options)
    is_granted = contacts.grant(
        tx, options.person, role=role, office_id=office_id, now=now, actor=Actor(reason=options.reason)
    )
    if not is_granted:
        raise PeopleRefused(
            f"person {options.person} may not be {role.value} beside the present roles; revoke first"
        )
    return f"person {options.person} is {_describe_role(tx, role, office_id=office_id)}"


def _revoke(tx: Transaction, options: argparse.Namespace, *, now: datetime) -> str:
    role, office_id = _read_request(tx, options)
    end = posts.end_even_last if options.force else posts.end
    actor = Actor(reason=options.reason)
    try:
        change = end(tx, options.person, role=role, office_id=office_id, now=now, actor=actor)
    except posts.LastOfDesk:
        raise PeopleRefused(
            f"person {options.person} is the last one of the desk; --force takes the role anyway"
        ) from None
    if change is None:
        raise PeopleRefused(f"person {options.person} is not {_describe_role(tx, role, office_id=office_id)}")
    return f"person {options.person} is no longer {_describe_role(tx, role, office_id=office_id)}"
