"""The values that cross a channel in both directions: what came in, what goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from domain.buttons.base import Button
from domain.kept_json import read_json, write_json

BOLD_ON, BOLD_OFF = "\ue000", "\ue001"
ITALIC_ON, ITALIC_OFF = "\ue002", "\ue003"
# Neutral markup: private-use characters that no keyboard types.
# The catalogue writes them, each channel turns them into its own markup.
# words with an address behind them: on, the words, to, the address in brackets, off
LINK_ON, LINK_OFF = "\ue004", "\ue006"
LINK_TO = "\ue005"
MARKS = BOLD_ON + BOLD_OFF + ITALIC_ON + ITALIC_OFF + LINK_ON + LINK_TO + LINK_OFF
WITHOUT_MARKS: dict[int, None] = {ord(mark): None for mark in MARKS}


def plain(text: str) -> str:
    """Remove our marks from typed text, so that nobody writes markup by accident."""
    return text if text.isascii() else text.translate(WITHOUT_MARKS)


LONG_TEXT = "long text"  # the group of a text that may be the first of several pieces


NAMELESS_PHOTO = "foto.jpg"  # how a channel calls a picture that came without a name


class Kind(StrEnum):
    """What a person did: wrote, tapped, sent a file and so on."""

    TEXT = "text"
    BUTTON = "button"
    FILE = "file"
    LOCATION = "location"
    PHONE = "phone"
    OTHER = "other"  # sticker, voice, poll …: understood as "something we cannot read"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    NOTED = "noted"  # by the platform about a person, such as another number: nothing was said
    EDITED = "edited"  # a text sent before, as it reads now
    IGNORED = "ignored"  # nothing a person expects an answer to (groups, edited captions, service notes)


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file as the channel announces it, not yet fetched."""

    remote_id: str
    kind: str  # document, photo, video, animation, audio
    name: str
    mime: str
    size: int | None  # bytes, as announced


@dataclass(frozen=True, slots=True)
class LetterRead:
    """What a file's own text says of it as a letter; a part that is not certain is ""."""

    number: str = ""
    date: str = ""  # as it is written there
    subject: str = ""
    is_letter: bool = True  # whether it names itself as one; a report or a budget may not
    is_scanned: bool = False  # whether it was read off a picture, so that a sign may be misread

    @property
    def parts(self) -> dict[str, str]:
        """The parts that were read."""
        parts = {"number": self.number, "date": self.date, "subject": self.subject}
        return {part: value for part, value in parts.items() if value}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file we hold, checked and named by its hash."""

    sha256: str
    kind: str  # pdf, jpg, png, mp4, docx … by content
    name: str  # as the sender called it; data, never a path
    size: int  # bytes
    # what a reviewer should know of a PDF, parted by spaces: script, launch, embedded, not_all_read
    findings: str = ""
    # what its text says of a letter, until the turn ends; None where nobody asked or a scan has no text
    letter: LetterRead | None = None
    sent_size: int = 0  # bytes as it was sent, where this is a smaller copy made of it; else 0


@dataclass(frozen=True, slots=True)
class FileRefusal:
    """Why a file was not taken: too_big, empty, locked, kind, liar, as_video, bomb, damaged, gone."""

    reason: str
    name: str
    kind: str = ""
    size: int = 0  # bytes


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link that was looked at: live, dead, login (behind an account), private (in a private network),
    unknown.
    """

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class FetchedAlbum:
    """The files of an album in the order they were sent, each stored or refused."""

    files: tuple[StoredFile | FileRefusal, ...]


@dataclass(frozen=True, slots=True)
class ReadList:
    """The rows of a list of offices or people, or why there are none; the file itself is not kept."""

    name: str
    sheets: str = ""  # as `domain.importing.list_sheets.sheets_json` writes them
    refused: str = ""  # the ending of a text key
    params: Mapping[str, Any] = field(default_factory=dict)  # of that text


Fetched = StoredFile | FileRefusal | CheckedLink | FetchedAlbum | ReadList


@dataclass(slots=True, unsafe_hash=True)  # as Choice
class Inbound:
    """One thing a person did, whatever the channel."""

    channel: str
    address: str
    kind: Kind
    text: str = ""
    confirmed: bool = False  # the person said that this text is the answer when it was asked
    links: tuple[str, ...] = ()  # addresses that lie behind words of the text
    linked: str = ""  # the text with these as `[words](address)`; "" where there are none
    button: str = ""  # callback data: untrusted
    page: int | None = None  # a tap that wants no answer but this page of the message's own choices
    callback_id: str = ""
    # of the message whose button was tapped, else of the person's own where there is one
    message_ref: str = ""
    reply_to: str = ""  # the message this one answers, where the person said so
    file: FileRef | None = None
    # shared by the files that were sent at once, each an update of its own; LONG_TEXT while further pieces
    # may come
    group: str = ""
    # all files that were sent at once, where they were several; `file` is the first
    album: tuple[FileRef, ...] = ()
    location: tuple[float, float] | None = None  # degrees: latitude, longitude
    phone: str = ""
    phone_is_own: bool = False
    proves_phone: bool = True  # whether the channel could prove this person's own number
    # another name of the same address, where the channel told one; the address again where it goes by several
    also: str = ""
    before: tuple[
        str, ...
    ] = ()  # names of the address this one takes the place of, where the person has moved
    name: str = ""
    language: str = ""
    sent_at: datetime | None = None


