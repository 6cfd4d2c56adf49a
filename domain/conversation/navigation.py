"""Moves in the form: the same words at every question, none of which writes an answer."""

from __future__ import annotations

from dataclasses import replace

from domain.buttons import Form
from domain.conversation import rechecking
from domain.conversation.check_pages import check_message
from domain.conversation.cursor import Scene, Turn, first_open, go_to, onward, show_place, shown, sure
from domain.conversation.indicator_page import INDICATORS, indicator_at
from domain.conversation.pages import CHECK, LIST, TITLE_CHARS, indicators_lacking, list_message, title_of
from domain.conversation.pending import Pending
from domain.conversation.question_message import Tags
from domain.conversation.read_files import name_sent
from domain.draft.checks import gaps
from domain.draft.path import preceding
from domain.knowledge.explained import explain_question
from domain.message import Choice, Message, plain
from domain.reading.names import Name, exactly, find, holding
from domain.reading.remarks import agrees, declines
from domain.reading.result import Understood
from domain.texts import bold, join, shortened

MOST_PAGES = 99  # of a list: what a page does not have is shown as its last or first one
FEW_GAPS = 3  # after each of so many one is back at the check page; of more, the form goes on
OPENS_HELP = 3  # misunderstandings in a row until other help and a way out are offered


def back(scene: Scene) -> Turn:
    """Go to the question before, its answer shown; to the check page when one came from there."""
    if scene.cursor.back_to == CHECK:
        return go_to(scene, CHECK)
    if scene.cursor.at == LIST:
        return go(scene)
    earlier = preceding(scene.asked, scene.facts.form, at=scene.cursor.at)
    return go_to(scene, earlier.id if earlier else LIST)


def skip(scene: Scene) -> Turn:
    """Skip an optional question, or one that was misunderstood three times."""
    if scene.cursor.at in (LIST, CHECK):
        return show_place(scene)
    question = scene.question
    if question.required and question.id not in scene.answers and scene.cursor.failures < OPENS_HELP:
        return show_place(scene, notice=scene.facts.words("skip_required"))
    return onward(scene)


def keep(scene: Scene) -> Turn:
    """Go on and leave the answer as it is."""
    if scene.cursor.at in (LIST, CHECK):
        return go(scene)
    if scene.question.id not in scene.answers:
        return skip(scene)
    return onward(scene)


def ask_help(scene: Scene, *, tries: int = 1) -> Turn:
    """Explain the place and ask again; after `tries` misunderstandings the question's own wording grows."""
    facts, language = scene.facts, scene.facts.say.language
    if scene.cursor.at in (LIST, CHECK):
        key = "help_list" if scene.cursor.at == LIST else "help_check"
        return show_place(scene, notice=facts.words(key))
    question = scene.question
    why = facts.words("why", why=question.why.in_(language))
    explained = explain_question(question)
    notice = join((bold(explained.title.in_(language)), explained.answer.in_(language), why), by="\n")
    return Turn(scene.cursor, (shown(scene, scene.cursor, notice=notice, tries=tries),))


def leave(scene: Scene) -> Turn:
    """Leave; everything is kept. A draft can be discarded from here."""
    facts = scene.facts
    tag = Tags(facts.innovation, scene.cursor.at, scene.cursor.revision)
    drop = () if facts.sent else (Choice(facts.words("discard"), tag("drop")),)
    key = "left_sent" if facts.sent else "left"
    text = facts.words("left_returned" if facts.returned else key)
    message = Message(text, ((Choice(facts.words("go_on"), tag("go")), *drop),))
    return Turn(scene.cursor, (message,), outcome="leave")


def show_list(scene: Scene) -> Turn:
    """Open the task list."""
    return go_to(scene, LIST)


def show_check(scene: Scene) -> Turn:
    """Open the check page."""
    return go_to(scene, CHECK)


