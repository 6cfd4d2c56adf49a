"""What a database says about its own tables, in words that are the same for both engines."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

Catalogue = dict[str, list[Any]]
_CLASSES = {"INTEGER": "number", "bigint": "number", "REAL": "float", "double precision": "float",
            "TEXT": "text", "text": "text", "BLOB": "bytes", "bytea": "bytes"}  # fmt: skip
# what one engine writes where the other does not
_NOISE = {
    "text", "bigint", "array", "any", "in", "is", "not", "null", "and", "or", "between", "coalesce",
    "case", "when", "then", "else", "end", "check", "where",
}  # fmt: skip
KINDS = ("columns", "indexes", "keys", "references", "checks", "triggers")
_OUR_OWN = "schema_migrations"


def of_sqlite(tx: sqlite3.Connection) -> Catalogue:
    """Read the catalogue of a file."""
    said: Catalogue = {kind: [] for kind in KINDS}
    tables = tx.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    for table, sql in tables:
        if table == _OUR_OWN:
            continue
        info = tx.execute(f"PRAGMA table_info('{table}')").fetchall()
        primary = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
        if primary:
            said["keys"].append((table, primary))
        for _, name, kind, not_null, default, place in info:
            said["columns"].append((table, name, _CLASSES[kind], bool(not_null or place), _plain(default)))
        said["references"] += [
            (table, row[3], row[2], row[4], row[6])
            for row in tx.execute(f"PRAGMA foreign_key_list('{table}')").fetchall()
        ]
        said["checks"] += [(table, _words(check)) for check in _checks(sql)]
        said["keys"] += [
            (table, tuple(row[2] for row in tx.execute(f"PRAGMA index_info('{name}')")))
            for _, name, unique, origin, _ in tx.execute(f"PRAGMA index_list('{table}')").fetchall()
            if origin == "u"
        ]
    for name, table, sql in tx.execute(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall():
        said["indexes"].append(_index(name, table, sql))
    said["triggers"] = [
        (name, table)
        for name, table in tx.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    ]
    return {kind: sorted(rows, key=str) for kind, rows in said.items()}


_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable = 'NO', column_default, collation_name
FROM information_schema.columns WHERE table_schema = current_schema()
"""
_CONSTRAINTS = """
SELECT c.conrelid::regclass::text, c.contype::text, pg_get_constraintdef(c.oid),
       (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(number, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number)
FROM pg_constraint c WHERE c.connamespace = current_schema()::regnamespace
"""
_INDEXES = """
SELECT i.indexname, i.tablename, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema()
AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
"""
_TRIGGERS = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
_REFERENCE = re.compile(r"FOREIGN KEY \((\w+)\) REFERENCES (\w+)\((\w+)\)(?: ON DELETE (\w+))?")


def of_postgresql(tx: Any) -> Catalogue:
    """Read the catalogue of a schema; a text that is not compared by its bytes is one of another class."""
    said: Catalogue = {kind: [] for kind in KINDS}
    for table, name, kind, not_null, default, collation in tx.execute(_COLUMNS).fetchall():
        if table != _OUR_OWN:
            known = _CLASSES[kind] if kind != "text" or collation == "C" else "text of another order"
            said["columns"].append((table, name, known, bool(not_null), _plain(default)))
    for table, kind, definition, columns in tx.execute(_CONSTRAINTS).fetchall():
        if table == _OUR_OWN:
            continue
        if kind in "pu":
            said["keys"].append((table, tuple(columns.split(","))))
        elif kind == "c":
            said["checks"].append((table, _words(definition)))
        elif match := _REFERENCE.match(definition):
            said["references"].append((table, match[1], match[2], match[3], match[4] or "NO ACTION"))
    said["indexes"] = [_index(*row) for row in tx.execute(_INDEXES).fetchall()]
    said["triggers"] = tx.execute(_TRIGGERS).fetchall()
    return {kind: sorted(rows, key=str) for kind, rows in said.items()}


def _index(name: str, table: str, sql: str) -> tuple[Any, ...]:
    """Say what an index is over: the columns in order, and the words of its condition."""
    keys, _, condition = re.sub(r"\s+", " ", sql).partition(" WHERE ")
    keys = keys[keys.index("(") :]
    return name, table, "UNIQUE" in sql, tuple(_in_order(keys)), _words(condition)


def _in_order(text: str) -> list[str]:
    return [word for word in _each_word(text) if word not in _NOISE]


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(_in_order(text))))


def _each_word(text: str) -> Iterator[str]:
    for match in re.finditer(r"'[^']*'|\w+", re.sub(r"::\w+(\[\])?", "", text)):
        yield match[0] if match[0].startswith("'") else match[0].lower()


def _plain(default: str | None) -> str | None:
    """Return a default as its value alone."""
    return None if default is None else re.sub(r"::\w+$", "", default).strip("'()")


def _checks(sql: str) -> Iterator[str]:
    """Take the conditions out of a table's definition."""
    sql = re.sub(r"--[^\n]*", "", sql)
    for match in re.finditer(r"\bCHECK\s*\(", sql):
        depth, at = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[at], 0)
            at += 1
        yield sql[match.end() : at - 1]
