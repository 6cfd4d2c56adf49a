"""A year of Kotim by the real storage functions: 47 offices hand in, are reviewed and reminded.

What an office writes becomes an update in the inbox, a line of history and a reply in the outbox, as a turn
makes them; the days are swept as the bot sweeps them.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain import buttons
from domain.announcing.audience import Audience
from domain.draft.evidence import Letter, Piece
from domain.message import Choice, Message, StoredFile
from domain.people import Role
from domain.review import Move, Verdict
from domain.rules.indicators import NUMBERS, load_indicators
from domain.rules.load import load_offices
from handlers.desk import Desk
from scheduler import reminders, summaries
from scheduler.housekeeping import portions
from storage import (
    audiences,
    broadcast_drafts,
    broadcasts,
    contacts,
    files,
    handing_in,
    inbox,
    innovations,
    occurrences,
    offices,
    outbox,
    periods,
    profile,
    recipients,
    reminder_wishes,
    review_marks,
    reviews,
    scores,
)
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from tests.kit.people import enrol

FIRST_YEAR, RULE_YEAR = 2026, 2026
INNOVATIONS_A_YEAR = 3  # of each office
QUIET_TURNS_A_WEEK = 4  # of each office: looks at tasks, status, help
REVIEWED_UNTIL = 10  # the month from which innovations wait for the new year, so that the queue holds some
DESK, LEADER = 1, 2  # the first people
FIRST_PIC = 10
TEXT = " ".join(f"kata{n}" for n in range(1, 60))
CHOICES = tuple((Choice(f"Pilihan {n}", buttons.Open("bantuan")),) for n in range(1, 6))
REPLY = Message(f"Tersimpan. {TEXT}", CHOICES)
_SENT = "UPDATE outbox SET state = 'sent', sent_at = created_at, message_ref = id WHERE state = 'waiting'"
_PIC = "SELECT contact_id FROM memberships WHERE office_id = ? AND until IS NULL"


def people(tx: Transaction, *, now: datetime) -> None:
    """Enrol the desk, a leader who subscribes, and one PIC for each office."""
    offices.upsert(tx, load_offices())
    roles: list[tuple[Role, int | None]] = [(Role.ADMIN, None), (Role.LEADER, None)]
    roles += [(Role.FOCAL_POINT, office.id) for office in offices.active(tx)]
    for number, (role, office) in enumerate(roles, 1):
        person = enrol(tx, 7000 + number, name=f"Orang {number}", now=now)
        contacts.grant(tx, person, role=role, office_id=office, now=now)
    for person in (DESK, LEADER):
        reminder_wishes.subscribe(tx, person, now=now)


class Kotim:
    """Lives through years, a day at a time."""

    def __init__(self, tx: Transaction, desk: Desk) -> None:
        """Take over a database in which `people` are enrolled."""
        self._tx = tx
        self._desk_data = desk.desk_data
        self._chance = random.Random(1)
        self._updates = self._files = 0
        self._waiting: list[int] = []  # for their review
        self._indicators = load_indicators()[RULE_YEAR]

    def live(self, year: int, *, until: date) -> None:
        """Live from the first of January until a day of the same year."""
        self._begin(year)
        plan = self._plan(year)
        day = date(year, 1, 5)
        while day <= until:
            self._tx.execute("BEGIN")
            self._live_day(day, plan.get(day, []))
            self._tx.execute("COMMIT")
            day += timedelta(days=1)

    def _begin(self, year: int) -> None:
        now = datetime(year, 1, 5, tzinfo=UTC)
        while self._waiting:
            self._review(self._waiting.pop(), now=now)
        if (last := periods.current(self._tx)) is not None:
            periods.set_open(self._tx, last, is_open=False, reason="tahun berganti", by=DESK, now=now)
        period = periods.open_period(
            self._tx,
            periods.NewPeriod(
                year=year, rule_year=RULE_YEAR, opens_on=now.date(), deadline=date(year, 11, 20)
            ),
            now=now,
        )
        for row in self._desk_data.rules[RULE_YEAR].spd:
            profile.set_level(self._tx, period, row=row.no, level=2, by=DESK, now=now)

    def _plan(self, year: int) -> dict[date, list[tuple[str, int]]]:
        """Choose on which days each innovation is written, sent and reviewed."""
        plan: dict[date, list[tuple[str, int]]] = {}
        for office in offices.active(self._tx):
            for number in range(INNOVATIONS_A_YEAR):
                begun = date(year, 2, 1) + timedelta(days=self._chance.randrange(250))
                plan.setdefault(begun, []).append((f"{office.id}:{number}", office.id))
        return plan

    def _live_day(self, day: date, begun: list[tuple[str, int]]) -> None:
        morning = datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC)
        for title, office in begun:
            self._hand_in(title, office, now=morning)
        if self._desk_data.calendar.is_working(day):
            self._remind(morning + timedelta(minutes=89))  # 09.59, the end of the slots
            if day.weekday() == 0:
                summaries.summarise(self._tx, self._desk_data, now=morning)
                self._look_around(morning)
        if day.day == 10:
            self._announce(morning)
        self._tx.execute(_SENT)
        kept = timedelta(days=self._desk_data.retention_days)
        for portion in portions(morning, kept).values():
            after: int | None = 0
            while after is not None:
                after = portion(self._tx, after).next

    def _hand_in(self, title: str, office: int, *, now: datetime) -> None:
        tx = self._tx
        (by,) = tx.execute(_PIC, (office,)).fetchone()
        period = periods.current(tx)
        assert period is not None
        number = innovations.create(
            tx,
            innovations.NewInnovation(
                office_id=office, period_id=period.id, form_version=1, rule_year=RULE_YEAR
            ),
            by=by,
            now=now,
        )
        for minute, changes in enumerate(self._answers(f"Inovasi {title} {now.year}")):
            at = now + timedelta(seconds=20 * minute)
            self._write(number, changes, by=by, now=at)
        sent = innovations.load(tx, number)
        assert sent is not None
        handing_in.send(tx, sent, year=now.year, by=by, now=now)
        if now.month < REVIEWED_UNTIL:
            self._review(number, now=now + timedelta(days=3))
        else:
            self._waiting.append(number)

    def _answers(self, title: str) -> Iterator[dict[str, Any]]:
        yield {"nama": title}
        yield {"tahapan": "penerapan"}
        yield {"urusan_utama": self._chance.choice(("pendidikan", "kesehatan", "pupr", "pangan"))}
        yield {"waktu_penerapan": "2025-06-01"}
        yield {"ada_perkembangan": "tidak"}
        for question in (
            "dasar_hukum", "permasalahan", "isu_strategis", "metode", "keunggulan", "cara_kerja", "tujuan",
            "manfaat", "hasil",
        ):  # fmt: skip
            yield {question: f"{title} {question} {TEXT}"}
        yield {"anggaran": [self._piece()]}
        yield {"foto": [self._piece()]}
        for no in NUMBERS:
            yield {f"i{no}": {"level": self._chance.randint(1, 3)}}
            yield {f"e{no}": [self._piece(letter=True)]}

    def _piece(self, *, letter: bool = False) -> Piece:
        self._files += 1
        sha256 = hashlib.sha256(str(self._files).encode()).hexdigest()
        path = f"{sha256[:2]}/{sha256}"
        stored = StoredFile(sha256, "pdf", f"bukti-{self._files}.pdf", 400_000)
        files.insert(self._tx, stored, path=path, now=datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
        about = Letter("188.45/12/2025", "2025-05-02", "Penetapan inovasi") if letter else Letter()
        return Piece(sha256, "pdf", stored.name, stored.size, letter=about)

    def _write(self, number: int, changes: dict[str, Any], *, by: int, now: datetime) -> None:
        tx = self._tx
        before = innovations.answers(tx, number)
        innovations.write(tx, number, changes=changes, before=before, by=by, now=now)
        scores.keep(tx, number, answers={**before, **changes}, indicators=self._indicators, now=now)
        self._turn(by, now=now)

    def _turn(self, by: int, *, now: datetime) -> None:
        """Keep the update a turn came from, and the reply it made."""
        self._updates += 1
        raw = json.dumps({"update_id": self._updates, "message": {"text": TEXT[:200]}})
        arrival = Arrival(str(self._updates), str(7000 + by), raw)
        inbox.insert(self._tx, "telegram", arrivals=[arrival], now=now)
        self._tx.execute("UPDATE inbox SET state = 'handled' WHERE state = 'waiting'")
        outbox.insert(
            self._tx,
            channel="telegram",
            address=str(7000 + by),
            message=REPLY,
            now=now,
            terms=outbox.Terms(dedupe_key=f"reply:{self._updates}:0"),
        )

    def _review(self, number: int, *, now: datetime) -> None:
        tx = self._tx
        for move in (Move.TAKE, Move.VERIFY):
            innovation = innovations.load(tx, number)
            assert innovation is not None
            if move is Move.VERIFY:
                for no in NUMBERS:
                    review_marks.judge(tx, number, indicator=no, verdict=Verdict(1), by=DESK, now=now)
            assert reviews.move(tx, innovation, to=move, by=DESK, now=now) is not None
            self._turn(DESK, now=now)

    def _remind(self, now: datetime) -> None:
        """Do the tick of a morning as the bot does it."""
        tx, since = self._tx, occurrences.last_tick(self._tx, reminders.NAME) or now - timedelta(days=1)
        page = reminders.look(tx, self._desk_data, since=since, now=now, after=-1)
        reminders.tell(tx, self._desk_data, people=page.people, since=since, now=now)
        occurrences.set_tick(tx, reminders.NAME, now=now)

    def _look_around(self, now: datetime) -> None:
        for office in offices.active(self._tx):
            (by,) = self._tx.execute(_PIC, (office.id,)).fetchone()
            for _ in range(QUIET_TURNS_A_WEEK):
                self._turn(by, now=now)

    def _announce(self, now: datetime) -> None:
        tx = self._tx
        audience = Audience(roles=frozenset({Role.FOCAL_POINT.value}))
        number = broadcast_drafts.create(
            tx,
            by=DESK,
            channel="telegram",
            address=str(7000 + DESK),
            now=now,
            draft=broadcast_drafts.NewDraft(text=TEXT, audience=audience),
        )
        period = periods.current(tx)
        audiences.write_down(tx, number, audience=audiences.chosen(audience, period.id if period else 0))
        tx.execute("UPDATE broadcasts SET state = 'running', starts_at = created_at WHERE id = ?", (number,))
        recipients.feed(tx, number, message=lambda language: Message(TEXT), limit=1_000, now=now)
        tx.execute(_SENT)
        recipients.settle(tx, number, now=now)
        broadcasts.end(tx, number, now=now)
