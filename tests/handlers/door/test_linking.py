"""Two accounts become one: by a code in either direction, by a proved number, and apart again."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from domain.people import Role
from domain.reading.link_codes import link_code_in, made_from
from storage import contacts, dialogues, innovations, opt_ins, personal
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import ORANG, RINA, SARI, TONO, WATI
from tests.kit.two_accounts import Account, desk_of_both

DESK = desk_of_both()


def telegram(tx: Transaction, who: int, phone: str = "") -> Account:
    """The account of one of the people."""
    return Account(tx, DESK, "telegram", str(who), phone)


def whatsapp(tx: Transaction, address: str = "ID.77", phone: str = "") -> Account:
    """An account that nobody knows yet."""
    return Account(tx, DESK, "whatsapp", address, phone)


def code(text: str) -> str:
    """What is to be sent from the other account."""
    return re.search(r"tautkan-\w+", text)[0]  # type: ignore[index]


def known_at(tx: Transaction, channel: str, address: str) -> int | None:
    """Who is known at an address."""
    person = contacts.by_address(tx, channel, address=address)
    return person.id if person else None


def enrolled(tx: Transaction, account: Account, role: Role, name: str = "Rina WA") -> int:
    """Enrol an account as a person of its own."""
    number = contacts.create(
        tx,
        contacts.NewContact(
            channel=account.channel, address=account.address, name=name, language="id", consent_version="3"
        ),
        now=MORNING,
    )
    contacts.grant(tx, number, role=role, office_id=2 if role is Role.FOCAL_POINT else None, now=MORNING)
    return number


def test_a_stranger_on_the_other_channel_becomes_the_same_person(tx: Transaction) -> None:
    other = whatsapp(tx)
    said = telegram(tx, RINA).says("/tautkan")
    assert "https://wa.me/6253121000?text=tautkan-" in said
    assert "15" not in code(said)
    asked = other.says(code(said))
    assert "Rina" in asked
    assert "Telegram" in asked
    assert "hanya bila kedua akun itu milik" in asked
    assert known_at(tx, "whatsapp", "ID.77") is None
    assert "Terhubung: Telegram, WhatsApp" in other.taps("Ya, hubungkan")
    assert known_at(tx, "whatsapp", "ID.77") == 1
    told = tx.execute("SELECT payload FROM outbox WHERE dedupe_key LIKE 'linked:%'").fetchall()
    assert len(told) == 1
    assert "baru saja dihubungkan" in told[0][0]
    how = tx.execute("SELECT wants, channel, how FROM opt_ins ORDER BY id DESC LIMIT 1").fetchone()
    assert how == (1, "whatsapp", "button")


def test_it_works_the_other_way_round_too(tx: Transaction) -> None:
    first = whatsapp(tx)
    number = enrolled(tx, first, Role.FOCAL_POINT)
    said = first.says("tautkan")
    assert "https://t.me/desk_bot?start=tautkan-" in said
    other = telegram(tx, ORANG)
    other.says(f"/start {code(said)}")
    other.says("iya pak")
    assert known_at(tx, "telegram", str(ORANG)) == number


def test_two_people_with_a_draft_each_keep_both_drafts(tx: Transaction) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx)
    number = enrolled(tx, other, Role.FOCAL_POINT)
    for account, title in ((first, "SIPANDU"), (other, "SIMPEL")):
        account.says("/ajukan")
        account.says(title)
    said = first.says("/tautkan")
    asked = other.says(code(said))
    assert "Yang terbuka di sini tetap terbuka" in asked
    assert "PIC" in asked
    done = other.taps("Ya, hubungkan")
    assert "Sudah sampai tahap apa" in done
    open_now = dialogues.load(tx, 1)
    assert open_now is not None
    assert open_now.state_as(dialogues.FormOpen).innovation == 2  # what was open here goes on
    owners = tx.execute("SELECT created_by, count(*) FROM innovations GROUP BY created_by").fetchall()
    assert owners == [(1, 2)]
    assert {row[0] for row in tx.execute("SELECT DISTINCT contact_id FROM history")} == {1}
    assert tx.execute("SELECT count(*) FROM cursors WHERE contact_id = 1").fetchone() == (2,)
    assert known_at(tx, "whatsapp", "ID.77") == 1 != number
    first.says("/draf")
    offered = str(first.heard[-1].rows)
    assert "SIPANDU" in offered
    assert "SIMPEL" in offered


def test_an_open_question_is_answered_on_the_other_channel(tx: Transaction) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx)
    first.says("/ajukan")
    first.says("SIPANDU")
    asked = other.says(code(first.says("/tautkan")))
    assert "dilanjutkan di sini" in asked
    other.taps("Ya, hubungkan")
    before = innovations.answers(tx, 1)
    other.says("1")
    assert len(innovations.answers(tx, 1)) == len(before) + 1
    old = first.heard[-1].rows[0][0].data
    first.presses(old)  # the keyboard on the other phone has had its day
    assert len(innovations.answers(tx, 1)) == len(before) + 1


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMIN])
def test_roles_that_exclude_each_other_keep_two_apart(tx: Transaction, role: Role) -> None:
    other = whatsapp(tx)
    number = enrolled(tx, other, role)
    holder = SARI if role is Role.LEADER else WATI
    said = other.says(code(telegram(tx, holder).says("/tautkan")))
    assert "tidak dapat dipegang orang yang sama" in said
    assert known_at(tx, "whatsapp", "ID.77") == number


def test_a_second_account_on_the_same_channel_is_refused(tx: Transaction) -> None:
    first = telegram(tx, RINA)
    said = telegram(tx, TONO).says(code(first.says("/tautkan")))
    assert "kanal yang sama" in said
    assert known_at(tx, "telegram", str(TONO)) == 3


def test_whatever_is_wrong_with_a_code_the_answer_is_the_same(tx: Transaction) -> None:
    first, other, third = telegram(tx, RINA), whatsapp(tx), whatsapp(tx, "ID.78")
    replaced = code(first.says("/tautkan"))
    claimed = code(first.says("/tautkan"))
    third.says(claimed)
    unknown = "tautkan-" + made_from("nobody")
    told = {other.says(one) for one in (replaced, claimed, unknown)}
    late = code(first.says("/tautkan"))
    other.now = MORNING + timedelta(minutes=16)
    told.add(other.says(late))
    assert len(told) == 1
    assert known_at(tx, "whatsapp", "ID.77") is None


def test_a_code_is_good_once(tx: Transaction) -> None:
    first, other, third = telegram(tx, RINA), whatsapp(tx), whatsapp(tx, "ID.78")
    sent = code(first.says("/tautkan"))
    other.says(sent)
    other.taps("Ya, hubungkan")
    assert "tidak berlaku" in third.says(sent)
    assert "tidak berlaku" in other.taps("Ya, hubungkan")


def test_only_a_few_wrong_codes_are_looked_at(tx: Transaction) -> None:
    other = whatsapp(tx)
    for number in range(5):
        other.says("tautkan-" + made_from(str(number)))
    right = code(telegram(tx, RINA).says("/tautkan"))
    other.says(right)
    assert "Ya, hubungkan" not in str(other.heard[-1].rows)
    assert tx.execute("SELECT count(*) FROM audit WHERE action = 'refused_link'").fetchone() == (1,)


def test_only_a_few_codes_are_made(tx: Transaction) -> None:
    first = telegram(tx, RINA)
    said = [first.says("/tautkan") for _ in range(6)]
    assert "dalam satu jam" in said[-1]
    assert "tautkan-" in said[-2]


def test_a_no_leaves_everything_as_it_is(tx: Transaction) -> None:
    other = whatsapp(tx)
    other.says(code(telegram(tx, RINA).says("/tautkan")))
    assert "tidak ada yang dihubungkan" in other.taps("Tidak")
    assert known_at(tx, "whatsapp", "ID.77") is None


def test_a_yes_counts_at_the_address_that_was_asked_alone(tx: Transaction) -> None:
    other, third = whatsapp(tx), whatsapp(tx, "ID.78")
    other.says(code(telegram(tx, RINA).says("/tautkan")))
    assert "tidak berlaku" in third.presses("ln:yes:1")
    assert known_at(tx, "whatsapp", "ID.78") is None


SPELLINGS = [
    "0812 3456 7890",
    "+62 812-3456-7890",
    "62 812 3456 7890",
    "+62 (0)812 3456 7890",
    "0062812 34567890",
]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_proved_number_asks_before_it_joins(tx: Transaction, spelled: str) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx, "6281234567890", "6281234567890")
    dialogues.begin(tx, 1, name="phone")
    first.shares(spelled)
    asked = other.says("halo")
    assert "sudah terdaftar atas nama" in asked
    assert "Rina" in asked
    assert known_at(tx, "whatsapp", other.address) is None
    other.taps("Ya, hubungkan")
    assert known_at(tx, "whatsapp", other.address) == 1


def test_who_declines_for_a_number_is_asked_again_only_on_request(tx: Transaction) -> None:
    other = whatsapp(tx, "6281234567890", "6281234567890")
    contacts.set_phone(tx, 1, phone="+6281234567890")
    other.says("halo")
    other.says("tidak")
    assert "terdaftar atas nama" not in other.says("halo")
    assert "terdaftar atas nama" in other.says("/tautkan")


def test_a_shared_number_joins_two_who_are_enrolled(tx: Transaction) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx)
    number = enrolled(tx, other, Role.FOCAL_POINT)
    contacts.set_phone(tx, number, phone="+6281234567890")
    first.shares("6281234567890")
    first.taps("Ya, hubungkan")
    assert known_at(tx, "whatsapp", "ID.77") == 1


def test_silence_on_one_is_silence_on_both(tx: Transaction) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx)
    number = enrolled(tx, other, Role.FOCAL_POINT)
    first.says("BERHENTI")
    asked = other.says(code(first.says("/tautkan")))
    assert "Pengingat tetap dihentikan" in asked
    other.taps("Ya, hubungkan")
    assert opt_ins.silent_since(tx, 1) is not None
    assert opt_ins.silent_since(tx, number) is None
    other.says("MULAI")
    assert opt_ins.silent_since(tx, 1) is None


def test_of_two_consents_the_older_holds(tx: Transaction) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx)
    enrolled(tx, other, Role.FOCAL_POINT)
    tx.execute("UPDATE contacts SET consent_version = '10' WHERE id = 1")
    other.says(code(first.says("/tautkan")))
    other.taps("Ya, hubungkan")
    assert contacts.consent(tx, 1)[0] == "3"


def test_letting_go_keeps_the_work_and_makes_a_stranger(tx: Transaction) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx)
    other.says(code(first.says("/tautkan")))
    other.taps("Ya, hubungkan")
    other.says("/ajukan")
    other.says("SIPANDU")
    first.says("/tautkan")
    first.taps("Lepaskan WhatsApp")
    assert "sudah dilepas" in first.taps("Ya, lepaskan")
    assert known_at(tx, "whatsapp", "ID.77") is None
    assert known_at(tx, "telegram", str(RINA)) == 1
    assert "SIPANDU" in first.says("/draf")
    assert "kode undangan" in other.says("halo")
    assert "kode undangan" in other.presses("f:1:nama:0:back")


def test_the_last_account_is_not_let_go(tx: Transaction) -> None:
    assert "satu-satunya akun" in telegram(tx, RINA).presses("ln:let:0:telegram")
    assert known_at(tx, "telegram", str(RINA)) == 1


def test_own_data_and_erasing_know_both(tx: Transaction) -> None:
    first, other = telegram(tx, RINA), whatsapp(tx)
    number = enrolled(tx, other, Role.FOCAL_POINT, "Rina Lama")
    other.says(code(first.says("/tautkan")))
    other.taps("Ya, hubungkan")
    assert "Akun: Telegram, WhatsApp" in first.says("/privasi")
    held = json.loads(personal.document(tx, 1, asked_at="now"))
    assert [one["channel"] for one in held["addresses"]] == ["telegram", "whatsapp"]
    personal.erase(tx, 1, now=MORNING)
    assert known_at(tx, "telegram", str(RINA)) is None
    assert known_at(tx, "whatsapp", "ID.77") is None
    assert (
        tx.execute("SELECT name FROM contacts WHERE id IN (1, ?)", (number,)).fetchall()
        == [("PIC lama",)] * 2
    )
    assert tx.execute("SELECT count(*) FROM link_offers").fetchone() == (0,)


@pytest.mark.parametrize("number", range(50))
def test_a_code_is_found_however_it_is_written(number: int) -> None:
    made = made_from(str(number))
    assert {link_code_in(one) for one in (
        made, made.lower(), f"tautkan {made}", f"/tautkan {made}", f"TAUTKAN-{made}.",
        f"link {made[:4]}-{made[4:]}",
    )} == {made}  # fmt: skip


@pytest.mark.parametrize(
    "text", ["link panduan2", "tautkan dokumen", "A1B2", "https://x.id/A2B3C4D5E6", "K2", ""]
)
def test_what_people_write_is_no_code(text: str) -> None:
    assert link_code_in(text) == ""
