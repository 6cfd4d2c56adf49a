"""/start: greet, enrol by a one-time code or a listed number, ask for consent and for the phone number."""

from __future__ import annotations

from domain import buttons
from domain.buttons import Key
from domain.message import Choice, Kind, Message
from domain.reading.invitation_codes import CODE, code_in
from domain.reading.link_codes import link_code_in
from domain.reading.remarks import Remark, remark_in
from domain.texts import join
from handlers import ui
from handlers.context import Context, message
from handlers.door import consent, enrolling, linking, own_number, second_role
from handlers.door.accounts import proved_number
from handlers.door.code_found import find_bare_code, is_nearly_code
from handlers.door.privacy import notice
from handlers.door.welcome import greeted, post, welcome
from handlers.questions import ask
from storage import audit, contacts, dialogues, invitations, offices, personal, roster
from storage.invitations import Enrolment, Invitation
from storage.roster import Entry


def start(ctx: Context) -> list[Message]:
    """Take the code behind the command, else greet."""
    said = ctx.args.strip()
    if link_code := link_code_in(said):
        return linking.code_sent(ctx, link_code)
    if said:
        return code_given(ctx, code_in(said) or said)
    if ctx.contact is not None:
        dialogues.close(ctx.tx, ctx.person.id)
        return greeted(ctx)
    return stranger(ctx, begins=True)


def code_given(ctx: Context, code: str) -> list[Message]:
    """Look at a code: right, used, expired or unknown, each with what to do next."""
    tx, inbound = ctx.tx, ctx.inbound
    if wait := invitations.wait_after_wrong(tx, inbound.channel, address=inbound.address, now=ctx.now):
        ctx.refuse("refused_code", why="wait")
        return _refuse(ctx, linking.CODE_WAITS[wait])
    invitation = invitations.by_code(tx, code) if CODE.fullmatch(code) else None
    if invitation is None:
        invitations.note_wrong(tx, inbound.channel, address=inbound.address, now=ctx.now)
        return _refuse(ctx, "start.code_unknown")
    if not invitation.is_open(ctx.now):
        return _refuse_closed(ctx, invitation)
    if ctx.contact is not None:
        return second_role.ask(ctx, invitation)
    invitations.begin_enrolment(
        tx,
        inbound.channel,
        address=inbound.address,
        now=ctx.now,
        enrolment=invitations.Enrolment(language=ctx.say.language, invitation_id=invitation.id),
    )
    return consent.ask_consent(ctx, invitation)


def _refuse_closed(ctx: Context, invitation: Invitation) -> list[Message]:
    """Say why a code opens nothing any more."""
    key = "start.code_expired"
    if invitation.used:
        key = "start.code_used"
    elif invitation.ended:
        key = "start.code_ended"
    actor = ctx.contact.id if ctx.contact else None
    why = key.removeprefix("start.code_")
    audit.record(ctx.tx, "refused_code", now=ctx.now, actor=actor, invitation=invitation.id, why=why)
    return _refuse(ctx, key)


