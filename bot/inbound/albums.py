"""What arrives as several updates and is one act, taken in one turn: an album, and a text the app cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.channels.contract import SendStatus
from domain.kept_json import read_json
from domain.message import LONG_TEXT, Inbound, Kind
from domain.reading.cut_text import goes_on, joined
from domain.templates import TemplateNews
from storage import inbox
from storage.engine.transaction import Transaction
from storage.inbox import InboxRow

GATHER_SECONDS = 1.0  # without a further file, after which an album is taken for whole
LOOKS = 10  # at most, so that nobody keeps an album open for ever
MOST = 30  # files in one turn; Telegram sends at most 10 at once
GATHERED = '"gathered"'  # what stands in a row's `fetched` once its album is whole

Parse = Callable[[Mapping[str, Any]], Inbound | SendStatus | TemplateNews]


def together(
    tx: Transaction, row: InboxRow, *, first: Inbound, parse: Parse
) -> tuple[Inbound, list[InboxRow]]:
    """Put the files behind a row that were sent with it into one inbound; returns it and the rows it takes
    along.

    Their captions become one text, each said once. The pieces of a text that the app cut are one text again;
    no single message can be edited into the whole any more, so it refers to none.
    """
    members, rows = [first], []
    for other in inbox.behind(tx, row, limit=MOST - 1):
        if (member := _read(other, parse=parse)) is None or not _belongs(member, members[-1]):
            break
        members.append(member)
        rows.append(other)
    if not rows:
        return first, []
    if first.group == LONG_TEXT:
        links = tuple(dict.fromkeys(link for member in members for link in member.links))
        whole = joined([member.text for member in members])
        return replace(first, text=whole, links=links, message_ref=""), rows
    captions = dict.fromkeys(member.text.strip() for member in members)
    text = "\n".join(caption for caption in captions if caption)
    return replace(first, text=text, album=tuple(m.file for m in members if m.file is not None)), rows


def _read(row: InboxRow, *, parse: Parse) -> Inbound | None:
    try:
        member = parse(read_json(row.raw))
    except Exception:
        return None  # its own turn will note that it cannot be read
    return member if isinstance(member, Inbound) else None


def _belongs(member: Inbound, before: Inbound) -> bool:
    """Whether it was sent with the one before it."""
    if before.kind is not Kind.TEXT:
        return member.group == before.group != LONG_TEXT
    sent = (before.sent_at, member.sent_at)
    return member.kind is Kind.TEXT and goes_on(before.text, member.text, sent=sent)
