"""The regency a sandbox begins with, each scenario filled once and then copied."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sandbox.scenarios import Filling
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import Content, filled, migrated

ZONE = ZoneInfo("Asia/Jakarta")
NOW = MORNING - timedelta(hours=1)  # 07.00


@cache
def regency(scenario: str) -> Content:
    """Return a sandbox's database that has just begun."""

    def fill(tx: Transaction) -> None:
        for unit in Filling(scenario, now=NOW, zone=ZONE).units():
            unit(tx)

    return filled(migrated(), fill)
