"""Words said around others: what stands between them, and whether a text is made of such words alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def between(words: Sequence[str], around: Collection[str]) -> tuple[int, int]:
    """Return where the words begin that stand between those said around them, and where they end; the end
    twice where there are none.
    """
    first, last = 0, len(words)
    while first < last and words[first] in around:
        first += 1
    while last > first and words[last - 1] in around:
        last -= 1
    return first, last


def is_made_of(words: Iterable[str], needed: Sequence[Collection[str]], *, beside: Collection[str]) -> bool:
    """Whether a text has a word of each needed kind, and none but these and those said beside them."""
    said = set(words)
    for kind in needed:
        if said.isdisjoint(kind):
            return False
    return said.difference(*needed) <= set(beside)
