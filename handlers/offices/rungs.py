"""The ladder of an office: whom the desk names to hear next when its focal point does not answer."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Office, OfficePost, Right, Role
from domain.reading.phones import normal
from domain.texts import Marked, join, quoted
from handlers.change import acts
from handlers.change.acts import Act, Ask, Unfit, Values, option
from handlers.context import Context, message
from handlers.offices import invite
from storage import contacts, offices, posts, roster, rungs
from storage.audit import Actor
from storage.posts import Holder
from storage.rungs import Rung

LONGEST_NAME = 150  # characters
OFFERED = 6  # people who serve the office already
FIELD = "person"


def show(ctx: Context, office: Office) -> list[Message]:
    """Show every rung with whoever stands on it; an empty one is skipped, and that is said."""
    named = {rung.post: rung for rung in rungs.of_office(ctx.tx, office.id)}
    lines = [_write_line(ctx, post, rung=named.get(post)) for post in OfficePost]
    text = join((ctx.say("rungs.title", office=office.name), join(lines, by="\n"), ctx.say("rungs.how")))
    rows = [
        (Choice(ctx.say(f"rungs.name_{post.value}"), buttons.Rung("name", post.value, office.id)),)
        + (
            (Choice(ctx.say(f"rungs.end_{post.value}"), buttons.Rung("end", post.value, office.id)),)
            if post in named
            else ()
        )
        for post in OfficePost
    ]
    return message(text, *rows, _make_back(ctx, office.id))


def _write_line(ctx: Context, post: OfficePost, *, rung: Rung | None) -> Marked:
    name = ctx.say(f"rungs.post_{post.value}")
    if rung is None:
        return ctx.say("rungs.empty", post=name)
    phone = f" · {rung.phone}" if rung.phone else ""
    key = "rungs.line" if rung.contact_id is not None else "rungs.line_awaited"
    return ctx.say(key, post=name, name=rung.name, phone=phone)


def _make_back(ctx: Context, office_id: int) -> tuple[Choice, ...]:
    return (Choice(ctx.say("rungs.back"), buttons.Office("i", office_id)),)


def tapped(ctx: Context, button: buttons.Rung) -> list[Message]:
    """Begin to name somebody, or to take them off."""
    return acts.begin(ctx, _ACTS[button.act], office=button.office, post=button.post)


def _load_office(ctx: Context, values: Values) -> Office | None:
    office = offices.load(ctx.tx, values["office"])
    return office if office is not None and office.active else None


def _find_rung(ctx: Context, values: Values) -> Rung | None:
    every = rungs.of_office(ctx.tx, values["office"])
    return next((rung for rung in every if rung.post.value == values["post"]), None)


def _list_serving(ctx: Context, values: Values) -> list[Holder]:
    return [
        holder
        for holder in posts.of_office(ctx.tx, values["office"])
        if holder.role is Role.FOCAL_POINT and not holder.is_awaited
    ]


# naming


def _ask_person(ctx: Context, values: Values) -> Marked:
    office = _load_office(ctx, values)
    post = ctx.say(f"rungs.post_{values['post']}")
    return ctx.say("rungs.ask", post=post, office=office.name if office else "")


def _offer_serving(ctx: Context, values: Values) -> Rows:
    return tuple(
        option(FIELD, holder.contact_id, label=holder.name) for holder in _list_serving(ctx, values)[:OFFERED]
    )


def _read_person(ctx: Context, values: Values, said: str) -> dict[str, str | int]:
    """Take somebody who serves the office already, or a name with or without a number.

    A number that somebody has proved is theirs, whatever name is typed before it.
    """
    for holder in _list_serving(ctx, values):
        if said == str(holder.contact_id):
            return {"name": holder.name, "phone": holder.phone, "contact": holder.contact_id}
    name, phone = _part_phone(said)
    if not 2 <= len(name) <= LONGEST_NAME or name.isdigit():
        raise Unfit(ctx.say("rungs.unclear", said=quoted(said)))
    return {"name": name, "phone": phone, "contact": (phone and contacts.of_phone(ctx.tx, phone)) or 0}


def _part_phone(said: str) -> tuple[str, str]:
    """Part a name from the number behind it; "" where there is none."""
    words = said.replace(",", " ").split()
    for at in range(1, len(words)):
        if phone := normal(" ".join(words[at:])):
            return " ".join(words[:at]), phone
    return " ".join(words), ""


def _find_hindrance(ctx: Context, values: Values) -> Marked | None:
    if _load_office(ctx, values) is None:
        return ctx.say("rungs.gone")
    return None


def _look_naming(ctx: Context, values: Values) -> Marked:
    person, before = values[FIELD], _find_rung(ctx, values)
    parts = [ctx.say("rungs.look", **_describe(ctx, values), phone=_say_phone(person["phone"]))]
    if before is not None:
        parts.append(ctx.say("rungs.replaces", name=before.name))
    parts.append(_say_how_reached(ctx, values))
    return join(parts, by="\n")


def _say_how_reached(ctx: Context, values: Values) -> Marked:
    """Say how the person comes in; of who is in by a typed number, who that is."""
    person = values[FIELD]
    if not person["contact"]:
        return ctx.say("rungs.comes_in_by_phone" if person["phone"] else "rungs.comes_in_by_code")
    if _hears_already(ctx, values):
        return Marked("")
    name = contacts.name_of(ctx.tx, person["contact"])
    return ctx.say("rungs.becomes_focal_point", name=name)


def _hears_already(ctx: Context, values: Values) -> bool:
    """Tell whether the person serves the office or leads, so that the ladder reaches them as they are."""
    contact_id = values[FIELD]["contact"]
    if not contact_id:
        return False
    known = contacts.load(ctx.tx, contact_id)
    return values["office"] in known.offices or Role.LEADER in known.roles


def _say_phone(phone: str) -> str:
    return f" ({phone})" if phone else ""


def _describe(ctx: Context, values: Values) -> dict[str, str]:
    office = _load_office(ctx, values)
    return {
        "name": values[FIELD]["name"],
        "post": ctx.say(f"rungs.post_{values['post']}"),
        "office": office.name if office else "",
    }


def _name_person(ctx: Context, values: Values) -> list[Message]:
    """Put the person on the ladder; who has not come in is invited by a code of their own."""
    person, office = values[FIELD], _load_office(ctx, values)
    if office is None:
        return message(ctx.say("rungs.gone"))
    _let_hear(ctx, values)
    code = "" if person["contact"] else ctx.desk_data.new_code()
    invitation = invite.create(ctx, code, role=Role.FOCAL_POINT, office=office) if code else None
    rung = Rung(
        office.id,
        OfficePost(values["post"]),
        person["name"],
        person["phone"],
        person["contact"] or None,
        ctx.now,
    )
    rungs.name_person(
        ctx.tx, rung, by=ctx.person.id, now=ctx.now, reason=values["reason"], invitation_id=invitation
    )
    done = ctx.say("rungs.done", **_describe(ctx, values))
    forwarded = invite.text_to_forward(ctx, Role.FOCAL_POINT, office=office, code=code) if code else ""
    return message(join((done, forwarded)), (_make_way_back(ctx, office.id),))


def _let_hear(ctx: Context, values: Values) -> None:
    """Give the post to whoever is in without it, and list whoever comes in by a number."""
    person, office_id = values[FIELD], values["office"]
    if person["contact"] and not _hears_already(ctx, values):
        actor = Actor(ctx.person.id, values["reason"])
        contacts.grant(
            ctx.tx, person["contact"], role=Role.FOCAL_POINT, office_id=office_id, now=ctx.now, actor=actor
        )
    elif person["phone"] and not person["contact"]:
        listed = roster.Entry(person["name"], person["phone"], Role.FOCAL_POINT, office_id)
        roster.take_in(ctx.tx, listed, by=ctx.person.id, now=ctx.now)


def _make_way_back(ctx: Context, office_id: int) -> Choice:
    return Choice(ctx.say("rungs.button"), buttons.Office("rungs", office_id))


# taking off


def _find_ending_hindrance(ctx: Context, values: Values) -> Marked | None:
    if _load_office(ctx, values) is None or _find_rung(ctx, values) is None:
        return ctx.say("rungs.gone")
    return None


def _look_ending(ctx: Context, values: Values) -> Marked:
    rung = _find_rung(ctx, values)
    return ctx.say(
        "rungs.look_end", name=rung.name if rung else "", post=ctx.say(f"rungs.post_{values['post']}")
    )


def _end(ctx: Context, values: Values) -> list[Message]:
    rungs.remove(
        ctx.tx,
        values["office"],
        post=OfficePost(values["post"]),
        by=ctx.person.id,
        now=ctx.now,
        reason=values["reason"],
    )
    post = ctx.say(f"rungs.post_{values['post']}")
    return message(ctx.say("rungs.done_end", post=post), (_make_way_back(ctx, values["office"]),))


_PERSON = Ask(FIELD, _ask_person, _read_person, _offer_serving)
NAME = Act("rung_name", Right.MANAGE_OFFICES, (_PERSON,), _look_naming, _name_person, _find_hindrance)
END = Act("rung_end", Right.MANAGE_OFFICES, (), _look_ending, _end, _find_ending_hindrance)
ACTS = (NAME, END)
_ACTS = {"name": NAME, "end": END}
