"""What happens in a replayed period: who the offices are and what each does on which day, drawn from a
seed.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib.resources import files
from zoneinfo import ZoneInfo

from domain.desk_data import DeskData
from domain.message import Inbound, Kind
from domain.people import Contact, Role
from domain.review import Move, State
from domain.rules.load import load_offices
from handlers.context import Context
from handlers.period import notices
from storage import (
    contacts,
    handing_in,
    innovations,
    occurrences,
    offices,
    periods,
    reminder_wishes,
    review_marks,
    reviews,
    scores,
)
from storage.audit import Actor
from storage.engine.transaction import Transaction
from storage.innovations import Innovation

OPENS = date(2026, 3, 2)
DESK, LEADER = "90", "80"
# Each office with its people: address and name. What becomes of it is told in `events`.
CAST = {
    "dinkes": (("1", "Rina"), ("2", "Budi")),  # answers
    "disdik": (("3", "Tono"),),  # stalls, then goes on
    "dlh": (("4", "Dewi"),),  # is returned
    "dinsos": (("5", "Agus"),),  # never starts
    "dishub": (("6", "Sri"),),  # blocks the bot
    "diskominfo": (),  # nobody has enrolled
    "dpmd": (("7", "Yanti"),),  # aims at an earlier date
    "bkad": (("8", "Hadi"),),  # one person for two offices
    "bapenda": (("8", "Hadi"),),
    "bpbd": (("9", "Lestari"),),  # puts off
    "kec_baamang": (("10", "Umar"),),  # is exempted
}
TELEGRAM, WHATSAPP = "telegram", "whatsapp"
ChannelOf = Callable[[str], str]  # the channel of a person's number
Deed = Callable[[Transaction, DeskData, datetime], str]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment; `key` names it, so that two replays of one database do it once."""

    at: datetime
    key: str
    deed: Deed
    by: str = ""  # the number of the person who does it and talks to the bot for that
    blocks: str = ""  # the number of the person who takes no messages from now on


def address_on(channel: str, number: str) -> str:
    """Where a person is found on a channel."""
    return f"ID.{number}" if channel == WHATSAPP else number


def fill(tx: Transaction, *, days: int, zone: ZoneInfo, channel_of: ChannelOf) -> None:
    """Put in the offices, the people and the period; what is there stays."""
    now = datetime.combine(OPENS, time(7), tzinfo=zone).astimezone(UTC)
    offices.upsert(tx, [office for office in load_offices() if office.code in CAST])
    deadline = OPENS + timedelta(days=days - 25)
    if not periods.every(tx):
        periods.open_period(
            tx, periods.NewPeriod(year=2026, rule_year=2026, opens_on=OPENS, deadline=deadline), now=now
        )
    for code, people in CAST.items():
        office = offices.by_code(tx, code)
        for number, name in people:
            contact = enrol(tx, number, name=name, channel=channel_of(number), now=now)
            contacts.grant(
                tx, contact, role=Role.FOCAL_POINT, office_id=office.id if office else None, now=now
            )
    desk = enrol(tx, DESK, name="Sari", channel=channel_of(DESK), now=now)
    contacts.grant(tx, desk, role=Role.ADMIN, office_id=None, now=now)
    leader = enrol(tx, LEADER, name="Wati", channel=channel_of(LEADER), now=now)
    contacts.grant(tx, leader, role=Role.LEADER, office_id=None, now=now)
    reminder_wishes.subscribe(tx, leader, now=now)


def enrol(tx: Transaction, number: str, *, name: str, channel: str, now: datetime) -> int:
    """Let a person come in; whoever has come in stays."""
    address = address_on(channel, number)
    if known := contacts.by_address(tx, channel, address=address):
        return known.id
    return contacts.create(
        tx,
        contacts.NewContact(channel=channel, address=address, name=name, language="id", consent_version="1"),
        now=now,
    )


def _find_person(tx: Transaction, number: str) -> tuple[str, Contact]:
    """The channel of a person and the contact; raises LookupError."""
    for channel in (TELEGRAM, WHATSAPP):
        if contact := contacts.by_address(tx, channel, address=address_on(channel, number)):
            return channel, contact
    raise LookupError(number)


