"""After a restore: the messages that waited in the backup leave, or are dropped, by one tap of the desk."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from domain import buttons
from domain.desk_data import DeskData
from domain.message import Choice, Message, Rows
from domain.reading.dates import say_datetime
from domain.texts import Say
from handlers.context import Context, message
from storage import audit, desk_messages, restores
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time


def tell(
    tx: Transaction,
    desk_data: DeskData,
    *,
    restore_id: int,
    held_back: int,
    copied_at: datetime,
    now: datetime,
) -> int:
    """Ask everybody at the desk what becomes of the held messages; returns how many are asked."""

    def write(language: str) -> Message:
        say = desk_data.words.in_(language)
        text = say(
            "restored_messages.told", count=held_back, at=_time(say, copied_at, zone=desk_data.timezone)
        )
        return Message(text, _doors(say, restore_id) if held_back else ())

    return desk_messages.queue(tx, f"restored:{restore_id}", write=write, now=now)


def _time(say: Say, moment: datetime, *, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return say_datetime(local, say.language, zone=local.tzname() or "")


def _doors(say: Say, restore_id: int) -> Rows:
    return (
        (Choice(say("restored_messages.send"), buttons.RestoredMessages("send", restore_id)),),
        (Choice(say("restored_messages.drop"), buttons.RestoredMessages("drop", restore_id)),),
    )


def open_ones(ctx: Context) -> list[Message]:
    """Ask again about what nobody has decided on yet, for the list of tasks."""
    return [
        Message(
            ctx.say("restored_messages.told", count=count, at=ctx.time(utc_time(copied_at))),
            _doors(ctx.say, restore_id),
        )
        for restore_id, copied_at, count in restores.open_ones(ctx.tx)
        if count
    ]


def decide(ctx: Context, button: buttons.RestoredMessages) -> list[Message]:
    """Let the held messages leave or drop them; a second decision is told what the first one was."""
    settled = restores.settle(ctx.tx, button.restore, choice=button.choice, now=ctx.now)
    if settled is None:
        ctx.refuse("restored_messages.refused", restore=button.restore, choice=button.choice)
        return message(ctx.say("restored_messages.settled_before"))
    audit.record(
        ctx.tx,
        f"restored_messages.{button.choice}",
        now=ctx.now,
        actor=ctx.person.id,
        restore=button.restore,
        count=settled,
        before="held",
        after=str(button.choice),
    )
    return message(ctx.say(f"restored_messages.done_{button.choice}", count=settled))
