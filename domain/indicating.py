"""Answering an indicator: its level by tap, word or number, and its evidence by file or link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.answers import is_public_link
from domain.asking import Tags
from domain.dates import PartialDate, read_date, say_date
from domain.ground import Refused
from domain.indicator_page import (
    INDICATORS,
    LETTER_PARTS,
    evidence_words,
    indicator_at,
    letter_message,
    levels_of,
    measure_of,
    next_step,
)
from domain.indicators import Indicator
from domain.message import Choice, FileRefusal, Message, StoredFile, plain
from domain.names import Name, find
from domain.numbers import read_number, say_number
from domain.overview import CHECK
from domain.reading import Ambiguous, NotUnderstood, Understood
from domain.scene import Scene, Turn, go_to, here, shown
from domain.texts import join

LETTER_CHARS = 200  # of a letter's number or subject
OPENS_HELP = 3


def is_here(scene: Scene) -> bool:
    """Whether one stands at the list of indicators or at one of them."""
    return scene.cursor.at == INDICATORS or indicator_at(scene.cursor.at, scene.ground) is not None


def _indicator(scene: Scene) -> Indicator | None:
    return indicator_at(scene.cursor.at, scene.ground)


def back(scene: Scene) -> Turn:
    """Leave a letter's question, an indicator, or the list."""
    if scene.cursor.pending:
        return here(_calm(scene))
    if scene.cursor.at == INDICATORS:
        return go_to(scene, "#list")
    return go_to(scene, INDICATORS)


def skip(scene: Scene) -> Turn:
    """Pass a part of a letter, or go on to what is best next."""
    letter = (scene.cursor.pending or {}).get("letter")
    if letter is not None:
        return _after_part(scene, int(letter["piece"]), letter["part"])
    if scene.cursor.at == INDICATORS or scene.cursor.back_to == CHECK:
        return go_to(scene, CHECK)
    return onward(scene)


def onward(scene: Scene, *, notice: str = "") -> Turn:
    """Go to the next indicator without a level; to the list when all have one."""
    indicators = scene.ground.indicators.indicators
    here_at = _indicator(scene)
    later = [i for i in indicators if here_at is None or i.no > here_at.no]
    coming = next((i for i in (*later, *indicators) if not i.level(scene.answers) and i is not here_at), None)
    return go_to(scene, coming.level_question if coming else INDICATORS, notice=notice)


def go(scene: Scene) -> Turn:
    """Go on: where one is, or from the list to the best next step."""
    if scene.cursor.at != INDICATORS:
        return go_to(scene, scene.cursor.at, back_to=scene.cursor.back_to)
    coming = next_step(scene.answers, scene.ground)
    return go_to(scene, coming.level_question if coming else CHECK)


def ask_help(scene: Scene) -> Turn:
    """Explain the place and show it again."""
    key = "help_ind_list" if scene.cursor.at == INDICATORS else "help_indicator"
    return _say(scene, scene.ground.words(key))


def _calm(scene: Scene) -> Scene:
    return replace(scene, cursor=replace(scene.cursor, pending=None, failures=0))


def _say(scene: Scene, notice: str, *, tries: int = 0) -> Turn:
    return Turn(scene.cursor, (shown(scene, scene.cursor, notice=notice, tries=tries),))


def _refused(scene: Scene, refused: Refused) -> Turn:
    """Say what is wanted; from the third time on with the way out."""
    failures = scene.cursor.failures + 1
    cursor = replace(scene.cursor, failures=failures)
    notice = scene.ground.words(refused.key, **refused.params)
    if failures >= OPENS_HELP:
        notice = join((notice, scene.ground.words("third_time")), by="\n")
    return Turn(cursor, (shown(scene, cursor, notice=notice, tries=1 if failures < OPENS_HELP else 2),))


# levels


def level_tapped(scene: Scene) -> Turn:
    """Take a level button; 0 takes the level away."""
    indicator, value = _indicator(scene), scene.said.value
    if indicator is None or value not in ("0", "1", "2", "3") or not levels_of(indicator, scene.answers):
        return here(scene)
    kept = {"basis": b.id} if (b := indicator.basis(scene.answers)) else {}
    if value == "0":
        return _levelled(scene, indicator, kept or None)
    return _levelled(scene, indicator, {"level": int(value), **kept})


def basis_tapped(scene: Scene) -> Turn:
    """Choose the basis of indicator 33; another basis takes the level of the one before away."""
    indicator, value = _indicator(scene), scene.said.value
    if indicator is None or value not in ("0", *(basis.id for basis in indicator.bases)):
        return here(scene)
    current = indicator.basis(scene.answers)
    if current is not None and current.id == value:
        return here(scene)
    return _levelled(scene, indicator, {"basis": value} if value != "0" else None)


