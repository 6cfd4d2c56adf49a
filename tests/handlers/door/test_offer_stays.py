"""A stranger who was offered to join and types something else is understood, and the offer stays in view."""

from __future__ import annotations

import pytest

from storage import dialogues
from storage.engine.transaction import Transaction
from tests.handlers.door.test_linking import code, known_at, telegram, whatsapp
from tests.kit.people import RINA
from tests.kit.two_accounts import Account

PHONE = "+62 812 3456 7890"
OFFER = "sudah terdaftar atas nama"


@pytest.fixture(params=["number", "shared number", "code"])
def stranger(tx: Transaction, request: pytest.FixtureRequest) -> Account:
    """A stranger to whom joining was offered in each of the ways it is offered in."""
    first = telegram(tx, RINA)
    if request.param == "code":
        other = whatsapp(tx)
        assert "Kode diterima" in other.says(code(first.says("/tautkan")))
        return other
    dialogues.begin(tx, 1, name="phone")
    first.shares(PHONE)
    if request.param == "number":
        other = whatsapp(tx, "6281234567890", "6281234567890")
        assert OFFER in other.says("halo")
        return other
    other = whatsapp(tx)
    assert OFFER in other.shares(PHONE)
    return other


@pytest.mark.parametrize("text", ["halo", "saya sudah pernah daftar", "12", "😀", "AB3DE"])
def test_the_offer_stays_in_view(stranger: Account, text: str) -> None:
    answered = stranger.says(text)
    assert "masih menunggu jawaban" in answered
    assert "hanya bila kedua akun itu milik" in answered
    assert [choice.label for row in stranger.heard[-1].rows for choice in row] == ["Ya, hubungkan", "Tidak"]


def test_a_question_is_answered_and_the_offer_asked_again(stranger: Account) -> None:
    answered = stranger.says("siapa saja yang bisa baca data saya?")
    assert "Siapa yang membaca" in answered
    assert answered.index("Siapa yang membaca") < answered.index("masih menunggu jawaban")


@pytest.mark.parametrize("yes", ["hubungkan", "iya pak", "Ya, hubungkan"])
def test_it_is_taken_up_after_something_else(tx: Transaction, stranger: Account, yes: str) -> None:
    stranger.says("sebentar, saya tanya dulu")
    assert "Terhubung: Telegram, WhatsApp" in stranger.says(yes)
    assert known_at(tx, "whatsapp", stranger.address) == 1


@pytest.mark.parametrize(
    "no", ["bukan saya", "maaf, itu bukan akun saya", "itu nomor suami saya", "salah orang"]
)
def test_whoever_says_that_it_is_not_theirs_declines(tx: Transaction, stranger: Account, no: str) -> None:
    assert "tidak ada yang dihubungkan" in stranger.says(no)
    assert known_at(tx, "whatsapp", stranger.address) is None


def test_whoever_declines_is_at_the_door_again(tx: Transaction, stranger: Account) -> None:
    stranger.says("apa ini?")
    stranger.says("tidak")
    assert "masih menunggu jawaban" not in stranger.says("halo")
    assert known_at(tx, "whatsapp", stranger.address) is None
