"""Every number of the rules names where it is from, or says that it is assumed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "domain" / "data"
SOURCE = re.compile(r"iga\.md|\b[SP]\d{1,2}\b|\basumsi\b")
NUMBER = re.compile(
    r'^(?P<key>\w+) = ("?[\d._-]+"?|\[[\d, ]+\]|true|false|\[(?=\s*#|$))\s*(?P<comment>#.*)?$'
)
BAND = "  { from ="
TITLE = re.compile(r"^\[+(?P<name>[\w.]+)\]+$")
# tables whose numbers are from one place, named above the first of them
TOGETHER = ("threshold", "spd")
NO_FACT = ("year", "years", "no")  # which year and which row it is about
# how a question is asked, kept and copied, which no guide says anything of
OUR_OWN = ("decimals", "since", "reworded", "yearly", "level")
WHOLE = re.compile(r'^  \{ from = "[\d.]+", to = "100" \}')
WHOLE_NUMBERS = '{ from = "1", to = "100" }'  # a band of things that are counted, not a share


def without_source(text: str) -> Iterator[str]:
    """Name each number of a rule file that has neither a source nor the word "asumsi"."""
    table, heading, named = "", "", dict.fromkeys(TOGETHER, False)
    window = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading += line
            continue
        if title := TITLE.match(line):
            table = title["name"]
            if table in TOGETHER and SOURCE.search(heading):
                named[table] = True
            window = text.split(line, 1)[1].split("\n[", 1)[0] if table == "window" else ""
        elif line.strip():
            number = NUMBER.match(line)
            if number and number["key"] not in NO_FACT and not _has_source(number, table, named, window):
                yield f"[{table}] {line}"
        if line.strip():
            heading = ""


def _has_source(number: re.Match[str], table: str, named: dict[str, bool], window: str) -> bool:
    if table in TOGETHER:
        return named[table]
    return bool(SOURCE.search(number["comment"] or "") or SOURCE.search(window))


@pytest.mark.parametrize("path", sorted((DATA / "rules").glob("*.toml")), ids=lambda path: path.name)
def test_every_number_of_a_rule_year_names_its_source(path: Path) -> None:
    assert list(without_source(path.read_text(encoding="utf-8"))) == []


def without_source_in_indicators(text: str) -> Iterator[str]:
    """Name each number and flag of an indicator file that has neither a source nor the word "asumsi".

    The source of three bands stands where their list opens; an end at 100 % has one of its own.
    """
    named = False
    for line in text.splitlines():
        number = NUMBER.match(line)
        if line.startswith("band = ["):
            named = bool(SOURCE.search(line))
        if line.startswith(BAND) and not (SOURCE.search(line) or (named and not _is_whole(line))):
            yield line
        if number and number["key"] not in (*NO_FACT, *OUR_OWN) and not SOURCE.search(line):
            yield line


def _is_whole(line: str) -> bool:
    return bool(WHOLE.match(line)) and WHOLE_NUMBERS not in line


INDICATORS = sorted((DATA / "indicators").glob("*.toml"))


@pytest.mark.parametrize("path", INDICATORS, ids=lambda path: path.name)
def test_every_number_of_the_indicators_names_its_source(path: Path) -> None:
    assert list(without_source_in_indicators(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", INDICATORS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "beginning", ["weight =", "pieces =", "letter =", "mandatory =", "max_pieces =", "band = ["]
)
def test_a_number_of_the_indicators_without_a_source_is_found(path: Path, beginning: str) -> None:
    text = path.read_text(encoding="utf-8")
    bare = re.sub(rf"^({re.escape(beginning)}.*?)\s*#.*$", r"\1", text, flags=re.MULTILINE)
    assert len(list(without_source_in_indicators(bare))) >= text.count(f"\n{beginning}") > 0


def test_a_number_without_a_source_is_found() -> None:
    text = (DATA / "rules" / "2026.toml").read_text(encoding="utf-8")
    bare = re.sub(r"(count_cap = 200).*", r"\1  # innovations past this many add no points", text)
    assert list(without_source(bare)) == [
        "[index] count_cap = 200  # innovations past this many add no points"
    ]
    headless = text.replace("# iga.md 4.1, confidence high: S1 and S2 agree.\n", "")
    assert len(list(without_source(headless))) == 3
