"""Tells people unasked what the desk changed: each once, at a decent hour; counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from domain.desk_data import DeskData
from domain.message import Message, Rows
from domain.templates import Kind, TemplateNews, with_template
from domain.texts import Catalogue, Marked, Say
from handlers.context import Context
from storage import contacts, desk_messages, outbox, second_channel
from storage.contacts import Reachable
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

Words = Callable[[Say, Reachable], tuple[Marked, Rows]]


def tell(
    ctx: Context,
    key: str,
    *,
    people: Iterable[Reachable],
    words: Words,
    template: Kind = "desk",
    **parameters: str,
) -> int:
    """Queue a notice for each person, but not for who is speaking; returns how many are told.

    `key` names the change: whoever is told of it a second time hears nothing. `template` with its
    parameters is what may be sent to somebody who has not spoken for long.
    """
    count = 0
    for reader in _list_others(ctx, people):
        text, rows = words(ctx.desk_data.words.in_(reader.language), reader)
        message = with_template(
            Message(text, rows),
            ctx.desk_data.templates[template],
            language=reader.language,
            parameters=parameters,
        )
        count += _queue(ctx, reader, message=message, key=f"{key}:{reader.contact_id}")
    return count


def _queue(ctx: Context, reader: Reachable, *, message: Message, key: str) -> bool:
    due = decent(ctx)
    row_id = outbox.insert(
        ctx.tx,
        channel=reader.channel,
        address=reader.address,
        message=message,
        now=ctx.now,
        terms=outbox.Terms(
            priority=outbox.REMINDER, dedupe_key=key, not_before=None if due <= ctx.now else due
        ),
    )
    return row_id is not None


def tell_person(ctx: Context, contact_id: int, *, key: str, words: Callable[[Say], Marked]) -> bool:
    """Queue what one person started and waits for, at any hour, once for the key; False where they cannot be
    reached.
    """
    where = contacts.reach(ctx.tx, contact_id)
    if where is None:
        return False
    channel, address, language = where
    outbox.insert(
        ctx.tx,
        channel=channel,
        address=address,
        message=Message(words(ctx.desk_data.words.in_(language))),
        now=ctx.now,
        terms=outbox.Terms(dedupe_key=key),
    )
    return True


def count(ctx: Context, people: Iterable[Reachable]) -> int:
    """Count whom a notice would go to."""
    return len(_list_others(ctx, people))


def _list_others(ctx: Context, people: Iterable[Reachable]) -> list[Reachable]:
    """List each person once, without who is speaking."""
    speaker = ctx.contact.id if ctx.contact is not None else None
    return [
        reader
        for reader in {reader.contact_id: reader for reader in people}.values()
        if reader.contact_id != speaker
    ]


def decent(ctx: Context) -> datetime:
    """When people may next be written to unasked; now where the hour is decent (F58)."""
    return ctx.desk_data.calendar.next_decent(ctx.now, ctx.desk_data.timezone)


def result(ctx: Context, count: int) -> Marked:
    """Say to the desk how many were told, and when if not at once."""
    if not count:
        return ctx.say("notices.nobody")
    if (due := decent(ctx)) > ctx.now:
        return ctx.say("notices.later", count=count, at=ctx.time(due))
    return ctx.say("notices.now", count=count)


def tell_of_template(
    tx: Transaction, words: Catalogue, *, channel: str, news: TemplateNews, now: datetime
) -> None:
    """Tell everybody at the desk that a template can be used no more, once for each thing that became of
    it.
    """
    key_of_words = "notices.template_marketing" if news.category else "notices.template_lost"
    key = f"template:{channel}:{news.name}:{news.language}:{news.status or news.category}:{now.date()}"

    def write(language: str) -> Message:
        say = words.in_(language)
        return Message(say(key_of_words, name=news.name, language=news.language, status=news.status))

    desk_messages.queue(tx, key, write=write, now=now)


def tell_of_unknown_files(tx: Transaction, words: Catalogue, *, count: int, now: datetime) -> None:
    """Tell everybody at the desk that the evidence folder held files which no record names."""

    def write(language: str) -> Message:
        return Message(words.in_(language)("notices.unknown_files", count=count))

    desk_messages.queue(tx, f"unknown_files:{utc_text(now)}", write=write, now=now)


def try_other_address(tx: Transaction, desk_data: DeskData, *, outbox_id: int, now: datetime) -> None:
    """Send what will not arrive, and what was dropped with it, to the other address of its person, once."""
    due = desk_data.calendar.next_decent(now, desk_data.timezone)
    for number in (outbox_id, *second_channel.dropped_with(tx, outbox_id)):
        second_channel.send_instead(tx, number, now=now, due=due)


def tell_of_backup(tx: Transaction, words: Catalogue, *, day: date, now: datetime) -> None:
    """Tell everybody at the desk, once a day, that the nightly backup was not made."""

    def write(language: str) -> Message:
        return Message(words.in_(language)("notices.no_backup"))

    desk_messages.queue(tx, f"no_backup:{day}", write=write, now=now)
