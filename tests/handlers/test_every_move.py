"""Every command and every button of the registry, made from its fields and tried by everybody.

Nothing is named here: a new command, family or right is walked as soon as it is registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import date
from itertools import islice, product
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from domain.buttons import Button
from domain.people import RIGHTS, Right, Role
from handlers.context import Taps
from handlers.registry import registry
from storage.engine.transaction import Transaction
from tests.kit.databases import in_memory
from tests.kit.desk_turns import ROLES, refusals, says, taps
from tests.kit.in_review import with_one_handed_in
from tests.kit.people import TONO
from tests.kit.tables import everything


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_one_handed_in())) as connection:
        yield connection


PEOPLE: dict[int, Role | None] = {**ROLES, TONO: Role.FOCAL_POINT}  # TONO of another office
WORDS = ("1", "i16", "nama", "#list", "leader")  # for what may be any text
MOST = 60  # of one family
PASSING = {"audit", "cursors", "dialogues"}  # what a refused turn may keep
OF_AN_INNOVATION = ("answers", "evidence", "history", "verdicts", "flags", "reviews", "contributions")
OWN_LIST = "rk:mine"  # shows what is the person's own, whatever stands behind it
FAMILIES = [family for families in registry().by_prefix.values() for family in families]


def values(kind: Any) -> tuple[Any, ...]:
    """What a field may hold: each of its words, and numbers of what is there."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    return {int: (1,), date: (date(2026, 12, 1),)}.get(kind, WORDS)


def made(family: type[Button]) -> Iterator[str]:
    """Make the buttons of a family."""
    kinds = get_type_hints(family)
    filled = [values(kinds[field.name]) for field in fields(family)]  # type: ignore[arg-type]
    for chosen in islice(product(*filled), MOST):
        yield family(*chosen).data()


def kept(tx: Transaction) -> dict[str, list[str]]:
    """Everything there is but what a turn keeps of itself."""
    return everything(tx, but=PASSING)


def of_the_innovation(tx: Transaction) -> list[list[object]]:
    """Everything that is kept of the innovation with the number 1."""
    rows = [tx.execute("SELECT * FROM innovations WHERE id = 1").fetchall()]
    of_it = "SELECT * FROM {} WHERE innovation_id = 1"
    return rows + [tx.execute(of_it.format(name)).fetchall() for name in OF_AN_INNOVATION]


def is_allowed(right: Right, role: Role | None) -> bool:
    return right is Right.TALK or role in RIGHTS[right]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.family.__name__)
def test_who_lacks_the_right_of_a_button_changes_nothing_and_is_noted(
    tx: Transaction, family: Taps[Any]
) -> None:
    before = kept(tx)
    without = [person for person, role in PEOPLE.items() if not is_allowed(family.right, role)]
    for data in made(family.family) if without else ():
        for person in without:
            tx.execute("SAVEPOINT tap")
            assert taps(tx, person, data), (person, data)
            assert refusals(tx) == 1, (person, data)
            assert kept(tx) == before, (person, data)
            tx.execute("ROLLBACK TO tap")
            tx.execute("RELEASE tap")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.family.__name__)
def test_no_button_of_any_family_moves_what_is_another_offices(tx: Transaction, family: Taps[Any]) -> None:
    """The one innovation there is belongs to another office; who tries to reach into it is noted."""
    before = of_the_innovation(tx)
    for data in made(family.family):
        tx.execute("SAVEPOINT tap")
        assert taps(tx, TONO, data), data
        assert of_the_innovation(tx) == before, data
        if "innovation" in get_type_hints(family.family) and not data.startswith(OWN_LIST):
            assert refusals(tx) == 1, data
        tx.execute("ROLLBACK TO tap")
        tx.execute("RELEASE tap")


@pytest.mark.parametrize("command", registry().commands, ids=lambda one: one.name)
def test_who_lacks_the_right_of_a_command_changes_nothing_and_is_noted(tx: Transaction, command: Any) -> None:
    before = kept(tx)
    for name in filter(None, (command.name, command.also, *command.more)):
        for person, role in PEOPLE.items():
            tx.execute("SAVEPOINT turn")
            assert says(tx, person, f"/{name}"), (person, name)
            if not is_allowed(command.right, role):
                assert refusals(tx) == 1, (person, name)
                assert kept(tx) == before, (person, name)
            tx.execute("ROLLBACK TO turn")
            tx.execute("RELEASE turn")
