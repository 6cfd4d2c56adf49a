"""What whoever asked for an export is told: its name, what it holds, and the way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import buttons
from domain.message import Attachment, Choice, Message
from domain.texts import Marked, Say, join
from handlers.export.export import SENDABLE_BYTES
from storage.exports import Job


def shown_name(say: Say, job: Job) -> str:
    """Name the file as the person sees it."""
    which = str(job.args.get("innovation") or job.args.get("year") or "")
    if part := job.args.get("part"):
        which += "-" + say("exported.file_part", number=part["number"], count=len(part["innovations"]))
    return f"{say(f'exported.file_{job.kind}')}-{which}.{NAMES[job.kind]}"


def _name_what(say: Say, job: Job) -> Marked:
    """Say what it is, and which part of how many."""
    what = say(f"exported.what_{job.kind}")
    part = job.args.get("part")
    if not part:
        return what
    return say("exported.part", what=what, number=part["number"], count=len(part["innovations"]))


def make_way_on(say: Say, job: Job) -> tuple[Choice, ...]:
    """Offer another export, or the way back to the draft where an office printed its own."""
    if job.args.get("own"):
        return (Choice(say("opens.drafts"), buttons.Open("draf")),)
    return (Choice(say("exported.again"), buttons.Open("ekspor")),)


def result(say: Say, job: Job, *, done: Mapping[str, Any], size: int) -> tuple[Message, ...]:
    """Say what was made and send it; one that is too big (bytes) says where it can be had."""
    what = _name_what(say, job)
    summary = join((say("exported.ready", what=what), counted_words(say, done)), by="\n")
    again = (make_way_on(say, job),)
    if size > SENDABLE_BYTES:
        text = join(
            (summary, say("exported.too_big", megabytes=size // 1_000_000, limit=SENDABLE_BYTES // 1_000_000))
        )
        return (Message(text, again, edit=job.progress),)
    carried = Attachment("document", "export", {"id": job.id}, shown_name(say, job))
    sent = Message(summary, again, attachment=carried)
    ready = Message(say("exported.sent_below", what=what), edit=job.progress)
    return (ready, sent) if job.progress else (sent,)


def counted_words(say: Say, done: Mapping[str, Any]) -> Marked:
    """Say how many rows were written and how many there are."""
    pairs = [
        (f"exported.counted_{name}", done[name])
        for name in ("offices", "innovations", "files")
        if done[name][1]
    ]
    counted = join((say(key, written=written, there=expected) for key, (written, expected) in pairs), by="; ")
    short = any(written != expected for _, (written, expected) in pairs)
    with_duty, exempt = done.get("duty", (0, 0))
    duty = say("exported.counted_duty", offices=with_duty, exempt=exempt) if with_duty or exempt else ""
    return join((counted, duty, say("exported.some_missing") if short else ""), by="\n")


NAMES = {"workbook": "xlsx", "csv": "csv", "evidence": "zip", "record": "pdf", "upload": "pdf"}
