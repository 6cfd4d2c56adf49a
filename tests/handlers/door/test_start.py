"""The door: the language, the code and the number of who is not enrolled yet, and the greeting of who is."""

from __future__ import annotations

import pytest

from domain.message import Inbound, Kind, Message
from domain.people import Role
from storage import roster
from storage.engine.transaction import Transaction
from storage.roster import Entry
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, buttons, says, taps
from tests.kit.draft_facts import WORDS
from tests.kit.people import ORANG, RINA, invited

CODE = "KodeYangBenar-01"


def notice_of(language: str) -> str:
    return WORDS.in_(language)("privacy.notice", days=30)


def test_a_stranger_reads_the_door_in_the_language_chosen_and_nothing_is_promised(tx: Transaction) -> None:
    for told in (taps(tx, ORANG, "l:en"), says(tx, ORANG, "/bahasa en")):
        assert "invitation code" in told[0].text
        assert "from now on" not in told[0].text


def test_the_notice_is_asked_again_in_the_language_chosen(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING)
    says(tx, ORANG, f"/start {CODE}")
    told = taps(tx, ORANG, "l:en")
    assert "Personal data" in told[-1].text
    assert buttons(told)[-2:] == ["s:yes", "s:no"]
    assert "Thank you" in taps(tx, ORANG, "s:yes")[-1].text


def test_a_typed_number_is_not_taken_for_a_no(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING)
    says(tx, ORANG, f"/start {CODE}")
    taps(tx, ORANG, "s:yes")
    told = says(tx, ORANG, "0812 3456 7890")
    assert "Bagikan nomor saya" in told[0].text
    assert buttons(told) == ["s:nophone"]
    assert "tanpa nomor telepon" in says(tx, ORANG, "nanti saja")[0].text


def test_a_second_tap_on_leaving_does_not_point_at_what_is_not_there(tx: Transaction) -> None:
    leave = next(data for data in buttons(says(tx, RINA, "/ajukan")) if data.endswith(":leave"))
    taps(tx, RINA, leave)
    again = taps(tx, RINA, leave)[0]
    assert again.text.startswith("Tidak ada isian")
    assert again.toast == "Tombol itu sudah tidak berlaku."


def test_part_of_a_code_is_told_how_long_a_code_is_and_is_no_attempt(tx: Transaction) -> None:
    for text, told in ((CODE[:-1], "ada 15"), (f"{CODE}x", "ada 17"), ("0812 3456 7890", "Selamat datang")):
        assert told in says(tx, ORANG, text)[0].text
    assert tx.execute("SELECT count(*) FROM wrong_codes").fetchone() == (0,)


def test_a_greeting_is_greeted_and_thanks_are_taken(tx: Transaction) -> None:
    lost = "belum kami pahami"
    said = {
        text: says(tx, RINA, text)[0].text
        for text in (
            "Halo!",
            "Selamat pagi",
            "terima kasih",
            "makasih banyak bu",
            "ok siap",
            "👍",
            "xyz",
            "/mulai",
        )
    }
    assert said["Halo!"] == said["Selamat pagi"] == said["/mulai"]
    assert said["terima kasih"] == f"Sama-sama.\n\n{said['/mulai']}"
    assert said["makasih banyak bu"] == said["terima kasih"]
    assert said["ok siap"] == said["👍"] == f"Baik, Bapak/Ibu.\n\n{said['/mulai']}"
    assert [text for text, told in said.items() if lost in told] == ["xyz"]


NUMBER = "6281234567890"


def proved(tx: Transaction, text: str = "", *, button: str = "") -> list[Message]:
    """Somebody of a channel that proves the number with everything that is said."""
    kind = Kind.BUTTON if button else Kind.TEXT
    told = Inbound(
        "telegram", "77", kind, text=text, button=button, phone=NUMBER, phone_is_own=True, name="Dewi"
    )
    return list(DESK.take(tx, told, fetched=None, now=MORNING))


def test_a_number_that_is_proved_already_is_said_before_consent_kept_and_not_asked_for(
    tx: Transaction,
) -> None:
    invited(tx, CODE, now=MORNING)
    assert f"+{NUMBER}" in proved(tx, f"/start {CODE}")[-1].text
    told = proved(tx, button="s:yes")
    assert "Selamat datang, Dewi" in told[-1].text
    assert tx.execute("SELECT phone FROM contacts WHERE name = 'Dewi'").fetchone() == (f"+{NUMBER}",)
    assert not [message for message in told if message.ask]


