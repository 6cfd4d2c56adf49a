"""A person hands in an innovation through the page, in Chromium."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from tests.kit.files import pdf as made_pdf
from tests.kit.people import BUDI, RINA, SARI, TONO, WATI

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60.0  # a loaded machine may take this long to start a process, or to end it
LOOK_SECONDS = 0.1
LONG = " ".join(f"kata{n}" for n in range(60))

pytestmark = [
    pytest.mark.serial,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"), reason="there is no Chromium here; .ci/run installs it"
    ),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox started as a person starts it, for all tests: each is another person, so none meets
    another's talk.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DESK_SANDBOX_DIR": str(tmp_path_factory.mktemp("page") / "sandbox")}
    process = subprocess.Popen([sys.executable, "-m", "bot", "sandbox", "--port", str(port)], env=environment)
    try:
        _wait_for_the_bot(f"http://127.0.0.1:{port}/api/chat?person={RINA}")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        assert process.wait(START_SECONDS) == 0


def _wait_for_the_bot(url: str) -> None:
    """Wait until the bot behind the page has named its commands: the page comes up before it."""
    until = monotonic() + START_SECONDS
    while monotonic() < until:
        with suppress(httpx.ConnectError):
            if httpx.get(url, timeout=START_SECONDS).json()["commands"]:
                return
        sleep(LOOK_SECONDS)
    raise AssertionError("the bot did not come up")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        await opened.close()


@pytest.fixture
async def page(address: str, browser: Browser) -> AsyncIterator[Page]:
    """The page on a phone, which shows nobody yet; what goes wrong in it fails the test."""
    opened = await browser.new_page(viewport={"width": 390, "height": 844})
    problems: list[Any] = []
    opened.on("pageerror", lambda problem: problems.append(problem))
    await opened.goto(address)
    yield opened
    assert problems == []


async def becomes(page: Page, person: int) -> None:
    """Take up another phone."""
    await page.goto(f"{page.url.partition('#')[0]}#{person}")
    await page.reload()


async def says(page: Page, text: str) -> None:
    """Type a text and send it with the keyboard."""
    await page.locator("#text").fill(text)
    await page.keyboard.press("Enter")


async def sees(page: Page, text: str) -> None:
    """Wait until the newest message of the bot says this."""
    await expect(page.locator(".message.bot").last).to_contain_text(text, timeout=15_000)


async def taps(page: Page, label: str) -> None:
    """Tap a button under the newest message."""
    await page.locator(".message.bot").last.get_by_role("button", name=label).click()


async def test_an_innovation_is_handed_in_through_the_page(page: Page, tmp_path: Path) -> None:
    await page.get_by_role("button", name="Mulai", exact=True).click()
    await sees(page, "Selamat datang, Rina")
    await taps(page, "Ajukan inovasi")
    await sees(page, "Apa nama inovasinya?")
    for answer, question in (
        ("SIPANDU <b>Baamang</b>", "Sudah sampai tahap apa"),
        ("3", "Siapa yang memulai"),
        ("opd", "Siapa nama inisiatornya"),
        ("Tim Gizi", "klasifikasi"),
        ("1", "Di mana"),
        ("-2.5312, 112.9534", "jenis"),
        ("digital", "bentuk"),
        ("2", "Asta Cita"),
        ("4", "klaster"),
        ("non pkpn", "Urusan pemerintahan utama"),
        ("kesehatan", "beririsan"),
    ):
        await says(page, answer)
        await sees(page, question)
    await taps(page, "1 · Pendidikan")
    await sees(page, "Jawaban sekarang: Pendidikan")
    await expect(page.locator(".message.bot time").last).to_contain_text("diubah")
    await taps(page, "Selesai")
    for answer, question in (
        ("3 Februari 2025", "diterapkan"),
        ("1 Juni 2025", "dikembangkan"),
        ("tidak", "dasar hukum"),
    ):
        await says(page, answer)
        await sees(page, question)
    for _ in range(9):
        await says(page, LONG)
        await sees(page, "Tersimpan")
        await taps(page, "Lanjut")
        await expect(page.locator(".message.bot").last).not_to_contain_text("Tersimpan", timeout=15_000)
    await sees(page, "anggarannya dalam rupiah")
    await says(page, "Rp 25 juta")
    await sees(page, "dokumen anggarannya")
    pdf = tmp_path / "anggaran.pdf"
    pdf.write_bytes(made_pdf())
    await page.locator("#file").set_input_files(pdf)
    await sees(page, "profil bisnisnya")
    for question in (
        "foto kegiatannya",
        "HAKI",
        "penghargaan",
        "video inovasinya",
        "nomor IID",
        "Profil sudah lengkap",
    ):
        await taps(page, "Lewati")
        await sees(page, question)
    await page.screenshot(path=tmp_path / "periksa.png")
    await taps(page, "Kirim sekarang")
    await sees(page, "DI-")
    await expect(page.locator(".message.me").first).to_contain_text("/start")
    picture = tmp_path / "kirim.png"
    await page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000
    assert await page.evaluate_handle("document.documentElement.scrollWidth <= innerWidth") is not None


async def test_the_page_is_used_by_keyboard_and_shows_another_person(page: Page) -> None:
    await page.locator("#menu").click()
    await page.get_by_role("button", name="Wati Lestari").click()
    await expect(page.locator("#as")).to_contain_text("Wati")
    await page.locator("#text").press_sequentially("/sta")
    await expect(page.locator("#commands")).to_contain_text("/status")
    await says(page, "/status")
    await sees(page, "dari 47 perangkat daerah")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Tab")
    await expect(page.locator("#text")).to_be_focused()


async def test_the_bot_killed_from_the_page_goes_on_by_itself(page: Page) -> None:
    await becomes(page, TONO)
    await says(page, "/ajukan")
    await sees(page, "Apa nama inovasinya?")
    await page.locator("#menu").click()
    await page.get_by_text("Alat pengembang").click()
    await page.get_by_role("button", name="Matikan bot seketika").click()
    await page.keyboard.press("Escape")
    await says(page, "SIPANDU")
    await sees(page, "Sudah sampai tahap apa")


async def test_what_is_typed_before_the_page_knows_who_speaks_is_not_lost(page: Page) -> None:
    async def slow(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await becomes(page, BUDI)
    await page.route("**/api/people", slow)
    await page.reload()
    await says(page, "/bantuan")
    await expect(page.locator("#as")).to_be_empty()
    await expect(page.locator(".message.me").first).to_contain_text("/bantuan", timeout=15_000)


async def test_an_announcement_is_answered_and_the_desk_answers_back(page: Page) -> None:
    await becomes(page, SARI)
    await says(page, "/siaran")
    await sees(page, "langkah 1 dari 3")
    await says(page, "*Rapat* besok")
    await sees(page, "langkah 2 dari 3")
    await taps(page, "Pimpinan")
    await taps(page, "Pratinjau")
    await sees(page, "langkah 3 dari 3")
    await taps(page, "Kirim kepada 1 orang")
    hurry = page.locator(".message.bot").last.get_by_role("button", name="Kirim sekarang juga")
    report = page.locator(".message.bot").last.get_by_text("Hasil siaran")
    await expect(hurry.or_(report)).to_be_visible(timeout=15_000)  # outside office hours it is held
    if await hurry.is_visible():
        await hurry.click()
    await sees(page, "Hasil siaran #1")
    await becomes(page, WATI)
    await sees(page, "Rapat besok")
    await page.locator(".message.bot").last.locator(".text").dblclick()
    await says(page, "Saya hadir")
    await sees(page, "sudah kami teruskan")
    await becomes(page, SARI)
    await sees(page, "Balasan siaran #1")
    await taps(page, "Jawab")
    await says(page, "Terima kasih")
    await becomes(page, WATI)
    await sees(page, "Jawaban Desk Inovasi")
