"""The container image gets every package of the program, and knows its settings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bot.child_process import SETTINGS_PREFIX
from bot.config import Settings

ROOT = Path(__file__).parent.parent


def test_the_image_gets_what_the_program_is_made_of_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    lines = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    taken = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert lines[0] == "*"
    assert taken == {
        *packages,
        "pyproject.toml",
        project["project"]["readme"],
        *project["project"]["license-files"],
    }


def test_the_image_sets_only_settings_there_are() -> None:
    known = {f"{SETTINGS_PREFIX}{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"\bDESK_[A-Z_]+", (ROOT / "Containerfile").read_text("utf-8")))
    assert named <= known
