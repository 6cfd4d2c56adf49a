"""The command, buttons and dialogue of the review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from domain.typed_choice import Reads
from handlers.context import Command, Says, Taps, reads
from handlers.review import queue, taking

COMMANDS: Sequence[Command] = (
    Command(
        "antrean", "queue", "review", Right.VERIFY, queue.queue, leaves_form=True, reads=queue.reads_receipt
    ),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.ReviewQueue, Right.VERIFY, queue.turned),
    Taps(buttons.Review, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewPart, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewIndicators, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewChanges, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewMarks, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewQuestion, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewIndicator, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewEvidence, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewTakeOver, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewLevel, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewTogether, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewMark, Right.VERIFY, queue.tapped),
    Taps(buttons.ReviewReason, Right.VERIFY, queue.tapped),
)
DIALOGUES: Sequence[Says] = (Says(taking.DIALOGUE, Right.VERIFY, queue.said, reads(Reads.TEXT)),)
