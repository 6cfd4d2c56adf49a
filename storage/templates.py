"""The templates of an account, as the platform last told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.templates import TemplateNews
from storage import held_messages
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

APPROVED, UTILITY = "APPROVED", "UTILITY"


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """A template of the account."""

    name: str
    language: str
    status: str
    category: str

    @property
    def is_usable(self) -> bool:
        """Whether it may be sent: approved, and not moved to a category that costs more and may be
        refused.
        """
        return self.status == APPROVED and self.category == UTILITY


_ONE = (
    "SELECT name, language, status, category FROM templates WHERE channel = ? AND name = ? AND language = ?"
)
_ALL = "SELECT name, language, status, category FROM templates WHERE channel = ? ORDER BY name, language"
_NOTE = """
INSERT INTO templates (channel, name, language, status, category, changed_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel, name, language) DO UPDATE SET
    status = excluded.status, category = excluded.category, changed_at = excluded.changed_at
"""


def load(tx: Transaction, channel: str, *, name: str, language: str) -> AccountTemplate | None:
    """Load one; None when the platform never told of it."""
    row = tx.execute(_ONE, (channel, name, language)).fetchone()
    return AccountTemplate(*row) if row else None


def of_account(tx: Transaction, channel: str) -> list[AccountTemplate]:
    """List what the account holds, by name and language."""
    return [AccountTemplate(*row) for row in tx.execute(_ALL, (channel,))]


_LOST = """
SELECT count(*) FROM templates
WHERE status IN ('PAUSED', 'DISABLED', 'REJECTED', 'MISSING', 'MISMATCHED') OR category <> 'UTILITY'
"""


def count_lost(tx: Transaction) -> int:
    """Count those that were reviewed and may not be sent all the same."""
    return int(tx.execute(_LOST).fetchone()[0])


def is_usable(tx: Transaction, channel: str, *, name: str, language: str) -> bool:
    """Tell whether a template may be sent."""
    template = load(tx, channel, name=name, language=language)
    return template is not None and template.is_usable


def note(tx: Transaction, channel: str, *, news: TemplateNews, now: datetime) -> bool:
    """Keep what the platform says of a template; tells whether it can no longer be used.

    A category that nobody has told yet is taken for the one it was submitted with. What waits because there
    was no template is judged anew once it may be used.
    """
    name, language = news.name, news.language
    known = load(tx, channel, name=name, language=language)
    status = (news.status or (known.status if known else "PENDING")).upper()
    category = (news.category or (known.category if known else UTILITY)).upper()
    tx.execute(_NOTE, (channel, name, language, status, category, utc_text(now)))
    was_usable = known is not None and known.is_usable
    is_usable_now = AccountTemplate(name, language, status, category).is_usable
    if is_usable_now and not was_usable:
        held_messages.judge_again(tx, channel, now=now)
    return was_usable and not is_usable_now


_OUR_ACCOUNT = "SELECT account FROM accounts WHERE channel = ?"
_NOTE_ACCOUNT = """
INSERT INTO accounts (channel, account, noted_at) VALUES (?, ?, ?)
ON CONFLICT (channel) DO UPDATE SET account = excluded.account, noted_at = excluded.noted_at
"""


def our_account(tx: Transaction, channel: str) -> str:
    """Load which of the platform's accounts is ours; "" where it never told."""
    row = tx.execute(_OUR_ACCOUNT, (channel,)).fetchone()
    return str(row[0]) if row else ""


def note_account(tx: Transaction, channel: str, *, account: str, now: datetime) -> None:
    """Keep which account is ours, for the next start."""
    tx.execute(_NOTE_ACCOUNT, (channel, account, utc_text(now)))
