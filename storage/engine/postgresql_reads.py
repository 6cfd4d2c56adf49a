"""What a transaction has read already and would read the same again: it is not asked of the server twice.

A turn asks for the open period and for the offices several times, and so does every turn that shares its
commit; an answer costs a way to the server and back.
Whatever writes makes all that was read forgotten, but what stands in tables that hardly anything writes to.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.engine.postgresql_answers import Answer
from storage.engine.postgresql_kinds import Kind

KEPT_AT_MOST = 500  # answers of one transaction

Key = tuple[bytes, tuple[bytes | None, ...]]  # the statement's name and its values


class Reads:
    """The answers of one transaction that writes."""

    def __init__(self) -> None:
        self._lasting: dict[Key, Answer] = {}
        self._others: dict[Key, Answer] = {}

    def recall(self, kind: Kind, name: bytes, values: Sequence[bytes | None]) -> Answer | None:
        """Return what was read by the same statement since anything of it may have changed."""
        if kind is Kind.READS_LASTING:
            return self._lasting.get((name, tuple(values)))
        if kind is Kind.READS:
            return self._others.get((name, tuple(values)))
        return None

    def keep(self, kind: Kind, name: bytes, values: Sequence[bytes | None], *, answer: Answer) -> None:
        """Keep an answer, or forget what the statement may have changed."""
        if kind is Kind.WRITES_LASTING:
            self.forget()
        elif kind is Kind.WRITES:
            self._others.clear()
        elif kind is Kind.READS_LASTING and len(self._lasting) < KEPT_AT_MOST:
            self._lasting[name, tuple(values)] = answer
        elif kind is Kind.READS and len(self._others) < KEPT_AT_MOST:
            self._others[name, tuple(values)] = answer

    def forget(self) -> None:
        """Forget everything."""
        self._lasting.clear()
        self._others.clear()
