"""README, guides, changelog and licence are current: links, commands, settings and pictures in them exist."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from bot import __version__
from bot.cli.command_parser import make_parser, read
from bot.cli.completion import parsers
from bot.config import READ_ELSEWHERE, Settings
from handlers.registry import registry
from tests.kit.papers import GUIDES, PAGES, ROOT, anchors, links, typed
from tests.pictures import FOLDER, LIST, PAGE, PICTURES

README = ROOT / "README.md"
COMMAND = re.compile(r"`(?:uv run )?desk-inovasi ([^`]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_readme_shows_the_page_before_it_says_anything() -> None:
    title, first = [line for line in README.read_text(encoding="utf-8").splitlines() if line][:2]
    assert title == "# Desk Inovasi"
    assert re.fullmatch(rf"!\[.{{40,}}\]\(docs/gambar/{PAGE}\.png\)", first)


def test_every_line_to_type_in_the_readme_can_be_typed_in_a_fresh_clone() -> None:
    lines = list(typed(README))
    assert len(lines) >= 6
    for line in lines:
        first, _, second = line.partition(" && ")
        command = second if first == "pip install uv" else line
        if command.startswith("export "):
            assert command.removeprefix("export ").partition("=")[0] in settings()
        elif command.startswith("uv run desk-inovasi"):
            read(shlex.split(command.removeprefix("uv run desk-inovasi")))
        else:
            assert command == "uv run --group dev python -m tests"


def test_every_command_and_option_that_a_paper_names_is_one() -> None:
    known = parsers(make_parser())
    for page in PAGES:
        for text in COMMAND.findall(page.read_text(encoding="utf-8")):
            words = text.replace("\\|", "|").partition(" | ")[0].split()
            if words[0].startswith("-"):
                continue  # what was meant by such words is said, and tested there
            name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
            assert name in known, (page.name, text)
            options = {option.strip("[]") for option in words if option.lstrip("[").startswith("--")}
            told = known[name].format_help()
            assert all(option in told for option in options), (page.name, text)


def settings() -> set[str]:
    """Name every setting."""
    return {f"DESK_{name.upper()}" for name in Settings.model_fields} | READ_ELSEWHERE


def test_every_setting_that_a_paper_names_is_one() -> None:
    for page in PAGES:
        named = set(re.findall(r"\bDESK_[A-Z_]+[A-Z]\b(?!_)", page.read_text(encoding="utf-8")))
        assert named <= settings() | {"DESK_TELEGRAM", "DESK_WHATSAPP"}, page.name


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_names_commands_and_buttons_there_are(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    known = {name for command in registry().commands for name in (command.name, *command.more)}
    assert set(re.findall(r"`/(\w+)", text)) <= known
    said = "\n".join(
        words.read_text(encoding="utf-8")
        for folder in ("handlers", "domain")
        for words in (ROOT / folder).rglob("*.toml")
    )
    for label in re.findall(r"\*\*(.+?)\*\*", text):
        assert label in said, label
    assert guide.name == "panduan.md" or "## Siapkan dulu" in text


def test_the_guides_together_lead_through_what_each_role_can_do() -> None:
    text = "".join(guide.read_text(encoding="utf-8") for guide in GUIDES)
    for name in (
        "ajukan",
        "tugas",
        "status",
        "siaran",
        "periode",
        "pengingat",
        "opd",
        "tanya",
        "undang",
        "rekap",
    ):
        assert f"`/{name}`" in text, name
    assert "pelatih" in text
    assert "WhatsApp" in text


def test_the_pictures_are_those_of_the_command_and_each_is_shown() -> None:
    made = json.loads(LIST.read_text(encoding="utf-8"))
    assert set(made) == {PAGE, *(picture.name for picture in PICTURES)}
    assert {path.stem for path in FOLDER.glob("*.png")} == set(made)
    shown = {Path(link).stem for page in PAGES for link in links(page) if link.endswith(".png")}
    assert shown == set(made)
    for name, said in made.items():
        content = (FOLDER / f"{name}.png").read_bytes()
        assert hashlib.sha256(content).hexdigest() == said["sha256"], name
        assert 5_000 < len(content) < 150_000, name


def test_a_picture_shows_one_clock_in_the_bubble_and_in_the_text_and_buttons_to_go_on() -> None:
    made = json.loads(LIST.read_text(encoding="utf-8"))
    assert sum(bool(said["clocks_in_text"]) for said in made.values()) >= 5
    for name, said in made.items():
        assert re.fullmatch(r"\d\d\.\d\d", said["clock"]), name
        assert set(said["clocks_in_text"]) <= {said["clock"]}, name
        assert said["buttons"], name


def test_the_changelog_is_kept_for_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text
    assert f"## {__version__}" in text
    kinds = set(re.findall(r"^### (\w+)", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_licence_is_whole_and_named() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert [int(number) for number in re.findall(r"^(\d+)\.[A-Z]", text, re.MULTILINE)] == list(range(1, 16))
    assert "Lesser General Public Licence (LGPL) v. 2.1, v. 3" in text
    assert text.rstrip().endswith("require the production of a new EUPL version.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["license"], project["license-files"]) == ("EUPL-1.2", ["LICENSE"])
