"""The accounts of a person: on which channels they are known, and the number an account proves."""

from __future__ import annotations

from domain.channel_facts import title_of
from domain.reading.phones import normal
from handlers.context import Context
from storage import addresses


def channel_title(ctx: Context, channel: str) -> str:
    """Name a channel as people write it."""
    return title_of(ctx.desk_data.channels, channel)


def accounts(ctx: Context) -> str:
    """Name the channels on which the person is known."""
    every = addresses.of_contact(ctx.tx, ctx.person.id)
    return ", ".join(sorted(channel_title(ctx, address.channel) for address in every))


def proved_number(ctx: Context) -> str:
    """The number the platform has proved with this very update, E.164; "" where it brings none."""
    return normal(ctx.inbound.phone, from_platform=True) if ctx.inbound.phone_is_own else ""
