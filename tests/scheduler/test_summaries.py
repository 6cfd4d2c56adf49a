"""The weekly summary: Monday at 08.00 or the next working morning, once, and made again from what it kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from domain.message import MARKS, Inbound, Kind, Message
from domain.message_length import CAPTION_AT
from domain.people import Role
from domain.reading.dates import PartialDate, say_date
from domain.reminding import weekly_summary
from domain.reminding.weekly_summary import Recap
from handlers.desk import Desk
from handlers.registry import registry
from scheduler.summaries import week_due
from scheduler.ticks import summarise
from storage import contacts, occurrences, periods, profile, reminder_wishes, reports, summaries
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.handed_in import handed_in
from tests.kit.people import enrol
from tests.kit.three_offices import DESK_PERSON, HOUSE, START, at, queued

MONDAY = date(2026, 6, 8)
LEADER = "5"
DESK = Desk(HOUSE, registry())


@pytest.fixture
async def database(database: Database) -> Database:
    def fill(tx: Transaction) -> None:
        contact = enrol(tx, LEADER, name="Wati", now=START)
        contacts.grant(tx, contact, role=Role.LEADER, office_id=None, now=START)
        reminder_wishes.subscribe(tx, contact, now=at(MONDAY - timedelta(days=3)))

    await database.run(fill)
    return database


async def tick(database: Database, day: date, clock: time = time(8)) -> int:
    return await summarise(database, HOUSE, now=at(day, clock))


def gathered(tx: Transaction, now: datetime) -> Recap:
    period = periods.current(tx)
    assert period is not None
    return summaries.gather(tx, HOUSE, period=period, now=now)


def written(made: Recap, language: str = "id") -> Message:
    return weekly_summary.message(
        made, HOUSE.words.in_(language), indicators=HOUSE.indicators[2026], zone=HOUSE.timezone, rows=()
    )


async def test_it_comes_on_monday_at_eight_and_once_a_week(database: Database) -> None:
    assert await tick(database, MONDAY, time(7, 59)) == 0
    assert await tick(database, MONDAY) == 1
    for day in range(7):
        assert await tick(database, MONDAY + timedelta(days=day), time(9)) == 0
    assert await tick(database, MONDAY + timedelta(days=7)) == 1
    assert [address for _, address, _ in await queued(database)] == [LEADER, LEADER]


async def test_on_a_holiday_it_comes_the_next_working_morning(database: Database) -> None:
    assert await tick(database, date(2026, 8, 17)) == 0  # Independence Day, a Monday
    assert await tick(database, date(2026, 8, 18)) == 1


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_every_week_of_three_years_has_its_first_working_morning(year: int) -> None:
    """F59: never on a holiday; of two weeks that share a morning the newer speaks."""
    first = date(year, 1, 1)
    mondays = [day for n in range(365) if (day := first + timedelta(days=n)).weekday() == 0]
    for monday in mondays:
        morning = HOUSE.calendar.on_or_after(monday)
        found = week_due(HOUSE, at(morning, time(8)))
        assert found is not None
        week, moment = found
        assert (moment.date(), week) == (morning, morning - timedelta(days=morning.weekday())), monday
        assert HOUSE.calendar.is_working(moment.date())
        before = week_due(HOUSE, at(morning, time(7, 59)))
        assert before is None or before[0] < week
    assert any(HOUSE.calendar.on_or_after(monday) != monday for monday in mondays)


async def test_after_a_standstill_it_comes_once_the_same_day(database: Database) -> None:
    assert await tick(database, MONDAY, time(10)) == 1
    assert await tick(database, MONDAY, time(10, 1)) == 0


async def dropped(database: Database) -> list[str]:
    """To whom it was told that a summary was dropped."""
    return [
        address
        for _, address, text in await queued(database)
        if "Rekap mingguan" in text and "24 jam" in text
    ]


async def test_a_day_late_it_is_still_sent_when_working_hours_begin(database: Database) -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert await tick(database, MONDAY, time(17)) == 0
    assert await tick(database, tuesday, time(7)) == 0
    assert await tick(database, tuesday, time(8, 0, 59)) == 1
    assert await dropped(database) == []


@pytest.mark.parametrize(("days", "clock"), [(1, time(8, 1)), (1, time(10)), (2, time(8)), (4, time(15))])
async def test_later_than_a_day_it_is_dropped_and_the_desk_is_told_once(
    database: Database, days: int, clock: time
) -> None:
    """F99; the next one comes at its time."""
    assert await tick(database, MONDAY + timedelta(days=days), clock) == 0
    assert await tick(database, MONDAY + timedelta(days=days), time(15, 10)) == 0
    assert await dropped(database) == [str(DESK_PERSON)]
    assert await tick(database, MONDAY + timedelta(days=7)) == 1
    assert await dropped(database) == [str(DESK_PERSON)]


async def test_a_period_that_opens_within_the_week_has_its_first_one_the_next(database: Database) -> None:
    wednesday = MONDAY + timedelta(days=2)
    opens = "UPDATE periods SET opens_on = ?"
    await database.run(lambda tx: tx.execute(opens, (wednesday.isoformat(),)) and None)
    assert await tick(database, wednesday) == 0
    assert await dropped(database) == []
    assert await tick(database, MONDAY + timedelta(days=7)) == 1


async def test_a_week_without_one_is_told_to_the_desk_once(database: Database) -> None:
    later = MONDAY + timedelta(days=14)
    assert await tick(database, MONDAY) == 1
    assert await tick(database, later) == 1
    assert await tick(database, later + timedelta(days=1)) == 0
    assert await database.read(lambda tx: summaries.is_kept(tx, 1, week=MONDAY + timedelta(days=7)))
    told = [(address, text) for _, address, text in await queued(database) if "tidak dikirim" in text]
    assert [address for address, _ in told] == [str(DESK_PERSON)]


async def test_who_subscribes_on_a_monday_afternoon_gets_the_next_one(database: Database) -> None:
    await database.run(lambda tx: reminder_wishes.unsubscribe(tx, 5, now=START))
    await database.run(lambda tx: reminder_wishes.subscribe(tx, 5, now=at(MONDAY, time(14))))
    assert await tick(database, MONDAY, time(14, 1)) == 0
    assert await tick(database, MONDAY + timedelta(days=7)) == 1


@pytest.mark.parametrize(
    ("day", "clock", "first"),
    [
        (date(2026, 6, 8), time(7, 59), date(2026, 6, 8)),
        (date(2026, 6, 8), time(8), date(2026, 6, 15)),
        (date(2026, 6, 12), time(20), date(2026, 6, 15)),
        (date(2026, 8, 17), time(9), date(2026, 8, 18)),  # Independence Day, a Monday
        (date(2026, 8, 18), time(9), date(2026, 8, 24)),
    ],
)
async def test_whoever_subscribes_is_told_the_day_on_which_the_first_one_comes(
    database: Database, day: date, clock: time, first: date
) -> None:
    await database.run(lambda tx: reminder_wishes.unsubscribe(tx, 5, now=START))
    tapped = Inbound("telegram", LEADER, Kind.BUTTON, button="rs:on", callback_id="1", message_ref="1")
    answered = await database.run(lambda tx: DESK.take(tx, tapped, fetched=None, now=at(day, clock)))
    said = say_date(PartialDate(first), "id", weekday=True)
    assert f"08.00 WIB, mulai {said}" in answered[-1].text
    came = [
        morning
        for n in range(10)
        if await tick(database, morning := day + timedelta(days=n), time(8) if n else max(clock, time(8)))
    ]
    assert came[0] == first


async def test_while_everything_is_held_none_goes_out(database: Database) -> None:
    await database.run(lambda tx: occurrences.pause(tx, by=4, now=START))
    assert await tick(database, MONDAY) == 0


async def test_only_who_subscribes_and_still_may_see_it_gets_it(database: Database) -> None:
    await database.run(lambda tx: reminder_wishes.subscribe(tx, 1, now=START))  # a focal point
    assert await tick(database, MONDAY) == 1
    await database.run(lambda tx: reminder_wishes.unsubscribe(tx, 5, now=START))
    assert await tick(database, MONDAY + timedelta(days=7)) == 0


async def test_who_is_passed_over_the_whole_day_gets_the_next_one(database: Database) -> None:
    def forget(tx: Transaction) -> None:
        tx.execute("DELETE FROM outbox")

    assert await tick(database, MONDAY) == 1
    await database.run(forget)
    assert await tick(database, MONDAY + timedelta(days=1), time(8, 10)) == 0
    assert await tick(database, MONDAY + timedelta(days=7)) == 1


async def test_it_is_made_again_from_its_inputs_and_from_history(database: Database) -> None:
    await database.run(lambda tx: handed_in(tx, "SIPANDU", now=at(date(2026, 6, 3)), office="dinkes"))
    assert await tick(database, MONDAY) == 1
    sent = (await queued(database))[0][2]
    await database.run(lambda tx: handed_in(tx, "SIMPEL", now=at(date(2026, 6, 10)), office="dlh"))
    kept = await database.read(lambda tx: summaries.kept(tx, 1, week=MONDAY))
    assert kept is not None
    assert written(kept).text == sent
    then = await database.read(
        lambda tx: reports.period_figures_at(tx, 1, rule=HOUSE.rules[2026], moment=at(MONDAY))
    )
    assert then is not None
    assert kept.judged.claimed is not None
    assert (then.claimed.index, then.figures.done) == (kept.judged.claimed.low, kept.done)
    later = await database.read(lambda tx: gathered(tx, at(date(2026, 6, 11))))
    assert later.done == kept.done + 1


def filled_in(tx: Transaction) -> None:
    """The regency's own rows, every one at level 2."""
    for row in HOUSE.rules[2026].spd:
        profile.set_level(tx, 1, row=row.no, level=2, by=1, now=START)


