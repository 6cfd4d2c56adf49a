"""A webhook's body becomes its items: every message, status and notice of a batch by itself.

Meta batches over entries, changes, messages and statuses, repeats bodies for up to seven days, and promises
no order; so each item carries an id of its own under which it is kept once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.reading.clean_text import sign_text
from domain.reading.phones import normal

CloudApiObject = dict[str, Any]  # an object of JSON, as the Cloud API takes or tells it
_NAME_CHARS = 512  # of ids, names and labels
_PERSON_FIELDS = ("from_user_id", "recipient_user_id", "from", "recipient_id")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened, as far as the platform's JSON tells it."""

    external_id: str
    kind: str  # message, status, notice
    raw: Mapping[str, Any]  # {"kind", "field", "phone_id", "account_id", "contact", "item"}
    address: str = ""  # the business-scoped id, else the phone number; "" when neither is told

    @property
    def phone_id(self) -> str:
        """Which of the account's numbers it is about; "" for what concerns the account."""
        return text_in(self.raw, "phone_id")


def items(body: Any) -> Iterator[Item]:
    """Take a body apart; what has no known shape is passed over, a body without any yields nothing."""
    for entry in list_in(body, "entry"):
        for change in list_in(entry, "changes"):
            value = dict_in(change, "value")
            yield from _read_change(text_in(entry, "id"), text_in(change, "field"), value=value)


def _read_change(account_id: str, field: str, *, value: Mapping[str, Any]) -> Iterator[Item]:
    metadata = dict_in(value, "metadata")
    head = {"field": field, "phone_id": text_in(metadata, "phone_number_id"), "account_id": account_id}
    contacts = _Contacts(value)
    is_known = False
    for kind, name in (("message", "messages"), ("status", "statuses")):
        for part in list_in(value, name):
            if not isinstance(part, dict):
                continue
            is_known = True
            contact = contacts.of(part)
            raw = {"kind": kind, **head, "contact": contact, "item": part}
            yield Item(_make_external_id(kind, part), kind, raw, _find_address(part, contact))
    if not is_known and value:
        raw = {"kind": "notice", **head, "contact": {}, "item": value}
        yield Item(f"notice:{_hash(raw)}", "notice", raw)


def _make_external_id(kind: str, part: Mapping[str, Any]) -> str:
    """A message is its own id; a status is one for each message and state, however often it comes."""
    name = text_in(part, "id")
    if not name:
        return f"{kind}:{_hash(part)}"
    return name if kind == "message" else f"{name}:{text_in(part, 'status')}"


class _Contacts:
    """The contacts of a batch, which come in any order."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._all = [contact for contact in list_in(value, "contacts") if isinstance(contact, dict)]
        self._by_name = {
            name: contact
            for contact in reversed(self._all)
            for name in (text_in(contact, "wa_id"), text_in(contact, "user_id"))
            if name
        }

    def of(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """Find whom an item is about."""
        is_named = False
        for field in _PERSON_FIELDS:
            if name := text_in(part, field):
                if (known := self._by_name.get(name)) is not None:
                    return known
                is_named = True
        return self._all[0] if len(self._all) == 1 and not is_named else {}


def _find_address(part: Mapping[str, Any], contact: Mapping[str, Any]) -> str:
    user_id = (
        text_in(part, "from_user_id") or text_in(part, "recipient_user_id") or text_in(contact, "user_id")
    )
    return (
        user_id or number_in(part, "from") or number_in(part, "recipient_id") or number_in(contact, "wa_id")
    )


def _hash(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()[:32]


# an object of JSON is a dictionary: asking for a Mapping costs ten times as much, a hundred times a turn
def list_in(holder: Any, name: str) -> Sequence[Any]:
    """The list under a name; empty where there is none or it is something else."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else ()


def dict_in(holder: Any, name: str) -> Mapping[str, Any]:
    """The object under a name; empty where there is none or it is something else."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def text_in(holder: Any, name: str) -> str:
    """The sign under a name, such as an id, as a database keeps it and at most 512 characters; "" where
    there is none or it is something else.
    """
    value = holder.get(name) if isinstance(holder, dict) else None
    return sign_text(value[:_NAME_CHARS]) if isinstance(value, str) else ""


def number_in(holder: Any, name: str) -> str:
    """The phone number under a name as digits with their country, however spelled; "" where there is none."""
    text = text_in(holder, name)
    if not text or (text.isascii() and text.isdecimal() and not text.startswith("0")):
        return text
    return normal(text, from_platform=True).removeprefix("+") or text
