"""What the Cloud API's errors mean for us: who or what stops, and for how long.

Codes: developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

import httpx
from pywa.errors import WhatsAppError

from bot.channels import (
    Blocked,
    ChannelDown,
    FateUnknown,
    NotSent,
    Refused,
    SendError,
    TemplateRefused,
    Throttled,
    Undeliverable,
    WindowClosed,
)

# Meta asks to wait 4^X seconds after the X-th refusal in a row of the pair limit
PAIR_SECONDS, PAIR_GROWS = 4.0, 4.0
BUSY_SECONDS = 5.0  # a pause for the whole number
_PAIR, _BUSY = {131056}, {130429, 80007, 4, 131064}
_WINDOW = {131047}
_NUMBER = {131026}  # not on WhatsApp, an old app, or terms not agreed to
_TEMPLATES = {
    132000: "MISMATCHED",
    132001: "MISSING",
    132005: "MISMATCHED",
    132007: "REJECTED",
    132012: "MISMATCHED",
    132015: "PAUSED",
    132016: "DISABLED",
}
_PERSON = {131050, 131021}  # stopped us, or we ourselves
_TRANSIENT = {1, 2, 131000, 131016, 131057, 133004}
_ALL = {0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, 131048, 133010}
_PERMISSIONS = range(200, 300)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def translated(error: WhatsAppError) -> SendError:
    """Turn an answer of the platform into ours; its words never quote what we sent."""
    return of_code(error.code, f"{error.code} {type(error).__name__}", status=error.status_code or 400)


def of_code(code: int, description: str, *, status: int = 400) -> SendError:
    """Turn an error's code into ours, whether it came as an answer or later as a status."""
    if code in _WINDOW:
        return WindowClosed(description)
    if code in _PAIR:
        return Throttled(PAIR_SECONDS, holds="chat", grows=PAIR_GROWS)
    if code in _BUSY or status == 429:
        return Throttled(BUSY_SECONDS, holds="all")
    if code in _ALL or code in _PERMISSIONS or status == 401:
        return ChannelDown(description)
    if code in _PERSON:
        return Blocked(description)
    if code in _TEMPLATES:
        return TemplateRefused(description, _TEMPLATES[code])
    if code in _NUMBER:
        return Undeliverable(description)
    return NotSent(description) if code in _TRANSIENT or status >= 500 else Refused(description)


def of_transport(error: httpx.HTTPError) -> SendError:
    """Turn a failing connection into ours: what left may have arrived."""
    return (
        NotSent(type(error).__name__) if isinstance(error, _NEVER_LEFT) else FateUnknown(type(error).__name__)
    )
