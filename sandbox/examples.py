"""Example innovations for the sandbox, handed in and partly verified, so that a leader and the desk find
something.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from domain.review import Move, Verdict
from domain.rules.indicators import NUMBERS, IndicatorSet, load_indicators
from domain.rules.load import RuleYear, load_form, load_rules
from storage import contacts, innovations, offices, profile, reviews, scores
from storage.engine.transaction import Transaction
from storage.innovations import Innovation
from storage.periods import Period

BEFORE_THE_END = timedelta(days=200)  # of the window: when an example was implemented
TRIAL = timedelta(days=120)  # before that
EVERY = timedelta(minutes=7)  # between two examples
AGE = timedelta(days=5)  # of the first one
SPD_LEVEL = 2  # of the rows the file does not name


def fill(tx: Transaction, period: Period, *, by: int, reviewer: int, now: datetime) -> None:
    """Hand the examples in once; `by` and `reviewer` are the contacts in whose names it happens."""
    if any(scores.figures(tx, period.id).states.values()):
        return
    data = tomllib.loads((files("sandbox") / "examples.toml").read_text(encoding="utf-8"))
    rule, indicators = load_rules()[period.rule_year], load_indicators()[period.rule_year]
    for row in rule.spd:  # first, so that the index of an earlier day is no riddle
        level = data["spd"].get(row.no, SPD_LEVEL)
        profile.set_level(tx, period.id, row=row.no, level=level, by=reviewer, now=now - AGE)
    for number, entry in enumerate(data["innovation"]):
        at = now - AGE + number * EVERY
        innovation = _hand_in(
            tx,
            period,
            entry=entry,
            answers=answers_of(entry, data["parts"], rule=rule),
            indicators=indicators,
            by=by,
            now=at,
        )
        if entry.get("verified"):
            _verify(
                tx, innovation, levels=entry["levels"], indicators=indicators, by=reviewer, now=at + EVERY
            )


def answers_of(entry: Mapping[str, Any], parts: Mapping[str, str], *, rule: RuleYear) -> dict[str, Any]:
    """Answer the whole form for one example."""
    implemented: date = rule.window.until - BEFORE_THE_END
    answers: dict[str, Any] = {
        "nama": entry["title"],
        "tahapan": "penerapan",
        "inisiator": "opd",
        "nama_inisiator": "Tim Contoh",
        "klasifikasi": "perangkat",
        "jenis": "digital",
        "bentuk": "pelayanan",
        "asta_cita": "asta_7",
        "urusan_utama": entry["affair"],
        "urusan_lain": ["perencanaan"],
        "waktu_uji_coba": (implemented - TRIAL).isoformat(),
        "waktu_penerapan": implemented.isoformat(),
        "ada_perkembangan": "tidak",
    }
    words = {"title": entry["title"], "office": entry["office"].replace("_", " ").title()}
    answers |= {question: text.format(**words) for question, text in parts.items()}
    for no, level in zip(NUMBERS, entry["levels"], strict=True):
        if level != "0":
            answers[f"i{no}"] = {"level": int(level), **({"basis": "a"} if no == 33 else {})}
    return answers


def _hand_in(
    tx: Transaction,
    period: Period,
    *,
    entry: Mapping[str, Any],
    answers: Mapping[str, Any],
    indicators: IndicatorSet,
    by: int,
    now: datetime,
) -> Innovation:
    office = offices.by_code(tx, entry["office"])
    if office is None:
        raise LookupError(f'examples.toml: office: found "{entry["office"]}", expected a code of the list')
    innovation_id = innovations.create(
        tx,
        office_id=office.id,
        period_id=period.id,
        form_version=load_form().version,
        rule_year=period.rule_year,
        by=by,
        now=now,
    )
    innovations.write(tx, innovation_id, changes=answers, before={}, by=by, now=now)
    scores.keep(tx, innovation_id, answers=answers, indicators=indicators, now=now)
    innovations.send(tx, _load(tx, innovation_id), year=period.year, by=by, now=now)
    return _load(tx, innovation_id)


def _verify(
    tx: Transaction, innovation: Innovation, *, levels: str, indicators: IndicatorSet, by: int, now: datetime
) -> None:
    reviews.move(tx, innovation, to=Move.TAKE, by=by, now=now)
    for no, level in zip(NUMBERS, levels, strict=True):
        reviews.judge(tx, innovation.id, indicator=no, verdict=Verdict(int(level), ""), by=by, now=now)
    scores.keep(
        tx, innovation.id, answers=innovations.answers(tx, innovation.id), indicators=indicators, now=now
    )
    reviews.move(tx, _load(tx, innovation.id), to=Move.VERIFY, by=by, now=now)


def _load(tx: Transaction, innovation_id: int) -> Innovation:
    innovation = innovations.load(tx, innovation_id)
    if innovation is None:
        raise LookupError(f"innovation {innovation_id} is not there")
    return innovation


def author(tx: Transaction, *, consent_version: str, now: datetime) -> int:
    """Enrol the one in whose name the examples are handed in: nobody who can be written to."""
    known = contacts.by_address(tx, "contoh", address="0")
    if known is not None:
        return known.id
    return contacts.create(
        tx,
        channel="contoh",
        address="0",
        name="Petugas Contoh",
        language="id",
        consent_version=consent_version,
        now=now,
    )
