"""Two phones and a third on the page, in Chromium: everything a hand can do, by mouse and by keyboard, and
axe-core at each stop.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, Route, expect

from tests.kit import accessible
from tests.kit.chat_page import NEEDS_CHROMIUM, Hands
from tests.kit.people import BUDI, RINA, SARI, TONO, WATI

DEWI, LINA = "ID.2001", "ID.2003"

# notes which messages of the bot are added to a talk, from now on
HEARS = """log => {
  window.heard = [];
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => {
    const inside = [...node.querySelectorAll?.('.message.bot') ?? []];
    const added = node.matches?.('.message.bot') ? [node] : inside;
    window.heard.push(...added.map(message => message.dataset.id));
  }))).observe(log, { childList: true, subtree: true });
}"""

pytestmark = [
    pytest.mark.serial,
    pytest.mark.asyncio(loop_scope="module"),
    NEEDS_CHROMIUM,
    pytest.mark.skipif(not accessible.is_there(), reason=accessible.MISSING),
]


def pictures(folder: Path, *names: str) -> list[Path]:
    """Three small pictures of different colours."""
    files = []
    for number, name in enumerate(names):
        files.append(folder / name)
        Image.new("RGB", (320, 200), (80 * number, 120, 90)).save(files[-1])
    return files


async def heard(page: Page, address: str, person: int) -> None:
    """Wait until the bot has said something to a person that they have not seen."""
    while not (await (await page.request.get(f"{address}api/look")).json())["unread"][str(person)]:
        await page.wait_for_timeout(100)


async def fits(page: Page) -> bool:
    """Tell whether nothing sticks out to the side."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def test_two_phones_are_used_by_hand(desk: Page, tmp_path: Path) -> None:
    rina, dewi = Hands(desk, RINA), Hands(desk, DEWI)
    await expect(desk.locator(".badge:visible")).to_have_count(0)  # nobody has news yet
    await rina.phone.get_by_role("button", name="Mulai", exact=True).click()
    await dewi.phone.get_by_role("button", name="Sapa").click()
    await rina.sees("Selamat datang, Rina")
    await dewi.sees("Ajukan inovasi")
    assert await accessible.faults(desk) == []

    # a list, a tap, an album
    await dewi.says("ajukan")
    await dewi.sees("Apa nama inovasinya?")
    await dewi.says("Belajar Bersama")
    await dewi.sees("Sudah sampai tahap apa")
    await dewi.said.locator(".text").click(button="right")
    await dewi.chooses("Ubah")
    await dewi.says("Belajar Bersama Kita")
    await dewi.sees("Perubahan pesan itu tidak sampai kepada kami")  # as on a number without the app
    await dewi.says("3")
    await dewi.sees("Siapa yang memulai")
    await dewi.taps("Pilih")
    assert await accessible.faults(desk) == []
    await dewi.chooses("OPD")
    await dewi.sees("Siapa nama inisiatornya")
    await rina.part("file").set_input_files(pictures(tmp_path, "a.png", "b.png", "c.png"))
    assert await accessible.faults(desk) == []
    await rina.chooses("Kirim 3 berkas")
    await expect(rina.part("log").locator(".turn.me .photo img")).to_have_count(3)
    await rina.is_answered()

    # a sticker, a voice note, a location, a number
    for choice, then, drawn in (
        ("Stiker", "Beres", ".sticker"),
        ("Catatan suara", "Kirim contoh", "audio"),
        ("Lokasi", "Pusat Kota", ".location"),
    ):
        await rina.part("attach").click()
        await rina.chooses(choice)
        await rina.chooses(then)
        await expect(rina.said.locator(drawn)).to_be_visible()
        await rina.is_answered()
    await rina.part("attach").click()
    await rina.chooses("Nomor telepon saya")
    await expect(rina.said).to_contain_text("+628110001001")
    await rina.is_answered()
    assert await accessible.faults(desk) == []


