"""The conversation over the form: a pure function from what a person said to what is kept and said back.

A cursor says where a person stands: at a question, at the task list or at the check page.
Its revision rises whenever the place changes, so that the buttons of an older message show their age.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from domain.conversation import (
    contested,
    indicator_evidence,
    indicator_moves,
    keep_answer,
    navigation,
    remark_reply,
)
from domain.conversation.cursor import (
    Cursor,
    Scene,
    Turn,
    asked_again,
    go_to,
    remembering,
    settled,
    show_place,
    shown,
)
from domain.conversation.indicator_page import INDICATORS, indicator_at
from domain.conversation.pages import CHECK, LIST
from domain.conversation.pending import NOTHING, Pending
from domain.conversation.question_message import Tags
from domain.draft.carry_over import rest_open
from domain.draft.facts import DraftFacts, Said
from domain.draft.path import preceding
from domain.message import Choice, Message, plain
from domain.reading.links import is_public_link, link_in
from domain.reading.remarks import says_enough, without_courtesies
from domain.rules.form import Answers
from domain.texts import Say

# write nothing, so they work from any message
FREE_MOVES = frozenset({"j", "go", "list", "check", "gaps", "drop"})
SEVERAL = ("long", "multi", "file")  # kinds of question that take several pieces
FILE_BYTES = 20_000_000  # where a question names no limit
TYPED = (
    "back",
    "skip",
    "help",
    "leave",
    "keep",
    "check",
    "list",
    "gaps",
    "send",
    "drop",
    "same",
    "yes",
    "no",
)


def respond(facts: DraftFacts, cursor: Cursor, *, answers: Answers, said: Said) -> Turn:
    """Return the turn that follows from what a person said.

    1. A button of another place or revision changes nothing and shows where one stands.
    2. A word of navigation, tapped or typed, moves.
    3. Everything else is an answer to what is open.
    """
    scene = settled(Scene(facts, cursor, answers, said))
    return remembering(scene.cursor, _take_tap(scene) if said.action else _take_typed_or_sent(scene))


def _take_typed_or_sent(scene: Scene) -> Turn:
    action = _find_action(scene)
    if action and not (scene.cursor.pending.word and _is_same_word(scene)):
        if (asked := _ask_whether_name(scene, action)) is not None:
            return asked
    elif action:
        scene = _read_as_command(scene)
    if action and (move := _list_moves(scene).get(action)):
        again = asked_again(scene) if action == "help" else None
        return move(scene) if again is None else _help(move(scene), again)
    if (changed := navigation.change_named(scene)) is not None:
        return changed
    if (taken_back := indicator_evidence.wrong_one(scene)) is not None:
        return taken_back
    if (remarked := remark_reply.replied(scene)) is not None:
        return remarked
    if indicator_moves.is_here(scene):
        return indicator_moves.said(scene)
    if scene.cursor.at in (LIST, CHECK):
        return navigation.typed_place(scene)
    return keep_answer.answered(scene)


def _find_action(scene: Scene) -> str:
    """Find the action that was typed, where it is one at this place; "" where the words may be an answer."""
    action, pending = typed_action(scene.said.text, scene.facts), scene.cursor.pending
    if action in ("yes", "no"):
        if indicator_moves.is_here(scene) and not pending.drop:
            return action if pending.is_yes_or_no else ""
        return action if pending and not pending.redo else ""
    if action == "same":
        action = _keep_same(scene)
    if action == "send" and scene.cursor.at != CHECK:
        return "" if _names_innovation(scene) else "check"  # which says that nothing is sent yet
    question = scene.facts.form.by_id.get(scene.cursor.at)
    if action or (question is not None and question.kind not in SEVERAL):
        return action
    return "keep" if not pending and _has_said_enough(scene) else ""


def _has_said_enough(scene: Scene) -> bool:
    """Whether a text ends what is answered in several pieces, or by none at all."""
    is_list = scene.cursor.at in (LIST, CHECK, INDICATORS)
    return not is_list and says_enough(plain(scene.said.text))


def _is_same_word(scene: Scene) -> bool:
    return scene.cursor.pending.values == (plain(scene.said.text).strip(),)


def _read_as_command(scene: Scene) -> Scene:
    return replace(scene, cursor=replace(scene.cursor, pending=NOTHING))


def _ask_whether_name(scene: Scene, action: str) -> Turn | None:
    """Ask whether a single word at the question for the name is that name, or one with a courtesy: an
    innovation may be called SIMPAN.

    None where it is not asked; the same word a second time is the command.
    """
    word = plain(scene.said.text).strip()
    if not _names_innovation(scene) or scene.cursor.at in scene.answers:
        return None
    is_phrase = len(word.split()) > 1 and _read_move(word, scene.facts.say, with_courtesies=False) != ""
    if action in ("yes", "no", "same", "send", "drop") or is_phrase:
        return None
    words, tag = scene.facts.words, Tags(scene.facts.innovation, scene.cursor.at, scene.cursor.revision)
    cursor = replace(scene.cursor, pending=Pending(values=(word,), word=True))
    rows = (
        (Choice(words("word_is_name", word=word), tag("yes")),),
        (Choice(words(f"word_{action}"), tag(action)),),
    )
    return Turn(cursor, (Message(words("word_or_name", word=word), rows),))


def _names_innovation(scene: Scene) -> bool:
    question = scene.facts.form.by_id.get(scene.cursor.at)
    return question is not None and "title" in question.check


def _keep_same(scene: Scene) -> str:
    """Handle "still the same": keep the answer looked at again, or confirm the rest at a list."""
    if scene.cursor.at in scene.facts.recheck:
        return "keep"
    return "same" if rest_open(scene.facts) and scene.cursor.at in (LIST, CHECK) else ""


def resume(facts: DraftFacts, cursor: Cursor, *, answers: Answers, notice: str = "") -> Turn:
    """Show the place where the person stands, under a new revision; what is pending there is asked again
    instead.
    """
    scene = settled(Scene(facts, cursor, answers, Said()))
    return asked_again(scene, notice=notice) or go_to(
        scene, scene.cursor.at, notice=notice, back_to=scene.cursor.back_to
    )


def open_at(facts: DraftFacts, cursor: Cursor, *, answers: Answers, place: str, notice: str = "") -> Turn:
    """Go to a question, the task list or the check page."""
    return go_to(settled(Scene(facts, cursor, answers, Said())), place, notice=notice)


def next_question(facts: DraftFacts, cursor: Cursor, *, answers: Answers, gap: str) -> tuple[Message, Cursor]:
    """Show the open question one stands at under its own revision, else the question `gap`; and say where
    that is.
    """
    scene = settled(Scene(facts, cursor, answers, Said()))
    if (again := asked_again(scene)) is not None:
        return again.messages[0], again.cursor
    at = scene.cursor
    if at.at not in facts.form.by_id or at.at in answers:
        at = Cursor(at=gap, revision=cursor.revision + 1, tapped=cursor.tapped)
    return shown(scene, at), at


def typed_action(text: str, facts: DraftFacts) -> str:
    """Return the action of a typed word of navigation, "" when it is none."""
    return _read_move(text, facts.say)


def is_navigation(text: str, say: Say) -> bool:
    """Whether a text is a word of navigation in the form, in this language."""
    return _read_move(text, say) != ""


def needs_open_question(text: str, say: Say) -> bool:
    """Whether a text is a word of navigation that says nothing where no question is open; others, such as
    "kirim" or "simpan", still name what somebody may want to know.
    """
    return _read_move(text, say) in ("back", "skip", "keep")


def asks_to_check(text: str, say: Say) -> bool:
    """Whether a text asks to check or to send, in the words of the form."""
    return _read_move(text, say) in ("check", "send")


def _read_move(text: str, say: Say, *, with_courtesies: bool = True) -> str:
    """The action of a text; `with_courtesies` also of one with such words around it, as "lewati saja pak"."""
    moves, word = _list_typed_moves(say), text.strip().casefold().rstrip(".!")
    if word in moves or not with_courtesies:
        return moves.get(word, "")
    return moves.get(without_courtesies(word), "")


@cache
def _list_typed_moves(say: Say) -> Mapping[str, str]:
    """Return the words of navigation in one language with their actions; the earlier action keeps a word."""
    words = {action: str(say(f"conversation.typed_{action}")).split("|") for action in TYPED}
    return {word: action for action in reversed(TYPED) for word in words[action]}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file a place takes: kinds by content, and size in bytes."""

    kinds: frozenset[str]
    max_bytes: int
    full: bool = False  # no further file has a place
    letter: bool = False  # whether a paper is read for what it says of itself as a letter


