"""Reads the files and links sent at a question: what is kept, which one of several, why one is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.draft.evidence import Piece, is_nameless, refused_at, taken_at
from domain.draft.facts import Accepted, Doubt, DraftFacts, Reading, Refused, Said
from domain.message import FileRefusal, StoredFile
from domain.reading.links import is_public_link, links_in, mended_link
from domain.reading.numbers import say_number
from domain.rules.form import Question
from domain.texts import Marked, Say, join, shortened

OTHER_PICTURES = frozenset({"heic", "heif", "avif", "webp", "gif", "bmp", "tif", "tiff", "jxl", "jp2"})
CAPTION_CHARS = 100  # of a caption that is read back
SENT_CHARS = 200  # of the names of what was sent where nothing of it is kept


def say_size(size: int, language: str) -> str:
    """Say a size in bytes as kB or MB (powers of ten)."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{say_number(round(Decimal(size) / 1_000_000, 1).normalize(), language)} MB"


def read_files(question: Question, said: Said, current: Any, facts: DraftFacts) -> Reading:
    """Read what was sent at a question for files: files, a link, or one to remove."""
    pieces = list(current or ())
    if said.action == "del":
        return Accepted([item for n, item in enumerate(pieces) if str(n) != said.value], stay=True)
    if not said.files:
        return _read_link(question, pieces, said=said, facts=facts)
    place = question.label.in_(facts.say.language)
    taken = taken_at(said.files, place=place, present=pieces)
    refused = [
        _find_refusal(question, file, facts=facts)
        for file in refused_at(said.files, place=place, present=pieces)
    ]
    if not taken:
        return refused_together(refused, facts=facts)
    notes = [str(facts.words(refusal.key, **refusal.params)) for refusal in refused]
    notes += say_shrunk(said, facts=facts)
    if said.caption:
        notes.append(str(facts.words("caption_unused", caption=shortened(said.caption, CAPTION_CHARS))))
    return _add_album(question, pieces, taken=taken, notes=notes, facts=facts)


def say_shrunk(said: Said, *, facts: DraftFacts) -> list[Marked]:
    """Say of each photo of which a smaller copy was made how large it was and is."""
    language = facts.say.language
    return [
        facts.words(
            "picture_shrunk", before=say_size(file.sent_size, language), after=say_size(file.size, language)
        )
        for file in said.files
        if isinstance(file, StoredFile) and file.sent_size
    ]


def name_sent(said: Said, facts: DraftFacts) -> str:
    """Name everything that was sent at once, with its caption; photos without a name are counted."""
    words = facts.words
    names = [file.name for file in said.files if not is_nameless(file.name)]
    photos = len(said.files) - len(names)
    if photos:
        names.append(str(words("nameless_photo" if photos == 1 else "nameless_photos", count=photos)))
    sent = [shortened(", ".join(names), SENT_CHARS)]
    if said.caption:
        sent.append(str(words("sent_caption", caption=shortened(said.caption, CAPTION_CHARS))))
    return ", ".join(sent)


def refused_together(refused: Sequence[Refused], *, facts: DraftFacts) -> Refused:
    """Make one refusal of those of an album none of whose files was taken: each file is named."""
    if len(refused) == 1:
        return refused[0]
    return Refused(
        "files_refused",
        {"reasons": join((facts.words(why.key, **why.params) for why in refused), by="\n")},
    )


def _find_refusal(question: Question, file: FileRefusal, *, facts: DraftFacts) -> Refused:
    words = file_words(question, facts.say, name=file.name, kind=file.kind, size=file.size)
    if file.reason == "too_big" and "pdf" not in question.accepts:
        return Refused("video_too_big" if "mp4" in question.accepts else "picture_too_big", words)
    return Refused(name_refusal(file, accepts=question.accepts), words)


def name_refusal(file: FileRefusal, *, accepts: Collection[str]) -> str:
    """Name the text that says why a file was refused; a picture of another kind has a way of its own."""
    is_picture = file.reason in ("kind", "liar") and file.kind in OTHER_PICTURES
    return "picture_kind" if is_picture and "jpg" in accepts else f"file_{file.reason}"


def _add_album(
    question: Question, pieces: list[Piece], *, taken: Sequence[Piece], notes: list[str], facts: DraftFacts
) -> Reading:
    """Keep an album where several files are wanted, else ask which one of it."""
    if len(taken) == 1:
        reading = _add(question, pieces, item=taken[0], facts=facts)
        return (
            replace(reading, note="\n".join([*_write_note(reading), *notes]))
            if isinstance(reading, Accepted)
            else reading
        )
    if question.max_files == 1:
        return Doubt(
            tuple([piece] for piece in taken),
            "\n".join([*notes, str(facts.words("album_one" if taken[0].is_file else "link_one"))]),
        )
    return _add_fitting(question, pieces, taken=taken, notes=notes, facts=facts)


def _add_fitting(
    question: Question, pieces: list[Piece], *, taken: Sequence[Piece], notes: list[str], facts: DraftFacts
) -> Reading:
    """Keep what is new and has room, and say what has none."""
    fitting = [piece for piece in dict.fromkeys(taken) if piece not in pieces]
    room = max(0, question.max_files - len(pieces))
    if fitting and not room:
        return Refused("file_too_many", {"count": question.max_files})
    notes += [
        str(facts.words("album_no_room", name=piece.label, count=question.max_files))
        for piece in fitting[room:]
    ]
    notes += [str(facts.words("file_again"))] if not fitting else []
    return Accepted([*pieces, *fitting[:room]], stay=True, note="\n".join(notes))


def _write_note(accepted: Accepted) -> list[str]:
    return [accepted.note] if accepted.note else []


def _read_link(question: Question, pieces: list[Piece], *, said: Said, facts: DraftFacts) -> Reading:
    urls = links_in(said.text_and_links)
    if "url" not in question.accepts or not said.text.strip():
        return Refused("want_file", file_words(question, facts.say))
    mended = mended_link(said.text_and_links)
    if mended and is_public_link(mended):
        return Doubt(([Piece(url=mended)],))
    if not urls or not all(map(is_public_link, urls)) or said.link == "private":
        return Refused("want_link", file_words(question, facts.say))
    looked = [Piece.link(urls[0], said.link), *(Piece(url=url) for url in urls[1:])]
    return _add_album(question, pieces, taken=looked, notes=[], facts=facts)


def _add(question: Question, pieces: list[Piece], *, item: Piece, facts: DraftFacts) -> Reading:
    if item in pieces:
        return Accepted(pieces, stay=True, note=str(facts.words("file_again")))
    if question.max_files == 1:
        return Accepted([item])
    if len(pieces) >= question.max_files:
        return Refused("file_too_many", {"count": question.max_files})
    return Accepted([*pieces, item], stay=True)


def file_words(question: Question, say: Say, **params: Any) -> Mapping[str, Any]:
    """List what a file question takes: kinds, size, how many."""
    language = say.language
    size = params.pop("size", 0)
    limit = say_size(question.max_bytes or 20_000_000, language)
    return {
        "kinds": ", ".join(
            str(say("conversation.kind_link")) if k == "url" else k.upper() for k in question.accepts
        ),
        "limit": limit,
        "count": question.max_files,
        "size": say_size(size, language) if size else "–",
        **params,
    }
