"""The glossary's table of module names: read from the page, compared with the tree, written anew with
`--update`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
HEAD = "| module | in | meaning |\n|---|---|---|\n"
PACKAGES = ("domain", "storage", "handlers", "scheduler", "bot", "sandbox")


@dataclass(frozen=True)
class Named:
    """One module name: the rooms that have a module of it, and its one meaning."""

    rooms: tuple[str, ...]
    meaning: str


def in_tree() -> Mapping[str, Named]:
    """Every module name of the program with its rooms, and the first sentence of the first module's
    docstring.
    """
    found: dict[str, Named] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.stem.startswith("__"):
                continue
            room = path.parent.relative_to(ROOT).as_posix()
            before = found.get(path.stem, Named((), _sentence(path)))
            found[path.stem] = Named((*before.rooms, room), before.meaning)
    return dict(sorted(found.items()))


def _sentence(path: Path) -> str:
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return told.split("\n\n")[0].replace("\n", " ").replace("|", "\\|").rstrip(".")


def on_page() -> list[tuple[str, Named]]:
    """The rows of the page's table, in order."""
    rows = PAGE.read_text(encoding="utf-8").partition(HEAD)[2].split("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ", 2)] for line in rows.split("\n") if line]
    return [
        (name.strip("`"), Named(tuple(rooms.replace("`", "").split(", ")), told))
        for name, rooms, told in cells
    ]


def write() -> None:
    """Write the table anew; what the page says of a name stays while all its modules do."""
    kept = dict(on_page())
    rows = []
    for name, named in in_tree().items():
        stays = name in kept and set(kept[name].rooms) <= set(named.rooms)
        meaning = kept[name].meaning if stays else named.meaning
        rooms = ", ".join(f"`{room}`" for room in named.rooms)
        rows.append(f"| `{name}` | {rooms} | {meaning} |\n")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(HEAD)
    after = rest.partition("\n\n")[2]
    PAGE.write_text(f"{before}{HEAD}{''.join(rows)}\n{after}".rstrip() + "\n", encoding="utf-8")
