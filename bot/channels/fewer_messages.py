"""Joins the messages of a turn into as few as a channel takes, where a person may get few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.channels.limits import Limits, Rates
from domain.message import Choice, Message, Rows
from domain.message_length import units
from domain.typed_choice import carried

# messages a second to one person: a channel that takes fewer makes people wait for every further message
FEW = 0.5
BETWEEN = "\n\n"


def is_wanted(rates: Rates) -> bool:
    """Tell whether a person waits here for every further message."""
    return rates.chat < FEW


def joined(messages: Sequence[Message], *, limits: Limits) -> tuple[Message, ...]:
    """Join neighbours that fit into one message; what does not fit goes on in a message of its own."""
    made: list[Message] = []
    for message in messages:
        pair = both(made[-1], message, limits=limits) if made else None
        if pair is None:
            made.append(message)
        else:
            made[-1] = pair
    return tuple(made)


def both(first: Message, second: Message, *, limits: Limits) -> Message | None:
    """Make two messages one: the words of both in order, the choices of the second before the first's.

    None where they do not fit into one, or one of them is read by itself.
    """
    if _stands_alone(first) or _stands_alone(second) or (first.attachment and second.attachment):
        return None
    rows = _join_rows(first, second, most=limits.list_rows or limits.buttons)
    attachment, text = first.attachment or second.attachment, _join_words(first.text, second.text)
    most = limits.caption_chars if attachment else limits.text_chars
    if rows is None or units(text) > most:
        return None
    if attachment and sum(map(len, rows)) > limits.file_buttons:
        return None
    return replace(
        second,
        text=text,
        rows=rows,
        attachment=attachment,
        callback_id=first.callback_id or second.callback_id,
        toast=first.toast or second.toast,
        menu=first.menu or second.menu,
        broadcast=first.broadcast and second.broadcast,
    )


def _stands_alone(message: Message) -> bool:
    return bool(message.apart or message.edit or message.ask or message.page or message.template)


def _join_words(*texts: str) -> str:
    return BETWEEN.join(text for text in texts if text)


def _join_rows(first: Message, second: Message, *, most: int) -> Rows | None:
    """Give the choices of both; None where there are too many, or a typed number would mean two of them.

    A choice that reads like one of the second message gives way to it: the newer one answers to its name.
    """
    newer = _list_choices(second)
    if not newer:
        return first.rows
    named = {choice.label.casefold() for choice in newer} | {choice.data for choice in newer if choice.data}
    older = [
        first_choice
        for first_choice in _list_choices(first)
        if not named & {first_choice.label.casefold(), first_choice.data}
    ]
    if not older:
        return second.rows
    if len(newer) + len(older) > most or not _numbers_agree(older, newer):
        return None
    return (*second.rows, *((choice,) for choice in older))


def _list_choices(message: Message) -> list[Choice]:
    return [choice for row in message.rows for choice in row]


def _numbers_agree(older: Sequence[Choice], newer: Sequence[Choice]) -> bool:
    """Tell whether every number that may be typed for a choice stays what it was in its own message."""
    several = any(choice.several for choice in (*older, *newer))
    return not several and not carried(older)
