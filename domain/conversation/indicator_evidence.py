"""Adding, replacing and removing the evidence of an indicator: files and links."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from domain.conversation import indicator_letter, indicator_level
from domain.conversation.cursor import Scene, Turn, show_place
from domain.conversation.indicator_page import evidence_words
from domain.conversation.indicator_papers import asked_of, having_letter, is_asked, letters_read
from domain.conversation.indicator_pieces import key_of, mark_of, name_of, offered
from domain.conversation.indicator_turn import (
    calm,
    caption_unused,
    completed,
    indicator_of,
    kept,
    tags,
    turned_away,
    which,
)
from domain.conversation.pending import LetterAsked, Pending
from domain.conversation.read_files import name_refusal, refused_together, say_shrunk
from domain.conversation.used_elsewhere import ask_reuse, name_other_place
from domain.draft.evidence import LETTER_PARTS, Piece, refused_at, taken_at
from domain.draft.facts import Refused
from domain.message import Choice, FileRefusal, LetterRead, Message, plain
from domain.reading.links import is_public_link, links_in, mended_link
from domain.reading.remarks import Remark, remark_in
from domain.rules.indicators import Indicator, LevelAnswer
from domain.texts import join


def room(indicator: Indicator, scene: Scene) -> bool:
    """Tell whether one more piece can be added or replaces another."""
    return (
        _read_replaced(scene) is not None
        or len(_pieces_of(indicator, scene)) < scene.facts.indicators.max_pieces
    )


def links_said(scene: Scene) -> tuple[str, ...]:
    """Find the links that were typed; while a letter is asked only whole ones count: "188.45.dinkes/2" is
    a number.
    """
    text = scene.said.text_and_links
    return links_in(text) if not scene.cursor.pending.letter or "://" in text else ()


def mended(scene: Scene) -> Turn | None:
    """Offer the link that was most likely meant; None when nothing looks like one."""
    url = "" if scene.cursor.pending.letter else mended_link(scene.said.text_and_links)
    if not url or not is_public_link(url):
        return None
    words, tag = scene.facts.words, tags(scene)
    cursor = replace(scene.cursor, pending=replace(scene.cursor.pending, link=url))
    rows = ((Choice(words("yes"), tag("yes")), Choice(words("no"), tag("no"))),)
    return Turn(cursor, (Message(words("did_you_mean", reading=url), rows),))


def filed(indicator: Indicator, scene: Scene) -> Turn:
    """Keep what was fetched, one file or an album, or say why it was refused."""
    place = f"{indicator.no} {indicator.name.in_(scene.facts.say.language)}"
    taken = taken_at(scene.said.files, place=place, present=_pieces_of(indicator, scene))
    refused = [
        _find_refusal(indicator, file, scene=scene)
        for file in refused_at(scene.said.files, place=place, present=_pieces_of(indicator, scene))
    ]
    if not taken:
        return turned_away(scene, refused_together(refused, facts=scene.facts))
    if len(scene.said.files) > 1:
        return _file_album(
            indicator,
            taken,
            notes=[
                *(scene.facts.words(refusal.key, **refusal.params) for refusal in refused),
                *say_shrunk(scene.said, facts=scene.facts),
            ],
            scene=scene,
        )
    return _file_alone(indicator, taken[0], scene=scene)


def _file_alone(indicator: Indicator, item: Piece, *, scene: Scene) -> Turn:
    """Keep one file, unless it lies here already; one that proves something elsewhere is asked about."""
    pieces = _pieces_of(indicator, scene)
    at = next((n for n, piece in enumerate(pieces) if piece.sha256 == item.sha256), None)
    if at is not None:
        return _take_same_again(indicator, at, scene=scene)
    if place := name_other_place(item.sha256, scene):
        pending = replace(scene.cursor.pending, reuse=item)
        return ask_reuse(item, place, scene=scene, pending=pending)
    return _add(indicator, [item], scene=scene, notes=say_shrunk(scene.said, facts=scene.facts))


def _find_refusal(indicator: Indicator, file: FileRefusal, *, scene: Scene) -> Refused:
    words = evidence_words(
        indicator, scene.answers, facts=scene.facts, name=file.name, kind=file.kind, size=file.size
    )
    accepts = indicator.accepts(scene.answers)
    if file.reason == "too_big":
        return Refused(_name_too_big(accepts), words)
    return Refused(name_refusal(file, accepts=accepts), words)


def _name_too_big(accepts: Collection[str]) -> str:
    """Name the text with a way out that is taken here: no PDF is offered where none is."""
    if "pdf" in accepts:
        return "ind_too_big"
    return "video_too_big" if "mp4" in accepts else "ind_picture_too_big"


def _take_same_again(indicator: Indicator, at: int, *, scene: Scene) -> Turn:
    """The same file at the same place changes nothing, but its letter may be what the person wants to
    mend.
    """
    words = scene.facts.words
    tag = tags(scene)
    piece = _pieces_of(indicator, scene)[at]
    if not indicator.letter:
        return kept(calm(scene), words("file_again"))
    opens = tag("let", key_of(at, piece))
    cursor = replace(calm(scene).cursor, pending=Pending(meant=(opens.action, opens.value)))
    rows = ((Choice(words("yes"), opens), Choice(words("no"), tag("no"))),)
    return Turn(cursor, (Message(words("letter_mend", name=name_of(piece)), rows),))


def letter_opened(scene: Scene) -> Turn:
    """Ask the parts of a letter again, each with what was given before."""
    indicator, at = indicator_of(scene), _read_named(scene)
    if indicator is None or at is None or not indicator.letter:
        return show_place(scene, toast=scene.facts.words("toast_stale"))
    return indicator_letter.ask(calm(scene), indicator, asked=LetterAsked(at, LETTER_PARTS[0], whole=True))


def _file_album(indicator: Indicator, taken: Sequence[Piece], *, notes: list[str], scene: Scene) -> Turn:
    """Take every file that was sent at once and has a place; each of the others is named."""
    words = scene.facts.words
    pieces = _pieces_of(indicator, scene)
    most = scene.facts.indicators.max_pieces
    fitting: list[Piece] = []
    for item in dict.fromkeys(taken):
        place = name_other_place(item.sha256, scene)
        if any(piece.sha256 == item.sha256 for piece in pieces):
            notes.append(words("album_held", name=name_of(item)))
        elif place:
            notes.append(words("album_elsewhere", name=name_of(item), place=place))
        elif len(pieces) + len(fitting) - (_read_replaced(scene) is not None) >= most:
            notes.append(words("album_no_room", name=name_of(item), count=most))
        else:
            fitting.append(item)
    if not fitting:
        return kept(calm(scene), join(notes, by="\n"))
    return _add(indicator, fitting, scene=scene, notes=notes)


def linked(indicator: Indicator, urls: Sequence[str], *, scene: Scene) -> Turn:
    """Take links; one that leads into a private network is refused, a dead one is kept with a warning
    (F22).
    """
    if not all(map(is_public_link, urls)) or scene.said.link == "private":
        return turned_away(scene, Refused("link_private"))
    urls_before = [piece.url for piece in _pieces_of(indicator, scene)]
    pieces = [
        Piece.link(url, scene.said.link if url == urls[0] else "") for url in urls if url not in urls_before
    ]
    room_for = scene.facts.indicators.max_pieces - len(urls_before) + (_read_replaced(scene) is not None)
    if not pieces:
        return kept(calm(scene), scene.facts.words("file_again"))
    left = [
        scene.facts.words("album_no_room", name=piece.url, count=scene.facts.indicators.max_pieces)
        for piece in pieces[max(1, room_for) :]
    ]
    return _add(indicator, pieces[: max(1, room_for)], scene=scene, notes=left)


def _pieces_of(indicator: Indicator, scene: Scene) -> list[Piece]:
    return list(scene.answers.get(indicator.evidence_question) or ())


def _read_replaced(scene: Scene) -> int | None:
    """Return the place, from 0, of the piece the next one replaces."""
    return scene.cursor.pending.replaces


def used_again(scene: Scene) -> Turn:
    """Use the same file here too."""
    indicator, item = indicator_of(scene), scene.cursor.pending.reuse
    return show_place(scene) if indicator is None or item is None else _add(indicator, [item], scene=scene)


def used(scene: Scene) -> Turn:
    """Let a file or link of the form serve as evidence as well."""
    indicator = indicator_of(scene)
    pieces = offered(indicator, scene.answers) if indicator else []
    piece = next((piece for piece in pieces if mark_of(piece) == scene.said.value), None)
    if indicator is None or piece is None:
        return show_place(scene, toast=scene.facts.words("toast_stale"))
    return _add(indicator, [piece], scene=calm(scene))


def _with_level(scene: Scene, indicator: Indicator, *, level: LevelAnswer) -> Scene:
    """Go on as if the level of the caption had been kept before; the caption is used up by it."""
    answers = {**scene.answers, indicator.level_question: level}
    return replace(scene, answers=answers, said=replace(scene.said, caption=""))


def _add(indicator: Indicator, items: Sequence[Piece], *, scene: Scene, notes: Sequence[str] = ()) -> Turn:
    """Keep pieces of evidence, in the place of the one to be replaced if there is one."""
    pieces, at = _pieces_of(indicator, scene), _read_replaced(scene)
    if not room(indicator, scene):
        return turned_away(
            calm(scene), Refused("file_too_many", {"count": scene.facts.indicators.max_pieces})
        )
    if at is None or at >= len(pieces):
        at = len(pieces)
    read, level = letters_read(scene), indicator_level.captioned(indicator, scene)
    changes: dict[str, Any] = {indicator.evidence_question: pieces}
    if level is not None:
        changes[indicator.level_question], note = level
        notes, scene = (note, *notes), _with_level(scene, indicator, level=level[0])
    items = [having_letter(item, scene.answers) for item in items]
    pieces[at : at + 1] = items
    changed = _put_evidence(scene, indicator, pieces=pieces)
    notice = join((_say_kept(indicator, items, count=len(pieces), scene=changed), *notes), by="\n")
    if papers := [item for item in items if indicator.letter and is_asked(item, read=read)]:
        asked, letter = asked_of(papers, pieces, read=read)
        turn = _ask_letter(indicator, asked, letter=letter, notice=notice, scene=changed)
    elif level is not None:
        turn = completed(changed, notice)
    else:
        turn = kept(changed, join((notice, caption_unused(scene)), by="\n"))
    return replace(turn, changes=changes)


def _ask_letter(
    indicator: Indicator, asked: LetterAsked, *, letter: LetterRead, notice: str, scene: Scene
) -> Turn:
    """Ask for what a letter does not say by itself; what a scan says is to be checked."""
    care = scene.facts.words("letter_from_scan") if letter.is_scanned and letter.parts else ""
    text = join((notice, care), by="\n")
    return indicator_letter.begun(scene, indicator, asked=asked, notice=text, read=letter.parts)


def _say_kept(indicator: Indicator, items: Sequence[Piece], *, count: int, scene: Scene) -> str:
    """Say what was kept, with a hint where another form would serve better."""
    words = scene.facts.words
    accepts = indicator.accepts(scene.answers)
    item = items[0]
    names = ", ".join(name_of(kept_piece) for kept_piece in items)
    lines = [words("ind_file_kept", name=names, count=count)]
    if any(kept_piece.kind in ("jpg", "png") and kept_piece.kind not in accepts for kept_piece in items):
        lines.append(words("photo_hint"))
    if item.url and "url" not in accepts:
        lines.append(words("ind_link_hint", **evidence_words(indicator, scene.answers, facts=scene.facts)))
    if item.dead:
        lines.append(words("link_dead"))
    if item.login:
        lines.append(words("link_login"))
    return join(lines, by="\n")


def _put_evidence(scene: Scene, indicator: Indicator, *, pieces: list[Piece]) -> Scene:
    return calm(replace(scene, answers={**scene.answers, indicator.evidence_question: pieces}))


def removed(scene: Scene) -> Turn:
    """Remove a piece of evidence from the answer; the file stays in the history."""
    indicator, at = indicator_of(scene), _read_named(scene)
    if indicator is None or at is None:
        return show_place(scene, toast=scene.facts.words("toast_stale"))
    gone, pieces = _pieces_of(indicator, scene)[at], _pieces_of(indicator, scene)
    del pieces[at]
    changed = _put_evidence(scene, indicator, pieces=pieces)
    notice = scene.facts.words("ind_file_removed", name=name_of(gone), count=len(pieces))
    turn = _ask_of_others(indicator, at, scene=replace(changed, cursor=scene.cursor), notice=notice)
    turn = turn or kept(changed, notice)
    return replace(turn, changes={indicator.evidence_question: pieces or None})


def _ask_of_others(indicator: Indicator, gone: int, *, scene: Scene, notice: str) -> Turn | None:
    """Go on asking for the letter of the other files that were sent at once; None where none is left."""
    pending = scene.cursor.pending
    asked = pending.letter
    if asked is None or not asked.piece <= gone < asked.piece + asked.pieces:
        return None
    left = _pieces_of(indicator, scene)[asked.piece :][: asked.pieces - 1]
    if not any(piece.is_paper for piece in left):
        return None
    fewer = replace(pending, letter=replace(asked, pieces=len(left), marks=""))
    return indicator_letter.asked_still(scene, fewer, notice=notice)


def wrong_one(scene: Scene) -> Turn | None:
    """Remove the file whose letter is asked when it is said to be the wrong one, as its button does; where
    several may be meant, or the file was kept before or has moved since, it is asked. None for any other
    text.
    """
    indicator = indicator_of(scene)
    if indicator is None or not _says_wrong(scene):
        return None
    asked, pieces = scene.cursor.pending.letter, _pieces_of(indicator, scene)
    if asked is None:
        return None if scene.cursor.pending else _ask_which_one(pieces, scene)
    meant = indicator_letter.pieces_asked(scene, asked) if asked.marks else []
    if len(meant) == 1:
        key = key_of(asked.piece, meant[0])
        return removed(replace(scene, said=replace(scene.said, value=key)))
    notice = scene.facts.words("ind_remove_which")
    still = indicator_letter.asked_still(scene, scene.cursor.pending, notice=notice)
    return still or _ask_which_one(pieces, scene)


def _says_wrong(scene: Scene) -> bool:
    """Whether a text says that the wrong file was sent, with nothing but courtesies around it."""
    said = " ".join(plain(scene.said.text).casefold().split()).rstrip(".!")
    for phrase in str(scene.facts.words("typed_wrong_file")).split("|"):
        before, match, behind = said.partition(phrase)
        rest = " ".join(f"{before} {behind}".split()).strip(" ,")
        remark = remark_in(rest) if match and rest else None
        if match and (not rest or (remark is not None and remark.kind in (Remark.ASSENT, Remark.THANKS))):
            return True
    return False


def _ask_which_one(pieces: Sequence[Piece], scene: Scene) -> Turn | None:
    """Ask which of the pieces here is to be removed; None where there is none."""
    words, tag = scene.facts.words, tags(scene)
    named = [(words("ind_remove", n=n + 1), tag("del", key_of(n, piece))) for n, piece in enumerate(pieces)]
    return which(scene, named) if named else None


def replacing(scene: Scene) -> Turn:
    """Make the next file or link replace this piece."""
    indicator, at = indicator_of(scene), _read_named(scene)
    if indicator is None or at is None:
        return show_place(scene, toast=scene.facts.words("toast_stale"))
    piece = _pieces_of(indicator, scene)[at]
    tag = tags(scene)
    words = scene.facts.words
    cursor = replace(scene.cursor, pending=Pending(replaces=at))
    rows = ((Choice(words("replace_no"), tag("no")),),)
    return Turn(cursor, (Message(words("replace_now", name=name_of(piece)), rows),))


def _read_named(scene: Scene) -> int | None:
    """Return the place, from 0, of the piece a button names; None when it is gone, as after a double tap."""
    indicator, (place, _, mark) = indicator_of(scene), scene.said.value.partition(".")
    pieces = _pieces_of(indicator, scene) if indicator else []
    at = int(place) if place.isdecimal() and len(place) < 3 else len(pieces)
    return at if at < len(pieces) and mark_of(pieces[at]) == mark else None
