"""The days on which people heard something unasked: what the limits of reminders and announcements count."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime

from domain.desk_data import DeskData
from domain.rules.calendar import ONE_DAY, WEEK
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time

# Everything unasked counts, whoever sends it: reminders, notices, announcements. A reminder that tells
# nothing but what was promised by its date counts nowhere.
_HEARD = """
SELECT a.contact_id, coalesce(
           x.sent_at, CASE WHEN x.reason = 'window' THEN x.created_at ELSE x.not_before END, x.created_at)
FROM addresses a JOIN outbox x ON x.channel = a.channel AND x.address = a.address
WHERE a.contact_id IN (SELECT value FROM json_each(?)) AND x.priority > 0 AND x.asked = 0
  AND coalesce(x.sent_at, x.not_before, x.created_at) > ?
  AND x.state NOT IN ('dropped', 'failed') AND x.id <> ? {some}
  AND (NOT EXISTS (SELECT 1 FROM occurrences o WHERE o.outbox_id = x.id AND o.state = 'told')
       OR EXISTS (SELECT 1 FROM occurrences o WHERE o.outbox_id = x.id AND o.state = 'told'
                  AND o.rule NOT IN (SELECT value FROM json_each(?))))
"""
_EVERY = _HEARD.format(some="")
_BEFORE = _HEARD.format(some="AND (x.id < ? OR x.state <> 'waiting')")
# A bell rings for a message that was judged already.
_OF_ROW = """
SELECT a.contact_id FROM outbox x JOIN addresses a ON a.channel = x.channel AND a.address = x.address
WHERE x.id = ? AND coalesce(x.dedupe_key, '') NOT LIKE 'rung:%'
"""


def days(
    tx: Transaction, desk_data: DeskData, *, contacts: Collection[int], now: datetime, but_outbox: int = -1
) -> dict[int, tuple[date, ...]]:
    """Load the local days of a week's unasked messages by person, one entry for each message.

    `but_outbox` leaves one message out: the one that is judged.
    """
    values = (json.dumps(list(contacts)), utc_text(now - WEEK - ONE_DAY), but_outbox)
    rows = tx.execute(_EVERY, (*values, json.dumps(desk_data.reminders.promised))).fetchall()
    return _gather_by_person(rows, desk_data, now=now)


def days_before(tx: Transaction, desk_data: DeskData, *, outbox_id: int, now: datetime) -> tuple[date, ...]:
    """Load those days for whoever a message goes to, as they stand before it: what was queued later waits."""
    person = tx.execute(_OF_ROW, (outbox_id,)).fetchone()
    if person is None:
        return ()
    values = (json.dumps([person[0]]), utc_text(now - WEEK - ONE_DAY), outbox_id, outbox_id)
    rows = tx.execute(_BEFORE, (*values, json.dumps(desk_data.reminders.promised))).fetchall()
    return _gather_by_person(rows, desk_data, now=now).get(person[0], ())


def _gather_by_person(
    rows: Collection[tuple[int, str]], desk_data: DeskData, *, now: datetime
) -> dict[int, tuple[date, ...]]:
    zone = desk_data.timezone
    today = now.astimezone(zone).date()
    by_person: dict[int, tuple[date, ...]] = {}
    for contact, at in rows:
        if (day := utc_time(at).astimezone(zone).date()) > today - WEEK:
            by_person[contact] = (*by_person.get(contact, ()), day)
    return by_person
