"""Buttons nobody was ever shown: whatever a client sends, the turn ends well and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from domain.buttons import Button
from domain.people import RIGHTS, Right, Role
from domain.reading.clean_text import clean
from handlers.registry import registry
from storage.engine.transaction import Transaction
from tests.kit.desk_turns import ROLES, refusals, says, taps
from tests.kit.people import RINA, SARI, TONO
from tests.kit.tables import everything

PEOPLE: dict[int, Role | None] = {**ROLES, TONO: Role.FOCAL_POINT}
PASSING = {"audit", "cursors", "dialogues"}  # what a turn may keep that changes nothing
# Where a number, an id or a word stands in the buttons there are; # is the hostile part, @ begins a place of
# the form.
_TABLE = """
bell:#
f:#:@list:0:go f:1:@list:#:drop f:1:#:0:yes f:#:@check:0:send f:1:tahapan:#:p f:1:@list:0:j:# f:1:i16:0:lv:#
f:1:@list:0:pg:# f:1:@ind:0:j:i# a:# a:o:# cd:# cd:1:# c:date:# c:# y:# v:#:# v:1:# d:back:# d:#:1
st:o:#:0 st:o:1:# st:off:# st:r:points:# st:r:#:0 st:i:# st:n:#:16 st:n:1:# st:at:# st:uncounted:# st:spd:#
st:#
wi:i:# wi:m:# wi:o:# wi:#:1
ln:yes:# ln:no:# ln:code ln:off:0:telegram ln:let:0:telegram ln:let:0:kurir
ll:# h:# pf:rows:# pf:efforts:# pf:row:# pf:start:# pf:result:# pf:set:#:1 pf:set:1:#
pf:effort:#:3 pf:effort:16:# pf:#
o:im:# o:im:yes:# o:im:with:#
u:o:# u:p:# u:r:# u:v:# u:#:1 o:i:# o:l:# o:p:#:1 o:p:1:# o:close:# o:end:#:1 o:end:1:# o:free:# o:hand:#:1
o:hand:1:# o:lift:# o:merge:# o:more:# o:name:# o:reopen:# o:#:1 p:reopen:# p:list:# p:close:# p:#:1
rp:# rs:# rm:t:#:2026-12-01 rm:t:1:# rm:z:#:besok rm:z:1:# w:c:#:1 w:c:office:# w:y:# w:#
q:p:wait:# q:p:#:0 q:o:# q:c:# q:d:# q:dr:# q:dv:# q:dx:# q:dxy:# q:f:#:foto:x q:f:1:#:x q:f:1:foto:#
q:g:#:i16
q:g:1:i# q:i:#:16 q:i:1:# q:n:#:i16 q:n:1:# q:q:#:nama q:q:1:# q:s:#:1 q:s:1:# q:t:# q:u:#:i16 q:u:1:#
q:v:#:16 q:v:1:# q:w:#:v:i16:1:x q:w:1:#:i16:1:x q:w:1:v:#:1:x q:w:1:v:i16:#:x q:w:1:v:i16:1:# q:x:#:1 q:x:1:#
q:l:# q:l:1:# q:c:1:# q:m:# q:m:1:# q:r:# q:#:1 q:#
x:k:#:1:1:0 x:k:2026:#:1:0 x:k:2026:1:#:0 x:k:2026:1:1:# x:l:record:# x:l:upload:2026:# x:l:#:2026 x:m:csv:#
x:m:#:2026 x:s:# x:s:1:#:0 x:s:1:1:# x:u:# x:v:#:1 x:v:1:# x:y:# x:pu:# x:ze:# x:#:1
rk:l:# rk:ask:# rk:at:#:i16 rk:at:1:# rk:back:# rk:go:# rk:yes:# rk:#:1 rb:send:# rb:#:1
sr:at:#:202612010900 sr:at:1:# sr:bare:# sr:edit:# sr:f:# sr:go:#:1 sr:go:1:# sr:in:#:0 sr:in:1:# sr:j:#
sr:k:#:bidang
sr:k:1:# sr:l:#:all:0 sr:l:1:#:0 sr:l:1:all:# sr:now:# sr:o:#:1:0 sr:o:1:#:0 sr:off:# sr:ol:1:# sr:kl:1:#
sr:r:#:leader sr:r:1:# sr:rush:# sr:rush_yes:# sr:off_yes:# sr:s:#:draf o:j:name:#:1 o:j:name:head:#
o:j:end:#:1 o:j:end:head:# o:rungs:# sr:s:1:# sr:see:# sr:show:# sr:stop:# sr:text:# sr:to:# sr:when:#
sr:who:#:0 sr:who:1:# sr:fi:#:0 sr:fi:1:# sr:x:#:bidang sr:yes:#:1 sr:yes:1:# sr:#:1 sb:# l:# s:# me:# k:#
t:# #:1 #
"""
_NAMED = tuple(_TABLE.split())


def shapes_of(family: type[Button]) -> Iterator[str]:
    """Make the shapes of a family that the table does not name: the hostile part in the place
    of each field.
    """
    kinds = get_type_hints(family)
    every = [kinds[field.name] for field in fields(family)]  # type: ignore[arg-type]
    for hostile in range(len(every)):
        words = [
            "#" if place == hostile else str(get_args(kind)[0]) if get_args(kind) else "1"
            for place, kind in enumerate(every)
        ]
        yield ":".join((family.head, *words))


_PREFIXES = {shape.partition(":")[0] for shape in _NAMED}
SHAPES = (
    *_NAMED,
    *(
        shape
        for prefix, families in registry().by_prefix.items()
        if prefix not in _PREFIXES
        for one in families
        for shape in shapes_of(one.family)
    ),
)
HUGE = "9" * 30  # no database holds it
HOSTILE = (HUGE, "-1", "\u00b2", "\u0669" * 6, "", "x\x00'")  # a superscript 2 is a digit and no number


def kept(tx: Transaction) -> dict[str, list[str]]:
    """Everything there is but what a turn keeps of itself."""
    return everything(tx, but=PASSING)


def made(shape: str, part: str) -> str:
    """Put a hostile part into a shape, within the 64 bytes a button has."""
    return shape.replace("#", part).replace("@", "#").encode()[:64].decode(errors="ignore")


@pytest.fixture
def busy(tx: Transaction) -> Transaction:
    """A desk with something of everybody: two drafts and an announcement, all with the id 1 or 2."""
    for person, title in ((RINA, "SIPANDU"), (TONO, "Antrean")):
        for text in ("/ajukan", title, "penerapan"):
            says(tx, person, text)
    taps(tx, SARI, "sr:new")
    says(tx, SARI, "Rapat hari Senin")
    return tx


def test_the_shapes_hold_every_family_of_buttons_that_carries_anything() -> None:
    carrying = {
        prefix
        for prefix, families in registry().by_prefix.items()
        if any(fields(one.family) for one in families)
    }
    assert {shape.partition(":")[0] for shape in SHAPES} >= carrying


@pytest.mark.parametrize("part", HOSTILE, ids=ascii)
def test_a_hostile_part_neither_fails_nor_changes_anything(busy: Transaction, part: str) -> None:
    before = kept(busy)
    for shape in SHAPES:
        data = made(shape, part)
        button = next(iter(registry().taps(data)), None)
        busy.execute("SAVEPOINT taps")
        for person, role in PEOPLE.items():
            refused = refusals(busy)
            assert taps(busy, person, data), (person, data)
            allowed = button is not None and (button.right is Right.TALK or role in RIGHTS[button.right])
            assert allowed or refusals(busy) > refused or data.startswith("k:"), (person, data)
        assert kept(busy) == before, data
        busy.execute("ROLLBACK TO taps")
        busy.execute("RELEASE taps")


@pytest.mark.parametrize("person", PEOPLE)
def test_a_hostile_number_behind_a_command_is_answered(busy: Transaction, person: int) -> None:
    for name in registry().by_name:
        for part in HOSTILE:
            assert says(busy, person, clean(f"/{name} {part}")), (name, part)  # as it is delivered
