"""Moves among the indicators; what was said goes to the level, the evidence or the letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.conversation import indicator_evidence, indicator_letter, indicator_level, keep_level
from domain.conversation.cursor import Scene, Turn, asked_again, go_to, show_place, shown
from domain.conversation.indicator_list import best_next, page_of
from domain.conversation.indicator_page import INDICATORS
from domain.conversation.indicator_pieces import evidence_message
from domain.conversation.indicator_turn import (
    calm,
    example,
    indicator_of,
    kept,
    next_place,
    refused,
    say,
    tags,
    turned_away,
    which,
)
from domain.conversation.level_meant import names_choice
from domain.conversation.navigation import MOST_PAGES, drop_noun, not_here
from domain.conversation.pages import CHECK, LIST
from domain.conversation.read_files import name_sent
from domain.draft.facts import Refused
from domain.knowledge.explained import explain_indicator
from domain.message import plain
from domain.reading.links import names_no_page
from domain.reading.names import Name, find
from domain.reading.result import Ambiguous, Understood
from domain.rules.indicators import Indicator
from domain.texts import join


def is_here(scene: Scene) -> bool:
    """Tell whether the cursor is at the list of indicators or at one of them."""
    return scene.cursor.at == INDICATORS or indicator_of(scene) is not None


def back(scene: Scene) -> Turn:
    """Leave the letter's question or the list; from an indicator go to the list or check page it was opened
    from, else to the indicator before.
    """
    if scene.cursor.pending:
        return kept(calm(scene), "")
    if scene.cursor.back_to == CHECK:
        return go_to(scene, CHECK)
    indicator = indicator_of(scene)
    return go_to(scene, LIST) if indicator is None else _go_before(indicator, scene)


def _go_before(indicator: Indicator, scene: Scene) -> Turn:
    """Go to the indicator before this one, else to the page of the list where this one stands."""
    earlier = scene.facts.indicators.by_no.get(indicator.no - 1)
    if earlier is None or scene.cursor.back_to == INDICATORS:
        return go_to(scene, INDICATORS, page=page_of(indicator, scene.facts))
    return go_to(scene, earlier.level_question)


def page(scene: Scene) -> Turn:
    """Turn the page of the list, in the same message."""
    if scene.cursor.at != INDICATORS or not scene.said.value.isdecimal():
        return show_place(scene)
    cursor = replace(scene.cursor, page=min(int(scene.said.value), MOST_PAGES))
    return Turn(cursor, (shown(scene, cursor),), in_place=True)


def evidence_page(scene: Scene) -> Turn:
    """Show a page of the evidence of this indicator, in the same message."""
    indicator, value = indicator_of(scene), scene.said.value
    if indicator is None or not value.isdecimal() or not scene.answers.get(indicator.evidence_question):
        return show_place(scene)
    page, revision = min(int(value), MOST_PAGES), scene.cursor.revision
    message = evidence_message(indicator, scene.answers, facts=scene.facts, revision=revision, page=page)
    return Turn(scene.cursor, (message,), in_place=True)


def skip(scene: Scene) -> Turn:
    """Skip a part of the letter, or go to the next incomplete indicator."""
    if scene.cursor.pending.letter:
        return indicator_letter.skipped(scene)
    if scene.cursor.at == INDICATORS:
        return go(scene)
    return go_to(scene, CHECK) if scene.cursor.back_to == CHECK else onward(scene)


def onward(scene: Scene) -> Turn:
    """Go to the next indicator without a level or with something missing; after the last one to the list."""
    return go_to(scene, next_place(scene))


def go(scene: Scene) -> Turn:
    """Show the present indicator, or from the list the one best taken next."""
    if scene.cursor.at != INDICATORS:
        return go_to(scene, scene.cursor.at, back_to=scene.cursor.back_to)
    coming = best_next(scene.answers, scene.facts)
    return go_to(scene, coming.level_question if coming else CHECK)


def ask_help(scene: Scene) -> Turn:
    """Explain the place and show it again."""
    indicator, words = indicator_of(scene), scene.facts.words
    if indicator is None:
        return say(scene, words("help_ind_list"))
    explained = explain_indicator(indicator).answer.in_(scene.facts.say.language)
    text = join((explained, example(indicator, scene.facts), words("help_indicator")), by="\n")
    return say(scene, text, tries=1)


def yes(scene: Scene) -> Turn:
    """Confirm the question that is pending: the same file again, or the only reading."""
    pending = scene.cursor.pending
    if pending.reuse:
        return indicator_evidence.used_again(scene)
    if pending.caption:
        return indicator_letter.caption_confirmed(scene)
    if pending.link and (indicator := indicator_of(scene)) is not None:
        return indicator_evidence.linked(indicator, (pending.link,), scene=scene)
    action, value = pending.meant or ("", "")
    move = MOVES.get(action)
    return show_place(scene) if move is None else move(replace(scene, said=replace(scene.said, value=value)))


def no(scene: Scene) -> Turn:
    """Decline what is pending; a misread value is asked again."""
    pending = scene.cursor.pending
    if pending.dates:
        return indicator_letter.again(scene)
    if pending.caption:
        return indicator_letter.caption_declined(scene)
    return (
        show_place(calm(scene)) if pending.numbers or pending.meant or not pending else kept(calm(scene), "")
    )


def chosen(scene: Scene) -> Turn:
    """Take one of several readings, of a letter's date or of a number."""
    return (
        indicator_letter.chosen(scene) if scene.cursor.pending.dates else indicator_level.number_chosen(scene)
    )