def ten_more(tx: Transaction) -> None:
    for number in range(10):
        handed_in(tx, f"Layanan {number}", now=at(date(2026, 6, 6)), office="dlh")


async def test_the_change_is_told_with_its_sign(database: Database) -> None:
    await database.run(filled_in)
    await database.run(lambda tx: handed_in(tx, "SIPANDU", now=at(date(2026, 5, 20)), office="dinkes"))
    assert "Tidak berubah" in written(await database.read(lambda tx: gathered(tx, at(MONDAY)))).text
    await database.run(lambda tx: handed_in(tx, "SIMPEL", now=at(date(2026, 6, 5)), office="dlh"))
    made = await database.read(lambda tx: gathered(tx, at(MONDAY)))
    text = written(made).text
    assert "Sejak pekan lalu: +" in text
    assert made.steps == ()  # the target is not spoken of while fewer innovations count than the divisor
    await database.run(ten_more)
    made = await database.read(lambda tx: gathered(tx, at(MONDAY)))
    assert len(made.steps) == 3
    assert written(made).text.count("poin") >= 3


async def test_a_week_without_news_has_a_word_in_place_of_its_summary(database: Database) -> None:
    """Whoever has not read the week before gets the summary; with the next news everybody does (F71)."""
    next_week, later = MONDAY + timedelta(days=7), MONDAY + timedelta(days=14)

    def subscribe_another(tx: Transaction) -> None:
        another = enrol(tx, "6", name="Joko", now=START)
        contacts.grant(tx, another, role=Role.LEADER, office_id=None, now=START)
        reminder_wishes.subscribe(tx, another, now=at(MONDAY, time(9)))

    async def texts() -> dict[str, str]:
        return {
            address: text.translate(dict.fromkeys(map(ord, MARKS)))
            for _, address, text in await queued(database)
        }

    await tick(database, MONDAY)
    assert "0 dari 3 perangkat daerah" in (await texts())[LEADER]
    await database.run(subscribe_another)
    assert await tick(database, next_week) == 2
    said = await texts()
    assert "tidak kami kirim, karena tidak ada yang berubah sejak 8 Juni 2026" in said[LEADER]
    assert "perangkat daerah sudah mengirim" not in said[LEADER]
    assert "0 dari 3 perangkat daerah" in said["6"]
    await database.run(
        lambda tx: handed_in(tx, "SIMPEL", now=at(next_week + timedelta(days=2)), office="dlh")
    )
    assert await tick(database, later) == 2
    said = await texts()
    assert "1 dari 3 perangkat daerah" in said[LEADER]
    assert "1 dari 3 perangkat daerah" in said["6"]


