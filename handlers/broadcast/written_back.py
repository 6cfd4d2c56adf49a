"""What recipients do with an announcement: read, confirm, write back; and the desk's answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain import buttons
from domain.announcing.announcement import read_marks
from domain.message import Attachment, Choice, FileRefusal, Kind, Message, StoredFile
from domain.people import Right
from domain.texts import Marked, Say, join
from handlers.broadcast.text import FILE_BYTES, KINDS, said_of_refusal
from handlers.context import Context, files_brought, message
from storage import acknowledgements, audit, broadcasts, contacts, desk_messages, dialogues, outbox
from storage.acknowledgements import Comment, Origin
from storage.broadcasts import Broadcast

ANSWER = "broadcast_answer"  # the dialogue in which the desk answers
COMMENT_CHARS = 3000  # of what somebody writes back, and of the answer


@dataclass(frozen=True, slots=True)
class AnswerAsked:
    """State of the dialogue: the reply that the desk is answering."""

    letter: int = 0  # the number of the comment; the name stands in the table of dialogues


def announcement(broadcast: Broadcast, say: Say, *, note: str = "") -> Message:
    """Write an announcement as its recipients see it."""
    header = "broadcast_talk.again" if broadcast.follows else "broadcast_talk.header"
    text = join((say(header), read_marks(broadcast.text, literal=broadcast.literal), note))
    read = Choice(say("broadcast_talk.read"), buttons.BroadcastRead(broadcast.id))
    return Message(text, () if note else ((read,),), attachment=broadcast.attachment, broadcast=not note)


def acknowledged(ctx: Context, button: buttons.BroadcastRead) -> list[Message]:
    """Keep that somebody has read it; the button belongs to its recipients alone."""
    broadcast = broadcasts.load(ctx.tx, button.broadcast)
    if broadcast is not None and broadcast.state == "draft" and ctx.may(Right.BROADCAST):
        return [Message("", toast=ctx.say("broadcast_talk.only_preview"))]
    if broadcast is None or ctx.contact is None:
        return _say_gone(ctx)
    new = acknowledgements.acknowledge(
        ctx.tx,
        broadcast.id,
        first=broadcast.first,
        origin=Origin(ctx.contact.id, ctx.inbound.channel, ctx.inbound.address, ctx.inbound.message_ref),
        now=ctx.now,
    )
    if new is None:
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.contact.id, broadcast=broadcast.id)
        return _say_gone(ctx)
    thanks = ctx.say("broadcast_talk.thanks")
    if broadcast.attachment is not None or not new:
        return [Message("", toast=thanks)]  # a caption is no text that could be edited
    note = ctx.say("broadcast_talk.noted", at=ctx.time(ctx.now))
    return [replace(announcement(broadcast, ctx.say, note=note), edit=ctx.inbound.message_ref, toast=thanks)]


def _say_gone(ctx: Context) -> list[Message]:
    return [Message("", toast=ctx.say("ui.toast_old"))]


def replied(ctx: Context) -> list[Message]:
    """Take what somebody writes as a reply to an announcement to the desk; nothing when it is no such
    reply.
    """
    inbound, person = ctx.inbound, ctx.person
    sent_as = acknowledgements.sent_as(
        ctx.tx, person.id, channel=inbound.channel, address=inbound.address, message_ref=inbound.reply_to
    )
    if sent_as is None or inbound.kind not in (Kind.TEXT, Kind.FILE):
        return []
    brought = files_brought(ctx, accepts=KINDS, max_bytes=FILE_BYTES)
    refused = [said_of_refusal(ctx, file) for file in brought if isinstance(file, FileRefusal)]
    carried = [_to_attachment(file) for file in brought if isinstance(file, StoredFile)]
    if brought and not carried:
        return message(join(refused, by="\n"))
    text = inbound.text.strip()[:COMMENT_CHARS]
    for number, attachment in enumerate(carried or [None]):
        _write_back(ctx, sent_as, text=text if number == 0 else "", carried=attachment)
    reply = join((ctx.say("broadcast_talk.passed_on"), *refused))
    return message(reply, (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def _to_attachment(file: StoredFile) -> Attachment:
    return Attachment("document", "file", {"sha256": file.sha256}, file.name)


def _write_back(ctx: Context, sent_as: tuple[int, int], *, text: str, carried: Attachment | None) -> None:
    """Keep one comment to the desk and tell it; every file that was sent at once is one of its own."""
    number = acknowledgements.write_back(
        ctx.tx,
        sent_as[0],
        origin=Origin(ctx.person.id, ctx.inbound.channel, ctx.inbound.address, ctx.inbound.message_ref),
        office=sent_as[1],
        text=text or (carried.name if carried else ""),
        now=ctx.now,
    )
    _tell_desk(ctx, number, carried=carried)


def _tell_desk(ctx: Context, number: int, *, carried: Attachment | None) -> None:
    comment = acknowledgements.comment(ctx.tx, number)
    if comment is None:
        return

    def write(language: str) -> Message:
        say = ctx.desk_data.words.in_(language)
        button = Choice(say("broadcast_talk.answer"), buttons.BroadcastAnswer(number))
        return Message(_write_comment(say, comment), ((button,),), attachment=carried)

    desk_messages.queue(ctx.tx, f"letter:{number}", write=write, now=ctx.now)


def _write_comment(say: Say, comment: Comment) -> Marked:
    writer = f"{comment.name} · {comment.office}" if comment.office else comment.name
    return say("broadcast_talk.comment", who=writer, number=comment.broadcast_id, text=comment.text)


def shown(ctx: Context, comment: Comment) -> Marked:
    """Say what somebody wrote back, and what was answered."""
    text = _write_comment(ctx.say, comment)
    if not comment.answer:
        return text
    return join((text, ctx.say("broadcast_talk.was_answered", who=comment.answered_by, text=comment.answer)))


def ask_answer(ctx: Context, comment_id: int) -> list[Message]:
    """Ask the desk for its answer to what somebody wrote back."""
    comment = acknowledgements.comment(ctx.tx, comment_id)
    if comment is None:
        return []
    if comment.answer:
        return message(shown(ctx, comment), (Choice(ctx.say("opens.broadcast"), buttons.Open("siaran")),))
    dialogues.begin(ctx.tx, ctx.person.id, name=ANSWER, state=AnswerAsked(comment_id))
    return message(
        ctx.say("broadcast_talk.ask_answer", name=comment.name, text=comment.text), (_make_leave(ctx),)
    )


def _make_leave(ctx: Context) -> Choice:
    return Choice(ctx.say("broadcast.leave"), buttons.Open("batal"))


def answer_said(ctx: Context) -> list[Message]:
    """Send the desk's answer through the bot, in reply to what was written."""
    comment_id = (ctx.state(ANSWER, AnswerAsked) or AnswerAsked()).letter
    comment = acknowledgements.comment(ctx.tx, comment_id)
    text = ctx.inbound.text.strip()
    if comment is None or ctx.inbound.kind is not Kind.TEXT or not text or len(text) > COMMENT_CHARS:
        return message(ctx.say("broadcast_talk.answer_text", limit=COMMENT_CHARS), (_make_leave(ctx),))
    dialogues.close(ctx.tx, ctx.person.id)
    if not acknowledgements.answer(ctx.tx, comment_id, text=text, by=ctx.person.id, now=ctx.now):
        return ask_answer(ctx, comment_id)
    speaks = contacts.language_of(ctx.tx, comment.contact_id)
    answer = ctx.desk_data.words.in_(speaks)("broadcast_talk.answered", question=comment.text, text=text)
    outbox.insert(
        ctx.tx,
        channel=comment.channel,
        address=comment.address,
        message=Message(answer),
        now=ctx.now,
        terms=outbox.Terms(dedupe_key=f"letter_answer:{comment_id}"),
    )
    audit.record(
        ctx.tx, "letter_answered", now=ctx.now, actor=ctx.person.id, letter=comment_id,
        before="open", after="answered",
    )  # fmt: skip
    more = Choice(ctx.say("broadcast_talk.comments"), buttons.BroadcastPage("in", comment.broadcast_id, 0))
    return message(ctx.say("broadcast_talk.answer_sent", name=comment.name), (more,))
