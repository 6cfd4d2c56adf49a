"""/tautkan: two addresses of one person are joined, by a code or a proved number, and one is let go (F6)."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.channel_facts import ChannelFacts
from domain.joining import Side, notes, why_apart
from domain.message import Choice, Kind, Message
from domain.people import Contact
from domain.reading.link_codes import link_code_in, made_from, ready_to_send
from domain.texts import Marked, join, listed
from handlers import yes_or_no
from handlers.context import Context, message
from handlers.door.accounts import accounts, channel_title, proved_number
from handlers.door.privacy import NOTICE_VERSION
from handlers.door.welcome import posts, welcome
from handlers.innovation import coach, form
from storage import (
    addresses,
    contacts,
    dialogues,
    invitations,
    joining,
    link_offers,
    opt_ins,
    outbox,
    unlinking,
)
from storage.addresses import Address
from storage.link_offers import LinkOffer

CODE_WAITS = {"hour": "start.code_wait", "day": "start.code_wait_day"}  # said after too many wrong codes


def reads_code(ctx: Context, said: str) -> bool:
    """Whether a text is a code that links an account."""
    return bool(link_code_in(said))


def link(ctx: Context) -> list[Message]:
    """Take the code behind the command; else show what is joined, and how to join more."""
    if ctx.args.strip():
        return code_sent(ctx, link_code_in(ctx.args) or ctx.args.strip())
    if ctx.contact is not None:
        return [*_show_page(ctx), *_ask_open_question(ctx)]
    return number_known(ctx, again=True) or message(ctx.say("linking.stranger"), _make_help(ctx))


def _ask_open_question(ctx: Context) -> list[Message]:
    """Ask again what an interruption left open; an offer to join is asked last and left alone."""
    return form.go_on(ctx) or coach.go_on(ctx) if ctx.contact is not None else []


def _make_help(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),)


# what is joined


def _show_page(ctx: Context) -> list[Message]:
    every = addresses.of_contact(ctx.tx, ctx.person.id)
    if len(every) < 2:
        return _make_code(ctx)
    lines = [_write_line(ctx, address) for address in every]
    first = ctx.say("linking.written_to", channel=channel_title(ctx, every[0].channel))
    doors = [
        (
            Choice(
                ctx.say("linking.let_go", channel=channel_title(ctx, address.channel)),
                buttons.Link("off", 0, address.channel),
            ),
        )
        for address in sorted(every, key=lambda address: address.channel)
    ]
    more = (
        ((Choice(ctx.say("linking.make"), buttons.Link("code")),),)
        if _list_other_channels(ctx, every)
        else ()
    )
    return message(join((ctx.say("linking.title"), *lines, first), by="\n"), *doors, *more, _make_help(ctx))


def _write_line(ctx: Context, address: Address) -> Marked:
    key = "linking.address"
    if (address.channel, address.address) == (ctx.inbound.channel, ctx.inbound.address):
        key = "linking.address_here"
    elif address.blocked_at is not None:
        key = "linking.address_blocked"
    return ctx.say(key, channel=channel_title(ctx, address.channel))


def _list_other_channels(ctx: Context, every: list[Address]) -> list[ChannelFacts]:
    """List the channels on which the person has no address."""
    known = {facts.channel for facts in every}
    return [facts for facts in ctx.desk_data.channels_to_come_by if facts.name not in known]


# by a code


def _make_code(ctx: Context) -> list[Message]:
    """Make a code for the channels that are left; a few in an hour."""
    others = _list_other_channels(ctx, addresses.of_contact(ctx.tx, ctx.person.id))
    if not others:
        return message(ctx.say("linking.no_other"), _make_help(ctx))
    if not link_offers.may_make(ctx.tx, ctx.person.id, now=ctx.now):
        ctx.refuse("refused_link", why="codes")
        return message(ctx.say("linking.too_many"), _make_help(ctx))
    code = made_from(ctx.desk_data.new_code())
    link_offers.make(ctx.tx, ctx.person.id, code=code, now=ctx.now)
    words = ready_to_send(code)
    ways = [ctx.say("linking.way", channel=facts.title, link=facts.link_with(words)) for facts in others]
    until = ctx.time(ctx.now + link_offers.GOOD_FOR)
    return message(
        ctx.say("linking.code", words=words, ways=join(ways, by="\n"), until=until), _make_help(ctx)
    )


def code_sent(ctx: Context, code: str) -> list[Message]:
    """Look at a code: whatever is wrong with it, the answer is the same, and only a few are looked at."""
    tx, inbound = ctx.tx, ctx.inbound
    if wait := invitations.wait_after_wrong(tx, inbound.channel, address=inbound.address, now=ctx.now):
        ctx.refuse("refused_link", why="wait")
        return message(ctx.say(CODE_WAITS[wait], desk=ctx.desk), _make_help(ctx))
    offer = link_offers.by_code(tx, code, channel=inbound.channel, address=inbound.address, now=ctx.now)
    if offer is None:
        invitations.note_wrong(tx, inbound.channel, address=inbound.address, now=ctx.now)
        return [*message(ctx.say("linking.code_wrong"), _make_help(ctx)), *_ask_open_question(ctx)]
    if ctx.contact is not None and ctx.contact.id == offer.contact_id:
        return message(ctx.say("linking.code_own"), _make_help(ctx))
    if refused := _refuse(ctx, offer):
        return refused
    link_offers.claim(tx, offer, channel=inbound.channel, address=inbound.address)
    return _ask(ctx, offer)


# by a number


def number_known(ctx: Context, *, again: bool = False) -> list[Message]:
    """Offer somebody whose number is known to join with who has proved it; nothing where that cannot be.

    Who has declined is not asked by himself a second time, but may ask (`again`).
    """
    inbound = ctx.inbound
    number = proved_number(ctx)
    holder = contacts.of_phone(ctx.tx, number, but=ctx.contact.id if ctx.contact else 0) if number else None
    if holder is None or (not again and link_offers.was_declined(
        ctx.tx, holder, channel=inbound.channel, address=inbound.address
    )):  # fmt: skip
        return []
    if why_apart(_read_side_here(ctx), _read_side_there(ctx, holder)) is not None:
        return []
    link_offers.of_number(ctx.tx, holder, channel=inbound.channel, address=inbound.address, now=ctx.now)
    offer = _find_offer(ctx)
    return _ask(ctx, offer) if offer is not None else []


# asking, and the answer


def _find_offer(ctx: Context) -> LinkOffer | None:
    return link_offers.asked(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address, now=ctx.now)


def _read_side_here(ctx: Context) -> Side:
    if ctx.contact is None:
        return Side(frozenset({ctx.inbound.channel}))
    return joining.side(ctx.tx, ctx.contact.id, roles=ctx.contact.roles)


def _read_side_there(ctx: Context, contact_id: int) -> Side:
    return joining.side(ctx.tx, contact_id, roles=contacts.load(ctx.tx, contact_id).roles)


def _refuse(ctx: Context, offer: LinkOffer) -> list[Message]:
    """Say why two people we know cannot become one, with the way out; nothing where they can."""
    apart = why_apart(_read_side_here(ctx), _read_side_there(ctx, offer.contact_id))
    if apart is None:
        return []
    ctx.refuse("refused_link", why=apart.value, offer=offer.id)
    other = contacts.load(ctx.tx, offer.contact_id)
    own_posts = posts(ctx, ctx.contact) if ctx.contact else ""
    said = ctx.say(f"linking.apart_{apart.value}", held=own_posts, other=posts(ctx, other), desk=ctx.desk)
    return message(said, _make_help(ctx))


def _ask(ctx: Context, offer: LinkOffer) -> list[Message]:
    """Say whose the other address is and what becomes of both, and ask."""
    other = contacts.load(ctx.tx, offer.contact_id)
    where = ", ".join(
        channel_title(ctx, address.channel) for address in addresses.of_contact(ctx.tx, other.id)
    )
    this_channel = channel_title(ctx, ctx.inbound.channel)
    key = "linking.ask" if offer.by_code else "linking.ask_number"
    said = [ctx.say(key, name=other.name, posts=posts(ctx, other), there=where, here=this_channel)]
    said += [
        ctx.say(f"linking.note_{note.value}", there=where, here=this_channel, posts=_say_together(ctx, other))
        for note in notes(_read_side_here(ctx), _read_side_there(ctx, other.id))
    ]
    said.append(ctx.say("linking.only_yours"))
    yes = Choice(ctx.say("linking.yes"), buttons.Link("yes", offer.id))
    no = Choice(ctx.say("linking.no"), buttons.Link("no", offer.id))
    return [Message(join(said), ((yes, no),), ask="remove" if ctx.inbound.kind is Kind.PHONE else "")]


def still_asked(ctx: Context) -> list[Message]:
    """Ask again whether to join, where that was asked and not answered and can still be."""
    offer = _find_offer(ctx)
    if offer is None or why_apart(_read_side_here(ctx), _read_side_there(ctx, offer.contact_id)) is not None:
        return []
    first, *others = _ask(ctx, offer)
    return [replace(first, text=join((ctx.say("linking.still_asked"), first.text))), *others]


def _say_together(ctx: Context, other: Contact) -> str:
    speaker = ctx.contact or other
    both = replace(
        speaker, roles=speaker.roles | other.roles, offices=tuple({*speaker.offices, *other.offices})
    )
    return posts(ctx, both)


def typed(ctx: Context) -> list[Message]:
    """Take a typed yes or no to the question whether to join; nothing for any other text."""
    if ctx.inbound.kind is not Kind.TEXT or ctx.dialogue is not None:
        return []
    agrees = yes_or_no.agrees(ctx)
    if not agrees and not yes_or_no.declines(ctx) and not _says_not_mine(ctx):
        return []
    offer = _find_offer(ctx)
    return _take_answer(ctx, offer, agrees=agrees) if offer is not None else []


def _says_not_mine(ctx: Context) -> bool:
    """Whether a text says that the other account is somebody else's, which is a no."""
    words = f" {' '.join(ctx.inbound.text.casefold().replace(',', ' ').split())} "
    return any(f" {phrase} " in words for phrase in listed(ctx.desk_data.words, "linking.typed_not_mine"))


