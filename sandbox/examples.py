"""Example innovations with their evidence: begun, handed in, taken up, returned or verified, by the functions
the bot itself uses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from domain.review import Move, State, Verdict
from domain.rules.form import Answers
from domain.rules.indicators import NUMBERS, IndicatorSet, load_indicators
from domain.rules.load import RuleYear, load_form, load_rules
from sandbox.papers import EvidenceFolder, Paper
from storage import files as kept_files
from storage import handing_in, innovations, offices, review_marks, reviews, scores
from storage.engine.transaction import Transaction
from storage.innovations import Innovation
from storage.periods import Period

BEFORE_THE_END = timedelta(days=200)  # of the window: when an example was implemented
TRIAL = timedelta(days=120)  # before that
REVIEW_AFTER = timedelta(minutes=7)  # of the hand-in
SPD_LEVEL = 2  # of the rows the file does not name
USUAL_LEVELS = "12231222133332203223"  # of what the file of examples does not name
STRONG_LEVELS = "33333332133333313333"  # of what raises the index when it is handed in
# of a draft: what is left to answer, by how far it has come
ALMOST = "almost"
HALF, BEGUN = "half", "begun"
PLACE = (-2.5312, 112.9534)  # the regency's town
LACKS = ("nomor_iid",)  # what is left where nearly all is there
LEVELS_LATER = (17, 19, 25)  # indicators left open then, so that a level can be seen to move the score
DECIDED = {State.VERIFIED: Move.VERIFY, State.RETURNED: Move.RETURN}
FLAGGED = ("manfaat", "Mohon lengkapi dengan angka sebelum dan sesudah inovasi berjalan.")


@dataclass(frozen=True, slots=True)
class Example:
    """An innovation to be made."""

    office: str  # its code
    title: str
    affair: str
    levels: str  # of the indicators 16 to 35
    state: State = State.SENT
    progress: str = ""  # of a draft
    judged: bool = False  # under review: every indicator is judged, only the decision is left
    flagged: bool = False  # under review: an item is marked to be corrected


def load_examples() -> list[Example]:
    """Read the innovations Kotim may have handed in."""
    return [
        Example(
            entry["office"],
            entry["title"],
            entry["affair"],
            entry["levels"],
            State.VERIFIED if entry.get("verified") else State.SENT,
        )
        for entry in _load()["innovation"]
    ]


def load_spd_levels(rule: RuleYear) -> Mapping[str, int]:
    """Read the levels of the regency's own rows."""
    named = _load()["spd"]
    return {row.no: named.get(row.no, SPD_LEVEL) for row in rule.spd}


