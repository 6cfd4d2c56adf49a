"""What follows when the platform tells later that a message it had taken over failed: most failures come so.

The errors decide as they do where a send is refused at once (`bot/outbound/one_message.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.channels import SendError, TemplateRefused
from domain.delivery import Failure, decide
from domain.message import Message
from domain.templates import TemplateNews
from storage import failed_sends
from storage.engine.transaction import Transaction
from storage.failed_sends import FailedSend
from storage.outbox import REPLY

TRIED_AGAIN_FOR = timedelta(hours=1)  # after it was written, a message that may be tried again
DOWN_PAUSE = timedelta(minutes=10)  # between tries while the platform carries nothing at all


class HearsOfFailure(Protocol):
    """Who does something about a message that does not arrive."""

    def not_arrived(self, tx: Transaction, outbox_id: int, *, now: datetime) -> None:
        """Try another way to the person where a message failed for good."""

    def template_told(self, tx: Transaction, channel: str, *, news: TemplateNews, now: datetime) -> None:
        """Keep what a platform says of a template, and tell the desk where it can be used no more."""


def leaves_again(
    tx: Transaction, outbox_id: int, *, error: SendError, now: datetime, desk: HearsOfFailure
) -> bool:
    """Have a failed message leave once more where that may help; False where it failed for good.

    1. A template that the platform refuses is used no more, and the message is judged again without it.
    2. What failed for now is tried again for an hour, unless the talk has gone on meanwhile.
    """
    failed = failed_sends.load(tx, outbox_id)
    if failed is None:
        return False
    if isinstance(error, TemplateRefused):
        return _goes_without_template(tx, failed, error=error, now=now, desk=desk)
    is_late = now - failed.created_at > TRIED_AGAIN_FOR
    if not error.retry or is_late or (failed.priority == REPLY and failed_sends.is_overtaken(tx, failed)):
        return False
    failure = Failure(error.retry, unknown=False, blocked=error.blocked, retry_after=error.retry_after)
    decision = decide(failure, attempts=failed.attempts, repeatable=True, now=now)
    if decision.state != "waiting":
        return False
    until = now + DOWN_PAUSE if error.down else decision.not_before
    failed_sends.put_back(tx, failed, until=until)
    return True


def _goes_without_template(
    tx: Transaction, failed: FailedSend, *, error: TemplateRefused, now: datetime, desk: HearsOfFailure
) -> bool:
    template = Message.from_json(failed.payload).template
    if template is None:
        return False
    desk.template_told(
        tx, failed.channel, news=TemplateNews(template.name, template.language, error.status), now=now
    )
    failed_sends.put_back(tx, failed)
    return True
