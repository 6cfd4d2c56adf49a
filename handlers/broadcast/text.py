"""The text and attachment of an announcement: asking for them, keeping them, and what prevents sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from domain import buttons
from domain.announcing.announcement import read_marks, too_long, unclosed
from domain.announcing.linked_words import linked_words
from domain.message import WITHOUT_MARKS, Attachment, Choice, FileRef, FileRefusal, Kind, Message, StoredFile
from domain.texts import Marked, join, shortened
from handlers.broadcast.link_faults import find_fault
from handlers.context import Context, files_brought, message
from storage import broadcast_drafts, broadcasts, dialogues
from storage.broadcasts import Broadcast

DIALOGUE = "broadcast"
KINDS = frozenset({"jpg", "png", "pdf", "docx", "xlsx", "pptx"})
FILE_BYTES = 20_000_000  # what a bot may fetch, core.telegram.org/bots/api#getfile
PHOTO_BYTES = 10_000_000  # a larger one goes as a document, core.telegram.org/bots/api#sendphoto
MEGABYTE = 1_000_000
NAME_CHARS = 40  # of a file on a button
SHOWN_CHARS = 200  # of the text while it is being changed


@dataclass(frozen=True, slots=True)
class Writing:
    """State of the dialogue: which announcement is being written, and what is asked about it."""

    broadcast: int = 0
    at: str = ""  # "text", "file", "audience", "time" or "preview"
    files: tuple[Mapping[str, Any], ...] = ()  # of which one is asked for; fields of Attachment

    @property
    def offered(self) -> tuple[Attachment, ...]:
        """The files of which one is asked for."""
        return tuple(Attachment(**fields) for fields in self.files)


def open_at(ctx: Context, broadcast_id: int, *, at: str) -> None:
    """Remember which announcement is being written, and what is asked about it."""
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=Writing(broadcast_id, at))


def ask(ctx: Context, broadcast: Broadcast, *, notice: str = "") -> list[Message]:
    """Ask for the text; a picture or a document may come with it or by itself."""
    open_at(ctx, broadcast.id, at="text")
    so_far = ""
    rows: list[tuple[Choice, ...]] = []
    if broadcast.attachment is not None:
        so_far = ctx.say("broadcast_text.held", name=broadcast.attachment.name)
        rows.append((Choice(ctx.say("broadcast_text.drop"), buttons.Broadcast("bare", broadcast.id)),))
    if broadcast.text:
        so_far = join((so_far, ctx.say("broadcast_text.so_far", text=beginning(broadcast.text))))
        rows.append((Choice(ctx.say("broadcast_text.keep"), buttons.Broadcast("to", broadcast.id)),))
    rows.append((Choice(ctx.say("broadcast.leave"), buttons.Open("batal")),))
    return message(join((notice, ctx.say("broadcast_text.ask", sample=_make_sample(ctx)), so_far)), *rows)


def _make_sample(ctx: Context) -> str:
    return f"*{ctx.say('broadcast_text.sample')}*"


def beginning(text: str, chars: int = SHOWN_CHARS) -> str:
    """Cut a text to its beginning, without marks."""
    return shortened(read_marks(text).translate(WITHOUT_MARKS), chars)


def take(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Keep a text, picture or document; returns nothing when there is no objection to sending it."""
    inbound = ctx.inbound
    asked: list[Message] = []
    if inbound.kind is Kind.FILE and inbound.file is not None:
        asked = _take_files(ctx, broadcast, refs=inbound.album or (inbound.file,))
    elif inbound.kind is not Kind.TEXT:
        return ask(ctx, broadcast, notice=ctx.say("broadcast_text.unreadable"))
    if text := (inbound.linked or inbound.text).strip():
        broadcast_drafts.set_text(ctx.tx, broadcast.id, text=text)
    if asked:
        return asked
    return _against_kept(ctx, broadcast)


def _take_files(ctx: Context, broadcast: Broadcast, *, refs: Sequence[FileRef]) -> list[Message]:
    """Attach the one file that came; nothing to say when it is taken. Of several the desk names one."""
    brought = files_brought(ctx, accepts=KINDS, max_bytes=FILE_BYTES)
    refused = [said_of_refusal(ctx, file) for file in brought if isinstance(file, FileRefusal)]
    taken = [
        _to_attachment(file, photo=ref.kind == "photo" and file.size <= PHOTO_BYTES)
        for ref, file in zip(refs, brought, strict=True)
        if isinstance(file, StoredFile)
    ]
    if not taken:
        return ask(ctx, broadcast, notice=join(refused, by="\n"))
    if len(taken) > 1:
        return _ask_which(ctx, broadcast, taken=taken, notice=join(refused, by="\n"))
    broadcast_drafts.set_attachment(ctx.tx, broadcast.id, attachment=taken[0])
    return []