async def test_a_message_is_answered_edited_and_passed_on(desk: Page) -> None:
    tono = Hands(desk, TONO)
    await tono.becomes(TONO)
    await tono.says("/ajukan")
    await tono.sees("Apa nama inovasinya?")
    await tono.last.locator(".text").click(button="right")
    assert await accessible.faults(desk) == []
    await tono.chooses("Balas")
    await tono.says("SIPANDU")
    await expect(tono.said.locator(".quote")).to_contain_text("Mari mulai")
    await tono.sees("Sudah sampai tahap apa")

    await tono.said.locator(".text").click(button="right")
    await tono.chooses("Ubah")
    await expect(tono.part("text")).to_have_value("SIPANDU")
    await tono.says("SIPANDU Baamang")
    await expect(tono.said.locator("time")).to_contain_text("diubah")
    await tono.sees("SIPANDU Baamang")

    await tono.said.locator(".text").click(button="right")
    await tono.chooses("Teruskan ke bot")
    await tono.chooses("Budi Santoso")
    budi = Hands(desk, BUDI)
    await expect(budi.said).to_contain_text("Diteruskan dari Tono")
    await budi.is_answered()
    assert await accessible.faults(desk) == []


async def test_what_was_read_and_what_was_being_typed_is_kept(desk: Page, address: str) -> None:
    rina, dewi = Hands(desk, RINA), Hands(desk, DEWI)
    await rina.part("text").fill("belum selesai")
    await dewi.part("text").fill("nanti saja")
    await rina.part("swap").click()
    assert await accessible.faults(desk) == []
    await rina.chooses("Sari Handayani")
    await expect(Hands(desk, SARI).part("text")).to_have_value("")
    await expect(rina.phone).to_have_count(0)

    # what comes while nobody looks is new, and stays so after a reload
    said = {"person": str(RINA), "text": "/bantuan"}
    await desk.request.post(f"{address}api/telegram/say", data=said)
    chip = desk.locator(f'#news .chip[data-id="{RINA}"]')
    await expect(chip).to_contain_text("Rina")
    count = await chip.locator(".badge").inner_text()
    await desk.reload()
    await expect(chip.locator(".badge")).to_have_text(count)
    await expect(dewi.part("text")).to_have_value("nanti saja")
    await chip.click()
    await expect(rina.part("text")).to_have_value("belum selesai")
    await expect(chip).to_have_count(0)
    await desk.reload()
    await expect(rina.part("log").locator(".message").first).to_be_visible()
    await expect(desk.locator("#news .chip")).to_have_count(0)

    # a page that nobody looks at asks for nothing, and catches up when somebody does
    await desk.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    await desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    other = {"person": str(TONO), "text": "/bantuan"}
    await desk.request.post(f"{address}api/telegram/say", data=other)
    await heard(desk, address, TONO)
    await expect(desk.locator("#news .chip")).to_have_count(0)
    await desk.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    await expect(desk.locator("#news .chip")).to_contain_text("Tono")

    # who reads further up is told of what comes below
    await rina.part("log").hover()
    await desk.mouse.wheel(0, -5000)
    await expect(rina.part("log")).to_have_js_property("scrollTop", 0)
    await expect(rina.part("hint")).to_be_hidden()
    await desk.request.post(f"{address}api/telegram/say", data=said)
    await expect(rina.part("hint")).to_be_visible()
    await expect(rina.part("hint")).to_have_text(re.compile("^[1-9] pesan baru$"))
    assert await accessible.faults(desk) == []
    await rina.part("hint").click()
    await expect(rina.part("hint")).to_be_hidden()
    await expect(rina.last).to_be_in_viewport()

    await rina.part("options").click()
    await rina.chooses("Tutup telepon ini")
    await expect(rina.phone).to_have_count(0)


async def test_the_bot_is_blocked_and_taken_back(desk: Page) -> None:
    for hands in (Hands(desk, BUDI), Hands(desk, LINA)):
        await hands.becomes(hands.person)
        await hands.part("options").click()
        await hands.chooses("Blokir bot")
        await expect(hands.part("cut")).to_contain_text("Bot diblokir")
        await expect(hands.part("write")).to_be_hidden()
        assert await accessible.faults(desk) == []
        await hands.part("cut").get_by_role("button", name="Buka blokir").click()
        await hands.says("halo")
        await expect(hands.said).to_contain_text("halo")
        await hands.is_answered()


