"""Every text and picture that says the index says what the judgement of the same state allows, and nothing
more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.index.judgement import Figure, Judgement
from domain.message import Inbound, Kind, Message, plain
from domain.reading.numbers import say_number
from handlers.assembly import build
from storage import periods, reports, scores
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import in_memory
from tests.kit.people import PEOPLE, RINA, SARI, WATI
from tests.kit.situations import PERIOD, SITUATIONS, situation

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
LATER = timedelta(days=3)
WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {"to": "sampai", "gap": "kurang", "none": "Tidak Dapat Dinilai", "unverified": "belum ada",
           "base": "dari {count} yang sudah diperiksa di antara {among}"},
    "en": {"to": "to", "gap": "to go", "none": "annot be assessed", "unverified": "none yet",
           "base": "from {count} through review out of {among}"},
}  # fmt: skip
PREDIKATS = ("Sangat Inovatif", "Kurang Inovatif", "Inovatif")


@pytest.fixture(params=SITUATIONS, ids=lambda made: made.__name__)
def tx(request: pytest.FixtureRequest) -> Iterator[Transaction]:
    with closing(in_memory(situation(request.param))) as connection:
        yield connection


def take(tx: Transaction, person: int, text: str = "", *, tap: str = "") -> Message:
    kind = Kind.BUTTON if tap else Kind.TEXT
    inbound = Inbound("telegram", str(person), kind, text=text, button=tap, callback_id="1", message_ref="9",
                      name=PEOPLE[person][0])  # fmt: skip
    return DESK.take(tx, inbound, fetched=None, now=MORNING + LATER)[0]


def judged(tx: Transaction) -> Judgement:
    return reports.judged(tx, DESK.desk_data, period=periods.load(tx, PERIOD))


def headlines(tx: Transaction) -> dict[str, Message]:
    """Every page that says how the index stands, by its name; a day has one once something was recorded."""
    recorded = tx.execute("SELECT 1 FROM figures_before").fetchone()
    return {
        "status": take(tx, WATI, "/status"),
        **({"status on a day": take(tx, WATI, "/status 3 Maret 2026")} if recorded else {}),
        "office": take(tx, RINA, "/status"),
        "chart": take(tx, WATI, tap="st:chart"),
        "summary": take(tx, WATI, "/rekap"),
        "asked": take(tx, WATI, "berapa indeks kita sekarang?"),
    }


def others(tx: Transaction) -> dict[str, Message]:
    """Every page that says the claimed index beside something else."""
    return {
        "why": take(tx, WATI, tap="st:why"),
        "profile": take(tx, SARI, "/profil"),
        "simulation": take(tx, WATI, "/simulasi"),
    }


def number(value: Decimal, language: str) -> str:
    return say_number(value, language, places=2)


def span(figure: Figure, language: str) -> str:
    low, high = number(figure.low, language), number(figure.high, language)
    return low if figure.is_one else f"{low} {WORDS[language]['to']} {high}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_says_the_same_figure_and_nothing_that_is_not_known(
    tx: Transaction, language: str
) -> None:
    tx.execute("UPDATE contacts SET language = ?", (language,))
    found, words = judged(tx), WORDS[language]
    for name, page in {**headlines(tx), **others(tx)}.items():
        text = plain(page.text)
        shown = words["none"] if found.claimed is None else span(found.claimed, language)
        assert shown in text, name
    for name, page in headlines(tx).items():
        lines = plain(page.text).splitlines()
        _predikat(found, lines, name)
        _gap(found, "\n".join(lines), language, name)
        _verified(found, "\n".join(lines), language, name)


def _predikat(found: Judgement, lines: list[str], name: str) -> None:
    """The official result keeps its own; the estimate has one only when it is complete."""
    of_estimate = next(
        (line for line in lines if re.match(r"Perkiraan 2026|Estimate 2026|The estimate of", line)), ""
    )
    named = next((one for one in PREDIKATS if one in of_estimate), None)
    assert named == (found.claimed.predikat if found.claimed else None), name
    leads = next(line for line in lines[1:] if line.strip())
    assert leads == of_estimate if found.leads else "58" in leads, name


def _gap(found: Judgement, text: str, language: str, name: str) -> None:
    said = re.search(r"Target [\d.,]+: [^\n]*", text)
    assert (said is not None) is bool(found.gap), name
    if found.gap and said:
        assert number(found.gap, language) in said[0]
        assert WORDS[language]["gap"] in said[0]


def _verified(found: Judgement, text: str, language: str, name: str) -> None:
    if found.claimed is None:
        return
    line = next(line for line in text.splitlines() if line.startswith(("Terverifikasi", "Verified")))
    if found.verified is None:
        assert WORDS[language]["unverified"] in line, name
        return
    assert span(found.verified, language) in line, name
    assert WORDS[language]["base"].format(count=found.verified.count, among=found.count) in line, name
    assert any(one in line for one in PREDIKATS) is (found.verified.predikat is not None), name


def test_both_pictures_show_the_same_figures(tx: Transaction) -> None:
    found = judged(tx)
    for name in ("chart", "summary"):
        attachment = headlines(tx)[name].attachment
        assert attachment is not None
        claimed, verified = attachment.args["bars"]
        _bar(claimed, found.claimed, "Tidak Dapat Dinilai")
        _bar(verified, found.verified, "belum ada", of=found.count)
        if found.claimed is None:
            assert (attachment.args["target"], attachment.args["trend"]) == (None, [])
        else:
            ends = [str(found.claimed.low), str(found.claimed.high)]
            assert attachment.args["trend"][-1][1:3] == ends, name


def _bar(bar: Mapping[str, Any], figure: Figure | None, none: str, *, of: int = 0) -> None:
    if figure is None:
        assert (bar["said"], bar["shares"]) == (none, [])
        return
    assert bar["said"] == span(figure, "id") + (f" ({figure.count} dari {of})" if of else "")
    assert sum(Decimal(share) for share in bar["shares"]) == figure.low
    assert Decimal(bar["open"]) == figure.high - figure.low


def test_who_takes_part_is_counted_the_same_everywhere(tx: Transaction) -> None:
    figures = scores.figures(tx, PERIOD)
    counted = f"{figures.done} dari {figures.offices} perangkat daerah"
    for page in (take(tx, WATI, "/status"), take(tx, WATI, "/rekap"), take(tx, WATI, tap="st:chart")):
        assert counted in page.text
        assert ("dikecualikan" in page.text.casefold()) is (figures.exempt > 0)
    left = figures.offices - figures.done
    assert f"{left} perangkat daerah yang belum" in take(tx, WATI, "/simulasi").text
    lists = [_lacking(take(tx, WATI, tap="st:off:0").text), _lacking(take(tx, WATI, "/rekap").text)]
    assert lists[0] == lists[1] == _lacking_in_figures(take(tx, WATI, "/status").text)
    assert sum(lists[0]) == left  # each office in exactly one list
    assert _lacking_in_figures(take(tx, SARI, "/status").text) == lists[0]
    assert _lacking_in_figures(take(tx, WATI, tap="st:chart").text) == lists[0]


def _lacking(text: str) -> tuple[int, int]:
    """How many lists name as not sent yet: within reach, and out of it."""
    within, beyond = (
        re.search(rf"{said} \((\d+)\)", text)
        for said in ("Belum mengirim", "Belum terjangkau(?: lewat bot)?")
    )
    return int(within[1]) if within else 0, int(beyond[1]) if beyond else 0


def _lacking_in_figures(text: str) -> tuple[int, int]:
    within, beyond = re.search(r"(\d+) belum\.", text), re.search(r"(\d+) belum terjangkau\.", text)
    return int(within[1]) if within else 0, int(beyond[1]) if beyond else 0


def test_the_situations_are_what_they_are_called() -> None:
    """A situation in which nothing is verified would prove nothing about the verified figure."""
    wanted = {"one_verified": (1, None), "most_verified": (20, "Inovatif")}
    for made in SITUATIONS:
        with closing(in_memory(situation(made))) as tx:
            figure = judged(tx).verified
        count, predikat = wanted.get(made.__name__, (0, None))
        assert (figure.count if figure else 0, figure.predikat if figure else None) == (count, predikat)


def test_the_improvements_of_an_innovation_say_what_the_estimate_lacks(tx: Transaction) -> None:
    """Their figures are no estimate as long as it is not complete, whatever it lacks."""
    if tx.execute("SELECT 1 FROM innovations").fetchone() is None:
        return
    text = plain(take(tx, WATI, tap="wi:i:1").text)
    assert "→ tingkat" in text
    assert ("profil spd" in text.casefold() or "Yang masih kurang:" in text) is not judged(tx).complete
