"""A status of the Cloud API becomes what is known of one message of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels import Refused, SendError, Unreadable
from bot.channels.contract import SendStatus
from bot.channels.whatsapp.failures import of_code
from bot.channels.whatsapp.items import dict_in, list_in, text_in
from domain.delivery import Progress

CATEGORY_CHARS = 40
TRACKER_DIGITS = 18  # a row's number has 63 bits
_PROGRESS: Mapping[str, Progress] = {
    "accepted": Progress.ACCEPTED,
    "sent": Progress.SENT,
    "delivered": Progress.DELIVERED,
    "read": Progress.READ,
    "played": Progress.READ,
    "failed": Progress.FAILED,
}


def status(item: Mapping[str, Any]) -> SendStatus:
    """Read one status; raises Unreadable for a state we do not know, and for a message that is not ours."""
    progress, tracker = _PROGRESS.get(text_in(item, "status")), text_in(item, "biz_opaque_callback_data")
    is_ours = tracker.isascii() and tracker.isdecimal() and len(tracker) <= TRACKER_DIGITS
    if progress is None or not is_ours:
        raise Unreadable("no status of a message of ours")
    failed = progress is Progress.FAILED
    pricing = dict_in(item, "pricing")
    billable = pricing.get("billable")
    return SendStatus(
        int(tracker),
        progress,
        text_in(item, "id"),
        _find_error(item) if failed else None,
        billable if isinstance(billable, bool) else None,
        text_in(pricing, "category")[:CATEGORY_CHARS],
    )


def _find_error(item: Mapping[str, Any]) -> SendError:
    """Tell why it failed, by the first error's code."""
    errors = list_in(item, "errors")
    code = errors[0].get("code") if errors and isinstance(errors[0], Mapping) else None
    if not isinstance(code, int) or isinstance(code, bool):
        return Refused("no code")
    return of_code(code, str(code))
