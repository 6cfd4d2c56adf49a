"""What a handler is given: the one turn at hand, and what was loaded at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from domain import buttons
from domain.desk_data import DeskData
from domain.message import Choice, Fetched, FetchedAlbum, FileRefusal, Inbound, Message, StoredFile
from domain.people import Contact, Right, may
from domain.reading.dates import PartialDate, say_date, say_datetime
from domain.texts import Marked, Say
from domain.typed_choice import Reads
from domain.wants import WantsFile
from storage import audit, desk_settings
from storage.dialogues import Dialogue, State
from storage.engine.transaction import Transaction


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Context:
    """One turn: who said what, when, and the transaction it happens in."""

    desk_data: DeskData
    tx: Transaction
    inbound: Inbound
    contact: Contact | None
    say: Say
    now: datetime
    fetched: Fetched | None = None  # a file, or a link that was looked at
    dialogue: Dialogue | None = None  # what the person had open when the turn began
    has_others: bool = False  # whether the person has other addresses than the one of this turn
    args: str = ""  # what stands behind a command, or in a button behind its prefix
    offered: tuple[Choice, ...] = ()  # the choices before the person, where some may be rows of a list

    @property
    def person(self) -> Contact:
        """The person, where a right has already made sure there is one."""
        if self.contact is None:
            raise LookupError("this turn has no contact")
        return self.contact

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.desk_data.timezone).date()

    def may(self, right: Right, *, office: int | None = None) -> bool:
        """Tell whether this person may do this."""
        return may(self.contact, right, office=office)

    def refuse(self, action: str, **ids: Any) -> None:
        """Note a refused move: who, what, when; `ids` are numbers and codes, never what somebody wrote."""
        audit.record(self.tx, action, now=self.now, actor=self.contact.id if self.contact else None, **ids)

    def state(self, dialogue: str, kind: type[State]) -> State | None:
        """Read the state of a dialogue; None when another is open, or none."""
        if self.dialogue is None or self.dialogue.name != dialogue:
            return None
        return self.dialogue.state_as(kind)

    def with_args(self, args: str) -> Context:
        """The same turn with other arguments."""
        return replace(self, args=args)

    def day(self, day: date, *, weekday: bool = False) -> str:
        return say_date(PartialDate(day, "day"), self.say.language, weekday=weekday)

    @property
    def desk(self) -> str:
        """The contact of the desk as people read it."""
        return self.desk_in(self.say)

    def desk_in(self, say: Say) -> str:
        """The contact of the desk as somebody else reads it: what the desk has set in the chat comes before
        the environment.
        """
        return desk_settings.contact(self.tx) or self.desk_data.contact or say("ui.desk")

    def time(self, moment: datetime) -> str:
        """Say a moment in the house's zone, with the zone's name."""
        local = moment.astimezone(self.desk_data.timezone)
        return say_datetime(local, self.say.language, zone=local.tzname() or "")


Handle = Callable[[Context], list[Message]]


def reads_no_argument(ctx: Context, said: str) -> bool:
    """Whether a command reads what stands behind its name: never."""
    return False


@dataclass(frozen=True, slots=True)
class Command:
    """One chat command; its words stand under `<module>.menu` and `<module>.help`."""

    name: str  # Bahasa Indonesia
    also: str  # English; "" when the same
    module: str
    right: Right
    handle: Handle
    leaves_form: bool = False  # whether it takes over what is open, or is only an interruption
    more: tuple[str, ...] = ()  # other spellings
    # whether a text is what it reads behind its name, so that "bahasa inggris" needs no slash
    reads: Callable[[Context, str], bool] = reads_no_argument

    def in_(self, language: str) -> str:
        return self.also if language == "en" and self.also else self.name


Tapped = TypeVar("Tapped", bound=buttons.Button)


def reads(what: Reads) -> Callable[[Context], Reads]:
    """Read the same wherever the dialogue stands."""
    return lambda ctx: what


@dataclass(frozen=True, slots=True)
class Taps(Generic[Tapped]):
    """The handler of a family of buttons, and the right it needs."""

    family: type[Tapped]
    right: Right
    handle: Callable[[Context, Tapped], list[Message]]


def not_asked_again(ctx: Context) -> list[Message]:
    """What a dialogue asks again by itself after an interruption: nothing."""
    return []


def takes_no_files(ctx: Context) -> bool:
    """Whether the open question takes files: never."""
    return False


def knows_every_name(ctx: Context) -> bool:
    """Whether what is typed may be a name that the open question takes: always."""
    return True


def reads_files_itself(ctx: Context) -> bool:
    """Whether the dialogue itself takes or answers a file: always."""
    return True


@dataclass(frozen=True, slots=True)
class Says:
    """The handler of what is typed while a dialogue is open, and the right it needs."""

    name: str  # under which a handler opens it
    right: Right
    handle: Handle
    reads: Callable[[Context], Reads]  # what the open question takes besides its choices
    family: type[buttons.Button] | None = None  # of choices whose numbers it reads itself
    takes_remarks: bool = False  # it answers remarks itself, or a courtesy is an answer there
    words: str = ""  # the key of short words it takes although they are remarks elsewhere
    takes_files: Callable[[Context], bool] = takes_no_files  # whether a file goes to `handle`
    again: Handle = not_asked_again  # how it asks again what its last message asked without buttons
    knows: Callable[[Context], bool] = (
        knows_every_name  # of a question that reads names, whether it may be one
    )
    # and whether it is one, whole or by a word of it: else a known way to ask comes first
    is_name: Callable[[Context], bool] = knows_every_name
    asks_for_innovation: bool = False  # the number of a receipt is an answer there too


def files_brought(
    ctx: Context, *, accepts: frozenset[str], max_bytes: int, letter: bool = False
) -> tuple[StoredFile | FileRefusal, ...]:
    """Give every file the person sent in this act, each stored or refused; raises WantsFile until they are
    brought, each read as a letter where `letter` says so.
    """
    ref, album = ctx.inbound.file, ctx.inbound.album
    if ref is None:
        return ()
    match ctx.fetched:
        case StoredFile() | FileRefusal() as brought if not album:
            return (brought,)
        case FetchedAlbum(files=files) if len(files) == len(album):
            return files
    raise WantsFile(ref, accepts=accepts, max_bytes=max_bytes, album=album, letter=letter)


def message(text: Marked, *rows: tuple[Choice, ...], **fields: Any) -> list[Message]:
    return [Message(text, tuple(rows), **fields)]
