"""Plays a transcript on WhatsApp, or by turns on both, and writes down what differs there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.message import Message
from sandbox.whatsapp_phones import WhatsAppMessage
from tests.kit.both_channels import BothWorld, WhatsAppPhone
from tests.kit.files import made
from tests.kit.player import Player, filler
from tests.kit.world import Person

_SAID = "SELECT channel, payload FROM outbox WHERE address = ? ORDER BY id DESC LIMIT 60"
_KNOWN = "SELECT 1 FROM addresses WHERE channel = 'whatsapp' AND address = ?"
# about a number the platform has told already, and an answer whose edit was not read
NEVER_OFFERED = ("Nomor saya", "Buka pertanyaannya")
_FILES = {"suara": ("audio", "audio/ogg"), "stiker": ("sticker", "image/webp")}


class Commuter(Player):
    """Plays a script on WhatsApp, or every other act of it."""

    def __init__(self, world: BothWorld, *, by_turns: bool) -> None:
        super().__init__(world)
        self.world: BothWorld = world
        self.by_turns, self.acts = by_turns, 0
        self.heard: dict[int, set[str]] = {}  # per person: messages written down already

    async def does(self, person: Person, what: str) -> None:
        """Do it on the phone whose turn it is; a button is tapped where it was shown last."""
        self.acts += 1
        phone = person if self.by_turns and self._is_for_telegram(person, what) else None
        there = self.world.on_whatsapp(person.address)
        if phone is None:
            await there.opens_template()
        await super().does(phone or there, what)
        if self.by_turns:
            await self.world.joins()

    def _is_for_telegram(self, person: Person, what: str) -> bool:
        """Tell whether an act belongs on Telegram: what is tapped, edited or answered is where it was shown,
        whoever has not enrolled yet does so there, and everything else goes by turns.
        """
        if taps := re.fullmatch(r"(\{ganda\} )?\[(.+?)\]( lama)?", what):
            return not self._stands_there(person, taps[2])
        if points := re.match(r"\((ubah|balas) ([^)]+)\)", what):
            there = self.world.on_whatsapp(person.address)
            if points[1] == "ubah":
                return there.wrote(points[2]) is None
            return not any(points[2] in message.text for message in there.shown)
        known = self.world.rows(_KNOWN, str(person.address))
        return not known or self.acts % 2 == 1

    async def happens(self, what: str) -> list[str] | None:
        """Let something happen, and what becomes of messages on their way be told."""
        told = await super().happens(what)
        if self.world.app is not None:
            await self.world.told_all()
        return told

    async def taps(self, person: Person, label: str, *, oldest: bool, twice: bool) -> None:
        """Tap, and once more where the script does."""
        if isinstance(person, WhatsAppPhone) and label in NEVER_OFFERED:
            return
        if not (twice and isinstance(person, WhatsAppPhone)):
            await super().taps(person, label, oldest=oldest, twice=twice)
            return
        await person.taps_twice(label)

    async def sends(self, person: Person, words: list[str]) -> None:
        """Send a file or card as WhatsApp carries it."""
        kind, rest = words[0], words[1:]
        if not isinstance(person, WhatsAppPhone):
            await super().sends(person, words)
        elif kind in _FILES:
            there, mime = _FILES[kind]
            await person.sends("x", b"not read", kind=there, mime=mime)
        elif kind == "blokir":
            person.blocks()
        elif kind == "terpotong":  # the app takes a longer text than Telegram's, and cuts none
            await person.says("".join(filler(int(count)) for count in rest))
        elif kind == "album":
            await self._sends_at_once(person, " ".join(rest))
        elif kind != "nomor":
            await super().sends(person, words)
        elif self.world.rows(
            _KNOWN, person.user_id
        ):  # nobody else is asked: the platform has told the number
            await person.shares_card(of_other=rest == ["orang", "lain"])

    async def _sends_at_once(self, person: WhatsAppPhone, what: str) -> None:
        listed, _, caption = what.partition(" # ")
        files = [made(kind, rest) for kind, *rest in (one.split() for one in listed.split(" | "))]
        await person.sends_together(files, caption=caption)

    def _stands_there(self, person: Person, label: str) -> bool:
        """Tell whether the newest message that offers this came by WhatsApp."""
        for channel, payload in self.world.rows(_SAID, str(person.address)):
            if any(label in choice.label for row in Message.from_json(payload).rows for choice in row):
                return bool(channel == "whatsapp")
        return False

    def said_to(self, person: Person) -> list[str]:
        """Write what is new on the person's WhatsApp, and on Telegram where both are used."""
        lines = super().said_to(person) if self.by_turns else []
        heard = self.heard.setdefault(person.address, set())
        for message in self.world.on_whatsapp(person.address).shown:
            if message.wamid not in heard:
                heard.add(message.wamid)
                lines += [*_drawn(message), ""]
        while lines and not lines[-1]:
            lines.pop()
        return lines


def _drawn(message: WhatsAppMessage) -> list[str]:
    """Draw one message: its file, its words, its footer in brackets, buttons, and a list as it opens."""
    lines = [f"  ({message.file.name})"] if message.file else []
    lines += [f"  {line}".rstrip() for line in message.text.splitlines()]
    lines += [f"  ({message.footer})"] if message.footer else []
    lines += ["  (templat)"] if message.template else []
    if message.buttons:
        lines.append("  " + " ".join(f"[{title}]" for title, _ in message.buttons))
    for position, (title, note, _) in enumerate(message.rows):
        if heading := message.headings.get(position):
            lines.append(f"  - {heading}")
        lines.append(f"  [{title}]" + (f" {note}" if note else ""))
    return lines


def differences(played: str, written: str) -> str:
    """Keep the acts of `played` that `written` shows otherwise; "" where there are none."""
    here, there = _acts(played), _acts(written)
    kept = [act for act, other in zip(here, there, strict=True) if _words(act) != _words(other)]
    return "\n\n".join("\n".join(act).rstrip() for act in kept) + "\n" if kept else ""


def _acts(script: str) -> list[list[str]]:
    acts: list[list[str]] = []
    for line in script.splitlines():
        if line.startswith(("#", "!")) or re.match(r"\w+> ", line):
            acts.append([])
        if acts:
            acts[-1].append(line)
    return acts


def _words(act: Sequence[str]) -> list[str]:
    """What is read and kept in an act: how lines of buttons are broken is no difference."""
    told = [line for line in act if line and line != "  (pesan diubah)"]
    lines = [line for line in told if not line.startswith("  [")]
    return [
        *lines,
        *(label for line in told for label in re.findall(r"\[[^\]]*\]", line) if line not in lines),
    ]
