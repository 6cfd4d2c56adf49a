"""How values of the server become those SQLite gives: whole numbers, floats and texts."""

from __future__ import annotations

from psycopg import postgres
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader


class TruthLoader(Loader):
    """A truth is 1 or 0."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


class SumLoader(Loader):
    """A sum of whole numbers is a whole number, an average a float."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


class _Values:
    """What the client library asks for to read rows."""

    def __init__(self) -> None:
        self.connection = None
        self.adapters = AdaptersMap(postgres.adapters)
        self.adapters.register_loader("bool", TruthLoader)
        self.adapters.register_loader("numeric", SumLoader)


VALUES = _Values()