def tapped(ctx: Context, button: buttons.Link) -> list[Message]:
    """Take the answer to an offer, make a code, or let an address go."""
    if button.act in ("yes", "no"):
        offer = _find_offer(ctx)
        if offer is None or offer.id != button.offer:
            ctx.refuse("refused_button", offer=button.offer)
            return message(ctx.say("linking.over"), _make_help(ctx))
        return _take_answer(ctx, offer, agrees=button.act == "yes")
    if ctx.contact is None:
        return message(ctx.say("linking.stranger"), _make_help(ctx))
    if button.act == "code":
        return _make_code(ctx)
    return _let_go(ctx, button)


def _take_answer(ctx: Context, offer: LinkOffer, *, agrees: bool) -> list[Message]:
    actor = ctx.contact.id if ctx.contact else None
    if not agrees:
        link_offers.settle(ctx.tx, offer, outcome="declined", by=actor, now=ctx.now)
        return message(ctx.say("linking.declined"), _make_help(ctx))
    if refused := _refuse(ctx, offer):
        return refused
    link_offers.settle(ctx.tx, offer, outcome="joined", by=actor, now=ctx.now)
    elsewhere = addresses.of_contact(ctx.tx, offer.contact_id)
    speaking = _join(ctx, offer)
    _tell_elsewhere(speaking, elsewhere, offer=offer)
    done = speaking.say("linking.joined", channels=accounts(speaking), posts=posts(speaking, speaking.person))
    shown = _ask_open_question(speaking) or welcome(speaking)
    return [*message(done, (_make_let_go(speaking),)), *shown]


