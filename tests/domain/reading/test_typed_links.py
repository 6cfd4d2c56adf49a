"""Links as people type, paste and wrap them."""

from __future__ import annotations

import pytest

from domain.reading.links import links_in, mended_link

A, B = "https://youtu.be/abc", "https://drive.google.com/file/d/1/view"


@pytest.mark.parametrize(
    ("said", "links"),
    [
        (A, (A,)),
        (f'"{A}"', (A,)),
        (f"“{A}”", (A,)),
        (f"‹{A}›", (A,)),
        (f"«{A}»", (A,)),
        (f"<{A}>", (A,)),
        (f"({A})", (A,)),
        (f"[{A}]", (A,)),
        (f"*{A}*", (A,)),
        (f"`{A}`", (A,)),
        (f"'{A}'", (A,)),
        (f"[video]({A})", (A,)),
        (f"{A}!", (A,)),
        (f"{A}?", (A,)),
        (f"{A}...", (A,)),
        (f"ini: {A}, ya", (A,)),
        ("https://situs.go.id/x!", ("https://situs.go.id/x",)),
        (
            "https://id.wikipedia.org/wiki/Merkurius_(planet)",
            ("https://id.wikipedia.org/wiki/Merkurius_(planet)",),
        ),
        (
            "(https://id.wikipedia.org/wiki/Merkurius_(planet))",
            ("https://id.wikipedia.org/wiki/Merkurius_(planet)",),
        ),
        ("https://situs.go.id/a?b=1&c=2", ("https://situs.go.id/a?b=1&c=2",)),
        (f"{A} {B}", (A, B)),
        (f"{A}\n{B}", (A, B)),
        (f"{A},{B}", (A, B)),
        (f"{A}{B}", (A, B)),
        (f"1. {A}\n2. {B}\n3. {A}", (A, B)),
        ("youtu.be/abc drive.google.com/d/1", ("https://youtu.be/abc", "https://drive.google.com/d/1")),
        ('"youtu.be/abc"', ("https://youtu.be/abc",)),
        (f"_{A}_", (A,)),
        (f"~{A}~.", (A,)),
        (f"{A}_", (f"{A}_",)),
        (f"{A}…", (A,)),
        ("188.45/123/2025", ()),
        ("", ()),
    ],
)
def test_every_link_is_found_bare(said: str, links: tuple[str, ...]) -> None:
    assert links_in(said) == links


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("dinkes.kotimkab.go.id", "https://dinkes.kotimkab.go.id"),
        ("ada di dinkes.kotimkab.go.id ya", "https://dinkes.kotimkab.go.id"),
        ("(dinkes.kotimkab.go.id).", "https://dinkes.kotimkab.go.id"),
        ("videonya youtu.be/abc kak", "https://youtu.be/abc"),
        ("https;//youtu.be/abc", "https://youtu.be/abc"),
        ("https:/youtu.be/abc", "https://youtu.be/abc"),
        ("https//youtu.be/abc", "https://youtu.be/abc"),
        ("https.//youtu.be/abc", "https://youtu.be/abc"),
        ("https ://youtu.be/abc", "https://youtu.be/abc"),
        ("https:// youtu.be/abc", "https://youtu.be/abc"),
        ("htps://youtu.be/abc", "https://youtu.be/abc"),
        ("htttps://youtu.be/abc", "https://youtu.be/abc"),
        ("http;//situs.go.id", "https://situs.go.id"),
        (A, ""),
        ("188.45/123/2025", ""),
        ("3.2025", ""),
        ("a.n. Bupati", ""),
        ("Perda No.5 Tahun 2025", ""),
        ("dua kali", ""),
    ],
)
def test_what_is_meant_for_a_link_is_offered_mended(said: str, link: str) -> None:
    assert mended_link(said) == link
