"""The same list at another page: the data of a button that turns to one page, turned to another."""

from __future__ import annotations

from domain.buttons.base import SEPARATOR


def at_page(data: str, *, shown: int, wanted: int) -> str:
    """Write data that opens page `wanted`, from data that opens the one called `shown`, both from 1; "" where
    its last word is no page.
    """
    before, separator, page = data.rpartition(SEPARATOR)
    if not (page.isascii() and page.isdecimal()) or shown - int(page) not in (0, 1):
        return ""
    return f"{before}{separator}{int(page) + wanted - shown}"
