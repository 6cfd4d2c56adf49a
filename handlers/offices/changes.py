"""What the desk changes about offices: add, rename, merge, close, bring back; names change and nothing is
lost.
"""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Office, Right, Role
from domain.reading.names import same_name
from domain.texts import Marked, Say, join
from handlers import notices
from handlers.change import typed_day_or_office
from handlers.change.engine import Act, Ask, Given, Unfit, option
from handlers.context import Context, message
from storage import contacts, office_moves, offices, periods
from storage.contacts import Reachable

LONGEST_NAME, LONGEST_SHORT = 150, 40  # characters
KINDS_OFFERED = 8


def _office(ctx: Context, given: Given) -> Office:
    found = offices.load(ctx.tx, given["office"])
    if found is None:
        raise LookupError(f"office {given['office']} is not there")
    return found


def _back(ctx: Context, office: Office) -> Rows:
    return (
        (Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),),
        (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),),
    )


def _must_be_active(ctx: Context, given: Given) -> Marked | None:
    office = _office(ctx, given)
    return None if office.active else ctx.say("office_changes.closed_already", name=office.name)


def _must_be_closed(ctx: Context, given: Given) -> Marked | None:
    """A merged office does not come back: what it held is elsewhere now."""
    office = _office(ctx, given)
    if office.active:
        return ctx.say("office_changes.active_already", name=office.name)
    into = offices.merged_into(ctx.tx, office.id)
    return ctx.say("offices.is_merged", name=office.name, into=into.name) if into else None


def _ask_name(ctx: Context, given: Given) -> Marked:
    if "office" in given:
        return ctx.say("office_changes.ask_new_name", name=_office(ctx, given).name)
    return ctx.say("office_changes.ask_name")


def _read_name(ctx: Context, given: Given, said: str) -> str:
    """Read a name that no other office carries, also not as a nickname."""
    name = " ".join(said.split())
    if not 3 <= len(name) <= LONGEST_NAME:
        raise Unfit(ctx.say("office_changes.name_length", longest=LONGEST_NAME, count=len(name)))
    _must_be_free(ctx, given, name=name)
    return name


def _must_be_free(ctx: Context, given: Given, *, name: str) -> None:
    every = [one for one in offices.active(ctx.tx) if one.id != given.get("office")]
    if taken_by := same_name(name, typed_day_or_office.names(every)):
        other = next(one for one in every if one.id == int(taken_by))
        raise Unfit(ctx.say("office_changes.name_taken", said=name, name=other.name))


def _ask_short(ctx: Context, given: Given) -> Marked:
    return ctx.say("office_changes.ask_short", name=given["name"])


def _read_short(ctx: Context, given: Given, said: str) -> str:
    short = " ".join(said.split())
    if not 2 <= len(short) <= LONGEST_SHORT:
        raise Unfit(ctx.say("office_changes.short_length", longest=LONGEST_SHORT, count=len(short)))
    _must_be_free(ctx, given, name=short)
    return short


def _offer_short(ctx: Context, given: Given) -> Rows:
    """Offer the short name there is while an office gets another name."""
    if "office" not in given:
        return ()
    short = _office(ctx, given).short
    return (option("short", short, label=short),) if len(short.encode()) <= 50 else ()


def _kinds(ctx: Context) -> list[str]:
    return list(dict.fromkeys(one.kind for one in offices.active(ctx.tx)))


def _read_kind(ctx: Context, given: Given, said: str) -> str:
    kind = said.strip().casefold()
    if kind not in _kinds(ctx):
        raise Unfit(ctx.say("office_changes.kind_wanted", said=said[:40], kinds=", ".join(_kinds(ctx))))
    return kind


def _offer_kinds(ctx: Context, given: Given) -> Rows:
    return tuple(option("kind", kind, label=kind) for kind in _kinds(ctx)[:KINDS_OFFERED])


def _nothing_hinders(ctx: Context, given: Given) -> Marked | None:
    return None


def _look_adding(ctx: Context, given: Given) -> Marked:
    duty = ctx.say("office_changes.look_duty") if periods.current(ctx.tx) else ""
    look = ctx.say("office_changes.look_add", name=given["name"], short=given["short"], kind=given["kind"])
    return join((look, duty))


def _add(ctx: Context, given: Given) -> list[Message]:
    office = offices.add(
        ctx.tx,
        name=given["name"],
        short=given["short"],
        kind=given["kind"],
        reason=given["reason"],
        by=ctx.person.id,
        now=ctx.now,
    )
    return message(
        ctx.say("office_changes.done_add", name=office.name, code=office.code), *_back(ctx, office)
    )


def _look_renaming(ctx: Context, given: Given) -> Marked:
    office = _office(ctx, given)
    before, after = f"{office.name} ({office.short})", f"{given['name']} ({given['short']})"
    return ctx.say("office_changes.look_rename", before=before, after=after)


def _rename(ctx: Context, given: Given) -> list[Message]:
    office = _office(ctx, given)
    change = offices.rename(
        ctx.tx,
        office,
        name=given["name"],
        short=given["short"],
        reason=given["reason"],
        by=ctx.person.id,
        now=ctx.now,
    )
    told = _tell(
        ctx,
        f"office:{change}",
        people=_people(ctx, office),
        text="office_changes.told_rename",
        office=office,
        after=given["name"],
        given=given,
    )
    return message(
        join((ctx.say("office_changes.done_rename", name=given["name"]), told)),
        *_back(ctx, _office(ctx, given)),
    )


