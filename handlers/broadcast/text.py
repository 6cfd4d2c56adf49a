"""The text of an announcement and what goes with it: asked, taken, and what stands against sending it."""

from __future__ import annotations

from domain import buttons
from domain.announcing.announcement import read_marks, too_long, unclosed
from domain.message import WITHOUT_MARKS, Attachment, Choice, FileRefusal, Kind, Message, StoredFile, WantsFile
from domain.texts import Marked, join, shortened
from handlers.context import Context, message
from storage import broadcasts, contacts
from storage.broadcasts import Broadcast

DIALOGUE = "broadcast"
KINDS = frozenset({"jpg", "png", "pdf", "docx", "xlsx", "pptx"})
FILE_BYTES = 20_000_000  # what a bot may fetch, core.telegram.org/bots/api#getfile
PHOTO_BYTES = 10_000_000  # a larger one goes as a document, core.telegram.org/bots/api#sendphoto
MEGABYTE = 1_000_000
SHOWN_CHARS = 200  # of the text while it is being changed


def open_at(ctx: Context, broadcast_id: int, step: str) -> None:
    """Remember which announcement is being written, and what is asked about it."""
    contacts.open_dialogue(ctx.tx, ctx.person.id, DIALOGUE, {"broadcast": broadcast_id, "at": step})


def ask(ctx: Context, broadcast: Broadcast, *, notice: str = "") -> list[Message]:
    """Ask for the text; a picture or a document may come with it or by itself."""
    open_at(ctx, broadcast.id, "text")
    held = ""
    rows: list[tuple[Choice, ...]] = []
    if broadcast.attachment is not None:
        held = ctx.say("broadcast_text.held", name=broadcast.attachment.name)
        rows.append((Choice(ctx.say("broadcast_text.drop"), buttons.Broadcast("bare", broadcast.id)),))
    if broadcast.text:
        held = join((held, ctx.say("broadcast_text.so_far", text=beginning(broadcast.text))))
        rows.append((Choice(ctx.say("broadcast_text.keep"), buttons.Broadcast("to", broadcast.id)),))
    rows.append((Choice(ctx.say("broadcast.leave"), buttons.Open("batal")),))
    return message(join((notice, ctx.say("broadcast_text.ask", sample=_sample(ctx)), held)), *rows)


def _sample(ctx: Context) -> str:
    return f"*{ctx.say('broadcast_text.sample')}*"


def beginning(text: str, chars: int = SHOWN_CHARS) -> str:
    """Cut a text to its beginning, without marks."""
    return shortened(read_marks(text).translate(WITHOUT_MARKS), chars)


def take(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Take a text, a picture or a document; nothing when it is taken and nothing stands against it."""
    inbound = ctx.inbound
    if inbound.kind is Kind.FILE and inbound.file is not None:
        if ctx.fetched is None:
            raise WantsFile(inbound.file, accepts=KINDS, max_bytes=FILE_BYTES)
        if not isinstance(ctx.fetched, StoredFile):
            return ask(ctx, broadcast, notice=said_of_refusal(ctx, ctx.fetched))
        photo = inbound.file.kind == "photo" and ctx.fetched.size <= PHOTO_BYTES
        broadcasts.set_attachment(ctx.tx, broadcast.id, _carried(ctx.fetched, photo=photo))
    elif inbound.kind is not Kind.TEXT:
        return ask(ctx, broadcast, notice=ctx.say("broadcast_text.unreadable"))
    if text := inbound.text.strip():
        broadcasts.set_text(ctx.tx, broadcast.id, text)
    changed = broadcasts.load(ctx.tx, broadcast.id)
    return against(ctx, changed) if changed else []


def _carried(file: StoredFile, *, photo: bool) -> Attachment:
    return Attachment("photo" if photo else "document", "file", {"sha256": file.sha256}, file.name)


def against(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Say what stands against sending this text, and ask for it again; nothing when nothing does."""
    if not broadcast.text:
        return ask(ctx, broadcast, notice=ctx.say("broadcast_text.empty"))
    if said := length(ctx, broadcast):
        return ask(ctx, broadcast, notice=said)
    if broadcast.literal or (found := unclosed(broadcast.text)) is None:
        return []
    said = ctx.say("broadcast_text.unclosed", sign=found.sign, line=found.line, words=found.words, sample=_sample(ctx))
    open_at(ctx, broadcast.id, "text")
    as_is = Choice(ctx.say("broadcast_text.as_is"), buttons.Broadcast("asis", broadcast.id))
    return message(said, (as_is,), (Choice(ctx.say("broadcast.leave"), buttons.Open("batal")),))


def length(ctx: Context, broadcast: Broadcast) -> Marked | str:
    """Say by how much and where a text is too long; "" when it fits. The heading counts too."""
    header = ctx.house.words.in_("id")("broadcast_talk.again")
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


def said_of_refusal(ctx: Context, refusal: object) -> Marked:
    """Say why a file was not taken."""
    if not isinstance(refusal, FileRefusal):
        raise TypeError(f"{type(refusal).__name__} is no refusal of a file")
    kinds = ", ".join(sorted(KINDS))
    size, limit = f"{refusal.size / MEGABYTE:.1f} MB".replace(".", ","), f"{FILE_BYTES // MEGABYTE} MB"
    if refusal.reason == "too_big":
        return ctx.say("broadcast_text.file_big", name=refusal.name, size=size, limit=limit)
    return ctx.say(f"conversation.file_{refusal.reason}", name=refusal.name, size=size, limit=limit, kinds=kinds)
