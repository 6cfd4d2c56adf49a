"""One sandbox for the tests of a module: each test is another person, so none meets another's talk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.kit.chat_page import chromium, opened, sandbox_in


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running sandbox."""
    with sandbox_in(tmp_path_factory.mktemp("page") / "sandbox") as at:
        yield at


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for a module; each test is somebody new in it."""
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page on a phone."""
    async with opened(browser, address) as shown:
        yield shown


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page on a laptop."""
    async with opened(browser, address, width=1366, height=768) as shown:
        yield shown
