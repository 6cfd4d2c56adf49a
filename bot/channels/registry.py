"""The channels there are: a new one is its folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.channels.contract import Channel
from bot.channels.limits import Rates
from bot.channels.telegram.channel import TelegramChannel
from bot.config import Settings

NONE_CONFIGURED = "DESK_TELEGRAM_TOKEN is not set"


def _telegram(settings: Settings) -> Channel | None:
    if settings.telegram_token is None:
        return None
    secret = settings.telegram_webhook_secret
    return TelegramChannel(
        settings.telegram_token.get_secret_value(),
        root=settings.telegram_api_url,
        rates=Rates(settings.telegram_rate, settings.telegram_chat_rate, settings.telegram_chat_burst),
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=secret.get_secret_value() if secret else "",
    )


CHANNELS: Sequence[Callable[[Settings], Channel | None]] = (_telegram,)


def configured(settings: Settings) -> Mapping[str, Channel]:
    """Make the channels whose settings are there, by name; none is open yet."""
    made = [channel for make in CHANNELS if (channel := make(settings)) is not None]
    return {channel.name: channel for channel in made}
