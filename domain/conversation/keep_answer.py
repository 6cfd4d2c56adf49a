"""Handles an answer: what is kept, what is asked back, what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.conversation.cursor import Scene, Turn, asked_again, onward, show_place, shown, sure
from domain.conversation.indicator_pieces import name_of
from domain.conversation.navigation import OPENS_HELP
from domain.conversation.pages import CHECK, LIST
from domain.conversation.pending import NOTHING, Pending
from domain.conversation.question_message import Tags, counted, with_way_back
from domain.conversation.read_answer import read, say_answer
from domain.conversation.used_elsewhere import ask_reuse, name_other_place
from domain.draft.checks import faults
from domain.draft.facts import Accepted, Doubt, Refused, Said
from domain.draft.path import preceding
from domain.message import Choice, Message, plain
from domain.reading.continuations import goes_on
from domain.reading.numbers import read_number, scaled_like
from domain.reading.remarks import says_none
from domain.reading.result import Understood
from domain.rules.form import Question
from domain.texts import bold, join, shortened


def yes(scene: Scene) -> Turn:
    """Confirm what was read back, or that the draft is discarded."""
    pending = scene.cursor.pending
    if pending.drop:
        return Turn(replace(scene.cursor, pending=NOTHING), outcome="discard")
    if pending.unchanged:
        return Turn(replace(scene.cursor, pending=NOTHING), outcome="send")
    if pending.joins:
        return _join(scene, pending.joins, text=pending.values[0])
    if pending.values:
        return _keep_confirmed(scene, pending.values[0])
    return show_place(scene)


def no(scene: Scene) -> Turn:
    """Take back a reading; the question is asked again."""
    pending = scene.cursor.pending
    if pending.drop and pending.before:  # what was open before discarding was asked is open again
        kept_open = replace(pending, drop=False, before="")
        opened = replace(scene, cursor=replace(scene.cursor, pending=kept_open, asked=pending.before))
        return asked_again(opened) or show_place(opened)
    cursor = replace(scene.cursor, pending=NOTHING)
    notice = "" if scene.cursor.at in (LIST, CHECK) else scene.facts.words("say_again")
    return show_place(replace(scene, cursor=cursor), notice=notice)


def candidate(scene: Scene) -> Turn:
    """Keep one of several readings."""
    values = scene.cursor.pending.values
    value = scene.said.value
    if value.isdecimal() and int(value) < len(values):
        return _keep_confirmed(scene, values[int(value)])
    return show_place(scene)


def _keep_confirmed(scene: Scene, value: Any) -> Turn:
    question = scene.question
    if question.kind == "multi":
        chosen = {*scene.answers.get(question.id, ()), value}
        return kept(scene, Accepted([o.id for o in question.options if o.id in chosen], stay=True))
    if question.kind == "file" and question.max_files > 1:
        values = list(scene.answers.get(question.id) or ())
        return kept(scene, Accepted([*values, *(piece for piece in value if piece not in values)], stay=True))
    return kept(scene, Accepted(value, stay=question.kind == "long"))


def done(scene: Scene) -> Turn:
    """Finish a question of several choices."""
    if scene.cursor.at in (LIST, CHECK):
        return show_place(scene)
    if scene.question.required and not scene.answers.get(scene.question.id):
        return _refuse(scene, Refused("choice_none"))
    chosen = scene.answers.get(scene.question.id)
    return onward(scene, notice=_read_back(scene, scene.question, value=chosen) if chosen else "")


def redo(scene: Scene) -> Turn:
    """Make the next text replace the long answer."""
    if scene.cursor.at in (LIST, CHECK) or scene.question.kind != "long":
        return show_place(scene)
    return show_place(
        replace(scene, cursor=replace(scene.cursor, pending=Pending(redo=True))),
        notice=scene.facts.words("redo_now"),
    )


def answered(scene: Scene) -> Turn:
    """Read what was said as an answer to the open question."""
    if scene.cursor.at in (LIST, CHECK):  # an answer button tampered with
        return show_place(scene)
    pending = scene.cursor.pending
    if (turn := _read_in_their_scale(scene, pending.values)) is not None:
        return turn
    if len(pending.values) > 1 and scene.said.text.strip().isdecimal():
        number = int(scene.said.text.strip())
        if 1 <= number <= len(pending.values):
            return _keep_confirmed(scene, pending.values[number - 1])
    question = scene.question
    current = None if pending.redo else scene.answers.get(question.id)
    said = _confirmed_if_repeated(scene)
    match read(question, said, current=current, facts=scene.facts, page=scene.cursor.page):
        case Accepted() as accepted:
            if question.kind == "file":
                return _keep_files(scene, accepted)
            passed = _pass_over(scene) if question.kind == "text" else None
            return passed or kept(scene, accepted)
        case Doubt() as doubt:
            return _ask_meaning(scene, doubt)
        case Refused() as refused:
            return _pass_over(scene) or _ask_whether_it_goes_on(scene) or _refuse(scene, refused)


def _confirmed_if_repeated(scene: Scene) -> Said:
    """Take the same text a second time, where it was asked whether it is the answer, for a yes."""
    said, asked = scene.said, scene.cursor.pending.values
    if not asked or scene.question.kind not in ("text", "long"):
        return said
    repeated = " ".join(plain(said.text).split()) in asked
    return replace(said, confirmed=True, repeated=True) if repeated else said


def _keep_files(scene: Scene, accepted: Accepted) -> Turn:
    """Keep files, but for those whose bytes stand at another place: one is asked about, of several they are
    left out.
    """
    present = scene.answers.get(scene.question.id) or ()
    new = [piece for piece in accepted.value if piece not in present] if scene.said.files else []
    used = {piece: place for piece in new if (place := name_other_place(piece.sha256, scene))}
    if not used:
        return kept(scene, accepted)
    if len(new) == 1:
        return ask_reuse(new[0], used[new[0]], scene=scene, pending=Pending(values=(new,)))
    words = scene.facts.words
    left_out = [words("album_elsewhere", name=name_of(piece), place=place) for piece, place in used.items()]
    note = join((accepted.note, *left_out), by="\n")
    if len(used) == len(new):
        return show_place(scene, notice=note)
    return kept(scene, replace(accepted, value=[p for p in accepted.value if p not in used], note=note))


def _pass_over(scene: Scene) -> Turn | None:
    """Go on where somebody says to have nothing of what may be left empty; None everywhere else."""
    question, words = scene.question, scene.facts.words
    if question.required or question.id in scene.answers or not says_none(plain(scene.said.text)):
        return None
    label = question.label.in_(scene.facts.say.language)
    return onward(scene, notice=words("noted", label=label, answer=words("has_none")))


def _ask_whether_it_goes_on(scene: Scene) -> Turn | None:
    """Ask whether what is no answer here goes on with the answer given a moment ago; None where it cannot,
    or does not read so.
    """
    facts, words = scene.facts, scene.facts.words
    before = facts.form.by_id.get(scene.said.follows)
    kept, more = scene.answers.get(scene.said.follows), plain(scene.said.text).strip()
    preceding_one = preceding(scene.asked, facts.form, at=scene.cursor.at)
    if before is None or before is not preceding_one or before.kind != "text" or scene.cursor.failures:
        return None
    if not isinstance(kept, str) or not goes_on(kept, more):
        return None
    whole = read(before, replace(scene.said, text=f"{kept} {more}"), current=kept, facts=facts)
    if not isinstance(whole, Accepted):
        return None
    pending = Pending(values=(whole.value,), joins=before.id)
    cursor = replace(scene.cursor, pending=pending, failures=scene.cursor.failures + 1)
    label = before.label.in_(facts.say.language)
    text = words("goes_on", label=label, said=shortened(more), answer=bold(shortened(whole.value)))
    return Turn(cursor, (sure(scene, cursor, text=text),))


def _join(scene: Scene, place: str, *, text: str) -> Turn:
    """Put the two parts of an earlier answer together; the question stays open."""
    answers = {**scene.answers, place: text}
    after = replace(scene, answers=answers, cursor=scene.cursor.answered())
    question = scene.facts.form.by_id[place]
    return replace(show_place(after, notice=_read_back(after, question, value=text)), changes={place: text})


def _read_in_their_scale(scene: Scene, values: Sequence[str]) -> Turn | None:
    """Take "3" behind "2-3 juta" as 3 juta; None when the answer is no such number."""
    if scene.question.kind != "number" or len(values) < 2:
        return None
    typed = read_number(scene.said.text)
    scaled = (
        scaled_like(typed.value, map(Decimal, values))
        if isinstance(typed, Understood) and typed.sure
        else None
    )
    if scaled is None:
        return None
    meant = format(scaled, "f")
    is_row = isinstance(typed, Understood) and typed.value in range(1, len(values) + 1)
    return (
        _ask_meaning(scene, Doubt((meant,)))
        if is_row or meant not in values
        else _keep_confirmed(scene, meant)
    )


def kept(scene: Scene, accepted: Accepted) -> Turn:
    """Keep an answer and go on, or keep the question open for more."""
    question, value = scene.question, accepted.value
    value = None if value in ([], "") else value
    answers = {k: v for k, v in scene.answers.items() if k != question.id}
    if value is not None:
        answers[question.id] = value
    changed = {question.id: value} if value != scene.answers.get(question.id) else {}
    cursor = scene.cursor.answered()
    after = Scene(scene.facts, cursor, answers, scene.said)
    if not accepted.stay:
        notice = join((_read_back(after, question, value=value), accepted.note), by="\n")
        return _lead_on(after, question, notice=notice, changes=changed)
    if scene.said.action in ("on", "off"):
        return Turn(after.cursor, (shown(after, after.cursor),), changed, in_place=True)
    return replace(_ask_for_more(after, question, value=value, note=accepted.note), changes=changed)


def _lead_on(scene: Scene, question: Question, *, notice: str, changes: Mapping[str, Any]) -> Turn:
    """Go on, with a way back to an answer that has to be mended before sending."""
    turn = onward(scene, notice=notice)
    if turn.cursor.at == CHECK or not faults(question, scene.answers, facts=scene.facts):
        return Turn(turn.cursor, turn.messages, changes)
    tag = Tags(scene.facts.innovation, turn.cursor.at, turn.cursor.revision)
    label = scene.facts.words("mend", label=question.label.in_(scene.facts.say.language))
    shown_next = with_way_back(turn.messages[-1], Choice(label, tag("j", question.id)))
    return Turn(turn.cursor, (*turn.messages[:-1], shown_next), changes)


def _ask_for_more(scene: Scene, question: Question, *, value: Any, note: str) -> Turn:
    """Keep the question open for more pieces, files or choices."""
    facts = scene.facts
    if question.kind == "long":
        notice = join((facts.words("more_text"), counted(question, scene.answers, facts=facts)), by="\n")
    elif value is None:
        notice = facts.words("removed")
    else:
        notice = join(
            (note, facts.words("more_files" if question.kind == "file" else "more_choices")), by="\n"
        )
    return Turn(scene.cursor, (shown(scene, scene.cursor, notice=notice, tries=1),))


def _read_back(scene: Scene, question: Question, *, value: Any) -> str:
    """Read back what was understood, with what must be mended before sending."""
    language = scene.facts.say.language
    label = question.label.in_(language)
    if value is None:
        return scene.facts.words("removed")
    answer = shortened(say_answer(question, value, language=language))
    warnings = [
        scene.facts.words("warning", problem=p.describe(scene.facts))
        for p in faults(question, scene.answers, facts=scene.facts)
    ]
    return join((scene.facts.words("noted", label=label, answer=answer), *warnings), by="\n")


def _ask_meaning(scene: Scene, doubt: Doubt) -> Turn:
    """Ask which reading was meant; nothing is guessed silently."""
    facts, question = scene.facts, scene.question
    cursor = replace(scene.cursor, pending=Pending(values=doubt.candidates))
    tag = Tags(facts.innovation, cursor.at, cursor.revision)
    readings = [
        shortened(say_answer(question, _choose_first(question, value), language=facts.say.language))
        for value in doubt.candidates
    ]
    if len(readings) == 1:
        ask = facts.words("did_you_mean", reading=bold(readings[0]))
        asked = sure(scene, cursor, text=join((doubt.why, ask)))
        return Turn(cursor, (with_way_back(asked, doubt.way) if doubt.way else asked,))
    rows = [(Choice(f"{n} · {reading}", tag("c", str(n - 1))),) for n, reading in enumerate(readings, 1)]
    text = (
        doubt.why
        if question.kind == "file"
        else facts.words("which_one", said=shortened(doubt.why or scene.said.text))
    )
    return Turn(cursor, (Message(text, (*rows, (Choice(facts.words("none_of_these"), tag("no")),))),))


def _choose_first(question: Question, value: Any) -> Any:
    return [value] if question.kind == "multi" else value


def _refuse(scene: Scene, refused: Refused) -> Turn:
    """Say what is wanted and keep the question open; the third time with more help and a way out."""
    failures = scene.cursor.failures + 1
    cursor = replace(scene.cursor, failures=failures, pending=NOTHING)
    notice = scene.facts.words(refused.key, **refused.params)
    return Turn(cursor, (shown(scene, cursor, notice=notice, tries=min(failures, OPENS_HELP)),))
