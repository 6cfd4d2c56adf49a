"""The look before sending: first what is still open, each with its button, then sending; the answers of
each part are pages of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.buttons import PrintSheet
from domain.conversation.indicator_page import INDICATORS
from domain.conversation.pages import CHECK, indicator_lines, indicators_lacking, sections_of, title_of
from domain.conversation.question_message import MOST_BUTTONS, Tags
from domain.conversation.read_answer import say_answer
from domain.conversation.still_open import StillOpen, still_open
from domain.draft.carry_over import rest_open
from domain.draft.facts import DraftFacts
from domain.draft.path import applicable, part_sign
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.rules.form import Answers, Form, Question, Section
from domain.texts import Marked, Say, bold, bounded, join, shortened

ANSWERS_A_PAGE = 8
LINE_CHARS, LABEL_CHARS = 60, 40  # of an answer in its line, and of a question on its button
TITLE_CHARS = 80
PAGER_BUTTONS = 2
REPAIRED_CHARS = 240  # of the names of what was repaired


def parts_of(questions: Sequence[Question], form: Form) -> tuple[tuple[Question, ...], ...]:
    """Cut the questions into pages: those of one section together, a long section in equal halves."""
    parts: list[tuple[Question, ...]] = []
    for section in sections_of(questions, form):
        inside = [q for q in questions if form.section_of[q.id] is section]
        pages = -(-len(inside) // ANSWERS_A_PAGE)
        size = -(-len(inside) // pages)
        parts += [tuple(inside[n : n + size]) for n in range(0, len(inside), size)]
    return tuple(parts)


def openings(parts: Sequence[Sequence[Question]], form: Form) -> list[tuple[Section, int]]:
    """Name the first page of each section, counted from 1."""
    first_parts: list[tuple[Section, int]] = []
    for page, part in enumerate(parts, 1):
        section = form.section_of[part[0].id]
        if not first_parts or first_parts[-1][0] is not section:
            first_parts.append((section, page))
    return first_parts


def say_part_title(parts: Sequence[Sequence[Question]], page: int, *, form: Form, say: Say) -> Marked:
    """Name the section a page of the answers lies in by its sign and title, and which page it is."""
    section = form.section_of[parts[page - 1][0].id]
    sign = part_sign([opened for opened, _ in openings(parts, form)].index(section) + 1)
    title = section.title.in_(say.language)
    return say("conversation.check_part", part=sign, title=title, page=page, pages=len(parts))


def check_message(
    answers: Answers, facts: DraftFacts, *, revision: int, page: int = 0, notice: str = "", gaps_at: int = 0
) -> Message:
    """Show what is still open and the way to send (page 0, `gaps_at` the page of the list), or the answers
    of a part, each with a button to change it.
    """
    parts = parts_of(applicable(facts.form, answers, window=facts.window), facts.form)
    if 1 <= page <= len(parts):
        return _write_part(parts, page, answers=answers, facts=facts, revision=revision, notice=notice)
    return _write_summary(answers, facts, revision=revision, notice=notice, gaps_at=gaps_at)


def _write_summary(
    answers: Answers, facts: DraftFacts, *, revision: int, notice: str, gaps_at: int
) -> Message:
    tag = Tags(facts.innovation, CHECK, revision)
    entries = still_open(answers, facts)
    send = _make_send_row(any(entry.keeps_back for entry in entries), facts, tag=tag)
    foreseen = facts.foresee(answers) if send else None
    cheapest = _make_place_rows(foreseen.places if foreseen else (), tag=tag)
    same: Rows = ((Choice(facts.words("recheck_same"), tag("same")),),) if rest_open(facts) else ()
    last = _make_last_rows(answers, facts, tag=tag)
    a_page = MOST_BUTTONS - PAGER_BUTTONS - len(send) - len(cheapest) - len(same) - sum(map(len, last))
    pages = page_count(len(entries), a_page)
    gaps_at = min(max(gaps_at, 0), pages - 1)
    on_page = entries[gaps_at * a_page : (gaps_at + 1) * a_page]
    rows = _make_place_rows([(entry.label, entry.place) for entry in on_page], tag=tag)
    turning = pager(facts.say, lambda to: tag("gaps", str(to)), page=gaps_at, pages=pages)
    text = join((
        notice,
        _write_head(entries, answers, facts),
        _say_repaired(facts),
        foreseen.text if foreseen else "",
        *_write_open(on_page, facts),
        join((bold(facts.words("ind_title")), indicator_lines(answers, facts)), by="\n"),
    ))  # fmt: skip
    return Message(text, (*send, *cheapest, *rows, *turning, *same, *last))


def _make_place_rows(places: Iterable[tuple[str, str]], *, tag: Tags) -> Rows:
    """Lead to places, each (label, place) in a row of its own."""
    return tuple((Choice(shortened(label, LABEL_CHARS), tag("e", place)),) for label, place in places)


def _make_last_rows(answers: Answers, facts: DraftFacts, *, tag: Tags) -> Rows:
    """Lead to the indicators, to the answers, to the list, and out."""
    indicators = facts.words("ind_open" if indicators_lacking(answers, facts) else "ind_see")
    return (
        (Choice(indicators, tag("j", INDICATORS)),),
        (Choice(facts.words("check_read"), tag("p", "1")),),
        (Choice(facts.words("list_button"), tag("list")), Choice(facts.words("leave"), tag("leave"))),
    )


def _write_head(entries: Sequence[StillOpen], answers: Answers, facts: DraftFacts) -> Marked:
    """Name the innovation and say how far it is from being sent."""
    key = "check_title_sent" if facts.sent else "check_title"
    key = "check_title_back" if facts.returned else key
    missing = sum(entry.keeps_back for entry in entries)
    standing = facts.words("check_gaps", count=missing) if missing else ""
    standing = standing or facts.words(_say_readiness(answers, facts))
    rest = facts.words("recheck_rest") if rest_open(facts) else ""
    title = facts.words(key, title=shortened(title_of(answers, facts), TITLE_CHARS))
    return join((title, standing, rest), by="\n")


def _write_open(on_page: Sequence[StillOpen], facts: DraftFacts) -> tuple[Marked, ...]:
    """List what keeps it back, and apart from it what does not."""
    first = [entry.line for entry in on_page if entry.keeps_back]
    rest = [entry.line for entry in on_page if not entry.keeps_back]
    mandatory = facts.mandatory and any(entry.mandatory for entry in on_page)
    decides = facts.words("open_rest_mandatory" if mandatory else "open_rest") if rest else ""
    return (join(first, by="\n"), join((decides, *rest), by="\n"))


def _say_repaired(facts: DraftFacts) -> Marked:
    """Name what was repaired of what the desk asked for."""
    names = [facts.place_name(place) for place in facts.flagged if place in facts.repaired]
    shown = bounded(
        [facts.words("repaired_line", label=name) for name in names],
        REPAIRED_CHARS,
        more=lambda left: facts.words("repaired_more", count=left),
    )
    head = facts.words("repaired", count=len(names), all=len(facts.flagged)) if names else ""
    return join((head, shown), by="\n")


def _make_send_row(kept_back: bool, facts: DraftFacts, *, tag: Tags) -> Rows:
    """Offer to send where nothing keeps it back and it is not with the desk already."""
    if kept_back or (facts.sent and not facts.returned):
        return ()
    return ((Choice(facts.words("resend" if facts.returned else "send"), tag("send")),),)


def _say_readiness(answers: Answers, facts: DraftFacts) -> str:
    if facts.returned:
        return "check_returned"
    if facts.sent:
        return "check_sent"
    return "check_indicators" if indicators_lacking(answers, facts) else "check_ready"


def _write_part(
    parts: Sequence[Sequence[Question]],
    page: int,
    *,
    answers: Answers,
    facts: DraftFacts,
    revision: int,
    notice: str,
) -> Message:
    tag = Tags(facts.innovation, CHECK, revision)
    part = parts[page - 1]
    language = facts.say.language
    head = say_part_title(parts, page, form=facts.form, say=facts.say)
    lines = join((_write_answer(q, answers=answers, facts=facts) for q in part), by="\n")
    rows = [(Choice(f"✎ {shortened(q.label.in_(language), LABEL_CHARS)}", tag("e", q.id)),) for q in part]
    sheet = Choice(facts.words("print_sheet"), PrintSheet(facts.innovation))
    summary = (Choice(facts.words("to_check"), tag("p", "0")), sheet)
    text = join((notice, head, lines, facts.words("check_change")))
    return Message(text, (*rows, *_make_turning(page, len(parts), say=facts.say, tag=tag), summary))


def _make_turning(page: int, pages: int, *, say: Say, tag: Tags) -> Rows:
    """Make the row that turns to the pages beside this one; page 0 is the summary, so it is no neighbour."""
    turning = [Choice(say("pager.before", page=page - 1), tag("p", str(page - 1)))] if page > 1 else []
    if page < pages:
        turning.append(Choice(say("pager.after", page=page + 1, pages=pages), tag("p", str(page + 1))))
    return (tuple(turning),) if turning else ()


def _write_answer(question: Question, *, answers: Answers, facts: DraftFacts) -> Marked:
    language = facts.say.language
    label = shortened(question.label.in_(language), LABEL_CHARS)
    if question.id not in answers:
        return facts.words("check_empty", label=label)
    answer = shortened(say_answer(question, answers[question.id], language=language), LINE_CHARS)
    return facts.words("check_line", label=label, answer=answer)
