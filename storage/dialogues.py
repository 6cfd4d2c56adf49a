"""The one dialogue each person has open, with its state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from domain.kept_json import read_json
from storage.engine.transaction import Transaction

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORM = "form"  # the dialogue of filling in an innovation
# of the dialogue `d`: where the person stands in the innovation whose form it is
PLACE = f"""
(SELECT k.state FROM cursors k WHERE d.name = '{FORM}' AND k.contact_id = d.contact_id
    AND k.innovation_id = CAST(json_extract(d.state, '$.innovation') AS INTEGER))
"""
State = TypeVar("State", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class FormOpen:
    """The state of the dialogue in which a person fills in the form."""

    innovation: int = 0


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The one dialogue a person has open; read its state with `state_as`."""

    name: str
    kept: Mapping[str, Any]
    place: str = field(default="", compare=False)  # in the form, as the cursor keeps it; "" before the first

    def state_as(self, kind: type[State]) -> State:
        """Read the state as the dataclass of this dialogue.

        A row that another version wrote is read too: what it lacks takes the default, what is unknown is
        left out.
        """
        known = _list_fields(kind)
        values = {
            name: tuple(v) if isinstance(v, list) else v for name, v in self.kept.items() if name in known
        }
        return kind(**values)


@cache
def _list_fields(kind: type[DataclassInstance]) -> frozenset[str]:
    return frozenset(item.name for item in fields(kind))


_LOAD = f"SELECT name, state, {PLACE} FROM dialogues d WHERE contact_id = ?"
_BEGIN = """
INSERT INTO dialogues (contact_id, name, state) VALUES (?, ?, ?)
ON CONFLICT (contact_id) DO UPDATE SET name = excluded.name, state = excluded.state
"""
_CLOSE = "DELETE FROM dialogues WHERE contact_id = ?"


def load(tx: Transaction, contact_id: int) -> Dialogue | None:
    """Load what the person has open."""
    row = tx.execute(_LOAD, (contact_id,)).fetchone()
    return Dialogue(row[0], read_json(row[1]), row[2] or "") if row else None


def begin(tx: Transaction, contact_id: int, *, name: str, state: DataclassInstance | None = None) -> None:
    """Remember what the person has open now, with the dataclass of its state where it has one."""
    tx.execute(_BEGIN, (contact_id, name, json.dumps(asdict(state) if state else {})))


def close(tx: Transaction, contact_id: int) -> None:
    """Close the open dialogue; drafts stay."""
    tx.execute(_CLOSE, (contact_id,))
