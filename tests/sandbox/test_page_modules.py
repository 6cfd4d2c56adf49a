"""What the page's modules may not do, because a browser that is not here would not show the page."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

MODULES = {entry.name: entry for entry in (files("sandbox") / "page").iterdir() if entry.name.endswith(".js")}
WAITS_AT_THE_TOP = re.compile(r"^(?:(?:export )?(?:const|let) [^=]+= )?(?:await|for await)\b", re.MULTILINE)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_no_module_waits_at_its_top(name: str) -> None:
    """WebKit never ends loading a module that waits there and is imported by several."""
    text = MODULES[name].read_text(encoding="utf-8")
    assert WAITS_AT_THE_TOP.findall(text) == []


def test_the_rule_finds_what_it_forbids() -> None:
    for line in ("await speak(language);", "const deck = await people();", "export let all = await load();"):
        assert WAITS_AT_THE_TOP.search(f"import x;\n{line}\n")


def test_the_page_begins_at_one_module() -> None:
    """Two would share modules that neither has loaded."""
    page = (files("sandbox") / "page" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<script type="module" src="([^"]+)"', page) == ["main.js"]
