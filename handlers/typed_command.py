"""The name of a command typed without its slash: its own, the label of its button, or a slip of either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from domain import buttons
from domain.buttons.base import SEPARATOR
from domain.conversation.conversation import is_navigation
from domain.message import Choice, Kind
from domain.people import Right, rights_of
from domain.reading.around import between
from domain.reading.slips import Parted, nearest_of, part_spellings
from domain.reading.told_names import wishes_to_hand_in
from domain.texts import LANGUAGES, Catalogue, listed
from domain.typed_choice import MAX_CHARS, How, Reads
from handlers.context import Command, Context, Says
from handlers.registry import Registry

_WORD = re.compile(r"[^\W_]+")
HAND_IN = "ajukan"  # the command's name
AROUND = "typed_command.around"  # words of asking: "mohon buka"


# pages that no command opens, by the label of their button
_PAGES: Mapping[str, buttons.Button] = {
    "status.chart_button": buttons.Status("chart"),
    "status.why_button": buttons.Status("why"),
    "ranking.button": buttons.StatusRanking("points", 0),
    "opens.coach": buttons.Coach("start"),
    "opens.copying": buttons.CopyList("list"),
    "opens.returned": buttons.Returned("mine"),
    "opens.reach": buttons.Offices("r"),
    "staff.button": buttons.Staff(0),
}


# words for a page besides its label, who means it by them, and the command that others mean
_CALLED: Mapping[str, tuple[str, Right, str]] = {
    "typed_command.ranking": ("ranking.button", Right.SEE_OFFICES, "status")
}


@dataclass(frozen=True, slots=True)
class Door:
    """What a name opens: a command, or a page by its button, with the text on it."""

    command: Command | None
    button: buttons.Button | None
    label: str  # its key
    right: Right
    args: str = ""  # what its command is given
    otherwise: Door | None = None  # a command: what the word opens without the right, or before a name


@dataclass(frozen=True, slots=True)
class Named:
    """A door that was named, and how: whole, or with a slip of the finger."""

    door: Door
    how: How
    args: str = ""  # what stands behind the name, for a command that reads it


def named(ctx: Context, registry: Registry) -> Named | None:
    """Find the door a text names; None where it is none, asks something, or may be two.

    A command of others is named by its own name only, and where nothing is open.
    """
    text = ctx.inbound.text
    if ctx.inbound.kind is not Kind.TEXT or ctx.inbound.reply_to or len(text) > MAX_CHARS or "?" in text:
        return None
    said, spellings = _fold(text), _spell(ctx.desk_data.words, registry)
    door = spellings.get(said) or spellings.get(_drop_around(said, ctx.desk_data.words))
    if door is None and "nov" in said and wishes_to_hand_in(text):  # "inovasi": most texts are not read
        door = spellings[HAND_IN]
    door = door and _choose_for(ctx, door)
    if ctx.dialogue is not None and is_navigation(text, ctx.say) and not _is_help(door):
        return None  # a word of moving on in the form
    if door is not None and ctx.may(door.right):
        return Named(door, How.LABEL, door.args)
    if door is None and (with_argument := _find_with_argument(ctx, spellings)):
        return with_argument
    if door is not None or said in ctx.desk_data.knowledge.index.weights:
        others = door is not None and ctx.dialogue is None and said in registry.by_name
        return Named(door, How.LABEL) if door and others else None  # a known word is no slip of another
    roles = ctx.contact.roles if ctx.contact else frozenset()
    own = _list_own(ctx.desk_data.words, registry, rights_of(roles))
    slipped = {_choose_for(ctx, spellings[spelling]) for spelling in nearest_of(said, own)}
    return Named(slipped.pop(), How.SLIP) if len(slipped) == 1 else None


def _find_with_argument(ctx: Context, spellings: Mapping[str, Door]) -> Named | None:
    """Find a command that is named with what it reads behind its name: "bahasa inggris", "opd dinkes"."""
    text, around = ctx.inbound.text, listed(ctx.desk_data.words, AROUND)
    words = list(_WORD.finditer(text))
    folded = [word[0].casefold() for word in words]
    first, last = between(folded, around)
    for end in range(last - 1, first, -1):  # the longest name first
        door = spellings.get(" ".join(folded[first:end]))
        door = door and (door.otherwise or door)  # "capaian dinkes" is of that office, whoever asks
        if door is None or door.command is None or not ctx.may(door.right):
            continue
        args = text[words[end].start() : words[last - 1].end()]
        if door.command.reads(ctx, args):
            return Named(door, How.LABEL, args)
    return None


def is_meant(ctx: Context, named: Named, *, open_now: Says | None, reads: Reads) -> bool | None:
    """Whether the door is opened; None where what was typed may be the answer to the open question."""
    if open_now is None or _is_help(named.door):
        return True
    if reads in (Reads.TEXT, Reads.TITLE):
        return None
    slipped = named.how is How.SLIP and reads is Reads.NAMES
    return None if slipped and open_now.knows(ctx) else True


def choice_of(ctx: Context, door: Door) -> Choice | None:
    """Make the button that opens a door; None for a command that has none."""
    if door.button is not None:
        return Choice(ctx.say(door.label), door.button)
    if door.command is None:
        return None
    opened = buttons.Open.parse(f"{buttons.Open.prefix()}{SEPARATOR}{door.command.name}")
    return Choice(door.command.in_(ctx.say.language), opened) if opened is not None else None


def _is_help(door: Door | None) -> bool:
    return door is not None and door.command is not None and door.command.module == "help"


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _drop_around(said: str, words: Catalogue) -> str:
    """Leave the words of asking away that stand around a name: "mohon buka antrean"."""
    parts = said.split()
    first, last = between(parts, listed(words, AROUND))
    return " ".join(parts[first:last])


@lru_cache(maxsize=8)
def _spell(words: Catalogue, registry: Registry) -> Mapping[str, Door]:
    """Every spelling of each door in every language; names come before what they are called otherwise."""
    spellings: dict[str, Door] = {}
    doors = [Door(command, None, f"{command.module}.menu", command.right) for command in registry.commands]
    for door, command in zip(doors, registry.commands, strict=True):
        spellings |= {_fold(name): door for name in (command.name, command.also, *command.more)}
    says = [words.in_(language) for language in LANGUAGES]
    for door, command in zip(doors, registry.commands, strict=True):
        called = [word for say in says for word in str(say(f"typed_command.{command.module}")).split("|")]
        for spelling in (*called, *(say(door.label) for say in says)):
            spellings.setdefault(_fold(spelling), door)
        if command.module == "language":  # a language is named by itself too
            named = {code: str(says[0](f"language.name_{code}")) for code in LANGUAGES}
            spellings |= {_fold(name): replace(door, args=code) for code, name in named.items()}
    for label, button in _PAGES.items():
        right = registry.taps(button.prefix())[0].right
        spellings |= {_fold(say(label)): Door(None, button, label, right) for say in says}
    for key, (label, right, command_of_others) in _CALLED.items():
        door = Door(None, _PAGES[label], label, right, otherwise=spellings[command_of_others])
        spellings |= {_fold(spelling): door for spelling in listed(words, key)}
    spellings.pop("", None)
    return spellings


@lru_cache(maxsize=32)
def _list_own(words: Catalogue, registry: Registry, rights: frozenset[Right]) -> Parted:
    """The spellings of the doors that these rights open, by length and numbers."""
    doors = _spell(words, registry)
    return part_spellings(
        spelling
        for spelling, door in doors.items()
        if door.right in rights or (door.otherwise is not None and door.otherwise.right in rights)
    )


def _choose_for(ctx: Context, door: Door) -> Door:
    """What a word opens for who is speaking."""
    return door if door.otherwise is None or ctx.may(door.right) else door.otherwise
