"""The indicators before a person: the list that grows a score, and the page of each one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.answers import say_size
from domain.asking import Tags, shortened
from domain.dates import PartialDate, say_date
from domain.form import Answers, Words
from domain.ground import Ground
from domain.indicators import LEVELS, Indicator, Measure, flags
from domain.message import Choice, Message, Rows
from domain.numbers import say_number
from domain.texts import Marked, bold, join

INDICATORS = "#ind"  # the place of the list
BUTTONS_A_ROW = 5
EVIDENCE_CHARS = 40  # of a file's name on a button
LEVEL_CHARS = 44  # of a level on a button; the whole stands in the text
LETTER_PARTS = ("number", "date", "subject")


def indicator_at(place: str, ground: Ground) -> Indicator | None:
    """Find the indicator a place names; None when it is another place."""
    number = place[1:]
    return ground.indicators.by_no.get(int(number)) if place[:1] == "i" and number.isdecimal() else None


def score_words(answers: Answers, ground: Ground) -> Marked:
    """Say the maturity so far, in points, and how many indicators have a level."""
    levels = ground.indicators.levels(answers)
    return ground.words(
        "score",
        points=ground.indicators.maturity(levels),
        maximum=ground.indicators.maximum,
        filled=len(levels),
        all=len(ground.indicators.indicators),
    )


def next_step(answers: Answers, ground: Ground) -> Indicator | None:
    """Choose what to do next: a mandatory gap, evidence that is missing, then what adds most; None when all is done."""

    def urgency(indicator: Indicator) -> tuple[int, int, int]:
        level, wrong = indicator.level(answers), flags(indicator, answers)
        kind = 0 if "mandatory" in wrong else 1 if wrong else 2 if level == 0 else 3
        return kind, -indicator.weight, indicator.no

    open_ones = [i for i in ground.indicators.indicators if i.level(answers) < LEVELS[-1] or flags(i, answers)]
    return min(open_ones, key=urgency, default=None)


def list_message(answers: Answers, ground: Ground, *, revision: int, notice: str = "") -> Message:
    """Show all indicators with level, points and evidence; any order, a tap or a number opens one."""
    tag = Tags(ground.innovation, INDICATORS, revision)
    indicators = ground.indicators.indicators
    lines = join((_line(indicator, answers, ground) for indicator in indicators), by="\n")
    coming = next_step(answers, ground)
    text = join((notice, join((bold(ground.words("ind_title")), score_words(answers, ground)), by="\n"), lines,
                 ground.words("ind_end")))  # fmt: skip
    numbers = [Choice(_number_label(i, answers), tag("j", i.level_question)) for i in indicators]
    rows: list[tuple[Choice, ...]] = [
        tuple(numbers[n : n + BUTTONS_A_ROW]) for n in range(0, len(numbers), BUTTONS_A_ROW)
    ]
    if coming is not None:
        name = coming.name.in_(ground.say.language)
        rows.append((Choice(ground.words("ind_next", no=coming.no, name=name), tag("j", coming.level_question)),))
    rows.append((Choice(ground.words("list_button"), tag("list")), Choice(ground.words("check_button"), tag("check"))))
    rows.append((Choice(ground.words("help"), tag("help")), Choice(ground.words("leave"), tag("leave"))))
    return Message(text, tuple(rows))


def _number_label(indicator: Indicator, answers: Answers) -> str:
    mark = "⚠" if flags(indicator, answers) else "✔" if indicator.level(answers) else ""
    return f"{mark}{indicator.no}"


def _line(indicator: Indicator, answers: Answers, ground: Ground) -> Marked:
    level, pieces = indicator.level(answers), len(answers.get(indicator.evidence_question) or ())
    wrong = flags(indicator, answers)
    return ground.words(
        "ind_line" if level else "ind_line_empty",
        mark="⚠" if wrong and (level or pieces) else "✔" if level else "○",
        no=indicator.no,
        star="*" if indicator.mandatory else "",
        name=indicator.name.in_(ground.say.language),
        level=level,
        points=indicator.weight * level,
        maximum=indicator.weight * LEVELS[-1],
        pieces=pieces,
    )


def page_message(
    indicator: Indicator, answers: Answers, ground: Ground, *, revision: int, notice: str = "", tries: int = 0
) -> Message:
    """Ask one indicator: what is measured, the levels and what each needs, the evidence, the answer, the next step."""
    tag = Tags(ground.innovation, indicator.level_question, revision)
    if tries == 1:
        text = join((notice, bold(_title(indicator, ground)), _answer_words(indicator, answers, ground)))
    else:
        text = join((notice, _asked(indicator, answers, ground), _answer_words(indicator, answers, ground),
                     _step_words(indicator, answers, ground)))  # fmt: skip
    rows = (*_level_rows(indicator, answers, ground, tag), *_evidence_rows(indicator, answers, ground, tag))
    return Message(text, (*rows, *_nav_rows(indicator, answers, ground, tag)))


def _title(indicator: Indicator, ground: Ground) -> Marked:
    star = "*" if indicator.mandatory else ""
    return Marked(f"{indicator.no}{star} · {indicator.name.in_(ground.say.language)}")


def levels_of(indicator: Indicator, answers: Answers) -> Sequence[Words]:
    """The words of levels 1, 2 and 3; none while a basis has to be chosen first."""
    basis = indicator.basis(answers)
    return basis.levels if basis else indicator.levels


def _asked(indicator: Indicator, answers: Answers, ground: Ground) -> Marked:
    language = ground.say.language
    mandatory = ground.words("ind_mandatory") if indicator.mandatory else ""
    basis = indicator.basis(answers)
    choices: list[str] = [
        str(ground.words("ind_level", level=n, text=words.in_(language), points=indicator.weight * n))
        for n, words in enumerate(levels_of(indicator, answers), 1)
    ]
    if indicator.bases and basis is None:
        choices = [f"{one.id} · {one.label.in_(language)}" for one in indicator.bases]
    head = join((bold(_title(indicator, ground)), mandatory, indicator.measures.in_(language)), by="\n")
    named = ground.words("ind_basis", basis=basis.label.in_(language)) if basis else ""
    return join((head, join((named, *choices), by="\n"), ground.words(_how(indicator, answers), **_how_words(
        indicator, answers, ground)), _evidence_wanted(indicator, answers, ground)))  # fmt: skip


def _how(indicator: Indicator, answers: Answers) -> str:
    if indicator.bases and indicator.basis(answers) is None:
        return "ind_choose_basis"
    return "ind_type_number" if measure_of(indicator, answers) else "ind_choose_level"


def _how_words(indicator: Indicator, answers: Answers, ground: Ground) -> dict[str, Any]:
    measure = measure_of(indicator, answers)
    return {"ask": measure.ask.in_(ground.say.language)} if measure else {}


def measure_of(indicator: Indicator, answers: Answers) -> Measure | None:
    """The number the level follows from, of the chosen basis where there are several; None when there is none."""
    basis = indicator.basis(answers)
    return basis.measure if basis else indicator.measure


def _evidence_wanted(indicator: Indicator, answers: Answers, ground: Ground) -> Marked:
    language = ground.say.language
    variant, basis = indicator.variant(answers), indicator.basis(answers)
    words = basis.evidence if basis else variant.evidence if variant else indicator.evidence
    return ground.words("ind_evidence", text=words.in_(language), **evidence_words(indicator, answers, ground))


def evidence_words(indicator: Indicator, answers: Answers, ground: Ground, **params: Any) -> dict[str, Any]:
    """Kinds, size and number of the evidence an indicator takes."""
    language = ground.say.language
    kinds = indicator.accepts(answers)
    size = params.pop("size", 0)
    return {
        "kinds": ", ".join(str(ground.words("kind_link")) if k == "url" else k.upper() for k in kinds),
        "limit": say_size(ground.indicators.max_bytes, language),
        "count": ground.indicators.max_pieces,
        "size": say_size(size, language) if size else "–",
        **params,
    }


def _answer_words(indicator: Indicator, answers: Answers, ground: Ground) -> Marked:
    """Say the present level and the evidence, and what does not fit."""
    level = indicator.level(answers)
    pieces: Sequence[dict[str, Any]] = answers.get(indicator.evidence_question) or ()
    lines: list[str] = []
    if level:
        lines.append(ground.words("ind_now", level=level, points=indicator.weight * level, number=_number_words(
            indicator, answers, ground)))  # fmt: skip
    lines += [piece_words(n, piece, ground) for n, piece in enumerate(pieces, 1)]
    lines += [_flag_words(flag, indicator, answers, ground) for flag in flags(indicator, answers) if level or pieces]
    return join(lines, by="\n")


def _number_words(indicator: Indicator, answers: Answers, ground: Ground) -> str:
    measure, kept = measure_of(indicator, answers), answers[indicator.level_question]
    if measure is None or "number" not in kept:
        return ""
    language = ground.say.language
    return f": {say_number(Decimal(kept['number']), language)} {measure.unit.in_(language)}"


def piece_words(number: int, piece: dict[str, Any], ground: Ground) -> Marked:
    """Say one piece of evidence in a line, its letter included."""
    language = ground.say.language
    name = piece.get("url") or f"{piece['name']} ({say_size(piece['size'], language)})"
    letter = piece.get("letter") or {}
    parts = [letter.get("number"), _day(letter.get("date"), language), letter.get("subject")]
    about = " · ".join(part for part in parts if part)
    return ground.words("ind_piece", n=number, name=shortened(name, 80), letter=f" · {about}" if about else "")


def _day(text: str | None, language: str) -> str:
    return say_date(PartialDate.from_text(text), language) if text else ""


def _flag_words(flag: str, indicator: Indicator, answers: Answers, ground: Ground) -> Marked:
    level = indicator.level(answers)
    wanted = indicator.pieces[level - 1] if level else 0
    return ground.words(f"flag_{flag}", wanted=wanted, have=len(answers.get(indicator.evidence_question) or ()))


def _step_words(indicator: Indicator, answers: Answers, ground: Ground) -> Marked:
    """Say what the next level of this indicator needs and brings."""
    level, levels = indicator.level(answers), levels_of(indicator, answers)
    if not level or level == LEVELS[-1] or not levels:
        return Marked("")
    return ground.words(
        "ind_step", level=level + 1, points=indicator.weight, text=levels[level].in_(ground.say.language)
    )


def _level_rows(indicator: Indicator, answers: Answers, ground: Ground, tag: Tags) -> Rows:
    language, level = ground.say.language, indicator.level(answers)
    if indicator.bases and indicator.basis(answers) is None:
        return tuple((Choice(f"{b.id} · {b.label.in_(language)}", tag("ba", b.id)),) for b in indicator.bases)
    rows = []
    for n, words in enumerate(levels_of(indicator, answers), 1):
        points = ground.words("points", points=indicator.weight * n)
        label = f"{n} · {shortened(words.in_(language), LEVEL_CHARS)} · {points}"
        rows.append((Choice(f"✔ {label}" if n == level else label, tag("lv", n)),))
    if indicator.bases:
        rows.append((Choice(ground.words("ind_other_basis"), tag("ba", "0")),))
    if level:
        rows.append((Choice(ground.words("ind_clear"), tag("lv", 0)),))
    return tuple(rows)


def _evidence_rows(indicator: Indicator, answers: Answers, ground: Ground, tag: Tags) -> Rows:
    pieces: Sequence[dict[str, Any]] = answers.get(indicator.evidence_question) or ()
    rows = []
    for n, piece in enumerate(pieces):
        name = shortened(piece.get("name") or piece["url"], EVIDENCE_CHARS)
        rows.append(
            (
                Choice(ground.words("remove", name=name), tag("del", n)),
                Choice(ground.words("ind_replace"), tag("rep", n)),
            )
        )
    return tuple(rows)


def _nav_rows(indicator: Indicator, answers: Answers, ground: Ground, tag: Tags) -> Rows:
    done = ground.words("keep") if indicator.level(answers) else ground.words("skip")
    return (
        (Choice(ground.words("back"), tag("back")), Choice(done, tag("skip"))),
        (Choice(ground.words("help"), tag("help")), Choice(ground.words("leave"), tag("leave"))),
    )


def letter_message(
    indicator: Indicator, answers: Answers, ground: Ground, *, revision: int, number: int, part: str, notice: str = ""
) -> Message:
    """Ask number, date or subject of the letter in a piece of evidence (F23)."""
    tag = Tags(ground.innovation, indicator.level_question, revision)
    piece = answers[indicator.evidence_question][number]
    name = shortened(piece.get("name") or piece["url"], EVIDENCE_CHARS)
    text = join((notice, join((bold(ground.words(f"letter_{part}", name=name)), ground.words(f"letter_{part}_hint")),
                              by="\n")))  # fmt: skip
    rows = (
        (Choice(ground.words("back"), tag("back")), Choice(ground.words("skip"), tag("skip"))),
        (Choice(ground.words("help"), tag("help")), Choice(ground.words("leave"), tag("leave"))),
    )
    return Message(text, rows)
