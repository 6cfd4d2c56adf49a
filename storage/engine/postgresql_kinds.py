"""What a statement does to rows that were read before it."""

from __future__ import annotations

import re
from enum import Enum

LASTING = frozenset({"offices", "periods"})  # no trigger and no reference changes a row of these
_TABLE = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
_LIST = re.compile(r"\bFROM\s+\w+(?:\s+\w+)?\s*,")
_LASTING_WORD = re.compile(rf"\b(?:{'|'.join(sorted(LASTING))})\b")
_ACTS = re.compile(r"\b(?:pg_\w+|setval|nextval|set_config|clock_timestamp|now|random|FOR)\b", re.IGNORECASE)
_MARKS = ("SAVEPOINT", "RELEASE", "SET")  # of the transaction: rows stay as they are


class Kind(Enum):
    """What a statement does to what was read before it."""

    READS = "reads"
    READS_LASTING = "reads what hardly changes"
    WRITES = "writes"
    WRITES_LASTING = "writes to what hardly changes, or anything else"
    NOTHING = "nothing"


def kind_of(sql: str) -> Kind:
    """Tell what a statement does; one that is not known counts as one that writes everywhere."""
    words = sql.split(None, 1)
    first = words[0].upper() if words else ""
    if first in _MARKS:
        return Kind.NOTHING
    if first == "SELECT" and not _ACTS.search(sql):
        is_lasting = not _LIST.search(sql) and set(_TABLE.findall(sql)) <= LASTING
        return Kind.READS_LASTING if is_lasting else Kind.READS
    if first in ("INSERT", "UPDATE", "DELETE") and not _LASTING_WORD.search(sql):
        return Kind.WRITES
    return Kind.WRITES_LASTING