def _people(ctx: Context, office: Office) -> list[Reachable]:
    return [one for one in contacts.posts(ctx.tx, Role.FOCAL_POINT) if one.office_id == office.id]


def _tell(
    ctx: Context, key: str, *, people: list[Reachable], text: str, office: Office, after: str, given: Given
) -> Marked:
    """Tell the people of an office what became of it."""

    def words(say: Say, one: Reachable) -> tuple[Marked, Rows]:
        told = say(text, before=office.name, after=after, reason=given["reason"])
        return told, ((Choice(say("opens.help"), buttons.Open("bantuan")),),)

    return notices.result(ctx, notices.tell(ctx, key, people=people, words=words))


def _ask_into(ctx: Context, given: Given) -> Marked:
    return ctx.say("office_changes.ask_into", name=_office(ctx, given).name)


def _read_into(ctx: Context, given: Given, said: str) -> int:
    into = typed_day_or_office.office(ctx, "into", said=said)
    if into.id == given["office"]:
        raise Unfit(ctx.say("office_changes.into_itself", name=into.name))
    return into.id


def _merge_hindered(ctx: Context, given: Given) -> Marked | None:
    if "into" in given and not (into := _into(ctx, given)).active:
        return ctx.say("office_changes.closed_already", name=into.name)
    return _must_be_active(ctx, given)


def _into(ctx: Context, given: Given) -> Office:
    return _office(ctx, {"office": given["into"]})


def _look_merging(ctx: Context, given: Given) -> Marked:
    office, into = _office(ctx, given), _into(ctx, given)
    held = office_moves.holdings(ctx.tx, office.id, now=ctx.now)
    return ctx.say(
        "office_changes.look_merge",
        name=office.name,
        into=into.name,
        innovations=held.innovations,
        drafts=held.drafts,
        people=held.people,
        invitations=held.invitations,
        extensions=held.extensions,
    )


def _merge(ctx: Context, given: Given) -> list[Message]:
    office, into = _office(ctx, given), _into(ctx, given)
    people = [*_people(ctx, office), *_people(ctx, into)]
    change = office_moves.merge(
        ctx.tx, office, into=into, reason=given["reason"], by=ctx.person.id, now=ctx.now
    )
    told = _tell(
        ctx,
        f"office:{change}",
        people=people,
        text="office_changes.told_merge",
        office=office,
        after=into.name,
        given=given,
    )
    return message(
        join((ctx.say("office_changes.done_merge", name=office.name, into=into.name), told)),
        *_back(ctx, into),
    )


def _look_closing(ctx: Context, given: Given) -> Marked:
    office = _office(ctx, given)
    held = office_moves.holdings(ctx.tx, office.id, now=ctx.now)
    look = ctx.say(
        "office_changes.look_close",
        name=office.name,
        innovations=held.innovations,
        people=held.people,
        invitations=held.invitations,
    )
    return join((look, ctx.say("office_changes.look_close_work", drafts=held.drafts) if held.drafts else ""))


def _close(ctx: Context, given: Given) -> list[Message]:
    office = _office(ctx, given)
    people = _people(ctx, office)
    change = office_moves.close(ctx.tx, office, reason=given["reason"], by=ctx.person.id, now=ctx.now)
    told = _tell(
        ctx,
        f"office:{change}",
        people=people,
        text="office_changes.told_close",
        office=office,
        after="",
        given=given,
    )
    return message(join((ctx.say("office_changes.done_close", name=office.name), told)), *_back(ctx, office))


def _look_reopening(ctx: Context, given: Given) -> Marked:
    return ctx.say("office_changes.look_reopen", name=_office(ctx, given).name)


def _reopen(ctx: Context, given: Given) -> list[Message]:
    office = _office(ctx, given)
    office_moves.reopen(ctx.tx, office, reason=given["reason"], by=ctx.person.id, now=ctx.now)
    return message(ctx.say("office_changes.done_reopen", name=office.name), *_back(ctx, office))


_MANAGE = Right.MANAGE_OFFICES
_NAME = Ask("name", _ask_name, _read_name)
_SHORT = Ask("short", _ask_short, _read_short, _offer_short)
_KIND = Ask("kind", lambda ctx, _: ctx.say("office_changes.ask_kind"), _read_kind, _offer_kinds)
_INTO = Ask("into", _ask_into, _read_into)
ADD = Act("office_add", _MANAGE, (_NAME, _SHORT, _KIND), _look_adding, _add, _nothing_hinders)
RENAME = Act("office_rename", _MANAGE, (_NAME, _SHORT), _look_renaming, _rename, _must_be_active)
MERGE = Act("office_merge", _MANAGE, (_INTO,), _look_merging, _merge, _merge_hindered)
CLOSE = Act("office_close", _MANAGE, (), _look_closing, _close, _must_be_active)
REOPEN = Act("office_reopen", _MANAGE, (), _look_reopening, _reopen, _must_be_closed)
ACTS = (ADD, RENAME, MERGE, CLOSE, REOPEN)