def _levelled(scene: Scene, indicator: Indicator, value: dict[str, Any] | None) -> Turn:
    """Keep a level and say what it did to the score, in points."""
    ground, question = scene.ground, indicator.level_question
    answers = {name: kept for name, kept in scene.answers.items() if name != question}
    if value is not None:
        answers[question] = value
    before = ground.indicators.maturity(ground.indicators.levels(scene.answers))
    after = ground.indicators.maturity(ground.indicators.levels(answers))
    moved = _calm(replace(scene, answers=answers))
    changes = {question: value} if value != scene.answers.get(question) else {}
    notice = _level_notice(indicator, value, before, after, moved)
    return Turn(moved.cursor, (shown(moved, moved.cursor, notice=notice),), changes)


def _level_notice(indicator: Indicator, value: dict[str, Any] | None, before: int, after: int, scene: Scene) -> str:
    level = (value or {}).get("level", 0)
    ground = scene.ground
    if not level:
        key = "ind_basis_chosen" if value else "ind_cleared"
        return ground.words(key) if before == after else join((ground.words(key), _moved(before, after, scene)))
    measure, number = measure_of(indicator, scene.answers), ""
    if measure is not None and value and "number" in value:
        unit = measure.unit.in_(ground.say.language)
        number = f" ({say_number(Decimal(value['number']), ground.say.language)} {unit})"
    noted = ground.words("ind_noted", no=indicator.no, level=level, number=number)
    return join((noted, _moved(before, after, scene)), by="\n")


def _moved(before: int, after: int, scene: Scene) -> str:
    difference = f"+{after - before}" if after >= before else f"−{before - after}"
    return scene.ground.words("score_moved", before=before, after=after, difference=difference)


def _typed_level(indicator: Indicator, text: str, scene: Scene) -> Turn:
    """Read "3", "level 3", "perda", or the number the level follows from."""
    answers, ground = scene.answers, scene.ground
    if indicator.bases and indicator.basis(answers) is None:
        return _typed_basis(indicator, text, scene)
    measure = measure_of(indicator, answers)
    word, _, rest = text.casefold().strip().rstrip(".").partition(" ")
    if word in ("level", "tingkat", "parameter") and rest in ("0", "1", "2", "3"):
        return level_tapped(replace(scene, said=replace(scene.said, value=rest)))
    if measure is None and word in ("0", "1", "2", "3") and not rest:
        return level_tapped(replace(scene, said=replace(scene.said, value=word)))
    named = _named(indicator, text, answers)
    if isinstance(named, Understood):
        return level_tapped(replace(scene, said=replace(scene.said, value=str(named.value))))
    if measure is None:
        if isinstance(named, Ambiguous):
            return _which(indicator, [int(key) for key in named.candidates], scene)
        return _refused(scene, Refused("ind_level_unknown"))
    match read_number(text):
        case Understood(value=value, sure=True):
            return _measured(indicator, value, scene)
        case Understood(value=value):
            return _which_number((value,), scene)
        case Ambiguous(candidates=candidates):
            return _which_number(tuple(candidates), scene)
    return _refused(scene, Refused("ind_want_number", {"ask": measure.ask.in_(ground.say.language)}))


def _typed_basis(indicator: Indicator, text: str, scene: Scene) -> Turn:
    letter = text.strip().casefold().rstrip(".)")
    if letter not in [basis.id for basis in indicator.bases]:
        names = [Name(b.id, (b.label.id, b.label.en)) for b in indicator.bases]
        match find(text, names):
            case Understood(value=value):
                letter = value
            case Ambiguous(candidates=candidates):
                letter = candidates[0] if len(candidates) == 1 else ""
            case _:
                letter = ""
    if not letter:
        return _refused(scene, Refused("ind_basis_unknown"))
    return basis_tapped(replace(scene, said=replace(scene.said, value=letter)))


def _named(
    indicator: Indicator, text: str, answers: Mapping[str, Any]
) -> Understood[str] | Ambiguous[str] | NotUnderstood:
    names = [
        Name(str(n), (words.id, words.en, *indicator.synonyms[n - 1]))
        for n, words in enumerate(levels_of(indicator, answers), 1)
    ]
    return find(plain(text), names)