def _make_let_go(ctx: Context) -> Choice:
    return Choice(ctx.say("linking.see"), buttons.Open("tautkan"))


def _join(ctx: Context, offer: LinkOffer) -> Context:
    """Make one person of both, who has agreed to the notice here too; returns the turn as that person's."""
    inbound, stays = ctx.inbound, offer.contact_id
    if ctx.contact is None:
        invitations.end_enrolment(ctx.tx, inbound.channel, address=inbound.address)
        addresses.give(ctx.tx, stays, channel=inbound.channel, address=inbound.address, now=ctx.now)
    else:
        stays = joining.join(ctx.tx, ctx.contact.id, other=stays, now=ctx.now)
        addresses.spoke_here(ctx.tx, inbound.channel, address=inbound.address, now=ctx.now)
    silent = opt_ins.silent_since(ctx.tx, stays) is not None
    opt_ins.record(
        ctx.tx,
        stays,
        opt_ins.OptIn(wants=not silent, channel=inbound.channel, how="button", version=NOTICE_VERSION),
        now=ctx.now,
    )
    contact = contacts.load(ctx.tx, stays)
    say = ctx.desk_data.words.in_(contact.language)
    return replace(ctx, contact=contact, say=say, dialogue=dialogues.load(ctx.tx, stays))


def _tell_elsewhere(ctx: Context, elsewhere: list[Address], *, offer: LinkOffer) -> None:
    """Say at the other addresses what was joined, so that nobody is joined behind their back."""
    news = Message(
        ctx.say("linking.joined_elsewhere", here=channel_title(ctx, ctx.inbound.channel)),
        ((_make_let_go(ctx),),),
    )
    for address in elsewhere:
        key = f"linked:{offer.id}:{address.channel}"
        outbox.insert(
            ctx.tx,
            channel=address.channel,
            address=address.address,
            message=news,
            now=ctx.now,
            terms=outbox.Terms(dedupe_key=key),
        )


# letting go


def _let_go(ctx: Context, button: buttons.Link) -> list[Message]:
    """Ask whether an address is to be let go, then do it; the last one stays."""
    every = addresses.of_contact(ctx.tx, ctx.person.id)
    address = next((address for address in every if address.channel == button.channel), None)
    if address is None or len(every) < 2:
        return _show_page(ctx) if len(every) > 1 else message(ctx.say("linking.last"), _make_privacy(ctx))
    title = channel_title(ctx, address.channel)
    if button.act == "off":
        yes = Choice(ctx.say("linking.let_go_yes"), buttons.Link("let", 0, address.channel))
        no = Choice(ctx.say("linking.no"), buttons.Open("tautkan"))
        return message(ctx.say("linking.let_go_ask", channel=title), (yes, no))
    unlinking.unlink(ctx.tx, ctx.person.id, channel=address.channel, address=address.address, now=ctx.now)
    return message(ctx.say("linking.let_go_done", channel=title), _make_help(ctx))


def _make_privacy(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.privacy"), buttons.Open("privasi")),)