def _load() -> Mapping[str, Any]:
    return tomllib.loads((files("sandbox") / "examples.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Maker:
    """Makes the innovations of one period; their papers are collected here."""

    period: Period
    reviewer: int  # the contact in whose name the desk acts
    papers: list[Paper] = field(default_factory=list)

    def make(self, tx: Transaction, example: Example, *, by: int, now: datetime) -> Innovation:
        """Make one in the name of `by`, at `now`."""
        office = offices.by_code(tx, example.office)
        if office is None:
            raise LookupError(f'examples: office: found "{example.office}", expected a code of the list')
        innovation_id = innovations.create(
            tx,
            innovations.NewInnovation(
                office_id=office.id,
                period_id=self.period.id,
                form_version=load_form().version,
                rule_year=self.period.rule_year,
            ),
            by=by,
            now=now,
        )
        answers = self._answer(tx, example, office=office.name, now=now)
        innovations.write(tx, innovation_id, changes=answers, before={}, by=by, now=now)
        scores.keep(tx, innovation_id, answers=answers, indicators=self._indicators, now=now)
        if example.state is not State.DRAFT:
            handing_in.send(tx, _load_one(tx, innovation_id), year=self.period.year, by=by, now=now)
            self._review(tx, innovation_id, example=example, now=now + REVIEW_AFTER)
        return _load_one(tx, innovation_id)

    @property
    def _indicators(self) -> IndicatorSet:
        return load_indicators()[self.period.rule_year]

    def _answer(self, tx: Transaction, example: Example, *, office: str, now: datetime) -> Answers:
        """Answer the form as far as the example has come, with a piece of evidence wherever one is due."""
        folder = EvidenceFolder(example.title, office, first=len(self.papers) + 1)
        answers = answers_of(example, office=office, rule=load_rules()[self.period.rule_year])
        if not example.progress or example.progress == ALMOST:
            answers |= folder.attach(now.date())
        answers = _leave_out(answers, example.progress)
        for indicator in self._indicators.indicators:
            if (level := indicator.level(answers)) and (pieces := indicator.pieces[level - 1]):
                day = date.fromisoformat(answers["waktu_penerapan"])
                answers[indicator.evidence_question] = [folder.prove(indicator, day) for _ in range(pieces)]
        for paper in folder.papers:
            kept_files.insert(tx, paper.stored, path=paper.path, now=now)
        self.papers += folder.papers
        return answers

    def _review(self, tx: Transaction, innovation_id: int, *, example: Example, now: datetime) -> None:
        """Let the desk take it up and decide, as far as the example says."""
        if example.state is State.SENT:
            return
        reviews.move(tx, _load_one(tx, innovation_id), to=Move.TAKE, by=self.reviewer, now=now)
        if example.judged or example.state is State.VERIFIED:
            self._judge(tx, innovation_id, levels=example.levels, now=now)
        if example.flagged or example.state is State.RETURNED:
            place, reason = FLAGGED
            review_marks.flag(tx, innovation_id, place=place, reason=reason, by=self.reviewer, now=now)
        if example.state in DECIDED:
            move = DECIDED[example.state]
            reviews.move(tx, _load_one(tx, innovation_id), to=move, by=self.reviewer, now=now)

    def _judge(self, tx: Transaction, innovation_id: int, *, levels: str, now: datetime) -> None:
        for no, level in zip(NUMBERS, levels, strict=True):
            verdict = Verdict(int(level), "")
            review_marks.judge(tx, innovation_id, indicator=no, verdict=verdict, by=self.reviewer, now=now)
        answers = innovations.answers(tx, innovation_id)
        scores.keep(tx, innovation_id, answers=answers, indicators=self._indicators, now=now)


def answers_of(example: Example, *, office: str, rule: RuleYear) -> dict[str, Any]:
    """Answer the whole form for one example; its evidence comes apart."""
    implemented: date = rule.window.until - BEFORE_THE_END
    answers: dict[str, Any] = {
        "nama": example.title,
        "tahapan": "penerapan",
        "inisiator": "opd",
        "nama_inisiator": "Tim Contoh",
        "klasifikasi": "perangkat",
        "jenis": "digital",
        "bentuk": "pelayanan",
        "koordinat": list(PLACE),
        "pkpn": "non_pkpn",
        "nilai_anggaran": "25000000",
        "nomor_iid": "CONTOH",
        "asta_cita": "asta_7",
        "urusan_utama": example.affair,
        "urusan_lain": ["fungsi_lain"],
        "waktu_uji_coba": (implemented - TRIAL).isoformat(),
        "waktu_penerapan": implemented.isoformat(),
        "ada_perkembangan": "tidak",
    }
    words = {"title": example.title, "office": office}
    answers |= {question: text.format(**words) for question, text in _load()["parts"].items()}
    for no, level in zip(NUMBERS, example.levels, strict=True):
        if level != "0":
            answers[f"i{no}"] = {"level": int(level), **({"basis": "a"} if no == 33 else {})}
    return answers


def _leave_out(answers: Answers, progress: str) -> dict[str, Any]:
    """Keep what is there when a draft has come so far; all of it where nothing is said."""
    if progress == ALMOST:
        left = {*LACKS, *(f"i{no}" for no in LEVELS_LATER)}
        return {question: value for question, value in answers.items() if question not in left}
    if progress == HALF:
        return {question: answers[question] for question in _first_questions(answers, 9)}
    if progress == BEGUN:
        return {question: answers[question] for question in _first_questions(answers, 2)}
    return dict(answers)


def _first_questions(answers: Mapping[str, Any], count: int) -> Sequence[str]:
    return list(answers)[:count]


def _load_one(tx: Transaction, innovation_id: int) -> Innovation:
    innovation = innovations.load(tx, innovation_id)
    if innovation is None:
        raise LookupError(f"innovation {innovation_id} is not there")
    return innovation
