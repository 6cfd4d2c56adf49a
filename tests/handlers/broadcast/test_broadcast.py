"""Announcements at the desk: who may, what a button of chance can do, and bad input."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.message import WITHOUT_MARKS, FileRef, FileRefusal, Inbound, Kind, Message, StoredFile
from domain.message_length import SPLIT_AT
from domain.people import Role
from domain.wants import WantsFile
from handlers.assembly import build
from handlers.broadcast import broadcast
from storage import broadcasts, contacts, outbox, recipient_lists, recipients
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from tests.kit.announcing import DESK, OTHER_ADMIN, button, previewed, says, state, taps
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.people import ORANG, PEOPLE, RINA, SARI, TONO, WATI, enrol
from tests.kit.properties import SHARES_FIXTURE

WITH_VALUES = ("r", "k", "s", "ol", "o", "who", "go", "yes", "at", "l", "x", "in")


ACTIONS = ("new", *broadcast.DRAFT_ACTS, *broadcast.SENT_ACTS, *WITH_VALUES, "j")


def sends(tx: Transaction, fetched: StoredFile | FileRefusal | None) -> list[Message]:
    ref = FileRef("remote", "document", "surat.pdf", "application/pdf", 10)
    inbound = Inbound("telegram", str(SARI), Kind.FILE, file=ref, name="x")
    return list(DESK.take(tx, inbound, fetched=fetched, now=MORNING))


@pytest.mark.parametrize("person", [RINA, WATI, ORANG])
def test_whoever_may_not_sees_no_such_command_and_moves_none_of_its_buttons(
    tx: Transaction, person: int
) -> None:
    go = button(previewed(tx), "sr:go")
    before = state(tx)
    assert all(
        "siaran" not in name for name, _ in DESK.menu(frozenset({Role.FOCAL_POINT, Role.LEADER}), "id")
    )
    assert "/siaran" not in "".join(message.text for message in says(tx, person, "/bantuan"))
    assert "Siaran" not in "".join(message.text for message in says(tx, person, "/siaran"))
    for data in (
        go,
        "k:siaran",
        "sb:1",
        *(f"sr:{action}:1{rest}" for action in ACTIONS for rest in ("", ":0", ":0:0")),
    ):
        taps(tx, person, data)
    assert state(tx) == before


def test_a_draft_is_its_writers_own_and_what_was_sent_is_the_desks(tx: Transaction) -> None:
    contact = enrol(tx, OTHER_ADMIN, name="A", now=MORNING)
    contacts.grant(tx, contact, role=Role.ADMIN, office_id=None, now=MORNING)
    go = button(previewed(tx), "sr:go")
    before = state(tx)
    taps(tx, OTHER_ADMIN, go)
    taps(tx, OTHER_ADMIN, "sr:k:1:dinas")
    assert state(tx) == before
    taps(tx, SARI, go)
    assert "48 orang" in taps(tx, OTHER_ADMIN, "sr:show:1")[0].text


def test_the_number_on_the_button_is_the_number_of_recipients(tx: Transaction) -> None:
    shown = previewed(tx)
    label = next(c.label for row in shown[-1].rows for c in row if c.data.startswith("sr:go"))
    taps(tx, SARI, button(shown, "sr:go"))
    waiting = tx.execute("SELECT count(*) FROM broadcast_recipients WHERE state = 'waiting'").fetchone()[0]
    assert label == f"Kirim kepada {waiting} orang"
    assert waiting == 48


def test_a_confirmation_counts_once_and_not_after_ten_minutes(tx: Transaction) -> None:
    go = button(previewed(tx), "sr:go")
    late = taps(tx, SARI, go, now=MORNING + timedelta(minutes=10, seconds=1))
    assert "sepuluh menit" in late[-1].text
    assert tx.execute("SELECT state FROM broadcasts").fetchall() == [("draft",)]
    fresh = button(late, "sr:go")
    taps(tx, SARI, fresh, now=MORNING + timedelta(minutes=11))
    before = state(tx)
    taps(tx, SARI, fresh, now=MORNING + timedelta(minutes=11))
    assert state(tx) == before


def test_another_process_does_not_take_the_confirmation(tx: Transaction) -> None:
    go = button(previewed(tx), "sr:go")
    other = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
    inbound = Inbound(
        "telegram", str(SARI), Kind.BUTTON, button=go, callback_id="1", message_ref="9", name="x"
    )
    told = other.take(tx, inbound, fetched=None, now=MORNING)
    assert "dimulai ulang" in told[-1].text
    assert tx.execute("SELECT state FROM broadcasts").fetchall() == [("draft",)]


def test_somebody_who_enrols_after_the_preview_changes_the_number_and_is_said(tx: Transaction) -> None:
    go = button(previewed(tx), "sr:go")
    contact = enrol(tx, "5555", name="B", now=MORNING)
    contacts.grant(tx, contact, role=Role.FOCAL_POINT, office_id=1, now=MORNING)
    assert "Jumlah penerimanya berubah" in taps(tx, SARI, go)[-1].text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("   ", "belum ada"),
        ("*buka", "belum ditutup"),
        ("x" * SPLIT_AT, "karakter lebih panjang dari batas Telegram"),
    ],
)
def test_a_text_that_cannot_be_sent_says_why_and_is_asked_again(
    tx: Transaction, text: str, said: str
) -> None:
    says(tx, SARI, "/siaran")
    told = says(tx, SARI, text)
    assert said in told[0].text
    assert "Siapa" not in told[0].text
    assert "langkah 2" in says(tx, SARI, "Baik.")[0].text


def test_a_text_that_fits_alone_may_be_too_long_beside_a_file(tx: Transaction) -> None:
    says(tx, SARI, "/siaran")
    says(tx, SARI, "x" * 1200)
    taps(tx, SARI, "sr:text:1")
    with pytest.raises(WantsFile):
        sends(tx, None)
    told = sends(tx, StoredFile("aa" * 32, "pdf", "surat.pdf", 10))
    assert "Dengan lampiran" in told[0].text
    assert "Lampiran dilepas" in taps(tx, SARI, "sr:bare:1")[0].text
    assert "langkah 2" in taps(tx, SARI, "sr:to:1")[0].text


def test_a_file_over_the_limit_is_refused_with_both_sizes(tx: Transaction) -> None:
    says(tx, SARI, "/siaran")
    told = sends(tx, FileRefusal("too_big", "film.mp4", size=25_000_000))
    assert "25,0 MB" in told[0].text
    assert "20 MB" in told[0].text


def test_nobody_is_written_to_when_nobody_is_chosen(tx: Transaction) -> None:
    says(tx, SARI, "/siaran")
    says(tx, SARI, "Baik.")
    assert "Belum ada penerima" in taps(tx, SARI, "sr:see:1")[0].text


DATA = st.builds(
    ":".join,
    st.lists(
        st.one_of(
            st.sampled_from(ACTIONS),
            st.sampled_from(
                ["1", "2", "0", "-1", "9" * 30, "²", "dinas", "focal_point", "belum", "all", "xlsx", ""]
            ),
        ),
        min_size=1,
        max_size=4,
    ),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(data=st.lists(DATA, min_size=1, max_size=4))
def test_whatever_data_a_button_carries_there_is_an_answer(tx: Transaction, data: list[str]) -> None:
    tx.execute("BEGIN")
    try:
        previewed(tx)
        for one in data:
            for family in ("sr", "sb"):
                answers = taps(tx, SARI, f"{family}:{one}")
                assert answers
                assert all(len(c.data.encode()) <= 64 for m in answers for row in m.rows for c in row)
    finally:
        tx.execute("ROLLBACK")


def test_a_reply_to_something_else_is_no_letter(tx: Transaction) -> None:
    before = tx.execute("SELECT count(*) FROM broadcast_replies").fetchone()
    says(tx, RINA, "halo", reply_to="12345")
    assert tx.execute("SELECT count(*) FROM broadcast_replies").fetchone() == before
    assert PEOPLE[RINA][0] == "Rina"


def heard_lately(tx: Transaction, *, days: int, person: int = RINA, before: int = 0) -> None:
    """Let a focal point have had an announcement on each of so many days before."""
    for ago in range(before + 1, before + days + 1):
        at = MORNING - timedelta(days=ago)
        number = outbox.insert(
            tx,
            channel="telegram",
            address=str(person),
            message=Message("Kabar"),
            now=at,
            terms=outbox.Terms(priority=outbox.BROADCAST),
        )
        tx.execute("UPDATE outbox SET state = 'sent', sent_at = created_at WHERE id = ?", (number,))


def test_whom_the_week_s_limit_keeps_it_from_is_said_before_it_is_confirmed(tx: Transaction) -> None:
    heard_lately(tx, days=3)
    shown = previewed(tx)[-1]
    assert "1 orang sudah menerima atau akan menerima 3 pesan minggu ini" in shown.text
    assert "paling cepat Jumat, 6 Maret 2026 pukul 08.00 WIB" in shown.text  # a week after the first of them
    assert button([shown], "sr:urgent") == "sr:urgent:1"


def test_of_several_the_one_who_gets_it_first_says_from_when(tx: Transaction) -> None:
    heard_lately(tx, days=3)
    heard_lately(tx, days=3, person=TONO, before=2)  # the first of them was five days ago
    shown = previewed(tx)[-1]
    assert "2 orang sudah menerima atau akan menerima 3 pesan minggu ini" in shown.text
    assert "paling cepat Rabu, 4 Maret 2026 pukul 08.00 WIB" in shown.text


def test_below_the_limits_nothing_of_it_is_said(tx: Transaction) -> None:
    heard_lately(tx, days=2)
    shown = previewed(tx)[-1]
    assert "minggu ini" not in shown.text
    assert not [c for row in shown.rows for c in row if c.data.startswith("sr:urgent")]


def test_an_urgent_one_has_its_reason_on_record_and_a_new_preview(tx: Transaction) -> None:
    heard_lately(tx, days=3)
    stale = button(previewed(tx), "sr:go")
    taps(tx, SARI, "sr:urgent:1")
    shown = says(tx, SARI, "Banjir, layanan pindah ke posko.")
    assert "Ditandai mendesak" in shown[-1].text
    assert "Banjir, layanan pindah ke posko." in shown[-1].text
    record = tx.execute("SELECT detail FROM audit WHERE action = 'broadcast_urgent'").fetchall()
    assert ["Banjir" in row[0] for row in record] == [True]
    assert "tidak berlaku lagi" in taps(tx, SARI, stale)[-1].text
    assert tx.execute("SELECT state, urgent_reason <> '' FROM broadcasts").fetchall() == [("draft", 1)]


def test_the_preview_says_when_it_really_leaves(tx: Transaction) -> None:
    previewed(tx)
    shown = taps(tx, SARI, "sr:see:1", now=MORNING + timedelta(hours=10))
    assert "Dikirim: Selasa, 3 Maret 2026 pukul 08.00 WIB; sebelum itu di luar jam kerja" in shown[-1].text


EVENING = MORNING + timedelta(hours=10)


def test_after_hours_it_is_said_whom_sending_it_right_now_would_not_reach(tx: Transaction) -> None:
    """Who has had a message today gets no second one because it is not held for the hour."""
    heard_lately(tx, days=1)
    tx.execute("UPDATE outbox SET sent_at = ?, created_at = ?", (utc_text(MORNING),) * 2)
    previewed(tx)
    shown = taps(tx, SARI, "sr:see:1", now=EVENING)[-1]
    assert "1 orang sudah mencapai batas pesan hari ini atau minggu ini" in shown.text
    assert "bila nanti dipilih “Kirim sekarang juga”" in shown.text
    assert "paling cepat Selasa, 3 Maret 2026 pukul 08.00 WIB, kecuali" in shown.text
    assert button([shown], "sr:urgent") == "sr:urgent:1"


def test_a_second_one_after_hours_waits_for_the_day_after_the_first(tx: Transaction) -> None:
    previewed(tx)
    first = taps(tx, SARI, "sr:see:1", now=EVENING)
    taps(tx, SARI, button(first, "sr:go"), now=EVENING)
    says(tx, SARI, "/siaran")
    taps(tx, SARI, "sr:new")
    says(tx, SARI, "Bimtek hari Rabu.")
    taps(tx, SARI, "sr:r:2:focal_point")
    shown = taps(tx, SARI, "sr:see:2", now=EVENING)[-1]
    assert "sudah menerima atau akan menerima pesan lain pada hari itu" in shown.text
    assert "paling cepat Rabu, 4 Maret 2026 pukul 08.00 WIB" in shown.text
    assert button([shown], "sr:urgent") == "sr:urgent:2"


def test_those_of_unknown_fate_get_it_again_by_one_button(tx: Transaction) -> None:
    taps(tx, SARI, button(previewed(tx), "sr:go"))
    recipients.feed(tx, 1, message=lambda _: Message("Bimtek"), limit=99, now=MORNING)
    tx.execute("UPDATE outbox SET state = 'sent' WHERE priority = 2")
    first = tx.execute("SELECT min(id) FROM outbox WHERE priority = 2").fetchone()[0]
    tx.execute("UPDATE outbox SET state = 'unknown' WHERE id = ?", (first,))
    recipients.settle(tx, 1, now=MORNING)
    broadcasts.start(tx, 1, now=MORNING)
    broadcasts.end(tx, 1, now=MORNING)
    again = button(taps(tx, SARI, "sr:show:1"), "sr:again")
    assert "kepada 1 orang" in taps(tx, SARI, again)[-1].text
    assert recipients.feed(tx, 1, message=lambda _: Message("Bimtek"), limit=99, now=MORNING) == 1
    newest = tx.execute("SELECT max(id) FROM outbox WHERE priority = 2").fetchone()[0]
    assert newest > first
    assert recipient_lists.tally(tx, 1).queued == 1
    assert "sr:again" not in str(taps(tx, SARI, "sr:show:1"))


def test_a_link_behind_words_is_kept_checked_and_shown(tx: Transaction) -> None:
    says(tx, SARI, "/siaran")
    typed = Inbound(
        "telegram", str(SARI), Kind.TEXT, text="Isi formulir.", name="x",
        links=("https://bps.go.id/isi",), linked="Isi [formulir](https://bps.go.id/isi).",
    )  # fmt: skip
    list(DESK.take(tx, typed, fetched=None, now=MORNING))
    taps(tx, SARI, "sr:r:1:focal_point")
    shown, below = taps(tx, SARI, "sr:see:1")
    assert "formulir (https://bps.go.id/isi)" in shown.text.translate(WITHOUT_MARKS)
    assert "formulir: https://bps.go.id/isi" in below.text
    asked = says(tx, SARI, "/siaran")
    taps(tx, SARI, button(asked, "sr:text"))
    refused = says(tx, SARI, "Buka [bkn.go.id](https://jahat.example/)")
    assert "menyebut alamat lain" in refused[-1].text
