"""What people see of the estimate: one screen, every figure named, nobody sees another's, and nothing is
changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from operator import itemgetter

import pytest

from domain.index.whatif import Regency, improvements
from domain.message import Message, plain
from domain.review import Move
from domain.rules.load import Published
from storage import innovations, office_sums, periods, profile, reports, reviews
from storage.audit import Actor
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.estimating import PERIOD, take
from tests.kit.people import RINA, SARI, TONO, WATI
from tests.kit.regency import INDICATORS, RULE, many, written
from tests.kit.tables import everything, tried_and_undone

SCREEN = 1000  # characters of /status (F70)


INDEX = re.compile(r"(?<![\d.,])\d{1,3},\d{2}(?!\d)")


def reached(tx: SqliteTransaction, person: int, start: Sequence[Message], taps: int) -> dict[str, int]:
    """Every page of the status that can be reached, by its button, with the fewest taps; to turn the pages
    of a list is none.
    """
    found: dict[str, int] = {}
    offered = [choice for message in start for row in message.rows for choice in row]
    waiting = sorted(((choice.data, int(not choice.navigates)) for choice in offered), key=itemgetter(1))
    while waiting:
        data, many = waiting.pop(0)
        if data in found or not data.startswith("st:") or many > taps:
            continue
        found[data] = many
        shown = [choice for m in take(tx, person, tap=data) for row in m.rows for choice in row]
        waiting[:0] = [(choice.data, many) for choice in shown if choice.navigates]
        waiting += [(choice.data, many + 1) for choice in shown if not choice.navigates]
    return found


def test_a_leader_is_three_taps_from_every_indicator(tx: SqliteTransaction) -> None:
    """F72: below the regency an office, its innovation, the indicator."""
    pages = reached(tx, WATI, take(tx, WATI, "/status"), 3)
    shown = {data: many for data, many in pages.items() if re.fullmatch(r"st:n:\d+:\d+", data)}
    assert len(shown) == 28 * 20
    assert set(shown.values()) == {3}
    text = take(tx, WATI, tap="st:i:5")[0].text
    assert [number for number in range(16, 36) if f"\n{number} " not in text] == []


def test_every_page_is_an_edit_with_a_way_back(tx: SqliteTransaction) -> None:
    start = take(tx, WATI, "/status")
    for data in reached(tx, WATI, start, 3):
        pages = take(tx, WATI, tap=data)
        if data == "st:chart":
            assert not pages[0].edit
            continue
        assert [page.edit for page in pages] == ["9"], data
        back = pages[0].rows[-1][-1].data
        assert back.startswith("st:"), data
        assert take(tx, WATI, tap=back)


@pytest.mark.parametrize("who", [WATI, SARI, RINA])
def test_the_status_fits_one_screen(tx: SqliteTransaction, who: int) -> None:
    tx.execute(
        "UPDATE tallies SET draf = 1000, diperiksa = 99, terverifikasi = 99, dikembalikan = 9, ditolak = 9"
    )
    for text in ("/status", "/status 2 Maret 2026"):
        assert len(plain(take(tx, who, text, hours=200)[0].text)) < SCREEN


def test_nothing_is_shown_as_an_index_without_saying_what_it_is(tx: SqliteTransaction) -> None:
    """Every text with an index says estimate, rule year and as of when."""
    seen = 0
    for who, commands in {
        WATI: ("/status", "/simulasi", "/inovasi"),
        RINA: ("/status", "/simulasi", "/inovasi"),
        SARI: ("/profil",),
    }.items():
        for command in commands:
            said = take(tx, who, command)
            pages = [*said, *(m for data in reached(tx, who, said, 3) for m in take(tx, who, tap=data))]
            for page in pages:
                if INDEX.search(page.text):
                    seen += 1
                    assert "erkiraan" in page.text, page.text
                    assert "turan 2026" in page.text, page.text
                    assert "per 2 Maret 2026 pukul 08.00 WIB" in page.text, page.text
    assert seen > 20


def test_the_chart_carries_the_same_figures_in_words(tx: SqliteTransaction) -> None:
    message = take(tx, WATI, tap="st:chart", hours=24 * 20)[0]
    assert message.attachment is not None
    assert (message.attachment.kind, message.attachment.make) == ("photo", "chart")
    bars, text = message.attachment.args["bars"], message.text
    assert bars[0]["said"] in text
    assert sum(Decimal(share) for share in bars[0]["shares"]) == Decimal("50.73")
    assert all(share.replace(".", ",") in text for share in bars[0]["shares"])
    assert [row[1:] for row in message.attachment.args["trend"]] == [["50.73", "50.73", None]] * 3
    assert message.attachment.args["days"] == ["8 Mar", "15 Mar", "22 Mar"]
    assert bars[1] == {"name": "Terverifikasi", "shares": [], "open": "0", "said": "belum ada"}


def test_from_an_innovation_a_leader_comes_to_its_simulation_and_back(tx: SqliteTransaction) -> None:
    page = take(tx, WATI, tap="st:i:5")[0]
    assert ("wi:i:5",) in [tuple(choice.data for choice in row) for row in page.rows]
    tried = take(tx, WATI, tap="wi:i:5")[0]
    assert "Langkah terbaik: Data Satu Pintu 1" in plain(tried.text)
    assert tried.rows[-1][0].data == "st:i:5"
    assert "f:5" not in "".join(choice.data for row in tried.rows for choice in row)


@pytest.mark.parametrize("tap", ["st:o:1:0", "st:i:1", "st:n:1:31", "st:off:0", "wi:i:1", "wi:o:1"])
def test_an_office_sees_no_other_office(tx: SqliteTransaction, tap: str) -> None:
    before = tx.execute("SELECT count(*) FROM audit WHERE action = 'refused_button'").fetchone()[0]
    text = "".join(message.text for message in take(tx, RINA, tap=tap))
    assert "Antre Daring 1" not in text
    assert "Setda" not in text
    assert (
        tx.execute("SELECT count(*) FROM audit WHERE action = 'refused_button'").fetchone()[0] == before + 1
    )


def test_a_closed_office_is_asked_for_nothing_and_keeps_what_it_sent(tx: SqliteTransaction) -> None:
    tx.execute("UPDATE offices SET state = 'closed' WHERE short IN ('Dinkes', 'Dishub')")
    page = take(tx, WATI, tap="st:off:0")[0]
    assert "Belum mengirim (1)" in page.text
    assert "Belum terjangkau (30)" in page.text
    assert "Dishub" not in page.text
    assert "Dinkes · 2" in [choice.label for row in page.rows for choice in row]
    assert "14 dari 45 perangkat daerah" in take(tx, WATI, "/status")[0].text


def test_who_stands_on_a_button_and_has_not_sent_is_explained(tx: SqliteTransaction) -> None:
    why = "ada juga di tombol: inovasinya dikembalikan"
    assert why not in take(tx, WATI, tap="st:off:0")[0].text
    of_office = tx.execute("SELECT id FROM innovations WHERE office_id = ?", (dinkes(tx),)).fetchall()
    for innovation in innovations.load_all(tx, [number for (number,) in of_office]):
        assert reviews.move(tx, innovation, to=Move.WITHDRAW, by=1, now=MORNING)
    page = take(tx, WATI, tap="st:off:0")[0]
    assert f"1 yang belum mengirim {why}" in page.text
    assert "Dinkes · 2" in [choice.label for row in page.rows for choice in row]


def test_a_draft_is_seen_by_its_office_alone(tx: SqliteTransaction) -> None:
    draft = innovations.create(
        tx,
        innovations.NewInnovation(office_id=5, period_id=PERIOD, form_version=1, rule_year=2026),
        by=1,
        now=MORNING,
    )
    written(tx, draft, {"nama": "Rahasia Kami"}, now=MORNING)
    for tap in (f"st:i:{draft}", f"wi:i:{draft}", "st:o:5:0"):
        assert "Rahasia Kami" not in take(tx, WATI, tap=tap)[0].text
    assert "Rahasia Kami" in take(tx, RINA, tap="st:o:5:0")[0].text


@pytest.mark.parametrize(
    "tap",
    [
        "st:o:99999:0",
        "st:i:99999",
        "st:n:1:99",
        "st:n:1",
        "st:at:kemarin",
        "st:",
        "st:x:1",
        "st:o:",
        "wi:i:x",
    ],
)
def test_a_button_nobody_made_shows_something_true(tx: SqliteTransaction, tap: str) -> None:
    shown = take(tx, WATI, tap=tap)
    assert shown[0].text
    assert shown[0].rows


def test_the_status_is_there_after_the_deadline_too(tx: SqliteTransaction) -> None:
    tx.execute("UPDATE periods SET state = 'closed'")
    assert "50,73" in take(tx, WATI, "/status")[0].text


def test_a_simulation_equals_a_recomputation_and_changes_no_row(tx: SqliteTransaction) -> None:
    """Each improvement the office is shown, done and undone, gives the index it promised (F52)."""
    before = everything(tx)
    text = "".join(take(tx, RINA, tap="wi:i:5")[0].text)
    found = reports.period_figures(tx, PERIOD, rule=RULE)
    entry = office_sums.entry(tx, 5)
    assert entry is not None
    regency = Regency(RULE, found.claimed.sums, found.spd)
    for way in improvements(regency, INDICATORS, levels=entry.levels)[:4]:
        with tried_and_undone(tx):
            written(tx, 5, {f"i{way.no}": {"level": way.level}}, now=MORNING)
            after = reports.period_figures(tx, PERIOD, rule=RULE).claimed.index
        assert after == way.after
        assert f"→ {after}".replace(".", ",") in text
    take(tx, WATI, "/simulasi")
    assert everything(tx) == before


def test_an_office_reads_the_deadline_that_holds_for_it(tx: SqliteTransaction) -> None:
    period = periods.load(tx, PERIOD)
    office = dinkes(tx)
    assert "diperpanjang" not in plain(take(tx, RINA, "/status")[0].text)
    periods.extend(
        tx,
        period,
        office_id=office,
        until=period.deadline + timedelta(days=7),
        now=MORNING,
        actor=Actor(1, "banjir"),
    )
    said = plain(take(tx, RINA, "/status")[0].text)
    assert "Batas waktu Dinkes, diperpanjang: 22 Desember 2026 (295 hari lagi)" in said
    assert "Batas waktu: 15 Desember 2026" in said
    periods.extend(tx, period, office_id=office, until=None, now=MORNING, actor=Actor(1, "baru"))
    assert "Dinkes dikecualikan tahun ini" in plain(take(tx, RINA, "/status")[0].text)
    assert "Dinkes" not in plain(take(tx, TONO, "/status")[0].text)


def dinkes(tx: SqliteTransaction) -> int:
    """The number of Rina's office."""
    return int(tx.execute("SELECT id FROM offices WHERE code = 'dinkes'").fetchone()[0])


