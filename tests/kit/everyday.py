"""A regency in the middle of its year, and the ways that reach its pages: what is typed, and what lies behind
several acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from domain.buttons import for_everybody as buttons_for_everybody
from domain.rules.indicators import NUMBERS
from storage import profile, review_marks
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import fill_in
from tests.kit.databases import Content, filled, with_every_office, with_people
from tests.kit.desk_turns import DESK, buttons, says, taps
from tests.kit.handed_in import handed_in, last_year
from tests.kit.page_walk import TAP
from tests.kit.people import BUDI, ORANG, RINA, SARI, TONO, WATI, invited
from tests.kit.regency import RULE, like_kotim, verified

SECOND_OFFICE, NEW_PERSON, CODES = "KodeKantor2-0001", "KodeOrangBaru-01", 20
Ways = Sequence[str | tuple[str, ...]]


@cache
def ordinary() -> Content:
    """28 innovations, one under review with much to correct, one of last year, a whole draft, an empty one,
    20 open codes and a question to the desk.
    """

    def fill(tx: SqliteTransaction) -> None:
        like_kotim(tx, now=MORNING)
        verified(tx, 3, now=MORNING)
        number = handed_in(tx, "SIPANDU Posyandu Terpadu", now=MORNING)
        for text in ("/ajukan", "Antre Daring Puskesmas Keliling", "penerapan"):
            says(tx, RINA, text)
        draft = int(tx.execute("SELECT max(id) FROM innovations").fetchone()[0])
        fill_in(tx, draft, by=1, now=MORNING)
        says(tx, TONO, "/ajukan")
        last_year(tx, "Posyandu Remaja Sehat", now=MORNING)
        earlier = int(tx.execute("SELECT id FROM periods WHERE year = 2025").fetchone()[0])
        tx.execute("DELETE FROM spd_levels WHERE row IN ('1', '2', '3')")
        for row in RULE.spd[:6]:
            profile.set_level(tx, earlier, row=row.no, level=2, by=1, now=MORNING)
        for n in range(CODES):
            invited(tx, f"KodeDinkes-{n:05d}", now=MORNING)
        invited(tx, SECOND_OFFICE, now=MORNING)
        invited(tx, NEW_PERSON, now=MORNING)
        _put_under_review(tx, number)
        _ask_the_desk(tx)

    return filled(with_every_office(), fill)


def _put_under_review(tx: SqliteTransaction, number: int) -> None:
    taps(tx, SARI, f"q:t:{number}")
    places = [question.id for question in DESK.desk_data.form][:14]
    for place in (*places, *(f"i{no}" for no in range(16, 24))):
        review_marks.flag(tx, number, place=place, reason="Mohon dilengkapi.", by=5, now=MORNING)


def _ask_the_desk(tx: SqliteTransaction) -> None:
    said = says(tx, WATI, "/tanya siapa yang menanggung biaya konsumsi rapat tim di hari libur?")
    asked = next(data for data in buttons(said) if buttons_for_everybody.AskDesk.parse(data) is not None)
    taps(tx, WATI, asked)


TYPED: Ways = (
    *(f"/{name}" for name in DESK.registry.by_name),
    "apa ini",
    "/antren",
    "/opd dinkes",
    "/status dinkes",
)
CHANGES = (
    ("/opd dinkes", f"{TAP}o:name:5", "Dinas Kesehatan dan Keluarga", "Sesuai Perda baru"),
    ("/opd dinkes", f"{TAP}o:close:5", "Sesuai Perda baru"),
    ("/opd dinkes", f"{TAP}o:more:5", "20 Desember 2026", "Menunggu SK"),
    ("/opd dinkes", f"{TAP}o:free:5", "Kantor baru"),
    ("/opd dinkes", f"{TAP}o:merge:5", "inspektorat", "Sesuai Perda baru"),
    ("/periode", f"{TAP}p:close", "Semua sudah masuk"),
)
COACHED = ("Bantu temukan inovasinya", f"{TAP}c:start", "Kami mengantar obat ke rumah warga lanjut usia")
OF_PERSON: Mapping[int, Ways] = {
    RINA: (f"{TAP}bell", "/inovasi"),
    BUDI: (f"{TAP}c:start", f"{TAP}y:list"),
    TONO: (
        f"/start {SECOND_OFFICE}",
        COACHED[:2],
        COACHED,
        (*COACHED, "maret"),
        (*COACHED, "Maret 2025"),
        (*COACHED, f"{TAP}c:pass"),
        (*COACHED, f"{TAP}c:pass", f"{TAP}c:done"),
    ),
    WATI: ("/status 03/04",),
    SARI: (
        ("/siaran", "Bimtek hari Senin."),
        ("/siaran", "Bimtek hari Senin.", f"{TAP}sr:r:1:focal_point", f"{TAP}sr:see:1"),
        f"{TAP}q:o:29",
        (f"{TAP}q:o:29", f"{TAP}q:i:29:16:n"),
        (f"{TAP}qa:1", "Biaya konsumsi ditanggung kantor masing-masing."),
        *CHANGES,
    ),
    ORANG: (f"/start {NEW_PERSON}", f"kode saya {NEW_PERSON}"),
}


@cache
def of_other_rules() -> Content:
    """The same, after the draft's rules have changed."""

    def fill(tx: SqliteTransaction) -> None:
        tx.execute("UPDATE innovations SET rule_year = 2023 WHERE state = 'draf'")

    return filled(ordinary(), fill)


@cache
def after_the_deadline() -> Content:
    """The same, after the deadline has passed."""

    def fill(tx: SqliteTransaction) -> None:
        tx.execute("UPDATE periods SET state = 'closed' WHERE year = 2026")

    return filled(ordinary(), fill)


@cache
def nothing_lacking() -> Content:
    """One innovation under review that claims all 20 indicators and lacks nothing."""

    def fill(tx: SqliteTransaction) -> None:
        every = dict.fromkeys(NUMBERS, 1)
        handed_in(tx, "SIPANDU Posyandu Terpadu", now=MORNING, levels=every, evidence=tuple(every))
        taps(tx, SARI, "q:t:1")

    return filled(with_people(), fill)


# content, person and ways
WALKS: Sequence[tuple[Callable[[], Content], int, Ways]] = (
    *((ordinary, person, (*ways, *TYPED)) for person, ways in OF_PERSON.items()),
    (with_people, SARI, ("/undang", "/tugas")),
    (nothing_lacking, SARI, (f"{TAP}q:l:1:0",)),
    (of_other_rules, RINA, ("/draf",)),
    (after_the_deadline, RINA, ("/draf", "/ajukan")),
)
NOT_WALKED = {
    "BroadcastAnswer": "below a comment that came back; transcript 75",
    "BroadcastExport": "below the result of an announcement that was sent; transcript 76",
    "BroadcastFile": "below an album that was sent; transcript 80",
    "BroadcastRecipients": "below the result of an announcement that was sent; transcript 76",
    "CoachOffice": "asks a person of two offices; tests/handlers/innovation/test_draft_facts.py",
    "ExportParts": "below an archive too large to be sent; tests/handlers/export",
    "Link": "needs two channels; transcripts of `dua_kanal`",
    "RestoredMessages": "below the news of a backup that was restored; tests/bot/cli/test_moving.py",
    "ReviewTakeOver": "needs a second officer; transcript 52",
    "SentList": "turns the pages of an office that sent many; tests/handlers/test_longest_pages.py",
}
NOT_OPENED = {
    "broadcast_answer": "answers a comment that came back; transcript 75",
}