def _refuse(ctx: Context, key: str) -> list[Message]:
    return message(ctx.say(key, desk=ctx.desk), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def stranger(ctx: Context, *, begins: bool = False) -> list[Message]:
    """Answer somebody we do not know: consent that is open, a pasted code, or how to get in.

    Whoever begins or greets reads the privacy notice there (F4).
    """
    inbound = ctx.inbound
    enrolment = invitations.enrolment(ctx.tx, inbound.channel, address=inbound.address)
    if inbound.kind is Kind.TEXT and (bare := find_bare_code(inbound.text)):
        return code_given(ctx, bare)
    if inbound.kind is Kind.PHONE:
        return _take_number(ctx)
    if enrolment is None and (offered := linking.still_asked(ctx) or linking.number_known(ctx)):
        return [*(_explain_code(ctx) if is_nearly_code(inbound.text) else ask.heard(ctx, None)), *offered]
    if enrolment is None and _find_listed(ctx, proved_number(ctx)):
        return _take_number(ctx)
    if enrolment is None and is_nearly_code(inbound.text):
        return _explain_code(ctx)
    if enrolment is None:
        return ui.as_one(ask.heard(ctx, None), at_the_door(ctx, begins=begins or _is_greeting(ctx)))
    if answer := consent.read_consent(ctx):
        return consented(ctx, buttons.Consent(answer))
    if answered := ask.heard(ctx, None):
        return ui.as_one(answered, _ask_shortly(ctx, enrolment))
    return _ask_again(ctx, enrolment)


def _is_greeting(ctx: Context) -> bool:
    """Tell whether somebody only greets: on some channels a talk has no other beginning."""
    remark = remark_in(ctx.inbound.text) if ctx.inbound.kind is Kind.TEXT else None
    return remark is not None and remark.kind is Remark.GREETING


def _explain_code(ctx: Context) -> list[Message]:
    """Say what a code looks like when only a part of one was copied; it does not count as an attempt."""
    text = ctx.say("start.code_length", count=len(ctx.inbound.text.strip()), desk=ctx.desk)
    return message(text, (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def at_the_door(ctx: Context, *, begins: bool = False) -> list[Message]:
    """Say how to register, by a code, or by one's number where the roster has open rows; and what is kept:
    to whoever begins in words, to others behind a button.
    """
    kept = () if begins else (Choice(ctx.say("opens.privacy"), buttons.Open("privasi")),)
    rows: list[tuple[Choice, ...]] = [(Choice(ctx.say("opens.help"), buttons.Open("bantuan")), *kept)]
    if ctx.inbound.proves_phone and roster.any_waiting(ctx.tx) and not proved_number(ctx):
        rows.insert(0, (Choice(ctx.say("start.by_number"), buttons.Consent("number")),))
    door = ctx.say("start.stranger", desk=ctx.desk)
    return message(join((door, notice(ctx))) if begins else door, *rows)


def _ask_number(ctx: Context) -> list[Message]:
    share, skip = Choice(ctx.say("start.phone_share"), Key()), Choice(ctx.say("conversation.skip"), Key())
    return message(ctx.say("start.number_ask"), (share,), (skip,), ask="phone")


def _take_number(ctx: Context) -> list[Message]:
    """Look for a stranger's own number in the roster; nothing is kept of one that is not there."""
    inbound, number = ctx.inbound, proved_number(ctx)
    if number and (holder := contacts.of_phone(ctx.tx, number)):
        return linking.number_known(ctx, again=True) or [
            *own_number.refuse_number(ctx, holder),
            *at_the_door(ctx),
        ]
    listed = _find_listed(ctx, number)
    if not listed:
        key = "start.number_unknown" if inbound.phone_is_own else "start.number_other"
        enrolment = invitations.enrolment(ctx.tx, inbound.channel, address=inbound.address)
        goes_on = _ask_again(ctx, enrolment) if enrolment else at_the_door(ctx)
        return [*message(ctx.say(key, desk=ctx.desk), ask="remove"), *goes_on]
    language = ctx.say.language
    invitations.begin_enrolment(
        ctx.tx,
        inbound.channel,
        address=inbound.address,
        now=ctx.now,
        enrolment=invitations.Enrolment(language=language, roster_phone=number),
    )
    return consent.ask_to_agree(
        ctx, ctx.say("start.number_known", posts=_name_posts(ctx, listed)), ask="remove"
    )


def _find_listed(ctx: Context, number: str) -> list[Entry]:
    """Find what the roster has for a number, for offices that still are."""
    waiting = roster.waiting(ctx.tx, number) if number else []
    return [entry for entry in waiting if entry.office_id is None or _is_active(ctx, entry.office_id)]


def _is_active(ctx: Context, office_id: int) -> bool:
    office = offices.load(ctx.tx, office_id)
    return office is not None and office.active


def _name_posts(ctx: Context, listed: list[Entry]) -> str:
    return ", ".join(post(ctx, entry.role, office_id=entry.office_id) for entry in listed)


def _ask_shortly(ctx: Context, enrolment: Enrolment) -> list[Message]:
    """Ask for consent below an answer: the notice itself stands above, and behind a button."""
    asked = _ask_again(ctx, enrolment)
    agree = buttons.Consent("yes").data()
    if not any(choice.data == agree for row in asked[-1].rows for choice in row):
        return asked
    kept = Choice(ctx.say("opens.privacy"), buttons.Open("privasi"))
    return message(ctx.say("start.consent_shortly"), *asked[-1].rows, (kept,))


def _ask_again(ctx: Context, enrolment: Enrolment) -> list[Message]:
    """Ask for consent once more; a number that is no longer listed, or a code that is gone, leads back to
    the door.
    """
    invitation = invitations.by_id(ctx.tx, enrolment.invitation_id) if enrolment.invitation_id else None
    if invitation is not None and invitation.is_open(ctx.now):
        return consent.ask_consent(ctx, invitation)
    if listed := _find_listed(ctx, enrolment.roster_phone or ""):
        return consent.ask_to_agree(ctx, ctx.say("start.number_known", posts=_name_posts(ctx, listed)))
    invitations.end_enrolment(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
    return at_the_door(ctx)


def consented(ctx: Context, button: buttons.Consent) -> list[Message]:
    """Take the answer to the privacy notice, or the wish to keep the number to oneself."""
    if button.answer == "nophone" and ctx.contact is not None:
        return own_number.go_on(ctx, "start.phone_skipped")
    inbound = ctx.inbound
    enrolment = invitations.enrolment(ctx.tx, inbound.channel, address=inbound.address)
    if button.answer == "number" and ctx.contact is None:
        return _take_number(ctx) if proved_number(ctx) else _ask_number(ctx)
    if ctx.contact is not None or enrolment is None:
        return welcome(ctx) if ctx.contact is not None else stranger(ctx)
    if button.answer != "yes":
        personal.forget_address(ctx.tx, inbound.channel, address=inbound.address)
        audit.record(ctx.tx, "consent_declined", now=ctx.now, invitation=enrolment.invitation_id)
        text = ctx.say("start.declined", days=ctx.desk_data.retention_days)
        return message(text, (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    return _enrol(ctx, enrolment)


def _enrol(ctx: Context, enrolment: Enrolment) -> list[Message]:
    """Enrol by what brought them: their number in the roster, or a code; either may be gone by now."""
    inbound = ctx.inbound
    if (phone := enrolment.roster_phone) is not None:
        listed = _find_listed(ctx, phone)
        invitations.end_enrolment(ctx.tx, inbound.channel, address=inbound.address)
        if not listed:
            return at_the_door(ctx)
        return enrolling.enrol_listed(ctx, phone, listed=listed, language=enrolment.language)
    invitation = invitations.by_id(ctx.tx, enrolment.invitation_id or 0)
    if invitation is None or not invitation.is_open(ctx.now):
        invitations.end_enrolment(ctx.tx, inbound.channel, address=inbound.address)
        return _refuse_closed(ctx, invitation) if invitation else _refuse(ctx, "start.code_unknown")
    return enrolling.enrol(ctx, invitation, language=enrolment.language)