async def test_the_keyboard_alone_is_enough(desk: Page) -> None:
    lina = Hands(desk, LINA)
    await lina.becomes(LINA)
    keyboard = desk.keyboard
    await lina.part("text").focus()
    await keyboard.type("opd")
    await keyboard.press("Enter")
    await lina.sees("Perangkat daerah")
    opens = lina.last.locator(".keys").get_by_role("button", name="Pilih")
    await opens.focus()
    await keyboard.press("Enter")
    await expect(desk.locator("#sheet .row").first).to_be_focused()
    await keyboard.press("ArrowDown")
    await expect(desk.locator("#sheet .row").nth(1)).to_be_focused()
    await keyboard.press("Escape")
    await expect(opens).to_be_focused()
    await keyboard.press("Enter")
    await keyboard.press("Enter")
    await lina.sees("Sekretariat Daerah")
    old = lina.part("log").locator(".keys.old button").first
    await expect(old).to_have_attribute("tabindex", "-1")

    # commands by the arrows; a message that the bot changes in place keeps the focus
    budi = Hands(desk, BUDI)
    await budi.becomes(BUDI)
    await budi.part("text").focus()
    await keyboard.type("/ban")
    await expect(budi.part("commands")).to_contain_text("/bantuan")
    assert await accessible.faults(desk) == []
    await keyboard.press("ArrowDown")
    await keyboard.press("Enter")
    await expect(budi.said).to_contain_text("/bantuan")
    await budi.is_answered()
    await expect(budi.part("text")).to_be_focused()
    sari = Hands(desk, SARI)
    await sari.becomes(SARI)
    await sari.part("text").focus()
    await keyboard.type("/opd")
    await keyboard.press("Enter")
    await sari.sees("Perangkat daerah")
    await keyboard.press("ArrowUp")
    keys = sari.last.locator(".keys button")
    await expect(keys.first).to_be_focused()
    for _ in range(7):
        await keyboard.press("ArrowDown")
    await expect(keys.nth(7)).to_have_text("Hal. 2 dari 8 ▶")
    await keyboard.press("Enter")
    await expect(keys.nth(7)).to_have_text("Hal. 3 dari 8 ▶")
    await expect(keys.nth(7)).to_be_focused()
    await keyboard.press("Escape")
    await expect(sari.part("text")).to_be_focused()


async def test_commands_that_come_after_the_first_letters_are_offered(desk: Page, address: str) -> None:
    """A bot that is starting names its commands late; what is typed meanwhile is not typed in vain."""
    named = asyncio.Event()

    async def look(route: Route) -> None:
        answer = await route.fetch()
        news = await answer.json()
        if not named.is_set():
            news["phones"] = {person: phone | {"commands": []} for person, phone in news["phones"].items()}
        await route.fulfill(response=answer, json=news)

    await desk.route("**/api/look?*", look)
    budi = Hands(desk, BUDI)
    await budi.becomes(BUDI)
    await budi.part("text").press_sequentially("/ban")
    await expect(budi.part("commands")).to_be_hidden()
    named.set()
    await desk.request.post(f"{address}api/telegram/say", data={"person": str(BUDI), "text": "halo"})
    await expect(budi.part("commands")).to_contain_text("/bantuan")
    await desk.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("width", [320, 390])
async def test_a_small_screen_shows_one_phone_at_a_time(page: Page, address: str, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 640})
    await page.emulate_media(color_scheme="dark")
    await page.goto(f"{address}#{RINA},{DEWI},{SARI}")
    rina, dewi = Hands(page, RINA), Hands(page, DEWI)
    await expect(rina.phone).to_be_visible()
    await expect(dewi.phone).to_be_hidden()
    assert await fits(page)
    await page.locator("#switcher").get_by_role("button", name=re.compile("Dewi")).click()
    await expect(dewi.phone).to_be_visible()
    await expect(rina.phone).to_be_hidden()
    await expect(dewi.part("text")).to_be_focused()
    assert await fits(page)
    assert await accessible.faults(page) == []
    await page.locator("#theme").click()
    assert await accessible.faults(page) == []


