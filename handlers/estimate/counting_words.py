"""Why something that was sent does not count, in words; the same line in list, page, notice and review."""

from __future__ import annotations

from collections.abc import Sequence

from domain.desk_data import DeskData
from domain.draft import eligibility
from domain.draft.eligibility import Reason
from domain.review import MEETS_DUTY
from domain.texts import Marked, Say
from storage import periods
from storage.engine.transaction import Transaction
from storage.office_sums import Entry


def line(tx: Transaction, desk_data: DeskData, *, entry: Entry, say: Say) -> Marked:
    """Say why something that was sent does not count; nothing where it counts, or was not sent."""
    if not entry.reason or entry.state not in MEETS_DUTY:
        return Marked("")
    return say("eligibility.line", reason=reason(tx, desk_data, entry=entry, say=say))


def reason(tx: Transaction, desk_data: DeskData, *, entry: Entry, say: Say) -> Marked:
    """Say the reason alone, as it follows "tidak dihitung: "."""
    window = desk_data.window(entry.rule_year, periods.load(tx, entry.period_id).window)
    return eligibility.say_reason(Reason(entry.reason), say, opens=window.opens, closes=window.closes)


def lacking(numbers: Sequence[int], say: Say) -> Marked:
    """Name the mandatory indicators without a level the desk accepts; nothing where none is missing."""
    named = ", ".join(map(str, numbers))
    return say("eligibility.lacking_accepted", numbers=named) if numbers else Marked("")
