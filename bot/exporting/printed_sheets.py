"""Printed sheets of one innovation: scores, evidence and history, and the one to carry over to the portal."""

from __future__ import annotations

from pathlib import Path

from bot.exporting.columns import answer_cell, counting
from bot.exporting.evidence import pieces
from bot.exporting.facts import ExportFacts, whole
from bot.exporting.paper import Paper
from domain.conversation.read_answer import say_answer
from domain.conversation.read_files import say_size
from domain.draft.file_findings import finding_words
from domain.draft.letter_words import letter_words
from domain.portal import Entry, entries, say_misfit, titles
from domain.reading.dates import say_datetime
from domain.rules.indicators import Indicator
from domain.texts import join
from handlers import ui
from storage import export_records, history, portal_ticks
from storage.engine.transaction import Transaction
from storage.export_records import Record
from storage.history import DISCARDED


class NoSuchInnovation(LookupError):
    """there is no such innovation"""


def write_record(facts: ExportFacts, tx: Transaction, *, out: Path, innovation: int) -> str:
    """Write the printable sheet; returns the innovation's title. Raises NoSuchInnovation."""
    record = _load(tx, innovation)
    paper = _make_paper(facts, record, what=facts.say("exported.sheet_print"))
    _write_scores(facts, paper, record=record)
    _write_evidence(facts, paper, record=record)
    _write_form(facts, paper, record=record)
    _write_history(facts, tx, paper=paper, record=record)
    with whole(out) as part:
        paper.output(str(part))
    return record.title


def write_upload(facts: ExportFacts, tx: Transaction, *, out: Path, innovation: int) -> str:
    """Write the upload sheet in the order of the portal's screens. Raises NoSuchInnovation."""
    record = _load(tx, innovation)
    paper = _make_paper(facts, record, what=facts.say("exported.sheet_upload"))
    language, portal = facts.say.language, facts.portals[record.rule_year]
    ticks = portal_ticks.ticks(tx, innovation)
    names = titles(portal, language)
    files = _list_file_names(facts, record)
    screen = 0
    for entry in entries(
        portal,
        facts.form,
        indicators=facts.indicators_of(record),
        answers=record.answers,
        language=language,
    ):
        if entry.screen != screen:
            screen = entry.screen
            paper.heading(f"{screen}. {names[screen - 1]}")
        ticked = ticks.get(entry.id) == portal_ticks.mark_of(entry.value)
        _write_upload_entry(facts, paper, entry=entry, names=files.get(entry.id, ()), ticked=ticked)
    with whole(out) as part:
        paper.output(str(part))
    return record.title


def _load(tx: Transaction, innovation: int) -> Record:
    record = export_records.record(tx, innovation)
    if record is None:
        raise NoSuchInnovation(f"innovation {innovation} is not there")
    return record


def _make_paper(facts: ExportFacts, record: Record, *, what: str) -> Paper:
    say = facts.say
    at = say_datetime(facts.now.astimezone(facts.timezone), say.language, zone=_name_zone(facts))
    foot = " · ".join(part for part in (what, record.receipt, at) if part)
    paper = Paper(foot, page_words=str(say("exported.page", n="{n}", all="{all}")))
    state = str(say(f"state.{record.state}"))
    standing = " · ".join(part for part in (record.office, record.receipt, state) if part)
    paper.head(ui.title(say, record.title), f"{standing}\n{what}, {at}")
    return paper


def _name_zone(facts: ExportFacts) -> str:
    return facts.now.astimezone(facts.timezone).tzname() or ""


def _list_cells(record: Record, indicator: Indicator, *, language: str) -> tuple[str, ...]:
    """List what the table of scores says of one indicator; a star marks a mandatory one."""
    claimed, verdict = indicator.level(record.answers), record.verdicts.get(indicator.no)
    return (
        f"{indicator.no}{'*' if indicator.mandatory else ''}",
        indicator.name.in_(language),
        str(indicator.weight),
        str(claimed or "–"),
        str(verdict.level) if verdict else "–",
        verdict.reason if verdict else "",
    )