def wants_file(facts: DraftFacts, cursor: Cursor, *, answers: Answers, photo: bool = False) -> Wanted | None:
    """Tell what file the place takes; None when it takes none. `photo`: it comes as a picture, not as a
    document.
    """
    scene = settled(Scene(facts, cursor, answers, Said()))
    if (indicator := indicator_at(scene.cursor.at, facts)) is not None:
        # a photographed paper is better than none
        kinds = {*indicator.accepts(answers), *({"jpg"} if photo else ())}
        full = not indicator_evidence.room(indicator, scene)
        return Wanted(frozenset(kinds - {"url"}), facts.indicators.max_bytes, full, indicator.letter)
    question = facts.form.by_id.get(scene.cursor.at)
    if question is None or question.kind != "file":
        return None
    return Wanted(frozenset(question.accepts) - {"url"}, question.max_bytes or FILE_BYTES)


def wants_link(facts: DraftFacts, cursor: Cursor, *, answers: Answers, said: Said) -> str:
    """Find the first link in what was typed that the place takes and that may be looked at; "" when there
    is none.
    """
    if "." not in said.text_and_links:
        return ""
    scene = settled(Scene(facts, cursor, answers, said))
    question = facts.form.by_id.get(scene.cursor.at)
    if indicator_at(scene.cursor.at, facts):
        url = next(iter(indicator_evidence.links_said(scene)), "")
    else:
        url = link_in(said.text_and_links) if question is not None and "url" in question.accepts else ""
    return url if is_public_link(url) else ""


