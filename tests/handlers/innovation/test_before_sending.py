"""The check page says what sending does to the regency and which improvements turn it; one may send."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from domain.index.estimate import half_up
from domain.index.sending import SendingEffect
from domain.message import Inbound, Kind, Message
from handlers.innovation import score_effect
from handlers.speaking import context_of
from storage import innovations, scores
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import COMPLETE
from tests.kit.desk_turns import DESK, says, taps
from tests.kit.people import RINA
from tests.kit.regency import filled, like_kotim, written


def check_page(tx: Transaction, *, level: int) -> Message:
    """The check page of a complete draft with this level at every indicator."""
    says(tx, RINA, "/ajukan")
    says(tx, RINA, "SIPANDU")
    [(number,)] = tx.execute("SELECT id FROM innovations WHERE state = 'draf'").fetchall()
    levels = {f"i{no}": {"level": level} for no in range(16, 36)} if level else {}
    written(tx, number, {**COMPLETE, **levels}, now=MORNING)
    return says(tx, RINA, "periksa kelengkapan")[-1]


def test_a_score_that_lowers_is_said_with_three_improvements_and_sending_stays_free(tx: Transaction) -> None:
    like_kotim(tx, now=MORNING)
    page = check_page(tx, level=0)
    said = re.search(r"Skor 0 menurunkan perkiraan kabupaten (\d+,\d\d \([^\n]*?)\)\.", page.text)
    assert said is not None
    change, *parts = (
        Decimal(one.replace("−", "-").replace(",", ".")) for one in re.findall(r"[−+]?\d+,\d\d", said[1])
    )
    assert len(parts) == 2
    assert sum(parts) == -change
    assert "ke atas justru menaikkannya" in page.text
    rises = [choice for row in page.rows for choice in row if choice.label.startswith("↑")]
    assert len(rises) == 3
    assert all(re.match(r"↑ \+\d+ · ", choice.label) for choice in rises)  # what is cut off is the end
    assert "tingkat" in taps(tx, RINA, rises[0].data)[-1].text
    page = says(tx, RINA, "periksa kelengkapan")[-1]
    send = next(choice for row in page.rows for choice in row if "Kirim" in choice.label)
    taps(tx, RINA, send.data)
    assert innovations.load(tx, 29).state == "terkirim"  # type: ignore[union-attr]


def test_a_score_that_raises_is_said_without_improvements(tx: Transaction) -> None:
    like_kotim(tx, now=MORNING)
    page = check_page(tx, level=3)
    assert "Skor 111 menaikkan perkiraan kabupaten" in page.text
    assert not [choice for row in page.rows for choice in row if choice.label.startswith("↑")]


@pytest.mark.parametrize(
    ("change", "said"),
    [("-0.024", "menurunkan perkiraan kabupaten 0,02."), ("-0.002", "tidak mengubah perkiraan kabupaten.")],
)
def test_a_fall_that_no_figure_shows_is_no_fall(tx: Transaction, change: str, said: str) -> None:
    """The score from which it would rise is said all the same."""
    inbound = Inbound("telegram", str(RINA), Kind.TEXT)
    ctx = context_of(tx, DESK.desk_data, inbound=inbound, fetched=None, now=MORNING)
    parts = {"spd": Decimal(0), "average": half_up(Decimal(change)), "count": Decimal(0)}
    effect = SendingEffect(75, Decimal(change), parts, raises_from=76, cheapest=())
    sentence = score_effect.write_effect(ctx, effect, indicators=DESK.desk_data.indicators[2026]).text
    assert sentence.startswith(f"Skor 75 {said} Dengan 76 ke atas justru menaikkannya.")


@pytest.mark.parametrize("rows", [0, 5])
def test_nothing_is_said_of_an_estimate_that_is_not_complete(tx: Transaction, rows: int) -> None:
    filled(tx, rows, now=MORNING)
    assert "perkiraan kabupaten" not in check_page(tx, level=0).text


def test_a_trial_is_told_before_and_after_sending_that_it_does_not_count_yet(tx: Transaction) -> None:
    filled(tx, 5, now=MORNING)
    says(tx, RINA, "/ajukan")
    says(tx, RINA, "SIPANDU")
    [(number,)] = tx.execute("SELECT id FROM innovations WHERE state = 'draf'").fetchall()
    trial = {question: value for question, value in COMPLETE.items() if question != "waktu_penerapan"}
    written(tx, number, {**trial, "tahapan": "uji_coba"}, now=MORNING)
    page = says(tx, RINA, "periksa kelengkapan")[-1]
    assert "belum dihitung dalam perkiraan kabupaten: tahapannya belum Penerapan" in page.text
    by_label = {choice.label: choice for row in page.rows for choice in row}
    assert "tahap apa" in taps(tx, RINA, by_label["Ubah tahapannya"].data)[-1].text
    page = says(tx, RINA, "periksa kelengkapan")[-1]
    send = next(choice for row in page.rows for choice in row if choice.label == "Kirim sekarang")
    assert "Tidak dihitung: tahapannya belum Penerapan." in taps(tx, RINA, send.data)[0].text

    tx.execute("UPDATE innovations SET state = 'dikembalikan' WHERE id = ?", (number,))
    scores.refresh(tx, number, now=MORNING)
    says(tx, RINA, "/draf")
    taps(tx, RINA, f"f:{number}:#list:0:list")
    page = says(tx, RINA, "periksa kelengkapan")[-1]
    send = next(choice for row in page.rows for choice in row if choice.label.startswith("Kirim"))
    resent = taps(tx, RINA, send.data)[0].text
    assert "sudah dikirim ulang" in resent
    assert "Tidak dihitung: tahapannya belum Penerapan." in resent
