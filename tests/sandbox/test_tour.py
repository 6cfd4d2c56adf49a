"""The guided tour is walked in Chromium: on a laptop to its end, on a phone its first steps."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.kit import accessible
from tests.kit.chat_page import CHROMIUM, SEES_MS, Hands, opened

pytestmark = [
    pytest.mark.serial,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"), reason="there is no Chromium here; .ci/run installs it"
    ),
    pytest.mark.skipif(not accessible.is_there(), reason=accessible.MISSING),
]
MENUS_OVER_WORDS = """
() => [...document.querySelectorAll('.message > .more')].filter(button => {
  const menu = button.getBoundingClientRect();
  const bubble = button.parentElement.querySelector('.bubble').getBoundingClientRect();
  return menu.width && menu.left < bubble.right && menu.right > bubble.left;
}).length
"""
MOVE_MS = 30_000.0  # until a morning is lived, on a loaded machine


class Guide:
    """The card of the tour, and the ring around where to tap."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.card = page.locator("#tour")

    async def taps(self, label: str) -> None:
        """Tap a button of the card."""
        await self.card.get_by_role("button", name=label).click()

    async def follows_the_ring(self, label: str) -> None:
        """Tap where the ring is, which has to be the button of this name."""
        ringed = self.page.locator(".tour-here", has_text=label)
        await ringed.click(timeout=SEES_MS)

    async def goes_on(self, title: str) -> None:
        """Wait until the step is done, and go on to the next."""
        await expect(self.card.locator(".checks li:not(.done)")).to_have_count(0, timeout=MOVE_MS)
        await self.taps("Langkah berikutnya")
        await expect(self.card.locator("h2")).to_have_text(title)

    async def writes(self) -> None:
        """Have the card put the words to write at the phone, and send them."""
        await self.taps("Tulis /")
        typed = self.page.locator(".phone:not([hidden]) [data-part=text]:focus")
        await expect(typed).to_have_value(re.compile("^/"))
        await typed.press("Enter")


async def test_the_tour_is_walked_to_its_end(browser: Browser, address: str, tmp_path: Path) -> None:
    async with opened(browser, address, width=1440, height=900) as page:
        guide = Guide(page)
        await guide.taps("Mulai tur")
        await guide.writes()
        for label in ("Lanjutkan isian", "Lanjut ▶", "Kirim sekarang"):
            await guide.follows_the_ring(label)
        await page.screenshot(path=tmp_path / "1.png")
        await guide.goes_on("Lihat skor bertambah")
        for label in ("Lengkapi indikator", "Langkah terbaik", "2 · 11 sampai 30 orang"):
            await guide.follows_the_ring(label)
        await page.screenshot(path=tmp_path / "2.png")
        await guide.goes_on("Majukan jam, terima pengingat")
        await guide.taps("Buka teleponnya")
        await guide.follows_the_ring("Pagi kerja berikutnya")
        reminded = page.locator(".phone", has_text="Tika Oktaviani").locator(".message.bot")
        await expect(reminded).to_contain_text("belum selesai", timeout=MOVE_MS)
        await expect(reminded.locator("time")).to_contain_text(re.compile(r"(08|09|10)\.\d\d"))
        await page.screenshot(path=tmp_path / "3.png")
        await guide.goes_on("Tanyakan status sebagai pimpinan")
        await guide.writes()
        await guide.follows_the_ring("Mengapa angka ini?")
        await page.screenshot(path=tmp_path / "4.png")
        await guide.goes_on("Verifikasi dan kembalikan sebagai Desk Inovasi")
        await guide.writes()
        for label in ("1 · Contoh Pojok Baca Keliling", "Putuskan", "✔ Verifikasi", "Ya, verifikasi"):
            await guide.follows_the_ring(label)
        for label in ("◀ Antrean", "1 · Contoh Data Bantuan", "Putuskan", "Kembalikan (", "Ya, kembalikan"):
            await guide.follows_the_ring(label)
        await page.screenshot(path=tmp_path / "5.png")
        await guide.goes_on("Sampaikan pengumuman")
        await guide.writes()
        desk = Hands(page, "1005")
        await desk.sees("langkah 1 dari 3")
        await desk.says("Rapat persiapan besok pukul 09.00.")
        for label in ("PIC", "Pratinjau", "Kirim kepada"):
            await guide.follows_the_ring(label)
        await page.screenshot(path=tmp_path / "6.png")
        await guide.goes_on("Matikan bot seketika")
        await guide.follows_the_ring("Matikan bot")
        await expect(page.locator("#panel")).to_contain_text("Tidak ada yang hilang", timeout=MOVE_MS)
        await page.screenshot(path=tmp_path / "7.png")
        for folded in await page.locator("#panel summary").all():
            await folded.click()
        assert await accessible.faults(page) == []
        await guide.taps("Selesai")
        await expect(guide.card).to_contain_text("Tur selesai")
        await page.reload()
        await expect(guide.card).to_contain_text("Tur selesai", timeout=SEES_MS)


async def test_on_a_phone_the_panel_opens_over_the_talk_and_the_clock_moves_a_week(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    async with opened(browser, address, touch=True) as page:
        guide = Guide(page)
        await guide.card.get_by_role("button", name="Ulangi tur").press("Enter")
        await expect(guide.card.get_by_role("button", name="Buka teleponnya")).to_be_focused()
        for title in ("Lihat skor bertambah", "Majukan jam, terima pengingat"):
            await guide.taps("Lewati")
            await expect(guide.card.locator("h2")).to_have_text(title)
        await guide.taps("Buka teleponnya")
        phone = page.locator(".phone:not([hidden])")
        await expect(phone).to_contain_text("Tika Oktaviani")
        before = await phone.locator(".message.bot").count()
        await page.screenshot(path=tmp_path / "1.png")
        await guide.follows_the_ring("Panel")
        await page.get_by_role("button", name="+7 hari").click()
        await page.screenshot(path=tmp_path / "2.png")
        assert await accessible.faults(page) == []
        await page.keyboard.press("Escape")
        await expect(page.locator("#panel")).to_be_hidden()
        await expect(phone.locator(".message.bot")).to_have_count(before + 1, timeout=MOVE_MS)
        assert await page.evaluate(MENUS_OVER_WORDS) == 0
        await guide.goes_on("Tanyakan status sebagai pimpinan")
        await guide.taps("Tutup tur")
        await expect(guide.card.locator("h2")).to_have_count(0)
        await page.locator("#panel-toggle").press("Enter")
        await page.get_by_role("button", name="English").press("Enter")
        await expect(page.locator("#panel")).to_contain_text("Next working morning")
        await expect(guide.card).to_contain_text("Go on with the tour")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.screenshot(path=tmp_path / "3.png")
