"""Printed sheets of one innovation: scores, evidence and history, and the one to carry over to the portal."""

from __future__ import annotations

from pathlib import Path

from bot.exporting.columns import answer_cell
from bot.exporting.evidence import pieces
from bot.exporting.facts import Ground, whole
from bot.exporting.paper import Paper
from domain.conversation.read_answer import say_size, told
from domain.draft.letter_words import letter_words
from domain.portal import Entry, entries, say_misfit, titles
from domain.reading.dates import say_datetime
from handlers import ui
from storage import export_records, innovations, portal_ticks
from storage.engine.transaction import Transaction
from storage.export_records import Record
from storage.history import DISCARDED


class NoSuchInnovation(LookupError):
    """there is no such innovation"""


def write_record(ground: Ground, tx: Transaction, out: Path, *, innovation: int) -> str:
    """Write the printable sheet; returns the innovation's title. Raises NoSuchInnovation."""
    one = _load(tx, innovation)
    paper = _paper(ground, one, ground.say("exported.sheet_print"))
    _scores(ground, paper, one)
    _evidence(ground, paper, one)
    _profile(ground, paper, one)
    _history(ground, tx, paper, one)
    with whole(out) as part:
        paper.output(str(part))
    return one.title


def write_upload(ground: Ground, tx: Transaction, out: Path, *, innovation: int) -> str:
    """Write the upload sheet in the order of the portal's screens. Raises NoSuchInnovation."""
    one = _load(tx, innovation)
    paper = _paper(ground, one, ground.say("exported.sheet_upload"))
    language, portal = ground.say.language, ground.portals[one.rule_year]
    ticks = portal_ticks.ticks(tx, innovation)
    names = titles(portal, language)
    files = _file_names(ground, one)
    screen = 0
    for entry in entries(portal, ground.form, ground.indicators[one.rule_year], one.answers, language):
        if entry.screen != screen:
            screen = entry.screen
            paper.heading(f"{screen}. {names[screen - 1]}")
        ticked = ticks.get(entry.id) == portal_ticks.mark_of(entry.value)
        _upload_entry(ground, paper, entry, files.get(entry.id, ()), ticked=ticked)
    with whole(out) as part:
        paper.output(str(part))
    return one.title


def _load(tx: Transaction, innovation: int) -> Record:
    one = export_records.record(tx, innovation)
    if one is None:
        raise NoSuchInnovation(f"innovation {innovation} is not there")
    return one


def _paper(ground: Ground, one: Record, what: str) -> Paper:
    say = ground.say
    at = say_datetime(ground.now.astimezone(ground.timezone), say.language, zone=_zone(ground))
    paper = Paper(f"{what} · {one.receipt} · {at}", page_words=str(say("exported.page", n="{n}", all="{all}")))
    state = say(f"state.{one.state}")
    paper.head(ui.title(say, one.title), f"{one.office} · {one.receipt} · {state}\n{what}, {at}")
    return paper


def _zone(ground: Ground) -> str:
    return ground.now.astimezone(ground.timezone).tzname() or ""


def _scores(ground: Ground, paper: Paper, one: Record) -> None:
    say, indicators = ground.say, ground.indicators[one.rule_year]
    paper.heading(say("exported.part_scores"))
    total = say("exported.totals", claimed=one.claimed, verified=one.verified, maximum=indicators.maximum,
                rules=one.rule_year)  # fmt: skip
    paper.multi_cell(0, 5, str(total), new_x="LMARGIN", new_y="NEXT")
    rows = []
    for indicator in indicators.indicators:
        claimed, verdict = indicator.level(one.answers), one.verdicts.get(indicator.no)
        rows.append((
            f"{indicator.no}{'*' if indicator.mandatory else ''}",
            indicator.name.in_(say.language),
            str(indicator.weight),
            str(claimed or "–"),
            str(verdict.level) if verdict else "–",
            verdict.reason if verdict else "",
        ))  # fmt: skip
    paper.lines(
        [say("exported.col_no"), say("exported.col_indicator"), say("exported.col_weight"), say("exported.claimed"),
         say("exported.verified"), say("exported.col_reason")],
        (6, 32, 8, 10, 14, 30), rows=rows,
    )  # fmt: skip


def _evidence(ground: Ground, paper: Paper, one: Record) -> None:
    say = ground.say
    rows = [
        (
            exported.place,
            exported.piece.label,
            say_size(exported.piece.size, say.language) if exported.piece.size else say("exported.link"),
            letter_words(exported.piece.letter, say.language),
        )
        for exported in pieces(one, ground)
    ]  # fmt: skip
    paper.heading(say("exported.part_evidence", count=len(rows)))
    if rows:
        heads = (say("exported.col_place"), say("exported.col_file"), say("exported.size"), say("exported.col_letter"))
        paper.lines(heads, (28, 34, 10, 28), rows=rows)


def _profile(ground: Ground, paper: Paper, one: Record) -> None:
    paper.heading(ground.say("exported.part_profile"))
    for question in ground.form.in_year(one.rule_year):
        if question.kind == "file" or answer_cell(ground, question, one.answers) is None:
            continue
        paper.pair(
            question.label.in_(ground.say.language), told(question, one.answers[question.id], ground.say.language)
        )


def _history(ground: Ground, tx: Transaction, paper: Paper, one: Record) -> None:
    say = ground.say
    paper.heading(say("exported.part_history"))
    rows = []
    for at, _, new, _ in innovations.moves(tx, one.id):
        local = at.astimezone(ground.timezone)
        rows.append((say_datetime(local, say.language, zone=_zone(ground)), _state(ground, new)))
    paper.lines([say("exported.col_when"), say("exported.col_state")], (40, 60), rows=rows)


def _state(ground: Ground, name: str) -> str:
    return ground.say("exported.discarded") if name == DISCARDED else ground.say(f"state.{name}")


def _file_names(ground: Ground, one: Record) -> dict[str, list[str]]:
    """The names the files have in the evidence ZIP, by the item of the portal they belong to."""
    names: dict[str, list[str]] = {}
    for exported in pieces(one, ground):
        if exported.piece.sha256:
            item = f"i{exported.question[1:]}" if exported.question[1:].isdecimal() else exported.question
            names.setdefault(item, []).append(f"{exported.folder}/{exported.file_name}")
    return names


def _upload_entry(ground: Ground, paper: Paper, entry: Entry, names: list[str] | tuple[()], *, ticked: bool) -> None:
    box = "☑" if ticked else "–" if entry.is_empty else "☐"
    text = entry.text or ground.say("exported.leave_empty")
    told_names = [f"{n}. {name}" for n, name in enumerate(names, 1)]
    warned = [f"⚠ {say_misfit(ground.say, misfit)}" for misfit in entry.misfits]
    paper.pair(f"{box} {entry.label}", "\n".join([text, *told_names, *warned]))
