"""One sandbox for the tests of a module: each test is another person, so none meets another's talk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Page

from tests.kit.chat_page import opened, sandbox_in


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running sandbox."""
    with sandbox_in(tmp_path_factory.mktemp("page") / "sandbox") as at:
        yield at


@pytest.fixture
async def page(address: str) -> AsyncIterator[Page]:
    """The page on a phone, which shows nobody yet."""
    async with opened(address) as shown:
        yield shown