def said(scene: Scene) -> Turn:
    """Handle what was typed or sent at the list or at an indicator."""
    indicator = indicator_of(scene)
    if scene.said.unreadable:
        again = asked_again(scene, notice=scene.facts.words("not_readable"))
        return again or refused(scene, Refused("not_readable"))
    if indicator is None:
        return _open_typed(scene)
    if scene.said.file is not None:
        return indicator_evidence.filed(indicator, scene)
    if scene.said.location is not None:
        return refused(scene, Refused("ind_level_unknown"))
    if urls := indicator_evidence.links_said(scene):
        return indicator_evidence.linked(indicator, urls, scene=scene)
    if (offered := indicator_evidence.mended(scene)) is not None:
        return offered
    if scene.cursor.pending.letter:
        return indicator_letter.answered(indicator, scene)
    if names_no_page(scene.said.text):
        return turned_away(scene, Refused("link_no_page"))
    return indicator_level.typed(indicator, plain(scene.said.text).strip(), scene=scene)


def names_level(scene: Scene, text: str) -> bool:
    """Whether these are the words of a level, a basis or a kind that is asked here."""
    indicator = indicator_of(scene)
    return indicator is not None and names_choice(indicator, text, scene=scene)


def _open_typed(scene: Scene) -> Turn:
    """Open the indicator whose number ("16", "indikator 16") or name was typed at the list."""
    text = drop_noun(scene, plain(scene.said.text).strip().rstrip(".*"))
    indicators = scene.facts.indicators
    if scene.said.file is not None:
        return show_place(scene, notice=_say_where(scene))
    if text.isdecimal():
        # forms also count 1 to 20 (iga.md 2)
        number = int(text[:4]) if int(text[:4]) > 15 else int(text[:4]) + 15
        if (indicator := indicators.by_no.get(number)) is not None:
            return go_to(scene, indicator.level_question, back_to=INDICATORS)
    elif text:
        match find(
            text, [Name(i.level_question, (i.name.id, i.name.en, i.key)) for i in indicators.indicators]
        ):
            case Understood(value=place):
                return go_to(scene, place, back_to=INDICATORS)
            case Ambiguous(candidates=candidates):
                return _ask_which(candidates, scene)
    return show_place(scene, notice=not_here(scene, key="ind_not_here"))


def _say_where(scene: Scene) -> str:
    """Say that nothing of what was sent at the list is kept, and where it is taken."""
    return scene.facts.words("ind_file_where", files=name_sent(scene.said, scene.facts))


def _ask_which(places: tuple[str, ...], scene: Scene) -> Turn:
    tag, language = tags(scene), scene.facts.say.language
    named = [
        (i.level_question, f"{i.no} · {i.name.in_(language)}") for i in scene.facts.indicators.indicators
    ]
    return which(scene, [(label, tag("j", place)) for place, label in named if place in places])


MOVES: Mapping[str, Callable[[Scene], Turn]] = {
    "back": back,
    "skip": skip,
    "keep": skip,
    "help": ask_help,
    "go": go,
    "p": page,
    "lv": keep_level.tapped,
    "ba": indicator_level.basis_tapped,
    "va": indicator_level.variant_tapped,
    "del": indicator_evidence.removed,
    "rep": indicator_evidence.replacing,
    "use": indicator_evidence.used,
    "let": indicator_evidence.letter_opened,
    "ev": evidence_page,
    "yes": yes,
    "no": no,
    "c": chosen,
}
