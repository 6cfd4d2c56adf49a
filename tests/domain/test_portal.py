"""Every rule year has its order of the national portal."""

from __future__ import annotations

import pytest

from domain.portal import check_years, load_portals
from domain.rules.load import RulesError, load_rules


def test_every_rule_year_has_a_portal_order() -> None:
    check_years(load_portals(), load_rules())


def test_a_year_without_one_is_named() -> None:
    with pytest.raises(RulesError, match="found none for 2099"):
        check_years(load_portals(), [2026, 2099])
