"""/privasi: what is kept about a person and why, all of it as a file, and erasing it (UU 27/2022)."""

from __future__ import annotations

from dataclasses import dataclass

from domain import buttons
from domain.message import Attachment, Choice, Message, Rows
from domain.people import Role
from domain.texts import Marked, Say, join
from handlers import notices, yes_or_no
from handlers.context import Context, message
from handlers.door import silence
from handlers.door.accounts import accounts
from storage import audit, contacts, dialogues, offices, opt_ins, personal, posts
from storage.contacts import Reachable
from storage.engine.utc import utc_text, utc_time

NOTICE_VERSION = "3"  # rises whenever the words of the notice change
DIALOGUE = "privacy"  # erasing was asked for; its state counts how often the person has said so
FILE_NAME = "data-saya.json"


@dataclass(frozen=True, slots=True)
class Erasing:
    """State of the dialogue: how many times the person was asked."""

    asked: int = 0


def notice(ctx: Context) -> Marked:
    """Say what is kept, what for, who reads it and for how long."""
    return ctx.say("privacy.notice", days=ctx.desk_data.retention_days)


def privacy(ctx: Context) -> list[Message]:
    """Repeat the notice with the day it was agreed to, and offer the file and the erasing."""
    if ctx.contact is None:
        return message(notice(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    version, at, _ = contacts.consent(ctx.tx, ctx.person.id)
    agreed = ctx.time(utc_time(at))
    phone = ctx.person.phone or "–"
    kept = ctx.say(
        "privacy.kept",
        name=ctx.person.name, phone=phone, accounts=accounts(ctx), agreed=agreed, version=version,
    )  # fmt: skip
    silent = opt_ins.silent_since(ctx.tx, ctx.person.id)
    said = ctx.say("privacy.silent", since=ctx.time(silent)) if silent else ctx.say("privacy.speaks")
    turn = Choice(ctx.say("privacy.speak"), buttons.Privacy("speak"))
    if silent is None:
        turn = Choice(ctx.say("privacy.silence"), buttons.Privacy("silent"))
    doors = (
        (turn,),
        (Choice(ctx.say("privacy.get"), buttons.Privacy("data")),),
        (Choice(ctx.say("privacy.erase"), buttons.Privacy("erase")),),
        (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),),
    )
    return [*message(notice(ctx)), *message(join((kept, said)), *doors)]


def tapped(ctx: Context, button: buttons.Privacy) -> list[Message]:
    """Send the file, or go on towards erasing; what is tapped out of order begins at the first question."""
    if ctx.contact is None:
        return privacy(ctx)
    if button.act == "data":
        return _send_file(ctx)
    if button.act in silence.SWITCHES:
        return silence.turned(ctx, wants=button.act == "speak", how="button", version=NOTICE_VERSION)
    if button.act == "keep":
        dialogues.close(ctx.tx, ctx.person.id)
        return message(
            ctx.say("privacy.nothing_erased"), (Choice(ctx.say("opens.privacy"), buttons.Open("privasi")),)
        )
    if posts.is_last_of_desk(ctx.tx, ctx.person.id):
        return _refuse_last(ctx)
    asked = _read_asked(ctx)
    if button.act == "sure" and asked == 1:
        return _ask(ctx, 2)
    if button.act == "now" and asked == 2:
        return _erase(ctx)
    return _ask(ctx, 1)


def said(ctx: Context) -> list[Message]:
    """Take a typed yes or no while erasing is open."""
    if yes_or_no.agrees(ctx):
        return tapped(ctx, buttons.Privacy("sure" if _read_asked(ctx) == 1 else "now"))
    if yes_or_no.declines(ctx):
        return tapped(ctx, buttons.Privacy("keep"))
    return _ask(ctx, max(_read_asked(ctx), 1))


def _read_asked(ctx: Context) -> int:
    erasing = ctx.state(DIALOGUE, Erasing)
    return erasing.asked if erasing else 0


def _send_file(ctx: Context) -> list[Message]:
    audit.record(ctx.tx, "own_data_asked", now=ctx.now, actor=ctx.person.id)
    made = Attachment(
        "document", "my_data", {"contact": ctx.person.id, "asked_at": utc_text(ctx.now)}, FILE_NAME
    )
    rows: Rows = ((Choice(ctx.say("opens.privacy"), buttons.Open("privasi")),),)
    return [Message(ctx.say("privacy.file"), rows, attachment=made)]


def _ask(ctx: Context, times: int) -> list[Message]:
    """Ask whether to erase: first with what goes and what stays, then whether that is really meant."""
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=Erasing(times))
    keep = (Choice(ctx.say("privacy.keep"), buttons.Privacy("keep")),)
    if times > 1:
        return message(
            ctx.say("privacy.really"), (Choice(ctx.say("privacy.now"), buttons.Privacy("now")),), keep
        )
    warning = join([ctx.say("privacy.what_goes"), *_write_left_alone(ctx)])
    return message(warning, (Choice(ctx.say("privacy.sure"), buttons.Privacy("sure")),), keep)


def _refuse_last(ctx: Context) -> list[Message]:
    """Keep the last one of the desk: nobody could let anybody in after that."""
    dialogues.close(ctx.tx, ctx.person.id)
    audit.record(ctx.tx, "refused_last_of_desk", now=ctx.now, actor=ctx.person.id, contact=ctx.person.id)
    invite = Choice(ctx.say("opens.invite"), buttons.Open("undang"))
    return message(
        ctx.say("privacy.last_of_desk"), (invite,), (Choice(ctx.say("opens.offices"), buttons.Open("opd")),)
    )


def _write_left_alone(ctx: Context) -> list[Marked]:
    """Say which offices would be without anybody."""
    return [ctx.say("privacy.last_of_office", office=name) for name in _name_orphaned(ctx)]


def _name_orphaned(ctx: Context) -> list[str]:
    """Name the offices that this person serves alone."""
    alone = []
    for number in ctx.person.offices:
        others = [holder for holder in posts.of_office(ctx.tx, number) if holder.contact_id != ctx.person.id]
        office = offices.load(ctx.tx, number)
        if office is not None and not others:
            alone.append(office.name)
    return alone


def _erase(ctx: Context) -> list[Message]:
    alone, number = _name_orphaned(ctx), ctx.person.id
    personal.erase(ctx.tx, number, now=ctx.now)
    for name in alone:
        _tell_desk(ctx, name, number=number)
    text = ctx.say("privacy.erased", days=ctx.desk_data.retention_days)
    return message(text, (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def _tell_desk(ctx: Context, office: str, *, number: int) -> None:
    """Tell the desk that an office has nobody left, without saying who it was."""

    def words(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        return say("privacy.told_desk", office=office), (
            (Choice(say("opens.offices"), buttons.Open("opd")),),
        )

    notices.tell(ctx, f"erased:{number}:{office}", people=contacts.posts(ctx.tx, Role.ADMIN), words=words)
