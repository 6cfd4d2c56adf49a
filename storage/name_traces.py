"""Takes the name and number of an erased person out of what was written to others, and out of raw updates."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from storage.engine.transaction import Transaction

_OUTBOX = "SELECT id, channel, address, payload FROM outbox WHERE instr(payload, ?) > 0 ORDER BY id"
_KEEP_OUTBOX = "UPDATE outbox SET payload = ? WHERE id = ?"
_INBOX = "SELECT id, channel, address, raw FROM inbox WHERE instr(raw, ?) > 0 ORDER BY id"
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


def take_out(tx: Transaction, said: Mapping[str, str]) -> None:
    """Write other words in the place of these: in what was sent, what waits, what came in, what was asked.

    Whole words alone are meant. What went to somebody who carries the name too is left: it may mean them.
    Reads every row that is kept; that takes some tenths of a second and happens when somebody is erased.
    """
    for words, instead in said.items():
        if not words.strip():
            continue
        spared = _namesakes(tx, words)
        for find, keep in ((_OUTBOX, _KEEP_OUTBOX), (_INBOX, _KEEP_INBOX)):
            for spelling in {words, json.dumps(words)[1:-1]}:  # JSON may write a letter as its number
                for number, channel, address, text in tx.execute(find, (spelling,)).fetchall():
                    if (channel, address) not in spared:
                        tx.execute(keep, (_without(text, words, instead=instead), number))
        _take_out_of_written(tx, words, instead=instead)


def _take_out_of_written(tx: Transaction, words: str, *, instead: str) -> None:
    for table, key, columns in _WRITTEN:
        for column in columns:
            find = f"SELECT {key}, {column} FROM {table} WHERE instr({column}, ?) > 0 ORDER BY {key}"
            keep = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"
            for number, text in tx.execute(find, (words,)).fetchall():
                tx.execute(keep, (_without(text, words, instead=instead), number))


def _namesakes(tx: Transaction, words: str) -> Collection[Address]:
    rows = tx.execute(_NAMESAKES, (words,)).fetchall()
    return {(channel, address) for channel, address, name in rows if _pattern(words).search(name)}


def _without(text: str, words: str, *, instead: str) -> str:
    """Replace words in the texts of a JSON document; what is none is taken as it is."""
    pattern = _pattern(words)
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
