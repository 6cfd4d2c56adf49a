"""The evidence in the store: nothing in it is deleted because the database does not name it.

evidence/AB/ABCDEF…          a file that a row names, by its hash; older ones have random names
unknown/2026-11-28/AB/…      set aside: neither row nor list named it on that day
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from bot.store.contract import EVIDENCE, UNKNOWN, FileStore
from storage.engine.presence import holds_anything
from storage.engine.site import Site


class EvidenceUnknown(RuntimeError):
    """the store holds evidence, and the database knows none of it"""

    def __init__(self, site: str, database: Site | str, *, count: int) -> None:
        """Say which settings to check, and how the files are set aside on purpose."""
        super().__init__(
            f"{site} holds {count} files and {database} knows none of them;"
            " check DESK_DATABASE_URL, DESK_DATA_DIR and DESK_EVIDENCE_URL"
            " or put the database back; to begin anew on purpose: desk-inovasi files set-aside"
        )


def key_of(path: str) -> str:
    """Return the key of an evidence file by its path in the database."""
    return f"{EVIDENCE}/{path}"


def lying_in(store: FileStore, area: str = EVIDENCE) -> list[str]:
    """List what lies in an area of the store, as the database has paths."""
    return sorted(key.partition("/")[2] for key in store.sizes(area))


def refuse_new_database(database: Site, store: FileStore) -> None:
    """Raise EvidenceUnknown where a database would be made beside a store that holds evidence."""
    if not holds_anything(database) and (lying := lying_in(store)):
        raise EvidenceUnknown(f"{store.site}/{EVIDENCE}", database, count=len(lying))


def bring_back(store: FileStore, paths: Iterable[str]) -> int:
    """Fetch what rows name out of the files set aside, the newest first; returns how many came back."""
    wanted, back = set(paths), 0
    if not wanted:
        return 0
    for path in reversed(lying_in(store, UNKNOWN)):
        named = path.partition("/")[2]
        if named in wanted:
            store.move(f"{UNKNOWN}/{path}", key_of(named))
            wanted.discard(named)
            back += 1
    return back


def set_aside(store: FileStore, *, paths: Iterable[str], day: date) -> int:
    """Move evidence out of its area into the day's folder of unknown files; returns how many.

    One that has been removed meanwhile is passed by.
    """
    moved = 0
    for path in paths:
        with suppress(FileNotFoundError):
            store.move(key_of(path), _find_free_key(store, f"{UNKNOWN}/{day.isoformat()}/{path}"))
            moved += 1
    return moved


def _find_free_key(store: FileStore, key: str) -> str:
    number, free = 1, key
    while store.size(free) is not None:
        number += 1
        free = f"{key}.{number}"
    return free