# Not frozen: a turn makes a dozen of these, and to set each field past a lock costs a fifteenth of it. Nobody
# changes them all the same (`tests/transcripts/test_unfrozen_values.py`).
@dataclass(slots=True, init=False, unsafe_hash=True)
class Choice:
    """One button: what it says and the data it carries (at most 64 bytes)."""

    label: str
    data: str
    navigates: bool  # it leads through the talk and is no answer: back, skip, help, leave, another page
    several: bool  # others of its message may be taken with it

    def __init__(self, label: str, button: Button, *, navigates: bool | None = None) -> None:
        """Write the button's data down; raises ValueError when it is too long. What it is, the button says
        itself.
        """
        mark = button.mark
        self.label = label
        self.data = button.data()
        self.navigates = mark == "navigates" if navigates is None else navigates
        self.several = mark == "several"

    def to_list(self) -> list[str]:
        """Write it as the outbox keeps it: label, data, and what it is where that is not the usual."""
        kept = [self.label, self.data]
        if self.navigates:
            kept.append("navigates")
        if self.several:
            kept.append("several")
        return kept

    @classmethod
    def from_list(cls, kept: Sequence[str]) -> Choice:
        """Read back what `to_list` wrote."""
        choice = object.__new__(cls)  # past `__init__`, as there is no button to ask
        choice.label, choice.data, *marks = kept
        choice.navigates = "navigates" in marks
        choice.several = "several" in marks
        return choice


Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a document; it is made when it is sent, outside any transaction, from what stands here."""

    kind: Literal["photo", "document"]
    make: str  # who makes it, a name of `bot.attachments.making`
    args: Mapping[str, Any]  # what the maker is told, as JSON keeps it
    name: str  # of the file, as the person sees it


@dataclass(frozen=True, slots=True)
class Template:
    """What may be sent in a message's place to somebody who has not spoken for long: an approved text,
    filled.
    """

    name: str
    language: str
    parameters: tuple[tuple[str, str], ...]  # name and value
    payload: str  # data of its one button
    follows: bool  # the message itself is sent when the person taps


@dataclass(slots=True, unsafe_hash=True)  # as Choice
class Message:
    """One outgoing message in neutral markup."""

    text: str
    rows: Rows = ()
    edit: str = ""  # message to change in place instead of sending a new one
    ask: str = ""  # "phone" or "location": a keyboard that shares it; "remove" takes it away
    callback_id: str = ""  # the tap this answers
    toast: str = ""  # short note shown at the tap, at most 200 characters
    menu: tuple[tuple[str, str], ...] = ()  # commands and what they do, for this person's own menu
    attachment: Attachment | None = None  # the text is its caption; such a message is never an edit
    broadcast: bool = False  # part of an announcement to many
    apart: bool = False  # is read by itself, such as a preview: nothing is joined with it
    page: int = 0  # of the choices, where a channel shows only so many at once
    # sent instead where free messages are not taken; without text it is sent itself
    template: Template | None = None
    language: str = ""  # of who reads it, put in as it leaves: for what a channel says by itself; not kept

    def answering(self, inbound: Inbound) -> Message:
        """Tie this message to the tap it answers, if it is one, so that the phone stops spinning."""
        if not inbound.callback_id:
            return self
        return replace(self, callback_id=inbound.callback_id)

    def to_json(self) -> str:
        """Write the message as the outbox keeps it."""
        fields: dict[str, Any] = {"text": self.text}
        if self.rows:
            fields["rows"] = [list(map(Choice.to_list, row)) for row in self.rows]
        for name in ("edit", "ask", "callback_id", "toast", "menu", "broadcast", "apart", "page"):
            if value := getattr(self, name):
                fields[name] = value
        if self.attachment is not None:
            fields["attachment"] = asdict(self.attachment)
        if self.template is not None:
            fields["template"] = asdict(self.template)
        return write_json(fields)

    @classmethod
    def from_json(cls, raw: str, *, language: str = "") -> Message:
        """Read back what `to_json` wrote, for somebody who reads this language."""
        fields = read_json(raw)
        rows = tuple(tuple(Choice.from_list(choice) for choice in row) for row in fields.pop("rows", ()))
        menu = tuple((name, description) for name, description in fields.pop("menu", ()))
        carried = fields.pop("attachment", None)
        return cls(
            rows=rows,
            menu=menu,
            attachment=Attachment(**carried) if carried else None,
            template=_read_template(fields.pop("template", None)),
            language=language,
            **fields,
        )


def _read_template(kept: dict[str, Any] | None) -> Template | None:
    if kept is None:
        return None
    return Template(**{**kept, "parameters": tuple((name, value) for name, value in kept["parameters"])})
