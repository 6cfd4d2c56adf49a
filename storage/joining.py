"""Makes one person of two, and lets an address go again; the rules are those of `domain/joining.py` (F6).

What a person did stays theirs: the row of the other record remains, without address or number, and the audit,
which is never changed, leads from it to the person (`joined_into`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.joining import Side
from domain.people import Role
from storage import addresses, audit, dialogues, occurrences, opt_ins
from storage.engine.transaction import Transaction

# Whatever names a person and holds once for each row: it follows as it is.
FOLLOWING: Sequence[tuple[str, str]] = (
    ("addresses", "contact_id"),
    ("memberships", "contact_id"),
    ("invitations", "created_by"),
    ("invitations", "used_by"),
    ("innovations", "created_by"),
    ("history", "contact_id"),
    ("verdicts", "contact_id"),
    ("extensions", "created_by"),
    ("spd_history", "contact_id"),
    ("targets", "contact_id"),
    ("published_results", "contact_id"),
    ("reviews", "contact_id"),
    ("flags", "contact_id"),
    ("handovers", "from_contact"),
    ("handovers", "to_contact"),
    ("handovers", "created_by"),
    ("broadcasts", "contact_id"),
    ("broadcast_replies", "contact_id"),
    ("broadcast_replies", "answered_by"),
    ("questions", "contact_id"),
    ("questions", "answered_by"),
    ("roster", "contact_id"),
    ("rungs", "contact_id"),
    ("rungs", "added_by"),
    ("pauses", "paused_by"),
    ("pauses", "resumed_by"),
    ("own_targets", "contact_id"),
    ("exports", "contact_id"),
    ("uploads", "contact_id"),
    ("opt_ins", "contact_id"),
    ("link_offers", "contact_id"),
    ("contacts", "joined_into"),
)
# What there is once for each person, or for each person and thing: the lesser row of those who stay makes
# way, then of a pair that is left the other's is dropped, and the rows follow. By table, what names the
# thing.
ONCE_EACH: Mapping[str, Sequence[str]] = {
    "cursors": ("innovation_id",),
    "snoozes": ("period_id", "office_id"),
    "occurrences": ("rule", "period_id", "office_id", "step", "deadline"),
    "broadcast_recipients": ("broadcast_id",),
    "dialogues": (),
    "held": (),
    "subscriptions": (),
    "silences": (),
}
_PAIR = "WITH pair (stays, goes) AS (VALUES (CAST(? AS INTEGER), CAST(? AS INTEGER)))"
_STAYS, _GOES = "(SELECT stays FROM pair)", "(SELECT goes FROM pair)"
_FAR = """CASE {row}.state WHEN 'read' THEN 7 WHEN 'delivered' THEN 6 WHEN 'sent' THEN 5 WHEN 'unknown' THEN 4
WHEN 'queued' THEN 3 WHEN 'waiting' THEN 2 WHEN 'failed' THEN 1 ELSE 0 END"""
_LESSER: Sequence[str] = (
    # the place in a draft that was touched earlier
    f"""{_PAIR} DELETE FROM cursors WHERE contact_id = {_STAYS} AND EXISTS (
        SELECT 1 FROM cursors o WHERE o.contact_id = {_GOES} AND o.innovation_id = cursors.innovation_id
          AND o.touched_at > cursors.touched_at)""",
    # the shorter postponement
    f"""{_PAIR} DELETE FROM snoozes WHERE contact_id = {_STAYS} AND EXISTS (
        SELECT 1 FROM snoozes o WHERE o.contact_id = {_GOES} AND o.period_id = snoozes.period_id
          AND o.office_id = snoozes.office_id AND o.until > snoozes.until)""",
    # what was only decided, where the other was told
    f"""{_PAIR} DELETE FROM occurrences WHERE contact_id = {_STAYS} AND state <> 'told' AND EXISTS (
        SELECT 1 FROM occurrences o
        WHERE o.contact_id = {_GOES} AND o.state = 'told' AND o.rule = occurrences.rule
          AND o.period_id = occurrences.period_id AND o.office_id = occurrences.office_id
          AND o.step = occurrences.step AND o.deadline = occurrences.deadline)""",
    # of one announcement the row that came less far; the other has the confirmation of either
    f"""{_PAIR} UPDATE broadcast_recipients SET acked_at = coalesce(acked_at, (
            SELECT o.acked_at FROM broadcast_recipients o
            WHERE o.broadcast_id = broadcast_recipients.broadcast_id AND o.contact_id IN ({_STAYS}, {_GOES})
              AND o.acked_at IS NOT NULL))
        WHERE contact_id IN ({_STAYS}, {_GOES})""",
    f"""{_PAIR} DELETE FROM broadcast_recipients WHERE contact_id = {_STAYS} AND EXISTS (
        SELECT 1 FROM broadcast_recipients o WHERE o.contact_id = {_GOES}
          AND o.broadcast_id = broadcast_recipients.broadcast_id
          AND {_FAR.format(row="o")} > {_FAR.format(row="broadcast_recipients")})""",
    # the same post, held by both: since the earlier day
    f"""{_PAIR} UPDATE memberships SET since = (
            SELECT min(m.since) FROM memberships m
            WHERE m.contact_id IN ({_STAYS}, {_GOES}) AND m.until IS NULL AND m.role = memberships.role
              AND m.office_id IS NOT DISTINCT FROM memberships.office_id)
        WHERE contact_id IN ({_STAYS}, {_GOES}) AND until IS NULL""",
    f"""{_PAIR} DELETE FROM memberships WHERE contact_id = {_GOES} AND until IS NULL AND EXISTS (
        SELECT 1 FROM memberships m
        WHERE m.contact_id = {_STAYS} AND m.until IS NULL AND m.role = memberships.role
          AND m.office_id IS NOT DISTINCT FROM memberships.office_id)""",
)
_CLOSE = "DELETE FROM dialogues WHERE contact_id = ?"
_PERSON = """
UPDATE contacts SET phone = coalesce(contacts.phone, o.phone),
    live_clause = CASE WHEN o.live_clause = 0 THEN 0 ELSE contacts.live_clause END,
    consent_at = CASE WHEN CAST(o.consent_version AS INTEGER) < CAST(contacts.consent_version AS INTEGER)
                      THEN o.consent_at ELSE contacts.consent_at END,
    consent_version = CASE WHEN CAST(o.consent_version AS INTEGER) < CAST(contacts.consent_version AS INTEGER)
                           THEN o.consent_version ELSE contacts.consent_version END