def _write_scores(facts: ExportFacts, paper: Paper, *, record: Record) -> None:
    say, indicators = facts.say, facts.indicators_of(record)
    paper.heading(say("exported.part_scores"))
    total = say(
        "exported.totals",
        claimed=record.claimed,
        verified=record.verified,
        maximum=indicators.maximum,
        rules=record.rule_year,
    )
    counted = f"{say('exported.col_counts')}: {counting(facts, record)}"
    paper.multi_cell(0, 5, f"{total}\n{counted}", new_x="LMARGIN", new_y="NEXT")
    rows = [_list_cells(record, indicator, language=say.language) for indicator in indicators.indicators]
    paper.lines(
        [say("exported.col_no"), say("exported.col_indicator"), say("exported.col_weight"),
         say("exported.claimed"), say("exported.verified"), say("exported.col_reason")],
        (6, 32, 8, 10, 14, 30), rows=rows,
    )  # fmt: skip


def _write_evidence(facts: ExportFacts, paper: Paper, *, record: Record) -> None:
    say = facts.say
    rows = [
        (
            exported.place,
            join((exported.piece.label, finding_words(exported.piece, say)), by=" – "),
            say_size(exported.piece.size, say.language) if exported.piece.size else say("exported.link"),
            letter_words(exported.piece.letter, say.language),
        )
        for exported in pieces(record, facts)
    ]  # fmt: skip
    paper.heading(say("exported.part_evidence", count=len(rows)))
    if rows:
        heads = (
            say("exported.col_place"),
            say("exported.col_file"),
            say("exported.size"),
            say("exported.col_letter"),
        )
        paper.lines(heads, (28, 34, 10, 28), rows=rows)


def _write_form(facts: ExportFacts, paper: Paper, *, record: Record) -> None:
    paper.heading(facts.say("exported.part_form"))
    for question in facts.form.in_year(record.rule_year):
        if question.kind == "file" or answer_cell(facts, question, answers=record.answers) is None:
            continue
        paper.pair(
            question.label.in_(facts.say.language),
            say_answer(question, record.answers[question.id], language=facts.say.language),
        )


def _write_history(facts: ExportFacts, tx: Transaction, *, paper: Paper, record: Record) -> None:
    say = facts.say
    paper.heading(say("exported.part_history"))
    rows = []
    for move in history.moves(tx, record.id):
        local = move.at.astimezone(facts.timezone)
        rows.append((say_datetime(local, say.language, zone=_name_zone(facts)), _say_state(facts, move.new)))
    paper.lines([say("exported.col_when"), say("exported.col_state")], (40, 60), rows=rows)


def _say_state(facts: ExportFacts, name: str) -> str:
    return facts.say("exported.discarded") if name == DISCARDED else facts.say(f"state.{name}")


def _list_file_names(facts: ExportFacts, record: Record) -> dict[str, list[str]]:
    """The names the files have in the evidence ZIP, by the item of the portal they belong to."""
    names: dict[str, list[str]] = {}
    for exported in pieces(record, facts):
        if exported.piece.sha256:
            item = f"i{exported.question[1:]}" if exported.question[1:].isdecimal() else exported.question
            names.setdefault(item, []).append(f"{exported.folder}/{exported.file_name}")
    return names


def _write_upload_entry(
    facts: ExportFacts, paper: Paper, *, entry: Entry, names: list[str] | tuple[()], ticked: bool
) -> None:
    box = "–" if entry.is_empty else "☐"
    if ticked:
        box = "☑"
    text = entry.text or facts.say("exported.leave_empty")
    told_names = [f"{n}. {name}" for n, name in enumerate(names, 1)]
    warned = [f"⚠ {say_misfit(facts.say, misfit)}" for misfit in entry.misfits]
    paper.pair(f"{box} {entry.label}", "\n".join([text, *told_names, *warned]))