def show_gaps(scene: Scene) -> Turn:
    """Open the check page, which leads with what is still open, or turn its list in the same message."""
    value = scene.said.value
    if scene.cursor.at != CHECK or not value.isdecimal():
        return go_to(scene, CHECK)
    cursor = replace(scene.cursor, page=0)
    page, revision = min(int(value), MOST_PAGES), cursor.revision
    message = check_message(scene.answers, scene.facts, revision=revision, gaps_at=page)
    return Turn(cursor, (message,), in_place=True)


def go(scene: Scene) -> Turn:
    """Go to the open question, else from the check page to the first that keeps it from being sent, else to
    the first one without an answer, the indicators, the check page.
    """
    if scene.cursor.at not in (LIST, CHECK):
        return go_to(scene, scene.cursor.at, back_to=scene.cursor.back_to)
    if (again := rechecking.next_place(scene)) is not None:
        return again
    if scene.cursor.at == CHECK and (open_ones := gaps(scene.answers, scene.facts)):
        back_to = CHECK if len(open_ones) <= FEW_GAPS else ""
        return go_to(scene, open_ones[0].question.id, back_to=back_to)
    coming = first_open(scene)
    last = INDICATORS if indicators_lacking(scene.answers, scene.facts) and not scene.facts.sent else CHECK
    return go_to(scene, coming.id if coming else last)


def jump(scene: Scene) -> Turn:
    """Go to the question a list named."""
    place = scene.said.value
    if place == INDICATORS or indicator_at(place, scene.facts):
        return go_to(scene, place, back_to=INDICATORS if scene.cursor.at == INDICATORS else "")
    if any(question.id == place for question in scene.asked):
        return go_to(scene, place)
    return show_place(scene, toast=scene.facts.words("toast_stale"))


def edit(scene: Scene) -> Turn:
    """Change one answer of the check page, or one indicator, and come back there."""
    place = scene.said.value
    known = any(question.id == place for question in scene.asked) or indicator_at(place, scene.facts)
    if scene.cursor.at == CHECK and known:
        return go_to(scene, place, back_to=CHECK)
    return show_place(scene, toast=scene.facts.words("toast_stale"))


def same(scene: Scene) -> Turn:
    """Confirm a copy as it is; then open what is to be looked at again."""
    return go_to(scene, CHECK)


def send(scene: Scene) -> Turn:
    """Hand the innovation in, or list what is missing; one sent back and not touched since is asked about."""
    if scene.cursor.at != CHECK or (scene.facts.sent and not scene.facts.returned):
        return show_place(scene)
    if gaps(scene.answers, scene.facts):
        return show_place(scene)
    if scene.facts.returned and scene.facts.untouched:
        cursor = replace(scene.cursor, pending=Pending(unchanged=True))
        return Turn(cursor, (sure(scene, cursor, text=scene.facts.words("resend_unchanged")),))
    return Turn(scene.cursor, outcome="send")


def drop(scene: Scene) -> Turn:
    """Ask twice before a draft is discarded; what was handed in cannot be discarded."""
    if scene.facts.sent:
        return show_place(scene)
    asked = scene.cursor.pending.before or scene.cursor.asked
    cursor = replace(scene.cursor, pending=replace(scene.cursor.pending, drop=True, before=asked))
    title = shortened(title_of(scene.answers, scene.facts), TITLE_CHARS)
    return Turn(cursor, (sure(scene, cursor, text=scene.facts.words("discard_sure", title=title)),))


def page(scene: Scene) -> Turn:
    """Turn the page of a long list or of the check page, in the same message."""
    if scene.cursor.at == LIST or not scene.said.value.isdecimal():
        return show_place(scene)
    cursor = replace(scene.cursor, page=min(int(scene.said.value), MOST_PAGES))
    return Turn(cursor, (shown(scene, cursor),), in_place=True)


