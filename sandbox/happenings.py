"""What happened in the sandbox, line by line and for people to read; the raw call or update on demand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sandbox.demo import DemoPerson
from sandbox.panel_words import PanelWords
from sandbox.telegram import SENDS, Journalled
from sandbox.whatsapp import GraphCall

KEPT, SHOWN = 400, 60
TEXT_CHARS = 70
_FILES = ("document", "photo", "image", "video", "voice", "audio", "sticker")
Happened = tuple[str, Mapping[str, object]]  # the key of the words, and their parameters


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the journal."""

    number: int
    at: float  # seconds since 1970, by the sandbox's clock
    address: str  # of the person it is about; "" for what concerns nobody
    key: str
    parameters: Mapping[str, object]
    raw: Any = None


@dataclass(slots=True)
class Happenings:
    """The newest lines."""

    clock: Callable[[], float]
    crowd: Mapping[str, DemoPerson]  # by address, phone number too
    # of the button that a query of Telegram tells of: the platform passes on only what the button carries
    label_of: Callable[[Mapping[str, Any]], str]
    lines: deque[Happening] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0

    def add(self, key: str, *, address: str = "", raw: Any = None, **parameters: object) -> None:
        """Write a line; `key` names its words without the file and the prefix."""
        self.count += 1
        person = self.crowd.get(address)
        filled = {"who": person.name if person else address, **parameters}
        line = Happening(self.count, self.clock(), person.address if person else address, key, filled, raw)
        self.lines.append(line)

    def count_since(self, number: int, *, keys: Collection[str]) -> int:
        """Count what happened of some kinds after the line of this number."""
        return sum(line.number > number and line.key in keys for line in self.lines)

    def take_weather(self, kind: str, messages: int) -> None:
        """Note what a bad day did to messages of people on their way to the bot."""
        if messages:
            self.add(f"came_{kind}", count=messages)

    def show(self, words: PanelWords) -> Sequence[Mapping[str, object]]:
        """Say the newest lines, the newest first."""
        newest = islice(reversed(self.lines), SHOWN)
        return [
            {
                "number": line.number,
                "at": line.at,
                "text": words(f"panel.happened_{line.key}", **_translate(line.parameters, words)),
                "raw": line.raw is not None,
            }
            for line in newest
        ]

    def raw_of(self, number: int) -> Any:
        """Find what a line was written from; None where there is nothing any more."""
        return next((line.raw for line in self.lines if line.number == number), None)

    # Telegram

    def take_update(self, update: Mapping[str, Any]) -> None:
        """Note what somebody did on Telegram."""
        for kind, part in update.items():
            if isinstance(part, dict) and "from" in part:
                tapped = kind == "callback_query"
                key, parameters = (
                    ("tapped", {"label": self.label_of(part)}) if tapped else _read_update(kind, part)
                )
                self.add(key, address=str(part["from"]["id"]), raw=update, **parameters)

    def take_call(self, call: Journalled) -> None:
        """Note what the bot sent on Telegram, and what was refused."""
        address = str(call.chat_id or "")
        raw = {"method": call.method, "params": call.params, "status": call.status, "result": call.result}
        if call.status != 200 and call.method != "getUpdates":
            self.add("refused", address=address, raw=raw, platform="Telegram", code=call.status or "–")
        elif call.method in SENDS:
            text = _shorten(call.params.get("text") or call.params.get("caption") or "")
            self.add("bot_wrote", address=address, raw=raw, text=text)
        elif call.method.startswith("editMessage"):
            self.add("bot_changed", address=address, raw=raw, text=_shorten(call.params.get("text") or ""))

    # WhatsApp

    def take_webhook(self, value: Mapping[str, Any]) -> None:
        """Note what somebody did on WhatsApp, and what did not arrive."""
        for message in value.get("messages") or ():
            key, parameters = _read_whatsapp(message)
            address = str(message.get("from_user_id") or message.get("from") or "")
            self.add(key, address=address, raw=value, **parameters)
        for status in value.get("statuses") or ():
            if status.get("status") == "failed":
                address = str(status.get("recipient_user_id") or "")
                self.add("not_arrived", address=address, raw=value)

    def take_graph_call(self, call: GraphCall) -> None:
        """Note what the bot sent on WhatsApp, and what was refused."""
        if not call.path.endswith("/messages") or not isinstance(call.body, dict):
            return
        address = str(call.body.get("recipient") or call.body.get("to") or "").lstrip("+")
        raw = {"path": call.path, "body": call.body, "status": call.status, "result": call.result}
        if call.status != 200:
            self.add("refused", address=address, raw=raw, platform="WhatsApp", code=call.status)
        elif "template" in call.body:
            self.add("bot_rang", address=address, raw=raw, name=call.body["template"].get("name", ""))
        elif "type" in call.body:
            self.add("bot_wrote", address=address, raw=raw, text=_shorten(_text_of(call.body)))


def _translate(parameters: Mapping[str, object], words: PanelWords) -> Mapping[str, object]:
    """Name a fault in the language of the words."""
    return {
        name: words(f"panel.fault_{value}") if name == "fault" else value
        for name, value in parameters.items()
    }


def _read_update(kind: str, part: Mapping[str, Any]) -> Happened:
    if kind == "my_chat_member":
        kicked = part["new_chat_member"]["status"] == "kicked"
        return ("blocked" if kicked else "unblocked"), {}
    if kind == "edited_message":
        return "edited", {"text": _shorten(part.get("text", ""))}
    return _read_parts(part, text=part.get("text", ""))


def _read_whatsapp(message: Mapping[str, Any]) -> Happened:
    if message.get("type") in ("interactive", "button"):
        return "tapped", {"label": next(_list_texts(message), "")}
    return _read_parts(message, text=(message.get("text") or {}).get("body", ""))


def _read_parts(part: Mapping[str, Any], *, text: str) -> Happened:
    if text:
        return "wrote", {"text": _shorten(text)}
    for kind in _FILES:
        if kind in part:
            return "sent_file", {}
    if "location" in part:
        return "shared_location", {}
    return ("shared_contact" if "contact" in part or "contacts" in part else "did_something"), {}


def _text_of(body: Any) -> str:
    """Find the first text of a message of the Cloud API."""
    return next(_list_texts(body), "")


def _list_texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key in ("body", "text", "caption", "title"):
            if isinstance(part.get(key), str) and part[key]:
                yield part[key]
        for value in part.values():
            yield from _list_texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _list_texts(value)


def _shorten(text: str) -> str:
    """Take the first line of a text, without its markup, cut to what a line of the journal holds."""
    plain, inside = [], False
    for character in text.strip().splitlines()[0] if text.strip() else "":
        if character in "<>":
            inside = character == "<"
        elif not inside:
            plain.append(character)
    line = "".join(plain).strip()
    return line if len(line) <= TEXT_CHARS else f"{line[: TEXT_CHARS - 1]}…"