def test_whose_number_is_listed_needs_no_code_where_it_is_proved(tx: Transaction) -> None:
    roster.take_in(tx, Entry("Dewi Lestari", f"+{NUMBER}", Role.LEADER, None), by=None, now=MORNING)
    asked = proved(tx, "halo")
    assert "Nomor dikenali" in asked[0].text
    assert buttons(asked)[-2:] == ["s:yes", "s:no"]
    assert "Selamat datang, Dewi Lestari" in proved(tx, button="s:yes")[-1].text
    assert tx.execute("SELECT count(*) FROM roster WHERE contact_id IS NULL").fetchone() == (0,)


def test_nobody_is_asked_to_share_a_number_that_is_proved(tx: Transaction) -> None:
    roster.take_in(tx, Entry("Orang Lain", "+6281111111111", Role.LEADER, None), by=None, now=MORNING)
    assert "s:number" not in buttons(proved(tx, "halo"))
    assert "s:number" in buttons(says(tx, ORANG, "halo"))
    assert "belum ada di daftar" in proved(tx, button="s:number")[0].text


def test_nobody_is_asked_to_share_a_number_where_none_can_be_proved(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING)
    roster.take_in(tx, Entry("Orang Lain", "+6281111111111", Role.LEADER, None), by=None, now=MORNING)

    def hidden(text: str = "", *, button: str = "") -> list[Message]:
        kind = Kind.BUTTON if button else Kind.TEXT
        told = Inbound("telegram", "77", kind, text=text, button=button, proves_phone=False, name="Dewi")
        return list(DESK.take(tx, told, fetched=None, now=MORNING))

    assert "s:number" not in buttons(hidden("halo"))
    hidden(f"/start {CODE}")
    told = hidden(button="s:yes")
    assert "Selamat datang, Dewi" in told[-1].text
    assert not [message for message in told if message.ask]


def test_somebody_elses_card_leads_on_from_where_the_person_is(tx: Transaction) -> None:
    def shares(who: int) -> list[Message]:
        card = Inbound("telegram", str(who), Kind.PHONE, phone="628123", message_ref="1")
        return list(DESK.take(tx, card, fetched=None, now=MORNING))

    invited(tx, CODE, now=MORNING)
    for start, asked in (("halo", ["Selamat datang"]), (f"/start {CODE}", ["Kode diterima", "Data pribadi"])):
        says(tx, ORANG, start)
        first, other = shares(ORANG)
        assert first.text.startswith("Kontak itu bukan nomor Bapak/Ibu sendiri, jadi")
        assert all(words in other.text for words in asked)
    wrong, greeting = shares(RINA)
    assert "tombol" not in wrong.text, "nothing there shares a number"
    assert greeting.rows


def test_an_old_button_is_called_so_once(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING)
    says(tx, ORANG, f"/start {CODE}")
    assert [bool(message.toast) for message in taps(tx, ORANG, "zz:1")] == [True]


REMARKS = ("halo", "asdf", "12", "/tidakada", "dinas kesehatan")
ASKED = ("saya bingung", "apa itu inovasi", "? dinkes apa tolong", "batas waktunya kapan")


@pytest.mark.parametrize("invited_before", [False, True])
def test_whatever_a_stranger_says_has_one_reply_with_a_button(tx: Transaction, invited_before: bool) -> None:
    """F5; below an answer the privacy notice is asked about in a sentence."""
    if invited_before:
        invited(tx, CODE, now=MORNING)
        says(tx, ORANG, f"/start {CODE}")
    for text in (*REMARKS, *ASKED):
        told = says(tx, ORANG, text)
        assert len(told) == 1, text
        assert told[0].rows, text
        asked = invited_before and not text.startswith("/")
        assert not asked or {"s:yes", "s:no"} <= set(buttons(told)), text


@pytest.mark.parametrize("text", ["/start", "mulai", "halo", "selamat pagi"])
def test_the_first_thing_a_stranger_reads_has_the_privacy_notice(tx: Transaction, text: str) -> None:
    """F4: purpose, readers and time stand there before anything is asked."""
    told = says(tx, ORANG, text)
    assert len(told) == 1
    assert notice_of("id") in told[0].text
    assert notice_of("id") not in says(tx, ORANG, "dinas kesehatan")[0].text
