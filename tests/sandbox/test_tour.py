"""The guided tour is walked in Chromium to its end: by the keyboard alone on a laptop in the light, and with
a finger on a small phone in the dark, with axe-core at each step.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.kit import accessible
from tests.kit.chat_page import NEEDS_CHROMIUM, Hands, opened
from tests.kit.tour_guide import MOVE_MS, Finger, Guide, Keyboard

pytestmark = [
    pytest.mark.serial,
    pytest.mark.asyncio(loop_scope="module"),
    NEEDS_CHROMIUM,
    pytest.mark.skipif(not accessible.is_there(), reason=accessible.MISSING),
]


async def walk(guide: Guide) -> None:
    """Walk the seven steps and end the tour."""
    page = guide.page
    await guide.taps("Mulai tur")
    await guide.writes()
    await guide.follows_the_ring("Lanjutkan isian", "Lanjut ▶", "Kirim sekarang")
    await guide.goes_on("Lihat skor bertambah")
    await guide.follows_the_ring("Lengkapi indikator", "Langkah terbaik", "2 · 11 sampai 30 orang")
    await guide.goes_on("Majukan jam, terima pengingat")
    await guide.taps("Buka teleponnya")
    await guide.opens_the_panel()
    await guide.follows_the_ring("Pagi kerja berikutnya")
    await guide.leaves_the_panel()
    reminded = page.locator(".phone", has_text="Tika Oktaviani").locator(".message.bot")
    await expect(reminded).to_contain_text("belum selesai", timeout=MOVE_MS)
    await expect(reminded.locator("time")).to_contain_text(re.compile(r"(08|09|10)\.\d\d"))
    await guide.goes_on("Tanyakan status sebagai pimpinan")
    await guide.writes()
    await guide.follows_the_ring("Mengapa angka ini?")
    await guide.goes_on("Verifikasi dan kembalikan sebagai Desk Inovasi")
    await guide.writes()
    verifying = ("1 · Contoh Pojok Baca Keliling", "Putuskan", "✔ Verifikasi", "Ya, verifikasi", "◀ Antrean")
    await guide.follows_the_ring(*verifying)
    await guide.follows_the_ring("1 · Contoh Data Bantuan", "Putuskan", "Kembalikan (", "Ya, kembalikan")
    await guide.goes_on("Sampaikan pengumuman")
    await guide.writes()
    await Hands(page, "1005").sees("langkah 1 dari 3")
    await guide.type("Rapat persiapan besok pukul 09.00.")
    await guide.follows_the_ring("PIC", "Pratinjau", "Kirim kepada")
    await guide.goes_on("Matikan bot seketika")
    await guide.opens_the_panel()
    await guide.follows_the_ring("Matikan bot")
    await expect(page.locator("#panel")).to_contain_text("Tidak ada yang hilang", timeout=MOVE_MS)
    for folded in await page.locator("#panel summary").all():
        await guide.press(folded)
    await guide.is_looked_at()
    await guide.leaves_the_panel()
    await guide.taps("Selesai")
    await expect(guide.card).to_contain_text("Tur selesai")


async def test_the_tour_is_walked_by_the_keyboard_alone(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    async with opened(browser, address, width=1440, height=900) as page:
        guide = Keyboard(page, tmp_path)
        await expect(guide.card).to_contain_text("Mulai tur")
        await walk(guide)
        await expect(guide.card.get_by_role("button", name="Ulangi tur")).to_be_focused()
        await page.reload()
        await expect(guide.card).to_contain_text("Tur selesai")


async def test_it_begins_anew_and_is_walked_with_a_finger_on_a_small_phone(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """What the first walk has used up is there again."""
    async with opened(browser, address, width=320, height=640, touch=True) as page:
        await page.emulate_media(color_scheme="dark")
        guide = Finger(page, tmp_path)
        await guide.taps("Ulangi tur")
        sheet = page.locator("#sheet")
        await expect(sheet).to_contain_text("Semua yang dikerjakan di ruang latihan ini dihapus")
        assert await accessible.faults(page) == []
        await guide.press(sheet.get_by_role("button", name="Ya, hapus"))
        await expect(guide.card).to_contain_text("Baru di sini?", timeout=MOVE_MS)
        await walk(guide)


async def test_it_is_left_taken_up_and_read_in_english(browser: Browser, address: str) -> None:
    async with opened(browser, address, touch=True) as page:
        guide = Finger(page, Path())
        await page.request.post(f"{address}api/panel/tour", data={"act": "start"})
        for title in ("Lihat skor bertambah", "Majukan jam, terima pengingat"):
            await guide.taps("Lewati")
            await expect(guide.card.locator("h2")).to_have_text(title)
        await guide.taps("Tutup tur")
        await expect(guide.card.locator("h2")).to_have_count(0)
        await page.locator("#panel-toggle").press("Enter")
        await page.keyboard.press("Escape")
        await expect(page.locator("#panel")).to_be_hidden()
        await page.locator("#panel-toggle").press("Enter")
        await page.get_by_role("button", name="English").press("Enter")
        await expect(page.locator("#panel")).to_contain_text("Next working morning")
        await expect(guide.card).to_contain_text("Go on with the tour")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
