"""The base class of buttons: a frozen dataclass that writes its callback data and reads it back.

A family names the fixed beginning of its data; its fields follow, joined by colons: numbers, words, one of a
few words, or a day. Fields at the end that have their default are left out. Data comes back from outside and
is untrusted: `parse` returns None for whatever does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

MAX_BYTES = 64  # of callback data: https://core.telegram.org/bots/api#inlinekeyboardbutton
DIGITS = 15  # of a number: a longer one would be read all the same, and then fail in a database of 64 bits
SEPARATOR = ":"
# it leads through the talk and is no answer, or others of its message may be taken with it
Mark = Literal["navigates", "several"]


class Button:
    """One family of buttons; subclasses are frozen dataclasses named with the beginning of their data."""

    head: ClassVar[str]

    def __init_subclass__(cls, *, head: str = "", **kwargs: object) -> None:
        """Keep the prefix. A dataclass with slots is created twice, the second time without it."""
        super().__init_subclass__(**kwargs)
        if head:
            cls.head = head

    @property
    def mark(self) -> Mark | None:
        """What it is where it is not the one answer it stands for."""
        return None

    @property
    def final(self) -> bool:
        """Whether a tap does what cannot be taken back, and is never guessed from what was typed."""
        return False

    @classmethod
    def prefix(cls) -> str:
        """The first word of the data, by which the registry finds the family."""
        return cls.head.partition(SEPARATOR)[0]

    def data(self) -> str:
        """Write the data; raises ValueError when it is too long, or a field could not be read back."""
        shape = _SHAPES.get(type(self)) or _read_shape(type(self))
        values = shape.values_of(self)
        length = len(values)  # without those at the end that are their default
        while length > shape.required and values[length - 1] == shape.defaults[length - 1]:
            length -= 1
        data = SEPARATOR.join((self.head, *map(str, values[:length])))
        if data.count(SEPARATOR) != shape.head_words + length - 1 or len(data.encode()) > MAX_BYTES:
            raise ValueError(
                f'button "{data[:MAX_BYTES]}": more than {MAX_BYTES} bytes, or "{SEPARATOR}" in a field'
            )
        return data

    def at_page(self, wanted: int, *, shown: int) -> Self | None:
        """Return the one that opens page `wanted`, where this one opens the page called `shown`, both from 1;
        None where it opens none.
        """
        shape = _SHAPES.get(type(self)) or _read_shape(type(self))
        values = list(shape.values_of(self)) or [""]
        page = values[shape.page_at]
        if not str(page).isdecimal() or shown - int(page) not in (0, 1):  # pages are counted from 0 or 1
            return None
        values[shape.page_at] = type(page)(int(page) + wanted - shown)
        return type(self)(*values)

    @classmethod
    def parse(cls, data: str) -> Self | None:
        """Read data that may be anything; None when it is not of this family."""
        if data != cls.head and not data.startswith(f"{cls.head}{SEPARATOR}"):
            return None
        shape = _SHAPES.get(cls) or _read_shape(cls)
        words = data.split(SEPARATOR)[shape.head_words :]
        if not shape.required <= len(words) <= len(shape.readers):
            return None
        values = [reader(word) for reader, word in zip(shape.readers, words, strict=False)]
        return None if None in values else cls(*values)


_PAGE = ("page", "at")  # how families call the field that says a page
Reader = Callable[[str], Any]  # from one word of the data; None when it does not fit


@dataclass(frozen=True, slots=True)
class Shape:
    """What the data of a family is made of; read once, for every turn makes and reads several."""

    head_words: int
    values_of: Callable[[Any], Sequence[Any]]  # of the fields of a button, in their order
    defaults: tuple[Any, ...]  # of the fields; MISSING where there is none
    readers: tuple[Reader, ...]  # of the fields, in their order
    required: int  # fields without a default
    page_at: int  # which field may say a page: a number of that name, else the last


_SHAPES: dict[type[Button], Shape] = {}


def _read_shape(family: type[Any]) -> Shape:
    hints, listed = get_type_hints(family), fields(family)
    pages = [at for at, field in enumerate(listed) if field.name in _PAGE and hints[field.name] is int]
    shape = Shape(
        head_words=len(family.head.split(SEPARATOR)),
        values_of=_read_values([field.name for field in listed]),
        defaults=tuple(field.default for field in listed),
        readers=tuple(_choose_reader(hints[field.name]) for field in listed),
        required=sum(field.default is MISSING for field in listed),
        page_at=pages[0] if pages else -1,
    )
    return _SHAPES.setdefault(family, shape)


def _read_values(names: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """Return what reads the fields of these names, of which there may be one or none."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda button: [getattr(button, name) for name in names]


def _choose_reader(hint: Any) -> Reader:
    if get_origin(hint) is Literal:
        words = frozenset(get_args(hint))
        return lambda word: word if word in words else None
    readers: dict[Any, Reader] = {int: _read_number, str: str, date: _read_day}
    return readers[hint]


def _read_number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= DIGITS else None


def _read_day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


class Navigation(Button):
    """A family that never is an answer."""

    @property
    def mark(self) -> Mark:
        return "navigates"


class Toggle(Button):
    """A family of which several may be taken."""

    @property
    def mark(self) -> Mark:
        return "several"


@dataclass(frozen=True, slots=True)
class Raw(Button):
    """Data as it was written before, or as somebody else has made it up; it belongs to no family."""

    text: str

    def data(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Key(Button):
    """A key of a keyboard that shares a number or a location: it carries no data, its label is typed for the
    person.
    """

    def data(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class InnovationPage(Button):
    """A family that opens one page of a list of one innovation, counted from 0."""

    innovation: int
    page: int = 0
