"""Opens the channels at the start; one that is away or refuses us holds up no other and is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import chain, repeat

from bot.channels import Channel, SendError
from bot.startup import StartRefused
from domain.event_log import EventLog

CONNECT_TRIES_SECONDS = (0.5, 1, 2, 4, 8, 15, 30)  # the last is repeated

Faults = Mapping[str, SendError]  # why a channel is not open, by its name


async def connect(channels: Mapping[str, Channel], *, log: EventLog) -> Faults:
    """Open the channels; returns, as soon as one is open, why others are not.

    While none is open, platforms that are away are waited for; raises StartRefused when every one refuses
    our token.
    """
    waits = _list_waits()
    while True:
        tries = await asyncio.gather(*(_try_once(channel.open) for channel in channels.values()))
        faults = {name: fault for name, fault in zip(channels, tries, strict=True) if fault is not None}
        if len(faults) < len(channels):
            break
        if all(_refuses(fault) for fault in faults.values()):
            raise StartRefused(
                "; ".join(_write_refusal(channels[name], fault) for name, fault in faults.items())
            )
        wait = max(next(waits), min(fault.retry_after for fault in faults.values()))
        for name, fault in faults.items():
            log.warning("platform_unreachable", channel=name, kind=type(fault).__name__, wait=wait)
        await asyncio.sleep(wait)
    for name, fault in faults.items():
        log.error("channel_not_open", channel=name, told=_write_refusal(channels[name], fault))
    return faults


async def subscribe(channel: Channel, *, is_only_one: bool, log: EventLog) -> SendError | None:
    """Have a channel's updates pushed to us; returns why that was not taken while others are open.

    The only channel is waited for; raises StartRefused when its platform does not take our address.
    """
    waits = _list_waits()
    while (fault := await _try_once(channel.subscribe)) is not None:
        if not is_only_one:
            break
        if _refuses(fault):
            raise StartRefused(f"{channel.title} refuses {channel.webhook_setting}: {fault}")
        wait = max(next(waits), fault.retry_after)
        log.warning("platform_unreachable", channel=channel.name, kind=type(fault).__name__, wait=wait)
        await asyncio.sleep(wait)
    return fault


async def until_taken(
    call: Callable[[], Awaitable[None]],
    channel: Channel,
    *,
    fault: SendError | None,
    refused_seconds: float,
    log: EventLog,
) -> None:
    """Repeat a call until the platform takes it; `fault` is its last word, and where that refuses us
    `refused_seconds` lie between two tries.
    """
    waits = _list_waits()
    while True:
        if fault is not None:
            await asyncio.sleep(refused_seconds if _refuses(fault) else max(next(waits), fault.retry_after))
        fault = await _try_once(call)
        if fault is None:
            return
        log.warning("channel_not_open", channel=channel.name, told=str(fault))


async def _try_once(call: Callable[[], Awaitable[None]]) -> SendError | None:
    try:
        await call()
    except SendError as fault:
        return fault
    return None


def _list_waits() -> Iterator[float]:
    return chain(CONNECT_TRIES_SECONDS, repeat(CONNECT_TRIES_SECONDS[-1]))


def _refuses(fault: SendError) -> bool:
    """Tell whether the platform answered and refuses us; else it is away."""
    return fault.down or not fault.retry


def _write_refusal(channel: Channel, fault: SendError) -> str:
    if _refuses(fault):
        return f"{channel.title} refuses {channel.token_setting}: {fault}"
    return f"{channel.title} is not reached: {fault}"
