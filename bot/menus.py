"""Shows strangers and everybody we know the commands of this version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.channels import Channel, SendError
from domain.event_log import EventLog
from handlers.desk import Desk
from storage import contacts
from storage.engine.database import Database

START_SECONDS = 0.3  # answers go first
MENU_SECONDS = 0.05  # between two menus


async def show_menus(
    database: Database, channel: Channel, *, desk: Desk, language: str, log: EventLog
) -> None:
    """Set every menu of a channel once, slowly; `language` is the one phones of any other language see."""
    if not channel.can.menus:
        return
    await asyncio.sleep(START_SECONDS)
    for role, spoken, commands in desk.menus():
        if role is None:
            await _show(channel, commands, language="" if spoken == language else spoken, log=log)
    for address, contact in await database.read(lambda tx: contacts.everybody(tx, channel.name)):
        await _show(channel, desk.menu(contact.roles, contact.language), address=address, log=log)
        await asyncio.sleep(MENU_SECONDS)


async def _show(
    channel: Channel,
    commands: Sequence[tuple[str, str]],
    *,
    log: EventLog,
    language: str = "",
    address: str = "",
) -> None:
    try:
        await channel.set_menu(commands, language=language, address=address)
    except SendError as error:
        # a help only: typing the commands works without it
        log.warning("menu_not_set", channel=channel.name, kind=type(error).__name__)
