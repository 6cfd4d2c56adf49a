"""Faults that stay until they are switched off: what a bad day does to the platforms and the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.serve import Line
from sandbox.telegram import SENDS, TelegramEmulator
from sandbox.telegram_faults import Fault
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_checks import THROUGHPUT
from sandbox.whatsapp_webhooks import LATE, REPEATED, SHUFFLED, Weather

TOO_MANY, OFFLINE = "too_many", "offline"
SWITCHES = (TOO_MANY, OFFLINE, LATE, REPEATED, SHUFFLED)
# the lines of the journal by which each is seen
DONE_BY = {
    TOO_MANY: "refused",
    OFFLINE: "refused",
    LATE: "came_late",
    REPEATED: "came_repeated",
    SHUFFLED: "came_shuffled",
}
PAUSE_SECONDS = 5  # that a platform asks for when it is sent too much
LATE_LEAST, LATE_SECONDS = 4.0, 8.0
REPEATS = 2
BATCH = 5  # webhooks in one body, when they are shuffled
HEAP_SECONDS = 10.0  # that a message waits for a second one to be shuffled with


@dataclass(slots=True)
class FaultSwitches:
    """Which faults are on; every change is carried out at once."""

    telegram: TelegramEmulator
    whatsapp: WhatsAppEmulator
    lines: Sequence[Line] = ()  # from the bot to the platforms
    on: set[str] = field(default_factory=set)

    async def switch(self, name: str, *, on: bool) -> None:
        """Turn one on or off; raises KeyError for one that is not there."""
        if name not in SWITCHES:
            raise KeyError(name)
        (self.on.add if on else self.on.discard)(name)
        self._carry_out()
        if name == OFFLINE:
            await self._change_lines(cut=on)

    async def _change_lines(self, *, cut: bool) -> None:
        for line in self.lines:
            if cut:
                line.cut()
            else:
                await line.mend()

    def _carry_out(self) -> None:
        too_many = [Fault(method, status=429, retry_after=PAUSE_SECONDS) for method in sorted(SENDS)]
        self.telegram.faults.standing = too_many if TOO_MANY in self.on else []
        self.telegram.updates.twice = REPEATED in self.on
        self.whatsapp.faults.standing_code = THROUGHPUT if TOO_MANY in self.on else 0
        weather = Weather(
            batch=BATCH if SHUFFLED in self.on else 1,
            repeats=REPEATS if REPEATED in self.on else 0,
            late_seconds=LATE_SECONDS if LATE in self.on else 0.0,
            late_least=LATE_LEAST if LATE in self.on else 0.0,
            shuffled=SHUFFLED in self.on,
            heap_seconds=HEAP_SECONDS if SHUFFLED in self.on else 0.0,
            stopped=OFFLINE in self.on,
        )
        self.whatsapp.webhooks.change_weather(weather)

    def count_held(self) -> int:
        """Count what people wrote that has not reached the bot yet."""
        return len(self.telegram.updates.pending) + self.whatsapp.webhooks.count_under_way()

    def blocked(self) -> frozenset[str]:
        """List who has blocked the bot, by address."""
        people = [(str(number), person.blocked) for number, person in self.telegram.people.items()]
        people += [(address, person.blocked) for address, person in self.whatsapp.people.by_user_id.items()]
        return frozenset(address for address, blocked in people if blocked)

    def block(self, address: str, *, on: bool) -> None:
        """Have somebody block the bot, or take it back; raises KeyError for somebody unknown."""
        if (person := self.whatsapp.people.by_user_id.get(address)) is not None:
            person.blocked = on
            person.touch()
            return
        number = int(address) if address.isdigit() else 0
        if self.telegram.people[number].blocked is not on:
            (self.telegram.blocks if on else self.telegram.unblocks)(number)
