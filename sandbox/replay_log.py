"""What everybody hears in a replayed period, written down in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.channels import Blocked
from bot.channels.telegram.channel import TelegramChannel
from domain.message import MARKS, Message
from sandbox.replay_events import CAST, DESK, LEADER
from sandbox.replay_whatsapp import Act, WhatsAppPhones
from sandbox.whatsapp_phones import WhatsAppMessage

NAMES = {address: name for people in CAST.values() for address, name in people} | {
    DESK: "Sari (desk)",
    LEADER: "Wati",
}


class TelegramPhones(TelegramChannel):
    """Telegram without a network: it passes on what everybody hears."""

    def __init__(self, hears: Callable[[str, Message], None]) -> None:
        super().__init__("0:replay", root="")
        self._hears = hears
        self.blocked: set[str] = set()

    async def send(
        self, address: str, message: Message, file: Path | None = None, *, tracker: int = 0
    ) -> str:
        """Deliver; somebody who blocked the bot hears nothing."""
        if address in self.blocked:
            raise Blocked
        self._hears(address, message)
        return address


class ReplayLog:
    """The lines of a replay; `say_time` tells its present moment as people read it."""

    def __init__(self, say_time: Callable[[], str]) -> None:
        self._say_time = say_time
        self._lines: list[str] = []
        self._arrived: list[tuple[int, str]] = []

    def text(self) -> str:
        """The whole log."""
        return "\n".join(self._lines)

    def hear(self, address: str, message: Message) -> None:
        """Write down one message as it is read on Telegram."""
        text = message.text.translate({ord(mark): None for mark in MARKS})
        rows = ["".join(f"[{choice.label}]" for choice in row) for row in message.rows]
        if message.attachment is not None:
            rows.insert(0, f"({message.attachment.name})")
        self._write(address, [*text.splitlines(), *rows])

    def read_whatsapp(self, phones: WhatsAppPhones) -> None:
        """Write down what is new on WhatsApp."""
        for number, message in phones.read_new():
            how = f" · WhatsApp · templat {message.template}" if message.template else " · WhatsApp"
            self._write(number, _draw(message), how=how)

    def _write(self, number: str, lines: Sequence[str], *, how: str = "") -> None:
        body = "\n".join(f"    {line}".rstrip() for line in lines)
        head = f"{self._say_time()} → {NAMES.get(number, number)}{how}"
        self._arrived.append((int(number), f"{head}\n{body}\n"))

    def write_act(self, act: Act) -> None:
        """Write down what a person did on WhatsApp."""
        self._lines.append(f"{self._say_time()} ← {NAMES[act.number]} · WhatsApp: {act.words}\n")

    def write_event(self, key: str, what: str) -> None:
        """Write down what happened."""
        self._lines.append(f"{self._say_time()} · {key}: {what}\n")

    def arrive(self) -> None:
        """Write down what arrived at one moment by person: the network knows no order."""
        self._lines += [line for _, line in sorted(self._arrived, key=lambda arrival: arrival[0])]
        self._arrived.clear()


def _draw(message: WhatsAppMessage) -> list[str]:
    """Write a WhatsApp message in lines: its file, words, footer, buttons or rows."""
    file = [f"({message.file.name})"] if message.file else []
    footer = [f"({message.footer})"] if message.footer else []
    buttons = ["".join(f"[{title}]" for title, _ in message.buttons)] if message.buttons else []
    return [*file, *message.text.splitlines(), *footer, *buttons, *(f"[{row[0]}]" for row in message.rows)]
