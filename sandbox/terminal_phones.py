"""The phones of the demo as a terminal shows them: one in the hand, the others as counts of what came."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domain.message import BOLD_OFF, BOLD_ON, WITHOUT_MARKS, Choice
from sandbox.demo import DemoPerson
from sandbox.terminal_channel import Heard, TerminalChannel
from storage.inbox import Arrival

HELP = """\
Type as you would on a phone: a text, a command such as /bantuan, the label or the number of a button.
  :3              taps the third button, whatever is being asked
  :file PATH      sends a file; a text behind "--" is written below it
  :who            lists everybody; :who sari takes that person's phone
  :quit           ends; what was done is kept, and --fresh begins anew"""
BOLD = {BOLD_ON: "\033[1m", BOLD_OFF: "\033[0m"}
KEPT = "\N{NO-BREAK SPACE}"  # of a label, whose words stay on one line
_FILE = re.compile(r":file\s+(?P<path>.+?)(?:\s+--\s+(?P<caption>.+))?\s*")


class NobodyCalled(RuntimeError):
    """no person of the demo has this name"""


@dataclass(slots=True)
class Phone:
    """What lies on one phone: what was not shown yet, and the newest buttons."""

    unread: list[Heard] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    of: str = ""  # the message the buttons belong to
    announced: int = 0  # how many unread ones were said to wait, while another phone was in the hand


class Phones:
    """Everybody's phone, one of them in the hand."""

    def __init__(self, crowd: Sequence[DemoPerson]) -> None:
        """Begin with the first person's."""
        self._crowd = crowd
        self._person = crowd[0]
        self._phones = {person.address: Phone() for person in crowd}

    def turn_to(self, name: str) -> None:
        """Take the phone of whoever's name begins so; raises NobodyCalled."""
        wanted = name.strip().casefold()
        meant = [person for person in self._crowd if person.name.casefold().startswith(wanted)]
        if not meant:
            raise NobodyCalled(f'nobody here is called "{name}"; :who lists everybody')
        self._person = meant[0]

    def greet(self) -> None:
        """Say whose phone it is and how to go on."""
        print(f"{_fit(HELP)}\n\nThis is the phone of {self._person.name}: {self._person.about}.")
        self._prompt()

    def hear(self, heard: Heard) -> None:
        """Put a message on its phone."""
        phone = self._phones.get(heard.address)
        if phone is None:
            return
        phone.unread.append(heard)
        rows = heard.message.rows
        if rows:
            phone.choices, phone.of = tuple(choice for row in rows for choice in row), heard.reference

    def do(self, channel: TerminalChannel, line: str) -> Arrival | None:
        """Make the update of a line; None where it is the terminal's own, or nothing."""
        if not sys.stdin.isatty():
            print(line)
        line = line.strip()
        address = self._person.address
        if line[:1] != ":":
            return channel.typed(address, line, name=self._person.name) if line else None
        if line[1:].strip().isdecimal():
            return self._tap(channel, int(line[1:]))
        if file := _FILE.fullmatch(line):
            return self._send(channel, Path(file["path"].strip("\"'")).expanduser(), file["caption"] or "")
        self._obey(line)
        return None

    def _tap(self, channel: TerminalChannel, number: int) -> Arrival | None:
        phone = self._phones[self._person.address]
        if not 1 <= number <= len(phone.choices):
            print(f"There is no button {number}; buttons here: {len(phone.choices)}.")
            return None
        return channel.tapped(self._person.address, phone.choices[number - 1].data, of=phone.of)

    def _send(self, channel: TerminalChannel, path: Path, caption: str) -> Arrival | None:
        if not path.is_file():
            print(f"{path} is no file.")
            return None
        return channel.sent(self._person.address, path, caption=caption)

    def _obey(self, line: str) -> None:
        """Do what a line says to the terminal."""
        word, _, rest = line[1:].partition(" ")
        if word != "who":
            print(_fit(HELP))
        elif not rest.strip():
            print(*(_fit(f"  {person.name}: {person.about}") for person in self._crowd), sep="\n")
        else:
            try:
                self.turn_to(rest)
            except NobodyCalled as error:
                print(error)

    def show(self) -> None:
        """Say what came to the phone in the hand, and how much waits on the others."""
        phone = self._phones[self._person.address]
        for heard in phone.unread:
            _print(heard)
        phone.unread.clear()
        for person in self._crowd:
            phone = self._phones[person.address]
            waiting = len(phone.unread)
            if waiting > phone.announced:
                print(f"({person.name} has {waiting} unread: :who {person.name.split()[0].casefold()})")
            phone.announced = waiting
        self._prompt()

    def _prompt(self) -> None:
        print(f"\n{self._person.name}> ", end="", flush=True)


def _print(heard: Heard) -> None:
    message = heard.message
    if message.toast:
        print(f"({message.toast})")
    if heard.file is not None:
        print(f"[{message.attachment.kind if message.attachment else 'file'}: {heard.file}]")
    if message.text:
        print(_write(message.text))
    number = 0
    for row in message.rows:
        labels = (f"[{number + at}. {choice.label}]".replace(" ", KEPT) for at, choice in enumerate(row, 1))
        print(_fit(" ".join(labels)).replace(KEPT, " "))
        number += len(row)
    if message.ask and message.ask != "remove":
        print(f"(on a phone: a button that shares the {message.ask})")
    print()


def _write(text: str) -> str:
    """Write neutral markup for the terminal: bold where it can be shown."""
    text = _fit(text)
    if sys.stdout.isatty():
        for mark, code in BOLD.items():
            text = text.replace(mark, code)
    return text.translate(WITHOUT_MARKS)


def _fit(text: str) -> str:
    """Break lines between words where the terminal would break within one; elsewhere they stay."""
    if not sys.stdout.isatty():
        return text
    width = shutil.get_terminal_size().columns
    lines = (
        textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )
    return "\n".join("\n".join(parts) for parts in lines)
