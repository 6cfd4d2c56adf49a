"""What every test has."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes the transcripts anew."""
    parser.addoption("--update", action="store_true", help="write tests/transcripts/*.txt anew; then read them")
