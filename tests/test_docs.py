"""What the documents promise is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.config import Settings
from handlers.registry import registry
from tests import module_names
from tests.kit import papers
from tests.kit.command_line import desk

ROOT = Path(__file__).parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_operations_page_and_none_too_many() -> None:
    written = set(re.findall(r"`(DESK_\w+)`", OPERATIONS))
    assert written - {"DESK_SANDBOX_DIR"} == {f"DESK_{name.upper()}" for name in Settings.model_fields}


def test_every_setting_has_a_help_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_every_chat_command_stands_in_the_operations_page() -> None:
    for command in registry().commands:
        assert f"`/{command.name}`" in OPERATIONS, command.name


def test_the_readme_opens_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith("pip install uv && uv run ")]
    assert len(commands) == 2
    assert commands[0] == "pip install uv && uv run desk-inovasi"
    assert commands[1].removeprefix("pip install uv && ") in (ROOT / ".ci" / "run").read_text(
        encoding="utf-8"
    )


def test_every_command_of_the_readme_is_one(tmp_path: Path) -> None:
    told = desk(tmp_path, "--help").stdout
    for name in re.findall(r"`desk-inovasi (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert name in told, name


def test_every_command_and_measurement_stands_in_the_readme(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = desk(tmp_path, "--help").stdout
    for name in re.findall(r"^    (\w+)  ", told, re.MULTILINE):
        assert f"`desk-inovasi {name}" in readme, name
    for measurement in (ROOT / "bench").glob("*.py"):
        if "ArgumentParser" in measurement.read_text(encoding="utf-8"):
            assert f"bench.{measurement.stem}`" in readme, measurement.stem


def test_no_chat_command_stands_twice_in_the_operations_page() -> None:
    named = re.findall(r"^\| `/(\w+)", OPERATIONS, re.MULTILINE)
    assert len(named) == len(set(named))


def test_no_file_of_the_documents_that_is_named_is_missing() -> None:
    for page in papers.PAGES:
        for name in re.findall(
            r"`((?:bot|domain|handlers|storage|sandbox|tests|bench|docs)/[\w/.]+)`", page.read_text()
        ):
            assert list(ROOT.glob(f"{name}*")), (page.name, name)


def test_every_room_stands_in_the_table_of_rooms() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for package in ("domain", "storage", "bot"):
        for room in (ROOT / package).iterdir():
            if (room / "__init__.py").exists():
                assert f"| `{package}/{room.name}/" in page, room


def test_every_name_that_the_architecture_puts_behind_a_file_stands_in_it() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    behind = re.findall(r"`([\w/]+\.py)(?:: |` \(`)(\w+)", page)
    assert len(behind) > 5
    for path, name in behind:
        assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")), (path, name)


def test_every_module_name_stands_in_the_glossary_once_with_its_rooms(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        module_names.write()
    written = module_names.on_page()
    assert {name: named.rooms for name, named in written} == {
        name: named.rooms for name, named in module_names.in_tree().items()
    }
    assert len(written) == len({name for name, _ in written})
    for name, named in written:
        assert len(named.meaning) > 10, name
