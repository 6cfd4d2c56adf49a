"""The page of one indicator: the measure, the levels, the evidence, the answer so far and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.conversation.indicator_pieces import (
    NAME_CHARS,
    evidence_rows,
    name_of,
    offer_rows,
    piece_words,
    removal_rows,
    title_of,
)
from domain.conversation.pending import LetterAsked
from domain.conversation.question_message import MOST_BUTTONS, Tags, drop_row
from domain.conversation.read_files import say_size
from domain.draft.evidence import Piece
from domain.draft.facts import DraftFacts
from domain.draft.letter_words import letter_words, say_part
from domain.draft.path import applicable, indicators_part, part_sign
from domain.message import Choice, Message, Rows
from domain.reading.numbers import say_number
from domain.rules.form import Answers, Words
from domain.rules.indicators import LEVELS, Indicator, Measure, mismatches
from domain.texts import Marked, bold, bounded, join, shortened

PAGE_CHARS = 880  # of a page: what is above is where people stop reading
PIECES_CHARS = 500  # of the list of evidence on a page
SPARE_CHARS = 40  # of the line that says how many pieces more there are, and the blank lines
OFFERS_BESIDE = 1  # pieces of the form offered where a page has little room for buttons
INDICATORS = "#ind"  # the place of the list
LEVEL_CHARS = 24  # of a level on a button, its points beside it; where one is longer all stand in the text


def indicator_at(place: str, facts: DraftFacts) -> Indicator | None:
    """Find the indicator a place names; None when it is another place."""
    number = place[1:]
    return facts.indicators.by_no.get(int(number)) if place[:1] == "i" and number.isdecimal() else None


def score_words(answers: Answers, facts: DraftFacts) -> Marked:
    """Return the maturity so far, in points, and how many indicators have a level."""
    levels = facts.indicators.levels(answers)
    return facts.words(
        "score",
        points=facts.indicators.maturity(levels),
        maximum=facts.indicators.maximum,
        filled=len(levels),
        all=len(facts.indicators.indicators),
    )


def page_message(
    indicator: Indicator,
    answers: Answers,
    *,
    facts: DraftFacts,
    revision: int,
    notice: str = "",
    tries: int = 0,
) -> Message:
    """Return the page of an indicator: measure, levels with their needs, evidence, answer, next level."""
    tag = Tags(facts.innovation, indicator.level_question, revision)
    if tries == 1:
        before, after = [_write_heading(indicator, answers, facts=facts)], []
    else:
        before = [_write_question(indicator, answers, facts=facts)]
        after = [_say_next_level(indicator, answers, facts=facts)]
    room = PAGE_CHARS - sum(map(len, (notice, *before, *after)))
    text = join((notice, *before, _say_answer(indicator, answers, facts=facts, room=room), *after))
    return Message(
        text,
        _make_rows(
            _make_level_rows(indicator, answers, facts=facts, tag=tag),
            indicator,
            answers=answers,
            facts=facts,
            tag=tag,
        ),
    )


def kept_message(
    indicator: Indicator, answers: Answers, *, facts: DraftFacts, revision: int, notice: str, level: bool
) -> Message:
    """Say what was kept and what it still needs, without listing the levels again; `level`: with the
    present one.
    """
    tag = Tags(facts.innovation, indicator.level_question, revision)
    lacks = {"no_evidence", "few_evidence"} & set(mismatches(indicator, answers))
    bare = not indicator.level(answers) and not answers.get(indicator.evidence_question)
    wanted = _say_evidence_wanted(indicator, answers, facts=facts) if lacks or bare else ""
    after = _say_next_level(indicator, answers, facts=facts)
    heading = _write_heading(indicator, answers, facts=facts)
    room = PAGE_CHARS - sum(map(len, (notice, heading, wanted, after)))
    answer = _say_answer(indicator, answers, facts=facts, level=level, room=room)
    text = join((notice, join((heading, answer), by="\n"), wanted, after))
    change = (Choice(facts.words("ind_change" if indicator.level(answers) else "ind_choose"), tag("go")),)
    return Message(text, _make_rows((change,), indicator, answers=answers, facts=facts, tag=tag))


def _make_rows(first: Rows, indicator: Indicator, *, answers: Answers, facts: DraftFacts, tag: Tags) -> Rows:
    """Put the buttons of a page together; where they are too many, the evidence has a page of its own."""
    nav = _make_nav_rows(indicator, answers, facts=facts, tag=tag)
    offer = offer_rows(indicator, answers, facts=facts, tag=tag)
    pieces: Sequence[Piece] = answers.get(indicator.evidence_question) or ()
    evidence = evidence_rows(indicator, list(enumerate(pieces)), facts=facts, tag=tag)
    rows = (*first, *offer, *evidence, *nav)
    if sum(map(len, rows)) > MOST_BUTTONS:
        opens = ((Choice(facts.words("ind_pieces", count=len(pieces)), tag("ev", "0")),),) if pieces else ()
        rows = (*first, *offer[:OFFERS_BESIDE], *opens, *nav)
    return (*rows, *drop_row(rows, facts=facts, tag=tag))


def levels_of(indicator: Indicator, answers: Answers) -> Sequence[Words]:
    """The words of levels 1, 2 and 3; none while a basis has to be chosen first."""
    basis = indicator.basis(answers)
    return basis.levels if basis else indicator.levels


def _write_heading(indicator: Indicator, answers: Answers, *, facts: DraftFacts, score: str = "") -> Marked:
    """Say where among the indicators this one stands, what all have so far, and which it is."""
    place = _say_place(indicator, answers, facts=facts)
    return join((place, score, bold(title_of(indicator, facts))), by="\n")


def _say_place(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> Marked:
    """Name the part of the form, and which step in it this indicator is (F9)."""
    return facts.words(
        "place",
        part=part_sign(indicators_part(applicable(facts.form, answers, window=facts.window), facts.form)),
        section=facts.words("ind_title"),
        number=facts.indicators.indicators.index(indicator) + 1,
        count=len(facts.indicators.indicators),
    )


def _write_question(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> Marked:
    language = facts.say.language
    heading = _write_heading(
        indicator, answers, facts=facts, score=_say_score(indicator, answers, facts=facts)
    )
    head = join((heading, indicator.measures.in_(language)), by="\n")
    how = facts.words(_say_how(indicator, answers), **_gather_how_words(indicator, answers, facts=facts))
    wanted = "" if undecided(indicator, answers) else _say_evidence_wanted(indicator, answers, facts=facts)
    return join((head, _write_choices(indicator, answers, facts=facts), how, wanted))


def _say_score(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> Marked:
    points, maximum = facts.indicators.maturity(facts.indicators.levels(answers)), facts.indicators.maximum
    key = "ind_score_mandatory" if indicator.mandatory else "ind_score"
    return facts.words(key, points=points, maximum=maximum)


def undecided(indicator: Indicator, answers: Answers) -> bool:
    """Tell whether the basis or the kind of innovation must be chosen before the levels have a meaning."""
    without_basis = bool(indicator.bases) and indicator.basis(answers) is None
    return without_basis or (bool(indicator.variants) and indicator.variant(answers) is None)


def _write_choices(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> Marked:
    """Name the basis, and the levels or bases in full where their buttons would be cut."""
    language, basis = facts.say.language, indicator.basis(answers)
    named = facts.words("ind_basis", basis=basis.label.in_(language)) if basis else ""
    texts = [words.in_(language) for words in levels_of(indicator, answers)]
    if undecided(indicator, answers) or all(len(text) <= LEVEL_CHARS for text in texts):
        return join((named,))
    points = [indicator.weight * n for n in LEVELS]
    levels = [facts.words("ind_level", level=n, text=texts[n - 1], points=points[n - 1]) for n in LEVELS]
    return join((named, *levels), by="\n")


def _say_how(indicator: Indicator, answers: Answers) -> str:
    if indicator.bases and indicator.basis(answers) is None:
        return "ind_choose_basis"
    if undecided(indicator, answers):
        return "ind_choose_variant"
    return "ind_type_number" if measure_of(indicator, answers) else "ind_choose_level"


def _gather_how_words(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> dict[str, object]:
    measure = measure_of(indicator, answers)
    return {"ask": measure.ask.in_(facts.say.language)} if measure else {}


def measure_of(indicator: Indicator, answers: Answers) -> Measure | None:
    """The number the level follows from, of the chosen basis where there are several; None when there is
    none.
    """
    basis = indicator.basis(answers)
    return basis.measure if basis else indicator.measure


def _say_evidence_wanted(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> Marked:
    language = facts.say.language
    asks = indicator.basis(answers) or indicator.variant(answers) or indicator
    words = asks.evidence
    wanted = evidence_words(indicator, answers, facts=facts)
    kinds = ", ".join(kind.upper() for kind in indicator.accepts(answers) if kind != "url")
    # the sentence says of a link that it is taken
    return facts.words(
        "ind_evidence", text=words.in_(language), **{**wanted, "kinds": kinds or wanted["kinds"]}
    )


def evidence_words(
    indicator: Indicator, answers: Answers, *, facts: DraftFacts, **params: Any
) -> dict[str, object]:
    """Kinds, size and number of the evidence an indicator takes."""
    language = facts.say.language
    kinds = indicator.accepts(answers)
    size = params.pop("size", 0)
    return {
        "kinds": ", ".join(str(facts.words("kind_link")) if k == "url" else k.upper() for k in kinds),
        "limit": say_size(facts.indicators.max_bytes, language),
        "count": facts.indicators.max_pieces,
        "size": say_size(size, language) if size else "–",
        "name": shortened(params.pop("name", ""), NAME_CHARS),
        **params,
    }


def _say_answer(
    indicator: Indicator, answers: Answers, *, facts: DraftFacts, level: bool = True, room: int = PIECES_CHARS
) -> Marked:
    """Say the present level and the evidence, and what does not fit; `room` is what the page has left."""
    chosen = indicator.level(answers)
    pieces: Sequence[Piece] = answers.get(indicator.evidence_question) or ()
    now = Marked("")
    if chosen and level:
        counted, points = say_counted(indicator, answers, facts.say.language), indicator.weight * chosen
        now = facts.words("ind_now", level=chosen, points=points, number=f": {counted}" if counted else "")
    wrong = mismatches(indicator, answers) if chosen or pieces else ()
    # evidence without a level says it
    shown = [fault for fault in wrong if fault != "mandatory" or len(wrong) == 1]
    fit = [_say_mismatch(fault, indicator, answers=answers, facts=facts) for fault in shown]
    lines = [piece_words(n, piece, facts=facts) for n, piece in enumerate(pieces, 1)]
    left = min(PIECES_CHARS, room - len(now) - sum(map(len, fit)) - SPARE_CHARS)
    kept = bounded(lines, left, more=lambda count: facts.words("ind_pieces_more", count=count))
    return join((now, kept, *fit), by="\n")


def say_counted(indicator: Indicator, answers: Answers, language: str) -> str:
    """Say the number behind the level with its unit, as "1.250 orang"; "" where none was given."""
    measure, kept = measure_of(indicator, answers), answers.get(indicator.level_question) or {}
    if measure is None or "number" not in kept:
        return ""
    return f"{say_number(Decimal(kept['number']), language)} {measure.unit.in_(language)}"


def _say_mismatch(fault: str, indicator: Indicator, *, answers: Answers, facts: DraftFacts) -> Marked:
    level = indicator.level(answers)
    wanted = indicator.pieces[level - 1] if level else 0
    return facts.words(
        f"mismatch_{fault}", wanted=wanted, have=len(answers.get(indicator.evidence_question) or ())
    )


def _say_next_level(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> Marked:
    """Say what the next level of this indicator needs and brings."""
    level, levels = indicator.level(answers), levels_of(indicator, answers)
    if not level or level == LEVELS[-1] or not levels:
        return Marked("")
    return facts.words(
        "ind_next_level", level=level + 1, points=indicator.weight, text=levels[level].in_(facts.say.language)
    )


def _make_level_rows(indicator: Indicator, answers: Answers, *, facts: DraftFacts, tag: Tags) -> Rows:
    language, level = facts.say.language, indicator.level(answers)
    if indicator.bases and indicator.basis(answers) is None:
        return basis_rows(indicator, facts, tag=tag)
    if undecided(indicator, answers):
        options = facts.form.by_id[indicator.variants[0].question].options
        return tuple(
            (Choice(f"{n} · {o.label.in_(language)}", tag("va", o.id)),) for n, o in enumerate(options, 1)
        )
    rows = []
    for n, words in enumerate(levels_of(indicator, answers), 1):
        points = facts.words("points", points=indicator.weight * n)
        label = f"{n} · {shortened(words.in_(language), LEVEL_CHARS)} · {points}"
        rows.append((Choice(f"✔ {label}" if n == level else label, tag("lv", str(n))),))
    if indicator.bases:
        rows.append((Choice(facts.words("ind_other_basis"), tag("ba", "0")),))
    if level:
        rows.append((Choice(facts.words("ind_clear"), tag("lv", "0")),))
    return tuple(rows)


def basis_rows(indicator: Indicator, facts: DraftFacts, *, tag: Tags) -> Rows:
    language = facts.say.language
    return tuple((Choice(f"{b.id} · {b.label.in_(language)}", tag("ba", b.id)),) for b in indicator.bases)


def _make_nav_rows(indicator: Indicator, answers: Answers, *, facts: DraftFacts, tag: Tags) -> Rows:
    done = facts.words("keep") if indicator.level(answers) else facts.words("skip")
    return (
        (Choice(facts.words("back"), tag("back")), Choice(done, tag("skip"))),
        (Choice(facts.words("help"), tag("help")), Choice(facts.words("leave"), tag("leave"))),
    )


def letter_message(
    indicator: Indicator,
    answers: Answers,
    *,
    facts: DraftFacts,
    revision: int,
    asked: LetterAsked,
    notice: str = "",
) -> Message:
    """Ask number, date or subject of the letter in a piece of evidence, or all of them at once (F23)."""
    tag = Tags(facts.innovation, indicator.level_question, revision)
    together = answers[indicator.evidence_question][asked.piece : asked.piece + asked.pieces]
    place = _say_place(indicator, answers, facts=facts)
    text = join((notice, place, _ask_letter(together, asked, facts=facts)))
    rows = (
        *removal_rows(together, first=asked.piece, facts=facts, tag=tag),
        (Choice(facts.words("back"), tag("back")), Choice(facts.words("skip"), tag("skip", asked.to_word()))),
        (Choice(facts.words("help"), tag("help")), Choice(facts.words("leave"), tag("leave"))),
    )
    return Message(text, (*rows, *drop_row(rows, facts=facts, tag=tag)))


def _ask_letter(together: Sequence[Piece], asked: LetterAsked, *, facts: DraftFacts) -> Marked:
    """Write the question about a letter that these pieces share, with what it says already."""
    letter, language = together[0].letter, facts.say.language
    count = sum(piece.is_paper for piece in together)
    name = name_of(together[0]) if count < 2 else facts.words("letter_pieces", count=count)
    if asked.whole:
        wanted, said = "whole", letter_words(letter, language)
    else:
        wanted = asked.part
        said = say_part(wanted, letter.parts.get(wanted, ""), language=language, weekday=True)
    ask = bold(facts.words(f"letter_{wanted}", name=name))
    present = facts.words("letter_present", value=shortened(said)) if said else ""
    return join((ask, facts.words(f"letter_{wanted}_hint"), present), by="\n")
