"""Takes the pictures of README and of the guides anew: `uv run --group dev python -m tests.pictures`.

A sandbox of its own is started, people write and tap as listed here, and each phone is taken as it is seen.
Beside the pictures lies what they say, so that a test can compare it with the program and with the papers.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.demo import TELEGRAM, people
from tests.kit.chat_page import Hands, chromium, opened, sandbox_in

FOLDER = Path(__file__).parent.parent / "docs" / "gambar"
LIST = FOLDER / "daftar.json"
QUIET_LOOKS, LOOK_MS, LOOKS = 5, 300.0, 100
COLOURS = 96
PIC, LEADER, DESK = "1001", "1004", "1005"
ON_WHATSAPP = "ID.2001"
RETURNED = next(
    person.address for person in people()[TELEGRAM] if person.office == "kec_parenggean" and person.role
)
PAGE = "00-halaman"
SIZE, AROUND = (390, 844), 300  # pixels of a phone, and those beside the newest message
_COVERED = """message => [...message.querySelectorAll('.bubble, .keys button')].some(part => {
  const box = part.getBoundingClientRect(), x = box.left + box.width / 2;
  return [box.top + 3, box.bottom - 3].some(y => !message.contains(document.elementFromPoint(x, y)));
})"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: whose phone, and what is done there before it is taken.

    A step that begins with "> " taps the button whose words begin so, the others are typed.
    """

    name: str
    person: str
    steps: tuple[str, ...] = field(default=())


PICTURES = (
    Picture("pic-01-tugas", PIC, ("/tugas",)),
    Picture("pic-02-mengajukan", PIC, ("/ajukan",)),
    Picture("pic-03-pelatih", PIC, ("> Bantu temukan inovasinya",)),
    Picture("pic-04-tanya", PIC, ("/batal", "/tanya berapa besar berkas yang diterima?")),
    Picture("pic-05-status", PIC, ("/status",)),
    Picture("pic-06-dikembalikan", RETURNED, ("/tugas",)),
    Picture("pic-07-whatsapp", ON_WHATSAPP, ("/status",)),
    Picture("pimpinan-01-status", LEADER, ("/status",)),
    Picture("pimpinan-02-mengapa", LEADER, ("> Mengapa angka ini?",)),
    Picture("pimpinan-03-opd", LEADER, ("/opd",)),
    Picture("pimpinan-04-rekap", LEADER, ("/batal", "/rekap")),
    Picture("desk-01-tugas", DESK, ("/tugas",)),
    Picture("desk-02-undang", DESK, ("/undang",)),
    Picture("desk-03-antrean", DESK, ("/batal", "/antrean")),
    Picture("desk-04-ringkasan", DESK, ("> 3 ·",)),
    Picture("desk-05-putuskan", DESK, ("/batal", "/antrean", "> 1 ·", "> Putuskan")),
    Picture("desk-06-siaran", DESK, ("/batal", "/siaran")),
    Picture("desk-07-periode", DESK, ("/batal", "/periode")),
    Picture("desk-08-pengingat", DESK, ("/batal", "/pengingat")),
    Picture("desk-09-opd", DESK, ("/batal", "/opd")),
    Picture("desk-10-ekspor", DESK, ("/batal", "/ekspor")),
)


class Camera:
    """Works through the list at one browser, and keeps what each picture says."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser, self._address, self._folder = browser, address, folder
        self.said: dict[str, Mapping[str, object]] = {}

    async def take_phone(self, picture: Picture) -> None:
        """Do the steps at a phone and take it."""
        async with opened(self._browser, f"{self._address}#{picture.person}") as page:
            await _decline_the_tour(page)
            hands = Hands(page, picture.person)
            for step in picture.steps:
                before = await hands.part("log").inner_text()
                if step.startswith("> "):
                    await hands.last.locator(".keys button").filter(has_text=step[2:]).first.click()
                else:
                    await hands.says(step)
                await _wait_until_quiet(hands.part("log"), before)
            await _make_room(page, hands)
            if await hands.last.evaluate(_COVERED):
                raise RuntimeError(f"{picture.name}: the message is not seen whole")
            await self._keep(picture.name, hands.phone, hands.last)

    async def take_page(self) -> None:
        """Take two phones and the panel, after the others: what was said there is still seen."""
        address = f"{self._address}#{LEADER},{ON_WHATSAPP}"
        async with opened(self._browser, address, width=1440, height=900) as page:
            await _decline_the_tour(page)
            for person in (LEADER, ON_WHATSAPP):
                hands = Hands(page, person)
                before = await hands.part("log").inner_text()
                await hands.says("/status")
                await _wait_until_quiet(hands.part("log"), before)
            await page.evaluate("document.activeElement.blur()")
            await page.mouse.move(0, 0)
            await self._keep(PAGE, page.locator("body"), hands.last)

    async def _keep(self, name: str, seen: Locator, message: Locator) -> None:
        """Write a picture, and note its hash, the clock under the message, those in it, and the buttons."""
        path = self._folder / f"{name}.png"
        with Image.open(io.BytesIO(await seen.screenshot())) as taken:
            taken.convert("RGB").quantize(COLOURS).save(path, optimize=True)
        text = await message.locator(".bubble").inner_text()
        self.said[name] = {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "clock": (await message.locator(".bubble time").inner_text())[-5:],
            "clocks_in_text": re.findall(r"per \d+ \w+ \d+ pukul (\d\d\.\d\d) WIB", text),
            "buttons": [label.strip() for label in await message.locator(".keys button").all_inner_texts()],
        }


async def _decline_the_tour(page: Page) -> None:
    """Take the offer away, as whoever knows the room does."""
    await expect(page.locator("#tour")).not_to_be_empty(timeout=LOOKS * LOOK_MS)
    later = page.locator("#tour").get_by_role("button", name="Nanti saja")
    if await later.count():
        await later.click()
        await expect(later).to_have_count(0)


async def _make_room(page: Page, hands: Hands) -> None:
    """Make the phone as tall as its newest message needs, and take pointer and cursor away."""
    box = await hands.last.bounding_box()
    await page.set_viewport_size(
        {"width": SIZE[0], "height": max(SIZE[1], int(box["height"] if box else 0) + AROUND)}
    )
    await hands.part("log").evaluate(
        "log => { log.scrollTop = log.scrollHeight; document.activeElement.blur(); }"
    )
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(LOOK_MS)


async def _wait_until_quiet(log: Locator, before: str) -> None:
    """Wait until the bot has the last word, another than before, and has kept it for a while."""
    seen, same = before, 0
    for _ in range(LOOKS):
        await log.page.wait_for_timeout(LOOK_MS)
        now = await log.inner_text()
        answered = now != before and await log.locator(".message").last.evaluate("m => m.matches('.bot')")
        same = same + 1 if now == seen and answered else 0
        seen = now
        if same >= QUIET_LOOKS:
            return
    raise RuntimeError("no answer came")


async def take(folder: Path) -> None:
    """Take every picture into a folder, with the list beside them."""
    with tempfile.TemporaryDirectory() as data, sandbox_in(Path(data) / "sandbox") as address:
        async with chromium() as browser:
            camera = Camera(browser, address, folder)
            for picture in PICTURES:
                await camera.take_phone(picture)
                print(picture.name, file=sys.stderr)
            await camera.take_page()
    LIST.write_text(json.dumps(camera.said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(take(FOLDER))