async def test_out_of_reach_is_never_mixed_with_not_sent(database: Database) -> None:
    await database.run(lambda tx: contacts.block(tx, "telegram", address="3", now=START))
    made = await database.read(lambda tx: gathered(tx, at(MONDAY)))
    assert made.unreached == ("Disdik",)
    assert "Disdik" not in made.lacking
    assert set(made.lacking) == {"Dinkes", "DLH"}


async def test_its_picture_is_the_chart_of_the_same_moment(database: Database) -> None:
    """A verified figure that nothing was counted for is empty, and August is "Agu", as on the page of the
    estimate.
    """
    await database.run(lambda tx: handed_in(tx, "SIPANDU", now=at(date(2026, 7, 20)), office="dinkes"))
    made = await database.read(lambda tx: gathered(tx, at(date(2026, 8, 3))))
    assert Recap.from_json(made.to_json()) == made
    picture = written(made).attachment
    assert picture is not None
    assert picture.args["days"] == ["27 Jul", "3 Agu"]
    assert picture.args["bars"][1]["said"] == "belum ada"
    assert [row[3] for row in picture.args["trend"]] == [None, None]


EARLY = """{"year":2026,"rule_year":2026,"at":"2026-06-01T01:00:00.000000+00:00","deadline":"2026-12-15",
"claimed":{"index":"50.73","predikat":"Inovatif","counted":28,"shares":["16.20","30.27","4.26"]},
"verified":{"index":"16.20","predikat":"Kurang Inovatif","counted":0,"shares":["16.20","0.00","0.00"]},
"target":"65.01","before":"49.00","offices":47,"done":15,"lacking":["Dinkes"],"unreached":["DLH"],
"steps":[[16,3,9]],"trend":[["2026-05-25","0","0"],["2026-06-01","50.73","0"]]}"""


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_was_kept_before_there_was_a_judgement_is_still_said(language: str) -> None:
    made = Recap.from_json(EARLY)
    assert made.judged.claimed is not None
    assert (made.judged.claimed.low, made.judged.claimed.predikat) == (Decimal("50.73"), "Inovatif")
    assert (made.judged.verified, made.judged.gap, made.change) == (None, Decimal("14.28"), Decimal("1.73"))
    assert [row[1:] for row in made.trend] == [(None, None, None), ("50.73", "50.73", None)]
    text = written(made, language).text
    assert "50,73" in text or "50.73" in text
    assert "16,20" not in text
    assert Recap.from_json(made.to_json()) == made


