"""What makes a replayed period hard: outages at any hour, deadlines moved at night, announcements."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from domain.announcing.audience import Audience
from domain.desk_data import DeskData
from domain.people import OfficePost, Role
from handlers.broadcast import send
from sandbox.replay_events import DESK, OPENS, Event, desk_context, enrol, move_deadline
from storage import audiences, broadcast_drafts, broadcasts, contacts, offices, rungs
from storage.engine.transaction import Transaction
from storage.rungs import Rung

OUTAGES = (3, 6)  # how many, from and to
MOVES = (1, 3)
ANNOUNCEMENTS = (5, 9)
OUTAGE_HOURS = (1, 60)
LAST_SHARE = 0.7  # of the days: later ones are left to the steps before the deadline
LADDER = {  # by their number: who is named for which office
    "21": ("Sinta", "dinsos", OfficePost.SECRETARY),
    "22": ("Hasan", "dinsos", OfficePost.HEAD),
    "23": ("Bambang", "bpbd", OfficePost.HEAD),
}
URGENT = "mendesak"  # stands in the text of an announcement that goes out above the limits


@dataclass(frozen=True, slots=True)
class Outage:
    """While the bot stands still."""

    begins: datetime
    ends: datetime


def outages(seed: int, *, days: int, zone: ZoneInfo) -> list[Outage]:
    """Draw when the bot stands still: at any hour, from an hour to two days and a half."""
    chance = random.Random(f"outages {seed}")
    drawn = []
    for _ in range(chance.randint(*OUTAGES)):
        begins = _draw_moment(chance, days=days, zone=zone)
        drawn.append(Outage(begins, begins + timedelta(hours=chance.randint(*OUTAGE_HOURS))))
    return sorted(drawn, key=lambda outage: outage.begins)


def trouble(seed: int, *, days: int, zone: ZoneInfo) -> list[Event]:
    """Draw what the desk does at any hour: deadlines moved back and forth, announcements to many."""
    chance = random.Random(f"trouble {seed}")
    named = datetime.combine(OPENS + timedelta(days=1), time(15), tzinfo=zone).astimezone(UTC)
    planned = [Event(named, "dinsos dan bpbd mengisi jenjang", _name_rungs, DESK)]
    for number in range(chance.randint(*MOVES)):
        at = _draw_moment(chance, days=days, zone=zone)
        for again, by in enumerate(chance.choice(((7,), (-3, 5), (10, -10, 4)))):
            key = f"batas waktu digeser {number + 1}.{again + 1}"
            moved = at + timedelta(minutes=20 * again)
            planned.append(Event(moved, key, partial(move_deadline, by=by), DESK))
    for number in range(chance.randint(*ANNOUNCEMENTS)):
        at = _draw_moment(chance, days=days, zone=zone)
        deed = partial(_announce, number=number + 1, is_urgent=chance.random() < 0.2)
        planned.append(Event(at, f"siaran {number + 1}", deed, DESK))
    return planned


def _draw_moment(chance: random.Random, *, days: int, zone: ZoneInfo) -> datetime:
    """Draw a moment of the first share of the days, at any hour."""
    day = OPENS + timedelta(days=chance.randint(3, max(4, round(LAST_SHARE * days))))
    clock = time(chance.randint(0, 23), chance.randint(0, 59))
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _name_rungs(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    """Name a secretary and a head for one office and a head for another; the others' rungs stay empty."""
    ctx = desk_context(tx, desk_data, now=now)
    for number, (name, code, post) in LADDER.items():
        office = offices.by_code(tx, code)
        if office is None:
            raise LookupError(code)
        contact = enrol(tx, number, name=name, channel=ctx.inbound.channel, now=now)
        contacts.grant(tx, contact, role=Role.FOCAL_POINT, office_id=office.id, now=now)
        rungs.name_person(tx, Rung(office.id, post, name, "", contact, now), by=ctx.person.id, now=now)
    return "sekretaris dan kepala dinsos, kepala bpbd"


def _announce(tx: Transaction, desk_data: DeskData, now: datetime, *, number: int, is_urgent: bool) -> str:
    """Announce something to every focal point and leader, as the desk does in the chat."""
    ctx = desk_context(tx, desk_data, now=now)
    text = f"Kabar ke-{number} dari Desk Inovasi{', ' + URGENT if is_urgent else ''}."
    draft = broadcast_drafts.create(
        tx,
        by=ctx.person.id,
        channel=ctx.inbound.channel,
        address=ctx.inbound.address,
        now=now,
        draft=broadcast_drafts.NewDraft(
            text=text, audience=Audience(roles=frozenset({Role.FOCAL_POINT.value, Role.LEADER.value}))
        ),
    )
    if is_urgent:
        broadcast_drafts.mark_urgent(tx, draft, reason="Bencana banjir.", by=ctx.person.id, now=now)
    send.preview(ctx, _load(tx, draft))
    previewed = _load(tx, draft)
    send.go(ctx, previewed, revision=previewed.revision)
    return f"kepada {audiences.reach(tx, audiences.chosen(previewed.audience, 0)).reachable} orang"


def _load(tx: Transaction, number: int) -> broadcasts.Broadcast:
    broadcast = broadcasts.load(tx, number)
    if broadcast is None:
        raise LookupError(number)
    return broadcast
