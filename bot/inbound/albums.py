"""An album: files that a person sent at once and that arrive as updates of their own, taken in one turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.channels.contract import SendStatus, TemplateNews
from domain.message import Inbound
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

    Their captions become one text, each said once.
    """
    members, rows = [first], []
    for other in inbox.behind(tx, row, limit=MOST - 1):
        if (member := _of_group(other, first.group, parse=parse)) is None:
            break
        members.append(member)
        rows.append(other)
    if not rows:
        return first, []
    captions = dict.fromkeys(member.text.strip() for member in members)
    text = "\n".join(caption for caption in captions if caption)
    return replace(first, text=text, album=tuple(m.file for m in members if m.file is not None)), rows


def _of_group(row: InboxRow, group: str, *, parse: Parse) -> Inbound | None:
    try:
        member = parse(json.loads(row.raw))
    except Exception:
        return None  # its own turn will note that it cannot be read
    return member if isinstance(member, Inbound) and member.group == group else None
