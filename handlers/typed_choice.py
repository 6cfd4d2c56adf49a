"""Typing in place of tapping: in every dialogue a number or label of the last keyboard is its button."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.buttons.base import SEPARATOR, Raw
from domain.message import Choice, Kind, Message
from domain.texts import join
from domain.typed_choice import MAX_CHARS, Pick, Reads, is_tap, pick
from handlers.context import Context, Says, message
from storage import keyboards


def meant(ctx: Context, open_now: Says | None) -> tuple[tuple[str, ...], list[Message]]:
    """Find the buttons a text stands for, or the question whether it does; neither where it is something
    else.
    """
    inbound = ctx.inbound
    if inbound.kind is not Kind.TEXT or inbound.reply_to or inbound.text.strip().startswith("/"):
        return (), []
    if len(inbound.text) > MAX_CHARS:
        return (), []
    offered = keyboards.newest(ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others)
    match = pick(inbound.text, offered)
    if match is None:
        return (), []
    taken = is_tap(match, open_now.reads(ctx) if open_now else Reads.NOTHING, own=_is_own(match, open_now))
    question = _ask(ctx, match) if taken is None else []
    return (tuple(choice.data for choice in match.choices) if taken else ()), question


def _is_own(match: Pick, open_now: Says | None) -> bool:
    family = open_now.family if open_now else None
    return family is not None and all(family.parse(choice.data) is not None for choice in match.choices)


def _ask(ctx: Context, match: Pick) -> list[Message]:
    """Ask which of the two is meant; nothing for a text that no button can carry, which is then an answer."""
    label = ", ".join(choice.label for choice in match.choices)
    try:
        answer = Choice(ctx.say("help.typed_answer"), buttons.Written.of(ctx.inbound.text.strip()))
    except ValueError:
        return []
    rows = [(Choice(choice.label, Raw(choice.data)),) for choice in match.choices]
    return message(ctx.say("help.typed_which", label=label), *rows, (answer,))


def command_or_answer(ctx: Context, name: str) -> list[Message]:
    """Ask whether the name of a command is meant as such; nothing where no button can open it."""
    opened = buttons.Open.parse(f"{buttons.Open.prefix()}{SEPARATOR}{name}")
    if opened is None:
        return []
    label = ctx.inbound.text.strip()
    rows = ((Choice(label, opened),), (Choice(ctx.say("help.typed_answer"), buttons.Written.of(label)),))
    return message(ctx.say("help.typed_which", label=label), *rows)


def in_words(message: Message) -> Message:
    """Say a toast in the message itself: nothing was tapped that could show it."""
    if not message.toast:
        return message
    return replace(message, toast="", text=join((message.toast, message.text)))
