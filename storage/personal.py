"""Gathers what is kept about one person for that person, and erases it on request (UU 27/2022)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.delivery import Reason
from storage import address_names, audit, exports, files_to_remove, name_traces, posts
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

FORMER = "PIC lama"  # under this name stays what an erased person did

# What is gathered: a heading, and the query that takes the contact's id.
_HELD: Mapping[str, str] = {
    "person": """SELECT name, phone, language, consent_version, consent_at, created_at
                 FROM contacts WHERE id = ?""",
    "addresses": """SELECT channel, address, blocked_at, spoke_at FROM addresses
                    WHERE contact_id = ? ORDER BY 1, 2""",
    "links_asked": """SELECT channel, address, created_at, settled_at, outcome FROM link_offers
                      WHERE contact_id = ? ORDER BY id""",
    "last_spoke": """SELECT w.channel, w.spoke_at FROM windows w JOIN addresses a
                     ON a.channel = w.channel AND a.address = w.address
                     WHERE a.contact_id = ? ORDER BY 1, 2""",
    "posts": """SELECT m.role, o.name AS office, m.since, m.until
                FROM memberships m LEFT JOIN offices o ON o.id = m.office_id WHERE m.contact_id = ?
                ORDER BY m.since, m.role, coalesce(m.office_id, 0)""",
    "on_the_list": """SELECT r.name, r.phone, r.role, o.name AS office, r.added_at, r.bound_at
                      FROM roster r LEFT JOIN offices o ON o.id = r.office_id WHERE r.contact_id = ?
                      ORDER BY r.id""",
    "on_the_ladder": """SELECT r.post, r.name, r.phone, o.name AS office, r.added_at
                        FROM rungs r JOIN offices o ON o.id = r.office_id JOIN contacts c ON c.id = ?
                        WHERE r.contact_id = c.id OR (r.phone <> '' AND r.phone = c.phone)
                        ORDER BY r.office_id, r.post""",
    "questions_asked": """SELECT text, place, state, asked_at, answer, answered_at FROM questions
                          WHERE contact_id = ? ORDER BY id""",
    "innovations_begun": """SELECT id, state, receipt, created_at FROM innovations
                            WHERE created_by = ? ORDER BY 1""",
    "written": "SELECT innovation_id, at, question, old, new FROM history WHERE contact_id = ? ORDER BY id",
    "verdicts_given": """SELECT innovation_id, indicator, level, reason, at FROM verdicts
                         WHERE contact_id = ? ORDER BY 1, 2""",
    "invitations_made": """SELECT id, role, created_at, expires_at, used_at
                           FROM invitations WHERE created_by = ? ORDER BY 1""",
    "invitations_used": "SELECT id, role, created_at, used_at FROM invitations WHERE used_by = ? ORDER BY 1",
    "announcements_received": """SELECT broadcast_id, state, settled_at, acked_at
                                 FROM broadcast_recipients WHERE contact_id = ? ORDER BY id""",
    "announcements_answered": """SELECT broadcast_id, at, text, answer
                                 FROM broadcast_replies WHERE contact_id = ? ORDER BY id""",
    "reminded": "SELECT rule, step, deadline, at, state FROM occurrences WHERE contact_id = ? ORDER BY id",
    "exports_asked": "SELECT kind, args, state, created_at FROM exports WHERE contact_id = ? ORDER BY id",
    "summaries_wanted": "SELECT since FROM subscriptions WHERE contact_id = ?",
    "opt_ins": "SELECT at, wants, channel, how, version FROM opt_ins WHERE contact_id = ? ORDER BY id",
    "done": """SELECT at, action, detail FROM audit
               WHERE actor IN (SELECT id FROM contacts WHERE ? IN (id, joined_into)) ORDER BY id""",
    "messages_received": """SELECT i.received_at, i.raw FROM inbox i
                            JOIN (SELECT channel, address AS name FROM addresses WHERE contact_id = ?1
                                  UNION SELECT n.channel, n.name FROM address_names n
                                  JOIN addresses a ON a.channel = n.channel AND a.address = n.address
                                  WHERE a.contact_id = ?1) o ON o.channel = i.channel AND o.name = i.address
                            ORDER BY i.id""",
    "messages_sent": """SELECT o.created_at, o.state, o.payload FROM outbox o
                        JOIN addresses a ON a.channel = o.channel AND a.address = o.address
                        WHERE a.contact_id = ? ORDER BY o.id""",
}


def kept_about(tx: Transaction, contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Gather everything that is kept about a person, times in UTC."""
    by_heading: dict[str, list[dict[str, Any]]] = {}
    for heading, sql in _HELD.items():
        cursor = tx.execute(sql, (contact_id,))
        names = [column[0] for column in cursor.description]
        by_heading[heading] = [dict(zip(names, row, strict=True)) for row in cursor]
    return by_heading


