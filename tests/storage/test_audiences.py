"""Audiences against a count of another kind, for populations of chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.announcing.audience import Audience
from domain.people import Role
from domain.review import Standing
from storage import audiences, broadcast_drafts, periods
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit.properties import SHARES_FIXTURE

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KINDS = ("dinas", "badan", "kecamatan")
INNOVATIONS = (
    "draf",
    "terkirim",
    "diubah",
    "diperiksa",
    "terverifikasi",
    "dikembalikan",
    "ditolak",
    "ditarik",
)


@dataclass(frozen=True)
class Office:
    kind: str
    active: bool
    exempt: bool
    innovations: tuple[tuple[str, bool], ...]  # state, discarded


@dataclass(frozen=True)
class Person:
    roles: tuple[str, ...]
    offices: tuple[int, ...]  # numbers, from 1
    left: bool
    addresses: tuple[bool, ...]  # whether each is blocked


OFFICES = st.lists(
    st.builds(
        Office,
        kind=st.sampled_from(KINDS),
        active=st.sampled_from([True, True, True, False]),
        exempt=st.sampled_from([False, False, True]),
        innovations=st.lists(st.tuples(st.sampled_from(INNOVATIONS), st.booleans()), max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=8,
)
PEOPLE = st.lists(
    st.builds(
        Person,
        roles=st.lists(st.sampled_from([role.value for role in Role]), max_size=2, unique=True).map(tuple),
        offices=st.lists(st.integers(1, 8), max_size=2, unique=True).map(tuple),
        left=st.sampled_from([False, False, False, True]),
        addresses=st.lists(st.booleans(), max_size=2).map(tuple),
    ),
    max_size=12,
)
AUDIENCES = st.builds(
    Audience,
    roles=st.frozensets(st.sampled_from([role.value for role in Role])),
    kinds=st.frozensets(st.sampled_from(KINDS)),
    offices=st.frozensets(st.integers(1, 8), max_size=3),
    states=st.frozensets(st.sampled_from([str(one) for one in Standing])),
    without_kinds=st.frozensets(st.sampled_from(KINDS), max_size=1),
    without_offices=st.frozensets(st.integers(1, 8), max_size=2),
)


def populate(tx: Transaction, offices: list[Office], people: list[Person]) -> int:
    """Write a population down; returns the period."""
    period = periods.open_period(
        tx,
        periods.NewPeriod(year=2026, rule_year=2026, opens_on=date(2026, 1, 5), deadline=date(2026, 12, 15)),
        now=NOW,
    )
    add = tx.execute
    add(
        "INSERT INTO contacts (id, name, language, consent_version, consent_at, created_at) VALUES "
        "(1, 'x', 'id', '1', '', '')"
    )
    for number, office in enumerate(offices, 1):
        state = "active" if office.active else "closed"
        values: tuple[Any, ...] = (number, f"o{number}", f"O{number}", f"O{number}", office.kind, state)
        add("INSERT INTO offices (id, code, name, short, kind, state) VALUES (?, ?, ?, ?, ?, ?)", values)
        if office.exempt:
            periods.extend(tx, _period(tx), office_id=number, until=None, now=NOW, actor=Actor(1, "x"))
        for innovation, discarded in office.innovations:
            add(
                "INSERT INTO innovations (office_id, period_id, form_version, rule_year, state, "
                "created_by, created_at,"
                " updated_at, discarded_at) VALUES (?, ?, 1, 2026, ?, 1, '', '', ?)",
                (number, period, innovation, "2026" if discarded else None),
            )
    for number, person in enumerate(people, 2):
        add(
            "INSERT INTO contacts (id, name, language, consent_version, consent_at, created_at)"
            " VALUES (?, ?, 'id', '1', '', '')",
            (number, f"P{number}"),
        )
        until = "2026" if person.left else None
        for role in person.roles:
            held = [o for o in person.offices if o <= len(offices)] if role == "focal_point" else [None]
            for office_id in held:
                add("INSERT INTO memberships VALUES (?, ?, ?, '', ?)", (number, role, office_id, until))
        for at, blocked in enumerate(person.addresses):
            add(
                "INSERT INTO addresses (channel, address, contact_id, blocked_at) VALUES "
                "('telegram', ?, ?, ?)",
                (f"{number}.{at}", number, "2026" if blocked else None),
            )
    return period


def _period(tx: Transaction) -> periods.Period:
    found = periods.current(tx)
    assert found is not None
    return found


def standing(office: Office) -> str:
    kept = [state for state, discarded in office.innovations if not discarded]
    if any(state in ("terkirim", "diubah", "diperiksa", "terverifikasi") for state in kept):
        return "sudah"
    if "dikembalikan" in kept:
        return "dikembalikan"
    if "draf" in kept:
        return "draf"
    return "" if office.exempt else "belum"


def takes(audience: Audience, number: int, office: Office) -> bool:
    """Whether the focal points of an office are meant, as the rules say it."""
    if not office.active or not audience.wants_offices:
        return False
    if audience.states and standing(office) not in audience.states:
        return False
    if number in audience.offices:
        return True
    if number in audience.without_offices or office.kind in audience.without_kinds:
        return False
    return office.kind in audience.kinds or not (audience.kinds or audience.offices)


def meant(audience: Audience, offices: list[Office], people: list[Person]) -> dict[int, set[int]]:
    """Who is meant, worked out one by one: person -> offices that are the reason."""
    taken = {number for number, office in enumerate(offices, 1) if takes(audience, number, office)}
    found = {}
    for number, person in enumerate(people, 2):
        if person.left:
            continue
        own = {o for o in person.offices if o in taken} if "focal_point" in person.roles else set()
        if own or set(person.roles) & audience.others:
            found[number] = own
    return found


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(offices=OFFICES, people=PEOPLE, audience=AUDIENCES)
def test_an_audience_is_who_it_says_whatever_is_combined(
    tx: Transaction, offices: list[Office], people: list[Person], audience: Audience
) -> None:
    tx.execute("BEGIN")
    try:
        period = populate(tx, offices, people)
        who, expected = audiences.chosen(audience, period), meant(audience, offices, people)
        reach = audiences.reach(tx, who)
        reachable = {n for n in expected if any(not blocked for blocked in people[n - 2].addresses)}
        assert (reach.people, reach.reachable) == (len(expected), len(reachable))
        listed = audiences.listed(tx, who, limit=99, offset=0)
        assert {name for name, _, why in listed if not why} == {f"P{n}" for n in reachable}
        assert len(audiences.unreachable(tx, who)) == len(expected) - len(reachable)
        number = broadcast_drafts.create(tx, by=1, channel="telegram", address="1", now=NOW)
        for _ in range(2):  # writing it down twice is writing it down once
            audiences.write_down(tx, number, audience=who)
        written = tx.execute(
            "SELECT contact_id, office_id, state FROM broadcast_recipients WHERE contact_id IS NOT NULL"
        ).fetchall()
        assert sorted(row[0] for row in written) == sorted(expected)
        assert {row[0] for row in written if row[2] == "waiting"} == reachable
        assert reach.offices == len({row[1] for row in written if row[2] == "waiting" and row[1] is not None})
        assert all(office in expected[contact] for contact, office, _ in written if office is not None)
        assert audiences.shared(tx, number, audience=who) == len(reachable)
    finally:
        tx.execute("ROLLBACK")


PLAIN = """
SELECT count(DISTINCT m.contact_id) FROM memberships m JOIN offices o ON o.id = m.office_id
WHERE m.role = 'focal_point' AND m.until IS NULL AND o.state = 'active' AND {}
"""


def having(*states: str) -> str:
    """Offices with a living innovation in one of these states."""
    names = ", ".join(f"'{state}'" for state in states)
    return f"o.id IN (SELECT office_id FROM innovations WHERE discarded_at IS NULL AND state IN ({names}))"


SENT = having("terkirim", "diubah", "diperiksa", "terverifikasi")
RETURNED = f"NOT {SENT} AND {having('dikembalikan')}"
DRAFTS = f"NOT {SENT} AND NOT {having('dikembalikan')} AND {having('draf')}"
NOTHING = (
    f"NOT {SENT} AND NOT {having('dikembalikan', 'draf')} AND o.id NOT IN (SELECT office_id FROM extensions)"
)
FILTERS = {
    "role": (Audience(roles=frozenset({"focal_point"})), "true"),
    "group": (Audience(kinds=frozenset({"dinas", "badan"})), "o.kind IN ('dinas', 'badan')"),
    "office": (Audience(offices=frozenset({1, 2})), "o.id IN (1, 2)"),
    "but a group": (
        Audience(roles=frozenset({"focal_point"}), without_kinds=frozenset({"badan"})),
        "o.kind <> 'badan'",
    ),
    "a group but an office": (
        Audience(kinds=frozenset({"dinas"}), without_offices=frozenset({1})),
        "o.kind = 'dinas' AND o.id <> 1",
    ),
    "no group but an office": (
        Audience(roles=frozenset({"focal_point"}), kinds=frozenset({"badan"}), offices=frozenset({1})),
        "(o.kind = 'badan' OR o.id = 1)",
    ),
    "sudah": (Audience(states=frozenset({"sudah"})), SENT),
    "dikembalikan": (Audience(states=frozenset({"dikembalikan"})), RETURNED),
    "draf": (Audience(states=frozenset({"draf"})), DRAFTS),
    "belum": (Audience(states=frozenset({"belum"})), NOTHING),
    "belum of a group": (
        Audience(states=frozenset({"belum"}), kinds=frozenset({"dinas"})),
        f"{NOTHING} AND o.kind = 'dinas'",
    ),
}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(offices=OFFICES, people=PEOPLE)
def test_each_filter_is_a_plain_count(tx: Transaction, offices: list[Office], people: list[Person]) -> None:
    tx.execute("BEGIN")
    try:
        period = populate(tx, offices, people)
        for name, (audience, condition) in FILTERS.items():
            counted = tx.execute(PLAIN.format(condition)).fetchone()[0]
            assert audiences.reach(tx, audiences.chosen(audience, period)).people == counted, name
    finally:
        tx.execute("ROLLBACK")


@given(audience=AUDIENCES)
def test_an_audience_is_read_back_as_it_was_written(audience: Audience) -> None:
    assert Audience.from_json(audience.to_json()) == audience


@given(st.lists(st.sampled_from(["dinas", "badan"]), max_size=7))
def test_three_taps_on_a_group_are_none(taps: list[str]) -> None:
    audience = Audience()
    for kind in taps:
        audience = audience.turned(kind=kind)
    for kind in ("dinas", "badan"):
        assert audience.mark_of(kind=kind) == ("", "with", "without")[taps.count(kind) % 3]
