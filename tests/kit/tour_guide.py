"""Somebody walks the guided tour: by the keyboard alone, or with a finger on a small screen."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.kit import accessible

MOVE_MS = 120_000.0  # until a morning is lived, on a loaded machine
MOST_TABS = 60  # from anywhere on the page to anywhere else
IS_FOCUSED = "element => element === document.activeElement"
IS_BEHIND = "element => Boolean(document.activeElement.compareDocumentPosition(element) & 2)"
LOST = "document.activeElement === document.body"
MENUS_OVER_WORDS = """
() => [...document.querySelectorAll('.message > .more')].filter(button => {
  const menu = button.getBoundingClientRect();
  const bubble = button.parentElement.querySelector('.bubble').getBoundingClientRect();
  return menu.width && menu.left < bubble.right && menu.right > bubble.left;
}).length
"""


class Guide(ABC):
    """The card of the tour, the ring around where to tap, and how somebody gets there."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page, self.pictures = page, pictures
        self.card = page.locator("#tour")
        self.step = 0

    @abstractmethod
    async def press(self, target: Locator) -> None:
        """Come to a button and press it."""

    @abstractmethod
    async def type(self, text: str) -> None:
        """Write into the phone that is in hand, and send."""

    async def taps(self, label: str) -> None:
        """Press a button of the card."""
        await self.press(self.card.get_by_role("button", name=label))

    async def follows_the_ring(self, *labels: str) -> None:
        """Press where the ring is, which has to be the button of this name, one after the other."""
        for label in labels:
            ringed = self.page.locator(".tour-here", has_text=label)
            await expect(ringed).to_be_visible()
            await self.press(ringed)

    @abstractmethod
    async def opens_the_panel(self) -> None:
        """Come to where the clock is."""

    @abstractmethod
    async def leaves_the_panel(self) -> None:
        """Come back to the phones."""

    async def goes_on(self, title: str) -> None:
        """Wait until the step is done, have the page looked at, and go on to the next."""
        await expect(self.card.locator(".checks li:not(.done)")).to_have_count(0, timeout=MOVE_MS)
        await self.is_looked_at()
        await self.taps("Langkah berikutnya")
        await expect(self.card.locator("h2")).to_have_text(title)

    async def is_looked_at(self) -> None:
        """Have axe-core look at the page; a picture shows where it finds fault."""
        self.step += 1
        if faults := await accessible.faults(self.page):
            await self.page.screenshot(path=self.pictures / f"{self.step}.png")
        assert faults == []
        assert await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    async def writes(self) -> None:
        """Have the card put the words to write at the phone, and send them."""
        await self.taps("Tulis /")
        typed = self.page.locator(".phone:not([hidden]) [data-part=text]:focus")
        await expect(typed).to_have_value(re.compile("^/"))
        await self.type("")


class Keyboard(Guide):
    """By the keyboard alone: the focus is never lost, nor first on what skips a step."""

    async def press(self, target: Locator) -> None:
        """Walk there with Tab, forwards or back, and press Enter."""
        assert not self.step or not await self.page.evaluate(LOST)
        await self._walk_to(target)
        await self.page.keyboard.press("Enter")

    async def _walk_to(self, target: Locator) -> None:
        key = "Shift+Tab" if await target.evaluate(IS_BEHIND) else "Tab"
        for _ in range(MOST_TABS):
            if await target.evaluate(IS_FOCUSED):
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"the tab key does not lead to {target}")

    async def type(self, text: str) -> None:
        """Type where the focus is, and press Enter."""
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def opens_the_panel(self) -> None:
        """It lies beside the phones, so there is nothing to open."""
        await expect(self.page.locator("#panel-toggle")).to_be_hidden()

    async def leaves_the_panel(self) -> None:
        """The tab key leads on from it."""
        await expect(self.page.locator("#panel")).to_be_visible()

    async def goes_on(self, title: str) -> None:
        """After it the focus stands on the card, at what the step asks for."""
        await super().goes_on(title)
        stands = self.card.locator(".keys-row button:focus, header button:focus")
        await expect(stands).to_have_count(1)
        assert await stands.inner_text() != "Lewati"


class Finger(Guide):
    """With a finger on a phone."""

    async def press(self, target: Locator) -> None:
        """Tap it."""
        await target.tap()

    async def type(self, text: str) -> None:
        """Type with the keyboard that slides up, and tap the plane."""
        phone = self.page.locator(".phone:not([hidden])")
        if text:
            await phone.locator("[data-part=text]").tap()
            await self.page.keyboard.type(text)
        await phone.locator("[data-part=send]").tap()

    async def is_looked_at(self) -> None:
        """Under a finger the menu of a message always shows, and covers no word."""
        await super().is_looked_at()
        assert await self.page.evaluate(MENUS_OVER_WORDS) == 0

    async def opens_the_panel(self) -> None:
        """The panel lies over the phones: its button is where the ring is."""
        await self.follows_the_ring("Panel")

    async def leaves_the_panel(self) -> None:
        """Close it."""
        await self.page.locator("#panel").get_by_role("button", name="Tutup panel").tap()
