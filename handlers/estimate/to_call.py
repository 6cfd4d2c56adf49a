"""Three offices to call, for whoever leads: why, and whom; names without numbers, as elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from domain.people import Role
from domain.texts import Marked, join
from handlers.context import Context
from storage import posts
from storage.office_sums import OfficeSums

SHOWN = 3
NAMES_SHOWN = 2


def list_lines(ctx: Context, within: Sequence[OfficeSums], *, beyond: Sequence[OfficeSums]) -> Marked:
    """Name three of the offices that have handed in nothing, who is nearest to it first: there a call helps
    most. `beyond` are out of the bot's reach and come last; "" where nobody lacks anything.
    """
    chosen = [*sorted(within, key=_rank), *beyond][:SHOWN]
    if not chosen:
        return Marked("")
    return join((ctx.say("to_call.title"), *(_write_line(ctx, office) for office in chosen)), by="\n")


def _rank(office: OfficeSums) -> tuple[bool, bool, int]:
    """What was returned before a draft, a draft before nothing, then as the offices stand."""
    return not office.returned, not office.drafts, office.id


def _write_line(ctx: Context, office: OfficeSums) -> Marked:
    why = "returned" if office.returned else "draft"
    if not office.returned and not office.drafts:
        why = "nothing"
    holders = [
        holder.name for holder in posts.of_office(ctx.tx, office.id) if holder.role is Role.FOCAL_POINT
    ]
    names = ", ".join(holders[:NAMES_SHOWN])
    person = ctx.say("to_call.person", names=names) if names else ctx.say("to_call.nobody")
    return ctx.say("to_call.line", office=office.short, why=ctx.say(f"to_call.why_{why}"), person=person)
