"""A person hands in an innovation through the page, in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.kit.chat_page import DATES, NEEDS_CHROMIUM, PLACE_TO_AFFAIR, Hands
from tests.kit.people import RINA, SARI, TONO, WATI

pytestmark = [
    pytest.mark.serial,
    pytest.mark.asyncio(loop_scope="module"),
    NEEDS_CHROMIUM,
]


async def test_an_innovation_is_handed_in_through_the_page(page: Page, tmp_path: Path) -> None:
    hands = Hands(page, RINA)
    await hands.phone.get_by_role("button", name="Mulai", exact=True).click()
    await hands.sees("Selamat datang, Rina")
    await hands.taps("Ajukan inovasi")
    await hands.sees("Apa nama inovasinya?")
    await hands.is_asked_on(
        ("SIPANDU <b>Baamang</b>", "Sudah sampai tahap apa"),
        ("3", "Siapa yang memulai"),
        ("opd", "Siapa nama inisiatornya"),
        ("Tim Gizi", "klasifikasi"),
        *PLACE_TO_AFFAIR,
    )
    await hands.taps("Pendidikan")
    await hands.sees("Jawaban sekarang: Pendidikan")
    await expect(hands.last.locator("time")).to_contain_text("diubah")
    await hands.taps("Selesai")
    await hands.is_asked_on(*DATES)
    await hands.fills_the_profile(tmp_path, goes_on=lambda: hands.taps("Lanjut"))
    await hands.leaves_out_the_rest(goes_on=lambda: hands.taps("Lanjut"))
    await page.screenshot(path=tmp_path / "periksa.png")
    await hands.taps("Kirim sekarang")
    await hands.sees("DI-")
    await expect(hands.part("log").locator(".message.me").first).to_contain_text("/start")
    picture = tmp_path / "kirim.png"
    await page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000


async def test_the_bot_killed_from_the_page_goes_on_by_itself(page: Page, address: str) -> None:
    hands = Hands(page, TONO)
    await hands.becomes(TONO)
    await hands.says("/ajukan")
    await hands.sees("Apa nama inovasinya?")
    await page.request.post(f"{address}api/panel/kill", data={})
    await hands.says("SIPANDU")
    await hands.sees("Sudah sampai tahap apa")


async def test_an_announcement_is_answered_and_the_desk_answers_back(page: Page) -> None:
    hands = Hands(page, SARI)
    await hands.becomes(SARI)
    await hands.says("/siaran")
    await hands.sees("langkah 1 dari 3")
    await hands.says("*Rapat* besok")
    await hands.sees("langkah 2 dari 3")
    await hands.taps("Pimpinan")
    await hands.taps("Pratinjau")
    await hands.sees("langkah 3 dari 3")
    await hands.announces()
    await hands.sees("Hasil siaran #1")
    await hands.becomes(WATI)
    await hands.sees("Rapat besok")
    await hands.last.locator(".text").dblclick()
    await hands.says("Saya hadir")
    await hands.sees("sudah kami teruskan")
    await hands.becomes(SARI)
    await hands.sees("Balasan siaran #1")
    await hands.taps("Jawab")
    await hands.says("Terima kasih")
    await hands.becomes(WATI)
    await hands.sees("Jawaban Desk Inovasi")
