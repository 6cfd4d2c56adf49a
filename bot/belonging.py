"""Refuses the database of another desk: of another regency, another bot or another number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.config import Settings
from domain.reading.regency import regency
from storage import belongings
from storage.engine.database import Database
from storage.engine.transaction import Transaction

NEW_BOT = "run desk-inovasi migrate --new-bot"
_REGENCY = "regency"
_CALLED = {_REGENCY: "regency", "telegram": "Telegram bot", "whatsapp": "WhatsApp number"}


class OtherDesk(RuntimeError):
    """the database is another desk's"""


def belongings_of(settings: Settings) -> dict[str, str]:
    """Name regency, bot and number of the settings; a channel that is not set is not named."""
    token, number = settings.telegram_token, settings.whatsapp_phone_id
    named = {
        _REGENCY: regency().name,
        "telegram": token.get_secret_value().partition(":")[0] if token else "",
        "whatsapp": number or "",
    }
    return {name: value for name, value in named.items() if value}


def refuse_other(known: Mapping[str, str], settings: Settings, *, what: str, way: str = NEW_BOT) -> None:
    """Raise OtherDesk where what is known of a database or a backup differs from the settings.

    `what` begins the sentence; `way` is what to do where the desk has a new bot or number.
    """
    for name, ours in belongings_of(settings).items():
        theirs = known.get(name, ours)
        if theirs != ours:
            called = _CALLED[name]
            ways = "name this desk's own" if name == _REGENCY else f"name this desk's own, or {way}"
            raise OtherDesk(f"{what} is another desk's: of {called} {theirs}, and ours is {ours}; {ways}")


def refuse_other_regency(known: Mapping[str, str], settings: Settings, *, what: str) -> None:
    """Raise OtherDesk where a database is known to be of another regency, whatever its bot and number."""
    refuse_other({name: value for name, value in known.items() if name == _REGENCY}, settings, what=what)


async def keep_belongings(database: Database, settings: Settings, *, now: datetime) -> None:
    """Note whose database this is at its first start; raises OtherDesk where it is another desk's."""

    def unit(tx: Transaction) -> None:
        refuse_other(belongings.load(tx), settings, what=str(settings.database))
        belongings.note(tx, belongings_of(settings), now=now)

    await database.run(unit)


def take_over(tx: Transaction, settings: Settings, *, now: datetime) -> None:
    """Let the database belong to the bot and the number of the settings; another regency's stays refused."""
    refuse_other_regency(belongings.load(tx), settings, what="it")
    belongings.note(tx, belongings_of(settings), now=now)
