"""Every word of the page, its panel and its tour is there in both languages, and every one is used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sandbox.panel_words import FILES, load_panel_words
from sandbox.tour import STEPS

SANDBOX = Path(__file__).parent.parent.parent / "sandbox"
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder, ending in ((SANDBOX, "*.py"), (SANDBOX / "page", "*.js"), (SANDBOX / "page", "*.html"))
    for path in folder.glob(ending)
)
PHONES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (SANDBOX / "page").glob("*.js")
    if path.name not in ("panel.js", "tour.js")
)
MADE_UP = (
    "happened_",
    "count_",
    "kind_",
    "whom_",
    "figures_",
    "fault_",
    "try_",
    "seen_",
    "move_",
    "speed_",
    "check_",
    "tick_",
    "sticker_",
)
OF_STEPS = {f"{step.name}_{part}" for step in STEPS for part in ("title", "text", "after")}
FORBIDDEN = ("tidak valid", "error", "salah!", "gagal!", "invalid", "terlambat!", "malas")


def table(name: str) -> dict[str, dict[str, str]]:
    """A file of words."""
    return tomllib.loads((SANDBOX / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_every_word_is_there_in_both_languages_with_the_same_parameters(name: str) -> None:
    for key, entry in table(name).items():
        assert set(entry) == {"id", "en"}, key
        names = [sorted(re.findall(r"\{(\w+)\}", text)) for text in entry.values()]
        assert names[0] == names[1], key
        assert not any(word in entry["id"].lower() for word in FORBIDDEN), key


@pytest.mark.parametrize("name", FILES)
def test_every_word_is_used(name: str) -> None:
    unused = [
        key
        for key in table(name)
        if key not in OF_STEPS
        and not key.startswith(MADE_UP)
        and not re.search(rf"[\"'`.]{key}[\"'`]", CODE)
        and not (key.endswith("_title") and f'"{key.removesuffix("_title")}"' in CODE)
    ]
    assert unused == []


def test_every_word_that_is_said_is_there() -> None:
    known = load_panel_words()["id"].all_of("")
    said = set(re.findall(r"\"((?:panel|tour)\.(?!css|js)\w+)\"", CODE))
    said |= {f"phones.{key}" for key in re.findall(r"\bsay\(\"(\w+)\"", PHONES)}
    said |= {f"phones.{key}" for key in re.findall(r"data-(?:say|label|title|placeholder)=\"(\w+)\"", CODE)}
    assert sorted(said - set(known)) == []
    assert sorted(OF_STEPS - set(table("tour"))) == []
    assert all(f"tour.check_{check}" in known for step in STEPS for check in step.checks)