FROM contacts o WHERE contacts.id = ? AND o.id = ?
"""
_GONE = "UPDATE contacts SET joined_into = ?, phone = NULL WHERE id = ?"


def side(tx: Transaction, contact_id: int, *, roles: frozenset[Role]) -> Side:
    """Load what the rules look at."""
    channels = frozenset(address.channel for address in addresses.of_contact(tx, contact_id))
    has_question = dialogues.load(tx, contact_id) is not None
    return Side(channels, roles, has_question, opt_ins.silent_since(tx, contact_id) is not None)


def join(tx: Transaction, asked: int, *, other: int, now: datetime) -> int:
    """Make one person of two; returns which record stays: the one we have known longer.

    `asked` is who agreed: what they have open stays open. What is on its way to both goes once.
    """
    stays, goes = min(asked, other), max(asked, other)
    _drop_twins(tx, stays, goes=goes)
    if dialogues.load(tx, asked) is not None:
        tx.execute(_CLOSE, (other,))
    for sql in _LESSER:
        tx.execute(sql, (stays, goes))
    for table, thing in ONCE_EACH.items():
        same = "".join(f" AND o.{column} = {table}.{column}" for column in thing)
        twin = f"SELECT 1 FROM {table} o WHERE o.contact_id = ?{same}"
        tx.execute(f"DELETE FROM {table} WHERE contact_id = ? AND EXISTS ({twin})", (goes, stays))
        tx.execute(f"UPDATE {table} SET contact_id = ? WHERE contact_id = ?", (stays, goes))
    tx.execute(_PERSON, (stays, goes))
    for table, column in FOLLOWING:
        tx.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (stays, goes))
    tx.execute(_GONE, (stays, goes))
    if opt_ins.silent_since(tx, stays) is not None:
        opt_ins.drop_waiting(tx, stays, now=now)
    audit.record(tx, "joined", now=now, actor=stays, before={"contact": goes}, after={"contact": stays})
    return stays


_TWIN_NOTICES = """
SELECT o.id, o.dedupe_key FROM outbox o JOIN addresses a ON a.channel = o.channel AND a.address = o.address
WHERE a.contact_id = ? AND o.state = 'waiting' AND o.dedupe_key LIKE ?
"""
_IS_ON_ITS_WAY = (
    "SELECT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = ? AND state NOT IN ('dropped', 'failed'))"
)
_TWIN_REMINDERS = """
SELECT DISTINCT o.outbox_id FROM occurrences o
JOIN occurrences s ON s.rule = o.rule AND s.period_id = o.period_id AND s.office_id = o.office_id
    AND s.step = o.step AND s.deadline = o.deadline AND s.contact_id = ? AND s.state = 'told'
JOIN outbox x ON x.id = o.outbox_id AND x.state = 'waiting'
WHERE o.contact_id = ? AND o.state = 'told'
"""
_TWIN_ANNOUNCEMENTS = f"""
SELECT r.outbox_id FROM broadcast_recipients r
JOIN broadcast_recipients o ON o.broadcast_id = r.broadcast_id AND o.contact_id IN (?, ?) AND o.id <> r.id
WHERE r.contact_id IN (?, ?) AND r.outbox_id IS NOT NULL
  AND ({_FAR.format(row="o")} > {_FAR.format(row="r")}
       OR ({_FAR.format(row="o")} = {_FAR.format(row="r")} AND r.contact_id = ?))
"""
_DROP = """
UPDATE outbox SET state = 'dropped', not_before = NULL, note = 'joined' WHERE id = ? AND state = 'waiting'
"""


def _drop_twins(tx: Transaction, stays: int, *, goes: int) -> None:
    """Keep what is on its way to both from reaching the one person twice."""
    for (number,) in tx.execute(_TWIN_REMINDERS, (stays, goes)).fetchall():
        occurrences.withdraw(tx, number, why="joined")
    for (number,) in tx.execute(_TWIN_ANNOUNCEMENTS, (stays, goes, stays, goes, goes)).fetchall():
        tx.execute(_DROP, (number,))
    for number, key in tx.execute(_TWIN_NOTICES, (goes, f"%:{goes}")).fetchall():
        twin = f"{key.rpartition(':')[0]}:{stays}"
        if tx.execute(_IS_ON_ITS_WAY, (twin,)).fetchone()[0]:
            tx.execute(_DROP, (number,))
