"""The channels there are: a new one is its folder and a line here.

Each is imported only where it is configured: a library takes a third of the processor time of a start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.channels.contract import Channel
from bot.channels.limits import Rates
from bot.config import Settings

NONE_CONFIGURED = "neither DESK_TELEGRAM_TOKEN nor the four DESK_WHATSAPP_… settings are set"


def _make_telegram(settings: Settings) -> Channel | None:
    if settings.telegram_token is None:
        return None
    from bot.channels.telegram.channel import TelegramChannel

    secret = settings.telegram_webhook_secret
    return TelegramChannel(
        settings.telegram_token.get_secret_value(),
        root=settings.telegram_api_url,
        rates=Rates(settings.telegram_rate, settings.telegram_chat_rate, settings.telegram_chat_burst),
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=secret.get_secret_value() if secret else "",
    )


def _make_whatsapp(settings: Settings) -> Channel | None:
    token = settings.whatsapp_token
    secret = settings.whatsapp_app_secret
    verify = settings.whatsapp_verify_token
    if not (token and settings.whatsapp_phone_id and secret and verify):
        return None
    from bot.channels.whatsapp.channel import WhatsAppChannel

    return WhatsAppChannel(
        token.get_secret_value(),
        phone_id=settings.whatsapp_phone_id,
        app_secret=secret.get_secret_value(),
        verify_token=verify.get_secret_value(),
        root=settings.whatsapp_api_url,
        account_id=settings.whatsapp_account_id,
    )


# by the name that rows of the database have
CHANNELS: Mapping[str, Callable[[Settings], Channel | None]] = {
    "telegram": _make_telegram,
    "whatsapp": _make_whatsapp,
}


def configured(settings: Settings) -> Mapping[str, Channel]:
    """Make the channels whose settings are there, by name; none is open yet."""
    made = {name: make(settings) for name, make in CHANNELS.items()}
    return {name: channel for name, channel in made.items() if channel is not None}
