"""The outbox in words: what waits, for whom, until when and why; and what the next morning will bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.people import Role
from domain.reminding.due import due
from sandbox.panel_words import PanelWords
from storage import occurrences, offices, periods, reminder_facts
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time
from storage.outbox import BROADCAST, REPLY

if TYPE_CHECKING:
    from domain.desk_data import DeskData

SHOWN = 8  # lines; the rest is counted
SENT_SHOWN = 4
PLANNED_SHOWN = 6
_WHOM = """
SELECT c.name, m.role, f.short FROM addresses a JOIN contacts c ON c.id = a.contact_id
LEFT JOIN memberships m ON m.contact_id = c.id AND m.until IS NULL LEFT JOIN offices f ON f.id = m.office_id
WHERE a.channel = ? AND a.address = ? ORDER BY m.role LIMIT 1
"""
_OF_CONTACT = """
SELECT c.name, m.role, f.short FROM contacts c
LEFT JOIN memberships m ON m.contact_id = c.id AND m.until IS NULL LEFT JOIN offices f ON f.id = m.office_id
WHERE c.id = ? ORDER BY m.role LIMIT 1
"""
_WAITING = """
SELECT o.id, o.channel, o.address, o.priority, o.state, o.not_before, o.attempts, coalesce(o.reason, ''),
       EXISTS (SELECT 1 FROM occurrences WHERE outbox_id = o.id)
FROM outbox o WHERE o.state IN ('waiting', 'leased')
ORDER BY coalesce(o.not_before, o.created_at), o.priority, o.id LIMIT ?
"""
_OPEN = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'leased')"
_SENT = """
SELECT o.id, o.channel, o.address, o.priority, o.sent_at,
       EXISTS (SELECT 1 FROM occurrences WHERE outbox_id = o.id)
FROM outbox o WHERE o.state = 'sent' ORDER BY o.sent_at DESC, o.id DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the outbox in one language, at a moment."""

    words: PanelWords
    now: datetime
    zone: ZoneInfo
    language: str

    def say_time(self, at: datetime) -> str:
        """Say a time of today as the hour, of another day with the day."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        hour = f"{local:%H.%M}" if self.language == "id" else f"{local:%H:%M}"
        return hour if local.date() == today else f"{local.day}/{local.month} {hour}"

    def say_whom(self, name: str, *, role: str, office: str) -> str:
        """Say who a message is for: by the post, where there is one."""
        if role == Role.FOCAL_POINT and office:
            return self.words("panel.whom_focal_point", office=office)
        if role in (Role.LEADER, Role.ADMIN):
            return self.words(f"panel.whom_{role}", name=name)
        return name


def list_waiting(tx: Transaction, speaker: Speaker, *, bot_is_up: bool) -> Mapping[str, object]:
    """List what waits, the next first: a line for each, and how many there are."""
    lines = []
    for _, channel, address, priority, state, until, attempts, reason, reminds in tx.execute(
        _WAITING, (SHOWN,)
    ):
        kind = speaker.words(f"panel.kind_{_name_kind(priority, bool(reminds))}")
        whom = _find_whom(tx, speaker, channel=channel, address=address)
        why = _explain(speaker, state, until=until, attempts=attempts, reason=reason, bot_is_up=bot_is_up)
        lines.append(
            {"text": speaker.words("panel.waits", kind=kind, whom=whom, why=why), "channel": channel}
        )
    return {"lines": lines, "count": tx.execute(_OPEN).fetchone()[0]}


def list_sent(tx: Transaction, speaker: Speaker) -> Sequence[Mapping[str, object]]:
    """List what left last, the newest first."""
    return [
        {
            "text": speaker.words(
                "panel.has_left",
                kind=speaker.words(f"panel.kind_{_name_kind(priority, bool(reminds))}"),
                whom=_find_whom(tx, speaker, channel=channel, address=address),
                at=speaker.say_time(utc_time(sent_at)),
            ),
            "channel": channel,
        }
        for _, channel, address, priority, sent_at, reminds in tx.execute(_SENT, (SENT_SHOWN,))
    ]


def list_planned(tx: Transaction, desk_data: DeskData, *, speaker: Speaker) -> Mapping[str, object]:
    """List the reminders of the next morning with everybody's minute, judged by the bot's own rules."""
    period = periods.current(tx)
    if period is None:
        return {"lines": [], "count": 0}
    rules, zone = desk_data.reminders, desk_data.timezone
    until = rules.next_run(speaker.now, desk_data.calendar, zone)
    plan = due(
        rules,
        desk_data.calendar,
        subjects=reminder_facts.load(tx, reminder_facts.look_at(desk_data, period, now=until)),
        since=occurrences.last_tick(tx, "reminders") or speaker.now,
        until=until,
        zone=zone,
    )
    say = desk_data.words.in_(speaker.language)
    names = {office.id: office.short for office in offices.active(tx)}
    ordered = sorted(plan.occurrences, key=lambda o: rules.slot(until.date(), o.key.person, zone))
    lines = []
    for occurrence in ordered[:PLANNED_SHOWN]:
        at = rules.slot(until.astimezone(zone).date(), occurrence.key.person, zone)
        whom = _say_contact(
            tx, speaker, contact=occurrence.key.person, office=names.get(occurrence.key.office, "")
        )
        what = str(say(f"reminders.gets_{occurrence.trigger}"))
        text = speaker.words("panel.planned", whom=whom, at=speaker.say_time(at), what=what)
        lines.append({"text": text, "channel": ""})
    return {"lines": lines, "count": len(ordered)}


def _name_kind(priority: int, reminds: bool) -> str:
    if priority == REPLY:
        return "reply"
    if priority == BROADCAST:
        return "broadcast"
    return "reminder" if reminds else "news"


def _find_whom(tx: Transaction, speaker: Speaker, *, channel: str, address: str) -> str:
    row = tx.execute(_WHOM, (channel, address)).fetchone()
    return speaker.say_whom(row[0], role=row[1] or "", office=row[2] or "") if row else address


def _say_contact(tx: Transaction, speaker: Speaker, *, contact: int, office: str) -> str:
    row = tx.execute(_OF_CONTACT, (contact,)).fetchone()
    return speaker.say_whom(row[0], role=row[1] or "", office=office or row[2] or "") if row else office


def _explain(
    speaker: Speaker, state: str, *, until: str | None, attempts: int, reason: str, bot_is_up: bool
) -> str:
    """Say why a message has not left: the first that holds."""
    words = speaker.words
    if not bot_is_up:
        return words("panel.why_bot_down")
    if reason == "window":
        return words("panel.why_window")
    if state == "leased":
        return words("panel.why_leaving")
    if until is None or (due_at := utc_time(until)) <= speaker.now:
        return words("panel.why_soon")
    at = speaker.say_time(due_at)
    return words("panel.why_again", at=at, tries=attempts) if attempts else words("panel.why_until", at=at)