def _which(indicator: Indicator, levels: list[int], scene: Scene) -> Turn:
    """Ask back: nothing is guessed silently."""
    language = scene.ground.say.language
    words = levels_of(indicator, scene.answers)
    tag = _tags(scene)
    rows = [(Choice(f"{n} · {words[n - 1].in_(language)}", tag("lv", n)),) for n in levels]
    said = scene.ground.words("which_one", said=scene.said.text[:60])
    return Turn(scene.cursor, (Message(said, (*rows, (Choice(scene.ground.words("none_of_these"), tag("no")),))),))


def _tags(scene: Scene) -> Tags:
    return Tags(scene.ground.innovation, scene.cursor.at, scene.cursor.revision)


def _which_number(values: tuple[Decimal, ...], scene: Scene) -> Turn:
    cursor = replace(scene.cursor, pending={"numbers": [format(value, "f") for value in values]})
    language, tag = scene.ground.say.language, _tags(scene)
    rows = [(Choice(say_number(value, language), tag("c", n)),) for n, value in enumerate(values)]
    said = scene.ground.words("which_one", said=scene.said.text[:60])
    return Turn(cursor, (Message(said, (*rows, (Choice(scene.ground.words("none_of_these"), tag("no")),))),))


def number_chosen(scene: Scene) -> Turn:
    """Take one of several readings of a number."""
    indicator, numbers, value = _indicator(scene), (scene.cursor.pending or {}).get("numbers", []), scene.said.value
    if indicator is None or not value.isdecimal() or int(value) >= len(numbers):
        return here(scene)
    return _measured(indicator, Decimal(numbers[int(value)]), _calm(scene))


def _measured(indicator: Indicator, number: Decimal, scene: Scene) -> Turn:
    """Take the level a number earns; the number is kept beside it."""
    measure = measure_of(indicator, scene.answers)
    if measure is None:
        return here(scene)
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > measure.decimals:
        return _refused(scene, Refused("ind_two_decimals" if measure.decimals else "ind_whole"))
    level = measure.level(number)
    if level == 0:
        return _refused(scene, Refused("ind_no_band", {"number": say_number(number, scene.ground.say.language)}))
    kept = {"basis": b.id} if (b := indicator.basis(scene.answers)) else {}
    return _levelled(scene, indicator, {"level": level, **kept, "number": format(number, "f")})


# evidence


def said(scene: Scene) -> Turn:
    """Take what was typed or sent at the list or at an indicator."""
    indicator = _indicator(scene)
    if indicator is None:
        return _opened(scene)
    if scene.said.unreadable:
        return _refused(scene, Refused("not_readable"))
    if scene.said.file is not None:
        return _file(indicator, scene.said.file, scene)
    if scene.said.place is not None:
        return _refused(scene, Refused("ind_level_unknown"))
    if (scene.cursor.pending or {}).get("letter"):
        return _letter_part(indicator, scene)
    text = plain(scene.said.text).strip()
    if text.casefold().startswith(("http://", "https://", "www.")):
        return _link(indicator, text, scene)
    return _typed_level(indicator, text, scene)


def _opened(scene: Scene) -> Turn:
    """At the list a number (16 or 1) or a name opens an indicator."""
    text, indicators = plain(scene.said.text).strip().rstrip(".*"), scene.ground.indicators
    if text.isdecimal():
        number = int(text) if int(text) > 15 else int(text) + 15  # forms also count them 1 to 20 (iga.md section 2)
        if (found := indicators.by_no.get(number)) is not None:
            return go_to(scene, found.level_question)
    elif text:
        match find(text, [Name(i.level_question, (i.name.id, i.name.en, i.key)) for i in indicators.indicators]):
            case Understood(value=place):
                return go_to(scene, place)
            case Ambiguous(candidates=candidates):
                tag = _tags(scene)
                rows = []
                for place in candidates:
                    one = indicator_at(place, scene.ground)
                    if one is not None:
                        rows.append((Choice(f"{one.no} · {one.name.in_(scene.ground.say.language)}", tag("j", place)),))
                rows.append((Choice(scene.ground.words("none_of_these"), tag("no")),))
                return Turn(scene.cursor, (Message(scene.ground.words("which_one", said=text[:60]), tuple(rows)),))
    return here(scene, notice=scene.ground.words("ind_not_here"))


def _held(indicator: Indicator, scene: Scene) -> list[dict[str, Any]]:
    return list(scene.answers.get(indicator.evidence_question) or ())


