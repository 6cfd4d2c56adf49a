"""What of a rule year moves the index: compared with what it was when the year was begun with (F88).

The window and which indicators are mandatory are left out: those are adopted at the start, counted again, and
told to whom they concern (`storage/recounting.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from domain.rules.indicators import Indicator, IndicatorSet, Measure
from domain.rules.load import RuleYear

_OF_INDEX = ("divisor", "count_weight", "count_cap", "basic_affairs", "basic_needed", "total", "spd_max")
NOTHING = "–"  # where one side has no such thing


def deciding(rule: RuleYear, indicators: IndicatorSet) -> Mapping[str, Any]:
    """Lay out what moves the index, by a name that says where it stands: "indicator 17 weight": 2."""
    values: dict[str, Any] = {f"index {name}": getattr(rule.index, name) for name in _OF_INDEX}
    values |= {f"predikat {threshold.predikat}": threshold.from_ for threshold in rule.thresholds}
    for row in rule.spd:
        values[f"spd {row.no} weight"] = row.weight
        values[f"spd {row.no} levels"] = [level.id for level in row.levels]
    for indicator in indicators.indicators:
        values |= {f"indicator {indicator.no} {name}": value for name, value in _of(indicator)}
    return json.loads(json.dumps(values, default=str))  # type: ignore[no-any-return]


def _of(indicator: Indicator) -> Iterator[tuple[str, Any]]:
    """Name what a level is and what it is worth; other words of an indicator may be corrected any time."""
    yield "weight", indicator.weight
    yield "levels", [level.id for level in indicator.levels]
    yield "pieces", indicator.pieces
    if indicator.measure is not None:
        yield "bands", _bands(indicator.measure)
    for basis in indicator.bases:
        yield f"{basis.id} levels", [level.id for level in basis.levels]
        yield f"{basis.id} bands", _bands(basis.measure)


def _bands(measure: Measure) -> list[str]:
    return [f"{band.from_}..{'' if band.to is None else band.to}" for band in measure.bands]


def digest(content: Mapping[str, Any]) -> str:
    """Hash what moves the index."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Say what has changed, a line each: "indicator 17 weight: 2 -> 3"."""
    for name in sorted({*before, *after}):
        old, new = before.get(name, NOTHING), after.get(name, NOTHING)
        if old != new:
            yield f"{name}: {_short(old)} -> {_short(new)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