def may_go_on(facts: DraftFacts, cursor: Cursor, *, answers: Answers) -> bool:
    """Whether what is typed at the place may be the rest of the answer before it, which was a short text."""
    scene = settled(Scene(facts, cursor, answers, Said()))
    before = preceding(scene.asked, facts.form, at=scene.cursor.at)
    return before is not None and before.kind == "text"


def _list_moves(scene: Scene) -> Mapping[str, Callable[[Scene], Turn]]:
    """The moves of the place: an indicator has some of its own."""
    if scene.cursor.pending.drop:  # asked anywhere; what else was tapped belongs to the place
        return {**_list_moves(_read_as_command(scene)), "yes": _MOVES["yes"], "no": _MOVES["no"]}
    if scene.cursor.pending.contest:
        return {
            **_list_moves(_read_as_command(scene)),
            "yes": contested.keep_own,
            "mine": contested.keep_alone,
            "no": contested.theirs,
        }
    if not indicator_moves.is_here(scene):
        return _MOVES
    return {
        **{name: _MOVES[name] for name in ("list", "check", "gaps", "j", "leave", "drop", "same")},
        **indicator_moves.MOVES,
    }


def tap_of(said: Said) -> str:
    """Name a tap as the cursor keeps the last one that did something."""
    return f"{said.at}:{said.revision}:{said.action}:{said.value}"


def _take_tap(scene: Scene) -> Turn:
    said, cursor = scene.said, scene.cursor
    tap = tap_of(said)
    current = (said.at, said.revision) == (cursor.at, cursor.revision)
    move = _list_moves(scene).get(said.action)
    asked_just_now = tap == cursor.tapped and cursor.pending.unchanged
    if move is None or asked_just_now or not (current or said.action in FREE_MOVES):
        if tap == cursor.tapped:  # a double tap: the answer to the first is already there
            return Turn(cursor, (Message("", toast=scene.facts.words("toast_double")),))
        toast = scene.facts.words("toast_stale")
        return asked_again(scene, toast=toast) or show_place(scene, toast=toast)
    if cursor.pending.word and said.action in TYPED[:-2]:
        scene = _read_as_command(scene)
    if said.action in ("go", "help") and (again := asked_again(scene)) is not None:
        turn = again if said.action == "go" else _help(move(scene), again)
    else:
        turn = move(scene)
    return replace(turn, cursor=replace(turn.cursor, tapped=tap))


def _help(turn: Turn, again: Turn) -> Turn:
    """Explain the place, then ask what is pending: the next answer is taken for that."""
    return replace(turn, messages=(*turn.messages, *again.messages))


_MOVES: Mapping[str, Callable[[Scene], Turn]] = {
    "back": navigation.back,
    "skip": navigation.skip,
    "keep": navigation.keep,
    "help": navigation.ask_help,
    "leave": navigation.leave,
    "list": navigation.show_list,
    "check": navigation.show_check,
    "gaps": navigation.show_gaps,
    "go": navigation.go,
    "j": navigation.jump,
    "e": navigation.edit,
    "p": navigation.page,
    "same": navigation.same,
    "send": navigation.send,
    "drop": navigation.drop,
    "yes": keep_answer.yes,
    "no": keep_answer.no,
    "c": keep_answer.candidate,
    "done": keep_answer.done,
    "redo": keep_answer.redo,
    "o": keep_answer.answered,
    "on": keep_answer.answered,
    "off": keep_answer.answered,
    "del": keep_answer.answered,
}
