"""Recomputes what storage/scores.py keeps, from the answers alone, and says where the two differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from domain.rules.indicators import IndicatorSet, load_indicators

Connection = Any  # of either engine
INDICATORS = load_indicators()
MANDATORY = (16, 17, 32, 33, 35)  # iga.md 0
ASKS_FOR_MANDATORY = (2026, 2027)
WINDOWS = {
    2023: ("2021-01-01", "2022-12-31"),
    2026: ("2024-01-01", "2025-12-31"),
    2027: ("2025-01-01", "2026-12-31"),
}
SENT = ("terkirim", "diubah", "diperiksa", "terverifikasi")


def drift(connection: Connection) -> list[str]:
    """Name every stored figure that is not what the answers, states and verdicts give."""
    offices, affairs, reasons = _recomputed(connection)
    drifted = _differences("tallies", offices, _stored(connection, "tallies", "office_id"))
    drifted += _differences("affair_tallies", affairs, _stored(connection, "affair_tallies", "affair"))
    return drifted + _other_reasons(connection, reasons)


def _named(connection: Connection, sql: str) -> list[dict[str, Any]]:
    """Read rows by the names of their columns."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _stored(connection: Connection, table: str, key: str) -> dict[tuple[int, Any], Counter[str]]:
    rows = _named(connection, f"SELECT * FROM {table}")
    return {(row["period_id"], row[key]): Counter({**row, "period_id": 0, key: 0}) for row in rows}


def _differences(name: str, wanted: dict[Any, Counter[str]], found: dict[Any, Counter[str]]) -> list[str]:
    told = []
    for key in sorted({*wanted, *found}, key=str):
        one, other = wanted.get(key, Counter()), found.get(key, Counter())
        told += [
            f"{name}{key}.{column}: stored {other[column]}, recomputed {one[column]}"
            for column in sorted({*one, *other})
            if one[column] != other[column]
        ]
    return told


def _other_reasons(connection: Connection, reasons: dict[int, str]) -> list[str]:
    kept = dict(connection.execute("SELECT innovation_id, reason FROM contributions").fetchall())
    return [
        f"contributions({number}).reason: stored {kept.get(number)!r}, recomputed {reasons.get(number)!r}"
        for number in sorted({*kept, *reasons})
        if kept.get(number) != reasons.get(number)
    ]


def _recomputed(
    connection: Connection,
) -> tuple[dict[Any, Counter[str]], dict[Any, Counter[str]], dict[int, str]]:
    offices: dict[Any, Counter[str]] = {}
    affairs: dict[Any, Counter[str]] = {}
    reasons: dict[int, str] = {}
    for row in _named(connection, "SELECT * FROM innovations WHERE discarded_at IS NULL"):
        pairs = connection.execute(
            "SELECT question, value FROM answers WHERE innovation_id = ?", (row["id"],)
        )
        answers = {question: json.loads(value) for question, value in pairs}
        tally = offices.setdefault((row["period_id"], row["office_id"]), Counter())
        tally[row["state"]] += 1
        why_not = _why_not(connection, row, answers)
        reasons[row["id"]] = why_not
        if row["state"] not in SENT or why_not:
            continue
        indicators = INDICATORS[row["rule_year"]]
        _claimed(tally, indicators, answers)
        verified = row["state"] == "terverifikasi" and not _lacks_mandatory(connection, row)
        if verified:
            tally["verified_count"] += 1
            tally["verified"] += _verified(connection, row["id"], indicators)
        if affair := answers.get("urusan_utama"):
            represented = affairs.setdefault((row["period_id"], affair), Counter())
            represented["counted"] += 1
            represented["verified_count"] += verified
    return offices, affairs, reasons


def _why_not(connection: Connection, row: Mapping[str, Any], answers: dict[str, Any]) -> str:
    """Judge stage and dates on their own, as text: all of them are whole days here. "": nothing is in the
    way.
    """
    asked = "SELECT window_from, window_until FROM periods WHERE id = ?"
    own = tuple(connection.execute(asked, (row["period_id"],)).fetchone())
    opens, closes = own if own[0] else WINDOWS[row["rule_year"]]
    implemented, developed = answers.get("waktu_penerapan"), answers.get("waktu_pengembangan")
    further = answers.get("ada_perkembangan") == "ya"
    if answers.get("tahapan") != "penerapan":
        return "stage"
    if not implemented or implemented > closes:
        return "late" if implemented else "no_date"
    if further and developed:
        return "" if opens <= developed <= closes else "development_outside"
    if implemented >= opens:
        return ""
    return "no_development" if further else "old"


def _lacks_mandatory(connection: Connection, row: Mapping[str, Any]) -> bool:
    verdicts = "SELECT indicator FROM verdicts WHERE innovation_id = ? AND level > 0"
    accepted = {number for (number,) in connection.execute(verdicts, (row["id"],))}
    return row["rule_year"] in ASKS_FOR_MANDATORY and not accepted.issuperset(MANDATORY)


def _claimed(tally: Counter[str], indicators: IndicatorSet, answers: dict[str, Any]) -> None:
    tally["counted"] += 1
    for indicator in indicators.indicators:
        level = (answers.get(f"i{indicator.no}") or {}).get("level", 0)
        tally[f"l{indicator.no}"] += level
        tally["claimed"] += level * indicator.weight


def _verified(connection: Connection, innovation: int, indicators: IndicatorSet) -> int:
    weights = {indicator.no: indicator.weight for indicator in indicators.indicators}
    verdicts = connection.execute(
        "SELECT indicator, level FROM verdicts WHERE innovation_id = ?", (innovation,)
    )
    return sum(weights[number] * level for number, level in verdicts)
