"""Takes the name and number of an erased person out of what was written to others, and out of raw updates."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from domain.reading.phones import normal, significant, written
from storage.engine.transaction import Transaction

_OUTBOX = "SELECT id, channel, address, payload FROM outbox WHERE {holds} ORDER BY id"
_KEEP_OUTBOX = "UPDATE outbox SET payload = ? WHERE id = ?"
_INBOX = "SELECT id, channel, address, raw FROM inbox WHERE {holds} ORDER BY id"
_KEEP_INBOX = "UPDATE inbox SET raw = ? WHERE id = ?"
# What others asked and wrote back, and what they have open at this moment: table, key, texts.
_WRITTEN = (
    ("questions", "id", ("text", "answer")),
    ("kept_answers", "id", ("question", "answer")),
    ("broadcast_replies", "id", ("text", "answer")),
    ("dialogues", "contact_id", ("state",)),
)
_NAMESAKES = """
SELECT a.channel, a.address, c.name FROM addresses a JOIN contacts c ON c.id = a.contact_id
WHERE instr(c.name, ?) > 0
"""

Address = tuple[str, str]  # channel and address


@dataclass(frozen=True, slots=True)
class _Trace:
    """What is looked for: `holds` chooses the rows of a column that may hold it, `pattern` finds it there."""

    pattern: re.Pattern[str]
    holds: str  # with the column to be put in and one parameter
    spellings: frozenset[str]  # the parameter, by each of which a row is looked for


def take_out(tx: Transaction, said: Mapping[str, str]) -> None:
    """Write other words in the place of these: in what was sent, what waits, what came in, what was asked.

    Whole words alone are meant, and of a number in E.164 every way it is written. What went to somebody who
    carries the name too is left: it may mean them. Reads every row that is kept; that takes some tenths of
    a second and happens when somebody is erased.
    """
    for words, instead in said.items():
        if not words.strip():
            continue
        trace, spared = _trace_of(words), _namesakes(tx, words)
        for find, column, keep in ((_OUTBOX, "payload", _KEEP_OUTBOX), (_INBOX, "raw", _KEEP_INBOX)):
            sql = find.format(holds=trace.holds.format(column=column))
            for spelling in trace.spellings:
                for number, channel, address, text in tx.execute(sql, (spelling,)).fetchall():
                    if (channel, address) not in spared:
                        tx.execute(keep, (_without(text, trace.pattern, instead=instead), number))
        _take_out_of_written(tx, trace, instead=instead)


def _trace_of(words: str) -> _Trace:
    if normal(words) == words:  # between its digits may stand what people write there
        return _Trace(written(words), "{column} LIKE ?", frozenset({f"%{'%'.join(significant(words))}%"}))
    spellings = frozenset({words, json.dumps(words)[1:-1]})  # JSON may write a letter as its number
    return _Trace(_pattern(words), "instr({column}, ?) > 0", spellings)


def _take_out_of_written(tx: Transaction, trace: _Trace, *, instead: str) -> None:
    for table, key, columns in _WRITTEN:
        for column in columns:
            holds = trace.holds.format(column=column)
            find = f"SELECT {key}, {column} FROM {table} WHERE {holds} ORDER BY {key}"
            keep = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"
            for spelling in trace.spellings:
                for number, text in tx.execute(find, (spelling,)).fetchall():
                    tx.execute(keep, (_without(text, trace.pattern, instead=instead), number))


def _namesakes(tx: Transaction, words: str) -> Collection[Address]:
    rows = tx.execute(_NAMESAKES, (words,)).fetchall()
    return {(channel, address) for channel, address, name in rows if _pattern(words).search(name)}


def _without(text: str, pattern: re.Pattern[str], *, instead: str) -> str:
    """Replace words in the texts of a JSON document; what is none is taken as it is."""
    try:
        document = json.loads(text)
    except ValueError:
        return pattern.sub(lambda _: instead, text)
    return json.dumps(_replace(document, pattern, instead=instead), ensure_ascii=False, separators=(",", ":"))


def _replace(value: Any, pattern: re.Pattern[str], *, instead: str) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda _: instead, value)
    if isinstance(value, list):
        return [_replace(item, pattern, instead=instead) for item in value]
    if isinstance(value, dict):
        return {key: _replace(item, pattern, instead=instead) for key, item in value.items()}
    return value


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
