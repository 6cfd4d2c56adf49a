"""The options of a question as they are shown: a page at a time where they are many, each with its number."""

from __future__ import annotations

from collections.abc import Sequence

from domain.pager import page_count
from domain.rules.form import Option, Question

PAGED_FROM = 9  # options: eight fit beside the four ways of moving on, more are paged
PAGE_SIZE = 5  # options on a page, beside these four, discarding, and the two ways to other pages


def count_pages(question: Question) -> int:
    """Count the pages its options fill."""
    return page_count(len(question.options), PAGE_SIZE) if len(question.options) >= PAGED_FROM else 1


def number_page(question: Question, page: int) -> Sequence[tuple[int, Option]]:
    """Number the options on a page, of a list of few over the whole, of a long one on each page anew."""
    pages = count_pages(question)
    if pages == 1:
        return list(enumerate(question.options, 1))
    begins = min(max(page, 0), pages - 1) * PAGE_SIZE
    first = begins + 1 if question.is_numbered else 1
    return list(enumerate(question.options[begins : begins + PAGE_SIZE], first))


def page_of(question: Question, option: str) -> int:
    """Return the page an option stands on, from 0; 0 for what is none."""
    ids = [known.id for known in question.options]
    return ids.index(option) // PAGE_SIZE if option in ids and count_pages(question) > 1 else 0
