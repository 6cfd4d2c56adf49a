"""What the moves at an indicator share: the present indicator, its buttons, notices and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.buttons import Form
from domain.conversation.cursor import Scene, Turn, go_to, show_place, shown
from domain.conversation.indicator_page import INDICATORS, indicator_at, kept_message
from domain.conversation.navigation import OPENS_HELP
from domain.conversation.pages import CHECK
from domain.conversation.question_message import Tags, with_desk, with_way_back
from domain.conversation.read_files import CAPTION_CHARS
from domain.draft.facts import DraftFacts, Refused
from domain.message import Choice, Message
from domain.rules.indicators import Indicator, mismatches
from domain.texts import Marked, bold, join, quoted, shortened

SHOWS_EXAMPLE = 2  # misunderstandings in a row


def indicator_of(scene: Scene) -> Indicator | None:
    """Return the indicator the cursor is at, None at the list."""
    return indicator_at(scene.cursor.at, scene.facts)


def calm(scene: Scene) -> Scene:
    """Return the cursor with nothing pending and no misunderstandings counted."""
    return replace(scene, cursor=scene.cursor.answered())


def tags(scene: Scene) -> Tags:
    """Make the buttons of this place."""
    return Tags(scene.facts.innovation, scene.cursor.at, scene.cursor.revision)


def say(scene: Scene, notice: str, *, tries: int = 0) -> Turn:
    """Show the place with a notice."""
    return Turn(scene.cursor, (shown(scene, scene.cursor, notice=notice, tries=tries),))


def kept(scene: Scene, notice: str, *, level: bool = True) -> Turn:
    """Say what was kept, what is still missing, and the next level; `level` repeats the present level."""
    indicator = indicator_of(scene)
    if indicator is None:
        return show_place(scene, notice=notice)
    revision = scene.cursor.revision
    message = kept_message(
        indicator, scene.answers, facts=scene.facts, revision=revision, notice=notice, level=level
    )
    return Turn(scene.cursor, (message,))


def completed(scene: Scene, notice: str) -> Turn:
    """Go on to the next indicator where this one lacks nothing, with a button back to it; else say what was
    kept.
    """
    indicator, facts = indicator_of(scene), scene.facts
    lacks = indicator is None or not indicator.level(scene.answers) or mismatches(indicator, scene.answers)
    if indicator is None or lacks:
        return kept(scene, notice)
    done = facts.words("ind_complete", no=indicator.no)
    if scene.cursor.back_to == CHECK:
        return go_to(scene, CHECK, notice=join((notice, done), by="\n"))
    if facts.returned or facts.recheck:
        return kept(scene, notice)
    turn = go_to(scene, next_place(scene), notice=join((notice, done), by="\n"))
    tag = tags(replace(scene, cursor=turn.cursor))
    back = Choice(facts.words("ind_complete_more", no=indicator.no), tag("j", indicator.level_question))
    shown_next = with_way_back(turn.messages[-1], back)
    return replace(turn, messages=(*turn.messages[:-1], shown_next))


def next_place(scene: Scene) -> str:
    """Name the next indicator without a level or with something missing; after the last one the list."""
    here_at, answers = indicator_of(scene), scene.answers
    later = [i for i in scene.facts.indicators.indicators if here_at is None or i.no > here_at.no]
    coming = next((i for i in later if not i.level(answers) or mismatches(i, answers)), None)
    return coming.level_question if coming else INDICATORS


def caption_unused(scene: Scene) -> str:
    """Return that a caption is not kept, "" when there was none."""
    caption = shortened(scene.said.caption, CAPTION_CHARS)
    return str(scene.facts.words("caption_unused", caption=caption)) if caption else ""


def refused(scene: Scene, why: Refused) -> Turn:
    """Say what is wanted, with the levels as buttons; the second time with an example, then with the way
    out.
    """
    scene, notice = _count_failed(scene, why)
    if scene.cursor.failures < OPENS_HELP:
        return say(scene, notice, tries=1)
    return _offer_desk(say(scene, notice, tries=2), scene)


def _offer_desk(turn: Turn, scene: Scene) -> Turn:
    return replace(turn, messages=(*turn.messages[:-1], with_desk(turn.messages[-1], scene.facts)))


def turned_away(scene: Scene, why: Refused) -> Turn:
    """Say why a piece of evidence was refused, and what is taken."""
    scene, notice = _count_failed(scene, why)
    turn = kept(scene, notice)
    return turn if scene.cursor.failures < OPENS_HELP else _offer_desk(turn, scene)


def _count_failed(scene: Scene, why: Refused) -> tuple[Scene, str]:
    failures = scene.cursor.failures + 1
    notice, indicator = scene.facts.words(why.key, **why.params), indicator_of(scene)
    if failures >= OPENS_HELP:
        notice = join((notice, scene.facts.words("third_time")), by="\n")
    elif failures == SHOWS_EXAMPLE and indicator is not None:
        notice = join((notice, example(indicator, scene.facts)), by="\n")
    return replace(scene, cursor=replace(scene.cursor, failures=failures)), notice


def example(indicator: Indicator, facts: DraftFacts) -> Marked:
    """Show an example of an answer; nothing where the rules were not loaded with their help."""
    if indicator.explained is None:
        return Marked("")
    return facts.words("example", example=indicator.explained.example.in_(facts.say.language))


def which(scene: Scene, readings: Sequence[tuple[str, Form]], *, why: str = "") -> Turn:
    """Ask which reading was meant: a button for each, yes or no for a single one, after `why`."""
    words, tag = scene.facts.words, tags(scene)
    if len(readings) == 1:
        label, button = readings[0]
        meant = (button.action, button.value) if button.value else (button.action,)
        cursor = replace(scene.cursor, pending=replace(scene.cursor.pending, meant=meant))
        both = (Choice(words("yes"), button), Choice(words("no"), tag("no")))
        return Turn(cursor, (Message(join((why, words("did_you_mean", reading=bold(label)))), (both,)),))
    rows = tuple((Choice(label, button),) for label, button in readings)
    text = words("which_one", said=quoted(scene.said.text))
    return Turn(scene.cursor, (Message(text, (*rows, (Choice(words("none_of_these"), tag("no")),))),))
