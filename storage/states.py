"""States of an innovation as SQL writes them."""

from __future__ import annotations

from domain.review import State


def quoted(*states: State) -> str:
    """Write states as what stands in `IN (…)`; they are words of ours and need no parameter."""
    return ", ".join(f"'{state}'" for state in states)
