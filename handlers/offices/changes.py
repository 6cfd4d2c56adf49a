"""What the desk changes about offices: add, rename, merge, close, bring back; names change and nothing is
lost.
"""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Office, Right, Role
from domain.reading.hardly_names import has_alphabetic
from domain.reading.names import same_name
from domain.texts import Marked, Say, join, quoted
from handlers import notices
from handlers.change import typed_day_or_office
from handlers.change.acts import Act, Ask, Unfit, Values, option
from handlers.context import Context, message
from storage import contacts, office_moves, offices, periods
from storage.contacts import Reachable

LONGEST_NAME, LONGEST_SHORT = 150, 40  # characters
KINDS_OFFERED = 8


def _load_office(ctx: Context, values: Values) -> Office:
    office_known = offices.load(ctx.tx, values["office"])
    if office_known is None:
        raise LookupError(f"office {values['office']} is not there")
    return office_known


def _make_back(ctx: Context, office: Office) -> Rows:
    return (
        (Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),),
        (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),),
    )


def _must_be_active(ctx: Context, values: Values) -> Marked | None:
    office = _load_office(ctx, values)
    return None if office.active else ctx.say("office_changes.closed_already", name=office.name)


def _must_be_closed(ctx: Context, values: Values) -> Marked | None:
    """A merged office does not come back: what it held is elsewhere now."""
    office = _load_office(ctx, values)
    if office.active:
        return ctx.say("office_changes.active_already", name=office.name)
    into = offices.merged_into(ctx.tx, office.id)
    return ctx.say("offices.is_merged", name=office.name, into=into.name) if into else None


def _ask_name(ctx: Context, values: Values) -> Marked:
    if "office" in values:
        return ctx.say("office_changes.ask_new_name", name=_load_office(ctx, values).name)
    return ctx.say("office_changes.ask_name")


def _read_name(ctx: Context, values: Values, said: str) -> str:
    """Read a name that no other office carries, also not as a nickname."""
    name = " ".join(said.split())
    if not 3 <= len(name) <= LONGEST_NAME:
        raise Unfit(ctx.say("office_changes.name_length", longest=LONGEST_NAME, count=len(name)))
    if not has_alphabetic(name):
        raise Unfit(ctx.say("office_changes.name_letters", said=name))
    _must_be_free(ctx, values, name=name)
    return name


def _must_be_free(ctx: Context, values: Values, *, name: str) -> None:
    every = [office for office in offices.active(ctx.tx) if office.id != values.get("office")]
    if taken_by := same_name(name, typed_day_or_office.names(every)):
        other = next(office for office in every if office.id == int(taken_by))
        raise Unfit(ctx.say("office_changes.name_taken", said=name, name=other.name))


def _ask_short(ctx: Context, values: Values) -> Marked:
    return ctx.say("office_changes.ask_short", name=values["name"])


def _read_short(ctx: Context, values: Values, said: str) -> str:
    short = " ".join(said.split())
    if not 2 <= len(short) <= LONGEST_SHORT:
        raise Unfit(ctx.say("office_changes.short_length", longest=LONGEST_SHORT, count=len(short)))
    _must_be_free(ctx, values, name=short)
    return short


def _offer_short(ctx: Context, values: Values) -> Rows:
    """Offer the short name there is while an office gets another name."""
    if "office" not in values:
        return ()
    short = _load_office(ctx, values).short
    return (option("short", short, label=short),) if len(short.encode()) <= 50 else ()


def _list_kinds(ctx: Context) -> list[str]:
    return list(dict.fromkeys(office.kind for office in offices.active(ctx.tx)))


def _read_kind(ctx: Context, values: Values, said: str) -> str:
    kind = said.strip().casefold()
    if kind not in _list_kinds(ctx):
        raise Unfit(
            ctx.say("office_changes.kind_wanted", said=quoted(said), kinds=", ".join(_list_kinds(ctx)))
        )
    return kind


def _offer_kinds(ctx: Context, values: Values) -> Rows:
    return tuple(option("kind", kind, label=kind) for kind in _list_kinds(ctx)[:KINDS_OFFERED])


def _find_nothing_hindering(ctx: Context, values: Values) -> Marked | None:
    return None


def _look_adding(ctx: Context, values: Values) -> Marked:
    duty = ctx.say("office_changes.look_duty") if periods.current(ctx.tx) else ""
    look = ctx.say("office_changes.look_add", name=values["name"], short=values["short"], kind=values["kind"])
    return join((look, duty))


def _add(ctx: Context, values: Values) -> list[Message]:
    office = offices.add(
        ctx.tx,
        offices.Names(values["name"], values["short"]),
        kind=values["kind"],
        reason=values["reason"],
        by=ctx.person.id,
        now=ctx.now,
    )
    return message(
        ctx.say("office_changes.done_add", name=office.name, code=office.code), *_make_back(ctx, office)
    )


def _look_renaming(ctx: Context, values: Values) -> Marked:
    office = _load_office(ctx, values)
    before, after = f"{office.name} ({office.short})", f"{values['name']} ({values['short']})"
    return ctx.say("office_changes.look_rename", before=before, after=after)


