"""Invitations for every office that nobody serves yet: one workbook with code, links and a text to paste."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain import buttons
from domain.channel_facts import ChannelFacts
from domain.message import Attachment, Choice, Message
from domain.people import Office, Role
from domain.texts import Marked, join
from handlers.context import Context, message
from handlers.offices.invite import DAYS, create, list_without
from storage import invitations

# widths of the columns
OFFICE_CHARS = 36
CODE_CHARS = 14
LINK_CHARS = 48
UNTIL_CHARS = 24
TEXT_CHARS = 90


def tapped(ctx: Context, button: buttons.InviteAll) -> list[Message]:
    """Ask whether to make them; on a yes to what was shown make them and send the workbook."""
    without = list_without(ctx)
    if not without:
        return message(ctx.say("invite_all.none"), _make_again(ctx))
    if button.act == "yes" and button.count == len(without):
        return _send(ctx, without)
    yes = Choice(ctx.say("invite_all.yes", count=len(without)), buttons.InviteAll("yes", len(without)))
    text = ctx.say("invite_all.sure", count=len(without), days=DAYS)
    return message(text, (yes,), _make_again(ctx))


def _send(ctx: Context, without: list[Office]) -> list[Message]:
    """Make a code for each office, in the place of one that nobody has used, and send them as a workbook."""
    channels = ctx.desk_data.channels_to_come_by
    head = [
        ctx.say("invite_all.column_office"),
        ctx.say("invite_all.column_code"),
        *(ctx.say("invite.link", channel=channel.title, link="").rstrip(": ") for channel in channels),
        ctx.say("invite_all.column_until"),
        ctx.say("invite_all.column_text"),
    ]
    rows = [_write_row(ctx, office, channels=channels) for office in without]
    args = {
        "head": head,
        "rows": rows,
        "sheet": ctx.say("invite_all.sheet"),
        "widths": [OFFICE_CHARS, CODE_CHARS, *(LINK_CHARS for _ in channels), UNTIL_CHARS, TEXT_CHARS],
    }
    sheet = Attachment("document", "text_sheet", args, ctx.say("invite_all.file_name"))
    return message(ctx.say("invite_all.done", count=len(rows)), _make_again(ctx), attachment=sheet)


def _write_row(ctx: Context, office: Office, *, channels: Sequence[ChannelFacts]) -> list[str]:
    for issued in invitations.of_office(ctx.tx, office.id):
        if issued.role is Role.FOCAL_POINT and issued.is_open(ctx.now):
            invitations.revoke(ctx.tx, issued.id, by=ctx.person.id, now=ctx.now)
    code = ctx.desk_data.new_code()
    create(ctx, code, role=Role.FOCAL_POINT, office=office)
    links = [channel.link_with(code) for channel in channels]
    until = ctx.time(ctx.now + timedelta(days=DAYS))
    return [office.name, code, *links, until, str(_write_text(ctx, office, code=code, links=links))]


def _write_text(ctx: Context, office: Office, *, code: str, links: list[str]) -> Marked:
    """Write what the desk pastes into a chat with the office."""
    until = ctx.day((ctx.now + timedelta(days=DAYS)).astimezone(ctx.desk_data.timezone).date())
    return ctx.say(
        "invite_all.text",
        office=office.name,
        links=join([Marked(link) for link in links], by="\n"),
        code=code,
        until=until,
        desk=ctx.desk,
    )


def _make_again(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.invite"), buttons.Open("undang")),)