def _ask_which(
    ctx: Context, broadcast: Broadcast, *, taken: Sequence[Attachment], notice: str
) -> list[Message]:
    """Ask which of the files that were sent at once the announcement carries: it may have one."""
    state = Writing(broadcast.id, "file", tuple(asdict(attachment) for attachment in taken))
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=state)
    rows = [
        (
            Choice(
                f"{n} · {shortened(attachment.name, NAME_CHARS)}", buttons.BroadcastFile(broadcast.id, n - 1)
            ),
        )
        for n, attachment in enumerate(taken, 1)
    ]
    leave = Choice(ctx.say("broadcast.leave"), buttons.Open("batal"))
    return message(join((notice, ctx.say("broadcast_text.which_file"))), *rows, (leave,))


def file_chosen(ctx: Context, broadcast: Broadcast, *, number: int) -> list[Message]:
    """Attach the one that was named; nothing to say when nothing stands against sending the text."""
    writing = ctx.state(DIALOGUE, Writing) or Writing()
    offered = writing.offered if writing.broadcast == broadcast.id else ()
    if not 0 <= number < len(offered):
        return ask(ctx, broadcast)
    broadcast_drafts.set_attachment(ctx.tx, broadcast.id, attachment=offered[number])
    return _against_kept(ctx, broadcast)


def file_typed(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Take the number of the file that was typed, or ask again."""
    typed, offered = ctx.inbound.text.strip(), (ctx.state(DIALOGUE, Writing) or Writing()).offered
    if typed.isdecimal() and 0 < int(typed[:3]) <= len(offered):
        return file_chosen(ctx, broadcast, number=int(typed[:3]) - 1)
    return _ask_which(ctx, broadcast, taken=offered, notice="")


def _to_attachment(file: StoredFile, *, photo: bool) -> Attachment:
    return Attachment("photo" if photo else "document", "file", {"sha256": file.sha256}, file.name)


def _against_kept(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Return what prevents sending it as it is kept now."""
    changed = broadcasts.load(ctx.tx, broadcast.id)
    return against(ctx, changed) if changed else []


def against(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Return what prevents sending this text and ask for it again; nothing when there is no objection."""
    if not broadcast.text:
        return ask(ctx, broadcast, notice=ctx.say("broadcast_text.empty"))
    if said := length(ctx, broadcast) or _refuse_links(ctx, broadcast):
        return ask(ctx, broadcast, notice=said)
    if broadcast.literal or (open_mark := unclosed(broadcast.text)) is None:
        return []
    said = ctx.say(
        "broadcast_text.unclosed",
        sign=open_mark.sign,
        line=open_mark.line,
        words=open_mark.words,
        sample=_make_sample(ctx),
    )
    open_at(ctx, broadcast.id, at="text")
    as_is = Choice(ctx.say("broadcast_text.as_is"), buttons.Broadcast("asis", broadcast.id))
    return message(said, (as_is,), (Choice(ctx.say("broadcast.leave"), buttons.Open("batal")),))


def _refuse_links(ctx: Context, broadcast: Broadcast) -> Marked | str:
    """Say which link behind words cannot be sent, and why; "" when there is none."""
    for link in linked_words(broadcast.text):
        if fault := find_fault(link):
            words, address = shortened(link.words, NAME_CHARS), shortened(link.address, SHOWN_CHARS)
            return ctx.say(f"broadcast_text.link_{fault}", words=words, address=address)
    return ""


def say_links(ctx: Context, broadcast: Broadcast) -> Marked | str:
    """Say which address lies behind which words: on a phone only the words are seen."""
    lines = [
        ctx.say("broadcast_text.link", words=link.words, address=link.address)
        for link in linked_words(broadcast.text)
    ]
    return join((ctx.say("broadcast_text.links"), *lines), by="\n") if lines else ""


def length(ctx: Context, broadcast: Broadcast) -> Marked | str:
    """Say by how much and where a text is too long; "" when it fits. The heading counts too."""
    header = ctx.desk_data.words.in_("id")("broadcast_talk.again")
    whole = f"{header}\n\n{broadcast.text}"
    over = too_long(whole, attachment=broadcast.attachment is not None)
    if over is None:
        return ""
    return ctx.say(
        "broadcast_text.too_long_caption" if broadcast.attachment else "broadcast_text.too_long",
        over=over.over,
        limit=over.limit - len(header) - 2,
        words=over.words,
    )


def said_of_refusal(ctx: Context, refusal: FileRefusal) -> Marked:
    """Say why a file was not taken."""
    kinds = ", ".join(sorted(KINDS))
    size, limit = f"{refusal.size / MEGABYTE:.1f} MB".replace(".", ","), f"{FILE_BYTES // MEGABYTE} MB"
    if refusal.reason == "too_big":
        return ctx.say("broadcast_text.file_big", name=refusal.name, size=size, limit=limit)
    return ctx.say(
        f"conversation.file_{refusal.reason}", name=refusal.name, size=size, limit=limit, kinds=kinds
    )
