"""A walk through every page a person can reach: each command and each button, and what lies behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.message import WITHOUT_MARKS, Inbound, Kind, Message
from handlers.desk import Desk
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import PEOPLE

TAP = "→"  # begins an act of a way that is a tap, with the data of its button; any other is typed
DEEPEST = 40  # taps behind one another
_REVISION = re.compile(r"^(f:\d+:[^:]*):\d+:")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Page:
    """One message, and the texts and buttons that led to it."""

    way: tuple[str, ...]
    message: Message

    @property
    def text(self) -> str:
        """What it says, without our marks."""
        return self.message.text.translate(WITHOUT_MARKS)

    @property
    def units(self) -> int:
        """The length of its text as a platform counts it, in UTF-16 units."""
        return len(self.text.encode("utf-16-le")) // 2

    @property
    def labels(self) -> Sequence[str]:
        """What its buttons say."""
        return [choice.label for row in self.message.rows for choice in row]

    @property
    def data(self) -> Sequence[str]:
        """What its buttons carry."""
        return [choice.data for row in self.message.rows for choice in row]


class Walk:
    """Taps every button once; of those that differ only by a number, so many as `alike` says."""

    def __init__(self, tx: Transaction, desk: Desk, person: int, *, alike: int) -> None:
        self.tx, self.desk, self.person, self.alike = tx, desk, person, alike
        self.tapped: set[str] = set()
        self.families: set[str] = set()  # of buttons that were taken
        self.dialogues: set[str] = set()  # that were open
        self.shapes: Counter[str] = Counter()

    def pages(self, ways: Sequence[str | tuple[str, ...]]) -> Iterator[Page]:
        """Go each way, a text or several acts, and walk on from its end; every turn is taken back
        afterwards.
        """
        for way in ways:
            acts = (way,) if isinstance(way, str) else way
            self.tx.execute("SAVEPOINT way")
            for n, act in enumerate(acts[:-1], 1):
                yield from self._turn(self._act(act), acts[:n])
            yield from self._behind(self._act(acts[-1]), acts)
            self.tx.execute("ROLLBACK TO way")
            self.tx.execute("RELEASE way")

    def _act(self, act: str) -> Inbound:
        if act.startswith(TAP):
            return self._tap(act.removeprefix(TAP))
        return Inbound("telegram", str(self.person), Kind.TEXT, text=act, name=PEOPLE[self.person][0])

    def _turn(self, inbound: Inbound, way: tuple[str, ...]) -> list[Page]:
        """Take one turn, and note what took it and what it left open."""
        for taps in self.desk.registry.taps(inbound.button):
            if taps.family.parse(inbound.button) is not None:
                self.families.add(taps.family.__name__)
                break
        said = self.desk.take(self.tx, inbound, fetched=None, now=MORNING)
        self.dialogues |= {name for (name,) in self.tx.execute("SELECT name FROM dialogues").fetchall()}
        return [Page(way, message) for message in said]

    def _behind(self, inbound: Inbound, way: tuple[str, ...]) -> Iterator[Page]:
        """Take one turn and, while its effects hold, every turn its buttons lead to."""
        self.tx.execute("SAVEPOINT page")
        pages = self._turn(inbound, way)
        yield from pages
        for data in [data for page in pages for data in page.data if data]:
            if len(way) < DEEPEST and self._is_new(data):
                yield from self._behind(self._tap(data), (*way, data))
        self.tx.execute("ROLLBACK TO page")
        self.tx.execute("RELEASE page")

    def _tap(self, data: str) -> Inbound:
        return Inbound(
            "telegram", str(self.person), Kind.BUTTON,
            button=data, callback_id="1", message_ref="9", name=PEOPLE[self.person][0],
        )  # fmt: skip

    def _is_new(self, data: str) -> bool:
        key = _REVISION.sub(r"\1:", data)
        shape = _NUMBER.sub("#", key)
        if key in self.tapped or self.shapes[shape] >= self.alike:
            return False
        self.tapped.add(key)
        self.shapes[shape] += 1
        return True
