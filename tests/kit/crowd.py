"""People who hand in an innovation by themselves: they read what the bot shows and answer it.

Used where many have to talk at once: the crash test and the benchmark of kills.
Each person's answers carry the person's number, so that an answer in a wrong field is seen.
"""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, ClassVar

from domain.rules.form import Form, Question
from sandbox.telegram import TelegramEmulator

LOOK_SECONDS = 0.05  # between two looks at the phone
# a reply that was under way at two kills is not sent a third time: after so long a silence people ask
PATIENCE_SECONDS = 30.0
BACK, ONWARDS_LABEL = "/draf", "Lanjutkan isian"
NEW = "a:new"  # begins a draft of one's own
DATES = {
    "waktu_uji_coba": "3 Februari 2025",
    "waktu_penerapan": "1 Juni 2025",
    "waktu_pengembangan": "1 Agustus 2025",
}


def text_answer(question: Question, number: int) -> str:
    """What person `number` types at an open question."""
    if question.kind == "date":
        return DATES[question.id]
    if question.kind == "number":
        return f"Rp {number} juta"
    if question.kind == "location":
        return f"-2.5{number:03d}, 112.9{number:03d}"  # inside the regency
    if question.kind == "long":
        return f"{question.id} orang {number} " + "kata " * 60
    return f"{question.id} orang {number}"


@dataclass
class PatientPerson(ABC):
    """One person with patience; whoever adds the phone says how it is looked at and typed into."""

    begins_with: ClassVar[str]
    number: int
    form: Form
    chance: random.Random
    done: bool = False
    sent: list[int] = field(default_factory=list)  # update ids, or numbers of webhooks
    last: tuple[Any, ...] = ()
    asked_again: int = 0  # how often nothing came, and the person asked for the draft

    async def hands_in(self) -> None:
        """Talk until the receipt is there."""
        self._says(self.begins_with)
        looked, heard = 0, monotonic()
        while not self.done:
            await asyncio.sleep(LOOK_SECONDS)
            for message in self._chat()[looked:]:
                looked += 1
                if self._is_from_desk(message):
                    heard = monotonic()
                    self._reads(message)
            if monotonic() - heard > PATIENCE_SECONDS:
                heard = monotonic()
                self._asks_again()

    def _asks_again(self) -> None:
        self.asked_again += 1
        self.last = ()
        self._says(BACK)

    @abstractmethod
    def _chat(self) -> Sequence[Any]:
        """Everything on the phone, in its order."""

    @abstractmethod
    def _is_from_desk(self, message: Any) -> bool: ...

    @abstractmethod
    def _reads(self, message: Any) -> None:
        """Do what a message asks for."""

    @abstractmethod
    def _says(self, text: str) -> None: ...


@dataclass(kw_only=True)
class CrowdPerson(PatientPerson):
    """One of them on Telegram."""

    begins_with = "/ajukan"
    address: int
    emulator: TelegramEmulator

    def _chat(self) -> Sequence[Any]:
        return self.emulator.chat(self.address)

    def _is_from_desk(self, message: Any) -> bool:
        return bool(message.from_bot)

    def _reads(self, message: Any) -> None:
        buttons = [(label, data) for row in message.keyboard or () for label, data in row]
        if "Nomor tanda terima" in message.text:
            self.done = True
            return
        onwards = next((data for label, data in buttons if label == ONWARDS_LABEL), "")
        if onwards and self.asked_again:
            self._taps(message.message_id, onwards)
            return
        ours = [data for _, data in buttons if data.startswith("f:")]
        if not ours:
            return
        place = tuple(ours[0].split(":")[2:4])
        actions = {data.split(":")[4] for data in ours}
        seen = (place, frozenset(actions))
        if seen == self.last:  # the same question again, sent twice after a crash
            return
        self.last = seen
        if NEW in (data for _, data in buttons):  # a colleague of the office has begun one already
            self._taps(message.message_id, NEW)
            return
        self._answers(place[0], message.message_id, ours, actions)

    def _answers(self, place: str, message_id: int, ours: list[str], actions: set[str]) -> None:
        if place == "#check":
            self._taps(message_id, next((d for d in ours if d.endswith(":send")), ours[-1]))
            return
        if place.startswith("#"):
            return
        if "yes" in actions:  # the name resembles a colleague's: it is meant all the same
            self._taps(message_id, next(d for d in ours if d.endswith(":yes")))
            return
        question = self.form.by_id[place]
        forward = [d for d in ours if d.split(":")[4] in ("keep", "skip")]
        if question.kind == "choice":
            self._taps(message_id, self.chance.choice([d for d in ours if ":o:" in d and "before" not in d]))
        elif question.kind == "multi":
            over = [d for d in ours if d.split(":")[4] in ("done", "keep", "skip")]
            self._taps(message_id, over[0])
        elif question.kind == "file" or (question.kind == "long" and "keep" in actions):
            self._taps(message_id, forward[0])
        else:
            self._says(text_answer(question, self.number))

    def _says(self, text: str) -> None:
        self.sent.append(self.emulator.says(self.address, text))

    def _taps(self, message_id: int, data: str) -> None:
        self.sent.append(self.emulator.taps(self.address, message_id, data))
