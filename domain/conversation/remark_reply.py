"""Answering a remark: it is never kept unasked, and the question stays open."""

from __future__ import annotations

from dataclasses import replace

from domain.conversation import indicator_moves, navigation
from domain.conversation.cursor import Scene, Turn, asked_again, shown, sure
from domain.conversation.indicator_page import INDICATORS
from domain.conversation.indicator_turn import SHOWS_EXAMPLE
from domain.conversation.navigation import OPENS_HELP
from domain.conversation.pages import CHECK, LIST
from domain.conversation.pending import NOTHING, Pending
from domain.conversation.read_answer import read
from domain.draft.facts import Accepted, Refused
from domain.message import plain
from domain.reading.letters import is_absent
from domain.reading.links import links_in
from domain.reading.names import Name, find
from domain.reading.remarks import Remark, Remarked, asks_example, remark_in, seeks_help
from domain.reading.result import Understood
from domain.texts import Marked, bold, join, shortened

EXPLAINED = (Remark.QUESTION, Remark.LOST)  # answered with the help of the place


def replied(scene: Scene) -> Turn | None:
    """Answer a remark as what it is; None for what is an answer here."""
    said = scene.said
    if said.files or said.location is not None or said.unreadable or links_in(said.text_and_links):
        return None
    remarked = remark_in(plain(said.text)) or _read_lost(scene)
    if remarked is None or _is_answer(scene, remarked):
        return None
    fresh = (
        replace(scene, cursor=replace(scene.cursor, pending=NOTHING))
        if scene.cursor.pending.values
        else scene
    )
    asked = None if fresh.cursor.pending else _ask_whether_answer(fresh, remarked)
    if asked is None:
        return _say_reply(scene, remarked)
    reply = _say_reply(fresh, remarked)
    return (
        replace(asked, messages=(*reply.messages, *asked.messages)) if remarked.kind in EXPLAINED else asked
    )


def _read_lost(scene: Scene) -> Remarked | None:
    """Read a sentence of who does not know what to choose; None where it may be a choice, and elsewhere."""
    question = scene.facts.form.by_id.get(scene.cursor.at)
    if question is None or question.kind not in ("choice", "multi") or not seeks_help(plain(scene.said.text)):
        return None
    current = scene.answers.get(question.id)
    reading = read(question, scene.said, current=current, facts=scene.facts, page=scene.cursor.page)
    return Remarked(Remark.LOST, sure=False) if isinstance(reading, Refused) else None


def _is_answer(scene: Scene, remarked: Remarked) -> bool:
    """Whether the place reads it as an answer all the same: an option by its name, a day, a part that is
    not there.
    """
    if scene.cursor.at in (LIST, CHECK, INDICATORS):
        return False
    text = plain(scene.said.text).strip()
    if indicator_moves.is_here(scene):
        in_letter = scene.cursor.pending.letter is not None
        return is_absent(text) if in_letter else indicator_moves.names_level(scene, text)
    if scene.question.kind in ("text", "long", "file"):
        return False
    reading = read(
        scene.question, scene.said, current=scene.answers.get(scene.question.id), facts=scene.facts
    )
    return isinstance(reading, Accepted)


def _say_reply(scene: Scene, remarked: Remarked) -> Turn:
    """Say the kind word or the help, with what is open below it."""
    words = scene.facts.words
    at_list = scene.cursor.at in (LIST, CHECK, INDICATORS) and not scene.cursor.pending
    is_bare = remarked.kind in (Remark.ASSENT, Remark.SIGNS)
    lead = words("remark_noted_page" if at_list and is_bare else f"remark_{_name_lead(scene, remarked)}")
    if remarked.kind not in EXPLAINED:
        return asked_again(scene, notice=lead) or _show_place(scene, lead)
    if explained := _explain(scene, remarked.term):
        return asked_again(scene, notice=explained) or _show_place(scene, explained)
    # whoever asks three times needs another way, as after three misreadings
    failures = scene.cursor.failures + 1
    counted = replace(scene, cursor=replace(scene.cursor, failures=failures))
    if indicator_moves.is_here(scene):
        turn = indicator_moves.ask_help(counted)
    else:
        tries = max(failures, SHOWS_EXAMPLE) if asks_example(plain(scene.said.text)) else failures
        turn = navigation.ask_help(counted, tries=min(tries, OPENS_HELP))
    again = asked_again(counted)
    first = replace(turn.messages[0], text=join((lead, Marked(turn.messages[0].text))))
    return replace(turn, messages=(first, *(again.messages if again else ())))


def _name_lead(scene: Scene, remarked: Remarked) -> Remark:
    """Name whose kind word leads; the one for who is lost stands below a question asked three times."""
    says_way_out = not indicator_moves.is_here(scene) and scene.cursor.failures + 1 >= OPENS_HELP
    return Remark.QUESTION if remarked.kind is Remark.LOST and says_way_out else remarked.kind


def _show_place(scene: Scene, notice: str) -> Turn:
    return Turn(scene.cursor, (shown(scene, scene.cursor, notice=notice, tries=1),))


def _explain(scene: Scene, term: str) -> str:
    """Explain an indicator or a question by its name; "" when the term is none."""
    facts, language = scene.facts, scene.facts.say.language
    texts = {i.level_question: (i.name, i.measures) for i in facts.indicators.indicators}
    texts |= {question.id: (question.label, question.help) for question in facts.form}
    names = [Name(place, (name.id, name.en)) for place, (name, _) in texts.items()]
    understood = find(term, names) if term else None
    if not isinstance(understood, Understood):
        return ""
    name, meaning = texts[understood.value]
    return join((bold(name.in_(language)), meaning.in_(language)), by="\n")


def _ask_whether_answer(scene: Scene, remarked: Remarked) -> Turn | None:
    """Ask whether it is the answer, where it could be one: a name may be anything, a long text is no
    courtesy.
    """
    if scene.cursor.at not in scene.facts.form.by_id or remarked.kind is Remark.SIGNS:
        return None
    if remarked.kind is Remark.LOST and remarked.sure:
        return None
    question = scene.question
    if question.kind != "text" and not (question.kind == "long" and not remarked.sure):
        return None
    text = plain(scene.said.text).strip()
    if not any(character.isalnum() for character in text):
        return None
    reading = read(question, scene.said, current=scene.answers.get(question.id), facts=scene.facts)
    if not isinstance(reading, Accepted):
        return None
    cursor = replace(scene.cursor, pending=Pending(values=(reading.value,)))
    lead = "" if remarked.kind in EXPLAINED else scene.facts.words(f"remark_{remarked.kind}")
    ask = scene.facts.words("is_it_answer", said=shortened(text))
    return Turn(cursor, (sure(scene, cursor, text=join((lead, ask))),))