def _file(indicator: Indicator, file: StoredFile | FileRefusal, scene: Scene) -> Turn:
    ground = scene.ground
    if isinstance(file, FileRefusal):
        words = evidence_words(indicator, scene.answers, ground, name=file.name, kind=file.kind, size=file.size)
        return _refused(scene, Refused(f"file_{file.reason}", words))
    item = {"sha256": file.sha256, "kind": file.kind, "name": file.name, "size": file.size}
    if any(piece.get("sha256") == file.sha256 for piece in _held(indicator, scene)):
        return _say(_calm(scene), ground.words("file_again"))
    if place := _elsewhere(file.sha256, scene):
        return _reuse(item, place, scene)
    return _added(indicator, item, scene)


def _elsewhere(sha256: str, scene: Scene) -> str:
    """Name the place of this innovation that has the same bytes already; "" when none has."""
    language = scene.ground.say.language
    for question, value in scene.answers.items():
        if not isinstance(value, list) or not any(isinstance(v, dict) and v.get("sha256") == sha256 for v in value):
            continue
        other = indicator_at(f"i{question[1:]}", scene.ground) if question[:1] == "e" else None
        if other is not None:
            return str(scene.ground.words("place_indicator", no=other.no, name=other.name.in_(language)))
        if question in scene.ground.form.by_id:
            return scene.ground.form.by_id[question].label.in_(language)
    return ""


def _reuse(item: dict[str, Any], place: str, scene: Scene) -> Turn:
    """The same bytes stand elsewhere: ask before they are used twice (F25)."""
    pending = {**(scene.cursor.pending or {}), "reuse": item}
    cursor, tag, ground = replace(scene.cursor, pending=pending), _tags(scene), scene.ground
    rows = ((Choice(ground.words("reuse_yes"), tag("yes")), Choice(ground.words("no"), tag("no"))),)
    return Turn(cursor, (Message(ground.words("reuse", name=item["name"], place=place), rows),))


def yes(scene: Scene) -> Turn:
    """Use the same file again."""
    indicator, item = _indicator(scene), (scene.cursor.pending or {}).get("reuse")
    return here(scene) if indicator is None or item is None else _added(indicator, item, scene)


def no(scene: Scene) -> Turn:
    """Leave everything as it was."""
    return here(_calm(scene))


def _link(indicator: Indicator, text: str, scene: Scene) -> Turn:
    words = evidence_words(indicator, scene.answers, scene.ground)
    if "url" not in indicator.accepts(scene.answers):
        return _refused(scene, Refused("ind_no_link", words))
    if not is_public_link(text):
        return _refused(scene, Refused("want_link", words))
    if any(piece.get("url") == text for piece in _held(indicator, scene)):
        return _say(_calm(scene), scene.ground.words("file_again"))
    return _added(indicator, {"url": text}, scene)


def _added(indicator: Indicator, item: dict[str, Any], scene: Scene) -> Turn:
    """Keep a piece of evidence, in the place of the one to be replaced if there is one."""
    held, ground = _held(indicator, scene), scene.ground
    replaced = (scene.cursor.pending or {}).get("replace")
    if replaced is not None and replaced < len(held):
        held[replaced] = item
        at = replaced
    elif len(held) >= ground.indicators.max_pieces:
        return _refused(_calm(scene), Refused("file_too_many", {"count": ground.indicators.max_pieces}))
    else:
        held.append(item)
        at = len(held) - 1
    changed = _with_evidence(scene, indicator, held)
    notice = ground.words("ind_file_kept", name=item.get("name") or item["url"], count=len(held))
    if item.get("kind") in ("jpg", "png") and item["kind"] not in indicator.accepts(scene.answers):
        notice = join((notice, ground.words("photo_hint")), by="\n")
    if indicator.letter and "url" not in item:
        turn = _ask_part(changed, indicator, at, LETTER_PARTS[0], notice)
    else:
        turn = _say(changed, notice)
    return replace(turn, changes={indicator.evidence_question: held})


def _with_evidence(scene: Scene, indicator: Indicator, held: list[dict[str, Any]]) -> Scene:
    return _calm(replace(scene, answers={**scene.answers, indicator.evidence_question: held}))


def removed(scene: Scene) -> Turn:
    """Take a piece of evidence away; the file itself stays in the history."""
    indicator, value = _indicator(scene), scene.said.value
    if indicator is None or not value.isdecimal() or int(value) >= len(_held(indicator, scene)):
        return here(scene)
    held = [piece for n, piece in enumerate(_held(indicator, scene)) if n != int(value)]
    changed = _with_evidence(scene, indicator, held)
    turn = _say(changed, scene.ground.words("removed"))
    return replace(turn, changes={indicator.evidence_question: held or None})


