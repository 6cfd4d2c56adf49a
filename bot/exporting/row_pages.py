"""Divides the rows of a printed table into pages."""

from __future__ import annotations

from collections.abc import Sequence

KEPT_TOGETHER = 3  # rows that never stand alone on the last page


def row_pages(heights: Sequence[float], *, first: float, full: float) -> list[list[int]]:
    """Return the rows of each page by number; `first` is the room on the page begun, `full` on a whole one
    (mm).

    No row is higher than a whole page. The page begun may get none.
    """
    pages: list[list[int]] = [[]]
    room = first
    for row, height in enumerate(heights):
        if height > room:
            pages.append([])
            room = full
        pages[-1].append(row)
        room -= height
    return _end_together(pages, heights, full=full)


def _end_together(pages: list[list[int]], heights: Sequence[float], *, full: float) -> list[list[int]]:
    """Bring rows over to a last page that has one or two, where it has room for them."""
    if len(pages) < 2:
        return pages
    *before, earlier, last = pages
    while len(last) < KEPT_TOGETHER and earlier:
        if sum(heights[row] for row in last) + heights[earlier[-1]] > full:
            break
        earlier, last = earlier[:-1], [earlier[-1], *last]
    return [*before, earlier, last]
