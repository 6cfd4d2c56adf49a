"""The sandbox's page in Chromium: started as a person starts it, and used by hand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.kit.files import pdf
from tests.kit.people import RINA
from tests.kit.ports import free_port

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
NEEDS_CHROMIUM = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="there is no Chromium here; .ci/run installs it"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-features=SpareRendererForSitePerProcess",
]
START_SECONDS = 150.0  # a loaded machine may take this long to start a process, or to end it
LOOK_SECONDS = 0.1
SEES_MS = 60_000.0  # of a bot that may just be starting again, on a loaded machine
expect.set_options(timeout=SEES_MS)


@contextmanager
def sandbox_in(folder: Path) -> Iterator[str]:
    """Start the sandbox on a free port and give the page's address."""
    port = free_port()
    environment = {**os.environ, "DESK_SANDBOX_DIR": str(folder)}
    process = subprocess.Popen([sys.executable, "-m", "bot", "sandbox", "--port", str(port)], env=environment)
    try:
        _wait_for_the_bot(f"http://127.0.0.1:{port}/api/look?phone={RINA}:-1")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        assert process.wait(START_SECONDS) == 0


def _wait_for_the_bot(url: str) -> None:
    """Wait until the bot behind the page has named its commands: the page comes up before it."""
    until = monotonic() + START_SECONDS
    while monotonic() < until:
        with suppress(httpx.ConnectError):
            if httpx.get(url, timeout=START_SECONDS).json()["phones"][str(RINA)]["commands"]:
                return
        sleep(LOOK_SECONDS)
    raise AssertionError("the bot did not come up")


LONG = " ".join(f"kata{n}" for n in range(60))
OPTIONAL = (  # what is asked, or said, behind each
    "foto kegiatannya",
    "HAKI",
    "penghargaan",
    "video inovasinya",
    "nomor IID",
    "Profil sudah lengkap",
)

PLACE_TO_AFFAIR = (  # answers of the form, each with what is asked then
    ("1", "Di mana"),
    ("-2.5312, 112.9534", "jenis"),
    ("digital", "bentuk"),
    ("2", "Asta Cita"),
    ("4", "klaster"),
    ("non pkpn", "Urusan pemerintahan utama"),
    ("kesehatan", "beririsan"),
)
DATES = (("3 Februari 2025", "diterapkan"), ("1 Juni 2025", "dikembangkan"), ("tidak", "dasar hukum"))


class Hands:
    """Somebody at their phone on the page."""

    def __init__(self, page: Page, person: int | str) -> None:
        self.page, self.person = page, str(person)

    @property
    def phone(self) -> Locator:
        """The whole phone."""
        return self.page.locator(f'.phone[data-person="{self.person}"]')

    def part(self, name: str) -> Locator:
        """A part of the phone."""
        return self.phone.locator(f'[data-part="{name}"]')

    @property
    def last(self) -> Locator:
        """The newest message of the bot."""
        return self.part("log").locator(".message.bot").last

    @property
    def said(self) -> Locator:
        """The newest message of the person."""
        return self.part("log").locator(".message.me").last

    async def becomes(self, person: int | str) -> None:
        """Take up another phone: the page shows that one alone."""
        self.person = str(person)
        await _settled(self.page)  # a page that is still loading would name its own person
        await self.page.goto(f"{self.page.url.partition('#')[0]}#{person}")
        await expect(self.page.locator(".phone")).to_have_count(1)
        await expect(self.phone).to_be_visible()

    async def says(self, text: str) -> None:
        """Type a text and send it with the keyboard."""
        await self.part("text").fill(text)
        await self.page.keyboard.press("Enter")

    async def sees(self, text: str) -> None:
        """Wait until the newest message of the bot says this."""
        await expect(self.last).to_contain_text(text)

    async def is_answered(self) -> None:
        """Wait until the newest message is the bot's: what it says later would be news to a later test."""
        await expect(self.part("log").locator(".message").last).to_have_class(re.compile(r"\bbot\b"))

    async def taps(self, label: str) -> None:
        """Tap a button under the newest message."""
        await self.last.locator(".keys").get_by_role("button", name=label).click()

    async def is_asked_on(self, *answers: tuple[str, str]) -> None:
        """Answer one question after the other, each (answer, what is asked then)."""
        for answer, question in answers:
            await self.says(answer)
            await self.sees(question)

    async def fills_the_profile(self, folder: Path, *, goes_on: Callable[[], Awaitable[None]]) -> None:
        """Write the nine long answers and the budget with its document; `goes_on` moves to the next one."""
        for _ in range(9):
            await self.says(LONG)
            await self.sees("Tersimpan")
            await goes_on()
            await expect(self.last).not_to_contain_text("Tersimpan")
        await self.sees("anggarannya dalam rupiah")
        await self.says("Rp 25 juta")
        await self.sees("dokumen anggarannya")
        document = folder / "anggaran.pdf"
        document.write_bytes(pdf())
        await self.sends(document)

    async def leaves_out_the_rest(self, *, goes_on: Callable[[], Awaitable[None]]) -> None:
        """Pass the six questions behind it that need no answer."""
        await self.sees("profil bisnisnya")
        for question in OPTIONAL:
            await goes_on()
            await self.sees(question)

    async def announces(self) -> None:
        """Send the announcement to the two it is for, also outside office hours, where it would be held."""
        await self.taps("Kirim kepada 2 orang")
        hurry = self.last.get_by_role("button", name="Kirim sekarang juga")
        report = self.last.get_by_text("Hasil siaran")
        await expect(hurry.or_(report)).to_be_visible()
        if await hurry.is_visible():
            await hurry.click()
        await self.sees("Hasil siaran")

    async def chooses(self, label: str | re.Pattern[str]) -> None:
        """Choose a row of the sheet that is open."""
        await self.page.locator("#sheet").get_by_role("button", name=label).click()

    async def sends(self, *files: Path) -> None:
        """Choose files and send them as the sheet proposes."""
        await self.part("file").set_input_files(files)
        await self.chooses(re.compile("^Kirim "))


async def _settled(page: Page) -> None:
    """Wait for the card of the tour: it comes last, and moves what somebody is about to tap."""
    await expect(page.locator("#tour")).not_to_be_empty()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(
    browser: Browser, address: str, *, width: int = 390, height: int = 844, touch: bool = False
) -> AsyncIterator[Page]:
    """Open the page as somebody new, on a phone unless told otherwise; what goes wrong in it fails the
    test.
    """
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="id-ID",
        has_touch=touch,
        is_mobile=touch,
        reduced_motion="reduce",  # drawn without a graphics card, what pulses costs more than the test
    )
    context.set_default_timeout(SEES_MS)
    page = await context.new_page()
    page.set_default_timeout(SEES_MS)
    problems: list[Any] = []
    page.on("pageerror", lambda problem: problems.append(problem))
    page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    await page.goto(address)
    await _settled(page)
    yield page
    await context.close()
    assert problems == [], problems