def test_an_office_without_innovations_is_told_how_to_begin(tx: SqliteTransaction) -> None:
    assert "/ajukan" in take(tx, TONO, "/status")[0].text
    assert take(tx, TONO, "/simulasi")[0].rows[0][0].data == "k:ajukan"


@pytest.mark.sqlite
@pytest.mark.parametrize("person", [WATI, RINA])
def test_a_status_turn_costs_the_same_however_many_innovations_there_are(person: int) -> None:
    """Counted in SQLite's instructions; from 28 to 94 it grows by the offices that have none at first."""
    few, each, lots = (_instructions_of_status(n, person) for n in (28, 94, 20_000))
    assert lots <= each * 1.05
    assert lots <= few * 2


def _instructions_of_status(innovations: int, person: int) -> int:
    tx = in_memory(with_people())
    many(tx, innovations, now=MORNING)
    take(tx, person, "/status")
    taken = [0]

    def count_instruction() -> int:
        taken[0] += 1
        return 0

    tx.set_progress_handler(count_instruction, 1)
    take(tx, person, "/status")
    tx.close()
    return taken[0]


def test_a_missing_official_result_is_asked_for_once(tx: SqliteTransaction) -> None:
    asked = take(tx, SARI, "/profil")[0]
    assert "Apakah hasil resmi 2025 sudah terbit?" in asked.text
    assert [choice.label for choice in asked.rows[0]] == ["Catat hasil 2025", "Belum terbit"]
    later = take(tx, SARI, tap="pf:top")[0]
    assert "sudah terbit" not in later.text
    assert "2025: belum dicatat" in later.text
    assert "sudah terbit" not in take(tx, SARI, "/profil", hours=5000)[0].text
    assert "indeks resmi tahun 2025" in take(tx, SARI, tap="pf:result:2025")[0].text
    profile.publish(tx, Published(year=2025, value=Decimal("61.20"), source="Kepmendagri"), by=1, now=MORNING)
    assert "belum dicatat" not in take(tx, SARI, "/profil")[0].text