async def test_drawn_twice_as_large_the_talk_keeps_its_room(page: Page, address: str) -> None:
    """A window of 1280 by 800 at a zoom of 200 %, with the card of the tour."""
    await page.set_viewport_size({"width": 640, "height": 400})
    await page.goto(f"{address}#{RINA},{DEWI}")
    await expect(page.locator("#tour")).to_contain_text("Mulai tur")
    assert await fits(page)
    room = await Hands(page, RINA).part("log").evaluate("log => log.clientHeight")
    assert room >= 200
    await Hands(page, RINA).part("text").focus()
    await expect(Hands(page, RINA).part("text")).to_be_in_viewport()


async def test_what_a_person_hears_is_in_the_language_it_is_read_out_in(desk: Page) -> None:
    """A talk in English in a page in Indonesian, and the other way round."""
    wati, lina = Hands(desk, WATI), Hands(desk, LINA)
    await desk.goto(f"{desk.url.partition('#')[0]}#{WATI},{LINA}")
    for hands in (wati, lina):
        await hands.says("/bahasa en")
        await hands.sees("English")
    await lina.says("/help")
    await lina.sees("What you can do here")
    await expect(lina.last.locator(".text")).to_have_attribute("lang", "en")
    await lina.last.locator(".keys button").first.click()
    await expect(desk.locator("#sheet .row").first).to_be_visible()
    assert await spoken(desk.locator("#sheet")) == {"en"}
    await desk.keyboard.press("Escape")
    await wati.part("text").fill("/")  # the commands in the new language come after the answer
    await expect(wati.part("commands").locator("[lang]").first).to_have_attribute("lang", "en")
    await wati.part("text").fill("")
    await wati.part("menu").click()
    assert await spoken(wati.part("commands")) == {"en"}
    await desk.keyboard.press("Escape")
    await desk.locator("#panel header").get_by_role("button", name="English").click()
    await expect(desk.locator("html")).to_have_attribute("lang", "en")
    await wati.says("/bahasa id")
    await wati.sees("Bahasa Indonesia")
    assert await spoken(wati.last.locator(".text, .keys button")) == {"id"}
    assert await accessible.faults(desk) == []


async def test_a_screen_reader_hears_each_new_message_once(desk: Page) -> None:
    """What is added to a talk is what is read out."""
    budi = Hands(desk, BUDI)
    await budi.becomes(BUDI)
    await budi.says("/batal")
    await budi.sees("/bantuan")
    await budi.part("log").evaluate(HEARS)
    await budi.says("/bahasa")
    await budi.sees("Pilih bahasa")
    await budi.taps("English")
    await budi.sees("we speak English")
    newest = await budi.part("log").locator(".message.bot").evaluate_all("all => all.map(m => m.dataset.id)")
    heard = await desk.evaluate("window.heard")  # an answer to what went before may still have come
    assert (heard[-2:], len(set(heard))) == (newest[-2:], len(heard))


async def test_what_is_written_quickly_arrives_in_its_order(page: Page) -> None:
    """The first is on its way for longer than the second would be."""
    wati, may_arrive = Hands(page, WATI), asyncio.Event()

    async def hold(route: Route) -> None:
        await may_arrive.wait()
        await route.continue_()

    await wati.becomes(WATI)
    await page.route("**/api/telegram/say", hold, times=1)
    await wati.says("satu")
    await wati.says("dua")
    await page.evaluate("() => fetch('api/people').then(answer => answer.ok)")
    may_arrive.set()
    written = wati.part("log").locator(".message.me .text")
    await expect(written.filter(has_text=re.compile("^(satu|dua)$"))).to_have_text(["satu", "dua"])
    await wati.is_answered()


async def spoken(part: Locator) -> set[str]:
    """In which languages the words of a part would be read out, names left out."""
    languages: list[list[str]] = await part.evaluate_all(
        """parts => parts.map(part => {
          const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), spoken = [];
          while (walker.nextNode()) {
            const holder = walker.currentNode.parentElement;
            const said = walker.currentNode.textContent.trim();
            if (!said || said.startsWith('/') || !holder.checkVisibility()) continue;
            spoken.push(holder.closest('[lang]').lang);
          }
          return spoken;
        })"""
    )
    return {language for each in languages for language in each}