async def test_what_was_kept_under_other_names_is_still_read(database: Database) -> None:
    """So it was kept before the fields were called what they are now, and before there were starts."""
    made = await database.read(lambda tx: gathered(tx, at(MONDAY)))
    kept = json.loads(made.to_json())
    kept["judged"]["affairs"]["there"] = kept["judged"]["affairs"].pop("covered")
    for name in ("unchecked", "start_year", "started"):
        del kept["judged"]["profile"][name]
    assert Recap.from_json(json.dumps(kept)) == made


@pytest.mark.parametrize("language", ["id", "en"])
async def test_it_fits_under_its_picture_whatever_the_names(database: Database, language: str) -> None:
    await database.run(lambda tx: handed_in(tx, "SIPANDU", now=at(date(2026, 6, 3)), office="dinkes"))
    made = await database.read(lambda tx: gathered(tx, at(MONDAY)))
    many = replace(made, lacking=("DSDABMBKPRKP",) * 40, unreached=("Kec. Mentaya Hilir Utara",) * 12)
    message = written(many, language)
    assert len(message.text.translate({ord(mark): None for mark in MARKS})) <= CAPTION_AT
    assert message.attachment is not None
    assert message.attachment.make == "chart"
    assert Message.from_json(message.to_json()) == message


def test_a_whole_week_of_holidays_leaves_one_summary_for_the_morning_after() -> None:
    """Two Mondays share the first working day of March 25: only the newer week speaks."""
    found = week_due(HOUSE, at(date(2026, 3, 25), time(8)))
    assert found is not None
    assert found[0] == date(2026, 3, 23)
