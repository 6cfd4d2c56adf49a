"""Weekly summaries kept before there was a judgement, read as what they said then."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

NOTHING = "0"  # what an early line showed where nothing was counted


def is_early(kept: Mapping[str, Any]) -> bool:
    """Whether a summary was kept before there was a judgement."""
    return "judged" not in kept


def as_kept_now(early: Mapping[str, Any]) -> dict[str, Any]:
    """Return an early summary in the form that is kept now.

    It said one figure with its predikat, whatever was missing, and named no official result: so it does
    again.
    """
    claimed, verified = _read_figure(early["claimed"]), _read_figure(early["verified"])
    before, index = early["before"], Decimal(early["claimed"]["index"])
    judged = {
        "year": early["year"],
        "rule_year": early["rule_year"],
        "official": None,
        "official_predikat": "",
        "claimed": claimed,
        "verified": verified,
        "count": early["claimed"]["counted"],
        "divisor": 0,
        "affairs": {"covered": 0, "every": 0, "needed": None},
        "profile": {"filled": 0, "rows": 0, "low": "0", "high": "0"},
        "target": early["target"],
        "complete": claimed is not None,
        "gap": str(max(Decimal(0), Decimal(early["target"]) - index)) if claimed else None,
    }
    same = {
        name: early[name] for name in ("at", "deadline", "offices", "done", "lacking", "unreached", "steps")
    }
    change = str(index - Decimal(before)) if before is not None and claimed else None
    trend = [_read_week(day, shown, verified=checked) for day, shown, checked in early["trend"]]
    return {**same, "judged": judged, "change": change, "trend": trend}


def with_names_of_now(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a summary with the fields that had another name when it was kept under the name of now."""
    affairs = dict(kept["judged"]["affairs"])
    if "there" in affairs:
        affairs["covered"] = affairs.pop("there")
    return {**kept, "judged": {**kept["judged"], "affairs": affairs}}


def _read_figure(early: Mapping[str, Any]) -> dict[str, Any] | None:
    """One figure without a range; None where nothing was counted, as it is said now."""
    if not early["counted"]:
        return None
    index = early["index"]
    return {"low": index, "high": index, "shares": early["shares"], "count": early["counted"],
            "predikat": early["predikat"]}  # fmt: skip


def _read_week(day: str, claimed: str, *, verified: str) -> list[str | None]:
    drawn, checked = (None if index == NOTHING else index for index in (claimed, verified))
    return [day, drawn, drawn, checked]