def test_a_year_between_two_results_is_asked_for_too(tx: SqliteTransaction) -> None:
    for year in (2021, 2023, 2024, 2025):
        result = Published(year=year, value=Decimal("50.00"), source="Kepmendagri")
        profile.publish(tx, result, by=1, now=MORNING)
    assert "Apakah hasil resmi 2022 sudah terbit?" in take(tx, SARI, "/profil")[0].text


def test_what_cannot_be_counted_is_one_line_with_a_way_down(tx: SqliteTransaction) -> None:
    assert "belum dapat dihitung" not in take(tx, WATI, "/status")[0].text
    assert "sudah dihitung" in take(tx, WATI, tap="st:uncounted")[0].text
    for number in (3, 7):
        written(tx, number, {"tahapan": "uji_coba"}, now=MORNING)
    assert "\n2 inovasi belum dapat dihitung." in take(tx, WATI, "/status")[0].text
    page = take(tx, WATI, tap="st:why")[0]
    assert "st:uncounted" in [choice.data for row in page.rows for choice in row]
    shown = [choice.data for row in take(tx, WATI, tap="st:uncounted")[0].rows for choice in row]
    assert shown == ["st:i:3", "st:i:7", "st:why"]
    assert "Antre" not in take(tx, RINA, tap="st:uncounted")[0].text.split("Langkah terbaik")[0]


def test_everything_that_cannot_be_counted_is_reached_page_by_page(tx: SqliteTransaction) -> None:
    for number in range(1, 15):
        written(tx, number, {"tahapan": "uji_coba"}, now=MORNING)
    seen = []
    for tap in ("st:uncounted", "st:uncounted:1", "st:uncounted:2"):
        page = take(tx, WATI, tap=tap)[0]
        seen += [choice.data for row in page.rows for choice in row if choice.data.startswith("st:i:")]
    assert seen == [f"st:i:{number}" for number in range(1, 15)]
    turning = [(c.label, c.data) for row in page.rows for c in row if c.data.startswith("st:uncounted")]
    assert turning == [("◀ Hal. 2", "st:uncounted:1"), ("Hal. 1 dari 3 ▶", "st:uncounted")]
    assert take(tx, WATI, tap="st:uncounted:9")[0].text == page.text, "past the last page is the last page"
