"""The outbox in words: what waits, for whom, until when and why; and what the next morning will bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from domain.reminding.due import due
from domain.reminding.facts import Key
from sandbox import looks
from sandbox.looks import Waiting
from sandbox.panel_words import Speaker
from storage import addresses, contacts, occurrences, offices, periods, reminder_facts
from storage.engine.transaction import Transaction
from storage.outbox import BROADCAST, REPLY

if TYPE_CHECKING:
    from domain.desk_data import DeskData

SHOWN = 8  # lines; the rest is counted
SENT_SHOWN = 4
PLANNED_SHOWN = 6


def list_waiting(tx: Transaction, speaker: Speaker, *, bot_is_up: bool) -> Mapping[str, object]:
    """List what waits, the next first: a line for each, and how many there are."""
    lines = []
    for message in looks.list_waiting(tx, limit=SHOWN):
        kind = _name_kind(speaker, message.priority, reminds=message.reminds)
        whom = _find_whom(tx, speaker, channel=message.channel, address=message.address)
        why = _explain(speaker, message, bot_is_up=bot_is_up)
        text = speaker.words("panel.waits", kind=kind, whom=whom, why=why)
        lines.append({"text": text, "channel": message.channel})
    return {"lines": lines, "count": looks.count_waiting(tx)}


def list_sent(tx: Transaction, speaker: Speaker) -> Sequence[Mapping[str, object]]:
    """List what left last, the newest first."""
    lines = []
    for message in looks.list_sent(tx, limit=SENT_SHOWN):
        kind = _name_kind(speaker, message.priority, reminds=message.reminds)
        whom = _find_whom(tx, speaker, channel=message.channel, address=message.address)
        text = speaker.words("panel.has_left", kind=kind, whom=whom, at=speaker.say_time(message.at))
        lines.append({"text": text, "channel": message.channel})
    return lines


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
    ordered = sorted(plan.occurrences, key=lambda o: rules.slot(until.date(), o.key.person, zone))
    lines = []
    for occurrence in ordered[:PLANNED_SHOWN]:
        at = rules.slot(until.astimezone(zone).date(), occurrence.key.person, zone)
        what = str(say(f"reminders.gets_{occurrence.trigger}"))
        lines.append(
            {"text": _say_planned(tx, occurrence.key, at=at, what=what, speaker=speaker), "channel": ""}
        )
    return {"lines": lines, "count": len(ordered)}


def _say_planned(tx: Transaction, key: Key, *, at: datetime, what: str, speaker: Speaker) -> str:
    whom = _say_contact(tx, speaker, contact_id=key.person, office_id=key.office)
    return speaker.words("panel.planned", whom=whom, at=speaker.say_time(at), what=what)


def _name_kind(speaker: Speaker, priority: int, *, reminds: bool) -> str:
    if priority == REPLY:
        return speaker.words("panel.kind_reply")
    if priority == BROADCAST:
        return speaker.words("panel.kind_broadcast")
    return speaker.words("panel.kind_reminder" if reminds else "panel.kind_news")


def _find_whom(tx: Transaction, speaker: Speaker, *, channel: str, address: str) -> str:
    contact = addresses.contact_at(tx, channel, address=address)
    return _say_contact(tx, speaker, contact_id=contact) if contact is not None else address


def _say_contact(tx: Transaction, speaker: Speaker, *, contact_id: int, office_id: int = 0) -> str:
    """Say who somebody is; of several offices the one that is named, else the first."""
    contact = contacts.load(tx, contact_id)
    office = offices.load(tx, office_id or next(iter(contact.offices), 0))
    return speaker.say_whom(contact, office=office.short if office else "")


def _explain(speaker: Speaker, message: Waiting, *, bot_is_up: bool) -> str:
    """Say why a message has not left: the first that holds."""
    words = speaker.words
    if not bot_is_up:
        return words("panel.why_bot_down")
    if message.reason == "window":
        return words("panel.why_window")
    if message.state == "leased":
        return words("panel.why_leaving")
    if message.until is None or message.until <= speaker.now:
        return words("panel.why_soon")
    at = speaker.say_time(message.until)
    if message.attempts:
        return words("panel.why_again", at=at, tries=message.attempts)
    return words("panel.why_until", at=at)
