"""The words of every rule in both languages, kept as files and compared; `--update` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.buttons.base import Raw
from domain.conversation.missing import Lack
from domain.message import MARKS, Choice, Message
from domain.reminding.desk_texts import Note, OfficeCard, desk_note, leader_news, rung_news
from domain.reminding.escalation import DeskWork, LateReview, Notice, ProfileLack
from domain.reminding.facts import Key, Occurrence, Person, Subject
from domain.reminding.texts import Line, reminder, snooze_rows
from domain.review import Standing
from domain.rules.calendar import load_calendar
from domain.rules.reminder_rules import load_reminders
from domain.texts import Say
from handlers.words import load_words

HERE = Path(__file__).parent / "texts"
RULES, CALENDAR, WORDS = load_reminders(), load_calendar(), load_words()
DEADLINE, TODAY = date(2026, 9, 1), date(2026, 8, 18)
BARE = Subject(5, 1, date(2026, 5, 4), DEADLINE, people=(Person(1),))
DRAFT = replace(BARE, standing=Standing.DRAFT, innovation=1, touched=date(2026, 8, 10))
RETURNED = replace(BARE, standing=Standing.RETURNED, innovation=1, returned_on=date(2026, 8, 12))
SOME = Lack(1, "SIPANDU", 14, 20, ("Tujuan", "Hasil Inovasi"), "tujuan")
MANY = replace(SOME, filled=8, gaps=("Tujuan", "Manfaat", "Hasil Inovasi", "Foto", "Video", "Anggaran"))
QUESTION = Message("Apa tujuannya?\nTulis satu kalimat.", ((Choice("Kembali", Raw("f:1:tujuan:3:back")),),))
SECOND, HEAD = Notice("second", date(2026, 8, 20)), Notice("head", date(2026, 8, 21))
LEADER, DESK = Notice("leader", date(2026, 8, 24)), Notice("desk", date(2026, 8, 28))


def one(
    trigger: str, subject: Subject, lack: Lack | None = None, *, today: date = TODAY, **more: object
) -> Line:
    return Line(trigger, "Dinas Kesehatan", "Dinkes", subject, 2026, today, lack, **more)  # type: ignore[arg-type]


LINES: dict[str, tuple[Line, ...]] = {
    "tunda": (one("snoozed", DRAFT, SOME),),
    "terima_kasih": (one("done", replace(BARE, standing=Standing.DONE, done_on=date(2026, 8, 14))),),
    "target": (one("target", replace(BARE, target=date(2026, 8, 25)), notices=(LEADER, DESK)),),
    "batas": (
        one("deadline", BARE, notices=(SECOND, HEAD, LEADER, DESK)),
        one("deadline", DRAFT, MANY, notices=(DESK,)),
        one("deadline", DRAFT, replace(SOME, gaps=(), place="")),
        one("deadline", RETURNED, replace(SOME, gaps=("17 Kelembagaan", "Tujuan"))),
        one("deadline", BARE, today=date(2026, 8, 31)),
    ),
    "lewat": (one("passed", DRAFT, SOME, today=date(2026, 9, 2)),),
    "dikembalikan": (one("returned", RETURNED, replace(SOME, gaps=("17 Kelembagaan",))),),
    "hampir": (one("almost_done", DRAFT, SOME, question=QUESTION), one("almost_done", DRAFT, SOME)),
    "draf": (one("stalled", DRAFT, MANY, question=QUESTION),),
    "mulai": (one("nothing_started", BARE),),
}
OTHERS = {
    "pimpinan": "unanswered",
    "pendamping": "unanswered",
    "kepala": "unanswered",
    "telepon": "unanswered",
    "tak_terjangkau": "unreachable",
    "serah": "handover",
}


LACKS = (ProfileLack(8, 20, 0, Decimal("12.40")), ProfileLack(8, 20, 9, Decimal("12.40")))


LADDER = (("secretary", "Siti", "+62813"), ("head", "Hasan", ""))


def note(trigger: str) -> Note:
    reach = "blocked" if trigger == "unreachable" else ""
    subjects = [replace(BARE, office=n, people=(Person(n, reach),)) for n in (5, 6)]
    cards = {
        5: OfficeCard("Dinas Kesehatan", "Dinkes", subjects[0], (("Rina", "+62811"), ("Budi", "")), LADDER),
        6: OfficeCard("Dinas Sosial", "Dinsos", replace(subjects[1], people=())),
    }
    found = [
        Occurrence(Key("", 1, office, 9, ""), trigger, datetime(2026, 8, 18, tzinfo=UTC)) for office in cards
    ]
    if trigger == "unanswered":
        found = found[:1]
    late = (LateReview("SIPANDU", "Dinkes", date(2026, 8, 7)), LateReview("", "DLH", date(2026, 8, 10)))
    work = DeskWork(3, late[0].since, LACKS[0], date(2026, 9, 15), late, 2, 4)
    return Note(found, cards, work, 2, 2026, TODAY)


def messages(rule: str) -> Callable[[Say], list[Message]]:
    """What a rule says, in one language."""
    if rule in LINES:
        return lambda say: [reminder([line], say, calendar=CALENDAR) for line in LINES[rule]]
    if rule == "antrean":
        queued = [Occurrence(Key("", 1, 0, 9, ""), "queue", datetime(2026, 8, 18, tzinfo=UTC))]
        return lambda say: [
            desk_note(replace(note("unanswered"), occurrences=queued), say, calendar=CALENDAR)
        ]
    if rule == "profil":
        lacking = [Occurrence(Key("", 1, 0, 9, ""), "profile", datetime(2026, 8, 18, tzinfo=UTC))]
        notes = [
            replace(note("unanswered"), occurrences=lacking, work=DeskWork(profile=lack)) for lack in LACKS
        ]
        return lambda say: [desk_note(one, say, calendar=CALENDAR) for one in notes]
    if rule in ("pendamping", "kepala"):
        return lambda say: [rung_news(note("unanswered"), say)]
    if rule == "pimpinan":
        return lambda say: [leader_news(note("unanswered"), say)]
    return lambda say: [desk_note(note(OTHERS[rule]), say, calendar=CALENDAR)]


def drawn(message: Message) -> str:
    rows = ["".join(f"[{choice.label}]({choice.data})" for choice in row) for row in message.rows]
    return "\n".join((message.text.translate({ord(mark): None for mark in MARKS}), *rows))


@pytest.mark.parametrize("rule", RULES.by_id)
def test_a_rule_says_what_is_written(rule: str, request: pytest.FixtureRequest) -> None:
    said = [
        f"{language}\n\n{drawn(m)}" for language in ("id", "en") for m in messages(rule)(WORDS.in_(language))
    ]
    played = "\n\n----\n\n".join(said) + "\n"
    path = HERE / f"{rule}.txt"
    if request.config.getoption("--update"):
        path.write_text(played, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == played


def test_there_is_no_file_without_a_rule() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == set(RULES.by_id) | {"beberapa"}


@pytest.mark.parametrize("rule", RULES.by_id)
@pytest.mark.parametrize("language", ["id", "en"])
def test_it_says_who_writes_fits_a_screen_and_leads_on(rule: str, language: str) -> None:
    who = "Desk Inovasi" if language == "id" else "Innovation Desk"
    for message in messages(rule)(WORDS.in_(language)):
        assert who in message.text
        assert len(message.text) <= 900
        assert message.rows
        assert all(len(choice.data.encode()) <= 64 for row in message.rows for choice in row)


def test_it_never_lists_what_is_there() -> None:
    text = reminder([one("deadline", DRAFT, SOME)], WORDS.in_("id"), calendar=CALENDAR).text
    assert "Tujuan, Hasil Inovasi" in text
    assert ", 2 belum: " in text.translate({ord(mark): None for mark in MARKS})
    assert "Nama Inovasi" not in text


def test_its_button_leads_to_exactly_the_first_gap() -> None:
    rows = reminder([one("deadline", DRAFT, SOME)], WORDS.in_("id"), calendar=CALENDAR).rows
    assert rows[0][0].data == "f:1:tujuan:0:j:tujuan"
    full = reminder(
        [one("deadline", DRAFT, replace(SOME, gaps=(), place=""))], WORDS.in_("id"), calendar=CALENDAR
    ).rows
    assert full[0][0].data == "f:1:#check:0:check"


def test_three_offices_come_in_one_message(request: pytest.FixtureRequest) -> None:
    lines = [
        one("deadline", BARE, notices=(LEADER, DESK)),
        replace(one("stalled", replace(DRAFT, office=6), SOME), office="Dinas Sosial", short="Dinsos"),
        replace(
            one("returned", replace(RETURNED, office=7), SOME), office="Dinas Perhubungan", short="Dishub"
        ),
        replace(
            one("done", replace(BARE, office=8, standing=Standing.DONE)),
            office="Inspektorat",
            short="Inspektorat",
        ),
    ]
    said = [
        f"{language}\n\n{drawn(reminder(lines, WORDS.in_(language), calendar=CALENDAR))}"
        for language in ("id", "en")
    ]
    played, path = "\n\n----\n\n".join(said) + "\n", HERE / "beberapa.txt"
    if request.config.getoption("--update"):
        path.write_text(played, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == played


def of_offices(count: int, trigger: str) -> Message:
    """A message to one person who serves so many offices, the longest names of the regency."""
    name = "Dinas Sumber Daya Air, Bina Marga, Bina Konstruksi, Perumahan Rakyat dan Kawasan Permukiman"
    lines = [
        replace(one(trigger, replace(BARE, office=n)), office=name, short=f"DSDABMBKPRKP {n}")
        for n in range(count)
    ]
    return reminder(lines, WORDS.in_("id"), calendar=CALENDAR)


@pytest.mark.parametrize("trigger", ["passed", "done", "deadline"])
def test_it_says_who_writes_about_several_offices_too(trigger: str) -> None:
    assert (
        of_offices(2, trigger)
        .text.translate({ord(mark): None for mark in MARKS})
        .startswith(("Desk Inovasi\n", "Pengingat Desk Inovasi\n"))
    )


def test_who_serves_a_great_many_offices_gets_one_message_of_a_screen() -> None:
    shown = of_offices(14, "deadline")
    choices = [choice for row in shown.rows for choice in row]
    assert len(choices) <= 12
    assert "dan 6 lainnya: DSDABMBKPRKP 8, " in shown.text
    assert "14 perangkat daerah" in shown.text
    assert "k:tugas" in [choice.data for choice in choices]


@pytest.mark.parametrize(
    ("today", "labels"),
    [
        (date(2026, 8, 19), ["Kamis, 20 Agustus", "Senin, 24 Agustus", "Tanggal lain"]),
        (date(2026, 8, 28), ["Senin, 31 Agustus", "Tanggal lain"]),  # Friday: tomorrow is Monday
        (
            date(2026, 8, 24),
            ["Rabu, 26 Agustus", "Senin, 31 Agustus", "Tanggal lain"],
        ),  # the next day is a holiday
        (date(2026, 8, 31), ["Selasa, 1 September"]),
        (date(2026, 9, 1), []),
    ],
)
def test_putting_off_is_offered_inside_the_deadline_only(today: date, labels: list[str]) -> None:
    rows = snooze_rows(5, WORDS.in_("id"), calendar=CALENDAR, today=today, until=DEADLINE)
    assert [choice.label for row in rows for choice in row] == labels


@pytest.mark.parametrize(("closes", "is_said"), [("2026-08-18", True), ("2026-08-17", False)])
def test_the_closing_of_the_portal_is_said_beside_the_queue_until_it_is_over(
    closes: str, is_said: bool
) -> None:
    """B20: of a queue that is empty nothing is said, and so nothing of the portal."""
    work = DeskWork(3, date(2026, 8, 11), None, date.fromisoformat(closes))
    queued = [Occurrence(Key("", 1, 0, 9, ""), "queue", datetime(2026, 8, 18, tzinfo=UTC))]
    waits = replace(note("unanswered"), occurrences=queued, work=work)
    written = desk_note(waits, WORDS.in_("id"), calendar=CALENDAR)
    assert ("Portal Kemendagri ditutup" in written.text) is is_said
    others = desk_note(replace(note("unreachable"), work=work), WORDS.in_("id"), calendar=CALENDAR)
    assert "Portal" not in others.text


def test_the_desk_hears_from_october_on_that_next_years_holidays_are_missing() -> None:
    autumn = replace(note("unanswered"), today=date(2028, 10, 2))
    for language, said in (
        ("id", "Hari libur tahun 2029 belum kami ketahui"),
        ("en", "the holidays of 2029 yet"),
    ):
        assert said in desk_note(autumn, WORDS.in_(language), calendar=CALENDAR).text
    assert (
        "2029"
        not in desk_note(replace(autumn, today=date(2028, 9, 29)), WORDS.in_("id"), calendar=CALENDAR).text
    )


@pytest.mark.parametrize(
    ("count", "language", "line"),
    [
        (15, "id", "• Belum ada PIC terdaftar (15): "),
        (45, "id", "• Belum ada PIC terdaftar (45): "),
        (45, "en", "• No focal point has enrolled (45): "),
    ],
)
def test_many_offices_without_anybody_are_named_in_part_with_a_door_to_all(
    count: int, language: str, line: str
) -> None:
    subject = replace(BARE, people=())
    cards = {n: OfficeCard(f"Kecamatan {n}", f"Kec. {n}", subject) for n in range(1, count + 1)}
    due = [Occurrence(Key("", 1, n, 9, ""), "unreachable", datetime(2026, 8, 18, tzinfo=UTC)) for n in cards]
    written = desk_note(Note(due, cards, DeskWork(), 2, 2026, TODAY), WORDS.in_(language), calendar=CALENDAR)
    doors = [choice.data for row in written.rows for choice in row]
    assert f"{line}Kec. 1, " in written.text
    assert written.text.endswith(
        {15: "Kec. 15", 45: "Kec. 15, dan 30 lagi" if language == "id" else "Kec. 15, and 30 more"}[count]
    )
    assert ("o:out" in doors) == (count > 15)


@pytest.mark.parametrize(("reach", "why"), [("off", "sedang tidak dipakai"), ("blocked", "bot diblokir")])
def test_the_note_of_the_desk_says_why_nobody_of_an_office_is_reached(reach: str, why: str) -> None:
    subject = replace(BARE, people=(Person(1, reach),))
    cards = {5: OfficeCard("Dinas Kesehatan", "Dinkes", subject, (("Rina", "+62811"),))}
    due = [Occurrence(Key("", 1, 5, 9, ""), "unreachable", datetime(2026, 8, 18, tzinfo=UTC))]
    written = desk_note(Note(due, cards, DeskWork(), 2, 2026, TODAY), WORDS.in_("id"), calendar=CALENDAR)
    assert "Rina +62811 (" in written.text
    assert why in written.text


def test_who_is_on_the_ladder_is_named_once_in_the_call_list() -> None:
    people = (("Rina", "+62811"), ("Siti", "+62813"))
    cards = {5: OfficeCard("Dinas Kesehatan", "Dinkes", BARE, people, LADDER)}
    due = [Occurrence(Key("", 1, 5, 9, ""), "unanswered", datetime(2026, 8, 18, tzinfo=UTC))]
    written = desk_note(Note(due, cards, DeskWork(), 2, 2026, TODAY), WORDS.in_("id"), calendar=CALENDAR)
    assert "Dinas Kesehatan – Rina +62811, sekretaris Siti +62813, kepala Hasan" in written.text
