"""The WhatsApp phone of the page, in Chromium: its lists, files, ticks and templates."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.kit.chat_page import DATES, NEEDS_CHROMIUM, PLACE_TO_AFFAIR, Hands
from tests.kit.people import SARI

DEWI, HASAN, NINING = "ID.2001", "ID.2002", "ID.2004"

pytestmark = [
    pytest.mark.serial,
    pytest.mark.asyncio(loop_scope="module"),
    NEEDS_CHROMIUM,
]


async def uses(hands: Hands, choice: str) -> None:
    """Choose something of the phone's own menu."""
    await hands.part("options").click()
    await hands.chooses(choice)


async def test_an_innovation_is_handed_in_with_a_file_and_the_bot_killed_in_the_middle(
    page: Page, address: str, tmp_path: Path
) -> None:
    hands = Hands(page, DEWI)
    await hands.becomes(DEWI)
    await hands.phone.get_by_role("button", name="Sapa").click()
    await hands.sees("Ajukan inovasi")
    await hands.says("ajukan")
    await hands.sees("Apa nama inovasinya?")
    await hands.says("Belajar Bersama")
    await hands.sees("Sudah sampai tahap apa")
    await hands.taps("3 · Penerapan")
    await hands.sees("Siapa yang memulai")
    await hands.taps("Pilih")
    await hands.chooses("OPD")
    await hands.sees("Siapa nama inisiatornya")
    await page.request.post(f"{address}api/panel/kill", data={})
    await hands.says("Tim Guru")
    await expect(hands.said.locator(".tick")).to_contain_text("terkirim")
    await hands.sees("klasifikasi")
    await expect(hands.said.locator(".tick")).to_contain_text("sampai")
    await hands.is_asked_on(*PLACE_TO_AFFAIR, ("selesai", "Kapan"), *DATES)
    await hands.fills_the_profile(tmp_path, goes_on=lambda: hands.says("lanjut"))
    await expect(hands.part("log").locator(".message.me .file")).to_contain_text("anggaran.pdf")
    await hands.leaves_out_the_rest(goes_on=lambda: hands.says("lewati"))
    await hands.says("kirim sekarang")
    await hands.sees("DI-")


async def test_a_chart_comes_as_a_picture_and_is_saved_as_a_file(page: Page) -> None:
    hands = Hands(page, HASAN)
    await hands.becomes(HASAN)
    await hands.says("status")
    await hands.sees("dari 47 perangkat daerah")
    await hands.says("grafik")
    picture = hands.part("log").locator(".message.bot .photo img").last
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("image => image.naturalWidth") > 100
    await picture.click()
    await expect(page.locator("#sheet").get_by_role("link", name="Simpan gambar")).to_be_visible()


async def test_after_a_day_of_silence_a_template_leads_back_into_the_talk(page: Page) -> None:
    hands = Hands(page, HASAN)
    await hands.becomes(HASAN)
    await hands.says("halo")
    await expect(hands.part("status")).to_contain_text("terbuka")
    await uses(hands, "Tutup jendela 24 jam")
    await expect(hands.part("status")).to_contain_text("tertutup")
    desk = Hands(page, SARI)
    await desk.becomes(SARI)
    await desk.says("/siaran")
    earlier = desk.last.get_by_role("button", name="Tulis siaran baru")  # another test may have announced
    await expect(earlier.or_(desk.last.get_by_text("langkah 1 dari 3"))).to_be_visible()
    if await earlier.is_visible():
        await earlier.click()
        await desk.sees("langkah 1 dari 3")
    await desk.says("Rapat inovasi hari Jumat.")
    await desk.sees("langkah 2 dari 3")
    await desk.taps("Pimpinan")
    await desk.taps("Pratinjau")
    send = desk.last.get_by_role("button", name="Kirim kepada 2 orang")
    await expect(send).to_be_visible()
    if await desk.last.get_by_role("button", name="Tandai mendesak").is_visible():  # heard of another today
        await desk.taps("Tandai mendesak")
        await desk.sees("Tulis alasannya")
        await desk.says("Rapatnya hari ini juga.")
        await desk.sees("Ditandai mendesak")
        if not await send.is_visible():
            await desk.taps("Pratinjau")
    await desk.announces()  # then it waits for who has not written
    await hands.becomes(HASAN)
    template = hands.part("log").locator(".message.bot", has=page.get_by_text("templat ·")).last
    await expect(template).to_be_visible()
    await template.locator(".keys button").first.click()
    await expect(hands.said).to_contain_text("Baca sekarang")
    await hands.sees("Rapat inovasi hari Jumat.")


async def test_somebody_with_a_hidden_number_comes_in_by_a_code(page: Page) -> None:
    hands = Hands(page, NINING)
    await hands.becomes(NINING)
    await hands.says("RuangLatihan-002")
    await hands.sees("Dinas Kepemudaan")
    await hands.taps("Saya setuju")
    await expect(hands.last).to_contain_text("Nining")