def typed_place(scene: Scene) -> Turn:
    """Open what was typed at the task list or the check page: a part by its letter, an indicator by its
    number, either or a question by its name, or by a word that one name alone holds.
    """
    text = plain(scene.said.text).strip().rstrip(".*)")
    back_to = CHECK if scene.cursor.at == CHECK else ""
    mark = drop_noun(scene, text)
    if indicator_at(f"i{mark}", scene.facts):
        return go_to(scene, f"i{mark}", back_to=back_to)
    if scene.cursor.at == LIST and (part := _find_part(scene, mark)):
        return go_to(scene, part)
    match find(text, _list_names(scene)) if text else None:
        case Understood(value=place):
            return go_to(scene, place, back_to=back_to)
    if scene.cursor.at == LIST and len(parts := holding(text, _list_parts(scene))) == 1:
        return go_to(scene, parts[0])
    if len(holders := holding(text, _list_names(scene))) == 1:
        return go_to(scene, holders[0], back_to=back_to)
    return show_place(scene, notice=not_here(scene, key="not_here"))


def not_here(scene: Scene, *, key: str) -> str:
    """Say what may be done at a list instead: that a file has no place there, that a bare yes or no changes
    nothing, else the words of `key`.
    """
    words, said = scene.facts.words, scene.said
    if said.file is not None:
        return words("file_not_here", files=name_sent(said, scene.facts))
    return words("remark_noted_page" if agrees(said.text) or declines(said.text) else key)


def change_named(scene: Scene) -> Turn | None:
    """Open the place that a text such as "ubah Waktu Uji Coba" or "indikator 18" names whole; None for any
    other text.
    """
    said = plain(scene.said.text).strip("◀ ").rstrip(".*)! ")
    if said[-2:].isdecimal() and (place := _find_numbered(said, scene)):
        return go_to(scene, place, back_to=_list_behind(scene))
    verb, _, name = said.partition(" ")
    if verb.casefold() not in str(scene.facts.words("typed_change")).split("|"):
        return None
    match exactly(name, _list_names(scene)):
        case Understood(value=place):
            return go_to(scene, place, back_to=_list_behind(scene))
    return None


def _list_behind(scene: Scene) -> str:
    return scene.cursor.at if scene.cursor.at in (CHECK, INDICATORS) else ""


def _find_numbered(said: str, scene: Scene) -> str:
    """Find the indicator a text names by its number, behind "indikator" or a word of opening; "" for any
    other text: behind "nomor" or "ganti" a number may be the answer.
    """
    *before, number = said.casefold().split()
    opening = str(scene.facts.words("typed_opening")).split("|")
    others = str(scene.facts.words("typed_noun")).split("|")
    if set(before).isdisjoint(opening) or not set(before) <= {*opening, *others}:
        return ""
    return f"i{number}" if indicator_at(f"i{number}", scene.facts) else ""


def drop_noun(scene: Scene, text: str) -> str:
    """Take "bagian" and its like from before a letter or a number: a question's heading says "Bagian B"."""
    noun, _, mark = text.partition(" ")
    return mark.strip() if noun.casefold() in str(scene.facts.words("typed_noun")).split("|") else text


def _find_part(scene: Scene, text: str) -> str:
    """Find the place that a letter, or its number in the list, opens; "" for none."""
    entries = [part.key for part in _list_parts(scene)]
    number = int(text[:4]) if text.isdecimal() else 0
    if len(text) == 1 and text.isalpha() and text.isascii():
        number = ord(text.upper()) - ord("A") + 1
    return entries[number - 1] if 1 <= number <= len(entries) else ""


def _list_parts(scene: Scene) -> list[Name]:
    """The places that the parts of the task list open, by what their buttons say."""
    rows = list_message(scene.answers, scene.facts, revision=scene.cursor.revision).rows
    read = [(Form.parse(row[0].data), row[0].label) for row in rows]
    return [Name(button.value, (label,)) for button, label in read if button and button.action == "j"]


def _list_names(scene: Scene) -> list[Name]:
    """The questions that apply and the indicators, by what they are called."""
    questions = [Name(q.id, (q.label.id, q.label.en)) for q in scene.asked]
    indicators = scene.facts.indicators.indicators
    return [*questions, *(Name(i.level_question, (i.name.id, i.name.en, i.key)) for i in indicators)]
