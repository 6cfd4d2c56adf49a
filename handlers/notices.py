"""Telling people unasked about what the desk changed: once each, at a decent hour, and how many that was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from domain.message import Message, Rows
from domain.people import Role
from domain.texts import Catalogue, Marked, Say
from handlers.context import Context
from storage import contacts, outbox
from storage.contacts import Reachable
from storage.engine.database import Transaction
from storage.engine.utc import utc_text

Words = Callable[[Say, Reachable], tuple[Marked, Rows]]


def tell(ctx: Context, key: str, people: Iterable[Reachable], words: Words) -> int:
    """Queue a notice for each person, but not for who is speaking; returns how many are told.

    `key` names the change: whoever is told of it a second time hears nothing.
    """
    told = 0
    due = decent(ctx)
    for one in _others(ctx, people):
        text, rows = words(ctx.house.words.in_(one.language), one)
        told += bool(
            outbox.insert(
                ctx.tx,
                channel=one.channel,
                address=one.address,
                message=Message(text, rows),
                now=ctx.now,
                priority=outbox.REMINDER,
                dedupe_key=f"{key}:{one.contact_id}",
                not_before=None if due <= ctx.now else due,
            )
        )
    return told


def count(ctx: Context, people: Iterable[Reachable]) -> int:
    """Count whom a notice would go to."""
    return len(_others(ctx, people))


def _others(ctx: Context, people: Iterable[Reachable]) -> list[Reachable]:
    """List each person once, without who is speaking."""
    speaker = ctx.contact.id if ctx.contact is not None else None
    return [one for one in {one.contact_id: one for one in people}.values() if one.contact_id != speaker]


def decent(ctx: Context) -> datetime:
    """When people may next be written to unasked; now where the hour is decent (F58)."""
    return ctx.house.calendar.next_decent(ctx.now, ctx.house.timezone)


def result(ctx: Context, told: int) -> Marked:
    """Say to the desk how many were told, and when if not at once."""
    if not told:
        return ctx.say("notices.nobody")
    if (due := decent(ctx)) > ctx.now:
        return ctx.say("notices.later", count=told, at=ctx.time(due))
    return ctx.say("notices.now", count=told)


def tell_of_unknown_files(tx: Transaction, words: Catalogue, *, count: int, now: datetime) -> None:
    """Tell everybody at the desk that the evidence folder held files which no record names."""
    for channel, address, language in contacts.reachable(tx, Role.ADMIN):
        outbox.insert(
            tx,
            channel=channel,
            address=address,
            message=Message(words.in_(language)("notices.unknown_files", count=count)),
            now=now,
            dedupe_key=f"unknown_files:{utc_text(now)}:{channel}:{address}",
        )