def replacing(scene: Scene) -> Turn:
    """Let the next file or link take the place of this one."""
    indicator, value = _indicator(scene), scene.said.value
    if indicator is None or not value.isdecimal() or int(value) >= len(_held(indicator, scene)):
        return here(scene)
    piece = _held(indicator, scene)[int(value)]
    waiting = replace(scene, cursor=replace(scene.cursor, pending={"replace": int(value)}))
    return _say(waiting, scene.ground.words("replace_now", name=piece.get("name") or piece["url"]), tries=1)


# letters


def _ask_part(scene: Scene, indicator: Indicator, at: int, part: str, notice: str = "") -> Turn:
    cursor = replace(scene.cursor, pending={"letter": {"piece": at, "part": part}})
    message = letter_message(
        indicator, scene.answers, scene.ground, revision=cursor.revision, number=at, part=part, notice=notice
    )
    return Turn(cursor, (message,))


def _letter_part(indicator: Indicator, scene: Scene) -> Turn:
    """Read number, date or subject, one after the other; each is kept at once."""
    letter = (scene.cursor.pending or {})["letter"]
    at, part, held = int(letter["piece"]), letter["part"], _held(indicator, scene)
    if at >= len(held):
        return here(_calm(scene))
    text = " ".join(plain(scene.said.text).split())
    if part == "date":
        match read_date(text, today=scene.ground.today):
            case Understood(value=value, sure=True):
                return _part_kept(indicator, held, at, part, value.to_text(), scene)
            case Understood(value=value):
                return _which_date((value.to_text(),), scene)
            case Ambiguous(candidates=candidates):
                return _which_date(tuple(candidate.to_text() for candidate in candidates), scene)
            case NotUnderstood(reason=reason):
                return _ask_part(scene, indicator, at, part, scene.ground.words(f"date_{reason}"))
    if not text or len(text) > LETTER_CHARS:
        params = {"length": len(text), "limit": LETTER_CHARS, "over": len(text) - LETTER_CHARS}
        key = "text_too_long" if text else "want_text"
        return _ask_part(scene, indicator, at, part, scene.ground.words(key, **(params if text else {})))
    return _part_kept(indicator, held, at, part, text, scene)


def _which_date(values: tuple[str, ...], scene: Scene) -> Turn:
    cursor = replace(scene.cursor, pending={**(scene.cursor.pending or {}), "dates": list(values)})
    language, tag = scene.ground.say.language, _tags(scene)
    rows = [
        (Choice(say_date(PartialDate.from_text(v), language, weekday=True), tag("c", n)),) for n, v in enumerate(values)
    ]
    said = scene.ground.words("which_one", said=scene.said.text[:60])
    return Turn(cursor, (Message(said, (*rows, (Choice(scene.ground.words("none_of_these"), tag("no")),))),))


def chosen(scene: Scene) -> Turn:
    """Take one of several readings, of a letter's date or of a number."""
    pending, indicator, value = scene.cursor.pending or {}, _indicator(scene), scene.said.value
    dates, letter = pending.get("dates"), pending.get("letter")
    if indicator is None or dates is None or letter is None:
        return number_chosen(scene)
    if not value.isdecimal() or int(value) >= len(dates):
        return here(scene)
    held = _held(indicator, scene)
    return _part_kept(indicator, held, int(letter["piece"]), letter["part"], dates[int(value)], scene)


def _part_kept(indicator: Indicator, held: list[dict[str, Any]], at: int, part: str, value: str, scene: Scene) -> Turn:
    if at >= len(held):
        return here(_calm(scene))
    held[at] = {**held[at], "letter": {**held[at].get("letter", {}), part: value}}
    changed = replace(scene, answers={**scene.answers, indicator.evidence_question: held})
    turn = _after_part(changed, at, part)
    return replace(turn, changes={indicator.evidence_question: held})


def _after_part(scene: Scene, at: int, part: str) -> Turn:
    """Ask the next part of the letter; after the last the page shows all of it."""
    indicator = _indicator(scene)
    coming = LETTER_PARTS[LETTER_PARTS.index(part) + 1 :]
    if indicator is not None and coming:
        return _ask_part(scene, indicator, at, coming[0])
    return here(_calm(scene))


MOVES: Mapping[str, Callable[[Scene], Turn]] = {
    "back": back,
    "skip": skip,
    "keep": skip,
    "help": ask_help,
    "go": go,
    "lv": level_tapped,
    "ba": basis_tapped,
    "del": removed,
    "rep": replacing,
    "yes": yes,
    "no": no,
    "c": chosen,
}