def _rename(ctx: Context, values: Values) -> list[Message]:
    office = _load_office(ctx, values)
    change = offices.rename(
        ctx.tx,
        office,
        named=offices.Names(values["name"], values["short"]),
        reason=values["reason"],
        by=ctx.person.id,
        now=ctx.now,
    )
    result = _tell(
        ctx,
        change,
        people=_list_people(ctx, office),
        key="office_changes.told_rename",
        before=office.name,
        after=values["name"],
        reason=values["reason"],
    )
    return message(
        join((ctx.say("office_changes.done_rename", name=values["name"]), result)),
        *_make_back(ctx, _load_office(ctx, values)),
    )


def _list_people(ctx: Context, office: Office) -> list[Reachable]:
    return [reader for reader in contacts.posts(ctx.tx, Role.FOCAL_POINT) if reader.office_id == office.id]


def _tell(ctx: Context, change: int, *, people: list[Reachable], key: str, **params: str) -> Marked:
    """Tell the people of an office what became of it, by the text of a key."""

    def words(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        return say(key, **params), ((Choice(say("opens.help"), buttons.Open("bantuan")),),)

    return notices.result(ctx, notices.tell(ctx, f"office:{change}", people=people, words=words))


def _ask_into(ctx: Context, values: Values) -> Marked:
    return ctx.say("office_changes.ask_into", name=_load_office(ctx, values).name)


def _read_into(ctx: Context, values: Values, said: str) -> int:
    into = typed_day_or_office.office(ctx, "into", said=said)
    if into.id == values["office"]:
        raise Unfit(ctx.say("office_changes.into_itself", name=into.name))
    return into.id


def _find_merge_hindrance(ctx: Context, values: Values) -> Marked | None:
    if "into" in values and not (into := _load_into(ctx, values)).active:
        return ctx.say("office_changes.closed_already", name=into.name)
    return _must_be_active(ctx, values)


def _load_into(ctx: Context, values: Values) -> Office:
    return _load_office(ctx, {"office": values["into"]})


def _look_merging(ctx: Context, values: Values) -> Marked:
    office, into = _load_office(ctx, values), _load_into(ctx, values)
    holdings = office_moves.holdings(ctx.tx, office.id, now=ctx.now)
    return ctx.say(
        "office_changes.look_merge",
        name=office.name,
        into=into.name,
        innovations=holdings.innovations,
        drafts=holdings.drafts,
        people=holdings.people,
        invitations=holdings.invitations,
        extensions=holdings.extensions,
    )


def _merge(ctx: Context, values: Values) -> list[Message]:
    office, into = _load_office(ctx, values), _load_into(ctx, values)
    people = [*_list_people(ctx, office), *_list_people(ctx, into)]
    change = office_moves.merge(
        ctx.tx, office, into=into, reason=values["reason"], by=ctx.person.id, now=ctx.now
    )
    result = _tell(
        ctx,
        change,
        people=people,
        key="office_changes.told_merge",
        before=office.name,
        after=into.name,
        reason=values["reason"],
    )
    return message(
        join((ctx.say("office_changes.done_merge", name=office.name, into=into.name), result)),
        *_make_back(ctx, into),
    )


def _look_closing(ctx: Context, values: Values) -> Marked:
    office = _load_office(ctx, values)
    holdings = office_moves.holdings(ctx.tx, office.id, now=ctx.now)
    look = ctx.say(
        "office_changes.look_close",
        name=office.name,
        innovations=holdings.innovations,
        people=holdings.people,
        invitations=holdings.invitations,
    )
    return join(
        (look, ctx.say("office_changes.look_close_work", drafts=holdings.drafts) if holdings.drafts else "")
    )


def _close(ctx: Context, values: Values) -> list[Message]:
    office = _load_office(ctx, values)
    people = _list_people(ctx, office)
    change = office_moves.close(ctx.tx, office, reason=values["reason"], by=ctx.person.id, now=ctx.now)
    result = _tell(
        ctx,
        change,
        people=people,
        key="office_changes.told_close",
        before=office.name,
        after="",
        reason=values["reason"],
    )
    return message(
        join((ctx.say("office_changes.done_close", name=office.name), result)), *_make_back(ctx, office)
    )


def _look_reopening(ctx: Context, values: Values) -> Marked:
    return ctx.say("office_changes.look_reopen", name=_load_office(ctx, values).name)


def _reopen(ctx: Context, values: Values) -> list[Message]:
    office = _load_office(ctx, values)
    office_moves.reopen(ctx.tx, office, reason=values["reason"], by=ctx.person.id, now=ctx.now)
    return message(ctx.say("office_changes.done_reopen", name=office.name), *_make_back(ctx, office))


_MANAGE = Right.MANAGE_OFFICES
_NAME = Ask("name", _ask_name, _read_name)
_SHORT = Ask("short", _ask_short, _read_short, _offer_short)
_KIND = Ask("kind", lambda ctx, _: ctx.say("office_changes.ask_kind"), _read_kind, _offer_kinds)
_INTO = Ask("into", _ask_into, _read_into)
ADD = Act("office_add", _MANAGE, (_NAME, _SHORT, _KIND), _look_adding, _add, _find_nothing_hindering)
RENAME = Act("office_rename", _MANAGE, (_NAME, _SHORT), _look_renaming, _rename, _must_be_active)
MERGE = Act("office_merge", _MANAGE, (_INTO,), _look_merging, _merge, _find_merge_hindrance)
CLOSE = Act("office_close", _MANAGE, (), _look_closing, _close, _must_be_active)
REOPEN = Act("office_reopen", _MANAGE, (), _look_reopening, _reopen, _must_be_closed)
ACTS = (ADD, RENAME, MERGE, CLOSE, REOPEN)