_ADDRESSES = "SELECT channel, address FROM addresses WHERE contact_id = ?"
_PHONE = "SELECT phone FROM contacts WHERE id = ?"
# closed rows, and the one in hand: the oldest that is open; what was sent after it is a stranger's
_RAW = """
UPDATE inbox SET raw = '{}', fetched = NULL, address = ''
WHERE channel = ? AND address IN (SELECT value FROM json_each(?))
  AND (state IN ('handled', 'given_up', 'unreadable') OR id = (
      SELECT min(id) FROM inbox WHERE channel = ? AND address IN (SELECT value FROM json_each(?))
        AND state IN ('waiting', 'fetching')))
"""
_SENT = """
UPDATE outbox SET payload = '{"text":""}', address = '',
    state = CASE WHEN state = 'waiting' THEN 'dropped' ELSE state END,
    reason = CASE WHEN state = 'waiting' THEN ? ELSE reason END
WHERE channel = ? AND address = ? AND state <> 'leased'
"""
_AT_THE_DOOR = (
    "DELETE FROM enrolments WHERE channel = ? AND address = ?",
    "DELETE FROM wrong_codes WHERE channel = ? AND address = ?",
    "DELETE FROM windows WHERE channel = ? AND address = ?",
    "DELETE FROM address_names WHERE channel = ? AND address = ?",
    "DELETE FROM answer_messages WHERE channel = ? AND address = ?",
    """UPDATE link_offers SET channel = NULL, address = NULL, expires_at = created_at
       WHERE channel = ? AND address = ?""",
)
_OF_CONTACT = (
    "DELETE FROM addresses WHERE contact_id = ?",
    "DELETE FROM link_offers WHERE contact_id = ?",
    "DELETE FROM dialogues WHERE contact_id = ?",
    "DELETE FROM cursors WHERE contact_id = ?",
    "DELETE FROM roster WHERE contact_id = ?",
    "DELETE FROM rungs WHERE contact_id = ?",
    "DELETE FROM subscriptions WHERE contact_id = ?",
    "DELETE FROM silences WHERE contact_id = ?",
    "DELETE FROM snoozes WHERE contact_id = ?",
    "DELETE FROM held WHERE contact_id = ?",
    "DELETE FROM questions WHERE contact_id = ? AND state <> 'answered'",
    "UPDATE questions SET text = '–', answer = '–' WHERE contact_id = ?",
    "UPDATE broadcast_recipients SET channel = NULL, address = NULL WHERE contact_id = ?",
    """UPDATE broadcast_replies SET address = '', message_ref = '', text = '–',
              answer = CASE WHEN answer IS NOT NULL THEN '–' END WHERE contact_id = ?""",
    "UPDATE broadcasts SET address = '', progress_ref = NULL WHERE contact_id = ?",
    "UPDATE exports SET address = '', progress = '' WHERE contact_id = ?",
)
_NAMES = """
SELECT name FROM contacts WHERE ?1 IN (id, joined_into)
UNION SELECT r.name FROM roster r JOIN contacts c ON r.contact_id = c.id OR r.phone = c.phone WHERE c.id = ?1
UNION SELECT r.name FROM rungs r
    JOIN contacts c ON r.contact_id = c.id OR (r.phone <> '' AND r.phone = c.phone) WHERE c.id = ?1
"""
NO_NUMBER = "–"  # stands where the number was told to others
_LISTED = ("DELETE FROM roster WHERE phone = ?", "DELETE FROM rungs WHERE phone = ?")
_POSTS = "UPDATE memberships SET until = ? WHERE contact_id = ? AND until IS NULL"
_ANONYMOUS = "UPDATE contacts SET name = ?, phone = NULL WHERE ? IN (id, joined_into)"


def erase(tx: Transaction, contact_id: int, *, now: datetime) -> None:
    """Take away name, number, addresses, posts and raw messages of a person at once.

    Answers, history and figures stay, under FORMER; so does the audit, which carries ids alone.
    FORMER also stands where the name was told to others, in what waits, what was sent, and raw updates.
    The message under way to the person now keeps its address until retention takes it.
    Raises LastOfDesk where nobody would be left at the desk.
    """
    if posts.is_last_of_desk(tx, contact_id):
        raise posts.LastOfDesk
    for channel, address in tx.execute(_ADDRESSES, (contact_id,)).fetchall():
        forget_address(tx, channel, address=address)
    traces = {name: FORMER for (name,) in tx.execute(_NAMES, (contact_id,))}
    if phone := tx.execute(_PHONE, (contact_id,)).fetchone()[0]:
        for sql in _LISTED:
            tx.execute(sql, (phone,))
        traces[phone] = NO_NUMBER
    files_to_remove.hasten(tx, contact_id, now=now)
    for sql in _OF_CONTACT:
        tx.execute(sql, (contact_id,))
    exports.give_up(tx, contact_id, now=now)
    tx.execute(_POSTS, (utc_text(now), contact_id))
    tx.execute(_ANONYMOUS, (FORMER, contact_id))
    name_traces.take_out(tx, traces)
    audit.record(tx, "erased", now=now, actor=contact_id)


def forget_address(tx: Transaction, channel: str, *, address: str) -> None:
    """Take away everything that came from an address, by whichever of its names, and went to it, the update
    in hand included.

    What somebody wrote at the door goes with it; the answer that is written after this stays until
    retention takes it.
    """
    names = json.dumps([address, *address_names.names_of(tx, channel, address=address)])
    tx.execute(_RAW, (channel, names, channel, names))
    tx.execute(_SENT, (Reason.GONE, channel, address))
    for sql in _AT_THE_DOOR:
        tx.execute(sql, (channel, address))


def document(tx: Transaction, contact_id: int, *, asked_at: str) -> str:
    """Write what is held as one JSON document, for the person to read and keep."""
    return json.dumps({"asked_at": asked_at, **kept_about(tx, contact_id)}, ensure_ascii=False, indent=2)