def events(seed: int, *, days: int, zone: ZoneInfo) -> list[Event]:
    """Draw what happens: the same seed gives the same life; each day comes a day or two sooner or later, in
    office hours.
    """
    chance = random.Random(seed)
    drawn = []
    for planned in _PLANNED:
        day = OPENS + timedelta(days=max(1, round(planned.share * days) + chance.randint(-2, 2)))
        moment = datetime.combine(day, time(chance.randint(11, 15), chance.randint(0, 59)), tzinfo=zone)
        at = moment.astimezone(UTC)
        drawn.append(Event(at, planned.key, planned.deed, planned.by, planned.blocks))
    return sorted(drawn, key=lambda event: (event.at, event.key))


def down(*, days: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """While the bot stands still: a day and a morning in the middle."""
    day = OPENS + timedelta(days=days // 3)
    return datetime.combine(day, time(7), tzinfo=zone), datetime.combine(
        day + timedelta(days=1), time(10), tzinfo=zone
    )


def _name_people(code: str) -> str:
    return CAST[code][0][0]


def _find_office(tx: Transaction, code: str) -> tuple[int, int, int]:
    """Office, period and contact."""
    office, period = offices.by_code(tx, code), periods.current(tx)
    if office is None or period is None:
        raise LookupError(code)
    _, contact = _find_person(tx, _name_people(code))
    return office.id, period.id, contact.id


def _begin(tx: Transaction, desk_data: DeskData, now: datetime, *, code: str, answers: int) -> str:
    office, period, contact = _find_office(tx, code)
    number = innovations.create(
        tx,
        innovations.NewInnovation(
            office_id=office, period_id=period, form_version=desk_data.form.version, rule_year=2026
        ),
        by=contact,
        now=now,
    )
    some = dict(list(_make_answers(code).items())[:answers])
    innovations.write(tx, number, changes=some, before={}, by=contact, now=now)
    return f"draf dengan {answers} isian"


def _go_on(tx: Transaction, desk_data: DeskData, now: datetime, *, code: str, leaves: int) -> str:
    """Fill in everything but a few answers."""
    innovation, contact = _find_last(tx, code)
    every = list(_make_answers(code).items())
    innovations.write(
        tx, innovation.id, changes=dict(every[: len(every) - leaves]), before={}, by=contact, now=now
    )
    return f"tinggal {leaves} isian"


def _send(tx: Transaction, desk_data: DeskData, now: datetime, *, code: str) -> str:
    office, period, contact = _find_office(tx, code)
    if not innovations.of_office(tx, office, period_id=period):
        _begin(tx, desk_data, now, code=code, answers=99)
    innovation, _ = _find_last(tx, code)
    if innovation.state != State.DRAFT:
        return "sudah terkirim"
    innovations.write(tx, innovation.id, changes=_make_answers(code), before={}, by=contact, now=now)
    receipt = handing_in.send(tx, innovation, year=2026, by=contact, now=now)
    scores.keep(
        tx, innovation.id, answers=_make_answers(code), indicators=desk_data.indicators[2026], now=now
    )
    return receipt


def _find_last(tx: Transaction, code: str) -> tuple[Innovation, int]:
    office, period, contact = _find_office(tx, code)
    return innovations.of_office(tx, office, period_id=period)[-1], contact


def _return(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    innovation, _ = _find_last(tx, "dlh")
    by = _find_person(tx, DESK)[1].id
    reviews.move(tx, innovation, to=Move.TAKE, by=by, now=now)
    review_marks.flag(tx, innovation.id, place="tujuan", reason="Tujuan belum terukur", by=by, now=now)
    taken, _ = _find_last(tx, "dlh")
    reviews.move(tx, taken, to=Move.RETURN, by=by, now=now)
    return "satu hal ditandai"


def _resend(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    innovation, contact = _find_last(tx, "dlh")
    innovations.write(
        tx,
        innovation.id,
        changes={"tujuan": "Timbulan sampah turun 10 persen."},
        before={},
        by=contact,
        now=now,
    )
    changed, _ = _find_last(tx, "dlh")
    reviews.move(tx, changed, to=Move.RESEND, by=contact, now=now)
    return "diperbaiki"


def _do_nothing(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    return "desk belum tahu"


def _aim(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    office, number, contact = _find_office(tx, "dpmd")
    target = desk_data.calendar.on_or_before(periods.load(tx, number).deadline - timedelta(days=28))
    reminder_wishes.set_target(tx, office, period=number, target=target, by=contact, now=now)
    return target.isoformat()


def _exempt(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    office, number, _ = _find_office(tx, "kec_baamang")
    _, desk = _find_person(tx, DESK)
    period = periods.load(tx, number)
    periods.extend(tx, period, office_id=office, until=None, now=now, actor=Actor(desk.id, "pemekaran"))
    return "tidak wajib"


def _snooze(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    office, number, contact = _find_office(tx, "bpbd")
    day = desk_data.calendar.plus(now.astimezone(desk_data.timezone).date(), 3)
    reminder_wishes.snooze(tx, contact, period=number, office=office, until=day, now=now)
    return day.isoformat()


def desk_context(tx: Transaction, desk_data: DeskData, *, now: datetime) -> Context:
    """What a handler is given when the desk does something."""
    channel, desk = _find_person(tx, DESK)
    inbound = Inbound(channel, address_on(channel, DESK), Kind.TEXT)
    return Context(desk_data, tx, inbound, desk, desk_data.words.in_("id"), now)


def move_deadline(tx: Transaction, desk_data: DeskData, now: datetime, *, by: int) -> str:
    """Move the deadline as the desk's command does, with its notices."""
    period = periods.current(tx)
    if period is None:
        raise LookupError("period")
    ctx = desk_context(tx, desk_data, now=now)
    desk = ctx.person
    after = period.deadline + timedelta(days=by)
    people = notices.concerned_by_deadline(ctx, period, after=after)
    change = periods.move_deadline(tx, period, deadline=after, reason="arahan Bupati", by=desk.id, now=now)
    notices.deadline_moved(ctx, period, after=after, people=people, change=change, reason="arahan Bupati")
    return f"{period.deadline.isoformat()} menjadi {after.isoformat()}"


def _pause(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    _, desk = _find_person(tx, DESK)
    return "ditahan" if occurrences.pause(tx, by=desk.id, now=now) else "sudah ditahan"


def _resume(tx: Transaction, desk_data: DeskData, now: datetime) -> str:
    _, desk = _find_person(tx, DESK)
    return "dilanjutkan" if occurrences.resume(tx, by=desk.id, now=now) else "memang berjalan"


def _make_answers(code: str) -> dict[str, object]:
    raw = tomllib.loads((files("sandbox") / "replay.toml").read_text(encoding="utf-8"))
    return {"nama": f"Layanan {code.upper()}", **raw["answers"]}


@dataclass(frozen=True, slots=True)
class Planned:
    """What happens after a share of the days."""

    share: float
    key: str
    deed: Deed
    by: str = ""
    blocks: str = ""


_PLANNED = (
    Planned(0.07, "dinkes memulai", partial(_begin, code="dinkes", answers=6), by="1"),
    Planned(0.20, "dinkes mengirim", partial(_send, code="dinkes"), by="1"),
    Planned(0.10, "disdik memulai", partial(_begin, code="disdik", answers=5), by="3"),
    Planned(
        0.30,
        "disdik melanjutkan sampai hampir selesai",
        partial(_go_on, code="disdik", leaves=2),
        by="3",
    ),
    Planned(0.45, "disdik mengirim", partial(_send, code="disdik"), by="3"),
    Planned(0.15, "dlh memulai dan mengirim", partial(_send, code="dlh"), by="4"),
    Planned(0.40, "dlh dikembalikan", _return, by=DESK),
    Planned(0.58, "dlh mengirim kembali", _resend, by="4"),
    Planned(0.25, "dishub memblokir bot", _do_nothing, blocks="6"),
    Planned(0.15, "dpmd memilih target", _aim, by="7"),
    Planned(0.50, "dpmd mengirim", partial(_send, code="dpmd"), by="7"),
    Planned(0.12, "bkad memulai", partial(_begin, code="bkad", answers=9), by="8"),
    Planned(0.30, "kec_baamang dibebaskan", _exempt, by=DESK),
    Planned(0.62, "bpbd menunda tiga hari", _snooze, by="9"),
    Planned(0.38, "batas waktu dimajukan sepekan", partial(move_deadline, by=-7), by=DESK),
    Planned(0.50, "batas waktu diundur dua pekan", partial(move_deadline, by=14), by=DESK),
    Planned(0.62, "desk menahan pengingat", _pause, by=DESK),
    Planned(0.66, "desk melanjutkan pengingat", _resume, by=DESK),
    Planned(0.92, "bapenda mengirim", partial(_send, code="bapenda"), by="8"),
)
